# memorize.mk: how much a masked network can learn by heart: its accuracy on N
# samples whose labels are random, as N grows.  Masks are one-shot, from several
# epochs of the dense run; then, one beside the other, those of gradual pruning and
# one-shot masks of the same epochs and sparsities.  lt-early(7) explains it.
#
#	make -j2 -f pipelines/memorize.mk DATA=FOLDER
#	make ... MEMORY_SAMPLES='500 1000 2000 4000' MEMORY_PRUNINGS='6:0.4 9:0.6 12:0.8'
#
#	OUT/DATASET/random-SEED.data  memory/N.idx
#	sSEED/early/memory/MASK/N/    a network trained on N of them
#	sSEED/early/memory.tsv        early/memory_mean.tsv memory_table.tsv memory.png
#	sSEED/early/steps.tsv         early/steps_mean.tsv steps_table.tsv
ifndef memorize.mk
memorize.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))given.mk

## Memorization
MEMORY_SAMPLES ?= 5000 10000 20000 30000 40000#	[nothing or wholes >0] N: samples of D0 under random labels
MEMORY_EPOCHS ?= 20 120 200#	[nothing or wholes] epochs whose one-shot masks are tried, beside no mask
MEMORY_PRUNINGS ?= 80:0.4 120:0.6 160:0.7 200:0.8#	[nothing or prunings] of gradual pruning, EPOCH:SPARSITY; none if empty
MEMORY_STEPS ?= $(lastword $(MEMORY_SAMPLES))#	[nothing or whole >0] N for the comparison of the two
MEMORY_LENGTH ?= $(EPOCHS)#	[whole >0] epochs of these trainings
MEMORY_MILESTONES ?= $(MILESTONES)#	[milestones] epochs after which their rate falls
MEMORY_BATCH ?= $(BATCH)#	[whole >0]
MEMORY_LR ?= $(LR)#	[real >0]
MEMORY_AUGMENT ?= none#	[none, crop-flip, crop, flip or resized-crop-flip]
LABEL_SEED ?= 1#	[whole] seed of the labels
MEMORY_SEEDS ?= $(SEEDS)#	[wholes] those of SEEDS whose networks are tried
memory.PRUNINGS ?= $(MEMORY_PRUNINGS)
include $(dir $(lastword $(MAKEFILE_LIST)))prunings.mk
$(call plan,$(if $(MEMORY_PRUNINGS),memory))
memory_steps := $(memory.plan)
step_epochs := $(foreach p,$(memory_steps),$(call epoch_of,$p))
$(call need_epochs,MEMORY_EPOCHS)$(call need_epochs,step_epochs)$(if $(filter end,$(REWIND)),,$(call need_epochs,REWIND))

# --- The labels, and lists of samples of which each contains the smaller ones.
random.data := $d/random-$(LABEL_SEED).data
$(random.data): $(train.data)
	$(call note,labels by lot from seed $(LABEL_SEED))
	$(run) lt-data relabel$(quiet) --seed $(LABEL_SEED) -o $@ $<
memory_list = $d/memory/$1.idx
$(sort $(foreach n,$(MEMORY_SAMPLES) $(MEMORY_STEPS),$(call memory_list,$n))): $d/memory/%.idx: $(D0) | $d/memory/
	$(run) lt-subset sample$(quiet) --seed $(SPLIT_SEED) --of $< --size $* -o $@

# --- $1 is the seed's folder, $2 the seed, $3 the mask's name, $4 its file without
# suffix or nothing, $5 N.
by_heart = $1/early/memory/$3/$5
memory_length = --epochs $(MEMORY_LENGTH)$(call drops_at,$(MEMORY_MILESTONES)) --warmup $(WARMUP)
memory_train = $(subst --data $(train.data) --val-index $(V0),--data $(random.data),$(subst \
	--batch $(BATCH),--batch $(MEMORY_BATCH),$(subst $(call augment,$(AUGMENT)),$(call \
	augment,$(MEMORY_AUGMENT)),$(call train,$1,$(memory_length),$(subst --lr $(LR),--lr $(MEMORY_LR),$(rate))))))
define memory_run
$(call products_are,$(foreach f,last.safetensors log.tsv,$(by_heart)/$f))
$(call several,$(foreach f,last.safetensors log.tsv,$(by_heart)/$f)): $(addsuffix .safetensors,$4) \
		$(call needs_at,$1,$(rewound)) $(random.data) $(call memory_list,$5) \
		$1/settings/train $1/settings/rewind $1/early/settings/by_heart | $(by_heart)/
	$$(call note,memory $3: learn $5 random labels by heart)
	$$(run) lt-train --index $(call memory_list,$5)$(patsubst \
		%, --mask=%.safetensors,$4)$$(nl)$(call at,$1,$(rewound))$$(nl)--log $(by_heart)/log.tsv -o \
		$(by_heart)/last.safetensors$$(nl)$$(call memory_train,$2)
$(by_heart)/learned.tsv: $(by_heart)/last.safetensors
	$$(run) lt-eval$(quiet) --threads $(THREADS) --data $(random.data) --index \
		$(call memory_list,$5)$(patsubst %, --mask=%.safetensors,$4) -o $$@ $$<

