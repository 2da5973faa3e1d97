#!/bin/sh
# The main comparison of the PrAC paper on CIFAR-10 with a residual network of half the
# width, trained to the end: the tables of this folder come out in
# runs/cifar10/resnet20-half/report/.  Run it where CIFAR-10's binary version lies
# unpacked.  COMPUTE=bf16 is faster where the processor has tiles.
set -e
lt run -j2 imp prac random shuffled \
	DATA=cifar-10-batches-bin DATASET=cifar10 \
	ARCH=resnet20 NET=resnet20-half NET_OPTIONS='--width 0.5' \
	EPOCHS=40 MILESTONES=20,30 LR=0.05 BATCH=128 AUGMENT=crop-flip \
	SEEDS='1 2 3' ROUNDS=10 TICKETS='4 7 10' \
	STOP_EPS=0.02 STOP_QUEUE=3 STOP_START=always "$@"
"${0%/*}/../report.sh" "$@"
