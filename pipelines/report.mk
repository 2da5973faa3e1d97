# report.mk: what searches show over all seeds: tables, pictures and a page.  run.mk runs it
# for each network, when the searches are done.
#
#	OUT/DATASET/NET/report/   README.md index.html and what they are made of
include $(dir $(lastword $(MAKEFILE_LIST)))data.mk

include $(pipelines)margin.mk
## Report
WITHIN ?= 1#	[real] points that a ticket may be below the dense network
SHEET ?= 60#	[whole >0] samples on a contact sheet
SHEET_SCALE ?= 2#	[whole >0] their pixels, enlarged

R := $N/report
# The tables $1 of all searches, or what $2 names; behind seed= and method= those of a file.
tables = $(foreach s,$(SEEDS),seed=$s $(foreach m,$(or $2,$(SEARCHES)),method=$m \
	$(wildcard $N/s$s/$m/$1)))
plain = $(filter-out method=%,$(tables))
shown := $(call stamp,$R/settings/rows,SEARCHES SEEDS ROUNDS TICKETS JOIN)
include $(pipelines)tables.mk
all: $R/README.md

# --- The rows of all tickets, their means and deviations over seeds.
$R/summary.tsv $R/summary.time.tsv: $R/%: $(call files,$(call plain,summary.tsv)) $(shown) \
		$$(theirs)
	$(rows) $(call plain,$*)
$R/mean.tsv: $R/summary.tsv $(D0)
	$(run) lt-score mean --key method --key round --plain sparsity --of $(D0) -o $@ $<
$R/mean.time.tsv: $R/summary.time.tsv
	$(run) lt-score mean --key method --key round -o $@ $<

# --- Which tickets are as good as IMP's, what that saves, and what speaks against it.
judged := $(call stamp,$R/settings/within,WITHIN MARGIN)
$R/matching.tsv: $R/summary.tsv $(judged)
	$(run) lt-score matching --within $(WITHIN) --margin $(MARGIN) -o $@ $<
$R/warnings.tsv: $R/matching.tsv $R/summary.tsv
	$(run) lt-score warnings --margin $(MARGIN) --matching $< -o $@ $R/summary.tsv
costs := search_iterations presentations presentations+search_forward multiply_adds \
	multiply_adds+forward_multiply_adds
$R/savings.tsv: $R/matching.tsv $R/summary.tsv
	$(run) lt-score savings $(addprefix --cost ,$(costs)) --matching $< -o $@ $R/summary.tsv
$R/savings.time.tsv: $R/matching.tsv $R/summary.time.tsv
	$(run) lt-score savings --cost search_seconds --cost search_cpu_seconds --matching $< \
		-o $@ $R/summary.time.tsv

# Each control less the search that it is compared with, seed by seed: run.mk says the pairs.
controls := $(call stamp,$R/settings/controls,LT_CONTROLS)
$R/differences.tsv: $R/summary.tsv $(judged) $(controls)
	$(run) lt-score differences $(addprefix --pair ,$(LT_CONTROLS)) --margin $(MARGIN) -o $@ $<

# --- Sets, the classes they hold, the distances of masks.
details := sets classes
$R/sets.tsv: $(call files,$(call tables,sets.tsv)) $(shown) $$(theirs)
	$(rows) $(call tables,sets.tsv)
$R/classes.tsv: $(call files,$(call tables,classes.tsv)) $(shown) $$(theirs)
	$(rows) $(call tables,classes.tsv)
$R/distances.tsv: $(call files,$(call tables,watched.tsv)) $(shown) $$(theirs)
	$(rows) $(call tables,watched.tsv)
$R/rounds.all.tsv: $(call files,$(call tables,rounds.tsv)) $(shown) $$(theirs)
	$(rows) $(call tables,rounds.tsv)
$R/layers.all.tsv: $(call files,$(call tables,layers.tsv)) $(shown) $$(theirs)
	$(rows) $(call tables,layers.tsv)
$R/layers.tsv: $R/layers.all.tsv
	$(run) lt-score mean --key method --key round --key name --plain count -o $@ $<
$R/sets_mean.tsv: $R/sets.tsv
	$(run) lt-score mean --key method --key round -o $@ $<
$R/classes_mean.tsv: $R/classes.tsv
	$(run) lt-score mean --key method --key class --key name -o $@ $<
$R/rounds.tsv: $R/rounds.all.tsv
	$(run) lt-score mean --key method --key a --key b -o $@ $<

# The masks of all methods at a round of a seed: the stem is sSEED/report/RR.
of_seed = $(wildcard $(SEARCHES:%=$N/$(firstword $(subst /, ,$*))/%/summary.tsv))
$N/%/methods.matrix.tsv: $$(of_seed)
	$(call distances,lt-score masks --round $(*F) $^,--norm kept)
