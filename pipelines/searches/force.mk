# force.mk: another criterion, force, on PrAC's sets and for as many iterations.
LIKE ?= prac
SETS ?= same
CRITERION ?= force
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
