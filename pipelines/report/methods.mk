# methods.mk: what a comparison of methods shows; report.mk reads it.
report := $(patsubst %/,%,$(dir $(call seed_dir,0)))/report
r_awk := awk -f $(common)report/lib.awk -f $(common)report
# $(call r_by,SCRIPT): it and what it stands on are needed.
r_by = $(common)report/lib.awk $(common)report/$1.awk
r_finish = >$(tmp)$(lf)$(rename)
$(eval $(call stamp,$(report)/settings/rows,methods SEEDS ROUNDS TICKETS))
$(eval $(call stamp,$(report)/settings/within,WITHIN))

# Searches that leave sets of their own, those whose sets are PrAC's, and those
# that watch the distance of masks; the search that stands for all, the first
# seed, and the rounds of which all epochs' masks are compared.
r_made := $(foreach m,$(searched),$(if $(made),$m))
r_found := $(foreach m,$(searched),$(if $(filter prac,$(call my,SETS)),$m))
r_watch := $(foreach m,$(searched),$(if $(and $(stops),$(trains)),$m)) $(filter earlybird,$(methods))
r_search := $(or $(filter prac,$(r_found)),$(firstword $(r_found)))
r_seed := $(firstword $(SEEDS))
r_epochs := $(if $(filter imp,$(methods)),$(filter 00 $(rounds),$(epoch_rounds)))
r_last := $(lastword $(rounds))

# --- One seed: $1 is its folder, $2 the seed, $m a method.
define r_sets
$1/report/sets-$m.tsv: $(patsubst %,$1/$m/%/set.idx,$(rounds)) $(lists) $(call r_by,sets) | $1/report/
	$(r_awk)/sets.awk $(D0) $(patsubst %,$1/$m/%/set.idx,$(rounds)) >$$(tmp)
	$$(rename)
$1/report/classes-$m.tsv: $1/$m/$(r_last)/set.idx $(lists) $(train.data) \
		$(call r_by,classes) | $1/report/
	$$(call run_to,$$@.count$$(tail)) lt-subset count$(quiet) --data $(train.data) -o $$@.count$$(tail) $(D0) $$<
	$(r_awk)/classes.awk $$@.count$$(tail) >$$(tmp)
	rm $$@.count$$(tail)
	$$(rename)

endef
define r_watched
$1/report/watched-$m.tsv: $1/$m/summary.tsv $(call r_by,watched) | $1/report/
	$(r_awk)/watched.awk dir=$1/$m $(if $(filter earlybird,$m),own=1 ,zero=$1/$($m.zero)/00 )$$< >$$(tmp)
	$$(rename)

endef

# Distances of masks, as lt-hamming's matrix and as a row a pair.  $1 what masks
# are compared (a command that lists them), $2 its options, $3 those of pairs.awk.
r_pairing := $(common)report/masks.awk $(common)report/pairs.awk
define r_pairs
	rm -f $$@.matrix$$(tail)
	$1 | xargs -r $$(call launch_to,$$@.matrix$$(tail)) lt-hamming$(quiet) --matrix $2 -o $$@.matrix$$(tail)
	test -e $$@.matrix$$(tail) || : >$$@.matrix$$(tail)
	awk -f $(common)report/pairs.awk $3 $$@.matrix$$(tail) >$$(tmp)
	rm $$@.matrix$$(tail)
	$$(rename)
endef
define r_masks
$1/report/rounds-$m.tsv: $1/$m/summary.tsv $(r_pairing) | $1/report/
$(call r_pairs,awk -f $(common)report/masks.awk $(if $(filter earlybird,$m),own=1 )$$<,--norm all,part=2)

endef
define r_methods
$1/report/methods-$r.tsv: $(patsubst %,$1/%/summary.tsv,$(methods)) $(r_pairing) | $1/report/
$(call r_pairs,awk -f $(common)report/masks.awk round=$r $$(filter %.tsv,$$^),--norm kept,part=3 round=$r)

endef

# Figure 2 of the PrAC paper: what the masks of all epochs of an IMP round would
# be, and how far apart.  $r is the round, $3 the folder of its training.
r_mask = $(if $(filter-out 00,$r),$1/imp/$r/ticket.mask.safetensors)
r_masks_of = $(patsubst %,$3/epoch-%.mask.safetensors,$(shell seq 1 $(EPOCHS)))
define r_epochs_of
$(r_masks_of): $3/epoch-%.mask.safetensors: $3/epoch-%.safetensors $(r_mask) $1/settings/prune
	$$(prune)$(addprefix $() --mask=,$(r_mask)) -o $$@ $$<
