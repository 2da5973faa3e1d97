# early-settings.mk: the settings of the study of early tickets, with the defaults of its
# paper.  They hold for all searches of a run that has a part of this study.

## Early tickets
EPOCHS ?= 200
MILESTONES ?= 120,160#	epochs after which the rate falls
EXCLUDE ?= first,last#	first, last or names of layers that are not prunable
SAVE_EPOCHS ?= all#	epochs of the dense run whose weights are kept, or all
REWIND ?= end#	of gradual pruning's tickets: end, the end of their window; else epochs
SPARSITY ?= 0.8#	[real >0 <1 by search] share of the weights that one-shot pruning removes
MASK_EPOCHS ?= 10 20 40 60 80 100 120 140 160 180 200#	[wholes] s: epochs of masks
WINDOWS ?= 25-75 50-100 75-125 100-150 125-175 150-200#	[windows] of gradual pruning: FIRST-LAST
SAVE_STATES ?= $(foreach w,$(WINDOWS),$(firstword $(subst -, ,$w)))#	[wholes] epochs they begin at
shared_settings += EPOCHS MILESTONES EXCLUDE SAVE_EPOCHS REWIND SAVE_STATES
