# report-search.mk: what ticket searches of several networks show: tables, pictures and a
# page.  run.mk runs it.
#
#	OUT/search/   README.md index.html and what they are made of
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)search-settings.mk
include $(here)data.mk
include $(here)margin.mk

## Success of searches
SELECT ?= val#	[val or test] which accuracy chooses stages; the paper: test
PATH_LAYERS ?=#	[nothing or names] nodes whose projected arcs are drawn, beside the output's

# run.mk says which networks, LT_FOLDERS, OUT/DATASET/NET, have which searches, LT_STAGES.
R := $(OUT)/search
shown := $(call stamp,$R/settings/rows,LT_FOLDERS LT_STAGES ROUNDS JOIN)
include $(pipelines)tables.mk
all: $R/README.md

stages := $(wildcard $(LT_STAGES))
$R/stages.tsv: $(stages) $(shown) $$(theirs)
	$(rows) $(stages)
chosen := $(call stamp,$R/settings/score,SELECT)
$R/each.tsv: $R/stages.tsv $(chosen)
	$(run) lt-score searches --select $(SELECT) -o $@ $<
# Each sparse stage less the dense one of its network, paired over the seeds.
stages_of = $(shell seq 1 $(or $($1.ROUNDS),$(ROUNDS)))
stage_pairs := $(foreach n,$(LT_NETS),$(foreach k,$(call stages_of,$n),$n/$k=$n/0))
$R/differences.tsv: $R/stages.tsv $(call stamp,$R/settings/differences,stage_pairs MARGIN)
	$(run) lt-score differences --key network --key stage $(addprefix --pair ,$(stage_pairs)) \
		--margin $(MARGIN) -o $@ $<
$R/gains.tsv: $R/stages.tsv
	$(run) lt-score gains -o $@ $<
$R/networks.tsv: $R/stages.tsv $(LT_FOLDERS:%=%/search/facts.tsv) $(chosen)
	$(run) lt-score networks --select $(SELECT) $(LT_FOLDERS:%=--facts %/search/facts.tsv) \
		-o $@ $<

$R/order.tsv: $R/networks.tsv
	$(run) lt-score order -o $@ $<

# A network's size; its arcs before and after training and at the last stage, seed 1.
own_or = $(or $($(notdir $1).$2),$($2))
seed = $(patsubst %/search/stages.tsv,%,$(firstword $(filter $*/%,$(LT_STAGES))))
last = $(shell printf %02d $(call own_or,$*,ROUNDS))
%/search/facts.tsv: $$(dir $$*)train.idx $$(seed)/theta0.safetensors
	$(run) lt-score facts --network $(notdir $*) --set $^ -o $@
points = $(seed)/theta0.safetensors $(seed)/search/00/best.safetensors \
	$(seed)/search/$(last)/best.safetensors
labels = --label init=$(word 1,$(points)) --label dense=$(word 2,$(points)) \
	--label sparse=$(word 3,$(points))
%/search/paths.tsv: $$(points) $$(dir $$*)test.data \
		$(call stamp,$R/settings/points,ROUNDS LT_STAGES PATH_LAYERS POINTS)
	$(run) lt-trajectory $q --threads $(THREADS) --seed 1 --points $(POINTS) \
		--data $(dir $*)test.data $(if $(PATH_LAYERS),--layers) --arcs 1 \
		--path $*/search/paths.tsv -o $*/search/length.tsv $$(find $(points) -size +0)
.PRECIOUS: %/search/paths.tsv
%/search/path.tsv: %/search/paths.tsv $(call stamp,$R/settings/path,PATH_LAYERS POINTS)
	$(call if_true,[ -s $< ],lt-score paths --network $(notdir $*) --nodes '$(PATH_LAYERS)' \
		$(labels) -o $@ $<)
paths := $(strip $(foreach f,$(LT_FOLDERS),$(if $(filter-out 0,$(call \
	own_or,$f,ARCS)),$f/search/path.tsv)))
$R/path.tsv: $(paths) $(shown)
	$(run) lt-score rows -o $@ $(paths)

include $(pipelines)page.mk
found := $(addprefix $R/,networks.tsv order.tsv each.tsv gains.tsv stages.tsv \
	differences.tsv \
	$(if $(paths),path.tsv))
$R/README.md: $(found) $R/facts.tsv $R/settings.tsv $(wildcard $(pages)*)
	rm -f $(stale)
	sh $(pages)draw.sh search $R
	sh $(pages)page.sh search $R
