# signs.mk: the found masks on the signs of the weights that the search rewinds to, with one
# magnitude for each layer (Zhou et al. 2019).
LIKE ?= prac
WEIGHTS ?= signs
include $(dir $(lastword $(MAKEFILE_LIST)))../reinit.mk
