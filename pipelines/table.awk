# table.awk: a comparison as a table for a terminal.
#	awk -f table.awk summary.tsv
BEGIN {
	FS = "\t"
	methods = split("imp prac earlybird random", name, " ")
	split("IMP PrAC early-bird random", title, " ")
	split("6 6 10 6", width, " ")
	searching = 3
}
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
{
	round = $at["round"] + 0
	if (!(round in sparsity) || $at["sparsity"] != "NaN")
		sparsity[round] = $at["sparsity"]
	accuracy[$at["method"], round] = known("test_acc", "%.2f")
	search[$at["method"], round] = known("search_iterations", "%s")
	if (round > last)
		last = round
}
# A training that diverged has - for its numbers.
function known(name, format) {
	return $at[name] == "NaN" ? "-" : sprintf(format, $at[name])
}
function cells(first, table, round,   m, x) {
	for (m = 1; m <= (table == "search" ? searching : methods); m++) {
		x = table == "title" ? title[m] : table == "search" ? \
			search[name[m], round] : accuracy[name[m], round]
		printf " %" width[m] + (m == 1 ? first : 0) "s",
			x == "" ? "-" : x
	}
}
END {
	printf "%16stest accuracy, %% (dense %s)    search iterations\n", "",
		accuracy["dense", 0]
	printf "%5s  %8s", "round", "sparsity"
	cells(1, "title")
	methods--
	cells(3, "title")
	methods++
	print ""
	for (r = 1; r <= last; r++) {
		if (!(r in sparsity))
			continue
		printf "%5d  %8s", r, sparsity[r] == "NaN" ? "-" : sprintf("%.2f", sparsity[r])
		cells(1, "accuracy", r)
		cells(3, "search", r)
		print ""
	}
}
