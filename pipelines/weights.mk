# weights.mk: how the weights of each layer move in the dense run, which share of them
# one-shot pruning would take, and how far its masks are apart.  lt-early(7) explains it.
#
#	lt run weights DATA=FOLDER
#
#	$S/early/weights.tsv slopes.tsv rates.tsv distances.tsv
## Weights and masks of epochs
WEIGHTS_EVERY ?= 1#	[whole >0] epochs from one look at the weights to the next
DISTANCE_EPOCHS ?= $(MASK_EPOCHS)#	[wholes] epochs whose masks are compared
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
# What Eq. 5 predicts is the change under gradient descent with momentum.
$(if $(filter sgd,$(OPTIMIZER)),,$(error OPTIMIZER=$(OPTIMIZER): weights.mk knows sgd alone))
looks := $(shell seq $(WEIGHTS_EVERY) $(WEIGHTS_EVERY) $(EPOCHS))
$(call need_epochs,looks)$(call need_epochs,DISTANCE_EPOCHS)
all: $E/weights.tsv $E/slopes.tsv $E/rates.tsv $E/distances.tsv \
	$E/distances.matrix.tsv $(foreach e,0 $(looks),$(addprefix $E/epoch-$e.,weights.tsv \
	mask.safetensors mask.tsv))

$E/epoch-%.weights.tsv: $$(call at,$$*)
	$(run) lt-info $q --tsv -o $@ $<

# A look at the weights of all layers after each of these epochs, and at their masks.
seen := $(foreach e,0 $(looks),$E/epoch-$e.weights.tsv $E/epoch-$e.mask.tsv)
look := $(foreach e,0 $(looks),epoch=$e $E/epoch-$e.weights.tsv $E/epoch-$e.mask.tsv)
$E/weights.tsv $E/slopes.tsv $E/rates.tsv: $E/%.tsv: $S/dense/log.tsv $(seen) \
		$(call stamp,$E/settings/looks,WEIGHTS_EVERY)
	$(run) lt-score $* --momentum $(MOMENTUM) --decay $(WEIGHT_DECAY) --dense $< $(look) -o $@

# The distances between the masks of all pairs of epochs.
compared := $(DISTANCE_EPOCHS:%=$E/epoch-%.mask.safetensors)
$E/distances.matrix.tsv: $(compared) $(call stamp,$E/settings/distances,DISTANCE_EPOCHS)
	$(call note,distances between the masks of all pairs of epochs)
	$(run) lt-hamming $q --matrix -o $@ $(compared)
$E/distances.tsv: $E/distances.matrix.tsv
	$(run) lt-score pairs --part 1 -o $@ $<
