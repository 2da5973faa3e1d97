#!/bin/sh
# The searches of one seed of run.sh by the clock, one after the other; leave the
# machine to them.  What comes out is runs/.../wallclock/wallclock.tsv.
exec make V=0 -f pipelines/wallclock.mk \
	DATA=/usr/share/datasets/fashion-mnist ARCH=resnet8-demo \
	EPOCHS=4 MILESTONES=2,3 BATCH=64 AUGMENT=none ROUNDS=10 \
	STOP_EVERY=100i THREADS=2 "$@"
