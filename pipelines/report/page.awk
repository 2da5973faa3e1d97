# page.awk: the report as one page of HTML, pictures and tables inside.
#	awk -f lib.awk -f page.awk dir=FOLDER pictures=1 within=1 search=prac \
#		is=facts facts.tsv is=settings settings.tsv is=findings findings.txt \
#		is=timed timed.txt is=figures figures.tsv is=figures figures.time \
#		is=mean mean.tsv is=ledger mean.time is=savings savings.tsv \
#		is=savings_time savings.time is=table TABLE...
BEGIN { FS = "\t" }
is == "facts" { fact[$1] = $2; next }
is == "settings" && FNR > 1 { setting[++n_settings] = $0; next }
is == "findings" { finding[++n_findings] = $0; next }
is == "timed" { timed[++n_timed] = $0; next }
is == "figures" {
	figure[++n_figures] = $0
	next
}
FNR == 1 { header() }
is == "table" {
	if (FNR == 1)
		file[++n_files] = FILENAME
	next
}
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
function esc(s) {
	gsub(/&/, "\\&amp;", s)
	gsub(/</, "\\&lt;", s)
	gsub(/>/, "\\&gt;", s)
	gsub(/"/, "\\&quot;", s)
	return s
}
function base(path) {
	sub(/.*\//, "", path)
	return path
}
function id(name) {
	gsub(/[^A-Za-z0-9]/, "-", name)
	return "table-" name
}
function link(name) {
	return "<a href=\"#" id(name) "\">" esc(name) "</a>"
}
function beside(name) {
	return "<a href=\"" esc(name) "\">" esc(name) "</a>"
}
function head() {
	print "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
	print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	print "<title>Lottery tickets: " esc(fact["network"]) ", " esc(fact["data set"]) "</title>"
	print "<style>"
	print "body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 62rem; margin: 0 auto; padding: 1rem; }"
	print "h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid #bbb; }"
	print "h3 { font-size: 1rem; margin: 2rem 0 0.3rem; }"
	print "figure { margin: 0 0 1.5rem; } figcaption { font-size: 0.9rem; }"
	print "img { max-width: 100%; height: auto; display: block; } img.sheet { image-rendering: pixelated; }"
	print ".scroll { overflow-x: auto; } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: 0.6rem; font-size: 0.85rem; }"
	print "table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; margin: 0.6rem 0; }"
	print "th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; vertical-align: top; }"
	print "th:first-child, td:first-child, table.words td, table.words th { text-align: left; }"
	print "th { border-bottom: 1px solid #555; white-space: normal; vertical-align: bottom; } table.words td { white-space: normal; }"
	print "nav a { margin-right: 1rem; } details { margin: 0.4rem 0; } summary { cursor: pointer; }"
	print "@media print { body { max-width: none; font-size: 10pt; padding: 0; } nav, details:not([open]) { display: none; } figure, tr { break-inside: avoid; } a { color: inherit; text-decoration: none; } .scroll { overflow: visible; } th, td { white-space: normal; padding: 0.1rem 0.3rem; font-size: 8pt; } }"
	print "</style>\n</head>\n<body>"
}
# A picture, what it shows and the table behind it.
function draw(section,   i, f, n, path) {
	for (i = 1; i <= n_figures; i++) {
		split(figure[i], f, "\t")
		if (f[2] != section)
			continue
		path = dir "/" f[1] ".png"
		if (!filled(path))
			continue
		printf("<h3>%s</h3>\n<figure id=\"%s\">\n<img%s alt=\"%s\" src=\"data:image/png;base64,", esc(f[4]), f[1],
			section == "samples" ? " class=\"sheet\"" : "", esc(f[4] ". " f[5]))
		fflush()
		close_quote(path)
		printf("\">\n<figcaption>%s Drawn from %s.</figcaption>\n</figure>\n", esc(f[5]), f[3] ~ /idx$/ ? \
			beside(f[3]) " and " beside("forget.tsv") : link(f[3]))
	}
}
function filled(path,   line, n) {
	n = (getline line <path)
	close(path)
	return n > 0
}
function close_quote(path) {
	gsub(/'/, "'\\''", path)
	if (system("base64 -w0 '" path "'"))
		failed = 1
}
# A whole table, or the beginning of a long one.
function embed(path,   name, line, n, i, cells, more) {
	name = base(path)
	printf("<details id=\"%s\">\n<summary>%s</summary>\n<p>%s</p>\n<div class=\"scroll\"><table>\n", id(name), esc(name), beside(name))
	for (n = 0; (getline line <path) > 0; n++) {
		if (n > most) {
			more++
			continue
		}
		cells = split(line, part, "\t")
		printf("<tr>")
		for (i = 1; i <= cells; i++)
			printf("%s%s%s", n ? "<td>" : "<th>", esc(part[i]), n ? "</td>" : "</th>")
		print "</tr>"
	}
	close(path)
	print "</table></div>"
	if (more)
		printf("<p>%d more rows in the file.</p>\n", more)
	print "</details>"
}
function get(kind, m, r, what) {
	return (kind, m, r, what) in row ? row[kind, m, r, what] : "nan"
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
	return (m, c, what) in saved && saved[m, c, what] != "" ? saved[m, c, what] : "nan"
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
			passes == "nan" || adds + passes == 0 ? "-" : sprintf("%.1f", 100 * passes / (adds + passes)),
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
function facts(   i, n, name) {
	print "<div class=\"scroll\"><table class=\"words\">"
	n = split("data set|training images (D0)|validation images|test images|classes|image|network|parameters|prunable weights|multiply-adds of an image|seeds|methods|made by", name, "|")
	for (i = 1; i <= n; i++)
		if (name[i] in fact)
			printf("<tr><td>%s</td><td>%s</td></tr>\n", name[i], esc(fact[name[i]]))
	print "</table></div>"
}
function settings(   i, s) {
	print "<details id=\"settings\">\n<summary>All settings</summary>\n<div class=\"scroll\"><table class=\"words\">\n<tr><th>setting</th><th>value</th><th></th></tr>"
	for (i = 1; i <= n_settings; i++) {
		split(setting[i], s, "\t")
		printf("<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n", esc(s[1]), esc(s[2]), esc(s[3]))
	}
	print "</table></div>\n</details>"
}
function paragraph(list, n,   i) {
	print "<ul>"
	for (i = 1; i <= n; i++)
		print "<li>" esc(list[i]) "</li>"
	print "</ul>"
}
# Is there a picture for the section?
function any(section,   i, f) {
	for (i = 1; i <= n_figures; i++) {
		split(figure[i], f, "\t")
		if (f[2] == section && filled(dir "/" f[1] ".png"))
			return 1
	}
	return 0
}
END {
	most = 400
	head()
	print "<h1>Lottery tickets in " esc(fact["network"]) " on " esc(fact["data set"]) "</h1>"
	print "<nav><a href=\"#findings\">Findings</a> <a href=\"#setup\">Set-up</a> <a href=\"#accuracy\">Accuracy</a> <a href=\"#cost\">Cost</a> <a href=\"#sets\">Sets</a> <a href=\"#masks\">Masks</a> <a href=\"#samples\">Samples</a> <a href=\"#seconds\">Seconds</a> <a href=\"#tables\">Tables</a></nav>"
	if (!pictures)
		print "<p>This page has no curves: gnuplot was not installed where it was made. The tables are complete.</p>"
	print "<h2 id=\"findings\">Findings</h2>"
	paragraph(finding, n_findings)
	print "<h2 id=\"setup\">Set-up</h2>"
	facts()
	print "<pre>" esc(fact["command"]) "</pre>"
	if (fact["command"] ~ /[=']\.\.\.\//)
		print "<p>Folders of the machine are left out of it: .../ stands for them.</p>"
	settings()
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
	print "<p>The rest of this page is the same whenever it is made from the same settings; these are of one machine at one time. The last ticket of each method. From " link("mean.time") " and " link("savings.time") ".</p>"
	paragraph(timed, n_timed)
	ledger_seconds()
	draw("seconds")
	for (i = 1; i <= n_files; i++)
		if (file[i] ~ /[.]time$/)
			embed(file[i])
	print "</section>"
	print "<h2 id=\"tables\">Tables</h2>\n<p>lt-pipelines(7) says what their columns are.</p>"
	for (i = 1; i <= n_files; i++)
		if (file[i] !~ /[.]time$/)
			embed(file[i])
	print "</body>\n</html>"
	exit failed
}
