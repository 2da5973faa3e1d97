# margin.mk: the margin of all verdicts, for the reports.
## Verdicts
MARGIN ?= 0.5#	[real >=0] points of accuracy: a loss below it counts as none
