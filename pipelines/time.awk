# time.awk: the seconds behind a row of summary.tsv, under its header.
#	awk -f time.awk method=prac round=02 is=search TIMES... is=retrain TIMES
BEGIN {
	FS = OFS = "\t"
	sum["search"] = sum["retrain"] = 0
}
FNR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
{ sum[is] += $at["seconds"] }
END {
	print "method", "round", "search_seconds", "retrain_seconds"
	printf "%s\t%d\t%.1f\t%.1f\n", method, round, sum["search"], sum["retrain"]
}
