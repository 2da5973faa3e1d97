# static.mk: one training under a random mask with ERK densities, which stays.
DST ?= off
include $(dir $(lastword $(MAKEFILE_LIST)))../dst.mk
