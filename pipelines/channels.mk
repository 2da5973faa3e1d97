# channels.mk: tickets whose channels, not weights, are removed, as smaller networks.
# Early-bird tickets as their paper has them (You et al. 2020): the dense run has an L1
# penalty on the scales of its batch norms and stops when the mask of the channels with the
# smallest scales has settled; these are cut out, and the slim network is trained further.
# Or, of the trained dense network, the channels whose filters have the smallest norms (Li
# et al. 2017).  Round RR removes as large a share of the channels as other methods remove
# of the weights.
#
#	lt run earlybird channels-earlybird channels-earlybird-reset filter-norm DATA=FOLDER
#
#	channels-earlybird/RR/          the stopped dense run, ticket.mask.safetensors
#	channels-earlybird/RR/slim.safetensors units.tsv    the slim network, layer by layer
#	channels-earlybird/RR/ticket/   its retraining
#	channels-earlybird/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

include $(pipelines)earlybird-settings.mk
## Channels
CHANNELS ?= bn-scale#	[bn-scale or filter-norm by search] settled scales, or norms after training
CHANNEL_WEIGHTS ?= found#	[found or rewound by search] weights that slim networks begin with
SCALE_L1 ?= 1e-4#	[real >=0] L1 penalty on the scales, of bn-scale

early := $(filter bn-scale,$(CHANNELS))
kept_weights := $(filter found,$(CHANNEL_WEIGHTS))
penalty := $(if $(early),--scale-l1 $(SCALE_L1))
stopped_files := $(trained_files) stop.tsv distances.tsv
penalized := $(call stamp,$P/settings/channels,CHANNELS CHANNEL_WEIGHTS SCALE_L1)
all: $(if $(early),$(call in,$(tickets:%=$P/%),$(stopped_files))) \
	$(call in,$(tickets:%=$P/%),ticket.mask.safetensors slim.safetensors units.tsv) \
	$(call in,$(tickets:%=$P/%/ticket),$(trained_files))

# Train f(θ0) until the mask of this share of the channels has settled.
ifneq ($(early),)
stops := $(call stamp,$P/settings/stop,EB_EPS EB_QUEUE EB_EVERY)
$(addprefix $P/%/,$(stopped_files)): \
		$S/theta0.safetensors $(trained) $(pruned) $(stops) $(penalized)
	$(call note,train f(θ0) on D0 until the mask of $(call sparsity,$*) of the channels has settled)
	$(run) lt-train --index $(D0) $< $(keep) $(penalty) \
		$(call settling,$(call sparsity,$*)) --stop-method $(CHANNELS) $(training)
endif
trained_net = $(if $(early),$P/$*,$S/dense)/last.safetensors

# Prune it once, and cut the channels out of the weights to begin with.
$P/%/ticket.mask.safetensors: $$(trained_net) $(pruned) $(penalized)
	$(call note,remove $(call sparsity,$*) of the channels by $(CHANNELS))
	$(run) lt-prune $q $(prunable) --method $(CHANNELS) --sparsity $(call sparsity,$*) -o $@ $<
whole = $(if $(kept_weights),$(trained_net),$(start))
$P/%/slim.safetensors $P/%/units.tsv: $P/%/ticket.mask.safetensors $$(whole) $(rewound)
	$(call note,cut them out of the network)
	$(run) lt-slim $q --mask $< --table $P/$*/units.tsv -o $P/$*/slim.safetensors $(whole)

# Train the slim network: with the weights that it was found with from where the dense run
# stopped to the end of the schedule, else as any ticket.  A dense run that did not stop
# leaves nothing of the schedule, which begins again then.
stop_at = $$(awk 'NR == 2 { print ($$1 ? $$3 : 0) "i" }' $P/$*/stop.tsv)
point = $(if $(kept_weights),$(if $(early),$(stop_at)),$(if $(again),$(REWIND)))
$(addprefix $P/%/ticket/,$(trained_files)): $P/%/slim.safetensors $(trained) $(penalized) \
		$(if $(early),$P/%/stop.tsv)
	$(call note,train the slim network on D0)
	$(run) lt-train --index $(D0) $< $(keep) $(penalty) $(if $(point),--from $(point)) $(training)

# The row has the size of the slim network, which wears no mask.
own_masks := --own
ticket  := /ticket
logs     = $(if $(early),$P/$1,$S/dense)/log.tsv
watched  = $(if $(early),$P/$1/stop.tsv $P/$1/distances.tsv)
begun    = $P/$1/slim.safetensors
worn     =
size_of  = --slim $(call begun,$*)
since    = $(if $(point),$(point):)
rule    := $(if $(early),$(rule),none)
include $(pipelines)rows.mk
include $(pipelines)details.mk
