# imp-rewind.mk: IMP that rewinds to the weights after K epochs of the dense run, K being the
# last word of the search's name; imp-rewind alone stands for all points of REWINDS.
override REWIND := $(SEARCH:imp-rewind-%=%)
own_rewind = $P
include $(dir $(lastword $(MAKEFILE_LIST)))../rewind-settings.mk
include $(dir $(lastword $(MAKEFILE_LIST)))imp.mk
