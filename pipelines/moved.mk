# moved.mk: tickets of a pretrained network, found on the data of its pretraining and moved
# to DATA (Chen et al. 2021).  IMP begins with the pretrained weights and rewinds to them; its
# masks leave out the last layer, which is new for DATA.  Run IMP and random masks beside it:
# they begin with the same weights.
#
#	lt run moved imp random DATA=FOLDER PRETRAIN_DATA=FOLDER ARCH=resnet20
#	lt run moved-magnitude imp random DATA=FOLDER PRETRAINED=FILE ARCH=resnet20
#
#	moved/RR/  moved/summary.tsv     as of imp.mk
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk
include $(pipelines)groups.mk

## Tickets of a pretrained network
FOUND ?= imp#	[imp or magnitude by search] by IMP on PRETRAIN_DATA, or by magnitude alone

searched := $(filter imp,$(FOUND))
ifeq ($(pretrained),)
$(error moved: expected a pretrained network: PRETRAINED or PRETRAIN_DATA)
else ifneq ($(and $(searched),$(if $(PRETRAIN_DATA),,none)),)
$(error moved: expected PRETRAIN_DATA, on which tickets are found; moved-magnitude needs none)
else ifeq ($(filter last,$(subst $(comma), ,$(EXCLUDE))),)
$(error EXCLUDE=$(EXCLUDE): expected last among the layers, because the last layer is new)
endif

found_by := $(call stamp,$P/settings/found,FOUND)

ifneq ($(searched),)
# The search on PRETRAIN_DATA, which is asked each time whether all is as its settings want.
# Its round 0 trains the dense network further.
Q := $(source)-pretrained/$(source_seed)
mask = $(if $(filter-out 00,$1),$Q/$(SEARCH)/$1/ticket.mask.safetensors)
log_of = $(if $(filter 00,$1),$Q/dense,$Q/$(SEARCH)/$1)/log.tsv
masks := $(foreach r,$(rounds),$(call mask,$r))
its_logs := $(foreach r,$(call until,$(lastword $(rounds))),$(call log_of,$r))
.SECONDARY: $(masks) $(its_logs) $(its_logs:.tsv=.time.tsv)
# By + make looks at the time of the file even in a dry run.
$(masks) $(its_logs) $(its_logs:.tsv=.time.tsv): search
	+@:
.PHONY: search
search: $(pretrained)
	+$(call on_source,imp) PRETRAINED='$(pretrained)' LT_KEPT=-pretrained \
		EXCLUDE='$(EXCLUDE)' SEARCH=$(SEARCH) $(masks)
late := $(wordlist 2,$(words $(its_logs)),$(its_logs))
logs = $(if $(rewinds),$S/rewind-$(REWIND).tsv) $(foreach r,$(call until,$1),$(call log_of,$r))
else
# Remove RATE of the remaining weights, the smallest before any training.
$P/%/ticket.mask.safetensors: $S/theta0.safetensors $$(prev_mask) $(pruned) $(grouped) $(found_by)
	$(call note,prune $(RATE) of the remaining pretrained weights)
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(groups) $(addprefix --mask ,$(prev_mask)) \
		-o $@ $<
logs = $(if $(rewinds),$S/rewind-$(REWIND).tsv)
endif

all: $(foreach r,$(rounds),$(call mask,$r)) $(call in,$(tickets:%=$P/%),$(trained_files))
$(addprefix $P/%/,$(trained_files)): $$(call mask,$$*) $(start) $(trained) $(rewound) $(found_by)
	$(call note,train the moved ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

# A ticket cost the trainings of the search on PRETRAIN_DATA, but not the pretraining.
set :=
include $(pipelines)rows.mk
include $(pipelines)details.mk
