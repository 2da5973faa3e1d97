# earlybird-params.mk: early-bird tickets of weights that keep as many as slim networks.
LIKE ?= channels-earlybird#	[name by search] the search whose tickets keep as many weights
like := $(LIKE)
include $(dir $(lastword $(MAKEFILE_LIST)))../earlybird.mk
