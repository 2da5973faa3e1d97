# prac-retrained.mk: PrAC with the pair of models that the published code compares.
DISAGREE ?= retrained
include $(dir $(lastword $(MAKEFILE_LIST)))../prac.mk
