# oneshot.mk: the one-shot ticket of an epoch, beside gradual pruning: the mask of that
# epoch on the weights that a window's ticket gets: those of the same epoch, the grid's
# diagonal (REWIND=end), or rewound ones.
#
#	lt run oneshot DATA=FOLDER        of the epochs where WINDOWS end
#	lt run oneshot-75 oneshot-100
#
#	$S/early/sEvE/   the ticket      $P/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
include $(pipelines)cell.mk

epoch := $(SEARCH:oneshot-%=%)
cell := $E/s$(epoch)v$(if $(filter end,$(REWIND)),$(epoch),$(REWIND))
$(call need_epochs,epoch)$(need_rewound)

# It cost the dense run until the epoch.
$P/log.tsv: $S/dense/log.tsv
	$(run) lt-score join until=$(epoch) $< -o $@
$P/log.time.tsv: $P/log.tsv
	$(run) lt-score join until=$(epoch) $S/dense/log.time.tsv -o $@

# Its row in a comparison, below that of the dense run.
$P/row.tsv: $(cell)/log.tsv $(looked:%=$(cell)/%) $E/epoch-$(epoch).mask.tsv $P/log.tsv $(D0) \
		$(rewound)
	$(run) lt-score row --method $(SEARCH) --round 1 --set $(D0) --search $P/log.tsv \
		--mask $E/epoch-$(epoch).mask.tsv --retrain $< $(subst $(@D),$(cell),$(accuracies)) -o $@
$P/row.time.tsv: $P/row.tsv $P/log.time.tsv
	$(run) lt-score time --method $(SEARCH) --round 1 --search $P/log.time.tsv \
		--retrain $(cell)/log.time.tsv -o $@
$P/summary.tsv: $S/dense/row.tsv $P/row.tsv
	$(run) lt-score rows -o $@ $^
$P/summary.time.tsv: $S/dense/row.time.tsv $P/row.time.tsv
	$(run) lt-score rows -o $@ $^
all: $(addprefix $P/,log.tsv log.time.tsv row.tsv row.time.tsv summary.tsv summary.time.tsv) \
	$(call in,$(cell),$(trained_files) $(looked)) $E/epoch-$(epoch).mask.safetensors \
	$E/epoch-$(epoch).mask.tsv
