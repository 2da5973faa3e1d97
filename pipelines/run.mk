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
NETWORKS ?= $(ARCH)#	[paths] several networks; NETWORK.SETTING is a setting of one

# gradual and oneshot stand for the searches of all windows.
windows := $(WINDOWS:%=gradual-%)
ends := $(foreach w,$(WINDOWS),oneshot-$(lastword $(subst -, ,$w)))
# Who names one twice wants it once.
once = $(if $1,$(firstword $1) $(call once,$(filter-out $(firstword $1),$1)))
names := $(call once,$(foreach s,$(SEARCHES),$(if $(filter gradual,$s),$(windows),$(if $(filter \
	oneshot,$s),$(ends),$s))))

SAVE_STATES := $(SAVE_STATES)
# A search is a makefile of its name: the user's own, one of the workflows, or one of the
# searches that are there.  Without one, prac-mine is prac.mk: all but the last word.
shorter = $(1:%-$(lastword $(subst -, ,$1))=%)
places = $1.mk $(here)$1.mk $(here)searches/$1.mk \
	$(if $(findstring -,$1),$(call places,$(shorter)))
makefile = $(firstword $(wildcard $(call places,$1)))
$(foreach s,$(names),$(if $(call makefile,$s),,$(error SEARCHES: $s: no such workflow)))

makefiles := $(sort $(foreach s,$(names),$(call makefile,$s)))
# A workflow of ours says how it is run; other makefiles here are parts of workflows.
ours := $(filter-out $(here)searches/%,$(filter $(here)%,$(makefiles)))
$(foreach p,$(if $(ours),$(shell grep -L '^.	lt run ' $(ours))),$(error \
	SEARCHES: $(basename $(notdir $p)): a part of workflows, and none itself))
named := $(basename $(notdir $(NETWORKS)))
own_settings := --by search='$(names)' --by seed='$(SEEDS:%=s%)' --by any='$(named)'
# A ticket search rewinds to θ0 and retrains nothing.
idle := $(if $(filter-out search search-%,$(names)),,REWIND SCHEDULE TICKETS EPOCH_MASKS \
	SAVE_EPOCHS)
$(call check,$(makefiles) $(here)run.mk $(here)report.mk $(here)report-search.mk \
	$(own_settings) --idle '$(idle)',$(given))
include $(here)common.mk

# A network's name in the paths, and the network of a name.
several := $(word 2,$(NETWORKS))$(filter NETWORKS,$(given))
nets := $(if $(several),$(named),$(NET))
$(foreach n,$(named),$(if $(word 2,$(filter $n,$(named))),$(error NETWORKS: $n twice)))
arch = $(if $(several),$(filter $1 %/$1 $1.% %/$1.net,$(NETWORKS)),$(NETWORKS))

# What a search, a network or a seed has of its own, WHO.SETTING; and the data set.
own = $(foreach v,$(filter $1.%,$(.VARIABLES)),$(v:$1.%=%)='$($v)')
set_of = $(or $($1.DATASET),$(DATASET))
sets := $(sort $(foreach n,$(nets),$(call set_of,$n)))
of_set = $(firstword $(foreach n,$(nets),$(if $(filter $1,$(call set_of,$n)),$n)))
$(foreach n,$(nets),$(foreach v,DATA PACK TEST_PACK TEST_SPLIT TRAIN VAL SPLIT_SEED \
	SYNTH SYNTH_TRAIN SYNTH_TEST,$(if $(and \
	$(filter $n.$v,$(.VARIABLES)),$(filter $(DATASET),$(call set_of,$n))),$(error $n.$v: \
	$n needs a DATASET of its own, such as $n.DATASET=$(DATASET)-$n))))

# The search that another one follows, if that is made here.  Parts of the study of early
# tickets that share masks come one after another, so that each mask is made once.
like_of = $(shell sed -n 's/^LIKE ?= *\([^\#]*[^\# ]\).*/\1/p' $(call makefile,$1))
given_like := $(if $(filter LIKE,$(given)),$(LIKE))
like = $(or $($1.LIKE),$(foreach l,$(call like_of,$1),$(or $(given_like),$l)))
follows = $(filter $(names),$(call like,$1))
$(foreach s,$(names),$(if $(call like,$s),$(if $(call follows,$s),,$(error $s follows \
	$(call like,$s) (LIKE), which is not among SEARCHES))))
parts := $(filter grid weights ppr oneshot-%,$(names))
pairs := $(join $(addsuffix :,none $(parts)),$(parts))
after = $(call follows,$1) $(filter $(names),$(patsubst %:$1,%,$(filter %:$1,$(pairs))))

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
	$(call search,$(pipelines)dense.mk,$(net),$(seed),dense) LT_MADE=data
$(searches): search/%: data/$$(call set_of,$$(net)) $$(filter $$(seeds),seed/$$(*D)/) \
		$$(filter $$(searches),$$(addprefix search/$$(*D)/,$$(call after,$$(name)))) \
		$$(filter $$(zeros),zero/$$*)
	$(call search,$(call makefile,$(name)),$(net),$(seed),$(name)) \
		LT_MADE='data $(if $(filter $(seeds),seed/$(*D)/),dense)'

include $(here)reports.mk
