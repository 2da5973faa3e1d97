# dst.mk: dynamic sparse training, a baseline that prunes nothing it has trained: f(θ0) is
# trained once under a mask that changes meanwhile, by RigL (Evci et al. 2020) or SET
# (Mocanu et al. 2018).  The first mask has ERK densities and the sparsity that the other
# methods have after the round.
#
#	lt run rigl set imp DATA=FOLDER ROUNDS=6
#	lt run rigl-macs set-macs imp DATA=FOLDER TICKETS=6
#
#	rigl/RR/start.mask.safetensors   ticket.mask.safetensors, what became of it
#	rigl/RR/last.safetensors best.safetensors log.tsv
#	rigl-macs/RR/step.tsv budget     what a step costs, and the epochs that LIKE pays for
#	rigl/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## Dynamic sparse training
DST ?= rigl#	[rigl or set by search] new weights have the largest gradients, or are random
DST_EVERY ?= 100i#	[span] epochs from one change of the mask to the next (100i: iterations)
DST_FRACTION ?= 0.3#	[real >0 <=1] share of the kept weights that a change drops at first
LIKE ?=#	[nothing or name by search] train for the multiply-adds of this search and its ticket

changes := $(call stamp,$P/settings/dst,DST DST_EVERY DST_FRACTION)
dst := --dst $(DST) --dst-every $(DST_EVERY) --dst-fraction $(DST_FRACTION)
dst_files := $(trained_files) ticket.mask.safetensors
all: $(call in,$(tickets:%=$P/%),start.mask.safetensors $(dst_files)) \
	$(if $(LIKE),$(call in,$(tickets:%=$P/%),step.tsv budget))

$P/%/start.mask.safetensors: $S/theta0.safetensors $(pruned)
	$(call note,an ERK mask of sparsity $(call sparsity,$*) of θ0)
	$(run) lt-prune $q $(prunable) --method erk --sparsity $(call sparsity,$*) -o $@ $<

# LIKE's multiply-adds, of the search for ticket $1 and of its retraining, over those of an
# epoch here: a step under the mask, and for RigL a share of steps without one, because it
# changes the mask in three quarters of the schedule.
ifneq ($(LIKE),)
L := $S/$(LIKE)
followed := $(call stamp,$P/settings/init,LIKE)
# run.mk has made the search that is followed.
$L/%: ;
row_of = $(firstword $(wildcard $L/$1/ticket/row.tsv) $L/$1/row.tsv)
budget = $P/$*/budget
equal  = awk -v d0=$$(wc -l <$(D0)) -v batch=$(BATCH) -v every=$(DST_EVERY) \
	-v rigl=$(words $(filter rigl,$(DST))) ' \
	FNR == 1 { file++; for (i = 1; i <= NF; i++) at[$$i] = i; next } \
	file == 1 { all = $$at["multiply_adds"] + $$at["forward_multiply_adds"] } \
	file > 1 { macs[file] = $$at["macs"]; each[file] = macs[file] / $$at["presentations"] } \
	END { if (every ~ /i$$/) every /= (d0 + batch - 1) / batch - (d0 - 1) % batch / batch; \
		changes = rigl * 0.75 / every; \
		printf "%d", (all + macs[2]) / \
			(d0 * each[3] + changes * batch * (each[4] - each[3])) + 0.5 }'

$P/%/step.tsv: $P/%/start.mask.safetensors $S/theta0.safetensors $(trained)
	$(call note,train one step$(comma) to count its multiply-adds)
	$(run) lt-train --index $(D0) --mask $< $S/theta0.safetensors --to 1i --to-stops --log $@ \
		-o /dev/null $(training)
$P/%/budget: $$(call row_of,$$*) $P/%/step.tsv $S/dense/log.tsv $(D0) $(changes) $(followed)
	$(run) lt-score budget --epochs $(EPOCHS) $(if $(multistep),--milestones $(MILESTONES)) \
		--warmup $(WARMUP) --of $(D0) -o $@ $(D0) \
		--least $$($(equal) $< $(dir $<)log.tsv $P/$*/step.tsv $S/dense/log.tsv)
endif

$(addprefix $P/%/,$(dst_files)): $P/%/start.mask.safetensors $S/theta0.safetensors $(trained) \
		$(changes) $$(budget)
	$(call note,train f(θ0) on D0 and change its mask)
	$(run) lt-train --index $(D0) --mask $< $S/theta0.safetensors $(dst) \
		--dst-mask $(@D)/ticket.mask.safetensors $(keep) \
		$(steps) $(or $(budget:%=$$(cat %)),$(epochs))

# The mask exists when the training ends, so that is the search; the accuracies are those of
# its own weights.
logs  = $P/$1/log.tsv
begun = $S/theta0.safetensors
since =
include $(pipelines)rows.mk
include $(pipelines)details.mk
