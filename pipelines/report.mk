# report.mk: tables, pictures and a page.  It stands behind the workflows that they
# are about: methods that are compared,
#
#	make -f pipelines/imp.mk -f pipelines/prac.mk -f pipelines/random.mk \
#		-f pipelines/report.mk DATA=FOLDER SEEDS='1 2 3' report
#
#	OUT/DATASET/NET/report/           index.html and what it is made of
#	OUT/DATASET/NET/sSEED/report/     a seed's own tables
#
# or studies of early tickets,
#
#	make -f pipelines/grid.mk -f pipelines/ppr.mk -f pipelines/report.mk \
#		DATA=FOLDER report
#
#	OUT/DATASET/NET/early/            index.html beside their tables
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

## Report
WITHIN ?= 1#	[real] points below the dense network that still count as close
SHEET ?= 60#	[whole >0] samples on a contact sheet
SHEET_SCALE ?= 2#	[whole >0] their pixels, enlarged

$(if $(methods)$(studies)$(filter help,$(MAKECMDGOALS)),,$(error report.mk \
	stands behind the workflows that it is about: -f imp.mk -f prac.mk -f report.mk))
include $(common)report/facts.mk
.PHONY: report
ifneq ($(methods),)
include $(common)report/methods.mk
endif
ifneq ($(studies),)
include $(common)early/page.mk
endif
