# channels-earlybird.mk: early-bird tickets of channels, by the scales of batch norms, that
# keep the weights that they were found with (You et al. 2020).
CHANNELS ?= bn-scale
include $(dir $(lastword $(MAKEFILE_LIST)))../channels.mk
