# prac.mk: tickets found on pruning-aware critical sets (Zhang et al. 2021),
# Algorithm 1 with its options; lt-prac(7) explains them.
#
#	make -j2 -f pipelines/prac.mk DATA=FOLDER ROUNDS=6
#
#	prac/RR/ticket.mask.safetensors  mask RR
#	prac/RR/cet.idx cep.idx set.idx  the PrAC set found with it
#	prac/RR/last.safetensors ...     f(m ⊙ θ0) trained on that set
#	prac/RR/ticket/                  the ticket retrained on D0
#	prac/summary.tsv
#
# A search is a name and what it sets for itself; all of SEARCHES are made:
#
#	make ... SEARCHES='prac prac-cet prac-t2' prac-t2.THRESHOLD=2
#
# One may follow another round by round, with as many samples and iterations but
# other samples or another criterion: baselines.mk has those of the paper.
ifndef prac.mk
prac.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

## PrAC
SEARCHES ?= prac#	[names] and prac-nostop, prac-cet, prac-epochs ..., or names of your own
THRESHOLD ?= 0#	[whole by search] critical for training: forgotten more often than this
DISAGREE ?= pruned#	[pruned, dense-pruned, retrained or none by search] the two models that are compared
SCALE ?= linear#	[linear or epochs by search] how the budget follows the size of the set
MIN_EPOCHS ?= 3#	[whole by search] at the least, with SCALE=epochs
STOP ?= 1#	[0 or 1 by search] stop when the mask has settled; 0: train all epochs
STOP_EPS ?= 0.08#	[real by search] settled: all distances in the queue below this
STOP_RELATIVE ?=#	[nothing or real >0 <1 by search] in place of STOP_EPS: this share of a round's first distances
STOP_QUEUE ?= 5#	[whole >0 by search] distances in the queue
STOP_START ?= exceed#	[exceed or always by search] count from the first distance above STOP_EPS, or at once
STOP_EVERY ?= 1#	[span by search] epochs from one distance to the next (50i: iterations)
## Other samples, another criterion
SETS ?= prac#	[prac, all, same, random, entropy, proxy or found by search] all: D0; same to proxy follow LIKE
LIKE ?= prac#	[name by search] the search that is followed
CRITERION ?= magnitude#	[criterion by search] a method that lt-prune --list-methods names
SCORE_AT ?= trained#	[trained or init by search] the weights that are scored; init: nothing is trained
PER_CLASS ?= 10#	[whole >0 by search] samples of each class that are scored, by methods that score samples
PROXY ?= resnet8-demo#	[path] the network whose predictions SETS=proxy takes
PROXY_EPOCHS ?= $(EPOCHS)#	[whole >0] its training
UNSURE ?= entropy#	[entropy, loss or margin by search] column of predictions whose largest SETS=entropy and proxy take
FROM ?=#	[nothing or path by search] SETS=found: folder of the network whose search found them
FROM_SEARCH ?= prac#	[name by search] that search
FROM_SET ?= last#	[last or each by search] that search's last set in every round, or that of the same round

given_owners.search = $(searched)

# The paper's ablations, and what the published code does.
prac-nostop.STOP ?= 0
prac-cet.DISAGREE ?= none
prac-dense-pruned.DISAGREE ?= dense-pruned
prac-retrained.DISAGREE ?= retrained
prac-epochs.SCALE ?= epochs
# Iterative pruning on all of D0 that stops early: PrAC's saving without its sets.
imp-stop.SETS ?= all

# --- Everywhere below $m is the search, and $1 the seed's folder, $2 the seed,
# $3 a round, $4 the round before; the first functions have the round second.
own = $(filter prac found all,$(call my,SETS))
made = $(filter prac random entropy proxy,$(call my,SETS))
trains = $(filter trained,$(call my,SCORE_AT))
title = $(if $(filter prac,$m),PrAC,$m)
like = $(foreach m,$(call my,LIKE),$(call $1,$2,$3))

