# prac-epochs.mk: PrAC whose trainings last as many epochs as their sets are large.
SCALE ?= epochs
include $(dir $(lastword $(MAKEFILE_LIST)))../prac.mk
