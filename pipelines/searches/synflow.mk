# synflow.mk: another criterion, synflow, on PrAC's sets and for as many iterations.
LIKE ?= prac
SETS ?= same
CRITERION ?= synflow
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
