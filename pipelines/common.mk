# common.mk: what every workflow stands on: settings, stamps, rounds, how a stage runs.
# A make works on one seed of one search; run.mk runs several.
#
#	OUT/DATASET/                   $d: data that all networks share
#	OUT/DATASET/NET/sSEED/         $S: what all searches of a seed share
#	OUT/DATASET/NET/sSEED/SEARCH/  $P: the search
#	.../settings/STAGE             the settings a stage was made with
pipelines := $(dir $(lastword $(MAKEFILE_LIST)))
include $(pipelines)given.mk
# A makefile that starts others reads their settings, too, or leaves some idle; run.mk has
# checked its settings already.
ifneq ($(origin makefiles),file)
$(call check,$(firstword $(MAKEFILE_LIST)) $(reads) $(if $(idle),--idle '$(idle)') --by \
	search='$(basename $(notdir $(firstword $(MAKEFILE_LIST))))',$(given))
endif
export LT_SUBMAKE := 1
include $(pipelines)settings.mk

# The search has the name of the makefile that was named, unless run.mk says another.
SEARCH ?= $(basename $(notdir $(firstword $(MAKEFILE_LIST))))

ifeq ($(filter help,$(MAKECMDGOALS))$(strip $(DATA)),)
$(error DATA is not set; "lt settings WORKFLOW" lists the settings)
endif
# Both become parts of the paths.
part_of_path = $(if $(filter-out . ..,$(subst /, ,$($1))),$(filter . ..,$(subst /, ,$($1))),.)
$(foreach v,$(if $(strip $(DATA)),DATASET NET),$(if $(call part_of_path,$v),$(error \
	$v=$($v): expected a name)))
ifeq ($(filter end,$(REWIND))$(MASK_EPOCHS)$(filter-out 0,$(MAKELEVEL)),end)
$(error REWIND=end: only gradual pruning knows it)
endif
# Who sets NET alone may take it for the choice of the network.
ifneq ($(and $(filter NET,$(given)),$(filter 0,$(MAKELEVEL))),)
ifeq ($(filter ARCH NET_OPTIONS,$(given))$(filter $(basename $(notdir $(ARCH))),$(NET)),)
$(error NET=$(NET): NET is the name in the paths and chooses no network; expected ARCH, \
	which is $(ARCH))
endif
endif

d := $(OUT)/$(DATASET)
suffixed := $(patsubst %,-%,$(filter-out standard,$(SETTING)))
N := $d/$(NET)$(suffixed)$(LT_KEPT)
S := $N/s$(SEED)
P := $S/$(SEARCH)

export LC_ALL := C
export OMP_WAIT_POLICY := passive
# With it programs take no options behind their operands.
unexport POSIXLY_CORRECT

.SUFFIXES:
.SECONDEXPANSION:
ifeq ($(V),0)
.SILENT:
endif
.PHONY: all help checked zero FORCE
# A workflow lists here all that it makes: what only pattern rules name is made by no rule
# twice in a chain of files, not made again where it is lost, and, unless .PRECIOUS names its
# pattern, removed after its use.  No file may match two rules.
all:
checked zero: ;
help:
	@lt-settings list $(firstword $(MAKEFILE_LIST))

# $(call in,FOLDERS,FILES): each file in each folder.
in = $(foreach f,$1,$(addprefix $f/,$2))

# $(call stamp,FILE,SETTING...): FILE, which lists these settings and is written when
# one has changed, so that what depends on it is remade.
values = $(strip $(foreach v,$2,$v=$($v)))
write_stamp = $(if $(dry),FORCE,$(shell mkdir -p $(dir $1))$(file >$1,$(values))$1)
# GNU make 4.3 does not always drop the line's end of a file of over 200 bytes; strip does.
stamp = $(if $(subst x$(strip $(file <$1))x,,x$(values)x),$(write_stamp),$1)

# The rounds 01 02 ... ROUNDS.  $(call before,03) is 02, $(call until,03) is 00 01 02.
rounds  := $(shell seq -f %02g 1 $(ROUNDS))
before   = $(word $1,00 $(rounds))
until    = $(wordlist 1,$1,00 $(rounds))
tickets := $(if $(filter all,$(TICKETS)),$(rounds),$(shell printf '%02d ' $(TICKETS)))

# $(run) stands before the command of a stage: run.sh makes the folders, prints the
# command, starts it by LAUNCH and makes sure that it wrote all that its options name.  An
# empty input is that of a training that diverged; the products are empty, too, then.  What
# another make has made meanwhile is not made again.  exec makes it the child of make, which
# a signal reaches.  $(call note,TEXT) stands above it.  make -n shows both and no housekeeping.
flags := $(firstword -$(MAKEFLAGS))
dry  := $(findstring n,$(flags))$(findstring q,$(flags))$(filter help,$(MAKECMDGOALS))
hash := \#
say  := $(if $(filter 0,$(V)),$(if $(findstring s,$(flags)),,-q),-v)
run   = $(if $(dry),,@$(start_by))
start_by = $(if $(dry),,LT_LABEL='$(about)' exec sh $(pipelines)run.sh $(say) '$^' $(LAUNCH) )
note  = $(if $(dry)$(filter 1,$(V)),$(hash),@sh $(pipelines)note.sh '$^') '$(about): $1'
about  = $(NET) s$(SEED) $(SEARCH)$(patsubst %, %,$(filter-out . $(SEARCH),$(round_in)))
# The round of a stem, which may be a path: of OUT/.../prac/02/ticket it is 02.
round_in = $(patsubst %/ticket,%,$(patsubst $S/%,%,$(patsubst $P/%,%,$*)))
q     := $(if $(filter 0,$(V)),-q)
comma := ,
# A line break within a command that make -n prints.
define lf


endef
nl := $() \$(lf)$()        $()

# A page has the last part of an absolute path.
clean = $(foreach w,$1,$(if $(filter /%,$w),.../$(notdir $(w:%/=%)),$w))

# $(call if_true,TEST,COMMAND): the command as a stage if the test holds, or an empty file.
if_true = $(if $(dry),,@)if $1; then $(start_by)$2; else mkdir -p $(@D) && : >$@; fi
# $(call distances,MASKS,OPTIONS): a matrix of them, or an empty file of fewer than two.
distances = $(call if_true,masks=$$($1) && [ "$$masks" ],lt-hamming $q --matrix $2 -o $@ $$masks)
