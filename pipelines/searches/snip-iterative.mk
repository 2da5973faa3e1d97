# snip-iterative.mk: snip in 60 steps, with new scores in each (de Jorge et al. 2021).
LIKE ?= prac
SETS ?= same
CRITERION ?= snip
SCORE_STEPS ?= 60
include $(dir $(lastword $(MAKEFILE_LIST)))../control.mk
