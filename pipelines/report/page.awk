# page.awk: a comparison of methods as one page of HTML, pictures and tables
# inside; html.awk says what else it is given.
#	awk -f lib.awk -f html.awk -f page.awk dir=FOLDER pictures=1 within=1 \
#		search=prac is=facts facts.tsv ... is=mean mean.tsv is=ledger mean.time.tsv \
#		is=savings savings.tsv is=savings_time savings.time.tsv is=table TABLE...
FNR == 1 { header() }
is == "mean" && FNR > 1 {
	if (!($at["method"] in known)) {
		known[$at["method"]] = 1
		method[++n_methods] = $at["method"]
	}
	if ($at["round"] + 0 >= last[$at["method"]] + 0)
		last[$at["method"]] = $at["round"] + 0
	keep("mean")
	round_of[$at["round"] + 0] = $at["sparsity"]
	if ($at["round"] + 0 > rounds)
		rounds = $at["round"] + 0
}
is == "ledger" && FNR > 1 { keep("time") }
is == "savings" && FNR > 1 { keep_saving() }
is == "savings_time" && FNR > 1 { keep_saving() }
function keep(kind,   name) {
	for (name in at)
		row[kind, $at["method"], $at["round"] + 0, name] = $at[name]
}
function keep_saving(   name) {
	for (name in at)
		saved[$at["method"], $at["criterion"], name] = $at[name]
}
function get(kind, m, r, what) {
	return (kind, m, r, what) in row ? row[kind, m, r, what] : "NaN"
}
function both(kind, m, r, what, places) {
	return plus_minus(get(kind, m, r, what), get(kind, m, r, what "_std"), places)
}
# Accuracies, a row a round.
function accuracies(   r, i) {
	print "<div class=\"scroll\"><table>\n<tr><th>round</th><th>sparsity, %</th>"
	for (i = 1; i <= n_methods; i++)
		if (method[i] != "dense")
			print "<th>" esc(title(method[i])) "</th>"
	print "</tr>"
	for (r = 1; r <= rounds; r++) {
		if (!(r in round_of))
			continue
		printf("<tr><td>%d</td><td>%.2f</td>", r, round_of[r])
		for (i = 1; i <= n_methods; i++)
			if (method[i] != "dense")
				printf("<td>%s</td>", both("mean", method[i], r, "test_acc", 2))
		print "</tr>"
	}
	print "</table></div>"
}
function matches(   i, m, c, r) {
	print "<div class=\"scroll\"><table>\n<tr><th>method</th><th>matches IMP up to, %</th><th>at all, %</th><th>within " within " of dense up to, %</th><th>at, %</th><th>iterations</th><th>IMP's</th><th>saved, %</th><th>presentations saved, %</th><th>multiply-adds saved, %</th><th>with passes, %</th></tr>"
	for (i = 1; i <= n_methods; i++) {
		m = method[i]
		if (m == "dense")
			continue
		c = saved[m, "imp", "round"] + 0 > 0 ? "imp" : "last"
		printf("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>", esc(title(m)),
			m == "imp" ? "" : fixed(of(m, "imp", "sparsity"), 2), m == "imp" ? "" : fixed(of(m, "imp", "sparsity_at_all"), 2),
			fixed(of(m, "dense", "sparsity"), 2), m == "imp" ? "" : fixed(of(m, c, "sparsity"), 2))
		if (m == "imp")
			print "<td></td><td></td><td></td><td></td><td></td><td></td></tr>"
		else
			printf("<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
				thousands(of(m, c, "search_iterations")), thousands(of(m, c, "imp_search_iterations")),
				plus_minus(of(m, c, "search_iterations_saving"), of(m, c, "search_iterations_saving_std"), 1),
				plus_minus(of(m, c, "presentations_saving"), of(m, c, "presentations_saving_std"), 1),
				plus_minus(of(m, c, "multiply_adds_saving"), of(m, c, "multiply_adds_saving_std"), 1),
				plus_minus(of(m, c, "multiply_adds_and_forward_multiply_adds_saving"), of(m, c, "multiply_adds_and_forward_multiply_adds_saving_std"), 1))
	}
	print "</table></div>"
}
function of(m, c, what) {
	return (m, c, what) in saved && saved[m, c, what] != "" ? saved[m, c, what] : "NaN"
}
# What the last ticket of each method cost.
function ledger(   i, m, r, adds, passes) {
	print "<div class=\"scroll\"><table>\n<tr><th>method</th><th>sparsity, %</th><th>iterations</th><th>presentations</th><th>multiply-adds</th><th>images of passes</th><th>multiply-adds of passes</th><th>passes, % of all</th><th>retraining iterations</th></tr>"
	for (i = 1; i <= n_methods; i++) {
		m = method[i]
		r = last[m]
		adds = get("mean", m, r, "multiply_adds")
		passes = get("mean", m, r, "forward_multiply_adds")
		printf("<tr><td>%s</td><td>%.2f</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			esc(title(m)), round_of[r], thousands(get("mean", m, r, "search_iterations")),
			thousands(get("mean", m, r, "presentations")), short(adds),
			thousands(get("mean", m, r, "search_forward")), short(passes),
			passes == "NaN" || adds + passes == 0 ? "-" : sprintf("%.1f", 100 * passes / (adds + passes)),
			thousands(get("mean", m, r, "retrain_iterations")))
	}
	print "</table></div>"
}
function ledger_seconds(   i, m, r) {
	print "<div class=\"scroll\"><table>\n<tr><th>method</th><th>sparsity, %</th><th>search, s</th><th>search, processor s</th><th>saved against IMP, %</th><th>retraining, s</th><th>retraining, processor s</th></tr>"
	for (i = 1; i <= n_methods; i++) {
		m = method[i]
		r = last[m]
		printf("<tr><td>%s</td><td>%.2f</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", esc(title(m)), round_of[r],
			both("time", m, r, "search_seconds", 1), both("time", m, r, "search_cpu_seconds", 1),
			plus_minus(of(m, "last", "search_seconds_saving"), of(m, "last", "search_seconds_saving_std"), 1),
			both("time", m, r, "retrain_seconds", 1), both("time", m, r, "retrain_cpu_seconds", 1))
	}
	print "</table></div>"
}
END {
	head("findings Findings;setup Set-up;accuracy Accuracy;cost Cost;sets Sets;masks Masks;samples Samples;seconds Seconds;tables Tables")
	opening()
	print "<h2 id=\"accuracy\">Accuracy</h2>"
	print "<p>Test accuracy in percent, each ticket retrained on all of D0; the test set is looked at once, at the best validation epoch. Dense: " both("mean", "dense", 0, "test_acc", 2) " %. Plus or minus: the standard deviation over seeds, n &minus; 1. From " link("mean.tsv") ".</p>"
	accuracies()
	draw("accuracy")
	print "<h2 id=\"cost\">Cost of the search</h2>"
	print "<p>A method matches IMP at a sparsity where its mean accuracy is at least IMP&rsquo;s mean less IMP&rsquo;s standard deviation; &ldquo;up to&rdquo; is the last round before the first that fails, &ldquo;at all&rdquo; the highest that does not. Savings are those at the sparsity of the column &ldquo;at&rdquo;: the highest matched, or the last round where nothing is. Retraining a found ticket is no part of them. From " link("savings.tsv") " and " link("matching.tsv") ".</p>"
	matches()
	print "<h3>Ledger: what each method&rsquo;s last ticket cost</h3>"
	print "<p>Means over seeds. Iterations, presentations and multiply-adds (executed: masked weights are not counted) of all trainings that had to be made before the mask existed; passes are those over samples that compare models or score weights, the overhead of finding sets and masks. From " link("mean.tsv") ".</p>"
	ledger()
	draw("cost")
	if (any("sets")) {
		print "<h2 id=\"sets\">Sets</h2>"
		draw("sets")
	} else
		print "<h2 id=\"sets\">Sets</h2>\n<p>No pictures of sets.</p>"
	print "<h2 id=\"masks\">Masks</h2>"
	draw("masks")
	print "<h2 id=\"samples\">Samples</h2>"
	draw("samples")
	print "<section id=\"seconds\">\n<h2>Seconds</h2>"
	print "<p>The rest of this page is the same whenever it is made from the same settings; these are of one machine at one time. The last ticket of each method. From " link("mean.time.tsv") " and " link("savings.time.tsv") ".</p>"
	paragraph(timed, n_timed)
	ledger_seconds()
	draw("seconds")
	appendix(1)
	print "</section>"
	print "<h2 id=\"tables\">Tables</h2>\n<p>lt-pipelines(7) says what their columns are.</p>"
	appendix(0)
	print "</body>\n</html>"
	exit failed
}
