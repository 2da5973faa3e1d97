# earlybird.mk: early-bird tickets (You et al. 2020) as the PrAC paper uses them.  The
# dense run stops when the mask at the target sparsity has settled; it is pruned once,
# and the ticket is retrained.  channels.mk removes channels instead of weights, as the
# paper of early-bird tickets does.
#
#	lt run earlybird DATA=FOLDER ROUNDS=6
#	lt run channels-earlybird earlybird-params DATA=FOLDER ROUNDS=6
#
#	earlybird/RR/          the stopped dense run, ticket.mask.safetensors
#	earlybird/RR/ticket/   its retraining
#	earlybird/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

include $(pipelines)earlybird-settings.mk

stops := $(call stamp,$P/settings/stop,EB_EPS EB_QUEUE EB_EVERY $(if $(like),LIKE))
all: $(call in,$(tickets:%=$P/%),$(trained_files) stop.tsv distances.tsv) \
	$(call in,$(tickets:%=$P/%),ticket.mask.safetensors $(trained_files:%=ticket/%))

# The sparsity of round $*: that of the round, or of the ticket of another search, like,
# which run.mk has made.
ifneq ($(like),)
L := $S/$(like)
$L/%: ;
liked = $L/$*/ticket.mask.tsv
found_in = awk '$$1 == "total" { printf "%.9g", 1 - $$4 / $$3 }'
endif
said = $(if $(like),the sparsity of $(like),sparsity $(call sparsity,$*))
share = $(if $(like),$$($(found_in) $(liked)),$(call sparsity,$*))

# Train f(θ0) until the mask of this sparsity has settled.
$(addprefix $P/%/,$(trained_files) stop.tsv distances.tsv): \
		$S/theta0.safetensors $(trained) $(pruned) $(stops) $$(liked)
	$(call note,train f(θ0) on D0 until the mask at $(said) has settled)
	$(run) lt-train --index $(D0) $< $(keep) $(call settling,$(share)) $(training)

# Prune it once.
$P/%/ticket.mask.safetensors: $P/%/last.safetensors $$(liked)
	$(call note,prune once to $(said))
	$(run) lt-prune $q $(prunable) --sparsity $(share) -o $@ $<

# Retrain the ticket on all of D0.
$(addprefix $P/%/ticket/,$(trained_files)): \
		$P/%/ticket.mask.safetensors $(start) $(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

own_masks := --own
ticket  := /ticket
logs     = $P/$1/log.tsv
watched  = $P/$1/stop.tsv $P/$1/distances.tsv
include $(pipelines)rows.mk
include $(pipelines)details.mk
