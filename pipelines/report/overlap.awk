# overlap.awk: of the distances between masks of methods, those from IMP's, a
# method after the other.
#	awk -f lib.awk -f overlap.awk methods.tsv
BEGIN { FS = OFS = "\t" }
FNR == 1 { header(); next }
$at["a"] == "imp" && $at["b"] != "imp" {
	m = $at["b"]
	if (!(m in rows))
		method[++n] = m
	rows[m] = rows[m] m OFS $at["round"] OFS $at["n"] OFS $at["distance"] \
		OFS $at["distance_std"] "\n"
}
END {
	print "method", "round", "n", "distance", "distance_std"
	for (i = 1; i <= n; i++)
		printf("%s", rows[method[i]])
}
