# channels-earlybird-reset.mk: early-bird tickets of channels with rewound weights.
CHANNELS ?= bn-scale
CHANNEL_WEIGHTS ?= rewound
include $(dir $(lastword $(MAKEFILE_LIST)))../channels.mk
