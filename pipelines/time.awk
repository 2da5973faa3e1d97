# time.awk: the seconds behind a row of summary.tsv, under its header.
#	awk -f time.awk method=prac round=02 is=search TIMES... is=retrain TIMES
# Seconds are of the wall clock and, cpu, of the processors.
BEGIN {
	FS = OFS = "\t"
	sum["search"] = sum["retrain"] = 0
	cpu["search"] = cpu["retrain"] = 0
}
FNR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
{
	sum[is] += $at["seconds"]
	cpu[is] += $at["cpu_seconds"]
}
END {
	print "method", "round", "search_seconds", "retrain_seconds",
		"search_cpu_seconds", "retrain_cpu_seconds"
	printf "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\n", method, round,
		sum["search"], sum["retrain"], cpu["search"], cpu["retrain"]
}
