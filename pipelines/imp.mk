# imp.mk: iterative magnitude pruning (Frankle & Carbin 2018), the vanilla
# search.  Round r trains under mask r: that one run gives the last weights,
# which mask r + 1 is pruned from, and the best-validation weights, which say
# how good ticket r is.  Round 0 is the dense run.
#
#	make -j2 -f pipelines/imp.mk DATA=FOLDER ROUNDS=6
#
#	imp/RR/ticket.mask.safetensors  last.safetensors best.safetensors log.tsv
#	imp/summary.tsv
ifndef imp.mk
imp.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

# $1 the seed's folder, $2 a round: where it was trained, and its mask.
imp_run = $1/$(if $(filter 00,$2),dense,imp/$2)
imp_mask = $(if $(filter-out 00,$2),$1/imp/$2/ticket.mask.safetensors)

# $1 the seed's folder, $2 the seed, $3 the round, $4 the round before.
define imp_round
$(call imp_mask,$1,$3): $(call imp_run,$1,$4)/last.safetensors $(call imp_mask,$1,$4) \
		$1/settings/prune | $1/imp/$3/
	$$(call note,IMP $3: prune $(RATE) of the remaining weights of θ_T)
	$$(prune)$(addprefix $() --mask=,$(call imp_mask,$1,$4)) -o $$@ $$<
$(call retrain,$1,$2,$(call imp_mask,$1,$3),$1/imp/$3,IMP $3,$3)
$(call row,$1/imp/$3,$1/imp/$3/ticket.mask,is=set $(D0) is=search $(foreach \
	q,$(call until,$3),$(if $(filter-out 00,$q),$(since))$(call \
	imp_run,$1,$q)/log.tsv),method=imp round=$3)

endef

define imp
$(foreach r,$(rounds),$(call imp_round,$1,$2,$r,$(call before,$r)))
$(call summary,$1/imp,$1/dense $(addprefix $1/imp/,$(rounds)))
imp: $1/imp/summary.tsv $1/imp/summary.time.tsv
endef

methods += imp
.PHONY: imp
all: imp
$(call seeds,imp)
endif
