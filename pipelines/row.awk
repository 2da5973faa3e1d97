# row.awk: one row of a summary.tsv, under its header.  Assignments and files
# in any order, a file's kind before it:
#	awk -f row.awk method=prac round=02 rule=TEXT passes=N \
#		is=d0 D0.idx is=set P.idx is=mask TABLE \
#		is=search LOG... is=stop INFO is=distances TABLE \
#		is=retrain LOG is=test TABLE
# mask: lt-info's table of it.  search: the logs of every training that had
# to be made before the mask.  stop, distances: of the last of them.  A log that
# begins at a later point of the schedule has from=POINT before it.
BEGIN {
	FS = OFS = "\t"
	rule = "none"
	stop = widest = best = "nan"
	d0 = set = passes = sparsity = 0
	search["iteration"] = search["presentations"] = search["macs"] = 0
}
is == "d0" { d0++; next }
is == "set" { set++; next }
FNR == 1 {
	finish()
	kind = is
	start = from
	from = 0
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
kind == "mask" {
	if ($at["name"] == "total")
		sparsity = 100 * (1 - $at["kept"] / $at["count"])
	next
}
kind == "test" { accuracy = $at["top1"]; next }
kind == "stop" {
	if ($at["stopped"])
		stop = $at["epoch"]
	next
}
kind == "distances" {
	widest = larger(widest, $at["distance"])
	next
}
{
	for (name in at)
		row[name] = $at[name]
	if (FNR == 2)
		start = start ~ /i$/ ? start + 0 : \
			start * row["iteration"] / row["epoch"]
	if (kind == "retrain")
		best = larger(best, row["val_acc"])
}
function larger(x, y) {
	return y == "nan" || x != "nan" && x + 0 >= y + 0 ? x : y
}
# At the end of a log its last row has the sums.
function finish() {
	if (kind == "retrain")
		retrain = row["iteration"] - start
	if (kind != "search")
		return
	search["iteration"] += row["iteration"] - start
	search["presentations"] += row["presentations"]
	search["macs"] += row["macs"]
}
END {
	finish()
	print "method", "round", "sparsity", "set_size", "search_iterations",
		"search_forward", "retrain_iterations", "presentations",
		"multiply_adds", "stop_epoch", "val_acc", "test_acc",
		"mask_distance", "stop_rule"
	printf "%s\t%d\t%.9g\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%s\t%s\t%s\t%s\t%s\n",
		method, round, sparsity, set, search["iteration"], passes * d0,
		retrain, search["presentations"], search["macs"], stop, best,
		accuracy, widest, rule
}
