# imp-fine-tune.mk: IMP that fine-tunes its tickets at the last learning rate (Renda et al.
# 2020).
override SCHEDULE := fine-tune
own_rewind = $P
include $(dir $(lastword $(MAKEFILE_LIST)))../imp.mk
