#!/bin/sh
# The main comparison of the PrAC paper on all of Fashion-MNIST: the tables of this
# folder come out in runs/fashion-mnist/resnet8-demo/report/.  It needs
# dataset-fashion-mnist.
set -e
lt run -j2 imp prac prac-cet random-set random \
	DATA=/usr/share/datasets/fashion-mnist ARCH=resnet8-demo \
	EPOCHS=4 MILESTONES=2,3 BATCH=64 AUGMENT=none SEEDS='1 2 3' \
	ROUNDS=10 TICKETS='4 7 10' EPOCH_MASKS='0 5 10' \
	STOP_EVERY=100i "$@"
"${0%/*}/../report.sh" "$@"
