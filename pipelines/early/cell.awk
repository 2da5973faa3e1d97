# cell.awk: one row of the grid, under its header: the mask of epoch s on the
# weights after epoch v, retrained; or, with v=dense, the dense network.
#	awk -f cell.awk s=10 v=5 is=mask TABLE is=dense LOG is=retrain LOG is=test TABLE
#	awk -f cell.awk s=10 v=dense is=dense LOG is=test TABLE
# val_acc is the retraining's best, or that of epoch s of the dense run; test_acc
# what lt-eval says of the same weights.  search_iterations: of the dense run, up
# to the later of s and v.
BEGIN {
	FS = OFS = "\t"
	value = accuracy = density = search = retrain = "NaN"
}
# A missing number is NaN; earlier versions wrote nan.
/(^|\t)nan(\t|$)/ {
	for (i = 1; i <= NF; i++)
		if ($i == "nan")
			$i = "NaN"
}
FNR == 1 {
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	if (v == "dense")
		density = 1
	if (s == 0 && v == 0)
		search = 0
	next
}
is == "mask" && $at["name"] == "total" { density = $at["density"] }
is == "dense" {
	if ($at["epoch"] + 0 == s + 0 && v == "dense")
		value = $at["val_acc"]
	if ($at["epoch"] + 0 == (v + 0 > s + 0 ? v : s) + 0)
		search = $at["iteration"]
}
is == "retrain" {
	if (value == "NaN" || $at["val_acc"] + 0 > value + 0)
		value = $at["val_acc"]
	retrain = $at["iteration"]
}
is == "test" { accuracy = $at["top1"] }
END {
	print "s", "v", "val_acc", "test_acc", "density", "search_iterations",
		"retrain_iterations"
	print s, v, value, accuracy, density, search, retrain
}
