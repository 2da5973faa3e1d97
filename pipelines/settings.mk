# settings.mk: the settings that all workflows share, with the defaults of the PrAC
# paper.  A line is NAME ?= DEFAULT, the type in brackets and what the setting means;
# "lt settings WORKFLOW" lists them, lt-pipelines(7) explains them.

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

## A pretrained network
PRETRAINED ?=#	[nothing or path by seed] a checkpoint: θ0 has its weights and a new last layer
PRETRAIN_DATA ?=#	[nothing or path] its data, where it is trained if PRETRAINED is empty
PRETRAIN_DATASET ?= $(notdir $(patsubst %/,%,$(PRETRAIN_DATA)))#	[nothing or name] in the paths
PRETRAIN_SETTINGS ?=#	[nothing or settings] settings of the runs on them that differ: EPOCHS=20

## A training
EPOCHS ?= 182#	[whole >0]
BATCH ?= 128#	[whole >0]
SETTING ?= standard#	[standard, low or warmup] the paper's learning rates
LR ?= $(lr_$(OPTIMIZER))#	[real >0] sgd: by SETTING 0.1, 0.01 or 0.03; adam, adamw: 0.001
LR_SCHEDULE ?= multistep#	[multistep, cosine or constant]
MILESTONES ?= 91,136#	[milestones <=EPOCHS] epochs after which the rate falls
GAMMA ?= 0.1#	[real >0] by this factor
WARMUP ?= $(if $(filter warmup,$(SETTING)),15,0)#	[span] epochs of linear warm-up
OPTIMIZER ?= sgd#	[sgd, adam or adamw]
MOMENTUM ?= 0.9#	[real >=0 <1] of sgd
NESTEROV ?= 0#	[0 or 1] 1: Nesterov's momentum, of sgd
BETA1 ?= 0.9#	[real >=0 <1] of adam and adamw: decay of the first moment
BETA2 ?= 0.999#	[real >=0 <1] of adam and adamw: decay of the second moment
EPS ?= 1e-8#	[real >0] of adam and adamw: added to the root of the second moment
WEIGHT_DECAY ?= 1e-4#	[real]
FREEZE ?=#	[nothing or layers] layers that stay as they are: layer1, or all,^last
LR_SCALE ?=#	[nothing or factors] learning rates of layers, multiples of LR: last:10
LABEL_SMOOTHING ?= 0#	[real >=0 <=1] share of the target that all classes have
TEACHER ?=#	[nothing or path] a checkpoint whose logits all trainings learn from, too
TEACHER_SHARE ?= 0.9#	[real >0 <=1] share of its target in the loss
TEACHER_TEMPERATURE ?= 4#	[real >=0.01 <=1000] what logits are divided by in that share
COMPUTE ?= f32#	[f32 or bf16] what trainings and evaluations multiply in
AUGMENT ?= crop-flip#	[none, crop-flip, crop, flip or resized-crop-flip]
CROP_PAD ?= 4#	[whole]
lr_sgd = $(if $(filter low,$(SETTING)),0.01,$(if $(filter warmup,$(SETTING)),0.03,0.1))
lr_adam := 0.001
lr_adamw := 0.001

## Pruning and rewinding
ROUNDS ?= 15#	[whole >0 <=99]
RATE ?= 0.2#	[real >0 <1] share of the remaining weights that a round removes
LAYERS ?= conv,linear#	[conv,linear, conv or linear] which weights are prunable
EXCLUDE ?= $(if $(PRETRAINED)$(PRETRAIN_DATA),last)#	[nothing or list] layers that are not
CRITERION ?= magnitude#	[criterion by search] a method that lt-prune --list-methods names
PER_CLASS ?= 10#	[whole >0 by search] samples of each class that snip, force and grasp score
SCORE_STEPS ?=#	[nothing or whole >0 by search] steps of such a pruning; the method's default
REWIND ?= 0#	[span or end] rewind to θ0, or to θ_k after so many epochs (500i: iterations)
SCHEDULE ?= restart#	[restart, continue, learning-rate or fine-tune] of the rate; the last two: imp
TICKETS ?= all#	[all or wholes >0 <=ROUNDS] rounds whose tickets are retrained (IMP retrains all)
EPOCH_MASKS ?=#	[nothing or wholes <=ROUNDS] rounds of IMP (0: dense) whose epochs are compared
SAVE_EPOCHS ?=#	[nothing, all or wholes >0] epochs of the dense run whose weights are kept, or all

## How to run
OUT ?= runs#	[path] all products go here
THREADS ?= 1#	[whole >0] of one stage; parallelism comes from -j first
ENVIRONMENT ?=#	[nothing or known] settings that the environment gives, such as SEED OUT
KERN_PATH ?= auto#	[auto, dense or sparse] dense: masked weights are multiplied all the same
LAUNCH ?=#	[nothing or command] put before every stage; it must end with the stage's status
V ?= 1#	[0 or 1] 0: say what is done instead of printing the commands
