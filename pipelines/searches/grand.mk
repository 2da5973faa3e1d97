# grand.mk: as many samples as PrAC's sets have, those of the largest GraNd early in
# training: the norm of the gradient (Paul et al. 2021).
LIKE ?= prac
SETS ?= grand
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
