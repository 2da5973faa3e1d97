# dense.mk: what all searches of a seed share, for run.mk: θ0, the point that tickets are
# rewound to, and the dense run.
include $(dir $(lastword $(MAKEFILE_LIST)))seed.mk
all: $(start) $(if $(rewinds),$S/rewind-$(REWIND).tsv) $(dense) \
	$(dense_rows) $S/dense/test.tsv
