#!/bin/sh
# Ticket searches of two networks at several widths: is there more to find in a larger
# network of the same kind?  The tables of this folder come out in runs/search/.  Run it
# where CIFAR-10's binary version lies unpacked; it writes net texts into ./nets.
set -e
mkdir -p nets
lt-init -q -p --input 3x32x32 --width 0.5 -o nets/lenet5-half.net lenet5
lt-init -q -p --input 3x32x32 --width 2 -o nets/lenet5-double.net lenet5
lt-init -q -p --input 3x32x32 --width 4 -o nets/lenet5-quadruple.net lenet5
lt-init -q -p --width 0.25 -o nets/resnet20-quarter.net resnet20
lt-init -q -p --width 0.5 -o nets/resnet20-half.net resnet20
lt run -j2 search \
	DATA=cifar-10-batches-bin DATASET=cifar10-5000 TRAIN=5000 VAL=5000 AUGMENT=none \
	NETWORKS='nets/lenet5-half.net lenet5 nets/lenet5-double.net nets/lenet5-quadruple.net nets/resnet20-quarter.net nets/resnet20-half.net resnet20' \
	SEEDS='1 2 3 4 5 6 7 8 9 10' lenet5-quadruple.SEEDS='1 2 3 4 5' \
	resnet20-quarter.SEEDS='1 2 3 4 5' resnet20-half.SEEDS='1 2 3 4 5' resnet20.SEEDS='1 2 3' \
	EPOCHS=60 MILESTONES=20,40 PATIENCE=10 LR=0.05 lenet5-half.LR=0.02 lenet5.LR=0.02 \
	lenet5-double.LR=0.02 lenet5-quadruple.LR=0.02 "$@"
"${0%/*}/../report.sh" "$@"
