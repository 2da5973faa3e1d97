# imp-short.mk: iterative magnitude pruning whose rounds get shorter.  Round r trains
# for EPOCHS - r * SHORTER epochs; each ticket is retrained for all EPOCHS.
include seed.mk

## Shorter rounds
SHORTER ?= 1#	[whole >0] epochs by which each round is shorter than the one before

# $(call length,03): the epochs of round 03.
length = $(shell expr $(EPOCHS) - $1 \* $(SHORTER))
shorter := $(call stamp,$P/settings/shorter,SHORTER)

# What it makes: all masks, the trainings of all rounds but the last, and the tickets.
searched := $(filter-out $(lastword $(rounds)),$(rounds))
all: $(rounds:%=$P/%/ticket.mask.safetensors) $(call in,$(searched:%=$P/%),$(trained_files)) \
	$(call in,$(rounds:%=$P/%/ticket),$(trained_files))

# Prune RATE of the remaining weights: the smallest after the round before.
$P/%/ticket.mask.safetensors: $$(prev_run)/last.safetensors $$(prev_mask) $(pruned)
	$(call note,prune $(RATE) of the remaining weights)
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(addprefix --mask ,$(prev_mask)) -o $@ $<

# Rewind to θ0 and train for this round.
$P/%/last.safetensors $P/%/best.safetensors $P/%/log.tsv: $P/%/ticket.mask.safetensors \
		$(start) $(trained) $(rewound) $(shorter)
	$(call note,train for $(call length,$*) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) --to $(call length,$*) $(keep) \
		$(again) $(training)

# Retrain the ticket for the whole schedule.
$P/%/ticket/last.safetensors $P/%/ticket/best.safetensors $P/%/ticket/log.tsv: \
		$P/%/ticket.mask.safetensors $(start) $(trained) $(rewound)
	$(call note,retrain the ticket)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

# A row for each ticket: it is in RR/ticket, and cost the trainings of all rounds before.
ticket := /ticket
logs = $(foreach r,$(call until,$1),$(call trained_in,$r)/log.tsv)
include rows.mk
