#!/bin/sh
# Ticket searches of seven networks on parts of CIFAR-10: the tables of this folder
# come out in runs/search/.  Run it where CIFAR-10's binary version lies unpacked.
# Settings that are added come last and hold; random.tsv and longer.tsv are
# networks.tsv of
#
#	run.sh OUT=random CRITERION=random NETWORKS='lenet5 resnet20' resnet20.SEEDS='1 2'
#	run.sh OUT=longer NETWORKS=lenet5 TRAIN=20000 DATASET=cifar10-20000 \
#		EPOCHS=15 MILESTONES=9,13 PATIENCE=5
#
# The trainings are older than train_acc and the columns that need it: stages.tsv
# lacks it, and the generalization gaps are NaN.  A new run fills them.
set -e
lt run -j2 search \
	DATA=cifar-10-batches-bin DATASET=cifar10-3000 TRAIN=3000 VAL=2000 \
	NETWORKS='lenet5 pnasnet_a resnet20 pnasnet_b mobilenetv1 efficientnet_b0 resnet18' \
	SEEDS='1 2 3 4 5' EPOCHS=8 MILESTONES=5,7 PATIENCE=3 LR=0.05 \
	pnasnet_a.LR=0.01 pnasnet_b.LR=0.01 pnasnet_b.SEEDS=1 efficientnet_b0.SEEDS=1 \
	resnet18.SEEDS=1 resnet18.EPOCHS=3 resnet18.MILESTONES=2 \
	resnet18.TRAIN=2000 resnet18.DATASET=cifar10-2000 "$@"
"${0%/*}/../report.sh" "$@"