# Round 0 of a search that finds its sets is the dense run itself, or, with
# early stopping, one run for all that stop by the same rule.
stop_settings := STOP STOP_EPS STOP_RELATIVE STOP_QUEUE STOP_START STOP_EVERY
stop_rule = $(subst $() ,/,$(foreach v,$(stop_settings),$v-$(call my,$v)))
round_0 = $(if $(own),$(if $(filter found:last,$(call my,SETS):$(call my,FROM_SET)),$m,$(if \
	$(filter 0,$(call my,STOP)),dense,$(or $(twin.$(stop_rule)),$m))),$($(call my,LIKE).zero))
# Where a round was trained, its mask, its set, its start, its epochs.
run_of = $(if $(filter 00,$2),$($m.zero:%=$1/%)$(if $(filter-out dense,$($m.zero)),/00),$1/$m/$2)
mask_of = $(if $(filter-out 00,$2),$1/$m/$2/ticket.mask.safetensors)
found_in = $(call my,FROM)/$(notdir $1)/$(call my,FROM_SEARCH)/$(if $(filter \
	last,$(call my,FROM_SET)),$(lastword $(rounds)),$2)/set.idx
set_of = $(if $(filter all,$(call my,SETS))$(filter 00found:each,$2$(call my,SETS):$(call my,FROM_SET)),$(D0),$(if \
	$(filter found,$(call my,SETS)),$(found_in),$(if $(filter 00,$2),$(D0),$(if \
	$(filter same,$(call my,SETS)),$(call like,set_of,$1,$2),$1/$m/$2/set.idx))))
start_of = $(if $(filter 00,$2),$1/theta0.safetensors,$(call start,$1))
budget_of = $(if $(own),$(if $(filter epochs,$(call my,SCALE)),$(if $(filter \
	$(D0),$(set_of)),,$1/$m/$2/budget)),$(call like,budget_of,$1,$2))

# Where round 0 is depends on whether, and when, it stops.
stop_stamp = $(if $(own),$1/$m/settings/stop,$(call like,stop_stamp,$1))

# --- Line 5: train.  A search that follows trains as long as the other did.
stops = $(if $(own),$(filter 1,$(call my,STOP)))
stop_limit = $(if $(call my,STOP_RELATIVE),--stop-relative $(call my,STOP_RELATIVE),--stop-eps $(call \
	my,STOP_EPS) --stop-start $(call my,STOP_START))
stop_options = --stop-rate $(RATE) $(stop_limit) --stop-queue $(call \
	my,STOP_QUEUE) --stop-every $(call my,STOP_EVERY)$(nl)$(call watch,$1/$m/$3)$(nl)
length = $(if $(own),,--to-stops --to $$$$(awk -f $(common)length.awk $(call like,run_of,$1,$3)/log.tsv)$(nl))
define search_train
$(call result,$1/$m/$3,train.events $(if $(stops),$(watched)) $(if \
		$(filter 00$(dense_prefix),$3$m/00),state.safetensors)): \
		$(call set_of,$1,$3) $(call mask_of,$1,$3) $(call start_of,$1,$3) \
		$(call budget_of,$1,$3) $(if $(own),,$(call of,$(call like,run_of,$1,$3),log.tsv)) \
		$(train_needs) $1/settings/train \
		$(if $(filter-out 00,$3),$1/settings/rewind) $(if $(stops),$1/settings/prune) \
		$(stop_stamp) $1/$m/settings/sets | $1/$m/$3/
	$$(call note,$(title) $3 - line 5: train f(m ⊙ $(if $(filter 00,$3),θ0,$(theta))) on D and record what it forgets)
	$$(run) lt-train --index $(call set_of,$1,$3)$(addprefix \
		$(nl)--mask=,$(call mask_of,$1,$3))$(nl)$(call \
		start_of,$1,$3)$(nl)--events $1/$m/$3/train.events$(nl)$(call \
		keep,$1/$m/$3)$(nl)$(if $(stops),$(stop_options))$(length)$(if $(filter 00,$3),$(if \
		$(filter $m/00,$(dense_prefix)),--save-state $1/$m/00/state.safetensors$(nl)),$(again))$(call \
		train,$2,$(if $(call budget_of,$1,$3),$$$$(cat $(call \
		budget_of,$1,$3)),$(full)))

