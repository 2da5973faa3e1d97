# wallclock.mk: what a PrAC search takes by the clock, and which part of its gain
# comes from fewer samples, from early stopping and from sparse kernels.  One
# seed's searches, one after the other; leave the machine to them, without -j.
#
#	make -f pipelines/wallclock.mk DATA=FOLDER ROUNDS=6 THREADS=2
#
#	OUT/DATASET/NET/wallclock/wallclock.tsv
ifndef wallclock.mk
wallclock.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk
.NOTPARALLEL:
given_reads := imp.mk prac.mk
given_idle := SEARCHES SETS DISAGREE STOP SEEDS TICKETS EPOCH_MASKS

# Each is a search to the last round's mask; nothing is retrained.
steps := imp-dense imp-stop samples samples-stop prac imp
imp-dense := imp KERN_PATH=dense
imp-stop := prac KERN_PATH=dense STOP=1 SETS=all
samples := prac KERN_PATH=dense STOP=0
samples-stop := prac KERN_PATH=dense STOP=1
prac := prac STOP=1
imp := imp
wall := $d/$(NET)$(setting)/wallclock
step_dir = $(wall)/$1$(setting)/s$(SEED)

# The seconds of the trainings that the last mask needs, and of the passes.
rounds_before := $(filter-out $(lastword $(rounds)),$(rounds))
of_imp = $(addprefix $1/,$(patsubst %,%/log.tsv,dense $(addprefix imp/,$(rounds_before))))
of_prac = $(addprefix $1/,$(if $2,dense,prac/00)/log.tsv $(patsubst \
	%,prac/%/log.tsv,$(rounds_before)) $(if $3,,$(patsubst %,prac/%/cep.cost,$(rounds_before))))
ran = $(call of_$(firstword $($1)),$(call step_dir,$1),$(filter STOP=0,$($1)),$(filter SETS=all,$($1)))

.PHONY: wallclock $(steps)
all: wallclock
wallclock: $(wall)/wallclock.tsv
$(steps): $(train_needs) $d/shape
	+$(MAKE) -f $(common)$(firstword $($@)).mk NET=$(NET)$(setting)/wallclock/$@ \
		ARCH=$(ARCH) SEEDS=$(SEED) SEARCHES=prac SETS=prac DISAGREE=pruned EPOCH_MASKS= \
		$(wordlist 2,9,$($@)) $(call \
		step_dir,$@)/$(firstword $($@))/$(lastword $(rounds))/ticket.mask.safetensors
$(wall)/wallclock.tsv: $(steps) $(common)absent.awk $(common)wallclock.awk
	$(with_absent)wallclock.awk$(foreach s,$(steps),$(nl)step=$s $(foreach \
		f,$(call ran,$s),$f $(call times,$f))) >$(tmp)
	$(rename)
endif
