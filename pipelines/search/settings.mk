# settings.mk: those of search.mk and of what it runs for each network.
## Ticket search
NETWORKS ?= lenet5 pnasnet_a pnasnet_b resnet32 mobilenetv1 efficientnet_b0 resnet18
ROUNDS ?= 5#	prunings of a search, K
RATE ?= 0.16#	share of the remaining weights that each removes
PATIENCE ?= 50#	epochs without a better validation accuracy that end a training; 0: none
CRITERION ?= lamp#	lt-prune's
NET_OPTIONS ?= --init default#	PyTorch's initialization
SELECT ?= val#	stages are chosen by validation, or by test as in the paper
## Trajectory length
ARCS ?= 10#	arcs between test images; 0: no trajectories
POINTS ?= 256#	points of an arc
PROJECTION ?= random#	or none
PATH_LAYERS ?=#	nodes whose projected arcs are drawn, beside the output's
