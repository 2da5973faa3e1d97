# ppr.mk: when does the ticket appear?  At every PPR_EVERY-th epoch of the dense
# run a copy is pruned at once and retrained for one epoch at a small rate; the
# early ticket is where its accuracy no longer rises.  lt-early(7) explains it.
#
#	make -j2 -f pipelines/ppr.mk DATA=FOLDER
#	make -f pipelines/ppr.mk DATA=FOLDER ppr-stop
#
#	sSEED/early/ppr.tsv ticket.tsv   early/ppr_mean.tsv ticket_mean.tsv ppr.png
#
# ppr-stop trains no further than the rule needs: the dense run in segments of
# PPR_EVERY epochs, each followed by its check, until ppr.awk says stop.
#
#	sSEED/ppr-stop/epoch-E/          a segment and its check
#	sSEED/ppr-stop/log.tsv rule.tsv  all checks, what ppr.awk says
#	sSEED/ppr-stop/ticket/           the ticket retrained
#	sSEED/ppr-stop/summary.tsv
ifndef ppr.mk
ppr.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## Pseudo-pruned, then retrained
PPR_EVERY ?= 1#	[whole >0] epochs from one check to the next
PPR_LR ?= 0.01#	[real >0] learning rate of the check's one epoch
PPR_CONTROL ?= 0.1#	[nothing or real >0] another, as a control; none if empty
PPR_TOLERANCE ?= 0.5#	[real] points of accuracy that are no rise
PPR_WINDOW ?= 10#	[whole >0] checks without a rise after which ppr-stop stops
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
checks := $(shell seq $(PPR_EVERY) $(PPR_EVERY) $(EPOCHS))
$(if $(findstring ppr-stop,$(MAKECMDGOALS)),,$(call need_epochs,checks))
ppr_awk = awk -f $(common)ppr.awk lr=$(PPR_LR) tolerance=$(PPR_TOLERANCE) window=$(PPR_WINDOW)

# $(call check,FOLDER,SEED,LOG,MASK,WEIGHTS,NEEDS,EPOCH,LR)
define check
$3: $4 $6 $(train_needs) $1/settings/train | $(dir $3)
	$$(call note,check $7: retrain the pruned network for one epoch at $8)
	$$(run) lt-train --index $(D0)$$(nl)--mask $4$$(nl)$5$$(nl)--log $$@ -o \
		/dev/null$$(nl)$$(call train,$2,--epochs 1,--lr $8 --schedule constant)

endef

# --- All epochs of the dense run: $1 the seed's folder, $2 the seed.
ppr_logs = $(foreach l,$(PPR_LR) $(filter-out $(PPR_LR),$(PPR_CONTROL)),lr=$l lost=0 $(foreach \
	e,$(checks),epoch=$e $1/early/ppr-$l/epoch-$e.tsv))
define ppr_seed
$(call stamp,$1/early/settings/checks,PPR_EVERY PPR_LR PPR_CONTROL)
$(call stamp,$1/early/settings/rule,PPR_LR PPR_TOLERANCE PPR_WINDOW)
$(foreach l,$(PPR_LR) $(filter-out $(PPR_LR),$(PPR_CONTROL)),$(foreach e,$(checks),$(call \
	check,$1,$2,$1/early/ppr-$l/epoch-$e.tsv,$(call e_mask,$1,$e),$(call at,$1,$e),$(call \
	needs_at,$1,$e),$e,$l)))
$1/early/ppr.tsv: $(call of,$1/dense,log.tsv) $(call files,$(ppr_logs)) $1/early/settings/checks \
		$(common)absent.awk $(common)early/checks.awk
	$(with_absent)early/checks.awk is=dense $1/dense/log.tsv is=check $(ppr_logs) >$$(tmp)
	$$(rename)
$1/early/ticket.tsv: $1/early/ppr.tsv $1/early/settings/rule $(common)ppr.awk
	$$(ppr_awk) $$< >$$(tmp)
	$$(rename)
endef
$(call seeds,ppr_seed)
$(eval $(call e_all,ppr,lr epoch,iteration presentations macs))
$(eval $(call e_all,ticket,rule))

$(early)/ppr.png: $(early)/ppr_mean.tsv $(early)/ticket_mean.tsv $(call e_gp,ppr)
	$(call e_plot,ppr,One epoch after pruning at sparsity $(SPARSITY),table='$<'; ticket='$(word 2,$^)'; \
		lr='$(PPR_LR)'; control='$(filter-out $(PPR_LR),$(PPR_CONTROL))'; drops='$(drops)')

