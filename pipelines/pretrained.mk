# pretrained.mk: a pretrained network, whose weights are in θ0 of all searches: PRETRAINED, or
# the dense run of the same seed on PRETRAIN_DATA, which another make trains.
#
#	OUT/PRETRAIN_DATASET/NET/sSEED/dense/last.safetensors
#	OUT/PRETRAIN_DATASET/NET-pretrained/    the search of moved.mk on these data
#
# LT_KEPT is the end of that last folder.  A make that has it is that search: θ0 has the
# pretrained weights and their own last layer.

# $(call on_source,WORKFLOW): it as a make of its own on PRETRAIN_DATA, with the settings of
# this one but those of DATA alone.  Its seed and its folder depend on PRETRAIN_SETTINGS.
of_source = $(or $(patsubst $1=%,%,$(filter $1=%,$(PRETRAIN_SETTINGS))),$($1))
source_rates := $(filter-out standard,$(call of_source,SETTING))
source := $(OUT)/$(PRETRAIN_DATASET)/$(NET)$(source_rates:%=-%)
source_seed := s$(call of_source,SEED)
on_source = $(MAKE) --no-print-directory -f $(pipelines)$1.mk TRAIN= PACK= \
	TEST_PACK='$$(PACK)' TEST_SPLIT=test FREEZE= LR_SCALE= TEACHER= \
	$(PRETRAIN_SETTINGS) DATA='$(PRETRAIN_DATA)' DATASET=$(PRETRAIN_DATASET) \
	ARCH='$(ARCH)' NET=$(NET) SEED=$(source_seed:s%=%) PRETRAIN_DATA= PRETRAIN_DATASET= \
	PRETRAIN_SETTINGS= LT_MADE= LT_POINTS=

self_trained := $(if $(PRETRAINED),,$(if $(PRETRAIN_DATA),\
	$(source)/$(source_seed)/dense/last.safetensors))
pretrained := $(or $(PRETRAINED),$(self_trained))

# This make is the search on PRETRAIN_DATA, and another one makes its pretrained network.
ifneq ($(LT_KEPT),)
$(PRETRAINED): ;
else ifneq ($(PRETRAINED)$(PRETRAIN_DATA)$(PRETRAIN_DATASET)$(PRETRAIN_SETTINGS),)
name_of = $(shell PATH='$(PATH)'; $1 2>/dev/null | sed -n 's/^net //p')

ifneq ($(PRETRAINED),)
its_name := $(call name_of,lt-info --meta lt.net '$(PRETRAINED)')
arch_name := $(call name_of,lt-init --print '$(ARCH)')
ifeq ($(wildcard $(PRETRAINED)),)
$(error PRETRAINED=$(PRETRAINED): no such file)
else ifeq ($(its_name),)
$(error PRETRAINED=$(PRETRAINED): expected a checkpoint, which lt-init --from makes of the \
	weights of another program)
else ifneq ($(its_name),$(arch_name))
$(error PRETRAINED=$(PRETRAINED): its network is $(its_name); expected ARCH, which is $(ARCH))
else ifneq ($(filter --from%,$(NET_OPTIONS)),)
$(error NET_OPTIONS has --from: expected none with PRETRAINED)
endif
endif

ifeq ($(PRETRAIN_DATA),)
$(foreach v,PRETRAIN_DATASET PRETRAIN_SETTINGS,$(if $($v),$(error \
	$v does nothing without PRETRAIN_DATA)))
else ifneq ($(call part_of_path,PRETRAIN_DATASET),)
$(error PRETRAIN_DATASET=$(PRETRAIN_DATASET): expected a name)
else ifeq ($(PRETRAIN_DATASET),$(DATASET))
$(error PRETRAIN_DATASET=$(PRETRAIN_DATASET): expected another name than that of DATASET)
endif
endif
