# earlybird-settings.mk: when a mask has settled, for early-bird tickets of weights and of
# channels.

## Early-bird
EB_EPS ?= 0.1#	[real] settled: the newest mask is within this of each in the queue
EB_QUEUE ?= 5#	[whole >0] masks that are compared, the newest included
EB_EVERY ?= 1#	[span] epochs from one mask to the next (50i: iterations)

rule := eps=$(EB_EPS),queue=$(EB_QUEUE),every=$(EB_EVERY)
# Of a training that stops when the mask of sparsity $1 has settled, in the folder of $@.
settling = --stop-sparsity $1 --stop-eps $(EB_EPS) --stop-queue $(EB_QUEUE) \
	--stop-every $(EB_EVERY) $(subst --,--stop-,$(prunable)) \
	--stop-info $(@D)/stop.tsv --stop-distances $(@D)/distances.tsv
