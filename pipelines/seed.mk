# seed.mk: what all searches of a seed share: θ0, the point that tickets are rewound to,
# the dense run; and how a round is trained, pruned and retrained.
#
#	$S/theta0.safetensors   $S/rewind-REWIND.safetensors (other points: rewind-settings.mk)
#	$S/dense/   last.safetensors best.safetensors log.tsv train.events
include $(dir $(lastword $(MAKEFILE_LIST)))data.mk

# --- The options of a training: those of all, and how long it lasts.  Only a multistep
# schedule has milestones, and only crops have a padding.
multistep := $(filter multistep,$(LR_SCHEDULE))
sgd_options := --momentum $(MOMENTUM) $(if $(filter 1,$(NESTEROV)),--nesterov)
adam_options := --optimizer $(OPTIMIZER) --beta1 $(BETA1) --beta2 $(BETA2) --eps $(EPS)
# A teacher, which has to be there; without one the stamp is that of earlier versions.
teaching := $(if $(TEACHER),--teacher $(TEACHER) --teacher-share $(TEACHER_SHARE) \
	--teacher-temperature $(TEACHER_TEMPERATURE))
taught := $(if $(TEACHER),TEACHER TEACHER_SHARE TEACHER_TEMPERATURE)
$(if $(filter-out $(wildcard $(TEACHER)),$(TEACHER)),$(error TEACHER=$(TEACHER): no such file))
$(if $(filter $(abspath $S)/%,$(abspath $(TEACHER))),$(error TEACHER=$(TEACHER): expected a \
	file outside $S$(comma) which learns from it))
computing := $(addprefix --compute ,$(filter-out f32,$(COMPUTE)))
options := $(strip --data $(train.data) --val-index $(V0) --seed $(SEED) --threads $(THREADS) \
	$(computing) \
	$(if $(filter-out auto,$(KERN_PATH)),--kern-path $(KERN_PATH)) \
	$(if $(filter sgd,$(OPTIMIZER)),$(sgd_options),$(adam_options)) \
	--weight-decay $(WEIGHT_DECAY) \
	$(addprefix --label-smoothing ,$(filter-out 0,$(LABEL_SMOOTHING))) $(teaching) \
	$(addprefix --freeze ,$(FREEZE)) $(addprefix --lr-scale ,$(LR_SCALE)))
# Of lt-eval and lt-disagree, which compute as a training does.
evaluating := $(strip $q --threads $(THREADS) $(computing))
augment = --augment $1 $(if $(filter crop crop-flip,$1),--crop-pad $(CROP_PAD))
batches := $(strip --batch $(BATCH) $(call augment,$(AUGMENT)))
rate    := $(strip --lr $(LR) --schedule $(LR_SCHEDULE) $(if $(multistep),--gamma $(GAMMA)))
epochs  := $(strip --epochs $(EPOCHS) $(if $(multistep),--milestones $(MILESTONES)) \
	--warmup $(WARMUP))
# All but how long it lasts, and all.
steps    = $(nl)$(options)$(nl)$(batches) $(rate)
training = $(steps) $(epochs)
trained := $(train.data) $(D0) $(V0) $(TEACHER) $(call stamp,$S/settings/train,EPOCHS \
	MILESTONES WARMUP BATCH LR LR_SCHEDULE GAMMA OPTIMIZER MOMENTUM NESTEROV BETA1 BETA2 EPS \
	WEIGHT_DECAY LABEL_SMOOTHING $(taught) COMPUTE AUGMENT CROP_PAD \
	$(if $(FREEZE)$(LR_SCALE),FREEZE LR_SCALE))

# What a training writes beside its products in the folder of $@.  The last weights are
# renamed last, so that they vouch for the rest.
keep = $(nl)--log $(@D)/log.tsv --best $(@D)/best.safetensors -o $(@D)/last.safetensors
trained_files := last.safetensors best.safetensors log.tsv

# --- The options of a pruning.
prunable := $(strip --layers $(LAYERS) $(addprefix --exclude ,$(EXCLUDE)))
pruned := $(call stamp,$S/settings/prune,RATE LAYERS EXCLUDE)
# The sparsity after round $1.
sparsity = $(shell awk 'BEGIN { printf "%.9g", 1 - (1 - $(RATE)) ^ $1 }')

# --- θ0; θ_k, the weights after REWIND epochs of the dense run, which tickets are rewound
# to; and the dense run.  SAVE_EPOCHS and EPOCH_MASKS say which of its epochs are kept.
include $(pipelines)pretrained.mk
init := $(call stamp,$S/settings/init,NET_OPTIONS $(if $(pretrained),PRETRAINED \
	PRETRAIN_DATASET))
rewinds := $(filter-out 0 0i end,$(REWIND))
rewound := $(call stamp,$(or $(own_rewind),$S)/settings/rewind,REWIND SCHEDULE)
start := $S/$(if $(rewinds),rewind-$(REWIND),theta0).safetensors
theta := θ$(if $(rewinds),_k,0)
again := $(if $(filter-out restart,$(SCHEDULE)),--from $(REWIND))
$(if $(filter learning-rate fine-tune,$(SCHEDULE)),$(if $(retrains),,$(error \
	SCHEDULE=$(SCHEDULE): only imp retrains the weights of the round before)))
