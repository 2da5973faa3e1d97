# entropy.mk: as many samples as PrAC's sets have, those that the round's network is the
# least sure of.
LIKE ?= prac
SETS ?= entropy
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
