# random-set.mk: as many samples as PrAC's sets have, drawn from D0 at random.
LIKE ?= prac
SETS ?= random
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
