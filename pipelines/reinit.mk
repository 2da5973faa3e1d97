# reinit.mk: what a found mask is worth with other weights, or with its weights at other
# places: the masks of another search, LIKE, on weights of a new seed ("random tickets"), on
# the signs of the found weights, or shuffled within their layers.
#
#	lt run reinit prac signs shuffled DATA=FOLDER
#
#	reinit/theta0.safetensors  reinit/RR/  reinit/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## Other weights for a mask
LIKE ?= prac#	[name by search] the search whose masks are taken
WEIGHTS ?= new#	[new, signs or rewound by search] of a new seed, signs of the rewound, or these
PLACES ?= found#	[found or shuffled by search] the masks as they are, or shuffled in layers
REINIT ?= 1000#	[whole] added to the seed

$(if $(filter new,$(WEIGHTS)),$(if $(filter --from%,$(NET_OPTIONS)),$(error NET_OPTIONS has \
	--from: reinit needs weights of a new seed$(comma) expected options that initialize)))
L := $S/$(LIKE)
others := $(if $(filter-out new-found,$(WEIGHTS)-$(PLACES)),WEIGHTS PLACES)
masks := $(call stamp,$P/settings/init,NET_OPTIONS REINIT LIKE $(others))
weights := $(if $(filter rewound,$(WEIGHTS)),$(start),$P/theta0.safetensors)
shuffled := $(filter shuffled,$(PLACES))
mask = $(if $(shuffled),$P,$L)/$1/ticket.mask.safetensors
all: $(call in,$(tickets:%=$P/%),$(trained_files)) \
	$(if $(shuffled),$(tickets:%=$P/%/ticket.mask.safetensors))

# run.mk has made the search whose masks are taken.
$L/%: ;

schedule :=
ifeq ($(WEIGHTS),new)
$P/theta0.safetensors: $(or $(wildcard $(ARCH)),$(train.data)) $(masks)
	$(call note,new weights of $(NET) from seed $(SEED) + $(REINIT))
	$(run) lt-init $q --seed $(shell expr $(SEED) + $(REINIT)) -o $@ \
		$(if $(wildcard $(ARCH)),,--data $(train.data)) $(NET_OPTIONS) $(ARCH)
else
# Found weights begin where the search rewinds to, and go on in its schedule.
schedule = $(again)
endif
ifeq ($(WEIGHTS),signs)
$P/theta0.safetensors: $(start) $(masks)
	$(call note,the signs of $(theta) with one magnitude for each layer)
	$(run) lt-init $q --signs -o $@ $<
endif

# As many weights of each layer at random places.
ifneq ($(shuffled),)
$P/%/ticket.mask.safetensors: $(start) $L/%/ticket.mask.safetensors $(masks)
	$(call note,shuffle the mask of $(LIKE) within its layers)
	$(run) lt-prune $q --like $L/$*/ticket.mask.safetensors --seed $(SEED) -o $@ $<
endif

$(addprefix $P/%/,$(trained_files)): $(call mask,%) $(weights) $(trained) \
		$(if $(filter new,$(WEIGHTS)),,$(rewound)) $(masks)
	$(call note,train the mask of $(LIKE) on these weights for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(weights) $(keep) $(schedule) $(training)

# A ticket cost what the mask has cost LIKE.
rows_of = $(firstword $(wildcard $L/$1/ticket/row.tsv) $L/$1/row.tsv)
found   = $(if $(filter-out random,$(LIKE)),$(rows_of))
begun   = $(weights)
set     =
since   = $(if $(schedule),$(REWIND):)
include $(pipelines)rows.mk
