# earlybird.mk: early-bird tickets (You et al. 2020) as the PrAC paper uses them.  The
# dense run stops when the mask at the target sparsity has settled; it is pruned once,
# and the ticket is retrained.
#
#	lt run earlybird DATA=FOLDER ROUNDS=6
#
#	earlybird/RR/          the stopped dense run, ticket.mask.safetensors
#	earlybird/RR/ticket/   its retraining
#	earlybird/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## Early-bird
EB_EPS ?= 0.1#	[real] settled: the newest mask is within this of each in the queue
EB_QUEUE ?= 5#	[whole >0] masks that are compared, the newest included
EB_EVERY ?= 1#	[span] epochs from one mask to the next (50i: iterations)

stops := $(call stamp,$P/settings/stop,EB_EPS EB_QUEUE EB_EVERY)
all: $(call in,$(tickets:%=$P/%),$(trained_files) stop.tsv distances.tsv) \
	$(call in,$(tickets:%=$P/%),ticket.mask.safetensors $(trained_files:%=ticket/%))

# Train f(θ0) until the mask of this sparsity has settled.
$(addprefix $P/%/,$(trained_files) stop.tsv distances.tsv): \
		$S/theta0.safetensors $(trained) $(pruned) $(stops)
	$(call note,train f(θ0) on D0 until the mask at sparsity $(call sparsity,$*) has settled)
	$(run) lt-train --index $(D0) $< $(keep) \
		--stop-sparsity $(call sparsity,$*) --stop-eps $(EB_EPS) --stop-queue $(EB_QUEUE) \
		--stop-every $(EB_EVERY) $(subst --,--stop-,$(prunable)) \
		--stop-info $(@D)/stop.tsv --stop-distances $(@D)/distances.tsv $(training)

# Prune it once.
$P/%/ticket.mask.safetensors: $P/%/last.safetensors
	$(call note,prune once to sparsity $(call sparsity,$*))
	$(run) lt-prune $q $(prunable) --sparsity $(call sparsity,$*) -o $@ $<

# Retrain the ticket on all of D0.
$(addprefix $P/%/ticket/,$(trained_files)): \
		$P/%/ticket.mask.safetensors $(start) $(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

own_masks := --own
ticket  := /ticket
logs     = $P/$1/log.tsv
watched  = $P/$1/stop.tsv $P/$1/distances.tsv
rule    := eps=$(EB_EPS),queue=$(EB_QUEUE),every=$(EB_EVERY)
include $(pipelines)rows.mk
include $(pipelines)details.mk
