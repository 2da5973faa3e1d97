# reinit.mk: what a found mask is worth without the weights it was found with: the masks of
# another search, LIKE, on weights of a new seed ("random tickets").
#
#	lt run prac reinit DATA=FOLDER
#
#	reinit/theta0.safetensors  reinit/RR/  reinit/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## New weights for a mask
LIKE ?= prac#	[name] the search whose masks are taken
REINIT ?= 1000#	[whole] added to the seed

$(if $(filter --from%,$(NET_OPTIONS)),$(error NET_OPTIONS has --from: reinit needs weights of \
	a new seed$(comma) expected options that initialize))
L := $S/$(LIKE)
masks := $(call stamp,$P/settings/init,NET_OPTIONS REINIT LIKE)
all: $(call in,$(tickets:%=$P/%),$(trained_files))

# run.mk has made the search whose masks are taken.
$L/%: ;

$P/theta0.safetensors: $(or $(wildcard $(ARCH)),$(train.data)) $(masks)
	$(call note,new weights of $(NET) from seed $(SEED) + $(REINIT))
	$(run) lt-init $q --seed $(shell expr $(SEED) + $(REINIT)) -o $@ \
		$(if $(wildcard $(ARCH)),,--data $(train.data)) $(NET_OPTIONS) $(ARCH)

$(addprefix $P/%/,$(trained_files)): $L/%/ticket.mask.safetensors \
		$P/theta0.safetensors $(trained)
	$(call note,train the mask of $(LIKE) on these weights for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $P/theta0.safetensors $(keep) $(training)

# A ticket cost what the mask has cost LIKE.
rows_of = $(firstword $(wildcard $L/$1/ticket/row.tsv) $L/$1/row.tsv)
found   = $(if $(filter-out random,$(LIKE)),$(rows_of))
mask  = $L/$1/ticket.mask.safetensors
set   =
since =
include $(pipelines)rows.mk
