# early.mk: what the parts of the study of early tickets share: the weights after each
# epoch of the dense run, and the masks that one-shot pruning takes from them.
# lt-early(7) explains it.
#
#	$S/dense/epoch-E.safetensors
#	$S/early/epoch-E.mask.safetensors
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)early-settings.mk
include $(here)seed.mk
include $(here)groups.mk

E := $S/early
one_shot := $(call stamp,$E/settings/prune,SPARSITY LAYERS EXCLUDE $(if $(NM),NM))

# The weights after epoch $1 of the dense run; 0 is θ0.
at = $(if $(filter 0,$1),$S/theta0,$S/dense/epoch-$1).safetensors
# $(call need_epochs,SETTING): the dense run keeps the weights of all epochs it lists.
need_epochs = $(foreach e,$(filter-out 0 $(saved),$($1)),$(error $1: the dense run keeps no \
	weights after epoch $e: EPOCHS=$(EPOCHS) SAVE_EPOCHS=$(SAVE_EPOCHS)))
need_rewound = $(if $(filter-out end,$(REWIND)),$(call need_epochs,REWIND))

$E/epoch-%.mask.safetensors: $$(call at,$$*) $(one_shot)
	$(call note,mask $*: remove $(SPARSITY) of the weights after epoch $*)
	$(run) lt-prune $q $(prunable) --sparsity $(SPARSITY) $(groups) -o $@ $<
