# small-params.mk: dense networks with as many parameters as the tickets.
SIZE ?= params
include $(dir $(lastword $(MAKEFILE_LIST)))../small.mk
