# grasp.mk: another criterion, grasp, on PrAC's sets and for as many iterations.
LIKE ?= prac
SETS ?= same
CRITERION ?= grasp
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
