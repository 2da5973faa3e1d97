# weights.mk: how the weights of each layer move in the dense run, which share of
# them one-shot pruning would take, and how far its masks are apart.
# lt-early(7) explains it.
#
#	make -j2 -f pipelines/weights.mk DATA=FOLDER
#
#	sSEED/early/weights.tsv slopes.tsv rates.tsv distances.tsv
#	early/...                   the same of all seeds, and NAME_mean.tsv
#	early/distances_table.tsv   a square
#	early/W_std.png rates.png slopes.png distances.png
ifndef weights.mk
weights.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## Weights and masks of epochs
WEIGHTS_EVERY ?= 1#	[whole >0] epochs from one look at the weights to the next
DISTANCE_EPOCHS ?= $(MASK_EPOCHS)#	[wholes] epochs whose masks are compared
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
# What Eq. 5 predicts is the change under gradient descent with momentum.
$(if $(by_sgd),,$(error OPTIMIZER=$(OPTIMIZER): weights.mk knows sgd alone))
looks := $(shell seq $(WEIGHTS_EVERY) $(WEIGHTS_EVERY) $(EPOCHS))
$(call need_epochs,looks)$(call need_epochs,DISTANCE_EPOCHS)

# $1 the seed's folder, $2 the seed.
look_tables = $(foreach e,0 $(looks),$1/early/epoch-$e.weights.tsv $1/early/epoch-$e.mask.tsv)
define look
$1/early/epoch-$3.weights.tsv: $(call needs_at,$1,$3) | $1/early/
	$$(run) lt-info$(quiet) --tsv -o $$@ $(call at,$1,$3)

endef
weights_awk = $(e_awk)early/weights.awk what=$$* dir=$1/early epochs='0 $(looks)'
define weights_seed
$(call stamp,$1/early/settings/looks,WEIGHTS_EVERY)
$(foreach e,0 $(looks),$(call look,$1,$2,$e))
$(foreach t,weights slopes rates,$1/early/$t.tsv): $1/early/%.tsv: $(call of,$1/dense,log.tsv) $(look_tables) \
		$1/early/settings/looks $(e_lib) $(common)early/weights.awk
	$(weights_awk) momentum=$(MOMENTUM) decay=$(WEIGHT_DECAY) $1/dense/log.tsv >$$(tmp)
	$$(rename)
$(call stamp,$1/early/settings/distances,DISTANCE_EPOCHS)
$1/early/distances.tsv: $(foreach e,$(DISTANCE_EPOCHS),$(call e_mask,$1,$e)) \
		$1/early/settings/distances $(common)report/pairs.awk
	$$(call note,distances between the masks of all pairs of epochs)
	$$(call run_to,$$@.matrix$$(tail)) lt-hamming$(quiet) --matrix -o $$@.matrix$$(tail) $(foreach e,$(DISTANCE_EPOCHS),$(call e_mask,$1,$e))
	awk -f $(common)report/pairs.awk part=1 $$@.matrix$$(tail) >$$(tmp)
	rm $$@.matrix$$(tail)
	$$(rename)
endef
$(call seeds,weights_seed)

$(eval $(call e_all,weights,epoch layer,iteration lr count predicted_share))
$(eval $(call e_all,slopes,first last layer,lr iterations))
$(eval $(call e_all,rates,epoch))
$(eval $(call e_all,distances,a b))
$(early)/distances_table.tsv: $(early)/distances_mean.tsv $(e_lib) $(e_pivot)
	$(e_awk)early/pivot.awk row=a column=b value=distance $< $(finish)

# Layers in the order of the network, one line each.
layer_lines = $(e_awk)early/pivot.awk natural=1 row=epoch column=layer value=$1 $<
layers_needs := $(early)/weights_mean.tsv $(e_lib) $(e_pivot) $(call e_gp,layers)
define layers_png
$(early)/$1.png: $(layers_needs)
	$$(call layer_lines,$2) >$$@.tsv$$(tail)
	$(if $5,$$(call layer_lines,$5) >$$@.eq5$$(tail))
	$$(call e_plot,layers,$3,table='$$@.tsv$$(tail)'; unit='$4'; drops='$(drops)'; eq5='$(if $5,$$@.eq5$$(tail))')

endef
$(eval $(call layers_png,W_std,W_std,Weights of each layer,standard deviation W_std))
$(eval $(call layers_png,rates,rate,Pseudo pruning rates at sparsity $(SPARSITY),weights that would go$$(comma) %))
$(eval $(call layers_png,slopes,change_share,Change of W_std and what Eq. 5 predicts,change of W_std$$(comma) % of it in an epoch,predicted_share))
$(early)/distances.png: $(early)/distances_mean.tsv $(e_lib) $(e_pivot) $(call e_gp,heat)
	$(e_awk)early/pivot.awk cells=1 row=a column=b value=distance $< >$@.tsv$(tail)
	$(call e_plot,heat,Masks of epochs at sparsity $(SPARSITY),table='$@.tsv$(tail)'; apart=''; \
		format='%.3f'; unit='distance: share of the prunable weights that differ'; \
		x_label='s: epoch of the mask'; y_label='epoch of the other')

studies += weights
.PHONY: weights
all: weights
weights: $(patsubst %,$(early)/%_mean.tsv,weights slopes rates distances) \
	$(early)/distances_table.tsv $(call e_png,W_std rates slopes distances)
endif
