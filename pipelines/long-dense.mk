# long-dense.mk: is a search worth more than a longer training?  For each ticket of another
# search, LIKE, the dense network is trained on D0 for as many presentations as the search and
# the ticket's retraining took together, on a schedule stretched to that length.
#
#	lt run long-dense prac DATA=FOLDER TICKETS='7 15'
#
#	long-dense/RR/budget  last.safetensors best.safetensors log.tsv
#	long-dense/summary.tsv    its sparsity is that of the ticket
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## A longer dense training
LIKE ?= prac#	[name by search] the search whose presentations are counted

L := $S/$(LIKE)
followed := $(call stamp,$P/settings/init,LIKE)
all: $(call in,$(tickets:%=$P/%),budget $(trained_files))

# run.mk has made the search that is followed.
$L/%: ;
rows_of = $(firstword $(wildcard $L/$1/ticket/row.tsv) $L/$1/row.tsv)

# The epochs of D0 that the search took, to the nearest, and those of the retraining.
count = awk -v d0=$$(wc -l <$(D0)) 'NR == 1 { for (i = 1; i <= NF; i++) at[$$i] = i; next } \
	{ printf "%d", $$at["presentations"] / d0 + $(EPOCHS) + 0.5 }'
$P/%/budget: $$(call rows_of,$$*) $(D0) $(trained) $(followed)
	$(run) lt-score budget --epochs $(EPOCHS) $(if $(multistep),--milestones $(MILESTONES)) \
		--warmup $(WARMUP) --least $$($(count) $<) --of $(D0) -o $@ $(D0)

$(addprefix $P/%/,$(trained_files)): $S/theta0.safetensors $P/%/budget $(trained)
	$(call note,train f(θ0) on D0 for as many presentations as ticket $* of $(LIKE) took)
	$(run) lt-train --index $(D0) $< $(keep) $(steps) $$(cat $P/$*/budget)

# Nothing is searched and nothing masked; the row has the ticket's sparsity.
set   =
since =
mask  =
begun = $S/theta0.safetensors
include $(pipelines)rows.mk
mask_table = $L/$*/ticket.mask.tsv
