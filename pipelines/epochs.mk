# epochs.mk: the masks that pruning after each epoch of a round of IMP would give, and how
# far apart they are: Figure 2 of the PrAC paper, for the rounds of EPOCH_MASKS.
#
#	$P/RR/epoch-E.safetensors              of round 00 in the dense run
#	$P/epochs/RR/epoch-E.mask.safetensors  $P/RR/epochs.tsv
kept_rounds := $(if $(EPOCH_MASKS),$(filter $(shell printf '%02d ' $(EPOCH_MASKS)),00 $(rounds)))
keep_epochs = $(if $(filter $(kept_rounds),$*),--save-epochs $(call commas,$(all_epochs)) \
	--save-prefix $(@D)/epoch-)
all: $(call in,$(kept_rounds:%=$P/%),epochs.matrix.tsv epochs.tsv) \
	$(call in,$(kept_rounds:%=$P/epochs/%),$(all_epochs:%=epoch-%.mask.safetensors))

# The weights of the epochs, which only the training of such a round leaves.
kept := $(if $(filter-out 00,$(kept_rounds)),$(all_epochs:%=epoch-%.safetensors))
.PRECIOUS: $(call in,$(kept_rounds:%=$P/%),$(kept))

# The stem is RR/epoch-E.
weights = $(call trained_in,$(*D))/$(*F).safetensors
$P/epochs/%.mask.safetensors: $$(weights) $$(call mask,$$(*D)) $(pruned) $(grouped)
	$(run) lt-prune $q $(prunable) --rate $(RATE) $(groups) $(addprefix --mask ,$(call \
		mask,$(*D))) -o $@ $<

epoch_masks = $(addsuffix .mask.safetensors,$(addprefix $P/epochs/$*/epoch-,$(all_epochs)))
base = $(addprefix base=,$(call mask,$*))
$P/%/epochs.matrix.tsv: $$(epoch_masks) $$(call mask,$$*)
	$(call note,distances between the masks of all epochs)
	$(run) lt-hamming $q --matrix $(addprefix --norm ,$(base)) -o $@ $(epoch_masks)
$P/%/epochs.tsv: $P/%/epochs.matrix.tsv
	$(run) lt-score pairs --part 1 --round $* -o $@ $<