endef
memory_once = $(if $(filter $(by_heart),$(learned)),,$(eval learned += $(by_heart))$(memory_run))
# $6 its kind of pruning, $7 epoch, $8 sparsity; they and N name the row.
memory_at = $1/early/memory/rows/$2-$3-$4-$5.tsv
define memory_result
$(memory_once)
$(call memory_at,$1,$6,$7,$8,$5): $(by_heart)/learned.tsv $(by_heart)/log.tsv $(addsuffix .tsv,$4) \
		$(common)absent.awk $(common)early/memory.awk | $1/early/memory/rows/
	$(with_absent)early/memory.awk kind=$6 epoch=$7 pruned=$8 samples=$5$(if \
		$4, is=mask $4.tsv) is=log $(by_heart)/log.tsv is=learned $(by_heart)/learned.tsv >$$(tmp)
	$$(rename)

endef
memory_row = $(if $(filter $(call memory_at,$1,$6,$7,$8,$5),$(recorded)),,$(eval recorded += $(call \
	memory_at,$1,$6,$7,$8,$5))$(memory_result))
# A one-shot mask, of epoch $3 to sparsity $4, on $5 samples.
shot_mask = $1/early/memory/oneshot-$3-$4.mask
define shot
$(shot_mask).safetensors: $(call needs_at,$1,$3) $1/settings/prune | $1/early/memory/
	$$(call note,mask $3: remove $4 of the weights after epoch $3)
	$$(run) lt-prune$(quiet) $(prunable) --sparsity $4 -o $$@ $(call at,$1,$3)

endef
shot_once = $(if $(filter $(shot_mask),$(shots)),,$(eval shots += $(shot_mask))$(shot))
shot_row = $(shot_once)$(call memory_row,$1,$2,oneshot-$3-$4,$(shot_mask),$5,oneshot,$3,$4)
# Gradual pruning's first mask is one-shot.
step_row = $(if $(filter $3:$4,$(firstword $(memory_steps))),$(call \
	memory_row,$1,$2,oneshot-$3-$4,$(shot_mask),$5,gradual,$3,$4),$(call \
	memory_row,$1,$2,gradual-$3-$4,$1/gradual/memory/$3/ticket.mask,$5,gradual,$3,$4))
memory_rows = $(foreach n,$(MEMORY_SAMPLES),$(call memory_at,$1,dense,dense,0,$n) $(foreach \
	e,$(MEMORY_EPOCHS),$(call memory_at,$1,oneshot,$e,$(SPARSITY),$n)))
steps_rows = $(foreach k,oneshot gradual,$(foreach p,$(memory_steps),$(call memory_at,$1,$k,$(call \
	epoch_of,$p),$(call share_of,$p),$(MEMORY_STEPS))))
define memory_table
$1/early/$3.tsv: $4 $1/early/settings/$3 $(common)rows.awk
	awk -f $(common)rows.awk $$(filter-out $(common)%,$$(filter %.tsv,$$^)) >$$(tmp)
	$$(rename)

endef
define memorize
$(call stamp,$1/early/settings/memory,MEMORY_SAMPLES MEMORY_EPOCHS SPARSITY)
$(call stamp,$1/early/settings/steps,MEMORY_PRUNINGS MEMORY_STEPS)
$(call stamp,$1/early/settings/by_heart,MEMORY_LENGTH \
	MEMORY_MILESTONES MEMORY_BATCH MEMORY_LR MEMORY_AUGMENT LABEL_SEED)
$(if $(memory_steps),$(call chain,$1,$2,memory))
$(foreach n,$(MEMORY_SAMPLES),$(call memory_row,$1,$2,dense,,$n,dense,dense,0)$(foreach \
	e,$(MEMORY_EPOCHS),$(call shot_row,$1,$2,$e,$(SPARSITY),$n)))
$(foreach p,$(memory_steps),$(foreach k,shot_row step_row,$(call $k,$1,$2,$(call epoch_of,$p),$(call \
	share_of,$p),$(MEMORY_STEPS))))
$(call memory_table,$1,$2,memory,$(memory_rows))
$(call memory_table,$1,$2,steps,$(steps_rows))
endef
$(foreach s,$(MEMORY_SEEDS),$(if $(filter $s,$(SEEDS)),$(eval $(call \
	memorize,$(call seed_dir,$s),$s)),$(error MEMORY_SEEDS: $s is none of SEEDS=$(SEEDS))))
seeds.memory := $(MEMORY_SEEDS)
seeds.steps := $(MEMORY_SEEDS)
$(foreach t,memory steps,$(eval $(call stamp,$(early)/settings/$t_seeds,MEMORY_SEEDS)))
$(eval $(call e_all,memory,kind epoch samples,pruned))
$(eval $(call e_all,steps,kind epoch,pruned samples))
$(early)/memory_table.tsv: $(early)/memory_mean.tsv $(e_lib) $(e_pivot)
	$(e_awk)early/pivot.awk row=samples column=epoch value=learned_acc $< $(finish)
$(early)/steps_table.tsv: $(early)/steps_mean.tsv $(e_lib) $(e_pivot)
	$(e_awk)early/pivot.awk natural=1 row=kind column=epoch value=learned_acc $< $(finish)
$(early)/memory.png: $(early)/memory_table.tsv $(call e_gp,memory)
	$(call e_plot,memory,Random labels learned by heart at sparsity $(SPARSITY),table='$<')

studies += memorize
.PHONY: memorize
all: memorize
memorize: $(patsubst %,$(early)/%.tsv,memory_mean memory_table $(if $(memory_steps),steps_mean steps_table)) \
	$(call e_png,memory)
endif
