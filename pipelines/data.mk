# data.mk: the data: one file an official split; D0 and the validation set are index
# lists of the training images.
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

train.data := $d/train.data
test.data  := $d/test.data
D0 := $d/train.idx
V0 := $d/val.idx
packed := $(call stamp,$d/settings/train.data,DATA PACK SYNTH SYNTH_TRAIN)
packed_test := $(call stamp,$d/settings/test.data,DATA TEST_PACK TEST_SPLIT SYNTH SYNTH_TRAIN \
	SYNTH_TEST)
split := $(call stamp,$d/settings/split,TRAIN VAL SPLIT_SEED)

# The names of MNIST's files, with or without .gz.
idx = $(firstword $(wildcard $(addprefix $(DATA)/$1,-ubyte -ubyte.gz)))
images := $(call idx,train-images-idx3) $(call idx,train-labels-idx1)
test_images := $(call idx,t10k-images-idx3) $(call idx,t10k-labels-idx1)

# Of a seed's make they are there already, for run.mk makes them first.
ifdef LT_MADE
ifneq ($(wildcard $(DATA)/train.data),)
train.data := $(DATA)/train.data
test.data := $(DATA)/test.data
endif
$(sort $(train.data) $(test.data) $(D0) $(V0)): ;
else

ifeq ($(DATA),synth)
$(train.data): $(packed)
	$(run) lt-data synth $q --seed $(SPLIT_SEED) $(SYNTH) --count $(SYNTH_TRAIN) -o $@
$(test.data): $(train.data) $(packed_test)
	$(run) lt-data synth $q --seed $(SPLIT_SEED) $(SYNTH) --stats $< --first $(SYNTH_TRAIN) \
		--count $(SYNTH_TEST) -o $@
else ifneq ($(wildcard $(DATA)/train.data),)
train.data := $(DATA)/train.data
test.data := $(DATA)/test.data
else ifneq ($(strip $(images)),)
$(train.data): $(images) $(packed)
	$(run) lt-data pack $q -o $@ $(images)
$(test.data): $(train.data) $(test_images) $(packed_test)
	$(run) lt-data pack $q --stats $< --split test -o $@ $(test_images)
else
$(train.data): $(packed)
	$(run) lt-data pack $q $(PACK) --split train -o $@ $(DATA)
$(test.data): $(train.data) $(packed_test)
	$(run) lt-data pack $q $(TEST_PACK) --stats $< --split $(TEST_SPLIT) -o $@ $(DATA)
endif

# Validation is drawn first, each class in proportion; D0 is the rest or a part of it.
rest := $(if $(TRAIN),$d/rest.idx,$(D0))
$(basename $(V0))%idx $(basename $(rest))%idx: $(train.data) $(split)
	$(call note,validation: $(VAL) of the training images)
	$(run) lt-subset split $q --seed $(SPLIT_SEED) --data $< \
		$(if $(findstring .,$(VAL)),--fraction,--size) $(VAL) -o $(V0) --rest $(rest)
ifneq ($(TRAIN),)
$(D0): $(rest) $(train.data)
	$(call note,D0: $(TRAIN) of the others)
	$(run) lt-subset sample $q --seed $(SPLIT_SEED) --data $(train.data) --stratify --of $(rest) \
		--size $(TRAIN) -o $@
endif
endif

data := $(train.data) $(test.data) $(V0) $(D0)
all: $(data)
