# disagree.mk: line 10 of Algorithm 1 for other pairs of models than the paper's
# (DISAGREE).  Their predictions on D0 are compared; those of the dense run are made once.
#	dense-pruned   the dense network and the round's pruned one
#	retrained      both at their best validation, as in the published code; from round 2 on
#	none           no such samples
cep = $(if $(filter none,$(DISAGREE))$(filter retrained-01,$(DISAGREE)-$1),,$P/$1/cep.idx)
cep_cost = $(if $(call cep,$1),$P/$1/cep.cost.tsv)
cep_files = $(call cep,$1) $(call cep_cost,$1)
predict = $(run) lt-eval $(evaluating) --data $(train.data) --index $(D0) \
	--predictions $(@D)/$1.tsv --cost $(@D)/$1.cost.tsv -o /dev/null

ifneq ($(filter dense-pruned retrained,$(DISAGREE)),)
model := $(if $(filter retrained,$(DISAGREE)),best,last)
cep_cost = $(if $(call cep,$1),$P/$1/predictions.cost.tsv $(zero)/$(model).predictions.cost.tsv)
cep_files = $(call cep,$1) $(call cep_cost,$1) $(if $(call cep,$1),$P/$1/predictions.tsv)

all zero: $(addprefix $(zero)/$(model).,predictions.tsv predictions.cost.tsv)
$(zero)/$(model).predictions%tsv $(zero)/$(model).predictions.cost%tsv: \
		$(zero)/$(model).safetensors $(D0) $(train.data)
	$(call note,line 10: predictions of the dense network on D0)
	$(call predict,$(model).predictions) $<

$P/%/cep.idx: $(zero)/$(model).predictions.tsv $P/%/predictions.tsv
	$(call note,line 10: samples of D0 on which the two disagree)
	$(run) lt-disagree $q --predictions -o $@ $^
endif

ifeq ($(DISAGREE),dense-pruned)
$P/%/predictions.tsv $P/%/predictions.cost.tsv: \
		$$(prev_run)/last.safetensors \
		$P/%/ticket.mask.safetensors $(D0) $(train.data) $(stopped)
	$(call note,line 10: predictions of the pruned network on D0)
	$(call predict,predictions) --mask $P/$*/ticket.mask.safetensors $<
endif
ifeq ($(DISAGREE),retrained)
$P/%/predictions.tsv $P/%/predictions.cost.tsv: \
		$$(prev_run)/best.safetensors $(D0) $(train.data) $(stopped)
	$(call note,line 10: predictions on D0 of the round before at its best validation)
	$(call predict,predictions) $<
endif
