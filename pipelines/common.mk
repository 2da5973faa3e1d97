# common.mk: what every workflow shares: the settings, the data, θ0, the
# rewinding point and the dense run.  A workflow includes it; two workflows in
# one make (make -f imp.mk -f prac.mk) make the shared files once.
#
#	OUT/DATASET/train.data test.data train.idx val.idx
#	OUT/DATASET/NET/sSEED/theta0.safetensors
#	OUT/DATASET/NET/sSEED/dense/   last.safetensors best.safetensors ...
#	OUT/DATASET/NET/sSEED/METHOD/  01/ 02/ ... summary.tsv
#	OUT/DATASET/NET-SETTING/...    the same, where SETTING is not standard
#	.../settings/STAGE             the settings a stage was made with
ifneq ($(origin common),file)
common := $(dir $(lastword $(MAKEFILE_LIST)))
include $(common)given.mk

# Settings, with the defaults of the PrAC paper; "make -f WORKFLOW help" prints
# these lines, lt-pipelines(7) explains them.
## What to train on
DATA ?=#	[path] the official files, or a folder of train.data and test.data, or synth
DATASET ?= $(notdir $(patsubst %/,%,$(DATA)))#	[name] its name in the paths
TRAIN ?=#	[nothing or whole >0] size of D0; all that validation leaves if empty
VAL ?= 0.1#	[real >0] validation set, a share or a number of the training images
SPLIT_SEED ?= 1#	[whole] seed of that split
TEST_SPLIT ?= test#	[test, val or train] the official split that is tested on
PACK ?=#	[options] of a folder of images, options of lt-data: --size 64 --skip-bad
TEST_PACK ?= $(PACK)#	[options] the same for the split that is tested on
SYNTH ?= --classes 10 --shape 3x32x32#	[options] shape of DATA=synth
SYNTH_TRAIN ?= 50000#	[whole >0] its training images
SYNTH_TEST ?= 10000#	[whole >0] its test images
## The network
ARCH ?= resnet20#	[path] built-in network, or a file of net text
NET ?= $(basename $(notdir $(ARCH)))#	[path] its name in the paths
NET_OPTIONS ?=#	[options] lt-init's --form, --width, --shortcut, --init; --from, --mean, --std
SEED ?= 1#	[whole] seed of θ0 and of every training
SEEDS ?= $(SEED)#	[wholes] several seeds, side by side under -j
## A training
EPOCHS ?= 182#	[whole >0]
BATCH ?= 128#	[whole >0]
SETTING ?= standard#	[standard, low or warmup] the paper's learning rates
LR ?= $(if $(filter sgd,$(OPTIMIZER)),$(lr_$(SETTING)),0.001)#	[real >0] 0.1, low 0.01, warmup 0.03; adam, adamw 0.001
LR_SCHEDULE ?= multistep#	[multistep, cosine or constant]
MILESTONES ?= 91,136#	[milestones] epochs after which the rate falls
GAMMA ?= 0.1#	[real >0] by this factor
WARMUP ?= $(if $(filter warmup,$(SETTING)),15,0)#	[span] epochs of linear warm-up
OPTIMIZER ?= sgd#	[sgd, adam or adamw]
MOMENTUM ?= 0.9#	[real >=0 <1] of sgd
NESTEROV ?= 0#	[0 or 1] 1: Nesterov's momentum, of sgd
BETA1 ?= 0.9#	[real >=0 <1] of adam and adamw: decay of the first moment
BETA2 ?= 0.999#	[real >=0 <1] of adam and adamw: decay of the second moment
EPS ?= 1e-8#	[real >0] of adam and adamw: added to the root of the second moment
WEIGHT_DECAY ?= 1e-4#	[real]
LABEL_SMOOTHING ?= 0#	[real >=0 <=1] share of the target that all classes have
AUGMENT ?= crop-flip#	[none, crop-flip, crop, flip or resized-crop-flip]
CROP_PAD ?= 4#	[whole]
## Pruning and rewinding
ROUNDS ?= 15#	[whole >0 <=99]
RATE ?= 0.2#	[real >0 <1] share of the remaining weights that a round removes
LAYERS ?= conv,linear#	[conv,linear, conv or linear] which weights are prunable
EXCLUDE ?=#	[nothing or list] first, last or names of layers that are not
REWIND ?= 0#	[span or end] rewind to θ0, or to the weights after so many epochs (500i: iterations)
SCHEDULE ?= restart#	[restart or continue] the learning rate's schedule after rewinding
TICKETS ?= all#	[all or wholes >0] rounds whose tickets are retrained (IMP retrains all)
EPOCH_MASKS ?=#	[nothing or wholes] rounds of IMP (0: dense) whose masks of all epochs are compared
SAVE_EPOCHS ?=#	[nothing, all or wholes >0] epochs of the dense run whose weights are kept, or all
## How to run
OUT ?= runs#	[path] all products go here
THREADS ?= 1#	[whole >0] of one stage; parallelism comes from -j first
ENVIRONMENT ?=#	[nothing or known] settings that the environment gives, such as SEED OUT
KERN_PATH ?= auto#	[auto, dense or sparse] dense: masked weights are multiplied all the same
LAUNCH ?=#	[nothing or command] put before every stage; it must end with the stage's status
V ?= 1#	[0 or 1] 0: say what is done instead of printing the commands

