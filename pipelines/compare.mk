# compare.mk: IMP, PrAC (and what SEARCHES adds), early-bird and random masks from
# the same θ0, one table and two pictures.
#
#	make -j2 -f pipelines/compare.mk DATA=FOLDER ROUNDS=6
#
#	summary.tsv summary.time.tsv      the rows of all methods, the dense one once
#	accuracy.png iterations.png     over sparsity (needs gnuplot)
ifndef compare.mk
compare.mk := 1
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk
include $(common)imp.mk
include $(common)prac.mk
include $(common)earlybird.mk
include $(common)random.mk

define gather
$1: $2
	awk -f $(common)rows.awk $$^ >$$(tmp)
	$$(rename)

endef
define compare
$(foreach x,tsv time.tsv,$(call gather,$1/summary.$x,$(patsubst %,$1/%/summary.$x,$(methods))))
$1/accuracy.png $1/iterations.png: $1/%.png: $1/summary.tsv $(common)plot.gp
	$$(draw) -e "picture='$$*'; title='$(NET), $(DATASET), seed $2'" \
		-e "summary='$$<'; file='$$(tmp)'" $(common)plot.gp
	$$(rename)
compare: $1/summary.tsv $1/summary.time.tsv $(if $(shell command -v gnuplot 2>/dev/null),$1/accuracy.png $1/iterations.png)
endef

.PHONY: compare
all: compare
$(call seeds,compare)
endif
