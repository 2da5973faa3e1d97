# random.mk: random pruning, the baseline: nested random masks of the same sparsities as
# the other methods', rewound and retrained; no search at all.
#
#	lt run random DATA=FOLDER ROUNDS=6
#
#	random/RR/ticket.mask.safetensors  last.safetensors best.safetensors log.tsv
#	random/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk
include $(pipelines)groups.mk

all: $(rounds:%=$P/%/ticket.mask.safetensors) $(call in,$(tickets:%=$P/%),$(trained_files))

$P/%/ticket.mask.safetensors: $S/theta0.safetensors $$(prev_mask) $(pruned) $(grouped)
	$(call note,remove $(RATE) of the remaining weights at random)
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(groups) --method random --seed $(SEED) \
		$(addprefix --mask ,$(prev_mask)) -o $@ $<

$(addprefix $P/%/,$(trained_files)): $P/%/ticket.mask.safetensors $(start) \
		$(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

# A ticket cost the epochs before the point of rewinding and nothing else.
logs := $(if $(rewinds),$S/rewind-$(REWIND).tsv)
set  :=
include $(pipelines)rows.mk
include $(pipelines)details.mk
