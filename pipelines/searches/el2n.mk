# el2n.mk: as many samples as PrAC's sets have, those of the largest EL2N: the distance between prediction and label,
# early in training (Paul et al. 2021).
LIKE ?= prac
SETS ?= el2n
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
