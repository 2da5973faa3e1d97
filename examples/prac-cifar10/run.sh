#!/bin/sh
# The main comparison of the PrAC paper on CIFAR-10, in small: what this folder
# holds comes out under runs/cifar10/resnet20/report/.  Run it in lt's source
# tree, after make, where CIFAR-10's binary version lies unpacked.
exec make -j2 V=0 -f pipelines/imp.mk -f pipelines/prac.mk \
	-f pipelines/random.mk -f pipelines/report.mk \
	DATA=cifar-10-batches-bin DATASET=cifar10 TRAIN=10000 \
	EPOCHS=6 MILESTONES=3,5 SEEDS='1 2 3' \
	ROUNDS=8 TICKETS='4 6 8' EPOCH_MASKS='0 4 8' \
	SEARCHES='prac prac-cet random-set' random-set.SETS=random \
	STOP_EVERY=20i STOP_EPS=0.01 STOP_QUEUE=3 "$@" report