# --- Until the rule says stop.  Every segment goes on with the state of the one
# before; $3 is its last epoch, $4 that of the one before.
step = $1/ppr-stop/epoch-$3
pairs := $(join $(addsuffix :,0 $(checks)),$(checks))
prior = $(patsubst %:$1,%,$(filter %:$1,$(pairs)))
step_from = $(if $(filter 0,$4),$1/theta0,$1/ppr-stop/epoch-$4/state).safetensors
define ppr_step
$(call products_are,$(foreach f,last.safetensors log.tsv state.safetensors,$(step)/$f))
$(call several,$(foreach f,last.safetensors log.tsv state.safetensors,$(step)/$f)): \
		$(if $(filter-out 0,$4),$1/ppr-stop/epoch-$4/last.safetensors) $(step_from) \
		$(train_needs) $1/settings/train | $(step)/
	$$(call note,ppr-stop: train f(θ0) on D0 to epoch $3)
	$$(run) lt-train --index $(D0) --to $3$$(nl)$(step_from)$$(nl)--save-state \
		$(step)/state.safetensors --log $(step)/log.tsv$$(nl)-o \
		$(step)/last.safetensors$$(nl)$$(call train,$2,$$(full))
$(step)/ticket.mask.safetensors: $(step)/last.safetensors $1/early/settings/prune
	$$(call note,mask $3: remove $(SPARSITY) of the weights after epoch $3)
	$$(oneshot) -o $$@ $$<
$(call check,$1,$2,$(step)/ppr.tsv,$(step)/ticket.mask.safetensors,$(step)/last.safetensors,$(step)/last.safetensors \
	$1/ppr-stop/settings/lr,$3,$(PPR_LR))

endef
# Which segments are needed shows as they are made: a make for each check, and one
# for all of them if make -n asks.  Where a training diverges, the log is empty and
# there is no ticket.
define ppr_until
	+segments=; checks=; for e in $(checks); do \
		$(MAKE) --no-print-directory -f $(common)ppr.mk SEEDS=$2 \
			$1/ppr-stop/epoch-$$$$e/ppr.tsv || exit; \
		[ -s $1/ppr-stop/epoch-$$$$e/ppr.tsv ] || { segments=; break; }; \
		segments="$$$$segments $1/ppr-stop/epoch-$$$$e/log.tsv"; \
		checks="$$$$checks epoch=$$$$e $1/ppr-stop/epoch-$$$$e/ppr.tsv"; \
		$(with_absent)early/checks.awk is=dense $$$$segments is=check \
			lr=$(PPR_LR) lost=0 $$$$checks >$$(tmp) || exit; \
		$(ppr_awk) stop=1 $$(tmp); case $$$$? in 0) break ;; 1) ;; *) exit 65 ;; esac; \
	done; if [ "$$$$segments" ]; then awk -f $(common)rows.awk $$$$(printf '%s\n' $$$$segments $$$$checks | \
		sed '/^epoch=/d; s/[.]tsv$$$$//; s/$$$$/.time.tsv/') >$$(call times,$$@); else : >$$(call times,$$@); : >$$(tmp); fi
	$$(rename)
endef
define ppr_plan
	+$(MAKE) --no-print-directory -f $(common)ppr.mk SEEDS=$2 \
		$(checks:%=$1/ppr-stop/epoch-%/ppr.tsv)
endef
unless_empty = $(if $(dry),,[ -s $< ] || { : >$(tmp); exit; }; )
ppr_rule := lr=$(PPR_LR),tolerance=$(PPR_TOLERANCE),window=$(PPR_WINDOW),every=$(PPR_EVERY)
define ppr_stop
$(call stamp,$1/ppr-stop/settings/lr,PPR_LR)
$(call stamp,$1/ppr-stop/settings/rule,PPR_EVERY PPR_LR PPR_TOLERANCE PPR_WINDOW)
$(foreach e,$(checks),$(call ppr_step,$1,$2,$e,$(call prior,$e)))
$1/ppr-stop/log.tsv: $1/theta0.safetensors $(train_needs) $1/settings/train $1/early/settings/prune \
		$1/ppr-stop/settings/rule $(common)ppr.awk $(common)early/checks.awk | $1/ppr-stop/
$(if $(findstring n,$(firstword -$(MAKEFLAGS))),$(ppr_plan),$(ppr_until))
$1/ppr-stop/rule.tsv: $1/ppr-stop/log.tsv
	$$(unless_empty)$(ppr_awk) $$< >$$(tmp)
	$$(rename)
$1/ppr-stop/ticket.mask.safetensors: $1/ppr-stop/log.tsv
	$$(unless_empty)e=$$$$($(ppr_awk) pick=1 $$<) && cp $1/ppr-stop/epoch-$$$$e/ticket.mask.safetensors $$(tmp)
	$$(rename)
$(call retrain,$1,$2,$1/ppr-stop/ticket.mask.safetensors,$1/ppr-stop/ticket,ppr-stop)
$(call row,$1/ppr-stop/ticket,$1/ppr-stop/ticket.mask,is=set $(D0) is=search $1/ppr-stop/log.tsv is=stop \
	$1/ppr-stop/rule.tsv,method=ppr-stop round=1 rule=$(ppr_rule))
$(call summary,$1/ppr-stop,$1/dense $1/ppr-stop/ticket)
ppr-stop: $1/ppr-stop/summary.tsv $1/ppr-stop/summary.time.tsv
endef
$(call seeds,ppr_stop)

studies += ppr
.PHONY: ppr ppr-stop
all: ppr
ppr: $(early)/ppr_mean.tsv $(early)/ticket_mean.tsv $(call e_png,ppr)
endif
