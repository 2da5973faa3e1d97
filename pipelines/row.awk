# row.awk: one row of a summary.tsv, under its header.  Assignments and files
# in any order, a file's kind before it:
#	awk -f row.awk method=prac round=02 rule=TEXT passes=N \
#		is=d0 D0.idx is=set P.idx is=mask - is=search LOG... \
#		is=retrain LOG is=test TABLE
# mask: lines lt.kept and lt.total.  search: the logs of every training that had
# to be made before the mask; the last one is the one it was pruned from.
BEGIN {
	FS = OFS = "\t"
	rule = "none"
	stop = widest = best = "nan"
	d0 = set = passes = sparsity = 0
	search["iteration"] = search["presentations"] = search["macs"] = 0
}
is == "d0" { d0++; next }
is == "set" { set++; next }
is == "mask" { mask[FNR] = $NF; next }
FNR == 1 {
	finish()
	kind = is
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	if (kind == "search")
		widest = "nan"
	next
}
kind == "test" { accuracy = $at["top1"]; next }
{
	for (name in at)
		row[name] = $at[name]
	distance = row["mask_distance"]
	if (kind == "search" && distance != "nan" && \
		(widest == "nan" || distance + 0 > widest + 0))
		widest = distance
	if (kind == "retrain" && row["val_acc"] != "nan" && \
		(best == "nan" || row["val_acc"] + 0 > best + 0))
		best = row["val_acc"]
}
# At the end of a log its last row has the sums.
function finish() {
	if (kind == "search") {
		for (name in search)
			search[name] += row[name]
		stop = rule == "none" ? "nan" : row["epoch"]
	} else if (kind == "retrain")
		retrain = row["iteration"]
}
END {
	finish()
	if (kept = mask["1"])
		sparsity = 100 * (1 - kept / mask["2"])
	print "method", "round", "sparsity", "set_size", "search_iterations",
		"search_forward", "retrain_iterations", "presentations",
		"multiply_adds", "stop_epoch", "val_acc", "test_acc",
		"mask_distance", "stop_rule"
	printf "%s\t%d\t%.9g\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%s\t%s\t%s\t%s\t%s\n",
		method, round, sparsity, set, search["iteration"], passes * d0,
		retrain, search["presentations"], search["macs"], stop, best,
		accuracy, widest, rule
}
