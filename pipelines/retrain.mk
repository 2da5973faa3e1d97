# retrain.mk: retraining without rewinding the weights (Renda et al. 2020): a ticket goes on
# from the weights that its mask was pruned from, for the EPOCHS - REWIND epochs that rewinding
# would train it.
#	learning-rate  in the learning rate's schedule from epoch REWIND on
#	fine-tune      at the schedule's last learning rate
from_weights = $(start)
retraining = $(training)
ifneq ($(filter learning-rate fine-tune,$(SCHEDULE)),)
from_weights = $(prev_run)/last.safetensors
begun = $(call trained_in,$(call before,$1))/last.safetensors
theta := θ_T
endif
ifeq ($(SCHEDULE),fine-tune)
$(if $(filter cosine,$(LR_SCHEDULE)),$(error SCHEDULE=fine-tune: the last learning rate of a \
	cosine is 0$(comma) expected LR_SCHEDULE=multistep or constant))
drops := $(if $(multistep),$(words $(subst $(comma), ,$(MILESTONES))),0)
last_rate := $(shell awk 'BEGIN { printf "%.9g", $(LR) * $(GAMMA) ^ $(drops) }')
retraining = $(nl)$(options)$(nl)$(batches) --lr $(last_rate) --schedule constant \
	--epochs $(EPOCHS)
endif
