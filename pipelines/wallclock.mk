# wallclock.mk: what a PrAC search takes by the clock, and which part of its gain comes from
# fewer samples, from early stopping and from sparse kernels.  One seed's searches, one after
# the other; leave the machine to them, without -j.
#
#	make -f wallclock.mk DATA=FOLDER ROUNDS=6 THREADS=2
#
#	OUT/DATASET/NET/wallclock/wallclock.tsv
here := $(dir $(lastword $(MAKEFILE_LIST)))
reads := $(here)imp.mk $(here)prac.mk
idle := DISAGREE STOP TICKETS EPOCH_MASKS
include $(here)data.mk
.NOTPARALLEL:

# Each is a search to the last round's mask, with settings of its own; nothing is retrained.
steps := imp-dense imp-stop samples samples-stop prac imp
imp-dense    := imp KERN_PATH=dense
imp-stop     := imp-stop KERN_PATH=dense STOP=1
samples      := prac KERN_PATH=dense STOP=0
samples-stop := prac KERN_PATH=dense STOP=1
prac         := prac KERN_PATH=auto STOP=1
imp          := imp KERN_PATH=auto

text_imp-dense    := vanilla IMP, masked weights multiplied all the same
text_imp-stop     := early stopping alone, on all samples
text_samples      := PrAC: fewer samples
text_samples-stop := ... and early stopping
text_prac         := ... and sparse kernels: the whole search
text_imp          := vanilla IMP with sparse kernels
# What a step is compared with, where that is not the step before.
after_samples := after=imp-dense
after_imp     := after=imp-dense

# The folder of a step and of its search; the trainings before the last mask, and the passes.
W := $N/wallclock
folder = $W/$1$(suffixed)/s$(SEED)
search = $(folder)/$(firstword $($1))
last := $(lastword $(rounds))
trained := $(filter-out $(last),$(rounds))
zero = $(if $(filter imp,$(firstword $($1))),$(folder)/dense,$(search)/00)
logs = $(zero)/log.tsv $(trained:%=$(search)/%/log.tsv)
passes = $(if $(filter prac,$(firstword $($1))),$(trained:%=$(search)/%/cep.cost.tsv))
files = $(foreach f,$(logs) $(passes),$f $(f:.tsv=.time.tsv))

.PHONY: $(steps)
all: $W/wallclock.tsv
$(steps): $(data)
	+$(MAKE) --no-print-directory -f $(firstword $(wildcard $(pipelines)searches/$(firstword \
		$($@)).mk $(pipelines)$(firstword $($@)).mk)) ARCH=$(ARCH) \
		NET=$(NET)$(suffixed)/wallclock/$@ SEARCH=$($@) LT_MADE=data \
		$(call search,$@)/$(last)/ticket.mask.safetensors
$W/wallclock.tsv: $(steps)
	$(run) lt-score wallclock -o $@ $(foreach s,$(steps),search=$s is='$(text_$s)' \
		$(after_$s) $(call files,$s))
