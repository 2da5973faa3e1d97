# stop.mk: the early stop of PrAC's trainings (section 3.3): a training ends when the mask
# that pruning it would give has settled.
## Early stopping of a search
STOP ?= 1#	[0 or 1 by search] stop when the mask has settled; 0: train all epochs
STOP_EPS ?= 0.08#	[real by search] settled: all distances in the queue below this
STOP_RELATIVE ?=#	[nothing or real >0 <1 by search] for STOP_EPS: this share of the first distances
STOP_QUEUE ?= 5#	[whole >0 by search] distances in the queue
STOP_START ?= exceed#	[exceed or always by search] once a distance was above STOP_EPS, or at once
STOP_EVERY ?= 1#	[span by search] epochs from one distance to the next (50i: iterations)

stop_tables :=
stop_options :=
rule := none
ifeq ($(STOP),1)
stop_tables := stop.tsv distances.tsv
eps := $(if $(STOP_RELATIVE),relative=$(STOP_RELATIVE),eps=$(STOP_EPS))
from := $(if $(STOP_RELATIVE),,$(comma)start=$(STOP_START))
rule := $(eps),queue=$(STOP_QUEUE),every=$(STOP_EVERY)$(from)
limit := $(if $(STOP_RELATIVE),--stop-relative $(STOP_RELATIVE),--stop-eps $(STOP_EPS) \
	--stop-start $(STOP_START))
stop_options = --stop-rate $(RATE) $(limit) --stop-queue $(STOP_QUEUE) \
	--stop-every $(STOP_EVERY) $(subst --,--stop-,$(prunable)) \
	--stop-info $(@D)/stop.tsv --stop-distances $(@D)/distances.tsv

ifeq ($(zero),$S/dense)
zero := $S/until-$(subst $(comma),-,$(subst =,,$(rule)))
endif
endif

# What the trainings of the search depend on, beside what all searches do.
stopped := $(call stamp,$P/settings/stop,STOP STOP_EPS STOP_RELATIVE STOP_QUEUE STOP_START \
	STOP_EVERY) $(chosen)

# Round 0 is the dense run; or that until it stops, one for all searches of this rule; or
# the search's own, where that trains on other samples.  $P/00 is a link to it.
ifneq ($(zero),$S/dense)
$(addprefix $(zero)/,$(subst .,%,$(trained_files) train.events $(stop_tables))): \
		$S/theta0.safetensors $(call set,00) $(trained) $(pruned) \
		$(if $(filter $P/%,$(zero)),$(stopped))
	$(call note,line 5: train f(θ0) on D and record what it forgets)
	$(run) lt-train --index $(call set,00) $< --events $(@D)/train.events $(keep) \
		$(stop_options) $(training)
all zero: $(call in,$(zero),$(trained_files) train.events $(stop_tables))
endif
link := $(if $(filter $P/%,$(zero)),,../)$(notdir $(zero))
ifeq ($(dry)$(filter $(link),$(shell readlink $P/00)),)
$(shell mkdir -p $P && ln -sfn $(link) $P/00)
endif
