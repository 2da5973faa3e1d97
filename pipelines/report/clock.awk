# clock.awk: wallclock.tsv as a table in Markdown.
#	awk -f lib.awk -f clock.awk wallclock.tsv
BEGIN { FS = "\t" }
NR == 1 {
	header()
	print "| search | iterations | presentations | seconds | times faster | than the step before |"
	print "|---|---|---|---|---|---|"
	next
}
function times(x) {
	return x == "NaN" ? "" : sprintf("%.2f", 1 / x)
}
{
	printf "| %s | %d | %d | %.1f | %s | %s |\n", $at["is"],
		$at["iterations"], $at["presentations"], $at["seconds"],
		times($at["of_imp_dense"]), times($at["of_step_before"])
}
