# imp-learning-rate.mk: IMP that rewinds the learning rate, not the weights (Renda et al. 2020).
override SCHEDULE := learning-rate
own_rewind = $P
include $(dir $(lastword $(MAKEFILE_LIST)))../imp.mk