lr_standard := 0.1
lr_low := 0.01
lr_warmup := 0.03

export LC_ALL := C
# With it programs take no options behind their operands.
unexport POSIXLY_CORRECT
export OMP_WAIT_POLICY := passive
# An installed suite comes first, else the programs of this source tree.
export PATH := $(PATH):$(abspath $(common)../build)
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all help FORCE
all:
ifeq ($(V),0)
.SILENT:
quiet := $() -q
endif

ifeq ($(filter help,$(MAKECMDGOALS))$(DATA),)
$(error DATA is not set; "make -f $(firstword $(MAKEFILE_LIST)) help" lists the settings)
endif

# Both become parts of the paths.
$(foreach v,$(if $(DATA),DATASET NET),$(if $(filter-out . ..,$(subst /, ,$($v)))$(filter . ..,$(subst /, \
	,$($v))),,$(error $v is empty: expected a name))$(if $(filter . ..,$(subst /, \
	,$($v))),$(error $v=$($v): expected a name)))
# Who sets NET alone may take it for the choice of the network.
ifneq ($(and $(given_top),$(filter NET,$(given) $(given_more))),)
ifeq ($(filter ARCH NET_OPTIONS,$(given) $(given_more))$(filter $(basename $(notdir $(ARCH))),$(NET)),)
$(error NET=$(NET): NET is the name in the paths and chooses no network; expected ARCH, which is $(ARCH))
endif
endif

# $(call note,TEXT): a comment in the output of make -n; with V=0 it is printed, but
# not of what is left out because a training diverged.
hash := \#
note = $(if $(filter 0,$(V)),$(if $(dry)$(if $(needs),,1),,for f in $(needs); do [ -s $$f ] || exit 0; done; )echo '$(subst ','\'',$1)',$(hash) $1)
# Line breaks in the commands of a template.
nl = $() \$(lf)$()        $()
comma := ,
# $(call several,FILE...): targets that one command makes.  They are a pattern
# rule whose stem is the last dot of each name: behind grouped targets (a b &: c)
# make 4.3 -n does not see what else is out of date.  A line of their names alone
# stands above it, so that make takes none for intermediate, and gives $(run) all of
# them: in a template $(call products_are,FILE...).
products_are = $1: private products := $1
several = $(foreach f,$1,$(basename $f)$(patsubst .%,\%%,$(suffix $f)))

