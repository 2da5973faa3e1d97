# random-reinit.mk: random masks on weights of a new seed.
LIKE ?= random
include $(dir $(lastword $(MAKEFILE_LIST)))../reinit.mk
