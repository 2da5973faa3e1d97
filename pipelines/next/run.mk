# run.mk: several searches from several seeds, each a make of its own; side by side
# under -j.
#
#	make -j2 -f run.mk SEARCHES='imp prac prac-mine' SEEDS='1 2 3' DATA=FOLDER \
#		prac-mine.THRESHOLD=2
#
# First come the data, then what the searches of a seed share, then the searches; one that
# follows another (LIKE) comes behind it.
include $(dir $(lastword $(MAKEFILE_LIST)))data.mk

## Several searches
SEARCHES ?= prac#	[names] workflows, or names that begin with one's and a dash
SEEDS ?= $(SEED)#	[wholes] several seeds, side by side under -j

# A search is a makefile of its name: the user's own, one of the workflows, or one of the
# searches that are there.  Without one, prac-mine is prac.mk: all but the last word.
names = $1 $(if $(findstring -,$1),$(call names,$(1:%-$(lastword $(subst -, ,$1))=%)))
files = $(foreach n,$(call names,$1),$n.mk $(pipelines)$n.mk $(pipelines)searches/$n.mk)
makefile = $(firstword $(wildcard $(call files,$1)))
$(foreach s,$(SEARCHES),$(if $(call makefile,$s),,$(error SEARCHES: $s: no such workflow)))

# What it has of its own, NAME.SETTING, and the search it follows, if that is made here.
own  = $(foreach v,$(filter $1.%,$(.VARIABLES)),$(v:$1.%=%)='$($v)')
like = $(or $($1.LIKE),$(shell sed -n 's/^LIKE ?= *\([^\#]*[^\# ]\).*/\1/p' $(call makefile,$1)))
follows = $(filter $(SEARCHES),$(call like,$1))

# $(call search,MAKEFILE,SEED,SEARCH)
search = +$(MAKE) --no-print-directory -f $1 SEED=$2 SEARCH=$3 $(call own,$3)

searches := $(foreach s,$(SEEDS),$(SEARCHES:%=s$s/%))
.PHONY: $(SEEDS:%=s%/dense) $(searches)
$(SEEDS:%=s%/dense): s%/dense: $(data)
	$(call search,$(pipelines)dense.mk,$*,dense) LT_MADE=data
$(searches): s%: s$$(*D)/dense $$(addprefix s$$(*D)/,$$(call follows,$$(*F)))
	$(call search,$(call makefile,$(*F)),$(*D),$(*F)) LT_MADE='data dense'
all: $(searches)
