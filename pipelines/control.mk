# control.mk: a search that follows another, LIKE, round by round: as many samples and as
# many iterations, but other samples, or another criterion.  lt-prac(7) explains it.
#
#	lt run prac control-mine control-mine.CRITERION=lamp DATA=FOLDER
#
#	SEARCH/RR/  as of prac.mk     SEARCH/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## Other samples, another criterion
LIKE ?= prac#	[name by search] the search that is followed
SETS ?= same#	[same, random, entropy, proxy, el2n or grand by search] samples of a round
SCORE_AT ?= trained#	[trained or init by search] the weights that are scored; init: without training
UNSURE ?= entropy#	[entropy, loss or margin by search] column whose largest are taken
PROXY ?= resnet8-demo#	[path] the network whose predictions SETS=proxy takes
PROXY_EPOCHS ?= $(EPOCHS)#	[whole >0] its training
SCORE_RUNS ?= 10#	[whole >0 <=99] networks over which SETS=el2n and grand average
SCORE_EPOCHS ?= $(tenth)#	[whole >0] their training; a tenth of EPOCHS, at least 1
tenth := $(shell n=$$(($(EPOCHS) / 10)); echo $$((n > 1 ? n : 1)))

$(if $(filter init-entropy,$(SCORE_AT)-$(SETS)),$(error SCORE_AT=init: nothing is trained that \
	sets could be found with))
# Round 00 is that of LIKE, which is a link.
L    := $S/$(LIKE)
zero := $L/00
set   = $(if $(filter 00,$1),$(D0),$(if $(filter same,$(SETS)),$L,$P)/$1/set.idx)
sets := $(call stamp,$P/settings/sets,SETS LIKE UNSURE SCORE_AT $(if $(filter \
	el2n grand,$(SETS)),SCORE_RUNS)) $(wildcard $L/settings/stop)
include $(pipelines)criterion.mk
include $(pipelines)groups.mk

# run.mk has made the search that is followed.
$L/%: ;

searched := $(filter-out $(lastword $(rounds)),$(rounds))
all: $(foreach r,$(rounds),$(call mask,$r) $(call set,$r) $(subst %,$r,$(prune_cost))) \
	$(call in,$(searched:%=$P/%),$(if $(filter trained,$(SCORE_AT)),$(trained_files) \
	train.events)) $(call in,$(rounds:%=$P/%),$(if $(filter entropy,$(SETS)),predictions.tsv \
	predictions.cost.tsv)) \
	$(call in,$(tickets:%=$P/%/ticket),$(trained_files))

# Train f(m ⊙ θ0) on the set of the round for as many iterations as LIKE has trained.
$(addprefix $P/%/,$(trained_files) train.events): \
		$P/%/ticket.mask.safetensors $$(call set,$$*) $L/%/log.tsv $(start) $(trained) \
		$(rewound) $(sets)
	$(call note,train f(m ⊙ $(theta)) on as many samples as $(LIKE))
	$(run) lt-train --index $(call set,$*) --mask $< $(start) --events $(@D)/train.events \
		--to-stops --to $$(tail -n 1 $L/$*/log.tsv | cut -f 2)i $(keep) $(again) \
		$(steps) $(or $(patsubst %,$$(cat %),$(wildcard $L/$*/budget)),$(epochs))

# Prune by the criterion what the round before trained, or the weights it began with.
scores := $(if $(filter init,$(SCORE_AT)),$(start))
$P/%/ticket.mask.safetensors $(prune_cost): $$(or $(scores),$$(prev_run)/last.safetensors) \
		$$(prev_mask) $$(examples) $(pruned) $(grouped) $(scored) $(sets)
	$(call note,prune $(RATE) of the remaining weights by $(CRITERION))
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(groups) $(score) \
		$(addprefix --mask ,$(prev_mask)) -o $(@D)/ticket.mask.safetensors $<

# As many samples of D0 at random.
size = $$(wc -l <$L/$*/set.idx)
like_trained = $L/$(call before,$*)/last.safetensors
ifeq ($(SETS),random)
$P/%/set.idx: $L/%/set.idx $$(like_trained) $(D0) $(sets)
	$(call note,as many samples of D0 at random)
	$(run) lt-subset sample $q --seed $(SEED) --of $(D0) --size $(size) -o $@
endif

predict = $(run) lt-eval $(evaluating) --data $(train.data) --index $(D0) \
	--predictions $(@D)/predictions.tsv --cost $(@D)/predictions.cost.tsv -o /dev/null $<

# Or those of the largest UNSURE, by the predictions of the round before or of the proxy.
ifneq ($(filter entropy proxy,$(SETS)),)
unsure := $(if $(filter proxy,$(SETS)),$S/proxy,$P/%)/predictions
$P/%/set.idx: $(unsure).tsv $L/%/set.idx $$(like_trained) $(sets)
	$(call note,as many samples of D0 of the largest $(UNSURE))
	$(run) lt-subset top $q --column $(UNSURE) --size $(size) -o $@ $<

$P/%/predictions.tsv $P/%/predictions.cost.tsv: $$(prev_run)/last.safetensors $(D0) $(train.data)
	$(call note,predictions of round $(call before,$*) on D0)
	$(predict)
endif
ifeq ($(SETS),proxy)
include $(pipelines)proxy.mk
endif
# Or the hardest early in training, which is the same order in every round.
ifneq ($(filter el2n grand,$(SETS)),)
include $(pipelines)diet.mk
$P/%/set.idx: $(diet_tables) $L/%/set.idx $$(like_trained) $(sets)
	$(call note,as many samples of D0 of the largest $(SETS))
	$(run) lt-subset top $q --column $(SETS) --size $(size) -o $@ $(diet_tables)
endif

# What retraining f(m ⊙ θ0) on all of D0 gives.
$(addprefix $P/%/ticket/,$(trained_files)): \
		$P/%/ticket.mask.safetensors $(start) $(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

# The rounds before ticket $1 were trained, or their weights were scored as they began.
earlier = $(filter-out 00,$(call until,$1))
later   = $(if $(earlier),$S/proxy)
pass_entropy = $(patsubst %,$P/%/predictions.cost.tsv,$(earlier))
pass_proxy   = $(addsuffix /predictions.cost.tsv,$(later))
pass_el2n    = $(if $(earlier),$(diet_costs))
pass_grand   = $(if $(earlier),$(diet_costs))
ticket := /ticket
rule   := $(if $(scores),untrained,like=$(LIKE))
late := $(rounds:%=$P/%/log.tsv)
logs    = $(if $(scores),,$(foreach r,$(call until,$1),$(call trained_in,$r)/log.tsv)) \
	$(if $(filter proxy,$(SETS)),$(addsuffix /log.tsv,$(later))) $(if $(earlier),$(diet_logs))
passes  = $(pass_$(SETS)) $(if $(prune_cost),$(patsubst %,$P/%/prune.cost.tsv,$(earlier) $1))
include $(pipelines)rows.mk
include $(pipelines)details.mk
