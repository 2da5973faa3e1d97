# set-macs.mk: set, trained for as many multiply-adds as IMP's search and retraining.
LIKE ?= imp
DST ?= set
include $(dir $(lastword $(MAKEFILE_LIST)))../dst.mk
