# gradual.awk: the rows of summaries (or of their .time.tsv) by kind of pruning and
# window.
#	awk -f lib.awk -f gradual.awk ends='25-75=75 mine=200' \
#		columns='sparsity test_acc search_iterations' SUMMARY...
# kind: dense, oneshot, gradual, imp, or a window that has a name in place of
# epochs; window: as the method's name has it, IMP's round, or -; end: the epoch
# of the last pruning.  below_dense: points of test accuracy under the dense
# network's.
BEGIN { FS = OFS = "\t" }
NR == 1 {
	n = split(ends, pair, " ")
	for (i = 1; i <= n; i++) {
		split(pair[i], part, "=")
		end_of[part[1]] = part[2]
	}
	n = split(columns, column, " ")
	line = "kind" OFS "window" OFS "end" OFS "prunings"
	for (i = 1; i <= n; i++)
		line = line OFS column[i]
	print line
}
FNR == 1 { header(); next }
seen[cell("method"), cell("round")]++ { next }
{
	kind = method = cell("method")
	window = end = "-"
	prunings = cell("round")
	if (method == "imp")
		window = prunings
	if (sub(/^oneshot-/, "", method)) {
		kind = "oneshot"
		window = end = method
	}
	if (sub(/^gradual-/, "", method)) {
		kind = method ~ /^[0-9]+-[0-9]+$/ ? "gradual" : method
		window = method
		end = end_of[method]
	}
	if (kind == "dense")
		dense = cell("test_acc")
	line = kind OFS window OFS (end == "-" ? "NaN" : end) OFS prunings
	for (i = 1; i <= n; i++)
		line = line OFS (column[i] == "below_dense" ? \
			less(dense, cell("test_acc")) : cell(column[i]))
	print line
}
function less(x, y) {
	return x == "NaN" || y == "NaN" ? "NaN" : digits(x - y)
}
