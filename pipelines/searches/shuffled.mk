# shuffled.mk: the found masks shuffled within their layers, on the weights that the search
# rewinds to: what is the choice of weights worth beyond the density of each layer?
LIKE ?= prac
WEIGHTS ?= rewound
PLACES ?= shuffled
include $(dir $(lastword $(MAKEFILE_LIST)))../reinit.mk
