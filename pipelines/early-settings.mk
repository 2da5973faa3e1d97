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
shared_settings += EPOCHS MILESTONES EXCLUDE SAVE_EPOCHS REWIND SAVE_STATES

## Gradual pruning
STEPS ?= 10#	[whole >0 by search] prunings of a window
INITIAL ?= 0#	[real >=0 <1 by search] sparsity at its beginning
PRUNINGS ?=#	[nothing or prunings by search] EPOCH:SPARSITY ... in place of a window
MEMORY_PRUNINGS ?= 80:0.4 120:0.6 160:0.7 200:0.8#	[nothing or prunings] those of memorize
SAVE_STATES ?= $(begins)#	[nothing or wholes] epochs of the dense run whose states are kept

# The prunings EPOCH:SPARSITY of a list or of a search, gradual-FIRST-LAST; one that removes
# nothing is none.  What lt-score says instead of them is an error.
its = $(or $($1.$2),$($2))
prunings_of = $(or $(call its,$1,PRUNINGS),--steps $(call its,$1,STEPS) --initial \
	$(call its,$1,INITIAL) --sparsity $(call its,$1,SPARSITY) $(1:gradual-%=%))
plan_of = $(if $(strip $1),$(filter-out %:0,$(shell PATH='$(PATH)' lt-score prunings \
	--epochs $(EPOCHS) $1 2>&1)))
refuse = $(if $(filter lt-score:,$2),$(error $1: $(strip $(subst lt-score: prunings:,,$(subst \
	Try 'lt-score --help'.,,$2)))))
# Where they begin, the dense run leaves its state: for run.mk, which has the names.
first_of = $(firstword $(subst :, ,$1))
begins = $(sort $(foreach s,$(filter gradual-%,$(names)),$(call first_of,$(call \
	plan_of,$(call prunings_of,$s)))) $(if $(filter memorize,$(names)),$(call \
	first_of,$(MEMORY_PRUNINGS))))
