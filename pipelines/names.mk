# names.mk: the searches, makefiles and networks of a run, what each has of its own, and
# which search waits for which; for run.mk.

# gradual and oneshot stand for the searches of all windows.
windows := $(WINDOWS:%=gradual-%)
ends := $(foreach w,$(WINDOWS),oneshot-$(lastword $(subst -, ,$w)))
# Who names one twice wants it once.
once = $(if $1,$(firstword $1) $(call once,$(filter-out $(firstword $1),$1)))
# imp-rewind stands for the searches of all points of rewinding.
parts_of_gradual    = $(windows)
parts_of_oneshot    = $(ends)
parts_of_imp-rewind = $(REWINDS:%=imp-rewind-%)
in_parts = $(foreach s,$1,$(or $(parts_of_$s),$s))
names := $(call once,$(call in_parts,$(SEARCHES)))
its_points := $(patsubst imp-rewind-%,%,$(filter imp-rewind-%,$(names)))
all_points := $(if $(filter instability instability-%,$(names)),$(REWINDS))
points := $(filter-out 0 0i,$(sort $(its_points) $(all_points)))

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

# The search that another one follows, if that is made here; LIKE=none follows nothing.
# Parts of the study of early tickets that share masks come one after another, so that each
# mask is made once.
like_of = $(shell sed -n 's/^LIKE ?= *\([^\#]*[^\# ]\).*/\1/p' $(call makefile,$1))
given_like := $(if $(filter LIKE,$(given)),$(LIKE))
like = $(filter-out none,$(or $($1.LIKE),$(foreach l,$(call like_of,$1),$(or $(given_like),$l))))
follows = $(filter $(names),$(call in_parts,$(call like,$1)))
$(foreach s,$(names),$(if $(call like,$s),$(if $(call follows,$s),,$(error $s follows \
	$(call like,$s) (LIKE), which is not among SEARCHES))))
parts := $(filter grid weights ppr oneshot-%,$(names))
pairs := $(join $(addsuffix :,none $(parts)),$(parts))
after = $(call follows,$1) $(filter $(names),$(patsubst %:$1,%,$(filter %:$1,$(pairs))))

# $(call judged_by,SEARCH): what a control is compared with, beside IMP: the search that it
# follows, or the one that it is a variant of, such as imp for imp-fine-tune.
reference_channels-earlybird := earlybird
reference_filter-norm := channels-earlybird
reference_imp-stop := prac
reference_moved    := imp
reference_random   := imp
reference_rigl     := imp set static
reference_set      := imp static
reference_static   := imp
reference_transfer := prac
reference_moved-magnitude := imp
variant_of = $(if $(findstring -,$1),$(or $(filter $(names),$(shorter)),$(call \
	variant_of,$(shorter))))
judged_by = $(firstword $(call follows,$1) $(filter $(names),$(reference_$1)) $(call \
	variant_of,$1))
