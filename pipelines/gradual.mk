# gradual.mk: gradual pruning in a window of epochs.  Its ticket is the last mask on the
# weights at the end of the window (REWIND=end), or on rewound weights; it is retrained.
# lt-early(7) explains it.
#
#	lt run gradual DATA=FOLDER                      all WINDOWS and one-shot tickets
#	lt run gradual-25-75 gradual-mine gradual-mine.PRUNINGS='120:0.4 160:0.6 200:0.8'
#
#	$P/E/       the pruning of epoch E, and the training to the next one
#	$P/ticket/  the ticket retrained          $P/summary.tsv
include $(dir $(lastword $(MAKEFILE_LIST)))early.mk

# The search's name has the window, gradual-FIRST-LAST.
C := $P
plan := $(call plan_of,$(call prunings_of,$(SEARCH)))
$(call refuse,$(SEARCH),$(plan))$(need_rewound)
include $(pipelines)prunings.mk
all: $(call in,$P/ticket,$(trained_files))

# The weights just before the last pruning, or those that tickets are rewound to.
end  := $(if $(filter $(first),$(last)),$(call at,$(last)),$(call weights_at,$(last)))
from := $(if $(filter end,$(REWIND)),$(end),$(call at,$(REWIND)))
$(addprefix $P/ticket/,last%safetensors best%safetensors log%tsv): \
		$C/$(last)/ticket.mask.safetensors $(from) $(trained) $(rewound)
	$(call note,retrain the ticket on D0 for $(EPOCHS) epochs)
	$(run) lt-train --index $(D0) --mask $< $(from) $(keep) $(training)

tickets := ticket
mask    := $C/$(last)/ticket.mask.safetensors
begun   := $(from)
samples := $(D0)
logs    := $C/log.tsv
round   := $(words $(plan))
since   :=
include $(pipelines)rows.mk
$P/ticket/row.time.tsv: $C/log.time.tsv
