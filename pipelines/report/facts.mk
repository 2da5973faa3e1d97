# facts.mk: what a page says of what was done; report.mk reads it.
# $(eval $(call page_settings,FOLDER,NAMES)) makes, in the folder, settings.tsv:
# all settings, and those that a name has for itself; $(eval $(call
# page_facts,FOLDER,WHAT,NAMES)) that and facts.tsv, with WHAT for facts.awk: the
# data, the network and the command.  Of absolute paths the last part is left.
f_names := $(shell awk '/^[A-Z][A-Z0-9_]* [?]=/ && !seen[$$1]++ { print $$1 }' $(sort $(MAKEFILE_LIST)))
f_names := $(filter-out OUT THREADS LAUNCH V SEED ENVIRONMENT,$(f_names))
f_clean = $(foreach w,$(strip $1),$(if $(filter /%,$w),.../$(notdir $(w:%/=%)),$w))
f_quote = $(if $(findstring $() ,$1),'$1',$1)
# The makefiles that were named: those that no other includes.
f_included := $(shell sed -n 's/^include .*[^a-z-]\([a-z-]*[.]mk\)$$/\1/p' $(MAKEFILE_LIST))
f_files := $(addprefix -f pipelines/,$(filter-out $(f_included),$(notdir $(MAKEFILE_LIST))))
f_seed := $(firstword $(SEEDS))
f_theta := $(call seed_dir,$(f_seed))/theta0.safetensors
# $1: names of settings.
f_given = $(foreach s,$1,$(if $(filter command environment,$(firstword $(origin \
	$s))),$s=$(call f_quote,$(call f_clean,$($s)))))
f_values = $(strip command=make $(f_files) $(call f_given,$1) $(or $(f_goal),report)|)$(subst | ,|,$(foreach \
	s,$1,$s=$(call f_clean,$($s))|))
f_all = $(f_names) $(foreach m,$1,$(foreach s,$(f_names),$(if $(filter undefined,$(origin $m.$s)),,$m.$s)))
define page_settings
$1/settings/page: private f_text := $(call f_values,$(call f_all,$2))
$1/settings/page: $(if $(subst x$(call f_values,$(call f_all,$2))x,,x$(subst $(lf),|,$(file \
		<$1/settings/page))|x),FORCE) | $1/settings/
	$$(call aside,printf '%s' '$$(subst ','\'',$$(f_text))' | tr '|' '\n' >$$(tmp) && $$(renamed))
$1/settings.tsv: $1/settings/page $(common)report/settings.awk
	awk -f $(common)report/settings.awk $$< $(sort $(MAKEFILE_LIST)) >$$(tmp)
	$$(rename)

endef
define page_facts
$(call page_settings,$1,$3)
$1/facts.tsv: $1/settings/page $(f_theta) $(train.data) $(test.data) $(lists) \
		$1/settings/rows $(common)report/facts.awk
	$$(call run_to,$$@.net$$(tail)) lt-info$(quiet) -o $$@.net$$(tail) $(f_theta)
	$$(call run_to,$$@.train$$(tail)) lt-info$(quiet) -o $$@.train$$(tail) $(train.data)
	$$(call run_to,$$@.test$$(tail)) lt-info$(quiet) -o $$@.test$$(tail) $(test.data)
	awk -f $(common)report/facts.awk set='$(DATASET)' net='$(NET)' seeds='$(strip $(SEEDS))' \
		$2 version="$$$$(lt-info --version)"$$(nl)is=values $$< is=net $$@.net$$(tail) \
		is=train $$@.train$$(tail) is=test $$@.test$$(tail) is=d0 $(D0) is=val $(V0) >$$(tmp)
	rm $$@.net$$(tail) $$@.train$$(tail) $$@.test$$(tail)
	$$(rename)

endef
