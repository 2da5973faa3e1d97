# search-settings.mk: the settings of the ticket search, with the defaults of its paper.
# They hold for all searches of a run that has one.

## Ticket search
# Without ARCH, which names one network.
ifeq ($(filter ARCH,$(given)),)
NETWORKS ?= lenet5 pnasnet_a pnasnet_b resnet32 mobilenetv1 efficientnet_b0 resnet18
endif
ROUNDS ?= 5#	prunings of a search, K
RATE ?= 0.16#	share of the remaining weights that each removes
CRITERION ?= lamp#	lt-prune's
NET_OPTIONS ?= --init default#	PyTorch's initialization
shared_settings += ROUNDS RATE CRITERION NET_OPTIONS
# One rate does not fit all networks; lt-search(7) says what these were measured with.
ifeq ($(origin LR) $(origin SETTING),undefined undefined)
lenet5.LR ?= 0.02
pnasnet_a.LR ?= 0.01
pnasnet_b.LR ?= 0.01
endif
