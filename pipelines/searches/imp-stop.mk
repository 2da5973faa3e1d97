# imp-stop.mk: iterative pruning on all of D0 whose trainings stop early: what PrAC saves
# without its sets.
DISAGREE ?= none
set = $(D0)
include $(dir $(lastword $(MAKEFILE_LIST)))../prac.mk
