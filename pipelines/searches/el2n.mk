# el2n.mk: as many samples as PrAC's sets have, those of the largest EL2N early in
# training: the distance between prediction and label (Paul et al. 2021).
LIKE ?= prac
SETS ?= el2n
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
