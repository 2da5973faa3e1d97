# gradual.mk: one training with prunings in between (Zhu and Gupta 2017).  Its
# ticket is the last mask on the weights at the end of the window (REWIND=end), or
# on rewound weights; it is retrained.  Beside it stand the one-shot tickets of the
# epochs where the windows end, and what all of them cost.  lt-early(7) explains it.
#
#	make -j2 -f pipelines/gradual.mk DATA=FOLDER
#	make ... WINDOWS='25-75 mine' mine.PRUNINGS='120:0.4 160:0.6 200:0.8'
#	make ... ITERATIVE=1 ROUNDS=8
#
#	sSEED/gradual/WINDOW/ticket/  sSEED/gradual/oneshot-E/
#	sSEED/gradual/summary.tsv     sSEED/early/gradual.tsv
#	early/gradual_mean.tsv gradual_table.tsv   accuracies by where pruning ends
#	early/cost.tsv cost.time.tsv    the same beside iterative pruning's
ifndef gradual.mk
gradual.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## Windows of gradual pruning
WINDOWS ?= 25-75 50-100 75-125 100-150 125-175 150-200#	[windows] FIRST-LAST epochs of prunings, or names with PRUNINGS
ONESHOT ?= $(sort $(call ends,$(WINDOWS)))#	[nothing or wholes] epochs of one-shot masks beside them; where windows end
ITERATIVE ?= 0#	[0 or 1] 1: iterative pruning as well (imp.mk), to compare what all cost
include $(dir $(lastword $(MAKEFILE_LIST)))prunings.mk
ifeq ($(ITERATIVE),1)
include $(common)imp.mk
endif
# Windows with a list of prunings of their own.
listed := $(foreach w,$(WINDOWS),$(if $(value $w.PRUNINGS),$w))
$(foreach w,$(filter dense memory settings oneshot-% summary%,$(WINDOWS)),$(error WINDOWS: $w: this name is taken))
$(call plan,$(WINDOWS))
$(call need_epochs,ONESHOT)$(if $(filter end,$(REWIND)),,$(call need_epochs,REWIND))

# $1 the seed's folder, $2 the seed, $3 a window or an epoch.
# $(end_weights): those just before the last pruning of window $3, which a training
# between two prunings has left, or the dense run if there is only one pruning.
# $(ticket_epoch): the epoch of the dense run whose weights ticket $3 gets, if any.
end_segment = $(lastword - $(filter-out $(lastword $($3.plan)),$($3.plan)))
on_segment = $(if $(filter end,$(REWIND)),$(filter-out -,$(end_segment)))
ticket_epoch = $(if $(on_segment),,$(if $(filter end,$(REWIND)),$(call ends,$3),$(rewound)))
ticket_weights = $(if $(on_segment),$1/gradual/$3/$(call \
	epoch_of,$(on_segment))/last.safetensors,$(call at,$1,$(ticket_epoch)))
ticket_theta = θ$(if $(on_segment),_T of the window,$(if $(filter 0,$(ticket_epoch)),0,_$(ticket_epoch)))
define gradual_ticket
$(call chain,$1,$2,$3)
$(call retrain,$1,$2,$(call final_mask,$1,$3).safetensors,$1/gradual/$3/ticket,gradual \
	$3,,$(ticket_weights),$(ticket_theta))
$(foreach f,$(kept),$1/gradual/$3/ticket/$f): $1/settings/rewind$(if $(filter-out \
	0,$(ticket_epoch)), | $1/dense/last.safetensors)
$(call row,$1/gradual/$3/ticket,$(call final_mask,$1,$3),is=set $(D0) is=search \
	$1/gradual/$3/log.tsv,method=gradual-$3 round=$(words $($3.plan)))

endef
# The one-shot ticket of the same epoch: its mask on the weights that a window's
# ticket gets, which are those of that epoch, the grid's diagonal, if REWIND=end.
shot = $1/gradual/oneshot-$3
shot_weights = $(if $(filter end,$(REWIND)),$1,$(rewound))
define oneshot_ticket
$(call e_cell,$1,$2,$3,$(call shot_weights,$3))
$(shot)/log.tsv: $(call of,$1/dense,log.tsv) $(common)absent.awk $(common)early/joined.awk | $(shot)/
	$(joined) until=$3 $1/dense/log.time.tsv >$$(call times,$$@)$$(tail)
	$$(call rename_as,$$(call times,$$@))
	$(joined) until=$3 $1/dense/log.tsv >$$(tmp)
	$$(rename)
