# html.awk: what pages share: what they are given, and how it is shown.  A page's
# program comes behind it:
#	awk -f lib.awk -f html.awk -f page.awk dir=FOLDER pictures=1 \
#		is=facts facts.tsv is=settings settings.tsv is=findings findings.txt \
#		is=timed timed.txt is=figures figures.tsv is=table TABLE... ...
# dir holds the pictures, pictures=0: there are none.  Tables are shown at the
# end, those of seconds (.time.tsv) apart.
BEGIN { FS = "\t" }
is == "facts" && FNR > 1 { fact[$1] = $2; next }
is == "settings" && FNR > 1 { setting[++n_settings] = $0; next }
is == "findings" { finding[++n_findings] = $0; next }
is == "timed" { timed[++n_timed] = $0; next }
is == "figures" && FNR > 1 { figure[++n_figures] = $0; next }
is == "table" {
	if (FNR == 1)
		file[++n_files] = FILENAME
	next
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
# The beginning; parts: "ID Name;ID Name" of what its navigation leads to.
function head(parts,   n, i, part) {
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
	print "<h1>Lottery tickets in " esc(fact["network"]) " on " esc(fact["data set"]) "</h1>"
	printf("<nav>")
	n = split(parts, part, ";")
	for (i = 1; i <= n; i++)
		printf("%s<a href=\"#%s\">%s</a>", i > 1 ? " " : "", substr(part[i], 1, index(part[i], " ") - 1),
			substr(part[i], index(part[i], " ") + 1))
	print "</nav>"
	if (!pictures)
		print "<p>This page has no curves: gnuplot was not installed where it was made. The tables are complete.</p>"
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
		printf("<h3>%s</h3>\n<figure id=\"figure-%s\">\n<img%s alt=\"%s\" src=\"data:image/png;base64,", esc(f[4]), f[1],
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
# A table, or the beginning of a long one.
function show(path,   line, n, i, cells, part, more) {
	print "<div class=\"scroll\"><table>"
	for (n = 0; (getline line <path) > 0; n++) {
		if (n > 400) {
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
}
function embed(path,   name) {
	name = base(path)
	printf("<details id=\"%s\">\n<summary>%s</summary>\n<p>%s</p>\n", id(name), esc(name), beside(name))
	show(path)
	print "</details>"
}
function facts(   i, n, name) {
	print "<div class=\"scroll\"><table class=\"words\">"
	n = split("data set|training images (D0)|validation images|test images|classes|image|network|parameters|prunable weights|multiply-adds of an image|seeds|methods|studies|made by", name, "|")
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
# What was found, on what, by which command.
function opening() {
	print "<h2 id=\"findings\">Findings</h2>"
	paragraph(finding, n_findings)
	print "<h2 id=\"setup\">Set-up</h2>"
	facts()
	print "<pre>" esc(fact["command"]) "</pre>"
	if (fact["command"] ~ /[=']\.\.\.\//)
		print "<p>Folders of the machine are left out of it: .../ stands for them.</p>"
	settings()
}
# All tables but those of seconds, or those alone.
function appendix(seconds,   i) {
	for (i = 1; i <= n_files; i++)
		if (seconds ? file[i] ~ /[.]time[.]tsv$/ : file[i] !~ /[.]time[.]tsv$/)
			embed(file[i])
}
