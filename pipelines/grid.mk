# grid.mk: how good are masks from one epoch of the dense run on weights from another?
# Each (s, v): the mask of epoch s, the weights after epoch v, 0 for θ0, retrained on the
# full schedule.  lt-early(7) explains it.
#
#	lt run grid DATA=FOLDER
#	lt run grid MASK_EPOCHS='2 6 12' WEIGHT_EPOCHS='0 2 12' EPOCHS=12
#	lt run grid SEEDS='1 2 3' DIAGONAL=1 s1.DIAGONAL=0
#
#	$S/early/sSvV/      the ticket (s, v)
#	$S/early/grid.tsv
## The grid of masks and weights
WEIGHT_EPOCHS ?= 0 5 10 20 40 60 80 100 120 140 160 180 200#	[wholes] v: epochs of weights
DIAGONAL ?= 0#	[0 or 1 by seed] 1: s = v and v = 0 alone; s2.DIAGONAL=1 of seed 2
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
include $(pipelines)cell.mk
$(call need_epochs,MASK_EPOCHS)$(call need_epochs,WEIGHT_EPOCHS)

# Epochs of weights for the mask of epoch $1.
weights = $(if $(filter 1,$(DIAGONAL)),$(sort 0 $1),$(WEIGHT_EPOCHS))
cells := $(foreach s,$(MASK_EPOCHS),$(foreach v,$(call weights,$s),$E/s$sv$v))
all: $E/grid.tsv $(call in,$(cells),$(trained_files) test.tsv row.tsv) \
	$(foreach s,$(MASK_EPOCHS),$(addprefix $E/epoch-$s.,row.tsv test.tsv mask.tsv mask.safetensors))

$E/s%/row.tsv: $E/s%/log.tsv $E/s%/test.tsv $E/epoch-$$s.mask.tsv $S/dense/log.tsv
	$(run) lt-score cell --s $s --v $v --mask $E/epoch-$s.mask.tsv --dense $S/dense/log.tsv \
		--retrain $< --test $(@D)/test.tsv -o $@

# The dense network as it was after epoch s, and at its best.
$E/epoch-%.test.tsv: $$(call at,$$*) $(test.data)
	$(run) lt-eval $(evaluating) --data $(test.data) -o $@ $<
$E/epoch-%.row.tsv: $S/dense/log.tsv $E/epoch-%.test.tsv
	$(run) lt-score cell --s $* --v dense --dense $< --test $E/epoch-$*.test.tsv -o $@
$E/dense.row.tsv: $S/dense/log.tsv $S/dense/test.tsv
	$(run) lt-score cell --s best --v dense --retrain $< --test $S/dense/test.tsv -o $@

rows := $(MASK_EPOCHS:%=$E/epoch-%.row.tsv) $E/dense.row.tsv $(cells:%=%/row.tsv)
$E/grid.tsv: $(rows) $(call stamp,$E/settings/grid,MASK_EPOCHS WEIGHT_EPOCHS DIAGONAL)
	$(run) lt-score rows -o $@ $(rows)
