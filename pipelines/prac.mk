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
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

## PrAC
THRESHOLD ?= 0#	critical for training: forgotten more often than this
DISAGREE ?= pruned#	or dense-pruned, retrained, none: which two models
SCALE ?= linear#	or epochs: how the budget follows the size of the set
MIN_EPOCHS ?= 3#	at the least, with SCALE=epochs
STOP ?= 1#	stop when the mask has settled; 0: train all epochs
STOP_EPS ?= 0.08#	settled: all distances in the queue below this
STOP_QUEUE ?= 5#	distances in the queue
STOP_START ?= exceed#	or always: once a distance was above STOP_EPS
STOP_EVERY ?= 1#	epochs from one distance to the next (50i: iterations)

$(call oneof,DISAGREE,pruned dense-pruned retrained none)
$(call oneof,SCALE,linear epochs)
$(call oneof,STOP,0 1)

# $1 the seed's folder, $2 a round: its training (without early stopping round
# 0 is the dense run itself), its mask, its set, its start, its epochs.
prac_run = $1/$(if $(filter 00-0,$2-$(STOP)),dense,prac/$2)
prac_mask = $(if $(filter-out 00,$2),$1/prac/$2/ticket.mask.safetensors)
prac_set = $(if $(filter 00,$2),$(D0),$1/prac/$2/set.idx)
prac_start = $(if $(filter 00,$2),$1/theta0.safetensors,$(call start,$1))
prac_budget = $(if $(filter epochs,$(SCALE)),$(if $(filter-out 00,$2),$1/prac/$2/budget))

ifeq ($(STOP),1)
prac_stop = --stop-rate $(RATE) --stop-eps $(STOP_EPS) --stop-queue $(STOP_QUEUE) \
	--stop-every $(STOP_EVERY) --stop-start $(STOP_START)$(nl)$(watch)$(nl)
prac_watching = $(watching)
prac_watched := $(watched)
prac_prunes = $1/settings/prune
# Round 0 is how the dense run begins, unless it stops within an epoch, or the
# dense run keeps the weights of every epoch.
ifeq ($(findstring i,$(STOP_EVERY))$(filter 00,$(epoch_rounds)),)
dense_prefix := prac/00
endif
endif

# $1 the seed's folder, $2 the seed, $3 the round.
define prac_train
$(call result,$1/prac/$3,train.events $(prac_watched) $(if \
		$(filter 00$(dense_prefix),$3prac/00),state.safetensors)): \
		$(call prac_set,$1,$3) $(call prac_mask,$1,$3) $(call prac_start,$1,$3) \
		$(call prac_budget,$1,$3) $(train_needs) $1/settings/train \
		$(if $(filter-out 00,$3),$1/settings/rewind) $(call prac_prunes,$1) \
		$1/prac/settings/stop | $1/prac/$3/
	$$(call note,PrAC $3 - line 5: train f(m ⊙ $(if $(filter 00,$3),θ0,$(theta))) on D and record what it forgets)
	$(LAUNCH) lt-train --index $(call prac_set,$1,$3)$(addprefix \
		$$(nl)--mask=,$(call prac_mask,$1,$3))$$(nl)$(call \
		prac_start,$1,$3)$$(nl)--events $1/prac/$3/train.events$$(nl)$$(call \
		keep,$1/prac/$3)$$(nl)$$(call \
		prac_stop,$1/prac/$3)$(if $(filter 00,$3),$(if \
		$(dense_prefix),--save-state $1/prac/00/state.safetensors$$(nl)),$(again))$$(call \
		train,$2,$(if $(call prac_budget,$1,$3),$$$$(cat $(call \
		prac_budget,$1,$3)),$$(full)))

endef

# Line 10, one way for each pair of models.  $1 the seed's folder, $2 the
# round, $3 the round before.  Predictions of the first model are made once.
prac_predict = $(LAUNCH) lt-eval$(quiet) --threads $(THREADS) --data $(train.data) \
		--index $(D0) --predictions $@ -o /dev/null
define prac_cep_pruned
$1/prac/$2/cep.idx: $(call prac_run,$1,$3)/last.safetensors $(call prac_mask,$1,$3) \
		$(call prac_mask,$1,$2) $(lists) $(train.data) $1/prac/settings/stop $1/prac/settings/disagree
	$$(call note,PrAC $2 - line 10: samples of D0 on which f(m_$3 ⊙ θ_T) and f(m_$2 ⊙ θ_T) disagree)
	$(LAUNCH) lt-disagree$(quiet) --threads $(THREADS) --data $(train.data) --index \
		$(D0)$(addprefix $$(nl)--mask-a=,$(call prac_mask,$1,$3))$$(nl)--mask-b \
		$(call prac_mask,$1,$2) -o $$@$$(nl)$$<

endef
define prac_cep_predictions
$1/prac/$2/cep.idx: $4 $1/prac/$2/predictions.tsv
	$$(call note,PrAC $2 - line 10: samples of D0 on which the two disagree)
	$(LAUNCH) lt-disagree$(quiet) -o $$@ --predictions $$^

endef
define prac_cep_dense-pruned
$1/prac/$2/predictions.tsv: $(call prac_run,$1,$3)/last.safetensors $(call prac_mask,$1,$2) \
		$(lists) $1/prac/settings/stop $1/prac/settings/disagree
	$$(call note,PrAC $2 - line 10: predictions of f(m_$2 ⊙ θ_T) on D0)
	$$(prac_predict) --mask $(call prac_mask,$1,$2) $$<
