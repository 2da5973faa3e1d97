# random.mk: random pruning, the baseline.  Nested random masks of the same
# sparsities as the other methods', rewound and retrained; no search at all.
#
#	make -j2 -f pipelines/random.mk DATA=FOLDER ROUNDS=6
#
#	random/RR/ticket.mask.safetensors  last.safetensors best.safetensors log.tsv
#	random/summary.tsv
ifndef random.mk
random.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

random_mask = $(if $(filter-out 00,$2),$1/random/$2/ticket.mask.safetensors)

# $1 the seed's folder, $2 the seed, $3 the round, $4 the round before.
define random_round
$(call random_mask,$1,$3): $1/theta0.safetensors $(call random_mask,$1,$4) \
		$1/settings/prune | $1/random/$3/
	$$(call note,random $3: drop $(RATE) of the remaining weights by lot)
	$$(prune) --method random --seed $2$(addprefix \
		$() --mask=,$(call random_mask,$1,$4)) -o $$@ $$<

endef
# The ticket needs the epochs before the point of rewinding and nothing else.
random_search = $(if $(rewinds),is=search $1/rewind-$(rewound).tsv)
define random_ticket
$(call retrain,$1,$2,$(call random_mask,$1,$3),$1/random/$3,random $3)
$(call row,$1/random/$3,$1/random/$3/ticket.mask,$(random_search),method=random round=$3)

endef

define random
$(foreach r,$(rounds),$(call random_round,$1,$2,$r,$(call before,$r)))
$(foreach r,$(tickets),$(call random_ticket,$1,$2,$r))
$(call summary,$1/random,$1/dense $(addprefix $1/random/,$(tickets)))
random: $1/random/summary.tsv $1/random/summary.time.tsv
endef

methods += random
.PHONY: random
all: random
$(call seeds,random)
endif