# --- How recipes run and write.  make -n leaves out what is housekeeping.
dry := $(findstring n,$(firstword -$(MAKEFLAGS)))
aside = $(if $(dry),,@$1)
# $(run) before the command of a stage: LAUNCH starts it, and run.sh makes sure that
# it wrote $(products), all that the rule makes, or $@ if there is but one.  $(call
# run_to,FILE...) says what it writes; $(launch_to) does so within a command.  If one
# of $(needs) is empty, because a training diverged, run.sh leaves the products empty,
# too; $(needs_too) are those that are no normal prerequisites.
launch_to = $(if $(dry),,sh $(common)run.sh $(if $(filter 0,$(V))$(findstring s,$(firstword \
	-$(MAKEFLAGS))),,-v )'$(needs)' '$(strip $1)' )$(LAUNCH)
needs = $(filter %.safetensors %.tsv %.events,$^ $(needs_too))
run_to = $(if $(dry),,@)$(launch_to)
run = $(call run_to,$(or $(products),$@))
# What a recipe writes itself is $(tmp) until $(rename), so that $@ is whole.  The
# name is that of this make, for another one may work in the same folder.
tail := $(if $(dry),,.$(shell echo "$$(uname -n)-$$PPID")).tmp
tmp = $@$(tail)
rename_as = $(if $(dry),$(foreach f,$1,mv -f $f$(tail) $f$(lf)),@sh $(common)rename.sh $(tail) $1)
rename = $(call rename_as,$@)
renamed = sh $(common)rename.sh $(tail) $@

# $(call my,SETTING): of the search $m, where METHOD.SETTING says so, else of all.
my = $(if $(filter undefined,$(origin $m.$1)),$($1),$($m.$1))

# $(eval $(call stamp,FILE,SETTING...)): FILE lists the settings, and is
# written anew, so that what depends on it is remade, only if one has changed.
values = $(strip $(foreach v,$1,$v=$(strip $(call my,$v))))
define stamp
$1: private stamped := $(call values,$2)
$1: $(if $(subst x$(file <$1)x,,x$(call values,$2)x),FORCE) | $(dir $1)
	$$(call aside,printf '%s\n' '$$(subst ','\'',$$(stamped))' >$$(tmp) && $$(renamed))
endef
%/:
	$(call aside,mkdir -p $@)
.PRECIOUS: %/

# 01 02 ... ROUNDS; the round before one; all rounds before one, 00 included.
rounds := $(shell seq -f %02g 1 $(ROUNDS))
before = $(word $1,00 $(rounds))
until = $(wordlist 1,$1,00 $(rounds))
# $(call no_round,SETTING,ROUND...): all that SETTING lists are rounds.
no_round = $(if $(filter-out $2,$($1:%=%.)),$(error $1=$($1): expected $3, found $(patsubst \
	%.,%,$(firstword $(filter-out $2,$($1:%=%.))))))
numbers := $(shell seq 1 $(ROUNDS))
$(if $(filter all,$(TICKETS)),,$(call no_round,TICKETS,$(numbers:%=%.),rounds from 1 to ROUNDS=$(ROUNDS)))
$(call no_round,EPOCH_MASKS,0. $(numbers:%=%.),rounds from 0 to ROUNDS=$(ROUNDS))
tickets := $(if $(filter all,$(TICKETS)),$(rounds),$(filter \
	$(shell printf '%02d ' $(TICKETS)),$(rounds)))
# $(call saved,ROUND): those of its epochs whose weights are kept; $(call
# epochs,ROUND): these weights.  $(dense_cuts): epochs after which the dense run
# leaves its state, too, for others to go on from.
epoch_rounds := $(if $(EPOCH_MASKS),$(shell printf '%02d ' $(EPOCH_MASKS)))
saved_dense := $(if $(filter all,$(SAVE_EPOCHS))$(filter 00,$(epoch_rounds)),$(shell \
	seq 1 $(EPOCHS)),$(if $(SAVE_EPOCHS),$(shell printf '%s\n' $(SAVE_EPOCHS) | sort -nu)))
