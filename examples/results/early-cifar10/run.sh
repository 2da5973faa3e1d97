#!/bin/sh
# The study of early tickets on CIFAR-10, in small: the tables of this folder come out
# in runs/cifar10-5000/resnet20/early/.  Run it where CIFAR-10's binary version lies
# unpacked.
set -e
study() {
	lt run -j2 "$@" DATA=cifar-10-batches-bin DATASET=cifar10-5000 TRAIN=5000 VAL=2000 \
		EPOCHS=12 MILESTONES=7,10 SPARSITY=0.8
}
# Random labels are learned with the masks of the first seed alone.
study memorize SEEDS=1 MEMORY_SAMPLES='1000 2500 5000' MEMORY_EPOCHS='1 4 12' \
	MEMORY_STEPS=2500 MEMORY_PRUNINGS='4:0.4 8:0.6 12:0.8' MEMORY_LENGTH=20 \
	MEMORY_MILESTONES=12,16 MEMORY_BATCH=32 MEMORY_LR=0.02 "$@"
study grid weights ppr gradual oneshot imp SEEDS='1 2 3' \
	MASK_EPOCHS='1 2 4 8 12' WEIGHT_EPOCHS='0 1 2 4 8 12' DIAGONAL=1 s1.DIAGONAL=0 \
	DISTANCE_EPOCHS='1 2 3 4 5 6 7 8 9 10 11 12' PPR_TOLERANCE=1 PPR_WINDOW=3 \
	WINDOWS='0-4 4-8 8-12' STEPS=4 ROUNDS=3 RATE=0.4152 "$@"
"${0%/*}/../report.sh" "$@"
