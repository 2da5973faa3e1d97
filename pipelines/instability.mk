# instability.mk: how much does the order of the data matter (Frankle et al. 2020)?  From each
# point of REWINDS two copies of a network are trained, which differ in the order and the
# augmentation of the data alone; lt-connect measures the barrier on the line between them: for
# the dense network, under the mask that IMP finds, and under that mask shuffled in its layers.
#
#	lt run instability imp-rewind DATA=FOLDER REWINDS='0 1 2 5' ROUNDS=10
#	lt run instability imp instability.LIKE=imp DATA=FOLDER    one mask for all points
#
#	instability/kK/NETWORK/a/ b/           the trainings; NETWORK: dense, found or shuffled
#	instability/kK/NETWORK/barrier.tsv line.tsv
#	instability/instability.tsv            a row for each point and network
SCHEDULE ?= continue#	the learning rate's schedule after rewinding
include $(dir $(lastword $(MAKEFILE_LIST)))rewind-settings.mk
points = $(REWINDS:%=$S/rewind-%.safetensors)
own_rewind = $P
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## Instability
LIKE ?= imp-rewind#	[name by search] the search whose masks are taken
AT_ROUND ?= $(ROUNDS)#	[whole >0 <=ROUNDS] the round of the masks
ORDERS ?= 1000#	[whole] added to the seed once and twice, for the two orders of the data
POINTS ?= 31#	[whole >0] on the line, both ends included
BN_SAMPLES ?= 2000#	[whole] of D0 that give batch norms their statistics there; 0: interpolated

networks := dense found shuffled
runs := $(foreach k,$(REWINDS),$(networks:%=$P/k$k/%))
all: $P/instability.tsv $(call in,$(runs),barrier.tsv line.tsv) \
	$(call in,$(runs:%=%/a) $(runs:%=%/b),$(trained_files)) \
	$(REWINDS:%=$P/k%/shuffled.mask.safetensors) $(if $(filter-out 0,$(BN_SAMPLES)),$P/bn.idx)

# The stem of a training is kK/NETWORK/ORDER, that of a line kK/NETWORK.
k = $(patsubst k%,%,$(firstword $(subst /, ,$*)))
network = $(word 2,$(subst /, ,$*))
order = $(word 3,$(subst /, ,$*))
point = $S/$(if $(filter 0 0i,$k),theta0,rewind-$k).safetensors
round_of := $(shell printf %02d $(AT_ROUND))
found = $S/$(LIKE)$(if $(filter imp-rewind,$(LIKE)),-$k)/$(round_of)/ticket.mask.safetensors
mask_dense   :=
mask_found    = $(found)
mask_shuffled = $P/k$k/shuffled.mask.safetensors
under = $(mask_$(network))

# run.mk has made the search whose masks are taken.
$S/$(LIKE)%: ;
found_by := $(call stamp,$P/settings/mask,LIKE AT_ROUND ORDERS)

$P/%/shuffled.mask.safetensors: $$(found) $$(point) $(found_by)
	$(call note,shuffle the mask of $(LIKE) within its layers)
	$(run) lt-prune $q --like $< --seed $(SEED) -o $@ $(point)

# The two orders differ in the seed of the training alone.
seeds_a := $(shell expr $(SEED) + $(ORDERS))
seeds_b := $(shell expr $(SEED) + 2 \* $(ORDERS))
its_order = $(subst --seed $(SEED) ,--seed $(seeds_$(order)) ,$(training))
from_k = $(if $(again),--from $k)
$(addprefix $P/%/,$(trained_files)): $$(point) $$(under) $(trained) $(rewound) $(found_by)
	$(call note,train the $(network) network from epoch $k with order $(order) of the data)
	$(run) lt-train --index $(D0) $(addprefix --mask ,$(under)) $< $(keep) $(from_k) $(its_order)

lined := $(call stamp,$P/settings/line,POINTS BN_SAMPLES)
$P/bn.idx: $(D0) $(lined)
	$(run) lt-subset sample $q --seed $(SEED) --of $< -o $@ \
		--size $$(n=$$(wc -l <$<); echo $$((n < $(BN_SAMPLES) ? n : $(BN_SAMPLES))))
statistics := $(if $(filter-out 0,$(BN_SAMPLES)),$P/bn.idx)
$(addprefix $P/%/,barrier.tsv line.tsv): $P/%/a/last.safetensors $P/%/b/last.safetensors \
		$(test.data) $(train.data) $(statistics) $(lined)
	$(call note,the line between both)
	$(run) lt-connect $q --threads $(THREADS) --data $(test.data) --points $(POINTS) \
		$(addprefix --bn-data $(train.data) --bn-index ,$(statistics)) \
		--path $(@D)/line.tsv -o $(@D)/barrier.tsv $P/$*/a/last.safetensors \
		$P/$*/b/last.safetensors

sources := $(foreach k,$(REWINDS),rewind=$k $(foreach n,$(networks),network=$n \
	$P/k$k/$n/barrier.tsv))
$P/instability.tsv: $(filter %.tsv,$(sources)) $(call stamp,$P/settings/rows,REWINDS)
	$(run) lt-score rows -o $@ $(sources)
.PRECIOUS: $P/%/barrier.tsv $P/%/line.tsv $P/%/shuffled.mask.safetensors