saved = $(if $(filter 00,$1),$(saved_dense),$(if $(filter $1,$(epoch_rounds)),$(shell \
	seq 1 $(EPOCHS))))
epochs = $(patsubst %,epoch-%.safetensors,$(saved))
commas = $(subst $() ,$(comma),$(strip $1))
save_epochs = $(if $(call saved,$2)$3,$(if $(call saved,$2),--save-epochs $(call commas,$(call \
	saved,$2)) )$(if $3,--save-states $(call commas,$3) )--save-prefix $1/epoch-$(nl))

# --- Data: one file an official split; D0 and validation are index lists.
d := $(OUT)/$(DATASET)
train.data := $d/train.data
test.data := $d/test.data
D0 := $d/train.idx
V0 := $d/val.idx
$(eval $(call stamp,$d/settings/train.data,DATA PACK SYNTH SYNTH_TRAIN))
$(eval $(call stamp,$d/settings/test.data,DATA TEST_PACK TEST_SPLIT SYNTH SYNTH_TRAIN SYNTH_TEST))
$(eval $(call stamp,$d/settings/split,TRAIN VAL SPLIT_SEED))

idx = $(firstword $(wildcard $(addprefix $(DATA)/$1,-ubyte -ubyte.gz)))
pack = $(run) lt-data pack$(quiet) -o $@
ifeq ($(DATA),synth)
synth = $(run) lt-data synth$(quiet) -o $@ --seed $(SPLIT_SEED) $(SYNTH)
$(train.data): $d/settings/train.data
	$(synth) --count $(SYNTH_TRAIN)
$(test.data): $(train.data) $d/settings/test.data
	$(synth) --stats $< --first $(SYNTH_TRAIN) --count $(SYNTH_TEST)
else ifneq ($(wildcard $(DATA)/train.data),)
train.data := $(DATA)/train.data
test.data := $(DATA)/test.data
else ifneq ($(call idx,train-images-idx3),)
images := $(call idx,train-images-idx3) $(call idx,train-labels-idx1)
test_images := $(call idx,t10k-images-idx3) $(call idx,t10k-labels-idx1)
$(train.data): $(images) $d/settings/train.data
	$(pack) $(images)
$(test.data): $(train.data) $(test_images) $d/settings/test.data
	$(pack) --stats $< --split test $(test_images)
else
$(train.data): $d/settings/train.data
	$(pack)$(if $(PACK), $(PACK)) --split train $(DATA)
$(test.data): $(train.data) $d/settings/test.data
	$(pack)$(if $(TEST_PACK), $(TEST_PACK)) --stats $< --split $(TEST_SPLIT) $(DATA)
endif

# What a built-in network must be told of the data.
$d/shape: $(train.data)
	$(call run_to,$@.info$(tail)) lt-info$(quiet) -o $@.info$(tail) $<
	awk -f $(common)shape.awk $@.info$(tail) >$(tmp)
	rm $@.info$(tail)
	$(rename)

# Validation first, each class in proportion; D0 is the rest, or a part of it.
rest := $(if $(TRAIN),$d/rest.idx,$(D0))
$(V0) $(rest): private products := $(V0) $(rest)
$(call several,$(V0) $(rest)): $(train.data) $d/settings/split
	$(call note,validation: $(VAL) of the training images)
	$(run) lt-subset split$(quiet) --seed $(SPLIT_SEED) --data $(train.data) \
		$(if $(findstring .,$(VAL)),--fraction,--size) $(VAL) -o $(V0) --rest $(rest)
ifneq ($(TRAIN),)
$(D0): $(V0) $(rest)
	$(call note,D0: $(TRAIN) of the others)
	$(run) lt-subset sample$(quiet) --seed $(SPLIT_SEED) --data $(train.data) \
		--stratify --of $(rest) --size $(TRAIN) -o $@