$(call prac_cep_predictions,$1,$2,$3,$(call prac_run,$1,00)/last.predictions.tsv)
endef
define prac_cep_retrained
$1/prac/$2/predictions.tsv: $(call of,$(call prac_run,$1,$3),best.safetensors) \
		$(lists) $1/prac/settings/stop $1/prac/settings/disagree
	$$(call note,PrAC $2 - line 10: predictions on D0 of round $3 at its best validation)
	$$(prac_predict) $(call prac_run,$1,$3)/best.safetensors
$(call prac_cep_predictions,$1,$2,$3,$(call prac_run,$1,00)/best.predictions.tsv)
endef
# The published code's pair exists from round 1 on.
prac_cep = $(if $(filter none retrained-01,$(DISAGREE) $(DISAGREE)-$2),,$1/prac/$2/cep.idx)
# Passes over D0 that ticket $1 has needed.
prac_passes_pruned = 2*($1-1)
prac_passes_dense-pruned = $1>1?$1:0
prac_passes_retrained = $1>2?$1-1:0
prac_passes_none = 0
prac_rule_0 = none
prac_rule_1 = eps=$(STOP_EPS),queue=$(STOP_QUEUE),every=$(STOP_EVERY),start=$(STOP_START)

# $1 the seed's folder, $2 the seed, $3 the round, $4 the round before.
define prac_round
$1/prac/$3/cet.idx: $(call of,$(call prac_run,$1,$4),train.events) $1/prac/settings/stop \
		$1/prac/settings/forget | $1/prac/$3/
	$$(call note,PrAC $3 - line 6: samples of D forgotten more than $(THRESHOLD) times)
	$(LAUNCH) lt-forget$(quiet) -t $(THRESHOLD) -o $$@ \
		$(call prac_run,$1,$4)/train.events
$(call prac_mask,$1,$3): $(call prac_run,$1,$4)/last.safetensors $(call prac_mask,$1,$4) \
		$1/prac/settings/stop $1/settings/prune | $1/prac/$3/
	$$(call note,PrAC $3 - line 8: prune $(RATE) of the remaining weights of θ_T)
	$(prune)$(addprefix $() --mask=,$(call prac_mask,$1,$4)) -o $$@ $$<
$(if $(call prac_cep,$1,$3),$(call prac_cep_$(DISAGREE),$1,$3,$4))
$1/prac/$3/set.idx: $1/prac/$3/cet.idx $(call prac_cep,$1,$3) $1/prac/settings/disagree
	$$(call note,PrAC $3 - line 11: D = P)
	$(LAUNCH) lt-subset union$(quiet) -o $$@ $$(filter %.idx,$$^)
$1/prac/$3/budget: $1/prac/$3/set.idx $(lists) $1/settings/train $1/prac/settings/budget
	awk -f $(common)budget.awk epochs=$(EPOCHS) milestones=$(MILESTONES) \
		warmup=$(WARMUP) least=$(MIN_EPOCHS) is=set $$< is=d0 $(D0) \
		>$$@.tmp && mv -f $$@.tmp $$@

endef

# $1 the seed's folder, $2 the seed, $3 the round, $4 its number.
define prac_ticket
$(call retrain,$1,$2,$(call prac_mask,$1,$3),$1/prac/$3/ticket,PrAC $3)
$(call row,$1/prac/$3/ticket,$1/prac/$3/ticket.mask,is=set \
	$(call prac_set,$1,$(call before,$3)) is=search $(foreach \
	q,$(call until,$3),$(if $(filter-out 00,$q),$(since))$(call \
	prac_run,$1,$q)/log.tsv) $(call prac_watching,$(call \
	prac_run,$1,$(call before,$3))),method=prac round=$3 \
	rule=$(prac_rule_$(STOP)) passes=$$$$(($(call prac_passes_$(DISAGREE),$4))))

endef

define prac
$(call stamp,$1/prac/settings/stop,STOP STOP_EPS STOP_QUEUE STOP_START STOP_EVERY)
$(call stamp,$1/prac/settings/forget,THRESHOLD)
$(call stamp,$1/prac/settings/disagree,DISAGREE)
$(call stamp,$1/prac/settings/budget,SCALE MIN_EPOCHS)
$(call prac_run,$1,00)/%.predictions.tsv: $(call of,$(call prac_run,$1,00),%.safetensors) $(lists)
	$$(call note,PrAC - line 10: predictions on D0 of the full model)
	$$(prac_predict) $$(@:.predictions.tsv=.safetensors)
$(if $(dense_prefix),$(foreach f,$(kept) train.events,$1/dense/$f): | $(call of,$1/prac/00,state.safetensors))
$(foreach r,$(if $(filter 1,$(STOP)),00) $(filter-out $(lastword $(rounds)),$(rounds)),$(call prac_train,$1,$2,$r))
$(foreach r,$(rounds),$(call prac_round,$1,$2,$r,$(call before,$r)))
$(foreach r,$(tickets),$(call prac_ticket,$1,$2,$r,$(words $(call until,$r))))
$(call summary,$1/prac,$1/dense $(patsubst %,$1/prac/%/ticket,$(tickets)))
prac: $1/prac/$(lastword $(rounds))/set.idx $1/prac/summary.tsv $1/prac/summary.time
endef

.PHONY: prac
all: prac
$(call seeds,prac)
