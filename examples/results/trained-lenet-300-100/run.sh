#!/bin/sh
# The main comparison of the PrAC paper with networks that are trained to the end, and its
# controls: the tables of this folder come out in
# runs/fashion-mnist/lenet-300-100/report/.  It needs dataset-fashion-mnist.
set -e
lt run -j2 imp prac prac-cet random-set imp-stop random reinit shuffled signs long-dense \
	small-params el2n rigl set \
	DATA=/usr/share/datasets/fashion-mnist ARCH=lenet-300-100 \
	EPOCHS=30 MILESTONES=15,22 LR=0.05 BATCH=128 AUGMENT=none \
	SEEDS='1 2 3 4 5 6 7 8 9 10' ROUNDS=15 TICKETS='4 7 10 15' \
	STOP_EPS=0.02 STOP_QUEUE=3 STOP_START=always "$@"
"${0%/*}/../report.sh" "$@"
