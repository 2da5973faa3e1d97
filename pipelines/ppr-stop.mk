# ppr-stop.mk: train no further than the PPR check needs: the dense run in segments of
# PPR_EVERY epochs, each followed by its check, until the rule says stop.  lt-early(7)
# explains it.
#
#	lt run ppr-stop DATA=FOLDER
#
#	$P/epoch-E/          a segment and its check
#	$P/log.tsv rule.tsv  all checks, what the rule says
#	$P/01/ticket/        the ticket retrained
#	$P/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk
include $(pipelines)check.mk
$(if $(word 3,$(checks)),,$(error PPR_EVERY=$(PPR_EVERY): ppr-stop needs at least three checks))
tickets := 01
all: $P/rule.tsv $P/01/ticket.mask.safetensors $(call in,$P/01/ticket,$(trained_files))
segments: $(call in,$(checks:%=$P/epoch-%),last.safetensors ticket.mask.safetensors \
	state.safetensors log.tsv ppr.tsv checks.tsv)

# The check before that of epoch $1, and all until it: the list with dashes, cut behind $1.
pairs = $(join $(addsuffix :,0 $(checks)),$(checks))
prior = $(patsubst %:$1,%,$(filter %:$1,$(pairs)))
dashed := -$(subst $() ,-,$(checks))-
until_check = $(subst -, ,$(firstword $(subst -$1-,-$1 ,$(dashed))))

# A segment goes on with the state of the one before.
state = $(if $(filter 0,$1),$S/theta0,$P/epoch-$1/state).safetensors
$(addprefix $P/epoch-%/,last.safetensors log.tsv state.safetensors): \
		$$(call state,$$(call prior,$$*)) $(trained)
	$(call note,train f(θ0) on D0 to epoch $*)
	$(run) lt-train --index $(D0) --to $* $< --save-state $(@D)/state.safetensors \
		--log $(@D)/log.tsv -o $(@D)/last.safetensors $(training)

$P/epoch-%/ticket.mask.safetensors: $P/epoch-%/last.safetensors $(one_shot)
	$(call note,remove $(SPARSITY) of the weights after epoch $*)
	$(run) lt-prune $q $(prunable) --sparsity $(SPARSITY) $(groups) -o $@ $<

$P/epoch-%/ppr.tsv: $P/epoch-%/last.safetensors $P/epoch-%/ticket.mask.safetensors $(trained) \
		$(call stamp,$P/settings/rate,PPR_LR)
	$(call note,retrain the pruned network of epoch $* for one epoch at $(PPR_LR))
	$(call check,$(PPR_LR)) --mask $(@D)/ticket.mask.safetensors $<

# All checks until this one.
segments = $(patsubst %,$P/epoch-%/log.tsv,$(call until_check,$*))
looks    = $(patsubst %,$P/epoch-%/ppr.tsv,$(call until_check,$*))
$P/epoch-%/checks.tsv: $$(segments) $$(looks) $(call stamp,$P/settings/every,PPR_EVERY)
	$(run) lt-score checks $(addprefix --dense ,$(segments)) lr=$(PPR_LR) \
		$(foreach e,$(call until_check,$*),epoch=$e $P/epoch-$e/ppr.tsv) -o $@
$P/epoch-%/checks.time.tsv: $P/epoch-%/checks.tsv
	$(run) lt-score rows -o $@ $(patsubst %.tsv,%.time.tsv,$(segments) $(looks))

# Which segments are needed shows as they are made: a make for each check, and one for all
# of them if make -n asks.  Where a training diverges, the log is empty.
next = $(MAKE) --no-print-directory -f $(firstword $(MAKEFILE_LIST))
checked := $(call stamp,$P/settings/rule,PPR_EVERY PPR_LR PPR_TOLERANCE PPR_WINDOW)
$P/log.tsv: $S/theta0.safetensors $(trained) $(one_shot) $(checked)
ifneq ($(dry),)
	+$(next) $(checks:%=$P/epoch-%/checks.tsv)
else
	+@for e in $(checks); do \
		$(next) $P/epoch-$$e/checks.tsv $P/epoch-$$e/checks.time.tsv || exit; \
		[ -s $P/epoch-$$e/ppr.tsv ] || { : >$P/log.time.tsv; : >$@; exit; }; \
		lt-score ppr-stops $(ppr_rule) $P/epoch-$$e/checks.tsv; \
		case $$? in 0) break ;; 1) ;; *) exit 65 ;; esac; \
	done; \
	lt-score rows -o $P/log.time.tsv $P/epoch-$$e/checks.time.tsv && \
	lt-score rows -o $@ $P/epoch-$$e/checks.tsv
endif

# What the rule says, and the mask of the epoch that it picks.
$P/rule.tsv: $P/log.tsv
	$(call if_true,[ -s $< ],lt-score ppr $(ppr_rule) -o $@ $<)
$P/01/ticket.mask.safetensors: $P/log.tsv
	$(call note,the ticket that the rule picks)
	$(run) lt-prune $q $(prunable) --sparsity $(SPARSITY) $(groups) -o $@ \
		$P/epoch-$$([ ! -s $< ] || lt-score ppr-ticket $(ppr_rule) $<)/last.safetensors

$(addprefix $P/%/ticket/,$(trained_files)): \
		$P/%/ticket.mask.safetensors $(start) $(trained) $(rewound)
	$(call note,retrain the ticket f(m ⊙ $(theta)) on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(start) $(keep) $(again) $(training)

ticket  := /ticket
logs    := $P/log.tsv
watched := $P/rule.tsv
rule := lr=$(PPR_LR),tolerance=$(PPR_TOLERANCE),window=$(PPR_WINDOW),every=$(PPR_EVERY)
include $(pipelines)rows.mk
