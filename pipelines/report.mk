# report.mk: what a comparison of methods shows, as tables, pictures and one
# page.  It stands behind the workflows whose methods it compares:
#
#	make -f pipelines/imp.mk -f pipelines/prac.mk -f pipelines/random.mk \
#		-f pipelines/report.mk DATA=FOLDER SEEDS='1 2 3' report
#
#	OUT/DATASET/NET/report/           index.html and what it is made of
#	OUT/DATASET/NET/sSEED/report/     a seed's own tables
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

## Report
WITHIN ?= 1#	points below the dense network that still count as close

report_awk := awk -f $(common)report/lib.awk -f $(common)report
report_lib := $(common)report/lib.awk
# Every workflow adds to methods; set_methods are those that leave RR/set.idx.
compared := $(or $(methods),$(filter imp prac earlybird random,$(basename $(notdir $(MAKEFILE_LIST)))))
with_sets := $(or $(set_methods),$(filter prac prac-%,$(compared)))
$(if $(compared)$(filter help,$(MAKECMDGOALS)),,$(error report.mk \
	stands behind the workflows that it compares: -f imp.mk -f prac.mk -f report.mk))
report := $d/$(NET)/report
report_rounds := $(filter $(rounds) 00,$(epoch_rounds))
$(eval $(call stamp,$(report)/settings/rows,compared SEEDS ROUNDS TICKETS))
$(eval $(call stamp,$(report)/settings/within,WITHIN))

# $(call table,SCRIPT): needs of a table that lib.awk and SCRIPT make.
table = $(report_lib) $(common)report/$1.awk
finish = >$@.tmp$(lf)mv -f $@.tmp $@

# --- One seed: $1 is its folder, $2 the seed, $3 a method.
define report_sets
$1/report/sets-$3.tsv: $(patsubst %,$1/$3/%/set.idx,$(rounds)) $(lists) $(call table,sets) | $1/report/
	$(report_awk)/sets.awk $(D0) $(patsubst %,$1/$3/%/set.idx,$(rounds)) >$$@.tmp
	mv -f $$@.tmp $$@
$1/report/classes-$3.tsv: $1/$3/$(lastword $(rounds))/set.idx $(lists) $(train.data) \
		$(call table,classes) | $1/report/
	$(LAUNCH) lt-subset count$(quiet) --data $(train.data) -o $$@.count $(D0) $$<
	$(report_awk)/classes.awk $$@.count >$$@.tmp
	rm $$@.count && mv -f $$@.tmp $$@

endef
define report_method
$1/report/watched-$3.tsv: $1/$3/summary.tsv $(call table,watched) | $1/report/
	$(report_awk)/watched.awk dir=$1/$3 $(if $(filter earlybird,$3),own=1 )$$< >$$@.tmp
	mv -f $$@.tmp $$@
$1/report/rounds-$3.tsv: $1/$3/summary.tsv $(common)report/masks.awk \
		$(common)report/pairs.awk | $1/report/
	awk -f $(common)report/masks.awk dir=$1/$3 $$< | \
		xargs -r $(LAUNCH) lt-hamming$(quiet) --matrix -o $$@.matrix
	test -e $$@.matrix || : >$$@.matrix
	awk -f $(common)report/pairs.awk part=2 $$@.matrix >$$@.tmp
	rm $$@.matrix && mv -f $$@.tmp $$@

endef

# Figure 2 of the PrAC paper: what the masks of all epochs of an IMP round would
# be, and how far apart.  $3 is the round, $4 the folder of its training.
report_masks = $(patsubst %,$4/epoch-%.mask.safetensors,$(shell seq 1 $(EPOCHS)))
report_mask = $(if $(filter-out 00,$3),$1/imp/$3/ticket.mask.safetensors)
define report_epochs
$(report_masks): $4/epoch-%.mask.safetensors: $4/epoch-%.safetensors $(report_mask) $1/settings/prune
	$(prune)$(addprefix $() --mask=,$(report_mask)) -o $$@ $$<
