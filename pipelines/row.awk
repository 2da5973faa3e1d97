# row.awk: one row of a summary.tsv, under its header.  Assignments and files
# in any order, a file's kind before it:
#	awk -f row.awk method=prac round=02 rule=TEXT is=set P.idx is=mask TABLE \
#		is=search LOG... is=pass COST... is=stop INFO is=distances TABLE \
#		is=retrain LOG is=test TABLE is=row ROW
# mask: lt-info's table of it.  search: the logs of every training that had
# to be made before the mask; pass: the costs of passes over samples, to
# compare models or to score.  stop, distances: of the last training.  row:
# another ticket's, whose mask and search these are.  A log that
# begins at a later point of the schedule has from=POINT before it.  absent.awk
# comes first: a number that needs a file of a training that diverged is NaN.
BEGIN {
	FS = OFS = "\t"
	rule = "none"
	stop = widest = best = "NaN"
	set = sparsity = 0
	search["iteration"] = search["presentations"] = search["macs"] = 0
	pass["images"] = pass["macs"] = 0
}
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
kind == "pass" {
	pass["images"] += $at["images"]
	pass["macs"] += $at["macs"]
	next
}
kind == "row" {
	set = $at["set_size"]
	search["iteration"] = $at["search_iterations"]
	search["presentations"] = $at["presentations"]
	search["macs"] = $at["multiply_adds"]
	pass["images"] = $at["search_forward"]
	pass["macs"] = $at["forward_multiply_adds"]
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
	return y == "NaN" || x != "NaN" && x + 0 >= y + 0 ? x : y
}
# A number that the files of a kind say, if all of them are there.
function known(kind, x, format) {
	return kind in absent || x == "NaN" ? "NaN" : sprintf(format, x)
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
		"multiply_adds", "forward_multiply_adds", "stop_epoch", "val_acc", "test_acc",
		"mask_distance", "stop_rule"
	print method, round + 0, known("mask", sparsity, "%.9g"), known("set", set, "%d"),
		known("search", search["iteration"], "%.0f"), known("pass", pass["images"], "%.0f"),
		known("retrain", retrain, "%.0f"), known("search", search["presentations"], "%.0f"),
		known("search", search["macs"], "%.0f"), known("pass", pass["macs"], "%.0f"),
		stop, best, known("test", accuracy, "%s"), widest, rule
}