$1/report/epochs-$r.tsv: $(r_masks_of) $(r_mask) $(r_pairing) | $1/report/
	$$(call note,distances between the masks of all epochs of IMP's round $r)
$(call r_pairs,echo $(r_masks_of),$(if $(r_mask),--norm base=$(r_mask)),part=1 round=$r)

endef
define r_one_seed
$(foreach m,$(r_made),$(r_sets))
$(foreach m,$(r_watch),$(r_watched))
$(foreach m,$(methods),$(r_masks))
$(foreach r,$(tickets),$(r_methods))
$(foreach r,$(r_epochs),$(call r_epochs_of,$1,$2,$1/$(if $(filter 00,$r),dense,imp/$r)))
endef
$(call seeds,r_one_seed)

# --- All seeds.  $(call r_table,NAME,METHODS,KIND): the tables KIND-METHOD.tsv
# of all seeds as one; $(call r_means,NAME,KEYS,...): means over the seeds.
r_each = $(foreach s,$(SEEDS),seed=$s $(foreach m,$1,method=$m $(call seed_dir,$s)/report/$2-$m.tsv))
r_gather = $(r_awk)/gather.awk
define r_table
$(report)/$1.tsv: $(call files,$(call r_each,$2,$3)) $(report)/settings/rows $(call r_by,gather)
	$$(r_gather) $(call r_each,$2,$3) $$(r_finish)

endef
define r_means
$(report)/$1.tsv: $(call files,$3) $(report)/settings/rows \
		$(call r_by,gather) $(common)report/mean.awk
	$$(r_gather) $3 >$$@.all$$(tail)
	$(r_awk)/mean.awk keys='$2' $$@.all$$(tail) >$$(tmp)
	rm $$@.all$$(tail)
	$$(rename)

endef
r_files = $(foreach s,$(SEEDS),seed=$s $(patsubst %,$(call seed_dir,$s)/%,$1))
r_summaries = $(call r_files,$(patsubst %,%/summary.$1,$(methods)))

$(report)/summary.tsv: $(call files,$(call r_summaries,tsv)) $(report)/settings/rows \
		$(call r_by,gather)
	$(r_gather) $(call r_summaries,tsv) $(r_finish)
$(report)/summary.time.tsv: $(call files,$(call r_summaries,time.tsv)) $(report)/settings/rows \
		$(call r_by,gather)
	$(r_gather) $(call r_summaries,time.tsv) $(r_finish)
$(report)/mean.tsv: $(report)/summary.tsv $(lists) $(call r_by,mean)
	$(r_awk)/mean.awk keys='method round' plain=sparsity d0=$$(wc -l <$(D0)) $< $(r_finish)
$(report)/mean.time.tsv: $(report)/summary.time.tsv $(call r_by,mean)
	$(r_awk)/mean.awk keys='method round' $< $(r_finish)
$(report)/matching.tsv: $(report)/summary.tsv $(report)/settings/within $(call r_by,matching)
	$(call note,matched: within one standard deviation of IMP)
	$(r_awk)/matching.awk within=$(WITHIN) $< $(r_finish)
r_costs_tsv := search_iterations presentations presentations+search_forward \
	multiply_adds multiply_adds+forward_multiply_adds
r_costs_time.tsv := search_seconds search_cpu_seconds
$(report)/savings.tsv $(report)/savings.time.tsv: $(report)/savings.%: \
		$(report)/matching.tsv $(report)/summary.% $(call r_by,savings)
	$(r_awk)/savings.awk costs='$(r_costs_$*)' is=matching $< is=summary $(word 2,$^) $(r_finish)
$(eval $(call r_table,sets,$(r_made),sets))
$(eval $(call r_table,classes,$(r_made),classes))
$(eval $(call r_table,distances,$(r_watch),watched))
$(eval $(call r_means,sets_mean,method round,$(call r_each,$(r_made),sets)))
$(eval $(call r_means,classes_mean,method class name,$(call r_each,$(r_made),classes)))
$(eval $(call r_means,rounds,method a b,$(call r_each,$(methods),rounds)))
$(eval $(call r_means,methods,round a b,$(call r_files,$(patsubst %,report/methods-%.tsv,$(tickets)))))
$(eval $(call r_means,epochs,round a b,$(call r_files,$(patsubst %,report/epochs-%.tsv,$(r_epochs)))))

r_tables := summary mean matching savings $(if $(r_made),sets sets_mean \
	classes classes_mean) $(if $(r_watch),distances) $(if $(r_epochs),epochs) rounds methods
r_products := $(r_tables:%=$(report)/%.tsv) $(patsubst %,$(report)/%.time.tsv,summary mean savings)

include $(common)report/page.mk
report: $(r_products) $(report)/index.html
