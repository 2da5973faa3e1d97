# rigl-macs.mk: rigl, trained for as many multiply-adds as IMP's search and retraining.
LIKE ?= imp
DST ?= rigl
include $(dir $(lastword $(MAKEFILE_LIST)))../dst.mk
