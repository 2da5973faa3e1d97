# prunings.mk: a training with prunings in between, each under the mask before
# it, as segments from state to state.  gradual.mk and memorize.mk need it.
#
#	sSEED/gradual/dense/E/      the dense run to epoch E: state, last weights, log
#	sSEED/gradual/NAME/E/       ticket.mask.safetensors of epoch E, and what was
#				    trained under it to the next pruning
#	sSEED/gradual/NAME/log.tsv  the whole training, up to the last pruning
ifndef prunings.mk
prunings.mk := 1

## Gradual pruning
STEPS ?= 10#	prunings of a window
INITIAL ?= 0#	sparsity at its beginning
PRUNINGS ?=#	NAME.PRUNINGS: EPOCH:SPARSITY ... of a NAME in place of a window
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk

# --- $m is a window, FIRST-LAST, or a name with a list of its own.
# $(call plan,NAME...): NAME.plan, its items EPOCH:SPARSITY but those of sparsity 0.
plan_of = $(shell awk -v epochs=$(EPOCHS) $(if $(call my,PRUNINGS),-v list='$(call \
	my,PRUNINGS)',-v first='$(word 1,$(subst -, ,$m))' -v last='$(patsubst \
	$(word 1,$(subst -, ,$m))-%,%,$m)' -v steps='$(call my,STEPS)' -v initial='$(call \
	my,INITIAL)' -v final='$(call my,SPARSITY)') -f $(common)zhugupta.awk 2>&1)
define planned
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
# $(call segment,FOLDER,SEED,TO,INTO,INPUT,MASK,STATE,NOTE): train to epoch TO, from
# INPUT; STATE is waited for but, being a cut of the same run, not looked at again.
define segment
$(foreach f,last.safetensors state.safetensors log.tsv,$4/$f):
$(call several,$(foreach f,last.safetensors state.safetensors log.tsv,$4/$f)): $(if $7,,$5) $6 \
		$1/theta0.safetensors $(train_needs) $1/settings/train | $7 $4/
	$$(call note,$8: train to epoch $3)
	$(LAUNCH) lt-train --index $(D0) --to $3$(addprefix $() --mask=,$6)$$(nl)$5$$(nl)--save-state \
		$4/state.safetensors --log $4/log.tsv$$(nl)-o $4/last.safetensors$$(nl)$$(call \
		train,$2,$$(full))

endef
# $(call dense_to,FOLDER,SEED,E): the dense run cut at E, going on from the cut
# before E that is known by then.
cut_before = $(shell printf '%s\n' $(cuts.$1) | awk '$$1 < $2 && $$1 > e { e = $$1 } END { print e }')
dense_to = $(if $(filter-out 0 $(cuts.$1),$3),$(call dense_from,$1,$2,$3,$(call cut_before,$1,$3)))
define dense_from
$(eval cuts.$1 += $3)$(eval cut_logs.$1/$3 := $(if $4,$(cut_logs.$1/$4)) $1/gradual/dense/$3/log.tsv)
$(call segment,$1,$2,$3,$1/gradual/dense/$3,$(if \
	$4,$1/gradual/dense/$4/state,$1/theta0).safetensors,,$(if \
	$4,$1/gradual/dense/$4/last.safetensors),dense)
endef
# $3 an item, $4 the one before it, $5 the one after it.
pruned_at = $1/gradual/$m/$(call epoch_of,$2)
trained_to = $(if $2,$(call pruned_at,$1,$2)/$4,$(if $(filter 0,$(call epoch_of,$3)),$1/theta0,$1/gradual/dense/$(call \
	epoch_of,$3)/$4)).safetensors
mask_at = $(if $2,$(call pruned_at,$1,$2)/ticket.mask.safetensors)
define pruning
$(call mask_at,$1,$3): $(call trained_to,$1,$4,$3,last) $(call mask_at,$1,$4) \
		$1/settings/prune $1/gradual/$m/settings/prunings | $(call pruned_at,$1,$3)/
	$$(call note,gradual $m: sparsity $(call share_of,$3) at epoch $(call epoch_of,$3))
	$(LAUNCH) lt-prune$(quiet) $(prunable) --sparsity $(call share_of,$3)$(addprefix \
		$() --mask=,$(call mask_at,$1,$4)) -o $$@ $$<
$(if $5,$(call segment,$1,$2,$(call epoch_of,$5),$(call pruned_at,$1,$3),$(call \
	trained_to,$1,$4,$3,state),$(call mask_at,$1,$3),,gradual $m))

endef
# $3 the items, of which $4 is the first, $5 the one before that.
pruning_all = $(if $4,$(call pruning,$1,$2,$4,$5,$(word 2,$3))$(call \
	pruning_all,$1,$2,$(wordlist 2,9999,$3),$(word 2,$3),$4))
gradual_logs = $(cut_logs.$1/$(call epoch_of,$(firstword $($m.plan)))) $(patsubst %,$1/gradual/$m/%/log.tsv,$(filter-out \
	$(call ends,$m),$(foreach p,$($m.plan),$(call epoch_of,$p))))
joined = awk -f $(common)early/joined.awk
define gradual_chain
$(call stamp,$1/gradual/$m/settings/prunings,PRUNINGS STEPS INITIAL SPARSITY)
$(call dense_to,$1,$2,$(call epoch_of,$(firstword $($m.plan))))
$(call pruning_all,$1,$2,$($m.plan),$(firstword $($m.plan)))
$1/gradual/$m/log.tsv: $(gradual_logs) $1/gradual/$m/settings/prunings
	$(joined) $(gradual_logs:=.time) >$$@.time.tmp && mv -f $$@.time.tmp $$@.time
	$(joined) $(gradual_logs) >$$@.tmp && mv -f $$@.tmp $$@

endef
# $(call chain,FOLDER,SEED,NAME): once.
chain = $(if $(filter $1/$3,$(chains)),,$(eval chains += $1/$3)$(foreach m,$3,$(gradual_chain)))
endif
