# svp.mk: as many samples as PrAC's sets have, those that a small network trained for it
# is the least sure of (selection via proxy, Coleman et al. 2020).
LIKE ?= prac
SETS ?= proxy
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
