# criteria.awk: what criteria need, as words METHOD/COLUMN for each column that is 1.
#	lt-prune --list-methods | awk -f criteria.awk
BEGIN { FS = "\t" }
NR == 1 {
	n = split($0, column, FS)
	next
}
{
	for (i = 2; i <= n; i++)
		if ($i == 1)
			print $1 "/" column[i]
}
