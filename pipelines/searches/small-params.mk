# small-params.mk: dense networks with as many parameters as the tickets.
LIKE ?= prac
SIZE ?= params
include $(dir $(lastword $(MAKEFILE_LIST)))../small.mk
