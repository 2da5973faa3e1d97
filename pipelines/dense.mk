# dense.mk: what all searches of a seed share, for run.mk: θ0, the point that tickets are
# rewound to, and the dense run.
retrains := 1
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk
all: $(start) $(sort $(if $(rewinds),$S/rewind-$(REWIND).tsv) $(LT_POINTS:%=$S/rewind-%.tsv) \
	$(LT_POINTS:%=$S/rewind-%.safetensors)) $(dense) \
	$(dense_rows) $(looked:%=$S/dense/%)
