# reinit.mk: what a found mask is worth without the weights it was found with.
# reinit is the mask of another search on weights of a new seed ("random
# tickets"), random-reinit a random mask on them: the third control.
#
#	make -j2 -f pipelines/reinit.mk DATA=FOLDER ROUNDS=6
#
#	reinit/theta0.safetensors  reinit/RR/  random-reinit/RR/
#	reinit/summary.tsv random-reinit/summary.tsv
ifndef reinit.mk
reinit.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))imp.mk
include $(common)random.mk
include $(common)prac.mk

## New weights for a mask
MASKS ?= prac#	[name] the search whose masks reinit takes: imp, or one of SEARCHES
REINIT ?= 1000#	[whole] added to the seed

# $1 the seed's folder, $2 the seed, $3 the round.
found_row = $1/$(MASKS)/$3$(if $(filter-out imp,$(MASKS)),/ticket)/row
define reinit_ticket
$(call retrain,$1,$2,$1/$(MASKS)/$3/ticket.mask.safetensors,$1/reinit/$3,reinit $3,,$1/reinit/theta0.safetensors)
$(call row,$1/reinit/$3,$1/$(MASKS)/$3/ticket.mask,is=row $(found_row).tsv,method=reinit round=$3)
$(call retrain,$1,$2,$1/random/$3/ticket.mask.safetensors,$1/random-reinit/$3,random-reinit $3,,$1/reinit/theta0.safetensors)
$(call row,$1/random-reinit/$3,$1/random/$3/ticket.mask,,method=random-reinit round=$3)

endef
define reinit
$(call stamp,$1/reinit/settings/init,NET_OPTIONS REINIT MASKS)
$1/reinit/theta0.safetensors: $(or $(wildcard $(ARCH)),$d/shape) $1/reinit/settings/init
	$$(call note,θ0': $(NET) from seed $2 + $(REINIT))
	$$(run) lt-init$(quiet) --seed $(shell expr $2 + $(REINIT)) -o $$@ $(strip $(if \
		$(wildcard $(ARCH)),,$$$$(cat $d/shape)) $(NET_OPTIONS) $(ARCH))
$(foreach r,$(tickets),$(call reinit_ticket,$1,$2,$r))
$(foreach m,reinit random-reinit,$(call summary,$1/$m,$1/dense $(addprefix $1/$m/,$(tickets)))
$m: $1/$m/summary.tsv $1/$m/summary.time.tsv
)
endef

$(if $(filter --from%,$(NET_OPTIONS)),$(error NET_OPTIONS has --from: reinit needs weights of \
	a new seed$(comma) expected options that initialize))
$(if $(filter $(MASKS),imp $(searched)),,$(error MASKS=$(MASKS): expected imp or one of SEARCHES: $(searched)))
methods += reinit random-reinit
.PHONY: reinit random-reinit
all: reinit random-reinit
$(call seeds,reinit)
endif
