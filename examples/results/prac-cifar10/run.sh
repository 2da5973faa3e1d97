#!/bin/sh
# The main comparison of the PrAC paper on CIFAR-10, in small: the tables of this
# folder come out in runs/cifar10/resnet20/report/.  Run it where CIFAR-10's binary
# version lies unpacked.
set -e
lt run -j2 imp prac prac-cet random-set random \
	DATA=cifar-10-batches-bin DATASET=cifar10 TRAIN=10000 \
	EPOCHS=6 MILESTONES=3,5 SEEDS='1 2 3' \
	ROUNDS=8 TICKETS='4 6 8' EPOCH_MASKS='0 4 8' \
	STOP_EVERY=20i STOP_EPS=0.01 STOP_QUEUE=3 "$@"
"${0%/*}/../report.sh" "$@"
