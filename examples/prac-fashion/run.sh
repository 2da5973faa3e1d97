#!/bin/sh
# The main comparison of the PrAC paper on all of Fashion-MNIST: what this folder
# holds comes out under runs/fashion-mnist/resnet8-demo/report/.  Run it in lt's
# source tree, after make, where dataset-fashion-mnist is installed.
exec make -j2 V=0 -f pipelines/imp.mk -f pipelines/prac.mk \
	-f pipelines/random.mk -f pipelines/report.mk \
	DATA=/usr/share/datasets/fashion-mnist ARCH=resnet8-demo \
	EPOCHS=4 MILESTONES=2,3 BATCH=64 AUGMENT=none SEEDS='1 2 3' \
	ROUNDS=10 TICKETS='4 7 10' EPOCH_MASKS='0 5 10' \
	SEARCHES='prac prac-cet random-set' random-set.SETS=random \
	STOP_EVERY=100i "$@" report
