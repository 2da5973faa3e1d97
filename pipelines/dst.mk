# dst.mk: dynamic sparse training, a baseline that prunes nothing it has trained: f(θ0) is
# trained once under a mask that changes meanwhile, by RigL (Evci et al. 2020) or SET
# (Mocanu et al. 2018), or that stays.  The first mask has ERK densities and the sparsity
# that the other methods have after the round.
#
#	lt run static set rigl imp DATA=FOLDER ROUNDS=6
#	lt run rigl rigl-5x rigl-5x.DST_TIMES=5 DATA=FOLDER
#	lt run rigl-macs set-macs imp DATA=FOLDER TICKETS=6
#
#	rigl/RR/start.mask.safetensors   ticket.mask.safetensors, what became of it
#	rigl/RR/last.safetensors best.safetensors log.tsv
#	rigl-macs/RR/budget   how long LIKE's multiply-adds last, at the costs in
#	    step.tsv change.tsv
#	rigl/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## Dynamic sparse training
DST ?= rigl#	[rigl, set or off by search] new weights have the largest gradients, or are random
DST_EVERY ?= 100i#	[span by search] epochs between changes of the mask (100i: iterations)
DST_FRACTION ?= 0.3#	[real >0 <=1 by search] share of the kept weights that a change drops at first
DST_END ?=#	[nothing or span by search] when changes end; nothing: after 3/4 of the training
DST_START ?= random#	[random or magnitude by search] weights that the first mask keeps
DST_TIMES ?= 1#	[whole >0 by search] train so many times as long
LIKE ?= none#	[name by search] train for the multiply-adds of this search and its ticket

like := $(filter-out none,$(LIKE))
$(if $(like),$(if $(filter-out 1,$(DST_TIMES)),$(error DST_TIMES=$(DST_TIMES): LIKE=$(LIKE) \
	says already how long the training lasts)))
rigl     := $(filter rigl,$(DST))
changing := $(filter-out off,$(DST))
changes  := $(call stamp,$P/settings/dst,DST DST_EVERY DST_FRACTION DST_END DST_TIMES)
times    := --dst-every $(DST_EVERY) $(addprefix --dst-end ,$(DST_END))
dst      := $(if $(changing),--dst $(DST) $(times) --dst-fraction $(DST_FRACTION))

# The first mask; one that stays is the ticket's.
first := $(if $(changing),start,ticket).mask.safetensors
begin := $(call stamp,$P/settings/start,DST_START)
erk    = $(run) lt-prune $q $(prunable) --method erk --sparsity $(call sparsity,$*) -o $@ $<
ifeq ($(DST_START),random)
$P/%/erk.mask.safetensors: $S/theta0.safetensors $(pruned)
	$(call note,how many weights of θ0 an ERK mask of sparsity $(call sparsity,$*) keeps)
	$(erk)
.PRECIOUS: $P/%/erk.mask.safetensors
$P/%/$(first): $S/theta0.safetensors $P/%/erk.mask.safetensors $(begin)
	$(call note,as many at random places)
	$(run) lt-prune $q --like $P/$*/erk.mask.safetensors --seed $(SEED) -o $@ $<
else
$P/%/$(first): $S/theta0.safetensors $(pruned) $(begin)
	$(call note,an ERK mask of sparsity $(call sparsity,$*) of θ0)
	$(erk)
endif

# How long it lasts, if not for EPOCHS.
budget = $(if $(like)$(filter-out 1,$(DST_TIMES)),$P/$*/budget)
scaled = $(run) lt-score budget --epochs $(EPOCHS) $(if $(multistep),--milestones $(MILESTONES)) \
	--warmup $(WARMUP) --of $(D0) -o $@ $(D0)
ifneq ($(like),)
L := $S/$(LIKE)
followed := $(call stamp,$P/settings/init,LIKE)
# run.mk has made the search that is followed.
$L/%: ;
row_of = $(firstword $(wildcard $L/$1/ticket/row.tsv) $L/$1/row.tsv)

# What a step takes, and a step and a change of RigL.
short = $(run) lt-train --index $(D0) --mask $< $S/theta0.safetensors --to-stops --log $@ \
	-o /dev/null
$P/%/step.tsv: $P/%/$(first) $S/theta0.safetensors $(trained)
	$(call note,train one step$(comma) to count its multiply-adds)
	$(short) --to 1i $(training)
$P/%/change.tsv: $P/%/$(first) $S/theta0.safetensors $(trained)
	$(call note,the same and a change of the mask)
	$(short) --to 2i --dst rigl --dst-every 1i --dst-end 2i $(training)
costs = $P/$*/step.tsv $(if $(rigl),$P/$*/change.tsv)
$P/%/budget: $$(call row_of,$$*) $$(costs) $(D0) $(trained) $(changes) $(followed)
	$(scaled) --spend $< --spend $(dir $<)log.tsv --batch $(BATCH) --sparse $P/$*/step.tsv \
		$(if $(rigl),--change $P/$*/change.tsv $(times))
else
$P/%/budget: $(D0) $(trained) $(changes)
	$(scaled) --least $$(($(EPOCHS) * $(DST_TIMES)))
endif

dst_files := $(trained_files) $(if $(changing),ticket.mask.safetensors)
$(addprefix $P/%/,$(dst_files)): $P/%/$(first) $S/theta0.safetensors $(trained) $(changes) \
		$$(budget)
	$(call note,train f(θ0) on D0$(if $(changing), and change its mask))
	$(run) lt-train --index $(D0) --mask $< $S/theta0.safetensors $(dst) \
		$(if $(changing),--dst-mask $(@D)/ticket.mask.safetensors) $(keep) \
		$(steps) $(or $(budget:%=$$(cat %)),$(epochs))
all: $(call in,$(tickets:%=$P/%),$(first) $(dst_files) \
	$(if $(like),step.tsv $(if $(rigl),change.tsv)) \
	$(if $(like)$(filter-out 1,$(DST_TIMES)),budget))

# A mask that changes exists when the training ends, so that is the search; the accuracies are
# those of its own weights.
logs  = $(if $(changing),$P/$1/log.tsv)
begun = $S/theta0.safetensors
since =
include $(pipelines)rows.mk
include $(pipelines)details.mk
