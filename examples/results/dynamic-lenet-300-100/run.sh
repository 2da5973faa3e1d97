#!/bin/sh
# Is a mask that changes while it is trained better than one that stays, and is RigL better
# than SET, when 99 % of the weights are removed (Evci et al. 2020)?  The tables of this folder
# come out in runs/fashion-mnist/lenet-300-100/report/.  It needs dataset-fashion-mnist.
set -e
lt run -j2 static set rigl rigl-5x rigl-5x.DST_TIMES=5 \
	DATA=/usr/share/datasets/fashion-mnist ARCH=lenet-300-100 \
	EPOCHS=10 MILESTONES=5,8 LR=0.05 BATCH=128 AUGMENT=none SEEDS='1 2 3 4 5' \
	RATE=0.99 ROUNDS=1 "$@"
"${0%/*}/../report.sh" "$@"
