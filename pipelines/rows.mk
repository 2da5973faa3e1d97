# rows.mk: the rows of a search in a comparison: what each ticket cost and what it can do.
#
#	$P/RR/.../row.tsv row.time.tsv      a ticket's
#	$P/summary.tsv summary.time.tsv     all of the search, below the dense run's
#
# A workflow says where its tickets are and what they cost.  Of ticket $1:
#	round   its number
#	ticket  its folder below $P/$1, /ticket or nothing
#	samples the samples that it was found with, those of the round before
#	logs    the logs of the trainings before its mask
#	late    those of all logs that begin where tickets are rewound to
#	passes  the costs of passes over samples, to compare models or to score weights
#	watched whether the last training stopped, and the distances of its masks
#	rule    the stop rule in words
#	found   the row of another search's ticket that has found the mask
#	begun   the weights that its training begins with
#	worn    the mask that they wear, nothing for a network that needs none
#	size_of what lt-score takes the size of its network from
ticket  ?=
set     ?= $(D0)
samples ?= $(call set,$(call before,$1))
logs    ?=
late    ?=
passes  ?=
watched ?=
rule    ?= none
found   ?=
begun   ?= $(start)
worn    ?= $(call mask,$1)
size_of ?= --checkpoint $(call begun,$*)
round   ?= $*
since   ?= $(if $(again),$(REWIND):)

# A log that begins at a later point of the schedule has the point before it.
starts = $(foreach l,$(call logs,$*),$(if $(filter $(late),$l),$(since))$l)
mask_table = $(patsubst %.safetensors,%.tsv,$(call mask,$*))
seconds = $(patsubst %.tsv,%.time.tsv,$1)

watching = $(addprefix --stop ,$(word 1,$(call watched,$*))) \
	$(addprefix --distances ,$(word 2,$(call watched,$*)))

# The accuracy of m ⊙ θ0: what the mask carries into the training.
$P/%$(ticket)/start.tsv: $$(call begun,$$*) $(test.data) $$(call worn,$$*) $(rewound)
	$(run) lt-eval $(evaluating) --data $(test.data) $(addprefix --mask ,$(call worn,$*)) -o $@ $<

$P/%$(ticket)/row.tsv: $P/%$(ticket)/log.tsv $(addprefix $P/%$(ticket)/,$(looked)) $$(mask_table) \
		$$(call samples,$$*) $$(call logs,$$*) $$(call passes,$$*) \
		$$(call watched,$$*) $$(call found,$$*) $$(call begun,$$*)
	$(run) lt-score row --method $(SEARCH) --round $(round) --rule $(rule) \
		$(addprefix --set ,$(call samples,$*)) \
		--mask $(mask_table) $(addprefix --search ,$(starts)) \
		$(addprefix --pass ,$(call passes,$*)) $(watching) \
		$(addprefix --row ,$(call found,$*)) \
		--retrain $(since)$< $(accuracies) $(size_of) -o $@
$P/%$(ticket)/row.time.tsv: $P/%$(ticket)/row.tsv
	$(run) lt-score time --method $(SEARCH) --round $(round) --retrain $(@D)/log.time.tsv \
		$(addprefix --search ,$(call seconds,$(call logs,$*) $(call passes,$*))) -o $@

rows := $S/dense/row.tsv $(tickets:%=$P/%$(ticket)/row.tsv)
shown := $(call stamp,$P/settings/rounds,ROUNDS TICKETS)
$P/summary.tsv: $(rows) $(shown)
	$(run) lt-score rows -o $@ $(rows)
$P/summary.time.tsv: $(call seconds,$(rows)) $(shown)
	$(run) lt-score rows -o $@ $(call seconds,$(rows))
summary: $P/summary.tsv $P/summary.time.tsv
all: summary $(rows) $(call seconds,$(rows)) $(call in,$(tickets:%=$P/%$(ticket)),$(looked)) \
	$(foreach t,$(tickets),$(patsubst %.safetensors,%.tsv,$(call mask,$t)))
