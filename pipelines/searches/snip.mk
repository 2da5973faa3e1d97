# snip.mk: another criterion, snip, on PrAC's sets and for as many iterations.
LIKE ?= prac
SETS ?= same
CRITERION ?= snip
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