endef

# --- Line 8: prune.  What a pass over samples costs is in a .cost file.
score = $(call my,CRITERION)
# Of the methods METHOD/data score samples, and METHOD/gradients take passes.
of_criteria = $(eval of_criteria := $$(shell PATH='$$(PATH)' lt-prune --list-methods | awk -f $(common)criteria.awk))$(of_criteria)
needing = $(if $(filter-out magnitude,$(score)),$(filter $(score)/$1,$(of_criteria)))
by_data = $(call needing,data)
costs = $(call needing,gradients)
prune_cost = $(if $(costs),$1/$m/$2/prune.cost)
scored = $(if $(trains),$(call run_of,$1,$4)/last.safetensors,$(call start,$1))
define search_prune
$(call products_are,$(call mask_of,$1,$3) $(call prune_cost,$1,$3))
$(call several,$(call mask_of,$1,$3) $(call prune_cost,$1,$3)): $(scored) \
		$(call mask_of,$1,$4) $(if $(by_data),$(call set_of,$1,$4) $(train.data)) \
		$(stop_stamp) $1/$m/settings/sets $1/$m/settings/criterion $1/settings/prune | $1/$m/$3/
	$$(call note,$(title) $3 - line 8: prune $(RATE) of the remaining weights of $(if \
		$(trains),θ_T,$(theta))$(if $(filter-out magnitude,$(score)), by $(score)))
	$$(prune)$(if $(filter-out magnitude,$(score)), --method $(score) --seed $2)$(if \
		$(by_data), --data $(train.data) --index $(call \
		set_of,$1,$4) --samples-per-class $(call my,PER_CLASS))$(if $(costs), --threads \
		$(THREADS) --cost $(call prune_cost,$1,$3))$(addprefix \
		$() --mask=,$(call mask_of,$1,$4)) -o $(call mask_of,$1,$3) $(scored)

endef

# --- Line 6: samples of D that training forgets.
define set_prac
$1/$m/$3/cet.idx: $(call of,$(call run_of,$1,$4),train.events) $(stop_stamp) \
		$1/$m/settings/forget | $1/$m/$3/
	$$(call note,$(title) $3 - line 6: samples of D forgotten more than $(call my,THRESHOLD) times)
	$$(run) lt-forget$(quiet) -t $(call my,THRESHOLD) -o $$@ \
		$(call run_of,$1,$4)/train.events
$(if $(cep),$(call cep_$(call my,DISAGREE),$1,$2,$3,$4))
$1/$m/$3/set.idx: $1/$m/$3/cet.idx $(cep) $1/$m/settings/disagree $1/$m/settings/sets
	$$(call note,$(title) $3 - line 11: D = P)
	$$(run) lt-subset union$(quiet) -o $$@ $$(filter %.idx,$$^)

endef

# --- Line 10: samples of D0 on which two models disagree, one way for each pair
# of models.  Predictions of the first model are made once.  The published
# code's pair exists from round 1 on.
cep = $(if $(filter none retrained-01,$(call my,DISAGREE) $(call my,DISAGREE)-$3),,$1/$m/$3/cep.idx)
define cep_pruned
$(call products_are,$1/$m/$3/cep.idx $1/$m/$3/cep.cost)
$(call several,$1/$m/$3/cep.idx $1/$m/$3/cep.cost): $(call run_of,$1,$4)/last.safetensors $(call mask_of,$1,$4) \
		$(call mask_of,$1,$3) $(lists) $(train.data) $(stop_stamp) $1/$m/settings/disagree
	$$(call note,$(title) $3 - line 10: samples of D0 on which f(m_$4 ⊙ θ_T) and f(m_$3 ⊙ θ_T) disagree)
	$$(run) lt-disagree$(quiet) --threads $(THREADS) --data $(train.data) --index \
		$(D0)$(addprefix $(nl)--mask-a=,$(call mask_of,$1,$4))$(nl)--mask-b \
		$(call mask_of,$1,$3) -o $1/$m/$3/cep.idx --cost $1/$m/$3/cep.cost$(nl)$$<

