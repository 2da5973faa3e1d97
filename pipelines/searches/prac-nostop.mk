# prac-nostop.mk: PrAC whose trainings last all epochs.
STOP ?= 0
include $(dir $(lastword $(MAKEFILE_LIST)))../prac.mk
