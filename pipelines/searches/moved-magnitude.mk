# moved-magnitude.mk: masks of the largest weights of a pretrained network, without a search.
FOUND ?= magnitude
include $(dir $(lastword $(MAKEFILE_LIST)))../moved.mk
