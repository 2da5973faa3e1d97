# check.mk: a network that is pruned and retrained for one epoch, and the rule that says
# when its accuracy no longer rises; for ppr.mk and ppr-stop.mk.
## Pseudo-pruned, then retrained
PPR_EVERY ?= 1#	[whole >0] epochs from one check to the next
PPR_LR ?= 0.01#	[real >0] learning rate of the check's one epoch
PPR_CONTROL ?= 0.1#	[nothing or real >0] another, as a control; none if empty
PPR_TOLERANCE ?= 0.5#	[real] points of accuracy that are no rise
PPR_WINDOW ?= 10#	[whole >0] checks without a rise after which ppr-stop stops

checks := $(shell seq $(PPR_EVERY) $(PPR_EVERY) $(EPOCHS))
# $(call check,RATE): one epoch at this rate.
check = $(run) lt-train --index $(D0) --log $@ -o /dev/null$(nl)$(options)$(nl)$(batches) \
	--epochs 1 --schedule constant --lr $1
ppr_rule := --lr $(PPR_LR) --tolerance $(PPR_TOLERANCE) --window $(PPR_WINDOW)
