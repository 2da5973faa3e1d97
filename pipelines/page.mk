# page.mk: what a page says of what was done, in the report's folder $R.
#
#	$R/facts.tsv      the data, the network, the command
#	$R/settings.tsv   the settings of the run
# Of absolute paths the last part is left, and what changes no result is left out.
settings_of := $(LT_MAKEFILES) $(firstword $(MAKEFILE_LIST))
listed := $(shell PATH='$(PATH)' lt-settings list --tsv $(settings_of) | cut -f 2)
listed := $(filter-out setting OUT THREADS LAUNCH V ENVIRONMENT SEED JOIN,$(listed))
own := $(SEARCHES) $(SEEDS:%=s%) $(basename $(notdir $(NETWORKS)))
listed += $(sort $(filter $(foreach w,$(own),$(listed:%=$w.%)),$(.VARIABLES)))
in_force := $(foreach v,$(listed),$(if $(filter undefined,$(origin $v)),,'$v=$(call clean,$($v))'))
command := $(LT_COMMAND)
said := $(call stamp,$R/settings/page,command in_force)

pages := $(pipelines)pages/
# Tables of an earlier run with other searches do not belong to the page.
ours  := $(addprefix $R/,facts.tsv settings.tsv wallclock.tsv %.all.tsv)
stale  = $(filter-out $(found) $(ours),$(wildcard $R/*.tsv $R/inside.png $R/outside.png))
$R/settings.tsv: $(said)
	lt-settings list --tsv --by any='$(own)' -o $@ $(settings_of) $(in_force)
of_net := $(if $(first),$(data) $(first)/theta0.safetensors)
$R/facts.tsv: $(of_net) $(said) $(shown)
	sh $(pipelines)facts.sh $@ '$(DATASET)' '$(or $(LT_NETS),$(NET))' '$(all_seeds)' \
		'$(strip $(SEARCHES))' '$(command)' $(of_net)
