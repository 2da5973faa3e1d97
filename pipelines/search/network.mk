# network.mk: the searches of one network, ARCH, from all SEEDS; search.mk runs it.
#
#	NET/sSEED/search/RR/ticket.mask.safetensors   of stage RR, none of 00
#	NET/sSEED/search/RR/{last,best}.safetensors log.tsv test.tsv train.tsv
#	   length.tsv row.tsv
#	NET/search/stages.tsv path.tsv facts.tsv
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)../given.mk
include $(here)settings.mk
include $(here)../common.mk
net_dir := $(patsubst %/,%,$(dir $(call seed_dir,0)))
stages := 00 $(rounds)

# --- $1 the seed's folder, $2 the seed, $3 a stage, $4 the one before.
stage_mask = $(if $(filter-out 00,$2),$1/search/$2/ticket.mask.safetensors)
waits := $(if $(filter-out 0,$(PATIENCE)), --patience $(PATIENCE))
trajectory = lt-trajectory$(quiet) --threads $(THREADS) --seed 1 \
	--points $(POINTS) --data $(test.data)
define stage
$(if $4,$(call stage_mask,$1,$3): $(call of,$1/search/$4,best.safetensors) $(call stage_mask,$1,$4) \
		$1/settings/prune $1/search/settings/criterion | $1/search/$3/
	$$(call note,$(NET) $2 $3: prune $(RATE) of the remaining weights by $(CRITERION))
	$$(prune) --method $(CRITERION)$(addprefix $() --mask=,$(call \
		stage_mask,$1,$4)) -o $$@ $1/search/$4/best.safetensors
$1/search/$3/ticket.mask.tsv: $(call stage_mask,$1,$3)
	$$(run) lt-info$(quiet) --tsv -o $$@ $$<)
$(call result,$1/search/$3): $1/theta0.safetensors $(call stage_mask,$1,$3) $(train_needs) \
		$1/settings/train $1/search/settings/patience | $1/search/$3/
	$$(call note,$(NET) $2 $3: train $(if $4,the ticket f(m ⊙ θ0),f(θ0)) for at most $(EPOCHS) epochs)
	$$(run) lt-train --index $(D0)$(waits)$$(nl)$(addprefix --mask=,$(call \
		stage_mask,$1,$3)) $1/theta0.safetensors$$(nl)$$(call keep,$1/search/$3)$$(nl)$$(call train,$2,$$(full))
$1/search/$3/test.tsv: $(call of,$1/search/$3,best.safetensors) $(test.data)
	$$(run) lt-eval$(quiet) --threads $(THREADS) \
		--data $(test.data) -o $$@ $1/search/$3/best.safetensors
$1/search/$3/train.tsv: $(call of,$1/search/$3,best.safetensors) $(train.data) $(D0)
	$$(run) lt-eval$(quiet) --threads $(THREADS) \
		--data $(train.data) --index $(D0) -o $$@ $1/search/$3/best.safetensors
$1/search/$3/length.tsv: $(call of,$1/search/$3,best.safetensors) $(test.data) $1/search/settings/arcs
	$(if $(filter-out 0,$(ARCS)),$$(run) $(trajectory) --projection \
		$(PROJECTION) --arcs $(ARCS) -o $$@ $1/search/$3/best.safetensors,: >$$@)
$1/search/$3/row.tsv: $1/search/$3/test.tsv $1/search/$3/train.tsv $1/search/$3/length.tsv $(call of,$1/search/$3,log.tsv) \
		$(if $4,$1/search/$3/ticket.mask.tsv) $(common)search/stage.awk
	awk -f $(common)search/stage.awk network=$(NET) seed=$2 stage=$3$(if \
		$4, is=mask $1/search/$3/ticket.mask.tsv) is=log \
		$1/search/$3/log.tsv$$(nl)is=test $1/search/$3/test.tsv is=train \
		$1/search/$3/train.tsv is=length $1/search/$3/length.tsv >$$(tmp)
	$$(rename)

endef
define search_seed
$(call stamp,$1/search/settings/criterion,CRITERION)
$(call stamp,$1/search/settings/patience,PATIENCE)
$(call stamp,$1/search/settings/arcs,ARCS POINTS PROJECTION)
$(call stage,$1,$2,00)
$(foreach r,$(rounds),$(call stage,$1,$2,$r,$(call before,$r)))
endef
$(call seeds,search_seed)

# --- All seeds; the arcs of the first one before and after training and at the
# last stage; the network's size.
$(eval $(call stamp,$(net_dir)/search/settings/rows,SEEDS ROUNDS))
stage_rows := $(foreach s,$(SEEDS),$(foreach r,$(stages),$(call seed_dir,$s)/search/$r/row.tsv))
$(net_dir)/search/stages.tsv: $(stage_rows) $(net_dir)/search/settings/rows $(common)rows.awk
	awk -f $(common)rows.awk $(stage_rows) >$(tmp)
	$(rename)
seed1 := $(call seed_dir,$(firstword $(SEEDS)))
$(eval $(call stamp,$(net_dir)/search/settings/path,SEEDS ROUNDS POINTS PATH_LAYERS))
path_of := $(seed1)/theta0.safetensors $(patsubst %,$(seed1)/search/%/best.safetensors,00 $(lastword $(rounds)))
# Of what there is.
$(net_dir)/search/path.tsv: private needs :=
$(net_dir)/search/path.tsv: $(foreach r,00 $(lastword $(rounds)),$(call of,$(seed1)/search/$r,best.safetensors)) \
		$(seed1)/theta0.safetensors $(test.data) $(net_dir)/search/settings/path $(common)search/path.awk
	$(call run_to,$@.all$(tail) $@.length$(tail)) $(trajectory)$(if $(PATH_LAYERS), --layers) --arcs 1 --path $@.all$(tail) -o $@.length$(tail) \
		$$(find $(path_of) -size +0)
	awk -f $(common)search/path.awk network=$(NET) nodes='$(PATH_LAYERS)' \
		stages='init dense sparse' files='$(path_of)' $@.all$(tail) >$(tmp)
	rm $@.all$(tail) $@.length$(tail)
	$(rename)
$(net_dir)/search/facts.tsv: $(seed1)/theta0.safetensors $(common)search/facts.awk $(lists)
	$(call run_to,$@.net$(tail)) lt-info$(quiet) -o $@.net$(tail) $(seed1)/theta0.safetensors
	awk -f $(common)search/facts.awk network=$(NET) is=net $@.net$(tail) is=d0 $(D0) >$(tmp)
	rm $@.net$(tail)
	$(rename)

.PHONY: search-network search-data
search-network: $(net_dir)/search/stages.tsv $(net_dir)/search/facts.tsv $(if $(filter-out \
	0,$(ARCS)),$(net_dir)/search/path.tsv)
search-data: $(train.data) $(test.data) $(lists) $d/shape
