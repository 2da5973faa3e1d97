# page.awk: the searches as one page of HTML, pictures and tables inside; html.awk
# says what else it is given.
#	awk -f lib.awk -f html.awk -f page.awk dir=FOLDER pictures=1 is=facts facts.tsv
#		... is=networks networks.tsv is=table TABLE...
FNR == 1 { header() }
is == "networks" && FNR > 1 {
	order[++n] = $at["network"]
	for (name in at)
		row[$at["network"], name] = $at[name]
}
function get(m, what) {
	return (m, what) in row && row[m, what] != "" ? row[m, what] : "NaN"
}
function both(m, what, places) {
	return plus_minus(get(m, what), get(m, what "_std"), places)
}
function cells(m, kind, prefix, more) {
	printf("<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>%s</tr>\n", kind,
		prefix == "dense" ? "0" : both(m, prefix "_sparsity", 1), both(m, prefix "_length", 2),
		prefix == "dense" ? "" : both(m, prefix "_length_gain", 1), both(m, prefix "_acc", 2),
		prefix == "dense" ? "" : both(m, prefix "_gain", 2), both(m, prefix "_gap", 1), more)
}
# As Table 2 of the paper.
function summary(   i, m) {
	print "<div class=\"scroll\"><table>\n<tr><th>network</th><th>stage</th><th>sparsity, %</th><th>trajectory length</th><th>its gain, %</th><th>test accuracy, %</th><th>its gain, %</th><th>generalization gap, points</th><th>success rate, %</th><th>LTS score</th></tr>"
	for (i = 1; i <= n; i++) {
		m = order[i]
		printf("<tr><td rowspan=\"3\">%s<br>%s parameters<br>%s samples, %s of %s searches</td>", esc(m),
			thousands(get(m, "parameters")), thousands(get(m, "samples")), get(m, "successes"), get(m, "searches"))
		cells(m, "dense", "dense", sprintf("<td rowspan=\"3\">%s<br>%s to %s<br>chance %s</td><td rowspan=\"3\">%s</td>",
			fixed(get(m, "sr"), 1), fixed(get(m, "sr_low"), 1), fixed(get(m, "sr_high"), 1),
			fixed(get(m, "sr_null"), 1), fixed(get(m, "lts"), 2)))
		printf("<tr>")
		cells(m, "best sparse", "best", "")
		printf("<tr>")
		cells(m, "sparsest matching", "match", "")
	}
	print "</table></div>"
}
END {
	head("findings Findings;setup Set-up;summary Summary;success Success;gain Gain;length Trajectory length" \
		(any("path") ? ";path Paths" : "") ";tables Tables")
	opening()
	print "<h2 id=\"summary\">Summary</h2>"
	print "<p>Means over the searches, plus or minus the standard deviation, n &minus; 1. A search succeeds if some sparse stage is at least as good as its dense one (a winning ticket); the sparsest of these is its sparsest matching stage, whose row counts successful searches alone. Accuracies are those of the test set at stages chosen on the validation set, unless SELECT=test. The success rate has its exact binomial 95 % interval below it, and what chance alone gives. The LTS score is the gain of the best sparse stage over the successful searches times the success rate. The generalization gap is accuracy on the training set, in evaluation mode, less test accuracy. From " link("networks.tsv") "; lt-score(1) defines all of it.</p>"
	summary()
	print "<h2 id=\"success\">How often is a ticket found?</h2>"
	draw("success")
	print "<h2 id=\"gain\">How good are they?</h2>"
	draw("gain")
	print "<h2 id=\"length\">Trajectory length</h2>"
	print "<p>Lengths are compared within one network only; lt-trajectory(1) says how they are measured.</p>"
	draw("length")
	if (any("path")) {
		print "<h2 id=\"path\">An arc before and after</h2>"
		draw("path")
	}
	print "<h2 id=\"tables\">Tables</h2>\n<p>lt-search(7) and lt-score(1) say what their columns are.</p>"
	appendix(0)
	print "</body>\n</html>"
	exit failed
}
