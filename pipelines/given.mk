# given.mk: the settings that this make was given, on its command line or by a
# makefile that includes a workflow.  They are checked before anything is made or
# read; given.awk does it.  Every workflow includes this file first.
#
# The environment gives no settings: a SEED or OUT that a shell exports for another
# purpose would change results.  ENVIRONMENT='SEED OUT' names those it gives.
ifneq ($(origin given.mk),file)
given.mk := $(dir $(lastword $(MAKEFILE_LIST)))
ifneq ($(origin ENVIRONMENT),command line)
override undefine ENVIRONMENT
endif

# A line feed.
define lf


endef
given_from = $(filter command file override,$(firstword $(origin $1)))
# Those of the command line, whatever their names.
given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $v))),$v))
given := $(filter-out MAKE% MFLAGS SHELL GNUMAKEFLAGS .% -% $(passed_on),$(given))
given_files := $(filter-out $(given.mk)next/%,$(wildcard $(given.mk)*.mk $(given.mk)*/*.mk))
given_one = '$(subst ','\'',$1=$(value $1))'$(if $(findstring $(lf),$(value $1)),$(error $1: \
	expected a value of one line))
# Some types are lists that a program prints; it may stand beside the makefiles.
given_read = $(shell LC_ALL=C PATH="$$PATH:$(abspath $(given.mk)../build)" awk -f $(given.mk)given.awk $(foreach v,$(sort \
	$1),$(call given_one,$v)) in $(given_files))
given_found := $(call given_read,$(given))
$(if $(filter !,$(firstword $(given_found))),$(error $(wordlist 2,999,$(given_found))))
given_names := $(sort $(foreach w,$(filter-out +%,$(given_found)),$(firstword $(subst =, ,$(subst /, ,$w)))))
# Then what a makefile has set before, and what the environment may give.
given_more := $(foreach v,$(given_names),$(if $(filter file override,$(firstword $(origin \
	$v))),$v)$(if $(filter environment,$(firstword $(origin $v))),$(filter $v,$(ENVIRONMENT))))
ifneq ($(strip $(filter-out ENVIRONMENT,$(given_more))),)
given_said := $(call given_read,$(filter-out ENVIRONMENT,$(given_more)))
$(if $(filter !,$(firstword $(given_said))),$(error $(wordlist 2,999,$(given_said))))
endif

# What else the environment has of our names is not for us.
$(foreach v,$(filter $(filter-out $(ENVIRONMENT),$(given_names)) $(addprefix %.,$(given_names)) $(patsubst \
	+%,%,$(filter +%,$(given_found))),$(.VARIABLES)),$(if $(filter environment,$(firstword $(origin \
	$v))),$(eval override undefine $v)))

# --- When all makefiles are read: is every setting of use to one of them?  A make
# considers its makefiles before its goals, and only then expands this prerequisite.
# A make that another one starts is handed settings that are not for it.
#	given_owners.KIND   who may have settings of its own: searches, windows, seeds
#	given_owners.any    who may have any setting of its own
#	given_reads         makefiles that are run for this one with its settings
#	given_idle          settings that this make takes no notice of
given_last = $(lastword $(subst ., ,$1))
given_who = $(patsubst %.$(given_last),%,$1)
given_kind = $(patsubst $(given_last)/%,%,$(filter $(given_last)/%,$(given_found)))
given_owned = $(sort $(given_owners.any) $(given_owners.$(given_kind)))
given_in = $(sort $(patsubst $(given_last)=%,%,$(filter $(given_last)=%,$(given_found))))
given_has = $(if $(filter $(given_who),$(given_owned)),,$(error $1: $(if $(given_owned),expected \
	one of these before the point: $(given_owned),$(given_last) is one setting for all)))
given_use = $(if $(filter $(given_in),$(notdir $(MAKEFILE_LIST)) $(given_reads)),,$(error $1: this \
	is a setting of $(given_in)$(), which is not among the makefiles))$(if $(findstring \
	.,$1),$(given_has))$(if $(filter $(given_last),$(given_idle)),$(error $1: this setting \
	does nothing here))
given_top := $(if $(LT_SUBMAKE)$(filter help,$(MAKECMDGOALS)),,1)
ifneq ($(given_top),)
.SECONDEXPANSION:
$(given.mk)given.mk: $$(strip $$(foreach v,$$(given),$$(call given_use,$$v)))
endif
export LT_SUBMAKE := 1
endif