endif

lists := $(V0) $(D0)

# --- Training.  $(call train,SEED,DURATION,RATE) ends a command; DURATION is
# $(full) or what a workflow puts in its place, RATE the schedule's or another.
# Only a multistep schedule has milestones, and only crops have a padding.
multistep := $(filter multistep,$(LR_SCHEDULE))
drops_at = $(if $(multistep), --milestones $1)
augment = --augment $1$(if $(filter crop crop-flip,$1), --crop-pad $(CROP_PAD))
full = --epochs $(EPOCHS)$(call drops_at,$(MILESTONES)) --warmup $(WARMUP)
rate := --lr $(LR) --schedule $(LR_SCHEDULE)$(if $(multistep), --gamma $(GAMMA))
# Another optimizer than sgd, and label smoothing, are in the stamp only where
# they are used, so that what was made without them stays up to date.
by_sgd := $(filter sgd,$(OPTIMIZER))
optimizer := $(if $(by_sgd),--momentum $(MOMENTUM) $(if $(filter 1,$(NESTEROV)),--nesterov),--optimizer \
	$(OPTIMIZER) --beta1 $(BETA1) --beta2 $(BETA2) --eps $(EPS))
smoothed := $(filter-out 0,$(LABEL_SMOOTHING))
steps := $(strip --batch $(BATCH) $(optimizer) \
	--weight-decay $(WEIGHT_DECAY) $(addprefix --label-smoothing ,$(smoothed)) $(call augment,$(AUGMENT)))
training := EPOCHS MILESTONES WARMUP BATCH LR LR_SCHEDULE GAMMA MOMENTUM \
	NESTEROV WEIGHT_DECAY AUGMENT CROP_PAD \
	$(if $(by_sgd),,OPTIMIZER BETA1 BETA2 EPS) $(if $(smoothed),LABEL_SMOOTHING)
train = --data $(train.data) --val-index $(V0)$(nl)--seed $1 --threads $(THREADS)$(if \
	$(filter-out auto,$(KERN_PATH)), --kern-path $(KERN_PATH))$(nl)$2$(nl)$(or $3,$(rate)) $(steps)
watched := stop.tsv distances.tsv
watch = $(subst --,--stop-,$(prunable))$(nl)--stop-info $1/stop.tsv$(nl)--stop-distances \
	$1/distances.tsv
watching = is=stop $1/stop.tsv is=distances $1/distances.tsv
prunable := $(strip --layers $(LAYERS) $(addprefix --exclude ,$(EXCLUDE)))
prune = $(run) lt-prune$(quiet) $(prunable) --rate $(RATE)
train_needs := $(train.data) $(lists)

# REWIND=end is for gradual pruning's tickets; where early.mk has not set
# ends_known before this file is read, it means nothing.  Tickets that have no
# window start from θ0 then.
ifneq ($(filter end,$(REWIND)),$(if $(ends_known),$(filter end,$(REWIND))))
$(error REWIND=end: only gradual.mk knows it; expected epochs, or iterations such as 500i)
endif
rewound := $(if $(filter end,$(REWIND)),0,$(REWIND))

# --- One seed: $1 is its folder, $2 the seed.  $(start) is what tickets are
# rewound to: θ0, or θ_k after $(rewound) epochs.
rewinds := $(filter-out 0 0i,$(rewound))
start = $1/$(if $(rewinds),rewind-$(rewound),theta0).safetensors
theta := θ$(if $(rewinds),_k,0)
again = $(if $(filter continue,$(SCHEDULE)),--from $(rewound) )
# The dense run: from θ0; or, where PrAC's round 0 is the beginning of it and
# stopped early, from the state it left, to the same bytes.  prac.mk then sets
# dense_prefix and has round 0 run first.  The log comes last, for every row of
# a summary needs it.
define dense_run
	$(call note,dense: train f(θ0) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0)$(nl)$1/theta0.safetensors$(nl)--events \
		$1/dense/train.events$(nl)$(call save_epochs,$1/dense,00,$(dense_cuts))$(call \
		keep,$1/dense)$(nl)$(call train,$2,$(full))
