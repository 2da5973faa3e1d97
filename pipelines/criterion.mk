# criterion.mk: prune by another criterion than the weights' magnitude (CRITERION).  Those
# with data score samples of the round's set; those with gradients pass over samples, and
# what that costs is a table.
scored := $(call stamp,$P/settings/criterion,CRITERION PER_CLASS $(if $(SCORE_STEPS),SCORE_STEPS))
ifneq ($(CRITERION),magnitude)
criterion := $(shell PATH='$(PATH)' lt-prune --list-methods | grep '^$(CRITERION)[[:blank:]]')
by_data   := $(filter 1,$(word 4,$(criterion)))
prune_cost := $(if $(filter 1,$(word 5,$(criterion))),$P/%/prune.cost.tsv)
examples   = $(if $(by_data),$(call set,$(call before,$*)) $(train.data))
score      = --method $(CRITERION) $(addprefix --steps ,$(SCORE_STEPS)) --seed $(SEED) $(if \
	$(by_data),--data $(train.data) --index $(firstword $(examples)) --samples-per-class \
	$(PER_CLASS)) $(if $(prune_cost),--threads $(THREADS) --cost $(@D)/prune.cost.tsv)
endif
