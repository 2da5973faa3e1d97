# given.mk: the settings on the command line of make are checked before anything reads them,
# and so are those of the makefiles that include a workflow; lt-settings does it.  The
# environment gives no settings, but those that ENVIRONMENT names: a SEED or OUT that a
# shell exports for another purpose would change results.
ifndef given.mk
given.mk := 1

# An installed suite comes first, else the programs of this source tree.
export PATH := $(PATH):$(abspath $(dir $(lastword $(MAKEFILE_LIST)))../build)
ifneq ($(origin ENVIRONMENT),command line)
override undefine ENVIRONMENT
endif

given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $v))),$v))
given := $(filter-out MAKE% MFLAGS SHELL GNUMAKEFLAGS LT_% .% -%,$(given))

# $(call check,MAKEFILES OPTIONS,NAME...): stop with one line if a value is wrong; else
# forget what the environment has of the settings' names.  make forgets .SHELLSTATUS at the
# end of a call, so that the message says whether there was an error.  The makes that a make
# starts have nothing to check.
# $(shell) does not hand on a line feed.
define line_feed


endef
one_line = $(if $(findstring $(line_feed),$(value $1)),$(error $1: expected a value of one line))
quoted  = $(one_line)'$(subst ','\'',$1=$(value $1))'
no_lt   = echo lt-settings: the programs of lt are neither installed nor built
checked = $(shell PATH='$(PATH)'; command -v lt-settings >/dev/null || { $(no_lt); exit; }; \
	lt-settings check $1 $(foreach v,$2,$(call quoted,$v)) 2>&1)
forget  = $(foreach v,$1,$(if $(filter environment,$(firstword $(origin $v))),$(eval override \
	undefine $v)))
passed  = $(if $(filter %lt-settings:,$1),$(error $(filter-out lt-settings:,$1)),$(forget))
check   = $(if $(LT_SUBMAKE),,$(call passed,$(call checked,$1,$2)))
endif
