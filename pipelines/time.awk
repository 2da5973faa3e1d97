# time.awk: the seconds behind a row of summary.tsv, under its header.
#	awk -f time.awk method=prac round=02 is=search TIMES... is=retrain TIMES
# Seconds are of the wall clock and, cpu, of the processors.  absent.awk comes first:
# those of trainings that diverged are NaN.
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
function known(seconds, kind) {
	return kind in absent ? "NaN" : sprintf("%.1f", seconds[kind])
}
END {
	print "method", "round", "search_seconds", "retrain_seconds",
		"search_cpu_seconds", "retrain_cpu_seconds"
	print method, round + 0, known(sum, "search"), known(sum, "retrain"),
		known(cpu, "search"), known(cpu, "retrain")
}
