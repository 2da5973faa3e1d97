# memorize.mk: how much a masked network can memorize: its accuracy on N samples whose
# labels are random, as N grows.  Masks are one-shot, from several epochs of the dense run;
# then, side by side, those of gradual pruning and one-shot masks of the same epochs and
# sparsities.  lt-early(7) explains it.
#
#	lt run memorize DATA=FOLDER
#
#	$d/random-SEED.data  $d/memory/N.idx
#	$S/early/memory/MASK/N/   a network trained on N of them; MASK is dense, or oneshot-
#	                          or gradual-EPOCH-SPARSITY
#	$S/early/memory.tsv       $S/early/steps.tsv
## Memorization
MEMORY_SAMPLES ?= 5000 10000 20000 30000 40000#	[nothing or wholes >0] N: samples of D0
MEMORY_EPOCHS ?= 20 120 200#	[nothing or wholes] epochs of one-shot masks, beside no mask
MEMORY_STEPS ?= $(lastword $(MEMORY_SAMPLES))#	[nothing or whole >0] N to compare the two
MEMORY_LENGTH ?= $(EPOCHS)#	[whole >0] epochs of these trainings
MEMORY_MILESTONES ?= $(MILESTONES)#	[milestones <=MEMORY_LENGTH] epochs after which their rate falls
MEMORY_BATCH ?= $(BATCH)#	[whole >0]
MEMORY_LR ?= $(LR)#	[real >0]
MEMORY_AUGMENT ?= none#	[none, crop-flip, crop, flip or resized-crop-flip]
LABEL_SEED ?= 1#	[whole] seed of the labels
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk

C := $S/gradual-memory
plan := $(call plan_of,$(MEMORY_PRUNINGS))
$(call refuse,MEMORY_PRUNINGS,$(plan))
include $(pipelines)prunings.mk
$(call need_epochs,MEMORY_EPOCHS)$(call need_epochs,at_epochs)$(need_rewound)

# The labels, and lists of samples of which each contains the smaller ones.
random.data := $d/random-$(LABEL_SEED).data
$(random.data): $(train.data)
	$(call note,random labels from seed $(LABEL_SEED))
	$(run) lt-data relabel $q --seed $(LABEL_SEED) -o $@ $<
$d/memory/%.idx: $(D0)
	$(run) lt-subset sample $q --seed $(SPLIT_SEED) --of $< --size $* -o $@

# One-shot masks, and those of gradual pruning, which begins with a one-shot mask.
parts = $(subst -, ,$1)
$E/memory/oneshot-%.mask.safetensors: $$(call at,$$(word 1,$$(call parts,$$*))) $(pruned) $(grouped)
	$(call note,one-shot pruning: the mask of epoch and sparsity $*)
	$(run) lt-prune $q $(prunable) --sparsity $(word 2,$(call parts,$*)) $(groups) \
		-o $@ $<
by_kind_dense   =
by_kind_oneshot = $E/memory/$1.mask.safetensors
by_kind_gradual = $C/$(word 2,$(call parts,$1))/ticket.mask.safetensors
kind = $(firstword $(call parts,$1))
mask_of = $(call by_kind_$(call kind,$1),$1)

# Train MASK on N samples, from the weights that tickets are rewound to: the stem is MASK/N.
memory_options := $(subst --data $(train.data) --val-index $(V0),--data $(random.data),$(subst \
	$(teaching),,$(options)))
memory_epochs := $(strip --epochs $(MEMORY_LENGTH) $(if $(multistep),--milestones \
	$(MEMORY_MILESTONES)) --warmup $(WARMUP))
by_heart := $(call stamp,$E/settings/by_heart,MEMORY_LENGTH MEMORY_MILESTONES MEMORY_BATCH \
	MEMORY_LR MEMORY_AUGMENT LABEL_SEED)
from := $(call at,$(if $(rewinds),$(REWIND),0))
$E/memory/%/last.safetensors $E/memory/%/log.tsv: $$(call mask_of,$$(*D)) $(from) $(random.data) \
		$d/memory/$$(*F).idx $(trained) $(rewound) $(by_heart)
	$(call note,memorize $(*F) random labels under the mask $(*D))
	$(run) lt-train --index $d/memory/$(*F).idx $(addprefix --mask ,$(call mask_of,$(*D))) \
		$(from) --log $(@D)/log.tsv -o $(@D)/last.safetensors$(nl)$(memory_options) \
		--batch $(MEMORY_BATCH) $(call augment,$(MEMORY_AUGMENT)) --lr $(MEMORY_LR) \
		--schedule $(LR_SCHEDULE) $(if $(multistep),--gamma $(GAMMA)) $(memory_epochs)
$E/memory/%/learned.tsv: $E/memory/%/last.safetensors $(random.data) $d/memory/$$(*F).idx
	$(run) lt-eval $(evaluating) --data $(random.data) \
		--index $d/memory/$(*F).idx $(addprefix --mask ,$(call mask_of,$(*D))) -o $@ $<

# Their rows.  Gradual pruning's first mask is the one-shot one.
first_mask := gradual-$(subst :,-,$(firstword $(plan)))
ran = $E/memory/$(if $(filter $(first_mask),$(*D)),$(subst gradual,oneshot,$*),$*)
table = $(patsubst %.safetensors,%.tsv,$(call mask_of,$(*D)))
$E/memory/%/row.tsv: $$(ran)/log.tsv $$(ran)/learned.tsv $$(table)
	$(run) lt-score memory --kind $(call kind,$(*D)) \
		--epoch $(or $(word 2,$(call parts,$(*D))),dense) \
		--pruned $(or $(word 3,$(call parts,$(*D))),0) --samples $(*F) \
		$(addprefix --mask ,$(table)) --retrain $< --test $(ran)/learned.tsv -o $@

masks := dense $(MEMORY_EPOCHS:%=oneshot-%-$(SPARSITY))
memory := $(foreach n,$(MEMORY_SAMPLES),$(masks:%=$E/memory/%/$n/row.tsv))
steps_of = $(foreach n,$(MEMORY_STEPS),$(foreach p,$(plan),$E/memory/$1-$(subst \
	:,-,$p)/$n/row.tsv))
compared := $(strip $(call steps_of,oneshot) $(call steps_of,gradual))
all: $(if $(memory),$E/memory.tsv) $(if $(compared),$E/steps.tsv)
$E/memory.tsv: $(memory) $(call stamp,$E/settings/memory,MEMORY_SAMPLES MEMORY_EPOCHS SPARSITY)
	$(run) lt-score rows -o $@ $(memory)
$E/steps.tsv: $(compared) $(call stamp,$E/settings/steps,MEMORY_PRUNINGS MEMORY_STEPS)
	$(run) lt-score rows -o $@ $(compared)

# What their rules make beside them.
rows := $(memory) $(compared)
found_in := $(filter-out %/$(first_mask)/$(MEMORY_STEPS),$(rows:%/row.tsv=%))
name_of = $(notdir $(patsubst %/,%,$(dir $(1:%/row.tsv=%))))
found := $(foreach r,$(rows),$(call mask_of,$(call name_of,$r)))
all: $(rows) $(sort $(MEMORY_SAMPLES:%=$d/memory/%.idx) $(found) $(found:%.safetensors=%.tsv) \
	$(call in,$(found_in),last.safetensors log.tsv learned.tsv))
