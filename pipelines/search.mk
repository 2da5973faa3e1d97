# search.mk: is a network worth searching for tickets?  ROUNDS times: train until validation
# gets no better, prune the best weights by LAMP, rewind to θ0.  lt-search(7) explains it.
#
#	lt run search DATA=FOLDER NETWORKS='lenet5 resnet32' SEEDS='1 2 3 4 5'
#	lt run search ... resnet18.EPOCHS=3 resnet18.TRAIN=2000 resnet18.DATASET=cifar10-2000
#
#	$P/RR/   a stage, 00 the dense one: ticket.mask.safetensors, none of 00,
#	         last.safetensors best.safetensors log.tsv test.tsv train.tsv length.tsv
#	$P/stages.tsv   a row a stage
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)search-settings.mk
include $(here)seed.mk

## A search of one network
PATIENCE ?= 50#	[whole] epochs without a better validation accuracy that end a training; 0: none
ARCS ?= 10#	[whole] arcs between test images for the trajectory length; 0: none
POINTS ?= 256#	[whole >1] points of an arc
PROJECTION ?= random#	[random or none] of what is measured

zero := $P/00
stages := 00 $(rounds)
patience := $(call stamp,$P/settings/patience,PATIENCE)
arcs := $(call stamp,$P/settings/arcs,ARCS POINTS PROJECTION)
by := $(call stamp,$P/settings/criterion,CRITERION)
all: $P/stages.tsv $(call in,$(rounds:%=$P/%),ticket.mask.safetensors ticket.mask.tsv) \
	$(call in,$(stages:%=$P/%),$(trained_files) test.tsv train.tsv row.tsv \
	$(if $(filter-out 0,$(ARCS)),length.tsv))

# Train f(m ⊙ θ0) until validation has not improved for PATIENCE epochs.
$(addprefix $P/%/,$(trained_files)): $S/theta0.safetensors \
		$$(call mask,$$*) $(trained) $(patience)
	$(call note,train for at most $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) $(addprefix --patience ,$(filter-out 0,$(PATIENCE))) \
		$(addprefix --mask ,$(call mask,$*)) $< $(keep) $(training)

# Prune the best weights of the stage before.
$P/%/ticket.mask.safetensors: $$(call trained_in,$$(call before,$$*))/best.safetensors \
		$$(prev_mask) $(pruned) $(by)
	$(call note,prune $(RATE) of the remaining weights by $(CRITERION))
	$(run) lt-prune $q $(prunable) --rate $(RATE) --method $(CRITERION) \
		$(addprefix --mask ,$(prev_mask)) -o $@ $<


# What the stage can do: seed.mk has its accuracies; the length of its trajectory.
$P/%/length.tsv: $P/%/best.safetensors $(test.data) \
		$(arcs)
	$(run) lt-trajectory $q --threads $(THREADS) --seed 1 --data $(test.data) \
		--points $(POINTS) --projection $(PROJECTION) --arcs $(ARCS) -o $@ $<

mask_table = $(patsubst %.safetensors,%.tsv,$(call mask,$*))
length_table = $(if $(filter-out 0,$(ARCS)),$P/$*/length.tsv)
$P/%/row.tsv: $P/%/log.tsv $P/%/test.tsv $P/%/train.tsv $$(length_table) $$(mask_table) \
		$(arcs)
	$(run) lt-score stage --network $(NET) --seed $(SEED) --stage $* \
		$(addprefix --mask ,$(mask_table)) --retrain $< --test $(@D)/test.tsv --train $(@D)/train.tsv \
		$(addprefix --length ,$(length_table)) -o $@
$P/stages.tsv: $(stages:%=$P/%/row.tsv) $(call stamp,$P/settings/rounds,ROUNDS)
	$(run) lt-score rows -o $@ $(stages:%=$P/%/row.tsv)
