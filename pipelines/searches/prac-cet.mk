# prac-cet.mk: PrAC without the samples that are critical for pruning: D = CET.
DISAGREE ?= none
include $(dir $(lastword $(MAKEFILE_LIST)))../prac.mk
