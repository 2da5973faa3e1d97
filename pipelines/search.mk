# search.mk: which networks are worth searching for tickets?  Of every network, from
# every seed, ROUNDS times: train until validation gets no better, prune the best
# weights by LAMP, rewind to θ0.  lt-search(7) explains it.
#
#	make -j2 -f pipelines/search.mk DATA=FOLDER NETWORKS='lenet5 resnet32' \
#		SEEDS='1 2 3 4 5'
#	make ... resnet18.EPOCHS=3 resnet18.TRAIN=2000 resnet18.DATASET=cifar10-2000
#
#	OUT/DATASET/NET/sSEED/search/RR/   a stage, 00 the dense one
#	OUT/DATASET/NET/search/stages.tsv  a network's, a row a stage
#	OUT/search/                        stages.tsv of all networks, score.tsv,
#					   pictures, index.html
ifndef search.mk
search.mk := 1

here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)given.mk
# One rate does not fit all networks: where neither LR nor SETTING is given, these
# have their own.  lt-search(7) says what they were measured with.
ifeq ($(origin LR) $(origin SETTING),undefined undefined)
lenet5.LR ?= 0.02
pnasnet_a.LR ?= 0.01
pnasnet_b.LR ?= 0.01
endif
include $(here)search/settings.mk
include $(here)common.mk
found := $(OUT)/search
# A built-in network may have settings though it is not among NETWORKS now.
given_owners.any = $(foreach n,$(NETWORKS),$(call named,$n)) $(filter $(given_who),$(shell \
	PATH='$(subst ','\'',$(PATH))' lt-init --list | awk '$$1 == "network" { print $$2 }'))
given_idle := REWIND SCHEDULE TICKETS EPOCH_MASKS SAVE_EPOCHS
s_awk := awk -f $(common)report/lib.awk -f $(common)
s_lib := $(common)report/lib.awk
s_finish = >$(tmp)$(lf)$(rename)

# --- A make for each network, with what it has of its own: NETWORK.SETTING.  They
# start together; the data that several share are made before.
named = $(basename $(notdir $1))
its = $(foreach m,$(call named,$1),$(call my,$2))
own = $(foreach v,$(sort $(filter $(call named,$1).%,$(.VARIABLES))),$(patsubst \
	$(call named,$1).%,%,$v)='$($v)')
its_set = $(call its,$1,DATASET)
its_folder = $(OUT)/$(its_set)/$(call named,$1)$(patsubst %,-%,$(filter-out standard,$(call its,$1,SETTING)))
sub_make = +$(MAKE) --no-print-directory -f $(common)search/network.mk ARCH='$1' \
	NET='$(call named,$1)' DATASET='$(its_set)' $(own)
# Networks of one DATASET share its files, so what makes these is the same for all.
data_settings := DATA PACK TEST_PACK TEST_SPLIT SYNTH SYNTH_TRAIN SYNTH_TEST TRAIN VAL SPLIT_SEED
unlike = $(foreach v,$(data_settings),$(if $(subst x$(strip $(call \
	its,$1,$v))x,,x$(strip $(call its,$2,$v))x),$v))
define refuse
$(foreach v,NET ARCH OUT NETWORKS SELECT,$(if $(filter undefined,$(origin $(call named,$1).$v)),,$(error \
	$(call named,$1).$v: not a setting of a network of its own)))
$(if $(word 2,$(filter $(call named,$1),$(foreach n,$(NETWORKS),$(call named,$n)))),$(error \
	NETWORKS: $(call named,$1) twice))
$(foreach v,$(firstword $(call unlike,$1,$(first.$(its_set)))),$(error $v differs between $(call \
	named,$1) and $(call named,$(first.$(its_set))): another DATASET is needed, such as $(call \
	named,$1).DATASET=$(DATASET)-$(call named,$1)))
endef
define network
$(if $(value first.$(its_set)),,$(eval first.$(its_set) := $1)$(eval data_sets += data-$(its_set)))
$(refuse)
$(its_folder)/search/stages.tsv: FORCE | data-$(its_set)
	$(call sub_make,$1) search-network
endef
define data_set
$1: FORCE
	$(call sub_make,$(first.$(1:data-%=%))) search-data
endef
$(foreach n,$(NETWORKS),$(eval $(call network,$n)))
$(foreach s,$(data_sets),$(eval $(call data_set,$s)))
.PHONY: $(data_sets)
stage_tables := $(foreach n,$(NETWORKS),$(call its_folder,$n)/search/stages.tsv)

# --- All networks.
$(eval $(call stamp,$(found)/settings/networks,NETWORKS))
$(eval $(call stamp,$(found)/settings/score,SELECT))
$(found)/stages.tsv: $(stage_tables) $(found)/settings/networks $(common)rows.awk
	awk -f $(common)rows.awk $(stage_tables) $(s_finish)
$(found)/score.tsv: $(found)/stages.tsv $(found)/settings/score
	$(run) lt-score networks$(quiet) --select $(SELECT) -o $@ $<
$(found)/each.tsv: $(found)/stages.tsv $(found)/settings/score
	$(run) lt-score searches$(quiet) --select $(SELECT) -o $@ $<
$(found)/gains.tsv: $(found)/stages.tsv $(found)/each.tsv $(s_lib) $(common)search/gains.awk
	$(s_awk)search/gains.awk is=each $(found)/each.tsv is=stages $< $(s_finish)

include $(common)search/page.mk
.PHONY: search
all: search
search: $(found)/score.tsv $(found)/each.tsv $(found)/gains.tsv $(found)/index.html
endif
