# settings.mk: those of search.mk and of what it runs for each network.
## Ticket search
NETWORKS ?= lenet5 pnasnet_a pnasnet_b resnet32 mobilenetv1 efficientnet_b0 resnet18#	[paths]
ROUNDS ?= 5#	prunings of a search, K
RATE ?= 0.16#	share of the remaining weights that each removes
PATIENCE ?= 50#	[whole] epochs without a better validation accuracy that end a training; 0: none
CRITERION ?= lamp#	lt-prune's
NET_OPTIONS ?= --init default#	PyTorch's initialization
SELECT ?= val#	[val or test] which accuracy chooses stages; the paper: test
## Trajectory length
ARCS ?= 10#	[whole] arcs between test images; 0: no trajectories
POINTS ?= 256#	[whole >1] points of an arc
PROJECTION ?= random#	[random or none]
PATH_LAYERS ?=#	[nothing or names] nodes whose projected arcs are drawn, beside the output's
