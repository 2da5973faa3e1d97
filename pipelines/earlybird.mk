# earlybird.mk: early-bird tickets (You et al. 2020) as the PrAC paper uses
# them.  The dense run stops when the mask at the target sparsity has settled;
# it is pruned once, and the ticket is retrained.
#
#	make -j2 -f pipelines/earlybird.mk DATA=FOLDER ROUNDS=6
#
#	earlybird/RR/          the stopped dense run, ticket.mask.safetensors
#	earlybird/RR/ticket/   its retraining
#	earlybird/summary.tsv
ifndef earlybird.mk
earlybird.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

## Early-bird
EB_EPS ?= 0.1#	[real] settled: the newest mask is within this of each in the queue
EB_QUEUE ?= 5#	[whole >0] masks that are compared, the newest included
EB_EVERY ?= 1#	[span] epochs from one mask to the next (50i: iterations)

# Sparsity after round $1: the same as the other methods'.
eb_sparsity = $(shell awk 'BEGIN { printf "%.9g", 1 - (1 - $(RATE)) ^ $1 }')
eb_rule := --stop-eps $(EB_EPS) --stop-queue $(EB_QUEUE) --stop-every $(EB_EVERY)
eb_rule_text := eps=$(EB_EPS),queue=$(EB_QUEUE),every=$(EB_EVERY)

# $1 the seed's folder, $2 the seed, $3 the round, $4 the sparsity.
define eb_ticket
$(call result,$1/earlybird/$3,$(watched)): \
		$1/theta0.safetensors $(train_needs) $1/settings/train \
		$1/settings/prune $1/earlybird/settings/stop | $1/earlybird/$3/
	$$(call note,early-bird $3: train f(θ0) on D0 until the mask at sparsity $4 has settled)
	$$(run) lt-train --index $(D0) $$<$$(nl)$$(call keep,$1/earlybird/$3) \
		$$(nl)--stop-sparsity $4 $(eb_rule)$$(nl)$$(call \
		watch,$1/earlybird/$3)$$(nl)$$(call train,$2,$$(full))
$1/earlybird/$3/ticket.mask.safetensors: $1/earlybird/$3/last.safetensors
	$$(call note,early-bird $3: prune once to sparsity $4)
	$$(run) lt-prune$(quiet) $(prunable) --sparsity $4 -o $$@ $$<
$(call retrain,$1,$2,$1/earlybird/$3/ticket.mask.safetensors,$1/earlybird/$3/ticket,early-bird $3)
$(call row,$1/earlybird/$3/ticket,$1/earlybird/$3/ticket.mask,is=set \
	$(D0) is=search $1/earlybird/$3/log.tsv $(call \
	watching,$1/earlybird/$3),method=earlybird round=$3 rule=$(eb_rule_text))

endef

define earlybird
$(call stamp,$1/earlybird/settings/stop,EB_EPS EB_QUEUE EB_EVERY)
$(foreach r,$(tickets),$(call eb_ticket,$1,$2,$r,$(call eb_sparsity,$r)))
$(call summary,$1/earlybird,$1/dense $(patsubst %,$1/earlybird/%/ticket,$(tickets)))
earlybird: $1/earlybird/summary.tsv $1/earlybird/summary.time.tsv
endef

methods += earlybird
.PHONY: earlybird
all: earlybird
$(call seeds,earlybird)
endif
