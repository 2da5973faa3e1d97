# marks.awk: the sparsity of each round as gnuplot's marks of an axis.
#	awk -f lib.awk -f marks.awk mean.tsv
BEGIN { FS = "\t" }
NR == 1 { header(); next }
$at["round"] > 0 && $at["sparsity"] != "NaN" && !($at["round"] in seen) {
	seen[$at["round"]] = 1
	marks = marks sprintf("%s\"%.1f\" %d", marks == "" ? "" : ", ",
		$at["sparsity"], $at["round"])
	if ($at["round"] + 0 > last)
		last = $at["round"] + 0
}
END { printf("last=%d; set xtics (%s)\n", last, marks) }
