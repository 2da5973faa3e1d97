# wallclock.awk: what searches took, each by itself and beside vanilla IMP run
# dense.  "imp-stop" adds early stopping to it and "samples" fewer samples;
# "samples-stop" and "prac" each add one thing to the row before.
# absent.awk comes first: a search with a training that diverged has no numbers.
#	awk -f wallclock.awk step=imp-dense LOG... TIMES... step=samples ...
BEGIN {
	FS = OFS = "\t"
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] ~ /^step=/)
			name[++n] = s = substr(ARGV[i], 6)
		else if (ARGV[i] ~ /^lost=/)
			diverged[s]
}
FNR == 1 {
	sum_up()
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	now = step
	next
}
"seconds" in at {
	seconds[now] += $at["seconds"]
	cpu[now] += $at["cpu_seconds"]
	next
}
"images" in at {
	macs[now] += $at["macs"]
	next
}
# A log: its last row has the sums.
{
	iteration = $at["iteration"]
	presented = $at["presentations"]
	work = $at["macs"]
	open = 1
}
function sum_up() {
	if (!open)
		return
	iterations[now] += iteration
	presentations[now] += presented
	macs[now] += work
	open = 0
}
# Seconds of step b in those of step a.
function ratio(a, b) {
	return a in diverged || !(seconds[a] > 0) ? "NaN" : sprintf("%.3f", seconds[b] / seconds[a])
}
END {
	sum_up()
	text["imp-dense"] = "vanilla IMP, masked weights multiplied all the same"
	text["imp-stop"] = "early stopping alone, on all samples"
	text["samples"] = "PrAC: fewer samples"
	text["samples-stop"] = "... and early stopping"
	text["prac"] = "... and sparse kernels: the whole search"
	text["imp"] = "vanilla IMP with sparse kernels"
	alone["imp"] = alone["samples"] = 1
	print "search", "is", "iterations", "presentations", "multiply_adds",
		"seconds", "cpu_seconds", "of_imp_dense", "of_step_before"
	for (i = 1; i <= n; i++) {
		s = name[i]
		if (s in diverged) {
			print s, text[s], "NaN", "NaN", "NaN", "NaN", "NaN", "NaN", "NaN"
			continue
		}
		printf "%s\t%s\t%.0f\t%.0f\t%.0f\t%.1f\t%.1f\t%s\t%s\n", s, text[s],
			iterations[s], presentations[s], macs[s], seconds[s],
			cpu[s], ratio("imp-dense", s),
			i == 1 ? "NaN" : ratio(s in alone ? "imp-dense" : \
			name[i - 1], s)
	}
}