every := $(filter all,$(SAVE_EPOCHS))$(filter 0,$(EPOCH_MASKS))
all_epochs := $(shell seq 1 $(EPOCHS))
saved := $(if $(every),$(all_epochs),$(filter $(SAVE_EPOCHS),$(all_epochs)))
dense := $(addprefix $S/dense/,last.safetensors best.safetensors log.tsv train.events \
	$(saved:%=epoch-%.safetensors))
commas = $(subst $() ,$(comma),$(strip $1))
states := $(filter $(SAVE_STATES),$(all_epochs))
# The plan of a dense run has its states; beside one that is there a lost one is made again.
unmade := $(if $(dry),$(if $(wildcard $S/dense/last.safetensors),,$(states)))
planned_states := $(unmade:%=$S/dense/epoch-%.state.safetensors)
dense_rows := $S/dense/row.tsv $S/dense/row.time.tsv
looked := test.tsv train.tsv start.tsv
accuracies = --test $(@D)/test.tsv --train $(@D)/train.tsv --start $(@D)/start.tsv

# Of a search's make they are there already, for run.mk makes them first.
ifneq ($(filter dense,$(LT_MADE)),)
$(sort $S/theta0.safetensors $(start) $(points) $(dense) $(dense_rows) $(planned_states) \
	$(self_trained)): ;
else

ifneq ($(pretrained),)
$S/theta0.safetensors: $(pretrained) $(train.data) $(init)
	$(call note,θ0: the pretrained weights$(if $(LT_KEPT),, and a last layer from seed $(SEED)))
	$(run) lt-init $q --seed $(SEED) --from $< $(if $(LT_KEPT),,--data $(train.data)) -o $@
$(self_trained): FORCE
	+$(call on_source,dense) PRETRAINED= $@
else
shape := $(if $(wildcard $(ARCH)),,--data $(train.data))
$S/theta0.safetensors: $(or $(wildcard $(ARCH)),$(train.data)) $(init)
	$(call note,θ0 of $(NET) from seed $(SEED))
	$(run) lt-init $q --seed $(SEED) $(shape) $(NET_OPTIONS) -o $@ $(ARCH)
endif

$S/rewind-%.safetensors $S/rewind-%.tsv: $S/theta0.safetensors $(trained)
	$(call note,θ_k: the first $* of the dense run)
	$(run) lt-train --index $(D0) --to $* $< --log $S/rewind-$*.tsv \
		-o $S/rewind-$*.safetensors $(training)

# The names have % for their dot, so that make takes them for one group.
saving := $(if $(saved),--save-epochs $(call commas,$(saved))) \
	$(if $(states),--save-states $(call commas,$(states))) \
	$(if $(saved)$(states),--save-prefix $S/dense/epoch-)
$S/dense/last%safetensors $S/dense/best%safetensors $S/dense/log%tsv $S/dense/train%events \
		$(saved:%=$S/dense/epoch-%%safetensors): $S/theta0.safetensors $(trained)
	$(call note,train f(θ0) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) $< --events $S/dense/train.events $(saving) $(keep) $(training)
# A training that goes on does not write the weights of earlier epochs again.
.PRECIOUS: $(saved:%=$S/dense/epoch-%.safetensors)

$S/dense/start.tsv: $S/theta0.safetensors $(test.data)
	$(run) lt-eval $(evaluating) --data $(test.data) -o $@ $<
$S/dense/row.tsv: $S/dense/log.tsv $(looked:%=$S/dense/%) $S/theta0.safetensors
	$(run) lt-score row --method dense --round 0 --retrain $< $(accuracies) \
		--checkpoint $S/theta0.safetensors -o $@
$S/dense/row.time.tsv: $S/dense/row.tsv
	$(run) lt-score time --method dense --round 0 --retrain $(@D)/log.time.tsv -o $@
endif

# What the best weights can do, on the test set and on D0; beside what the ticket could do
# before any training.
%/test.tsv: %/best.safetensors $(test.data)
	$(run) lt-eval $(evaluating) --data $(test.data) -o $@ $<
%/train.tsv: %/best.safetensors $(train.data) $(D0)
	$(run) lt-eval $(evaluating) --data $(train.data) --index $(D0) -o $@ $<
%.mask.tsv: %.mask.safetensors
	$(run) lt-info $q --tsv -o $@ $<

# What a workflow does not list stays all the same.
.SECONDARY: $(start) $(points) $(dense)
.PRECIOUS: %/test.tsv %/train.tsv %.mask.tsv $(addprefix $P/%/,$(trained_files) train.events \
	ticket.mask.safetensors set.idx)

# --- A search: where round $1 was trained, which is the dense run for 00, and its mask;
# and those of the round before that of the rule.
zero ?= $S/dense
trained_in = $(if $(filter 00,$1),$(zero),$P/$1)
mask = $(if $(filter-out 00,$1),$P/$1/ticket.mask.safetensors)
prev_run = $(call trained_in,$(call before,$*))
prev_mask = $(call mask,$(call before,$*))
