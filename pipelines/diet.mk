# diet.mk: how hard each sample is early in training (Paul et al. 2021): the mean of EL2N or of
# GraNd over SCORE_RUNS networks that were trained on D0 for SCORE_EPOCHS epochs.  Each has
# weights and an order of the data of its own.
#
#	$S/diet/NN/theta0.safetensors  last.safetensors log.tsv
#	$S/diet/NN/predictions.tsv  predictions.cost.tsv        EL2N
#	$S/diet/NN/gradients.tsv  gradients.cost.tsv            GraNd, too
diet := $(shell seq -f $S/diet/%02g 1 $(SCORE_RUNS))
diet_table := $(if $(filter grand,$(SETS)),gradients,predictions)
diet_tables := $(diet:%=%/$(diet_table).tsv)
diet_costs := $(diet:%=%/$(diet_table).cost.tsv)
diet_logs := $(diet:%=%/log.tsv)
all: $(call in,$(diet),theta0.safetensors last.safetensors log.tsv) $(diet_tables) $(diet_costs)
$(if $(filter --from%,$(NET_OPTIONS)),$(error NET_OPTIONS has --from: SETS=$(SETS) needs weights \
	of new seeds$(comma) expected options that initialize))

# Network NN has the seed SEED + 100 NN: those of SEED and of reinit are others.
diet_seed = $(shell expr $(SEED) + 100 \* $*)
early := $(call stamp,$S/diet/settings/net,NET_OPTIONS SCORE_EPOCHS)
$S/diet/%/theta0.safetensors: $(or $(wildcard $(ARCH)),$(train.data)) $(early)
	$(call note,network $* that scores samples)
	$(run) lt-init $q --seed $(diet_seed) $(if $(wildcard $(ARCH)),,--data $(train.data)) \
		$(NET_OPTIONS) -o $@ $(ARCH)

# The first epochs of a training, in the schedule of all.
$S/diet/%/last.safetensors $S/diet/%/log.tsv: $S/diet/%/theta0.safetensors $(trained) $(early)
	$(call note,train it on D0 for $(SCORE_EPOCHS) epochs)
	$(run) lt-train --index $(D0) $< --to $(SCORE_EPOCHS) --log $(@D)/log.tsv \
		-o $(@D)/last.safetensors $(subst --seed $(SEED) ,--seed $(diet_seed) ,$(training))

$S/diet/%/predictions.tsv $S/diet/%/predictions.cost.tsv: $S/diet/%/last.safetensors $(D0) \
		$(train.data)
	$(call note,its predictions on D0)
	$(predict)
$S/diet/%/gradients.tsv $S/diet/%/gradients.cost.tsv: $S/diet/%/last.safetensors $(D0) \
		$(train.data)
	$(call note,its gradients on D0)
	$(run) lt-eval $(evaluating) --data $(train.data) --index $(D0) --grand \
		--predictions $(@D)/gradients.tsv --cost $(@D)/gradients.cost.tsv -o /dev/null $<