endef
# $(call chained,FIRST,REST,BOTH): another make in this folder may have done so
# meanwhile; it removes the rest once all is in place.
chained = $(if $(dry),,[ -s $(firstword $(products)) ] || { : >$3; exit; }; )awk -f $(common)chain.awk $1 $2 >$3$(tail)$(if $(dry),$(lf)mv -f $3$(tail) $3, && sh \
	$(common)rename.sh $(tail) $3 || { rm -f $3$(tail); test ! -e $2 && test -e $3; })
define dense_rest
	$(call note,dense: go on with $3 to $(EPOCHS) epochs)
	$(call run_to,$(filter-out %/log.tsv %/train.events,$(products))) lt-train --index $(D0)$(nl)$3/state.safetensors$(nl)--events \
		$1/dense/rest.events$(nl)$(subst log.tsv,rest.tsv,$(call \
		keep,$1/dense))$(nl)$(call train,$2,$(full))
	$(call chained,$3/log.time.tsv,$1/dense/rest.time.tsv,$1/dense/log.time.tsv)
	$(call chained,$3/train.events,$1/dense/rest.events,$1/dense/train.events)
	$(call chained,$3/log.tsv,$1/dense/rest.tsv,$1/dense/log.tsv)
	rm -f $1/dense/rest.*
endef
define seed
$(call stamp,$1/settings/init,NET_OPTIONS)
$(call stamp,$1/settings/train,$(training))
$(call stamp,$1/settings/prune,RATE LAYERS EXCLUDE)
$(call stamp,$1/settings/rewind,REWIND SCHEDULE)

$1/theta0.safetensors: $(or $(wildcard $(ARCH)),$d/shape) $1/settings/init
	$$(call note,θ0: $(NET) from seed $2)
	$$(run) lt-init$(quiet) --seed $2 -o $$@ $(strip $(if $(wildcard \
		$(ARCH)),,$$$$(cat $d/shape)) $(NET_OPTIONS) $(ARCH))

$(call products_are,$1/rewind-$(rewound).safetensors $1/rewind-$(rewound).tsv)
$(call several,$1/rewind-$(rewound).safetensors $1/rewind-$(rewound).tsv): \
		$1/theta0.safetensors $(train_needs) $1/settings/train
	$$(call note,θ_k: the first $(rewound) of the dense run)
	$$(run) lt-train --index $(D0) --to $(rewound) $$<$$(nl)--log $1/rewind-$(rewound).tsv -o \
		$1/rewind-$(rewound).safetensors$$(nl)$$(call train,$2,$$(full))

$(call result,$1/dense,train.events $(call epochs,00)): \
		$1/theta0.safetensors $(train_needs) $1/settings/train | $1/dense/
	$$(if $$(dense_prefix),$$(call dense_rest,$1,$2,$1/$$(dense_prefix)),$$(call dense_run,$1,$2))
$(call row,$1/dense,,,method=dense round=0)
endef

# What a training leaves in folder $1, and how it is told to.
# $(call of,FOLDER,FILE) is one of these files for whoever needs it: the last
# weights are renamed last, so they vouch for it; and they stand first, so that
# make -n follows one file of each training.  An epoch's weights are whole once
# they are there: a killed make must not remove what the run that goes on does not
# write again.
kept := last.safetensors best.safetensors log.tsv
define result
$(if $(filter epoch-%,$2),.PRECIOUS: $(addprefix $1/,$(filter epoch-%,$2)))
$(call products_are,$(foreach f,$(kept) $2,$1/$f))
$(call several,$(foreach f,$(kept) $2,$1/$f))
endef
of = $1/last.safetensors $1/$2
keep = --log $1/log.tsv$(nl)--best $1/best.safetensors$(nl)-o $1/last.safetensors