$1/report/epochs-$3.tsv: $(report_masks) $(report_mask) $(common)report/pairs.awk | $1/report/
	$$(call note,distances between the masks of all epochs of IMP's round $3)
	$(LAUNCH) lt-hamming$(quiet) --matrix$(addprefix $() --norm base=,$(report_mask)) \
		-o $$@.matrix $(report_masks)
	awk -f $(common)report/pairs.awk part=1 round=$3 $$@.matrix >$$@.tmp
	rm $$@.matrix && mv -f $$@.tmp $$@

endef
define report_seed
$(foreach m,$(with_sets),$(call report_sets,$1,$2,$m))
$(foreach m,$(compared),$(call report_method,$1,$2,$m))
$(if $(filter imp,$(compared)),$(foreach r,$(report_rounds),$(call \
	report_epochs,$1,$2,$r,$1/$(if $(filter 00,$r),dense,imp/$r))))
endef
$(call seeds,report_seed)

# --- All seeds.  $(call rows,FILE) of every seed and method; $1 may use $m.
each_seed = $(foreach s,$(SEEDS),seed=$s $(patsubst %,$(call seed_dir,$s)/%,$1))
each_method = $(foreach s,$(SEEDS),seed=$s $(foreach m,$1,method=$m $(call seed_dir,$s)/report/$2-$m.tsv))
gather = $(report_awk)/gather.awk $1
all_rows = $(call each_seed,$(patsubst %,%/summary.$1,$(compared)))
$(report)/summary.tsv $(report)/summary.time: $(report)/summary.%: \
		$(foreach x,tsv time,$(call files,$(call all_rows,$x))) \
		$(report)/settings/rows $(call table,gather)
	$(call gather,$(call all_rows,$*)) $(finish)
$(report)/mean.tsv: $(report)/summary.tsv $(lists) $(call table,mean)
	$(report_awk)/mean.awk keys='method round' plain=sparsity d0=$$(wc -l <$(D0)) $< $(finish)
$(report)/mean.time: $(report)/summary.time $(call table,mean)
	$(report_awk)/mean.awk keys='method round' $< $(finish)

$(report)/matching.tsv: $(report)/summary.tsv $(report)/settings/within $(call table,matching)
	$(call note,matched: within one standard deviation of IMP)
	$(report_awk)/matching.awk within=$(WITHIN) $< $(finish)
costs_tsv := search_iterations presentations presentations+search_forward \
	multiply_adds multiply_adds+forward_multiply_adds
costs_time := search_seconds search_cpu_seconds
$(report)/savings.tsv $(report)/savings.time: $(report)/savings.%: \
		$(report)/matching.tsv $(report)/summary.% $(call table,savings)
	$(report_awk)/savings.awk costs='$(costs_$*)' is=matching $< is=summary $(word 2,$^) $(finish)

# $(eval $(call gathered,TABLE,METHODS,KIND)): a seed's tables KIND-METHOD.tsv.
define gathered
$(report)/$1.tsv: $(call files,$(call each_method,$2,$3)) $(report)/settings/rows $(call table,gather)
	$$(call gather,$(call each_method,$2,$3)) $$(finish)
endef
$(eval $(call gathered,sets,$(with_sets),sets))
$(eval $(call gathered,classes,$(with_sets),classes))
$(eval $(call gathered,distances,$(compared),watched))
# Distances of masks, means over the seeds.
$(report)/rounds.tsv: $(call files,$(call each_method,$(compared),rounds)) \
		$(report)/settings/rows $(call table,gather) $(call table,mean)
	$(call gather,$(call each_method,$(compared),rounds)) >$@.all
	$(report_awk)/mean.awk keys='method a b' $@.all >$@.tmp
	rm $@.all && mv -f $@.tmp $@
epoch_tables := $(call each_seed,$(patsubst %,report/epochs-%.tsv,$(report_rounds)))
$(report)/epochs.tsv: $(call files,$(epoch_tables)) $(report)/settings/rows \
		$(call table,gather) $(call table,mean)
	$(call gather,$(epoch_tables)) >$@.all
	$(report_awk)/mean.awk keys='round a b' $@.all >$@.tmp
	rm $@.all && mv -f $@.tmp $@

report_tables := summary mean matching savings distances rounds \
	$(if $(with_sets),sets classes) $(if $(report_rounds),epochs)
.PHONY: report
report: $(patsubst %,$(report)/%.tsv,$(report_tables)) \
	$(patsubst %,$(report)/%.time,summary mean savings)
