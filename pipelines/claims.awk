# claims.awk: what a comparison shows, in sentences whose numbers are computed;
# with check=1 it fails unless it shows what the demo promises.
#	awk -f claims.awk check=1 summary.tsv
BEGIN { FS = "\t" }
# A missing number is NaN; earlier versions wrote nan.
/(^|\t)nan(\t|$)/ {
	for (i = 1; i <= NF; i++)
		if ($i == "nan")
			$i = "NaN"
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
$at["test_acc"] == "NaN" {
	print "Left out, for a training diverged: " $at["method"] ", round " $at["round"] "."
	next
}
{
	r = $at["round"] + 0
	m = $at["method"]
	sparsity[r] = $at["sparsity"]
	accuracy[m, r] = $at["test_acc"]
	search[m, r] = $at["search_iterations"]
	if (m == "prac") {
		rule = $at["stop_rule"]
		if ($at["stop_epoch"] != "NaN")
			stopped = 1
		if ($at["mask_distance"] + 0 > widest)
			widest = $at["mask_distance"]
	}
	if (r > last)
		last = r
}
function points(x) {
	return sprintf("%.2f points %s", x < 0 ? -x : x, x < 0 ? "lost" : "gained")
}
function must(true, text) {
	if (!true) {
		print "FAILED: expected " text
		failed = 1
	} else
		print "checked: " text
}
END {
	for (r = 1; r <= last; r++) {
		if (!(("prac", r) in search) || !(("imp", r) in search))
			continue
		printf "At %.1f %% sparsity PrAC took %d search iterations to " \
			"IMP's %d: %.1f %% saved, %s.\n", sparsity[r],
			search["prac", r], search["imp", r],
			100 * (1 - search["prac", r] / search["imp", r]),
			points(accuracy["prac", r] - accuracy["imp", r])
	}
	if (rule != "" && rule != "none" && !stopped)
		printf "PrAC's early stop (%s) never fired: the farthest " \
			"that two masks were apart is %.4f.\n", rule, widest
	if (!check)
		exit
	must(accuracy["dense", 0] >= 87.5, "dense >= 87.50, found " \
		sprintf("%.2f", accuracy["dense", 0]))
	must(accuracy["imp", 2] >= accuracy["dense", 0] - 1,
		sprintf("IMP at %.1f %% within a point of dense, found %.2f",
			sparsity[2], accuracy["imp", 2]))
	must(accuracy["imp", last] >= accuracy["random", last] + 1,
		sprintf("IMP at %.1f %% a point over random, found %.2f and %.2f",
			sparsity[last], accuracy["imp", last],
			accuracy["random", last]))
	exit failed
}
