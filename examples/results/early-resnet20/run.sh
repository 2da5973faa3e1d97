#!/bin/sh
# The study of early tickets on 10,000 images of CIFAR-10 with a residual network of half the width,
# trained to the end: the tables of this folder come out in
# runs/cifar10-10000/resnet20-half/early/.  Run it where CIFAR-10's binary version lies
# unpacked.  COMPUTE=bf16 is faster where the processor has tiles.
set -e
lt run -j2 grid weights ppr gradual oneshot imp \
	DATA=cifar-10-batches-bin DATASET=cifar10-10000 TRAIN=10000 \
	ARCH=resnet20 NET=resnet20-half NET_OPTIONS='--width 0.5' \
	EPOCHS=40 MILESTONES=20,30 LR=0.05 BATCH=128 AUGMENT=crop-flip SEEDS='1 2 3' \
	SPARSITY=0.8 MASK_EPOCHS='1 2 5 10 20 30 40' WEIGHT_EPOCHS='0 1 2 5 10 20 40' \
	DIAGONAL=1 s1.DIAGONAL=0 PPR_EVERY=2 PPR_TOLERANCE=0.5 PPR_WINDOW=5 \
	WINDOWS='1-10 10-20 20-30 30-40' STEPS=5 ROUNDS=3 RATE=0.4152 "$@"
"${0%/*}/../report.sh" "$@"
