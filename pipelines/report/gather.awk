# gather.awk: tables with one header under one header, a first column with the
# seed they are of; a row that is there already is left out.
#	awk -f lib.awk -f gather.awk seed=1 TABLE... seed=2 TABLE...
# A table's columns are found by their names; the first table says which.
# With method=NAME before a table its rows begin with that too.
BEGIN { FS = OFS = "\t" }
FNR == 1 {
	header()
	if (NR > 1)
		next
	n = split($0, name)
	print "seed" (method == "" ? "" : OFS "method"), $0
	next
}
{
	row = seed (method == "" ? "" : OFS method)
	for (i = 1; i <= n; i++)
		row = row OFS cell(name[i])
	if (!seen[row]++)
		print row
}
