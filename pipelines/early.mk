# early.mk: what the study of early tickets shares; lt-early(7) explains it.  The
# settings of its paper, the weights of the dense run's epochs, the masks that
# one-shot pruning takes from them, and tables over all seeds.
#
#	OUT/DATASET/NET/sSEED/dense/epoch-E.safetensors
#	OUT/DATASET/NET/sSEED/early/epoch-E.mask.safetensors
#	OUT/DATASET/NET/early/          tables of all seeds, pictures
ifndef early.mk
early.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## Early tickets
EPOCHS ?= 200
MILESTONES ?= 120,160#	epochs after which the rate falls
EXCLUDE ?= first,last#	first, last or names of layers that are not prunable
SAVE_EPOCHS ?= all#	epochs of the dense run whose weights are kept, or all
REWIND ?= end#	of gradual pruning's tickets: end, the end of their window; else epochs
SPARSITY ?= 0.8#	[real >0 <1 by window] share of the weights that one-shot pruning removes
MASK_EPOCHS ?= 10 20 40 60 80 100 120 140 160 180 200#	[wholes] s: epochs that masks are taken from
ends_known := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

# $(call need_epochs,SETTING): the weights of the epochs that it lists are kept.
need_epochs = $(if $(filter help,$(MAKECMDGOALS)),,$(foreach e,$(filter-out \
	0 $(saved_dense),$($1)),$(error $1: the dense run keeps no weights after \
	epoch $e: EPOCHS=$(EPOCHS) SAVE_EPOCHS=$(SAVE_EPOCHS))))

# --- One seed: $1 its folder, $2 the seed.  $(call at,FOLDER,E): the weights
# after E epochs of the dense run, θ0 if none; $(call needs_at,FOLDER,E).
at = $1/$(if $(filter 0,$2),theta0,dense/epoch-$2).safetensors
needs_at = $(if $(filter 0,$2),$(at),$(call of,$1/dense,epoch-$2.safetensors))
e_mask = $1/early/epoch-$2.mask.safetensors
oneshot = $(run) lt-prune$(quiet) $(prunable) --sparsity $(SPARSITY)
define early_seed
$(call stamp,$1/early/settings/prune,SPARSITY LAYERS EXCLUDE)
$(call e_mask,$1,0): $1/theta0.safetensors
$(foreach e,$(saved_dense),$(call e_mask,$1,$e): $(call needs_at,$1,$e)
)
$(foreach e,0 $(saved_dense),$(call e_mask,$1,$e)): $1/early/epoch-%.mask.safetensors: $1/early/settings/prune
	$$(call note,mask $$*: remove $(SPARSITY) of the weights after epoch $$*)
	$$(oneshot) -o $$@ $$(lastword $$(filter %.safetensors,$$^))
endef
$(call seeds,early_seed)

# A ticket on the weights after V epochs of the dense run, retrained, and its
# accuracy: $(call e_ticket,FOLDER,SEED,MASK,TO,NAME,V).  The one of the grid's
# cell (s, v), which several studies look at: $(call e_cell,FOLDER,SEED,s,v).
cell = $1/early/s$3v$4
define e_ticket
$(call retrain,$1,$2,$3,$4,$5,,$(call at,$1,$6),θ$(if $(filter 0,$6),0,_$6))
$(if $(filter-out 0,$6),$4/last.safetensors: | $1/dense/last.safetensors)
$4/test.tsv: $(call of,$4,best.safetensors) $(test.data)
	$$(run) lt-eval$(quiet) --threads $(THREADS) --data $(test.data) -o $$@ \
		$4/best.safetensors

endef
e_cell = $(if $(filter $(cell),$(cells)),,$(eval cells += $(cell))$(call \
	e_ticket,$1,$2,$(call e_mask,$1,$3),$(cell),ticket ($3$(comma) $4),$4))

# --- All seeds.  Every table is sSEED/early/NAME.tsv; $(call e_all,NAME,KEYS)
# puts them under one another, with a column seed, and takes the means.  A table of
# fewer seeds has them in seeds.NAME.
early := $(patsubst %/,%,$(dir $(call seed_dir,0)))/early
e_lib := $(common)report/lib.awk
e_pivot := $(common)early/pivot.awk
e_awk := awk -f $(e_lib) -f $(common)
finish = >$(tmp)$(lf)$(rename)
e_rows = $(foreach s,$(or $(seeds.$1),$(SEEDS)),seed=$s $(call seed_dir,$s)/early/$1.tsv)
$(eval $(call stamp,$(early)/settings/seeds,SEEDS))
define e_all
$(early)/$1.tsv: $(call files,$(call e_rows,$1)) $(early)/settings/$(if $(seeds.$1),$1_)seeds $(e_lib) $(common)report/gather.awk
	$(e_awk)report/gather.awk $(call e_rows,$1) $$(finish)
$(early)/$1_mean.tsv: $(early)/$1.tsv $(e_lib) $(common)report/mean.awk
	$(e_awk)report/mean.awk keys='$2'$(if $3, plain='$3') $$< $$(finish)

endef

# --- Pictures: $(call e_plot,FILE.gp,HEADING,ASSIGNMENTS) ends a rule.  Tables for
# the picture alone go before it is there, so that a killed make leaves none.
e_gp = $(common)report/style.gp $(common)early/$1.gp
drops := $(if $(filter multistep,$(LR_SCHEDULE)),$(subst $(comma), ,$(MILESTONES)))
e_where := $(NET)$(if $(setting), ($(SETTING))), $(DATASET)
e_plot = $(draw) -e "file='$(tmp)'; heading='$2: $(e_where)'"$(nl)-e "$3"$(nl)$(call \
	e_gp,$1)$(lf)rm -f $@.tsv$(tail) $@.eq5$(tail)$(lf)$(rename)
# $(call e_png,NAME...), where there is a gnuplot.
e_png = $(if $(shell command -v gnuplot 2>/dev/null),$(patsubst %,$(early)/%.png,$1))
endif
