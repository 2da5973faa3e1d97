# demo.mk: the main job in five minutes on two cores: tickets in Fashion-MNIST by IMP, PrAC,
# early-bird and random pruning, all from one θ0.
#
#	make demo
#
# Every setting can be changed as in the other workflows, ROUNDS=3 say.
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)given.mk
# "make demo" hands on what it was told of the build.
of_build := CC CFLAGS LDFLAGS CPPFLAGS BUILD DEVELOPER SANITIZE JOBS PREFIX DESTDIR
given := $(filter-out $(of_build),$(given))

## The demo
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
SEARCHES ?= imp prac earlybird random
TRAIN ?= 16000
VAL ?= 2000
ARCH ?= resnet8-demo
EPOCHS ?= 5
MILESTONES ?= 3,4
BATCH ?= 64
AUGMENT ?= none
RATE ?= 0.36
ROUNDS ?= 6
TICKETS ?= $(or $(filter 2 4 6,$(shell seq 1 $(ROUNDS))),$(ROUNDS))
EB_EVERY ?= 50i
OUT ?= $(patsubst $(CURDIR)/%,%,$(abspath $(here)../build/demo))
V ?= 0
shared_settings := DATA DATASET SYNTH SYNTH_TRAIN TRAIN VAL ARCH EPOCHS MILESTONES BATCH \
	AUGMENT RATE ROUNDS TICKETS EB_EVERY OUT V
.DEFAULT_GOAL := demo
include $(here)run.mk

# What the comparison must show of Fashion-MNIST.
promises := 'dense/0>=87.5' 'imp/2>=dense/0-1' 'imp/last>=random/last+1'
summary := $N/report/summary.tsv
.PHONY: demo
demo: report
	@echo
	@lt-score compare $(summary)
	@echo
ifeq ($(DATA),synth)
	@echo 'This is a made-up set: Fashion-MNIST (dataset-fashion-mnist) is not installed.'
else
	@lt-score check $(summary) $(promises)
endif
	@echo 'The page: $N/report/README.md'
