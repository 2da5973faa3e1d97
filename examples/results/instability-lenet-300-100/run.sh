#!/bin/sh
# How much does the order of the data matter, dense and under masks, from several points
# of rewinding (Frankle et al. 2020)?  The tables of this folder come out in
# runs/fashion-mnist/lenet-300-100/report/.  It needs dataset-fashion-mnist.
set -e
lt run -j2 instability imp-rewind \
	DATA=/usr/share/datasets/fashion-mnist ARCH=lenet-300-100 \
	EPOCHS=30 MILESTONES=15,22 LR=0.05 BATCH=128 AUGMENT=none SEEDS='1 2 3' \
	REWINDS='0 1 5' SCHEDULE=continue ROUNDS=7 TICKETS='4 7' "$@"
"${0%/*}/../report.sh" "$@"
