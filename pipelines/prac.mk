# prac.mk: tickets found on pruning-aware critical sets (Zhang et al. 2021), Algorithm 1.
# Round 00 is the dense run.  Round r has its mask, its set, its training and its ticket
# in prac/r.  lt-prac(7) explains it.
#
#	lt run prac prac-t2 prac-t2.THRESHOLD=2 DATA=FOLDER
#
#	prac/RR/ticket.mask.safetensors  mask RR
#	prac/RR/cet.idx cep.idx set.idx  the PrAC set found with it
#	prac/RR/last.safetensors ...     f(m ⊙ θ0) trained on that set
#	prac/RR/ticket/                  the ticket retrained on D0
#	prac/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## PrAC
THRESHOLD ?= 0#	[whole by search] critical for training: forgotten more often than this
DISAGREE ?= pruned#	[pruned, dense-pruned, retrained or none by search] the models that are compared
SCALE ?= linear#	[linear or epochs by search] how the budget follows the size of the set
MIN_EPOCHS ?= 3#	[whole by search] at the least, with SCALE=epochs

# The samples that round $1 trains on; imp-stop.mk and transfer.mk say others.
set ?= $(if $(filter 00,$1),$(D0),$P/$1/set.idx)
include $(pipelines)stop.mk
include $(pipelines)criterion.mk
include $(pipelines)groups.mk
include $(pipelines)disagree.mk

searched := $(filter-out $(lastword $(rounds)),$(rounds))
searched_files := $(trained_files) train.events $(stop_tables)
lists = $(call set,$1) $(if $(filter $P/%,$(call set,$1)),$P/$1/cet.idx) $(call cep_files,$1)
all: $(foreach r,$(rounds),$(call mask,$r) $(call lists,$r) $(subst %,$r,$(prune_cost))) \
	$(call in,$(searched:%=$P/%),$(searched_files)) \
	$(call in,$(tickets:%=$P/%/ticket),$(trained_files))

# line 5: train f(m ⊙ θ0) on D and record what it forgets
$(addprefix $P/%/,$(searched_files)): \
		$P/%/ticket.mask.safetensors $$(call set,$$*) $$(call budget,$$*) $(start) $(trained) \
		$(rewound) $(if $(stop_tables),$(pruned)) $(stopped)
	$(call note,line 5: train f(m ⊙ $(theta)) on D and record what it forgets)
	$(run) lt-train --index $(call set,$*) --mask $< $(start) --events $(@D)/train.events \
		$(keep) $(stop_options) $(again)$(steps) $(or $(budget:%=$$(cat %)),$(epochs))

# line 6: samples of D that training forgot more than THRESHOLD times
$P/%/cet.idx: $$(prev_run)/train.events $(call stamp,$P/settings/forget,THRESHOLD)
	$(call note,line 6: samples of D forgotten more than $(THRESHOLD) times)
	$(run) lt-forget $q -t $(THRESHOLD) -o $@ $<

# line 8: prune RATE of the remaining weights, the smallest of the whole network
$P/%/ticket.mask.safetensors $(prune_cost): $$(prev_run)/last.safetensors $$(prev_mask) \
		$$(examples) $(pruned) $(grouped) $(scored) $(stopped)
	$(call note,line 8: prune $(RATE) of the remaining weights of θ_T)
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(groups) $(score) \
		$(addprefix --mask ,$(prev_mask)) -o $(@D)/ticket.mask.safetensors $<

# line 10: samples of D0 on which f(m ⊙ θ_T) disagrees with itself once it is pruned
ifeq ($(DISAGREE),pruned)
$P/%/cep.idx $P/%/cep.cost.tsv: $$(prev_run)/last.safetensors $$(prev_mask) \
		$P/%/ticket.mask.safetensors $(D0) $(train.data) $(stopped)
	$(call note,line 10: samples of D0 on which f(m ⊙ θ_T) and its pruned self disagree)
	$(run) lt-disagree $(evaluating) --data $(train.data) --index $(D0) \
		$(addprefix --mask-a ,$(prev_mask)) --mask-b $P/$*/ticket.mask.safetensors \
		-o $(@D)/cep.idx --cost $(@D)/cep.cost.tsv $<
endif

# line 11: D = P, the union of both
$P/%/set.idx: $P/%/cet.idx $$(call cep,$$*) $(call stamp,$P/settings/disagree,DISAGREE)
	$(call note,line 11: D = P)
	$(run) lt-subset union $q -o $@ $(filter %.idx,$^)

# what the mask is worth: retrain f(m ⊙ θ0) on all of D0
$(addprefix $P/%/ticket/,$(trained_files)): \
		$P/%/ticket.mask.safetensors $(start) $(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

# With SCALE=epochs a round lasts as many epochs as its set is large.
ifeq ($(SCALE),epochs)
all: $(searched:%=$P/%/budget)
budget = $P/$*/budget
$P/%/budget: $P/%/set.idx $(D0) $(trained) $(call stamp,$P/settings/scale,SCALE MIN_EPOCHS)
	$(run) lt-score budget --epochs $(EPOCHS) $(if $(multistep),--milestones $(MILESTONES)) \
		--warmup $(WARMUP) --least $(MIN_EPOCHS) --of $(D0) -o $@ $<
endif

# What ticket $1 cost: the trainings and the passes over samples of all rounds before it.
ticket := /ticket
late   := $(rounds:%=$P/%/log.tsv)
logs    = $(foreach r,$(call until,$1),$(call trained_in,$r)/log.tsv)
passes  = $(sort $(foreach r,$(filter-out 00,$(call until,$1)),$(call cep_cost,$r))) \
	$(if $(prune_cost),$(patsubst %,$P/%/prune.cost.tsv,$(filter-out 00,$(call until,$1)) $1))
watched = $(addprefix $(call trained_in,$(call before,$1))/,$(stop_tables))
include $(pipelines)rows.mk
include $(pipelines)details.mk
