# run.mk: several searches from several seeds, of one network or several; each is a make of
# its own, side by side under -j.
#
#	make -j2 -f run.mk SEARCHES='imp prac prac-mine' SEEDS='1 2 3' DATA=FOLDER \
#		prac-mine.THRESHOLD=2
#
# First come the data, then what the searches of a seed share, then the searches; one that
# follows another (LIKE) comes behind it.
here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)given.mk
$(call check,$(here)run.mk $(here)early-settings.mk,$(filter SEARCHES SEEDS WINDOWS \
	NETWORKS ENVIRONMENT,$(given)))

## Several searches
SEARCHES ?= prac#	[names] workflows, or names that begin with one's and a dash
SEEDS ?= $(SEED)#	[wholes by search] several seeds, side by side under -j

# Studies have defaults of their own, which hold for all searches of a run.
ifneq ($(filter grid weights ppr ppr-stop gradual% oneshot% memorize,$(SEARCHES)),)
include $(here)early-settings.mk
endif
ifneq ($(filter search search-%,$(SEARCHES)),)
include $(here)search-settings.mk
endif
ifneq ($(filter imp-rewind imp-rewind-% instability instability-%,$(SEARCHES)),)
include $(here)rewind-settings.mk
endif
NETWORKS ?= $(ARCH)#	[paths] several networks; NETWORK.SETTING is a setting of one

include $(here)names.mk

# $(call search,MAKEFILE,NET,SEED,SEARCH)
shared = $(foreach v,$(shared_settings),$v='$($v)')
search = +@$(MAKE) --no-print-directory -f $1 ARCH='$(call arch,$2)' NET=$2 \
	SEED=$3 SEARCH=$4 $(shared) $(call own,$2) $(call own,$4) $(call own,s$3)

# The stem is NET/sSEED/SEARCH, of which these are the parts.
net  = $(word 1,$(subst /, ,$*))
seed = $(patsubst s%,%,$(word 2,$(subst /, ,$*)))
name = $(word 3,$(subst /, ,$*))
seeds_of = $(call once,$(or $($2.SEEDS),$($1.SEEDS),$(SEEDS)))
searches := $(foreach n,$(nets),$(foreach w,$(names),$(foreach \
	s,$(call seeds_of,$n,$w),search/$n/s$s/$w)))
seeds := $(sort $(patsubst search/%,seed/%,$(dir $(filter-out %/search,$(searches)))))
.PHONY: $(searches) $(seeds) $(sets:%=data/%)
all: $(searches)

# Searches that may share round 0 make it one after another, so that it is made once.
stopping := $(filter prac prac-% imp-stop imp-stop-%,$(names))
in_turn := $(join $(addsuffix :,none $(stopping)),$(stopping))
zeros := $(if $(dry),,$(if $(word 2,$(stopping)),$(foreach s,$(stopping),$(patsubst \
	search/%,zero/%,$(filter %/$s,$(searches))))))
.PHONY: $(zeros)
earlier = $(patsubst %:$(name),zero/$(*D)/%,$(filter %:$(name),$(in_turn)))
$(zeros): zero/%: seed/$$(*D)/ $$(filter $$(zeros),$$(earlier))
	$(call search,$(call makefile,$(name)),$(net),$(seed),$(name)) LT_MADE='data dense' zero

# The network and the makefile of every search are read before anything is made, and before
# lt notes in OUT what is run: what is wrong shows at once.
ifeq ($(dry)$(LT_CHECKED),)
checks := $(foreach n,$(nets),$(names:%=checked/$n/s$(firstword $(SEEDS))/%))
.PHONY: $(checks)
$(checks): checked/%:
	@lt-init --names $(call arch,$(net)) >/dev/null
	$(call search,$(call makefile,$(name)),$(net),$(seed),$(name)) LT_MADE='data dense' \
		-n checked >/dev/null
endif
checked: $(checks)

$(sets:%=data/%): data/%: $(checks)
	$(call search,$(pipelines)data.mk,$(call of_set,$*),$(SEED),data)
$(seeds): seed/%: data/$$(call set_of,$$(net))
	$(call search,$(pipelines)dense.mk,$(net),$(seed),dense) LT_MADE=data LT_POINTS='$(points)'
$(searches): search/%: data/$$(call set_of,$$(net)) $$(filter $$(seeds),seed/$$(*D)/) \
		$$(filter $$(searches),$$(addprefix search/$$(*D)/,$$(call after,$$(name)))) \
		$$(filter $$(zeros),zero/$$*)
	$(call search,$(call makefile,$(name)),$(net),$(seed),$(name)) \
		LT_MADE='data $(if $(filter $(seeds),seed/$(*D)/),dense)'

include $(here)reports.mk
