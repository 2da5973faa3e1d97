# baselines.mk: what the PrAC paper compares its tickets with, on the same
# data: IMP, random masks, new weights for found masks; other criteria on PrAC's
# sets; IMP on other sets of the same sizes.  lt-prac(7) explains them.
#
#	make -j2 -f pipelines/baselines.mk DATA=FOLDER ROUNDS=6
#	make ... BASELINES='random-set entropy'
#
#	imp/ random/ prac/ snip/ grasp/ ...: each a summary.tsv
ifndef baselines.mk
baselines.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))reinit.mk

## Baselines that follow PrAC, round by round
BASELINES ?= snip grasp synflow random-set entropy svp#	[names] each with settings of its own

# On its sets, for as many iterations, with another criterion.
snip.SETS ?= same
snip.CRITERION ?= snip
grasp.SETS ?= same
grasp.CRITERION ?= grasp
synflow.SETS ?= same
synflow.CRITERION ?= synflow
# By magnitude, for as many iterations, on as many other samples.
random-set.SETS ?= random
entropy.SETS ?= entropy
svp.SETS ?= proxy

$(call search_all,$(BASELINES))
endif