endef
cep_cost_pruned = $1/$m/$2/cep.cost

# $(call predict,NAME,NETWORK): NAME.tsv and what it cost.
predict = $$(run) lt-eval$(quiet) --threads $(THREADS) --data $(train.data)$(nl)--index \
	$(D0) --predictions $1.tsv --cost $1.cost -o /dev/null$(nl)$2
define cep_predictions
$1/$m/$3/cep.idx: $5/$6.predictions.tsv $1/$m/$3/predictions.tsv
	$$(call note,$(title) $3 - line 10: samples of D0 on which the two disagree)
	$$(run) lt-disagree$(quiet) -o $$@ --predictions $$^
$(if $(filter $5/$6,$(predicted)),,$(eval predicted += $5/$6)$(call \
	products_are,$5/$6.predictions.tsv $5/$6.predictions.cost)
$(call several,$5/$6.predictions.tsv $5/$6.predictions.cost): $(call of,$5,$6.safetensors) $(lists)
	$$(call note,PrAC - line 10: predictions on D0 of the full model)
	$(call predict,$5/$6.predictions,$5/$6.safetensors))
$(call products_are,$1/$m/$3/predictions.tsv $1/$m/$3/predictions.cost)
endef
define cep_dense-pruned
$(call cep_predictions,$1,$2,$3,$4,$(call run_of,$1,00),last)
$(call several,$1/$m/$3/predictions.tsv $1/$m/$3/predictions.cost): $(call run_of,$1,$4)/last.safetensors \
		$(call mask_of,$1,$3) $(lists) $(stop_stamp) $1/$m/settings/disagree
	$$(call note,$(title) $3 - line 10: predictions of f(m_$3 ⊙ θ_T) on D0)
	$(call predict,$1/$m/$3/predictions,--mask $(call mask_of,$1,$3) $$<)

endef
define cep_retrained
$(call cep_predictions,$1,$2,$3,$4,$(call run_of,$1,00),best)
$(call several,$1/$m/$3/predictions.tsv $1/$m/$3/predictions.cost): $(call of,$(call run_of,$1,$4),best.safetensors) \
		$(lists) $(stop_stamp) $1/$m/settings/disagree
	$$(call note,$(title) $3 - line 10: predictions on D0 of round $4 at its best validation)
	$(call predict,$1/$m/$3/predictions,$(call run_of,$1,$4)/best.safetensors)

endef
cep_cost_dense-pruned = $1/$m/$2/predictions.cost $(call run_of,$1,00)/last.predictions.cost
cep_cost_retrained = $1/$m/$2/predictions.cost $(call run_of,$1,00)/best.predictions.cost

# --- Sets of as many samples as LIKE's: by lot; those that the network of the
# round, or a smaller one trained for it, is the least sure of.
# Where the training that LIKE's set is of diverged, there is none.
like_trained = $(call like,trained_for,$1,$4)
trained_for = $(if $(trains),$(call run_of,$1,$2)/last.safetensors)
size_of = $$$$(awk 'END { print NR }' $(call like,set_of,$1,$3))
define set_random
$1/$m/$3/set.idx: $(call like,set_of,$1,$3) $(like_trained) $(D0) $1/$m/settings/sets | $1/$m/$3/
	$$(call note,$(title) $3: as many samples of D0 by lot)
	$$(run) lt-subset sample$(quiet) --seed $2 --of $(D0) --size $(size_of) -o $$@

endef
top = $$(run) lt-subset top$(quiet) --column $(call my,UNSURE) --size $(size_of) -o $$@ $$<
define set_entropy
$(call products_are,$1/$m/$3/predictions.tsv $1/$m/$3/predictions.cost)
$(call several,$1/$m/$3/predictions.tsv $1/$m/$3/predictions.cost): \
		$(call run_of,$1,$4)/last.safetensors $(lists) | $1/$m/$3/
	$$(call note,$(title) $3: predictions on D0 of round $4)
	$(call predict,$1/$m/$3/predictions,$$<)