# A ticket is retrained on all of D0 for all epochs: $1 the seed's folder, $2
# the seed, $3 the mask, $4 the folder, $5 its name, $6 the round if all epochs'
# weights may be wanted, $7 its weights if they are others, $8 their name.
define retrain
$(call result,$4,$(call epochs,$6)): $3 $(or $7,$(call start,$1)) $(train_needs) \
		$1/settings/train $(if $7,,$1/settings/rewind) | $4/
	$$(call note,$5: retrain the ticket f(m ⊙ $(if $7,$(or $8,θ0'),$(theta))) on D0 for $(EPOCHS) epochs)
	$$(run) lt-train --index $(D0)$$(nl)--mask $3$$(nl)$(or $7,$(call start,$1))$$(nl)$$(call \
		save_epochs,$4,$6)$$(call keep,$4)$$(nl)$(if $7,,$(again))$$(call train,$2,$$(full))
endef

# One row of summary.tsv, what the ticket cost and what it can do, and its
# seconds.  $1 the folder of the retraining, $2 the mask (no suffix), $3 what row.awk reads
# of the search (kinds, starts and files), $4 its assignments.
draw = sh $(common)draw.sh $(tmp)
with_absent = awk -f $(common)absent.awk -f $(common)
row_awk = $(with_absent)row.awk
time_awk = $(with_absent)time.awk
define row
$1/test.tsv: $(call of,$1,best.safetensors) $(test.data)
	$$(run) lt-eval$(quiet) --threads $(THREADS) --data $(test.data) -o $$@ \
		$1/best.safetensors
$1/row.tsv: $1/test.tsv $(call of,$1,log.tsv) $(addsuffix .tsv,$2) $(call files,$3) \
		$(lists) $(common)absent.awk $(common)row.awk
	$(row_awk) $4$(if $2,$$(nl)is=mask $2.tsv)$(if \
		$3,$$(nl)$3)$$(nl)is=retrain $(if $2,$(since))$1/log.tsv is=test $1/test.tsv >$$(tmp)
	$$(rename)
$1/row.time.tsv: $1/row.tsv $(common)absent.awk $(common)time.awk
	$(time_awk) $(wordlist 1,2,$4) is=search $(call times,$(filter \
		%log.tsv %/rewind-$(rewound).tsv %.cost,$3))$$(nl)is=retrain $1/log.time.tsv >$$(tmp)
	$$(rename)
endef
%.mask.tsv: %.mask.safetensors
	$(run) lt-info$(quiet) --tsv -o $@ $<
# The tables of seconds beside these tables.
times = $(patsubst %,%.time.tsv,$(patsubst %.tsv,%,$1))
files = $(foreach w,$1,$(if $(findstring =,$w),,$w))
since = $(if $(again),from=$(rewound) )

# A method's table: $1 its folder, $2 the folders of the rows, the dense one
# first.  How many rounds there are is a setting of it.
define summary
$(call stamp,$1/settings/rounds,ROUNDS TICKETS)
$1/summary.tsv: $(addsuffix /row.tsv,$2) $1/settings/rounds
	awk -f $(common)rows.awk $$(filter %.tsv,$$^) >$$(tmp)
	$$(rename)
$1/summary.time.tsv: $(addsuffix /row.time.tsv,$2) $1/settings/rounds
	awk -f $(common)rows.awk $$(filter %.time.tsv,$$^) >$$(tmp)
	$$(rename)
endef

setting := $(patsubst %,-%,$(filter-out standard,$(SETTING)))
seed_dir = $d/$(NET)$(setting)/s$1
seeds = $(foreach s,$(SEEDS),$(eval $(call $1,$(call seed_dir,$s),$s)))
$(call seeds,seed)

help:
	@awk -f $(common)help.awk $(MAKEFILE_LIST)
endif
