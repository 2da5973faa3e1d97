# findings.awk: what the searches show, in sentences whose numbers are computed, one
# a line.
#	awk -f lib.awk -f findings.awk is=networks networks.tsv is=gains gains.tsv
BEGIN { FS = "\t" }
FNR == 1 { header(); next }
is == "networks" {
	order[++n] = $at["network"]
	for (name in at)
		row[$at["network"], name] = $at[name]
}
is == "gains" {
	s = $at["stage"] + 0
	if ($at["length_gain"] != "NaN")
		long[$at["network"], s] = $at["length_gain"]
	if (s > last[$at["network"]] + 0)
		last[$at["network"]] = s
}
function get(m, what) {
	return (m, what) in row && row[m, what] != "" ? row[m, what] : "NaN"
}
function both(m, what, places) {
	return plus_minus(get(m, what), get(m, what "_std"), places)
}
function one(m) {
	if (get(m, "searches") == 0) {
		printf("%s (%s parameters): no complete search.\n", m, thousands(get(m, "parameters")))
		return
	}
	printf("%s (%s parameters): dense %s %%, best sparse %s %% at %.1f %% sparsity (gain %s %%); a winning ticket in %d of %d searches, %.0f %% (95 %% interval %.0f to %.0f; by chance alone %.0f); LTS score %s%s.\n",
		m, thousands(get(m, "parameters")), both(m, "dense_acc", 2), both(m, "best_acc", 2),
		get(m, "best_sparsity"), both(m, "best_gain", 2), get(m, "successes"), get(m, "searches"),
		get(m, "sr"), get(m, "sr_low"), get(m, "sr_high"), get(m, "sr_null"), fixed(get(m, "lts"), 2),
		get(m, "successes") > 0 && get(m, "successes") + 0 < get(m, "searches") + 0 ? \
		" (" fixed(get(m, "lts_all"), 2) " with the gain over all searches)" : "")
	if (get(m, "incomplete") > 0)
		printf("%s: incomplete searches, which count nowhere: %d.\n", m, get(m, "incomplete"))
}
# Pairs of networks of different size of which the smaller one has more; where the means have
# deviations, those that are apart by more than two standard errors, too.
function pairs(what, text,   i, j, a, b, more, all, sure, contrary, judged) {
	for (i = 1; i < n; i++)
		for (j = i + 1; j <= n; j++) {
			a = get(order[i], what)
			b = get(order[j], what)
			if (a == "NaN" || b == "NaN" || get(order[i], "parameters") == get(order[j], "parameters"))
				continue
			all++
			more += a + 0 > b + 0
			if (get(order[i], what "_std") == "NaN" || get(order[j], what "_std") == "NaN")
				continue
			judged++
			sure += a - b > 2 * error_of(i, j, what)
			contrary += b - a > 2 * error_of(i, j, what)
		}
	if (all)
		printf("In %d of %d pairs of networks the smaller one has the higher %s.\n", more, all, text)
	if (judged)
		printf("In %d of the %d pairs of which both have several searches the difference is larger than two standard errors: in %d for the smaller network, in %d for the larger one.\n",
			sure + contrary, judged, sure, contrary)
}
function error_of(i, j, what) {
	return sqrt(get(order[i], what "_std") ^ 2 / get(order[i], "searches") + \
		get(order[j], what "_std") ^ 2 / get(order[j], "searches"))
}
function chance(   i, above, below, all, m) {
	for (i = 1; i <= n; i++) {
		m = order[i]
		if (get(m, "searches") == 0)
			continue
		all++
		above += get(m, "sr_low") + 0 > get(m, "sr_null") + 0
		below += get(m, "sr_high") + 0 < get(m, "sr_null") + 0
	}
	if (all)
		printf("Of %d networks %d have a success rate whose interval lies above what chance alone gives, %d one that lies below.\n", all, above, below)
}
# Training less test accuracy, in points.
function gaps(   i, m, text, k) {
	for (i = 1; i <= n; i++) {
		m = order[i]
		if (get(m, "dense_gap") == "NaN" || get(m, "best_gap") == "NaN")
			continue
		text = text (k++ ? "; " : "") sprintf("%s %s, %s and %s", m, both(m, "dense_gap", 1),
			both(m, "best_gap", 1), get(m, "match_gap") == "NaN" ? "none" : both(m, "match_gap", 1))
	}
	if (k)
		printf("Generalization gap (training less test accuracy, points) of the dense network, at the best sparse and at the sparsest matching stage: %s.\n", text)
}
function lengths(   i, m, text, k, x, y) {
	for (i = 1; i <= n; i++) {
		m = order[i]
		x = get(m, "best_length_gain")
		y = get(m, "match_length_gain")
		if (x == "NaN")
			continue
		text = text (k++ ? "; " : "") sprintf("%s %s %% and %s", m, both(m, "best_length_gain", 1),
			y == "NaN" ? "none" : both(m, "match_length_gain", 1) " %")
	}
	if (k)
		printf("Trajectory length against the dense network's, at the best sparse and at the sparsest matching stage: %s.\n", text)
	text = ""
	k = 0
	for (i = 1; i <= n; i++) {
		m = order[i]
		if ((m, last[m]) in long)
			text = text (k++ ? ", " : "") sprintf("%s %.1f %%", m, long[m, last[m]])
	}
	if (k)
		printf("Trajectory length at the last stage against the dense network's: %s.\n", text)
}
END {
	for (i = 1; i <= n; i++)
		one(order[i])
	pairs("best_gain", "accuracy gain of the best sparse stage")
	pairs("lts", "LTS score")
	chance()
	gaps()
	lengths()
}
