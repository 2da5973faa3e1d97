# findings.awk: what the comparison shows, in sentences whose numbers are
# computed, one a line.
#	awk -f lib.awk -f findings.awk search=prac within=1 is=matching matching.tsv \
#		is=savings savings.tsv is=summary summary.tsv is=sets sets_mean.tsv
# With time=1 and savings.time.tsv: those in seconds alone.
BEGIN { FS = "\t" }
FNR == 1 { header(); next }
is == "matching" {
	m = $at["method"]
	r = $at["round"]
	if (!(m in methods)) {
		methods[m] = 1
		method[++n_methods] = m
	}
	for (name in at)
		match_of[m, r, name] = $at[name]
	dense = $at["dense_acc"]
	if ($at["imp_n"] == 1)
		single = 1
	if (r > last)
		last = r
}
is == "savings" {
	for (name in at)
		saved[$at["method"], $at["criterion"], name] = $at[name]
}
is == "summary" {
	if (diverged())
		note_diverged()
	else
		accuracy[$at["method"], $at["round"] + 0, $at["seed"]] = cell("test_acc")
	seeds[$at["seed"]] = 1
	if ($at["method"] == search && cell("stop_rule") ~ /eps=/) {
		rule = cell("stop_rule")
		if (cell("stop_epoch") != "NaN")
			stopped = 1
		if (cell("mask_distance") != "NaN" && cell("mask_distance") + 0 > widest)
			widest = cell("mask_distance")
	}
}
is == "sets" {
	share[$at["method"]] = $at["set_share"]
	share_std[$at["method"]] = $at["set_share_std"]
	set_round[$at["method"]] = $at["round"]
}
function at_round(m, r) {
	return sprintf("round %d (%.2f %% sparsity)", r, match_of[m, r, "sparsity"])
}
function has(m, r) {
	return (m, r, "n") in match_of
}
function accuracy_of(m, r) {
	return plus_minus(match_of[m, r, "test_acc"], match_of[m, r, "test_acc_std"], 2) " %"
}
function percent(x, s) {
	return plus_minus(x, s, 1) " %"
}
# Where m matches IMP, and what that saves.
function against_imp(m,   r, all, name) {
	name = title(m)
	if (saved[m, "imp", "rounds"] == 0)
		return
	r = saved[m, "imp", "round"]
	all = saved[m, "imp", "round_at_all"]
	if (r == "NaN") {
		for (r = 1; r < last && !has(m, r); r++)
			;
		printf("%s does not match IMP, not even at %s: it has %s there, and %.2f %% would match.\n",
			capital(name), at_round(m, r), accuracy_of(m, r), match_of[m, r, "threshold"])
	} else {
		printf("%s matches IMP up to %s: %s to IMP's %s.\n", capital(name), at_round(m, r),
			accuracy_of(m, r), plus_minus(match_of[m, r, "imp_acc"],
			match_of[m, r, "imp_std"], 2) " %")
		costs(m, "imp", "There its search takes ")
	}
	if (all != "NaN" && all != r)
		printf("The highest sparsity at which %s matches at all is that of %s.\n",
			name, at_round(m, all))
	misses(m)
}
function costs(m, criterion, lead,   x) {
	x = saved[m, criterion, "search_iterations_saving"]
	if (x == "NaN")
		return
	printf("%s%s iterations to IMP's %s, %s saved (presentations %s, multiply-adds %s%s).\n",
		lead, thousands(saved[m, criterion, "search_iterations"]),
		thousands(saved[m, criterion, "imp_search_iterations"]),
		percent(x, saved[m, criterion, "search_iterations_saving_std"]),
		percent(saved[m, criterion, "presentations_saving"], "NaN"),
		percent(saved[m, criterion, "multiply_adds_saving"], "NaN"),
		with_passes(m, criterion))
}
function with_passes(m, criterion,   x) {
	x = saved[m, criterion, "multiply_adds_and_forward_multiply_adds_saving"]
	return x == "" || x == "NaN" ? "" : "; with the passes that find its sets and masks " \
		percent(x, "NaN")
}
function misses(m,   r, text, n) {
	for (r = 1; r <= last; r++)
		if (has(m, r) && match_of[m, r, "matched"] == 0)
			text = text (n++ ? ", " : "") sprintf("%.2f %% (%s)",
				match_of[m, r, "sparsity"],
				points(match_of[m, r, "difference"]))
	if (n)
		printf("%s does not match IMP at %s; differences are paired over seeds.\n", capital(title(m)), text)
	r = saved[m, "last", "round"]
	if (r != "NaN" && r != saved[m, "imp", "round"])
		costs(m, "last", sprintf("At %s, matched or not, its search takes ", at_round(m, r)))
}
function near_dense(m,   r) {
	r = saved[m, "dense", "round"]
	if (saved[m, "dense", "rounds"] == 0)
		return
	if (r == "NaN")
		return title(m) " at none"
	return sprintf("%s up to %.2f %%", title(m), saved[m, "dense", "sparsity"])
}
# a less b, pair by pair, at the last round of both.
function pair(a, b,   r, s, n, x) {
	for (r = last; r > 0 && !(has(a, r) && has(b, r)); r--)
		;
	if (!r)
		return ""
	for (s in seeds)
		if ((a, r, s) in accuracy && (b, r, s) in accuracy)
			x[++n] = accuracy[a, r, s] - accuracy[b, r, s]
	pair_round = r
	return mean(x, n + 0) == "NaN" ? "" : sprintf("%+.2f%s points of accuracy over %d seed%s",
		mean(x, n), n > 1 ? sprintf(" ± %.2f", deviation(x, n)) : "", n, n > 1 ? "s" : "")
}
function ablation(m, what,   text) {
	if (!(m in methods) || !(search in methods) || m == search)
		return
	text = pair(search, m)
	if (text == "")
		return
	printf("%s: at %s %s has %s against %s", what, at_round(m, pair_round), title(search), text, title(m))
	if (saved[m, "last", "search_iterations"] + 0 > 0)
		printf(" (%s iterations to %s)", thousands(saved[search, "last", "search_iterations"]),
			thousands(saved[m, "last", "search_iterations"]))
	if (share[m] + 0 > 0 && share[search] + 0 > 0)
		printf("; its last set is %.1f %% of the data to %.1f %%", share[search], share[m])
	print "."
}
function seconds(m, criterion, what,   x) {
	x = saved[m, criterion, "search_seconds_saving"]
	if (m == "imp" || x == "" || x == "NaN" || saved[m, criterion, "search_seconds"] == 0)
		return
	printf("At %s%s %s took %s seconds of search to IMP's %s, %s saved",
		at_round(m, saved[m, criterion, "round"]), what, title(m),
		fixed(saved[m, criterion, "search_seconds"], 1),
		fixed(saved[m, criterion, "imp_search_seconds"], 1), percent(x, "NaN"))
	if (saved[m, criterion, "search_cpu_seconds_saving"] != "NaN")
		printf(" (%s of the processor seconds)",
			percent(saved[m, criterion, "search_cpu_seconds_saving"], "NaN"))
	print "."
}
END {
	if (time) {
		if (saved[search, "imp", "round"] != saved[search, "last", "round"])
			seconds(search, "imp", ", its highest match,")
		seconds(search, "last", "")
		exit
	}
	say_diverged()
	if (single)
		print "One seed of IMP has no standard deviation: matched here means at least IMP's accuracy."
	if (search in methods)
		against_imp(search)
	if (search in share && share[search] != "NaN")
		printf("The last set of %s, that of round %d, holds %s of the training data.\n", title(search),
			set_round[search], percent(share[search], share_std[search]))
	if (rule != "" && !stopped && widest != "")
		printf("The early stop of %s (%s) never fired: the farthest that two masks were apart is %.4f.\n",
			title(search), rule, widest)
	ablation("prac-cet", "Samples critical for pruning")
	ablation("prac-nostop", "The early stop")
	text = ""
	for (i = 1; i <= n_methods; i++)
		if ((one = near_dense(method[i])) != "")
			text = text (text == "" ? "" : "; ") one
	if (text != "" && dense != "NaN")
		printf("Within %s point%s of the dense network (%.2f %%): %s.\n", within, within == 1 ? "" : "s", dense, text)
	for (i = 1; i <= n_methods; i++)
		if (method[i] != search && method[i] != "imp" && method[i] !~ /^prac-/)
			short_against(method[i])
}
function short_against(m,   r, all) {
	if (saved[m, "imp", "rounds"] == 0)
		return
	r = saved[m, "imp", "round"]
	all = saved[m, "imp", "round_at_all"]
	printf("%s %s%s.\n", capital(title(m)), r == "NaN" ? \
		(all == "NaN" ? "matches IMP at no sparsity" : "does not match IMP from the beginning") : \
		"matches IMP up to " at_round(m, r),
		all != "NaN" && all != r ? ", at all last at " at_round(m, all) : "")
}