$1/$m/$3/set.idx: $1/$m/$3/predictions.tsv $(call like,set_of,$1,$3) $(like_trained) $1/$m/settings/sets
	$$(call note,$(title) $3: as many samples of D0 of the largest $(call my,UNSURE))
	$(top)

endef
define set_proxy
$1/$m/$3/set.idx: $1/proxy/predictions.tsv $(call like,set_of,$1,$3) $(like_trained) $1/$m/settings/sets | $1/$m/$3/
	$$(call note,$(title) $3: as many samples of D0 of the largest $(call my,UNSURE))
	$(top)

endef
define proxy
$(call stamp,$1/proxy/settings/net,PROXY PROXY_EPOCHS)
$1/proxy/theta0.safetensors: $(or $(wildcard $(PROXY)),$d/shape) $1/proxy/settings/net
	$$(call note,the proxy: $(PROXY) from seed $2)
	$$(run) lt-init$(quiet) --seed $2 -o $$@ $(if $(wildcard \
		$(PROXY)),,$$$$(cat $d/shape)) $(PROXY)
$(call result,$1/proxy): $1/proxy/theta0.safetensors $(train_needs) $1/settings/train | $1/proxy/
	$$(call note,the proxy: train it on D0 for $(PROXY_EPOCHS) epochs)
	$$(run) lt-train --index $(D0)$(nl)$$<$(nl)$(call keep,$1/proxy)$(nl)$(call \
		train,$2,$(subst --epochs $(EPOCHS),--epochs $(PROXY_EPOCHS),$(full)))
$(call products_are,$1/proxy/predictions.tsv $1/proxy/predictions.cost)
$(call several,$1/proxy/predictions.tsv $1/proxy/predictions.cost): $1/proxy/last.safetensors $(lists)
	$$(call note,the proxy: its predictions on D0)
	$(call predict,$1/proxy/predictions,$$<)

endef

# --- What ticket $3 needed: the trainings of all rounds before, and passes over
# samples for their sets and for the masks.
pass_prac = $(foreach q,$1,$(call pass_prac_1,$2,,$q))
pass_prac_1 = $(if $(filter-out 00,$3),$(if $(cep),$(call cep_cost_$(call my,DISAGREE),$1,$3)))
pass_entropy = $(patsubst %,$2/$m/%/predictions.cost,$(filter-out 00,$1))
pass_proxy = $(if $(filter-out 00,$1),$2/proxy/predictions.cost)
passes = $(sort $(call pass_$(call my,SETS),$1,$2) $(foreach q,$(filter-out 00,$1) $3,$(call prune_cost,$2,$q)))
rule = $(if $(trains),$(if $(own),$(if $(stops),$(subst $() ,$(comma),$(if $(call \
	my,STOP_RELATIVE),relative=$(call my,STOP_RELATIVE),eps=$(call my,STOP_EPS)) queue=$(call \
	my,STOP_QUEUE) every=$(call my,STOP_EVERY)$(if $(call my,STOP_RELATIVE),, start=$(call my,STOP_START))),none),like=$(call my,LIKE)),untrained)
searches_of = $(if $(trains),$(foreach q,$1,$(if $(filter-out 00,$q),$(since))$(call \
	run_of,$2,$q)/log.tsv)) $(if $(filter proxy,$(call my,SETS)),$(if $(filter-out \
	00,$1),$2/proxy/log.tsv))
# $5 its number.
define search_ticket
$(call retrain,$1,$2,$(call mask_of,$1,$3),$1/$m/$3/ticket,$(title) $3)
$(call row,$1/$m/$3/ticket,$1/$m/$3/ticket.mask,is=set \
	$(call set_of,$1,$4) $(strip is=search $(call searches_of,$(call until,$5),$1) is=pass $(call \
	passes,$(call until,$5),$1,$3) $(if $(stops),$(call watching,$(call run_of,$1,$4)))),method=$m round=$3 rule=$(rule))

