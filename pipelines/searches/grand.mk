# grand.mk: as many samples as PrAC's sets have, those of the largest GraNd: the norm of the gradient,
# early in training (Paul et al. 2021).
LIKE ?= prac
SETS ?= grand
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