$(shot)/row.tsv: $4/test.tsv $(call of,$4,log.tsv) $1/early/epoch-$3.mask.tsv $(shot)/log.tsv \
		$1/settings/rewind $(lists) $(common)absent.awk $(common)row.awk
	$(row_awk) method=oneshot-$3 round=1$$(nl)is=mask $1/early/epoch-$3.mask.tsv is=set \
		$(D0) is=search $(shot)/log.tsv$$(nl)is=retrain $4/log.tsv is=test $4/test.tsv >$$(tmp)
	$$(rename)
$(shot)/row.time.tsv: $(shot)/row.tsv $(common)absent.awk $(common)time.awk
	$(time_awk) method=oneshot-$3 round=1 is=search $(shot)/log.time.tsv is=retrain \
		$4/log.time.tsv >$$(tmp)
	$$(rename)

endef
gradual_awk = awk -f $(e_lib) -f $(common)early/gradual.awk ends='$(foreach \
	w,$(WINDOWS),$w=$(call ends,$w))'
gradual_costs := search_iterations retrain_iterations presentations multiply_adds
gradual_seconds := search_seconds retrain_seconds search_cpu_seconds retrain_cpu_seconds
gradual_sums = $1/gradual/summary.$2 $(if $(filter 1,$(ITERATIVE)),$1/imp/summary.$2)
define gradual_table
$1/early/gradual.$3: $(call gradual_sums,$1,$3) $1/gradual/settings/windows \
		$(e_lib) $(common)early/gradual.awk | $1/early/
	$(gradual_awk) columns='$4' $(call gradual_sums,$1,$3) >$$(tmp)
	$$(rename)

endef
define gradual
$(call stamp,$1/gradual/settings/windows,WINDOWS ONESHOT ITERATIVE REWIND)
$(foreach w,$(WINDOWS),$(call gradual_ticket,$1,$2,$w))
$(foreach e,$(ONESHOT),$(call oneshot_ticket,$1,$2,$e,$(call cell,$1,$2,$e,$(call shot_weights,$e))))
$(call summary,$1/gradual,$1/dense $(addprefix $1/gradual/oneshot-,$(ONESHOT)) $(patsubst \
	%,$1/gradual/%/ticket,$(WINDOWS)))
$1/gradual/summary.tsv $1/gradual/summary.time.tsv: $1/gradual/settings/windows
$(call gradual_table,$1,$2,tsv,sparsity val_acc test_acc below_dense $(gradual_costs))
$(call gradual_table,$1,$2,time.tsv,$(gradual_seconds))
endef
$(call seeds,gradual)

$(eval $(call e_all,gradual,kind window,end prunings $(gradual_costs)))
gradual_times = $(foreach s,$(SEEDS),seed=$s $(call seed_dir,$s)/early/gradual.time.tsv)
$(early)/gradual_mean.time.tsv: $(call files,$(gradual_times)) $(early)/settings/seeds $(e_lib) \
		$(common)report/gather.awk $(common)report/mean.awk
	$(e_awk)report/gather.awk $(gradual_times) >$@.all$(tail)
	$(e_awk)report/mean.awk keys='kind window' plain='end prunings' $@.all$(tail) >$(tmp)
	rm $@.all$(tail)
	$(rename)
$(early)/gradual_table.tsv $(early)/gradual_std.tsv: $(early)/gradual_mean.tsv $(e_lib) $(e_pivot)
	$(e_awk)early/pivot.awk row=end column=kind leave=NaN \
		value=test_acc$(if $(findstring std,$@),_std) $< $(finish)
cost_awk = $(e_awk)early/cost.awk sparsity=$(SPARSITY)
$(early)/cost.tsv: $(early)/gradual_mean.tsv $(e_lib) $(common)early/cost.awk
	$(cost_awk) costs='search_iterations presentations multiply_adds' $< $(finish)
$(early)/cost.time.tsv: $(early)/gradual_mean.tsv $(early)/gradual_mean.time.tsv $(e_lib) $(common)early/cost.awk
	$(cost_awk) costs='search_seconds search_cpu_seconds' $(filter %.tsv,$^) $(finish)
$(early)/gradual.png: $(early)/gradual_mean.tsv $(call e_gp,gradual)
	$(call e_plot,gradual,Gradual and one-shot pruning at sparsity $(SPARSITY),table='$<'; kinds='oneshot $(if \
		$(filter-out $(listed),$(WINDOWS)),gradual )$(listed)')

studies += gradual
.PHONY: gradual
all: gradual
gradual: $(patsubst %,$(early)/gradual_%.tsv,mean table std) $(early)/gradual_mean.time.tsv \
	$(early)/cost.tsv $(early)/cost.time.tsv $(call e_png,gradual)
endif
