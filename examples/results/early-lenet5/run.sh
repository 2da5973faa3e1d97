#!/bin/sh
# The study of early tickets with networks that are trained to the end: the tables of
# this folder come out in runs/fashion-mnist/lenet5/early/.  It needs
# dataset-fashion-mnist.
set -e
lt run -j2 memorize grid weights ppr gradual oneshot imp \
	DATA=/usr/share/datasets/fashion-mnist ARCH=lenet5 \
	EPOCHS=30 MILESTONES=15,22 LR=0.02 BATCH=128 AUGMENT=none SEEDS='1 2 3' \
	SPARSITY=0.8 MASK_EPOCHS='1 2 4 8 15 22 30' WEIGHT_EPOCHS='0 1 2 4 8 15 30' \
	DIAGONAL=1 s1.DIAGONAL=0 PPR_TOLERANCE=0.5 PPR_WINDOW=5 \
	WINDOWS='1-8 8-15 15-22 22-30' STEPS=5 ROUNDS=3 RATE=0.4152 \
	MEMORY_SAMPLES='1000 2500 5000' MEMORY_STEPS=2500 MEMORY_EPOCHS='2 8 30' \
	MEMORY_PRUNINGS='8:0.4 15:0.6 22:0.7 30:0.8' "$@"
"${0%/*}/../report.sh" "$@"
