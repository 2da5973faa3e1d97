# grid.mk: how good are masks from one epoch of the dense run on weights from
# another?  Each (s, v): the mask of epoch s, the weights after epoch v, 0 for
# θ0, retrained on the full schedule.  lt-early(7) explains it.
#
#	make -j2 -f pipelines/grid.mk DATA=FOLDER
#	make ... MASK_EPOCHS='2 6 12' WEIGHT_EPOCHS='0 2 12' EPOCHS=12
#	make ... SEEDS='1 2 3' DIAGONAL=1 s1.DIAGONAL=0
#
#	sSEED/early/sSvV/      the ticket (s, v) retrained
#	sSEED/early/grid.tsv   early/grid.tsv grid_mean.tsv
#	early/grid_table.tsv   test accuracies: rows s, columns v
#	early/grid.png tickets.png
ifndef grid.mk
grid.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## The grid of masks and weights
WEIGHT_EPOCHS ?= 0 5 10 20 40 60 80 100 120 140 160 180 200#	[wholes] v: epochs that weights are taken from
DIAGONAL ?= 0#	[0 or 1 by seed] 1: s = v and v = 0 alone; s2.DIAGONAL=1 of seed 2
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
given_owners.seed = $(SEEDS:%=s%)
$(call need_epochs,MASK_EPOCHS)$(call need_epochs,WEIGHT_EPOCHS)

# $1 the seed's folder, $2 the seed, $3 s, $4 v.
columns = $(if $(filter 1,$(call my,DIAGONAL)),$(sort 0 $1),$(WEIGHT_EPOCHS))
define grid_ticket
$(call e_cell,$1,$2,$3,$4)
$(cell)/row.tsv: $(cell)/test.tsv $(call of,$(cell),log.tsv) $1/early/epoch-$3.mask.tsv \
		$(call of,$1/dense,log.tsv) $(common)early/cell.awk
	awk -f $(common)early/cell.awk s=$3 v=$4 is=mask $1/early/epoch-$3.mask.tsv is=dense \
		$1/dense/log.tsv$$(nl)is=retrain $(cell)/log.tsv is=test $(cell)/test.tsv >$$(tmp)
	$$(rename)

endef
# The dense network as it was after epoch s, and at its best.
define grid_dense
$1/early/epoch-$3.test.tsv: $(call needs_at,$1,$3) $(test.data) | $1/early/
	$$(run) lt-eval$(quiet) --threads $(THREADS) --data $(test.data) -o $$@ $(call at,$1,$3)
$1/early/epoch-$3.row.tsv: $1/early/epoch-$3.test.tsv $(call of,$1/dense,log.tsv) $(common)early/cell.awk
	awk -f $(common)early/cell.awk s=$3 v=dense is=dense $1/dense/log.tsv is=test $$< >$$(tmp)
	$$(rename)

endef
define grid_best
$1/early/dense.row.tsv: $1/dense/test.tsv $(call of,$1/dense,log.tsv) $(common)early/cell.awk | $1/early/
	awk -f $(common)early/cell.awk s=best v=dense is=retrain $1/dense/log.tsv is=test $$< >$$(tmp)
	$$(rename)
endef
define grid_rows
$(foreach s,$(MASK_EPOCHS),$1/early/epoch-$s.row.tsv) $1/early/dense.row.tsv \
$(foreach s,$(MASK_EPOCHS),$(foreach v,$(call columns,$s),$(call cell,$1,$2,$s,$v)/row.tsv))
endef
define grid_seed
$(call stamp,$1/early/settings/grid,MASK_EPOCHS WEIGHT_EPOCHS DIAGONAL)
$(call grid_best,$1)
$(foreach s,$(MASK_EPOCHS),$(call grid_dense,$1,$2,$s)$(foreach v,$(call \
	columns,$s),$(call grid_ticket,$1,$2,$s,$v)))
$1/early/grid.tsv: $(grid_rows) $1/early/settings/grid $(common)rows.awk
	awk -f $(common)rows.awk $$(filter %/row.tsv %.row.tsv,$$^) >$$(tmp)
	$$(rename)
endef
grid_of = $(foreach m,s$2,$(grid_seed))
$(call seeds,grid_of)

$(eval $(call e_all,grid,s v,density))
$(early)/grid_table.tsv $(early)/grid_std.tsv: $(early)/grid_mean.tsv $(e_lib) $(e_pivot)
	$(e_awk)early/pivot.awk row=s column=v \
		value=test_acc$(if $(findstring std,$@),_std) $< $(finish)
# As in the paper, s goes to the right.
$(early)/grid.png: $(early)/grid_mean.tsv $(e_lib) $(e_pivot) $(call e_gp,heat)
	$(e_awk)early/pivot.awk cells=1 row=v column=s value=test_acc leave=best $< >$@.tsv$(tail)
	$(call e_plot,heat,Tickets (s$(comma) v) at sparsity $(SPARSITY),table='$@.tsv$(tail)'; apart='dense'; \
		format='%.2f'; unit='test accuracy$(comma) %'; x_label='s: epoch of the mask'; \
		y_label='v: epoch of the weights')

$(early)/tickets.png: $(early)/grid_mean.tsv $(call e_gp,tickets)
	$(call e_plot,tickets,Tickets by the epoch of their mask$(comma) at sparsity $(SPARSITY),table='$<')

studies += grid
.PHONY: grid
all: grid
grid: $(patsubst %,$(early)/grid%.tsv,_mean _table _std) $(call e_png,grid tickets)
endif
