# report-early.mk: what the study of early tickets shows over all seeds: tables, pictures and
# a page, of those parts that were run.  run.mk runs it.
#
#	OUT/DATASET/NET/early/   README.md index.html and what they are made of
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)early-settings.mk
include $(here)data.mk
include $(here)margin.mk

R := $N/early
first := $N/s$(firstword $(SEEDS))
shown := $(call stamp,$R/settings/rows,SEARCHES SEEDS JOIN)
include $(pipelines)tables.mk
all: $R/README.md

# --- A table of all seeds: the stem is its name.
of_seeds = $(foreach s,$(SEEDS),seed=$s $(wildcard $N/s$s/early/$1.tsv))
tables_of_grid     := grid
tables_of_weights  := weights slopes rates distances
tables_of_ppr      := ppr ticket
tables_of_memorize := memory steps
names := $(foreach s,$(SEARCHES),$(tables_of_$s))
made := $(foreach t,$(names),$(if $(call files,$(call of_seeds,$t)),$t))
$(made:%=$R/%.tsv): $R/%.tsv: $$(call files,$$(call of_seeds,$$*)) $(shown) $$(theirs)
	$(rows) $(call of_seeds,$*)

# Its means and deviations: what makes a group, and what has no deviation.
by = $(foreach k,$1,--key $k) $(foreach p,$2,--plain $p)
by_grid      := $(call by,s v,density)
by_weights   := $(call by,epoch layer,iteration lr count predicted_share)
by_slopes    := $(call by,first last layer,lr iterations)
by_rates     := $(call by,epoch)
by_distances := $(call by,a b)
by_ppr       := $(call by,lr epoch,iteration presentations macs)
by_ticket    := $(call by,rule)
by_memory    := $(call by,kind epoch samples,pruned)
by_steps     := $(call by,kind epoch,pruned samples)
$(made:%=$R/%_mean.tsv): $R/%_mean.tsv: $R/%.tsv
	$(run) lt-score mean $(by_$*) -o $@ $<

# The same as a square.
square_grid      := --rows s --across v --value test_acc
square_distances := --rows a --across b --value distance
square_memory    := --rows samples --across epoch --value learned_acc
square_steps     := --natural --rows kind --across epoch --value learned_acc
squares := $(filter grid distances memory steps,$(made))
$(squares:%=$R/%_table.tsv): $R/%_table.tsv: $R/%_mean.tsv
	$(run) lt-score pivot $(square_$*) -o $@ $<
$R/grid_std.tsv: $R/grid_mean.tsv
	$(run) lt-score pivot $(square_grid)_std -o $@ $<

# --- Tickets against others, paired over the seeds.  Of the grid: the masks of all epochs against
# that of the last one, on θ0 and on the weights of their own epoch; and these on θ0 against each
# other.
judged := $(call stamp,$R/settings/margin,MARGIN)
less = $(foreach p,$1,--pair $p)
last_mask := $(lastword $(MASK_EPOCHS))
earlier := $(filter-out $(last_mask),$(MASK_EPOCHS))
grid_pairs := $(earlier:%=%/0=$(last_mask)/0) \
	$(foreach s,$(earlier),$s/$s=$(last_mask)/$(last_mask)) \
	$(foreach s,$(filter-out 0,$(MASK_EPOCHS)),$s/$s=$s/0)
$R/grid_differences.tsv: $R/grid.tsv $(judged) $(call stamp,$R/settings/grid,MASK_EPOCHS)
	$(run) lt-score differences --key s --key v $(call less,$(grid_pairs)) --margin $(MARGIN) -o $@ $<

# --- Gradual pruning beside one-shot and iterative pruning.
gradual := $(filter oneshot-%,$(SEARCHES)) $(filter gradual-%,$(SEARCHES))
ifneq ($(filter gradual-%,$(gradual)),)
last_plan = $(subst :, ,$(lastword $(file <$(first)/$1/settings/prunings)))
last_epoch = $(patsubst plan=%,%,$(firstword $(last_plan)))
ends := $(foreach w,$(filter gradual-%,$(gradual)),$(w:gradual-%=%)=$(call last_epoch,$w))
costs := search_iterations retrain_iterations presentations multiply_adds
columns := sparsity val_acc test_acc below_dense $(costs)
columns_time := search_seconds retrain_seconds search_cpu_seconds retrain_cpu_seconds
of_one = $(wildcard $(patsubst %,$N/$1/%/$2,$(gradual) $(filter imp,$(SEARCHES))))

$N/%/early/gradual.tsv: $$(call of_one,$$*,summary.tsv) $(shown)
	$(run) lt-score gradual --ends '$(ends)' --columns '$(columns)' -o $@ \
		$(call of_one,$*,summary.tsv)
$N/%/early/gradual.time.tsv: $$(call of_one,$$*,summary.time.tsv) $(shown)
	$(run) lt-score gradual --ends '$(ends)' --columns '$(columns_time)' -o $@ \
		$(call of_one,$*,summary.time.tsv)

each = $(foreach s,$(SEEDS),seed=$s $N/s$s/early/$1)
$R/gradual.tsv $R/gradual.time.tsv: $R/%: $$(call files,$$(call each,$$*)) $(shown) $$(theirs)
	$(rows) $(call each,$*)
# Each window, or list of prunings, against one-shot pruning where it ends.
window_pairs = $(foreach w,$(subst =,=oneshot/,$(ends)),gradual/$w \
	$(firstword $(subst =, ,$w))/$w)
$R/gradual_differences.tsv: $R/gradual.tsv $(judged)
	$(run) lt-score differences --key kind --key window $(call less,$(window_pairs)) \
		--margin $(MARGIN) -o $@ $<
$R/gradual_mean.tsv: $R/gradual.tsv
	$(run) lt-score mean $(call by,kind window,end prunings $(costs)) -o $@ $<
$R/gradual_mean.time.tsv: $R/gradual.time.tsv
	$(run) lt-score mean $(call by,kind window,end prunings) -o $@ $<
by_end := --rows end --across kind --leave NaN --value
$R/gradual_table.tsv: $R/gradual_mean.tsv
	$(run) lt-score pivot $(by_end) test_acc -o $@ $<
$R/gradual_std.tsv: $R/gradual_mean.tsv
	$(run) lt-score pivot $(by_end) test_acc_std -o $@ $<
$R/cost.tsv: $R/gradual_mean.tsv
	$(run) lt-score cost --sparsity $(SPARSITY) -o $@ \
		--columns 'search_iterations presentations multiply_adds' $<
$R/cost.time.tsv: $R/gradual_mean.tsv $R/gradual_mean.time.tsv
	$(run) lt-score cost --sparsity $(SPARSITY) -o $@ \
		--columns 'search_seconds search_cpu_seconds' $^
compared := $(addprefix $R/,gradual_mean.tsv gradual_mean.time.tsv gradual_table.tsv \
	gradual_std.tsv gradual_differences.tsv cost.tsv cost.time.tsv)
endif

# --- The page, of all tables that there are.
include $(pipelines)page.mk
found := $(made:%=$R/%_mean.tsv) $(squares:%=$R/%_table.tsv) $(compared) \
	$(if $(filter grid,$(made)),$R/grid_std.tsv $R/grid_differences.tsv)
found += $(made:%=$R/%.tsv) $(if $(compared),$R/gradual.tsv $R/gradual.time.tsv)
$R/README.md: $(found) $R/facts.tsv $R/settings.tsv $(wildcard $(pages)*)
	rm -f $(stale)
	sh $(pages)draw.sh early $R
	sh $(pages)page.sh early $R
