# details.mk: what a report shows of a search beside its rows: its sets, the distances of
# its masks.
#
#	$P/rounds.tsv    distances between the masks of all rounds
#	$P/layers.tsv    how many weights of each layer the tickets' masks keep
#	$P/sets.tsv      the sets of all rounds; classes.tsv: how they share D0's classes
#	$P/watched.tsv   distances of successive masks in the trainings that were watched

$P/rounds.matrix.tsv: $P/summary.tsv
	$(call distances,lt-score masks $(own_masks) $<,--norm all)
$P/rounds.tsv: $P/rounds.matrix.tsv
	$(run) lt-score pairs --part 2 -o $@ $<
all: $P/rounds.matrix.tsv $P/rounds.tsv

layers_of = $(patsubst %.safetensors,%.tsv,$(call mask,$1))
$P/layers.tsv: $(foreach t,$(tickets),$(call layers_of,$t)) $(shown)
	$(run) lt-score rows -o $@ $(foreach t,$(tickets),round=$(t:0%=%) $(call layers_of,$t))
all: $P/layers.tsv

# The sets that the search has of its own.
found_sets := $(filter $P/%,$(foreach r,$(rounds),$(call set,$r)))
ifneq ($(found_sets),)
$P/sets.tsv: $(D0) $(found_sets) $(shown)
	$(run) lt-score sets --of $(D0) -o $@ $(found_sets)
$P/classes.count.tsv: $(D0) $(lastword $(found_sets)) $(train.data) $(shown)
	$(run) lt-subset count $q --data $(train.data) -o $@ $(D0) $(lastword $(found_sets))
$P/classes.tsv: $P/classes.count.tsv
	$(run) lt-score classes -o $@ $<
all: $P/sets.tsv $P/classes.count.tsv $P/classes.tsv
endif

ifneq ($(call watched,01),)
$P/watched.tsv: $P/summary.tsv
	$(run) lt-score distances --folder $P $(if $(own_masks),--own,--zero $(zero)) -o $@ $<
all: $P/watched.tsv
endif
