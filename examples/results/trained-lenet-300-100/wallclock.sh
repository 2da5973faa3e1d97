#!/bin/sh
# The searches of one seed of run.sh by the clock, one after the other, for the rounds in
# which PrAC is shown to be as good as IMP; leave the machine to them.  What comes out is
# runs/.../wallclock/wallclock.tsv.
exec make V=0 -f pipelines/wallclock.mk \
	DATA=/usr/share/datasets/fashion-mnist ARCH=lenet-300-100 \
	EPOCHS=30 MILESTONES=15,22 LR=0.05 BATCH=128 AUGMENT=none ROUNDS=7 \
	STOP_EPS=0.02 STOP_QUEUE=3 STOP_START=always THREADS=2 "$@"
