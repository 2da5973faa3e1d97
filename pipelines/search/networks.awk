# networks.awk: lt-score's rows with what the networks are, the smallest first.
#	awk -f lib.awk -f networks.awk is=facts FACTS... is=score score.tsv
BEGIN { FS = OFS = "\t" }
FNR == 1 {
	header()
	if (is == "score") {
		line = $0
		sub(/^[^\t]*\t/, "", line)
		print "network", "parameters", "weights", "multiply_adds", "samples", line
	}
	next
}
is == "facts" {
	size[$1] = cell("parameters")
	fact[$1] = cell("parameters") OFS cell("weights") OFS cell("multiply_adds") OFS cell("samples")
	next
}
{
	name = $1
	sub(/^[^\t]*\t/, "")
	row[name] = $0
	for (i = n++; i && size[order[i]] + 0 > size[name] + 0; i--)
		order[i + 1] = order[i]
	order[i + 1] = name
}
END {
	for (i = 1; i <= n; i++)
		print order[i], fact[order[i]], row[order[i]]
}
