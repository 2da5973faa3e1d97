# prunings.mk: a training with prunings in between, each under the mask before
# it, as segments from state to state.  gradual.mk and memorize.mk need it.
#
#	sSEED/dense/epoch-E.state.safetensors   where the first pruning goes on from
#	sSEED/gradual/NAME/E/       ticket.mask.safetensors of epoch E, and what was
#				    trained under it to the next pruning
#	sSEED/gradual/NAME/log.tsv  the whole training, up to the last pruning
ifndef prunings.mk
prunings.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## Gradual pruning
STEPS ?= 10#	[whole >0 by window] prunings of a window
INITIAL ?= 0#	[real >=0 <1 by window] sparsity at its beginning
PRUNINGS ?=#	[nothing or prunings by window] NAME.PRUNINGS: EPOCH:SPARSITY ... of a NAME in place of a window
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk

# --- $m is a window, FIRST-LAST, or a name with a list of its own.
# $(call plan,NAME...): NAME.plan, its items EPOCH:SPARSITY but those of sparsity 0.
plan_of = $(shell awk -v epochs=$(EPOCHS) $(if $(call my,PRUNINGS),-v list='$(call \
	my,PRUNINGS)',-v first='$(word 1,$(subst -, ,$m))' -v last='$(patsubst \
	$(word 1,$(subst -, ,$m))-%,%,$m)' -v steps='$(call my,STEPS)' -v initial='$(call \
	my,INITIAL)' -v final='$(call my,SPARSITY)') -f $(common)zhugupta.awk 2>&1)
define planned
given_owners.window += $m
$m.plan := $(plan_of)
$$(if $$(filter-out 0,$$(.SHELLSTATUS)),$$(error $m: $$($m.plan)))
$m.plan := $$(filter-out %:0,$$($m.plan))
endef
plan = $(if $(filter help,$(MAKECMDGOALS)),,$(foreach m,$1,$(if $(value $m.plan),,$(eval $(planned)))))
# Of an item, and of a name: where its last pruning is.
epoch_of = $(word 1,$(subst :, ,$1))
share_of = $(word 2,$(subst :, ,$1))
ends = $(foreach m,$1,$(call epoch_of,$(lastword $($m.plan))))
final_mask = $1/gradual/$2/$(call ends,$2)/ticket.mask

# --- $1 is the seed's folder, $2 the seed.
# $(call segment,FOLDER,SEED,TO,INTO,STATE,MASK,NAME): go on from STATE to epoch TO.
define segment
$(call products_are,$(foreach f,last.safetensors state.safetensors log.tsv,$4/$f))
$(call several,$(foreach f,last.safetensors state.safetensors log.tsv,$4/$f)): $5 $6 \
		$(train_needs) $1/settings/train | $4/
	$$(call note,$7: train to epoch $3)
	$$(run) lt-train --index $(D0) --to $3 --mask=$6$$(nl)$5$$(nl)--save-state \
		$4/state.safetensors --log $4/log.tsv$$(nl)-o $4/last.safetensors$$(nl)$$(call \
		train,$2,$$(full))

endef
# $(call dense_to,FOLDER,SEED,E): the state of the dense run after epoch E.  That
# run leaves it; one made when nobody asked for it is made again as far as E.
dense_state = $1/dense/epoch-$2.state.safetensors
dense_to = $(if $(filter-out 0 $(cuts.$1),$3),$(call dense_from,$1,$2,$3,$(call dense_state,$1,$3)))
define dense_from
$(eval cuts.$1 += $3)$(eval dense_cuts := $(sort $(dense_cuts) $3))
$4: $1/theta0.safetensors $(train_needs) $1/settings/train | $1/dense/last.safetensors
	$$(call note,dense: the state after epoch $3)
	test -e $$@ && test -z "$$$$(find $$^ -newer $$@)" || \
		$$(call launch_to,$$@) lt-train --index $(D0) --to $3$$(nl)$1/theta0.safetensors$$(nl)--save-state $$@ \
		--state $1/dense/.epoch-$3.run -o /dev/null$$(nl)$$(call train,$2,$$(full))

endef
# $3 an item, $4 the one before it, $5 the one after it.
pruned_at = $1/gradual/$m/$(call epoch_of,$2)
trained_to = $(if $2,$(call pruned_at,$1,$2)/$4.safetensors,$(if $(filter 0,$(call \
	epoch_of,$3)),$1/theta0.safetensors,$(call dense_state,$1,$(call epoch_of,$3))))
mask_at = $(if $2,$(call pruned_at,$1,$2)/ticket.mask.safetensors)
define pruning
$(call mask_at,$1,$3): $(call trained_to,$1,$4,$3,last) $(call mask_at,$1,$4) \
		$1/settings/prune $1/gradual/$m/settings/prunings | $(call pruned_at,$1,$3)/
	$$(call note,gradual $m: sparsity $(call share_of,$3) at epoch $(call epoch_of,$3))
	$$(run) lt-prune$(quiet) $(prunable) --sparsity $(call share_of,$3)$(addprefix \
		$() --mask=,$(call mask_at,$1,$4)) -o $$@ $$<
$(if $5,$(call segment,$1,$2,$(call epoch_of,$5),$(call pruned_at,$1,$3),$(call \
	trained_to,$1,$4,$3,state),$(call mask_at,$1,$3),gradual $m))

endef
# $3 the items, of which $4 is the first, $5 the one before that.
pruning_all = $(if $4,$(call pruning,$1,$2,$4,$5,$(word 2,$3))$(call \
	pruning_all,$1,$2,$(wordlist 2,9999,$3),$(word 2,$3),$4))
# until= is for joined.awk, and for the file after it.
first_of = $(call epoch_of,$(firstword $($m.plan)))
gradual_logs = $(if $(filter-out 0,$(first_of)),until=$(first_of) $1/dense/log.tsv until=) $(patsubst \
	%,$1/gradual/$m/%/log.tsv,$(filter-out $(call ends,$m),$(foreach p,$($m.plan),$(call epoch_of,$p))))
joined = $(with_absent)early/joined.awk
define gradual_chain
$(call stamp,$1/gradual/$m/settings/prunings,PRUNINGS STEPS INITIAL SPARSITY)
$(call dense_to,$1,$2,$(first_of))
$(call pruning_all,$1,$2,$($m.plan),$(firstword $($m.plan)))
$1/gradual/$m/log.tsv: $(filter %.tsv,$(gradual_logs)) $1/gradual/$m/settings/prunings
	$(joined) $(gradual_logs:%.tsv=%.time.tsv) >$$(call times,$$@)$$(tail)
	$$(call rename_as,$$(call times,$$@))
	$(joined) $(gradual_logs) >$$(tmp)
	$$(rename)

endef
# $(call chain,FOLDER,SEED,NAME): once.
chain = $(if $(filter $1/$3,$(chains)),,$(eval chains += $1/$3)$(foreach m,$3,$(gradual_chain)))
endif
