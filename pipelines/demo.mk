# demo.mk: the main job in five minutes on two cores: tickets in Fashion-MNIST
# by IMP, PrAC, early-bird and random pruning, all from one θ0.
#
#	make demo
#
# Every setting can be changed as in the other workflows, ROUNDS=3 say.
here := $(dir $(lastword $(MAKEFILE_LIST)))
# "make demo" hands on what it was told of the build.
passed_on := CC CFLAGS LDFLAGS CPPFLAGS BUILD DEVELOPER SANITIZE JOBS PREFIX DESTDIR
include $(here)given.mk

# Debian's dataset-fashion-mnist, or else a set that lt-data makes up.
FASHION ?= /usr/share/datasets/fashion-mnist#	[path] the folder of Fashion-MNIST
ifneq ($(wildcard $(FASHION)/train-images-idx3-ubyte*),)
DATA ?= $(FASHION)
DATASET ?= fashion-mnist
else
DATA ?= synth
SYNTH ?= --classes 10 --shape 1x28x28
SYNTH_TRAIN ?= 60000
endif
TRAIN ?= 16000
VAL ?= 2000
ARCH ?= resnet8-demo
EPOCHS ?= 5
MILESTONES ?= 3,4
BATCH ?= 64
AUGMENT ?= none
RATE ?= 0.36
ROUNDS ?= 6
TICKETS ?= $(foreach t,2 4 6,$(filter $t,$(shell seq 1 $(ROUNDS))))
EB_EVERY ?= 50i
OUT ?= $(patsubst $(CURDIR)/%,%,$(abspath $(here)../build/demo))
V ?= 0
include $(here)compare.mk

.PHONY: demo
.DEFAULT_GOAL := demo
demo: $(call seed_dir,$(SEED))/summary.tsv compare
	@echo
	@awk -f $(common)table.awk $<
	@echo
ifeq ($(DATA),synth)
	@echo 'This is a made-up set: Fashion-MNIST (dataset-fashion-mnist) is not installed.'
	@awk -f $(common)claims.awk $<
else
	@awk -f $(common)claims.awk check=1 $<
endif
	@ls -1 $(<D)/*.png 2>/dev/null || echo 'No pictures: gnuplot is not installed.'