endef

define search_budget
$1/$m/$3/budget: $(call set_of,$1,$3) $(lists) $1/settings/train $1/$m/settings/budget | $1/$m/$3/
	awk -f $(common)budget.awk epochs=$(EPOCHS) milestones=$(if \
		$(multistep),$(MILESTONES)) \
		warmup=$(WARMUP) least=$(call my,MIN_EPOCHS) is=set $$< is=d0 $(D0) \
		>$$(tmp)
	$$(rename)

endef
define search
$(if $(own),$(call stamp,$1/$m/settings/stop,$(stop_settings)))
$(call stamp,$1/$m/settings/forget,THRESHOLD)
$(call stamp,$1/$m/settings/disagree,DISAGREE)
$(call stamp,$1/$m/settings/budget,SCALE MIN_EPOCHS)
$(call stamp,$1/$m/settings/criterion,CRITERION SCORE_AT PER_CLASS)
$(call stamp,$1/$m/settings/sets,SETS LIKE UNSURE FROM FROM_SEARCH FROM_SET)
$(if $(filter $m/00,$(dense_prefix)),$(foreach f,$(kept) train.events,$1/dense/$f): | $(call of,$1/$m/00,state.safetensors)
$(foreach f,$(kept) train.events,$1/dense/$f): private needs_too := $1/$m/00/state.safetensors)
$(if $(filter proxy,$(call my,SETS)),$(if $(filter $1,$(proxies)),,$(eval proxies += $1)$(proxy)))
$(if $(trains),$(foreach r,$(if $(filter $m,$($m.zero)),00) $(filter-out \
	$(lastword $(rounds)),$(rounds)),$(if $(own),$(if $(call budget_of,$1,$r),$(call \
	search_budget,$1,$2,$r)))$(call search_train,$1,$2,$r)))
$(foreach r,$(rounds),$(call search_prune,$1,$2,$r,$(call before,$r)))
$(if $(made),$(foreach r,$(rounds),$(call set_$(made),$1,$2,$r,$(call before,$r))))
$(foreach r,$(tickets),$(call search_ticket,$1,$2,$r,$(call before,$r),$(words $(call until,$r))))
$(call summary,$1/$m,$1/dense $(patsubst %,$1/$m/%/ticket,$(tickets)))
$m: $(if $(made),$1/$m/$(lastword $(rounds))/set.idx) $1/$m/summary.tsv $1/$m/summary.time.tsv
endef

# $(call search_all,NAME...)
define settle
$(if $(filter found,$(call my,SETS)),$(if $(call my,FROM),,$(error FROM is not set: the folder that $m takes sets from)))
$(if $(own),,$(if $(filter $(call my,LIKE),$(searched)),,$(error $(if $(filter \
	undefined,$(origin $m.LIKE)),,$m.)LIKE=$(call my,LIKE): no search before $m has this name)))
$(if $(filter init-prac init-entropy,$(call my,SCORE_AT)-$(call my,SETS)),$(error \
	$m.SCORE_AT=init: nothing is trained that sets could be found with))
$m.zero := $(round_0)
$(if $(filter $m,$(round_0)),$(if $(filter found,$(call my,SETS)),,$(if $(twin.$(stop_rule)),,twin.$(stop_rule) := $m)))
searched += $m
methods += $m
$(if $(made),set_methods += $m)
.PHONY: $m
all: $m
endef
search_all = $(foreach m,$(filter-out $(searched),$1),$(eval $(settle))$(call seeds,search))

# The dense run goes on from the first round 0 that stops early, unless that
# stops within an epoch, or the dense run keeps weights of its epochs.
dense_prefix := $(strip $(foreach m,$(firstword $(SEARCHES)),$(if \
	$(filter prac-1 all-1,$(call my,SETS)-$(call my,STOP)),$(if $(findstring \
	i,$(call my,STOP_EVERY))$(saved_dense),,$m/00))))
$(call search_all,$(SEARCHES))
endif
