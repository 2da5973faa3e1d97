# rigl.mk: dynamic sparse training that grows weights by their gradients (Evci et al. 2020).
DST ?= rigl
include $(dir $(lastword $(MAKEFILE_LIST)))../dst.mk
