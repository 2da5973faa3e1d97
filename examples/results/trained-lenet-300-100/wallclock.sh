#!/bin/sh
# The searches of one seed of run.sh by the clock, one after the other, up to the last
# round in which PrAC is as good as IMP before Holm's correction; leave the machine to
# them.  Run it in the top folder; runs/.../wallclock/wallclock.tsv comes out.
exec make V=0 -f pipelines/wallclock.mk \
	DATA=/usr/share/datasets/fashion-mnist ARCH=lenet-300-100 \
	EPOCHS=30 MILESTONES=15,22 LR=0.05 BATCH=128 AUGMENT=none ROUNDS=7 \
	STOP_EPS=0.02 STOP_QUEUE=3 STOP_START=always THREADS=2 "$@"
