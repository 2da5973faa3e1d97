# page.awk: the study of early tickets as one page of HTML, pictures and tables
# inside; html.awk says what else it is given.
#	awk -f lib.awk -f html.awk -f page.awk dir=FOLDER pictures=1 \
#		parts='grid weights ppr' is=facts facts.tsv ... is=table TABLE...
function part(name,   i, n, list) {
	n = split(parts, list, " ")
	for (i = 1; i <= n; i++)
		if (list[i] == name)
			return 1
	return 0
}
function section(anchor, name) {
	print "<h2 id=\"" anchor "\">" name "</h2>"
}
function square(name, what) {
	print "<p>" what ", from " link(name) ":</p>"
	show(dir "/" name)
}
END {
	head("findings Findings;setup Set-up" \
		(part("grid") ? ";grid Grid" : "") (part("weights") ? ";weights Weights;masks Masks" : "") \
		(part("ppr") ? ";ppr Checks" : "") (part("gradual") ? ";gradual Gradual pruning" : "") \
		(part("memorize") ? ";memory Memorization" : "") (part("gradual") ? ";seconds Seconds" : "") ";tables Tables")
	opening()
	if (part("grid")) {
		section("grid", "The grid: masks of epochs on weights of epochs")
		print "<p>Each ticket is retrained on the full schedule; the test set is looked at once, at the best validation epoch.</p>"
		draw("grid")
		square("grid_table.tsv", "Mean test accuracy, percent: a row an s, a column a v")
	}
	if (part("weights")) {
		section("weights", "The weights of the dense run")
		draw("weights")
		section("masks", "Distances of masks")
		draw("masks")
	}
	if (part("ppr")) {
		section("ppr", "Pseudo-pruned, then retrained")
		draw("ppr")
		square("ticket_mean.tsv", "The early ticket")
	}
	if (part("gradual")) {
		section("gradual", "Gradual pruning")
		draw("gradual")
		square("cost.tsv", "What each mask cost; _of_imp: as a share of iterative pruning&rsquo;s to the same sparsity, where that was run")
	}
	if (part("memorize")) {
		section("memory", "Memorization")
		draw("memory")
		square("memory_table.tsv", "Percent of N random labels learned")
		if (filled(dir "/steps_table.tsv"))
			square("steps_table.tsv", "The same for masks of one gradual pruning and one-shot masks of the same epochs and sparsities")
	}
	if (part("gradual")) {
		print "<section id=\"seconds\">\n<h2>Seconds</h2>\n<p>The rest of this page is the same whenever it is made from the same settings; these are of one machine at one time.</p>"
		appendix(1)
		print "</section>"
	}
	print "<h2 id=\"tables\">Tables</h2>\n<p>lt-early(7) says what their columns are.</p>"
	appendix(0)
	print "</body>\n</html>"
	exit failed
}
