#!/bin/sh
# The question of instability-lenet-300-100 for a residual network of half the width on
# 10,000 images of CIFAR-10: the tables of this folder come out in runs/cifar10-10000/resnet20-half/report/.  Run
# it where CIFAR-10's binary version lies unpacked.
set -e
lt run -j2 instability imp-rewind \
	DATA=cifar-10-batches-bin DATASET=cifar10-10000 TRAIN=10000 \
	ARCH=resnet20 NET=resnet20-half NET_OPTIONS='--width 0.5' \
	EPOCHS=40 MILESTONES=20,30 LR=0.05 BATCH=128 AUGMENT=crop-flip SEEDS='1 2 3' \
	REWINDS='0 1 5' SCHEDULE=continue ROUNDS=5 RATE=0.369 TICKETS='3 5' "$@"
"${0%/*}/../report.sh" "$@"
