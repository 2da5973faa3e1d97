# set.mk: dynamic sparse training that grows weights at random (Mocanu et al. 2018).
DST ?= set
include $(dir $(lastword $(MAKEFILE_LIST)))../dst.mk
