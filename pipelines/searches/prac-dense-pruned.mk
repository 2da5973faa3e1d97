# prac-dense-pruned.mk: PrAC whose pruned network is compared with the dense one.
DISAGREE ?= dense-pruned
include $(dir $(lastword $(MAKEFILE_LIST)))../prac.mk
