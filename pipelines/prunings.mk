# prunings.mk: gradual pruning: one training with prunings in between (Zhu and Gupta 2017),
# each under the mask before it, as segments from state to state.  gradual.mk and
# memorize.mk include it; $C is the folder, $(plan) the prunings EPOCH:SPARSITY.
#
#	$S/dense/epoch-E.state.safetensors   where the first pruning goes on from
#	$C/E/   ticket.mask.safetensors of epoch E, and what was trained under it to the
#	        next pruning
# The epochs of the prunings; the one before and the one after; the sparsity.
epochs_of = $(foreach p,$1,$(firstword $(subst :, ,$p)))
at_epochs := $(call epochs_of,$(plan))
first := $(firstword $(at_epochs))
last  := $(lastword $(at_epochs))
pairs := $(join $(addsuffix :,none $(at_epochs)),$(at_epochs))
prior = $(patsubst %:$1,%,$(filter %:$1,$(pairs)))
next  = $(patsubst $1:%,%,$(filter $1:%,$(pairs)))
share = $(patsubst $1:%,%,$(filter $1:%,$(plan)))
planned := $(call stamp,$C/settings/prunings,plan)

# The weights and the state at the pruning of epoch $1, which the segment before left or,
# at the first one, the state of the dense run; and the mask before it.
begins = $(filter none,$(call prior,$1))
weights_at = $(if $(begins),$(call dense_state,$1),$C/$(call prior,$1)/last.safetensors)
dense_state = $(if $(filter 0,$1),$S/theta0,$S/dense/epoch-$1.state).safetensors
state_at = $(if $(begins),$(call dense_state,$1),$C/$(call prior,$1)/state.safetensors)
mask_at  = $(if $(begins),,$C/$(call prior,$1)/ticket.mask.safetensors)

$C/%/ticket.mask.safetensors: $$(call weights_at,$$*) $$(call mask_at,$$*) $(planned) $(pruned) \
		$(grouped)
	$(call note,prune to sparsity $(call share,$*) at epoch $*)
	$(run) lt-prune $q $(prunable) --sparsity $(call share,$*) $(groups) \
		$(addprefix --mask ,$(call mask_at,$*)) -o $@ $<

$(addprefix $C/%/,last.safetensors log.tsv state.safetensors): $$(call state_at,$$*) \
		$C/%/ticket.mask.safetensors $(trained) $(planned)
	$(call note,train from epoch $* to epoch $(call next,$*))
	$(run) lt-train --index $(D0) --to $(call next,$*) --mask $C/$*/ticket.mask.safetensors $< \
		--save-state $(@D)/state.safetensors --log $(@D)/log.tsv \
		-o $(@D)/last.safetensors $(training)

# The dense run leaves the states of SAVE_STATES; another is made again.
$S/dense/epoch-%.state.safetensors: $S/theta0.safetensors $(trained) | $S/dense/last.safetensors
	$(call note,the state of the dense run after epoch $*)
	$(run) lt-train --index $(D0) --to $* $< --save-state $@ \
		--state $S/dense/.epoch-$*.run -o /dev/null $(training)

trained_on := $(filter-out $(last),$(at_epochs))
all: $(at_epochs:%=$C/%/ticket.mask.safetensors) $(foreach f,$(first),$(call dense_state,$f)) \
	$(call in,$(trained_on:%=$C/%),last.safetensors log.tsv state.safetensors)

# The logs of the whole training: the dense run until the first pruning, the segments.
segments := $(trained_on:%=$C/%/log.tsv)
beginning := $(if $(filter-out 0,$(first)),until=$(first) $S/dense/log.tsv until=)
$C/log.tsv: $S/dense/log.tsv $(segments) $(planned)
	$(run) lt-score join $(beginning) $(segments) -o $@
$C/log.time.tsv: $C/log.tsv
	$(run) lt-score join $(patsubst %.tsv,%.time.tsv,$(beginning) $(segments)) -o $@
