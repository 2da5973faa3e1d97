# transfer.mk: sets that the search of one network, SOURCE, found, used to find tickets in
# another network.  Run its own PrAC search and random masks beside it.
#
#	lt run transfer prac random DATA=FOLDER SOURCE=resnet20 ARCH=resnet56
#
# The search of SOURCE is made first where it is not there; data, seeds and schedule are
# the same, but for SOURCE_SETTINGS.
#
#	transfer/RR/  transfer/summary.tsv     as of prac.mk

## Sets of another network
SOURCE ?= resnet20#	[path] the network whose search found them
SOURCE_SETTINGS ?=#	[nothing or settings] settings of that search that differ: LR=0.01
FROM ?= $d/$(notdir $(SOURCE))$(suffixed)#	[path] its folder
FROM_SEARCH ?= prac#	[name] that search
FROM_SET ?= last#	[last or each] its last set in every round, or that of the same round

$(if $(filter $(NET),$(notdir $(SOURCE))),$(error SOURCE=$(SOURCE): expected another network \
	than NET))
found_set = $(FROM)/s$(SEED)/$(FROM_SEARCH)/$1/set.idx
set = $(if $(filter last,$(FROM_SET)),$(call found_set,$(lastword $(rounds))),$(if $(filter \
	00,$1),$(D0),$(call found_set,$1)))
# Where the first round trains on such a set, it is not the dense run.
zero = $(if $(filter last,$(FROM_SET)),$P/round-0,$S/dense)
chosen = $(call stamp,$P/settings/sets,FROM FROM_SEARCH FROM_SET)
DISAGREE ?= none
include $(dir $(lastword $(MAKEFILE_LIST)))prac.mk

found_sets := $(foreach r,$(rounds),$(call found_set,$r))
$(found_sets:.idx=%idx): | $(train.data) $(D0) $(V0)
	$(call note,the sets that $(SOURCE) finds)
	+$(MAKE) --no-print-directory -f $(pipelines)prac.mk ARCH=$(SOURCE) NET=$(notdir $(FROM)) \
		SEARCH=$(FROM_SEARCH) LT_MADE=data $(SOURCE_SETTINGS) $(found_sets)
