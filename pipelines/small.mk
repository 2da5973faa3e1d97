# small.mk: is a mask worth more than a smaller network?  For each ticket of another search,
# LIKE, a dense network of the same kind and as many parameters, or as many multiply-adds for
# an image, whose width lt-init finds; it is trained on D0 like the ticket.
#
#	lt run prac small-params small-macs DATA=FOLDER
#
#	small-params/RR/theta0.safetensors  last.safetensors best.safetensors log.tsv
#	small-params/summary.tsv    its sparsity is that of the ticket
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk

## A smaller dense network
LIKE ?= prac#	[name by search] the search whose tickets give the size
SIZE ?= params#	[params or macs by search] equal parameters, or equal multiply-adds

$(if $(wildcard $(ARCH)),$(error ARCH=$(ARCH): small needs a built-in network$(comma) whose \
	width can be chosen))
$(if $(filter --from%,$(NET_OPTIONS)),$(error NET_OPTIONS has --from: small needs weights of \
	another width$(comma) expected options that initialize))
L := $S/$(LIKE)
sized := $(call stamp,$P/settings/init,NET_OPTIONS LIKE SIZE)
all: $(call in,$(tickets:%=$P/%),theta0.safetensors $(trained_files)) \
	$(if $(filter macs,$(SIZE)),$P/one.idx $(tickets:%=$P/%/ticket.cost.tsv))

# run.mk has made the search whose tickets give the size.
$L/%: ;
ticket_mask = $L/$1/ticket.mask.safetensors

# The parameters that the mask leaves; or the multiply-adds of one image under it.
$P/one.idx: $(D0)
	$(run) lt-subset sample $q --of $< --size 1 -o $@
$P/%/ticket.cost.tsv: $S/theta0.safetensors $L/%/ticket.mask.safetensors $P/one.idx $(train.data)
	$(run) lt-eval $q --data $(train.data) --index $P/one.idx --mask $(call ticket_mask,$*) \
		--cost $@ -o /dev/null $<
of_mask = $$(lt-info --meta lt.$1 $(call ticket_mask,$*))
size_params = $$(($$(lt-info $< | sed -n 's/^parameters[[:blank:]]*//p') - \
	$(call of_mask,total) + $(call of_mask,kept)))
size_macs = $$(sed -n 2p $P/$*/ticket.cost.tsv | cut -f 2)

other_options := $(shell echo '$(NET_OPTIONS)' | sed 's/--width[= ] *[^ ]*//')
$P/%/theta0.safetensors: $S/theta0.safetensors $L/%/ticket.mask.safetensors $(sized) \
		$(if $(filter macs,$(SIZE)),$P/%/ticket.cost.tsv)
	$(call note,a dense network of as many $(SIZE) as ticket $* of $(LIKE))
	$(run) lt-init $q --seed $(SEED) --data $(train.data) $(other_options) --$(SIZE) $(size_$(SIZE)) \
		-o $@ $(ARCH)

$(addprefix $P/%/,$(trained_files)): $P/%/theta0.safetensors $(trained)
	$(call note,train it on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) $< $(keep) $(training)

# Nothing is searched and nothing masked; the row has the ticket's sparsity.
set   =
since =
mask  =
begun = $P/$1/theta0.safetensors
size_of = --slim $(call begun,$*)
include $(pipelines)rows.mk
mask_table = $L/$*/ticket.mask.tsv
