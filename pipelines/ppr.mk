# ppr.mk: when does the ticket appear?  At every PPR_EVERY-th epoch of the dense run a copy
# is pruned at once and retrained for one epoch at a small rate; the early ticket is where
# its accuracy no longer rises.  lt-early(7) explains it.
#
#	lt run ppr DATA=FOLDER
#
#	$S/early/ppr.tsv      all checks
#	$S/early/ticket.tsv   the ticket's epoch by two rules
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
include $(pipelines)check.mk
$(call need_epochs,checks)

# The check of epoch e at rate r, $E/ppr-r/epoch-e.tsv, and the control at another rate.
e = $(patsubst epoch-%,%,$(*F))
$E/ppr-%.tsv: $$(call at,$$e) $E/epoch-$$e.mask.safetensors $(trained)
	$(call note,retrain the pruned network of epoch $e for one epoch at $(*D))
	$(call check,$(*D)) --mask $E/epoch-$e.mask.safetensors $<

rates := $(PPR_LR) $(filter-out $(PPR_LR),$(PPR_CONTROL))
logs  := $(foreach r,$(rates),$(checks:%=$E/ppr-$r/epoch-%.tsv))
named := $(foreach r,$(rates),lr=$r $(foreach e,$(checks),epoch=$e $E/ppr-$r/epoch-$e.tsv))
all: $E/ppr.tsv $E/ticket.tsv $(checks:%=$E/epoch-%.mask.safetensors) $(logs)
$E/ppr.tsv: $S/dense/log.tsv $(logs) $(call stamp,$E/settings/checks,PPR_EVERY PPR_LR PPR_CONTROL)
	$(run) lt-score checks --dense $< $(named) -o $@
$E/ticket.tsv: $E/ppr.tsv $(call stamp,$E/settings/rule,PPR_LR PPR_TOLERANCE PPR_WINDOW)
	$(run) lt-score ppr $(ppr_rule) -o $@ $<