$N/%/methods.tsv: $N/%/methods.matrix.tsv
	$(run) lt-score pairs --part 3 --round $(*F) -o $@ $<
.PRECIOUS: $N/%/methods.matrix.tsv
at_rounds := $(foreach s,$(SEEDS),seed=$s $(tickets:%=$N/s$s/report/%/methods.tsv))
$R/methods.all.tsv: $(call files,$(at_rounds)) $(shown) $$(theirs)
	$(rows) $(at_rounds)
$R/methods.tsv: $R/methods.all.tsv
	$(run) lt-score mean --key round --key a --key b -o $@ $<

# The barriers between trainings that differ in the order of the data.
$R/barriers.tsv: $(call files,$(call plain,instability.tsv)) $(shown) $$(theirs)
	$(rows) $(call plain,instability.tsv)
$R/barriers_mean.tsv: $R/barriers.tsv
	$(run) lt-score mean --key rewind --key network -o $@ $<
barrier_pairs := $(foreach k,$(REWINDS),--pair $k/found=$k/dense --pair $k/found=$k/shuffled)
$R/barriers_differences.tsv: $R/barriers.tsv $(judged) $(call stamp,$R/settings/rewinds,REWINDS)
	$(run) lt-score differences --key rewind --key network $(barrier_pairs) --value error_barrier \
		--less --margin $(MARGIN) -o $@ $<

# The masks of all epochs of a round of IMP, Figure 2 of the PrAC paper.
at_epochs := $(foreach s,$(SEEDS),seed=$s $(wildcard $N/s$s/imp/*/epochs.tsv))
$R/epochs.all.tsv: $(call files,$(at_epochs)) $(shown) $$(theirs)
	$(rows) $(at_epochs)
$R/epochs.tsv: $R/epochs.all.tsv
	$(run) lt-score mean --key round --key a --key b -o $@ $<

# --- Samples of D0 inside and outside the last PrAC set of the first seed, drawn at random,
# above how often the dense run forgot them.
first := $N/s$(firstword $(SEEDS))
pictured := $(firstword $(filter prac,$(SEARCHES)) $(filter prac-%,$(SEARCHES)))
last_set := $(wildcard $(first)/$(pictured)/$(lastword $(rounds))/set.idx)
sheets := $(call stamp,$R/settings/sheet,SHEET SHEET_SCALE)
$R/inside.idx: $(D0) $(last_set) $(shown)
	$(run) lt-subset intersect $q -o $@ $(D0) $(last_set)
$R/outside.idx: $(D0) $(last_set) $(shown)
	$(run) lt-subset subtract $q -o $@ $(D0) $(last_set)
$R/forget.tsv: $(first)/dense/train.events $(shown)
	$(run) lt-forget $q --table -o $@ $<
$R/%.sample.idx: $R/%.idx $(sheets) $(shown)
	$(run) lt-subset sample $q --seed $(firstword $(SEEDS)) --of $< -o $@ \
		--size $$(n=$$(wc -l <$<); echo $$((n < $(SHEET) ? n : $(SHEET))))
.PRECIOUS: $R/%.sample.idx
$R/%.png: $R/%.sample.idx $R/forget.tsv $(train.data)
	$(call if_true,[ -s $< ] && [ -s $R/forget.tsv ],lt-data sheet $q --index $< --limit \
		$(SHEET) --columns 12 --scale $(SHEET_SCALE) --caption $R/forget.tsv --column count \
		--sort -o $@ $(train.data))

# --- The page, of all tables that there are.
has = $(if $(call files,$(call tables,$1)),$(addprefix $R/,$2))
found := $(addprefix $R/,summary.tsv summary.time.tsv mean.tsv mean.time.tsv matching.tsv \
	warnings.tsv savings.tsv savings.time.tsv rounds.tsv methods.tsv) \
	$(call has,layers.tsv,layers.tsv) $(call has,sets.tsv,sets.tsv sets_mean.tsv) \
	$(call has,classes.tsv,classes.tsv classes_mean.tsv) $(call has,watched.tsv,distances.tsv) \
	$(if $(call files,$(at_epochs)),$R/epochs.tsv) \
	$(call has,instability.tsv,barriers.tsv barriers_mean.tsv barriers_differences.tsv) \
	$(if $(last_set),$R/forget.tsv $R/inside.png $R/outside.png) \
	$(if $(LT_CONTROLS),$R/differences.tsv)
include $(pipelines)page.mk
page := compare
$R/README.md: $(found) $R/facts.tsv $R/settings.tsv $(wildcard $(pages)*)
	rm -f $(stale)
	sh $(pages)draw.sh $(page) $R
	sh $(pages)page.sh $(page) $R
