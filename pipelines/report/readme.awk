# readme.awk: a comparison as a table in Markdown, from mean.tsv: accuracies
# (mean ± standard deviation) and search iterations of the methods named.
#	awk -f lib.awk -f readme.awk methods='imp prac random' mean.tsv
BEGIN { FS = "\t" }
FNR == 1 {
	header()
	n = split(methods, name, " ")
	next
}
{
	m = $at["method"]
	r = $at["round"] + 0
	acc[m, r] = plus_minus($at["test_acc"], $at["test_acc_std"], 2)
	cost[m, r] = sprintf("%.0f", $at["search_iterations"])
	if (m == "prac")
		shown[r] = $at["sparsity"]
	if (r > last)
		last = r
}
END {
	printf "| sparsity |"
	for (i = 1; i <= n; i++)
		printf " %s |", title(name[i])
	print " search: IMP | PrAC |"
	printf "|---|"
	for (i = 1; i <= n + 2; i++)
		printf "---|"
	print ""
	printf "| dense | %s |", acc["dense", 0]
	for (i = 2; i <= n + 2; i++)
		printf " |"
	print ""
	for (r = 1; r <= last; r++) {
		if (!(r in shown))
			continue
		printf "| %.2f %% |", shown[r]
		for (i = 1; i <= n; i++)
			printf " %s |", acc[name[i], r]
		print " " cost["imp", r] " | " cost["prac", r] " |"
	}
}
