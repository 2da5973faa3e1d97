# reports.mk: the reports of a run, when the searches are done: of methods that are compared
# and of the study of early tickets, for each network; of ticket searches for all networks.
study := $(filter grid weights ppr ppr-stop gradual-% oneshot-% memorize,$(names))
ticket_search := $(filter search search-%,$(names))
compared := $(filter-out $(study) $(ticket_search),$(names))
reports := $(if $(compared),$(nets:%=report/%)) $(if $(study),$(nets:%=early/%)) \
	$(if $(ticket_search),networks)
.PHONY: report $(reports)
report: $(reports)

# What a page says was run: the settings given, but those of the place and the machine; as one
# run of all seeds.
include $(here)joined.mk
said := $(filter-out DATA SEARCHES OUT THREADS LAUNCH V ENVIRONMENT JOIN,$(given))
said += $(if $(strip $(JOIN)),$(filter-out $(said),SEEDS))
value_said = $(if $(filter SEEDS,$1),$(all_seeds),$($1))
quote_blanks = $(if $(findstring $() ,$1),"$1",$1)
command := lt run $(SEARCHES) DATA=$(DATA) $(foreach v,$(said),$v=$(call \
	quote_blanks,$(call clean,$(call value_said,$v))))
# $(call page,MAKEFILE,NET,SEARCHES)
page = $(call search,$(here)$1,$2,,report) SEARCHES='$3' SEEDS='$(SEEDS)' \
	LT_MADE='data dense' LT_MAKEFILES='$(makefiles)' LT_COMMAND='$(command)'
controls = $(foreach s,$(compared),$(foreach r,$(call judged_by,$s),$s=$r))
$(filter report/%,$(reports)): report/%: $(searches)
	$(call page,report.mk,$*,$(compared)) LT_CONTROLS='$(controls)'
$(filter early/%,$(reports)): early/%: $(searches)
	$(call page,report-early.mk,$*,$(names))
rates_of = $(filter-out standard,$(or $($1.SETTING),$(SETTING)))
folder_of = $(OUT)/$(call set_of,$1)/$1$(patsubst %,-%,$(call rates_of,$1))
folders := $(foreach n,$(nets),$(call folder_of,$n))
tables := $(foreach n,$(nets),$(foreach s,$(call seeds_of,$n,search),$(call \
	folder_of,$n)/s$s/search/stages.tsv))
networks: $(searches)
	$(call page,report-search.mk,search,$(names)) ARCH='$(ARCH)' \
		LT_FOLDERS='$(folders)' LT_STAGES='$(tables)' \
		LT_NETS='$(nets)' NETWORKS='$(NETWORKS)'
