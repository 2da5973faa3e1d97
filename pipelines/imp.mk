# imp.mk: iterative magnitude pruning (Frankle & Carbin 2019), the vanilla search.
# Round r trains under mask r: that one run gives the last weights, which mask r + 1 is
# pruned from, and the best-validation weights, which say how good ticket r is.
#
#	lt run imp DATA=FOLDER ROUNDS=6 SEEDS='1 2 3' -j2
#
#	imp/RR/ticket.mask.safetensors  last.safetensors best.safetensors log.tsv
#	imp/summary.tsv
retrains := 1
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk
include $(pipelines)groups.mk
include $(pipelines)epochs.mk

tickets := $(rounds)
all: $(call in,$(rounds:%=$P/%),ticket.mask.safetensors $(trained_files))

# Remove RATE of the remaining weights, the smallest after training to θ_T.
$P/%/ticket.mask.safetensors: $$(prev_run)/last.safetensors $$(prev_mask) $(pruned) $(grouped)
	$(call note,prune $(RATE) of the remaining weights of θ_T)
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(groups) $(addprefix --mask ,$(prev_mask)) \
		-o $@ $<

# Reset the others to θ0 and train them: the ticket f(m ⊙ θ0).
include $(pipelines)retrain.mk
$(addprefix $P/%/,$(trained_files) $(kept)): $P/%/ticket.mask.safetensors $$(from_weights) \
		$(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(from_weights) $(keep) $(keep_epochs) $(again) \
		$(retraining)

# A ticket cost the trainings of all rounds before it.
late := $(rounds:%=$P/%/log.tsv)
logs = $(foreach r,$(call until,$1),$(call trained_in,$r)/log.tsv)
include $(pipelines)rows.mk
include $(pipelines)details.mk
