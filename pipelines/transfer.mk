# transfer.mk: sets that one network's search found, used to find tickets in
# another network, beside its own PrAC search and random masks.
#
#	make -j2 -f pipelines/transfer.mk DATA=FOLDER SOURCE=resnet20 ARCH=resnet56
#
# The source's search is made first where it is not there.  Give its own settings
# through SOURCE_SETTINGS; data, seeds and schedule are the same.
#
#	transfer/RR/  transfer/summary.tsv
ifndef transfer.mk
transfer.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk
## Sets of another network
SOURCE ?= resnet20#	[path] the network whose search found them
SOURCE_SETTINGS ?=#	[nothing or settings] settings of that search that differ: LR=0.01
transfer.SETS ?= found
transfer.FROM ?= $(OUT)/$(DATASET)/$(SOURCE)$(setting)
include $(dir $(lastword $(MAKEFILE_LIST)))prac.mk
include $(common)random.mk
$(if $(filter help,$(MAKECMDGOALS)),,$(if $(filter $(NET),$(SOURCE)),$(error SOURCE=$(SOURCE): \
	expected another network than NET)))

m := transfer
source_sets := $(sort $(foreach s,$(SEEDS),$(foreach r,$(rounds),$(call \
	found_in,$(call seed_dir,$s),$r))))
m :=
$(source_sets): private products := $(source_sets)
$(call several,$(source_sets)): | $(train_needs) $d/shape
	$(call note,the sets that $(SOURCE) finds)
	+$(MAKE) -f $(common)prac.mk ARCH=$(SOURCE) NET=$(SOURCE) $(SOURCE_SETTINGS) $(source_sets)
$(call search_all,transfer)
endif
