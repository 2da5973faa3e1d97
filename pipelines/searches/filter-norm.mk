# filter-norm.mk: of the trained dense network, the channels whose filters have the smallest
# norms are cut out at once (Li et al. 2017), and the slim network has rewound weights.
CHANNELS ?= filter-norm
CHANNEL_WEIGHTS ?= rewound
include $(dir $(lastword $(MAKEFILE_LIST)))../channels.mk
