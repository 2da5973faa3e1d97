# chain.awk: the tables of consecutive segments of a run as one table.  Distances
# of masks are the first segment's own affair.
BEGIN { FS = OFS = "\t" }
# A missing number is NaN; earlier versions wrote nan.
/(^|\t)nan(\t|$)/ {
	for (i = 1; i <= NF; i++)
		if ($i == "nan")
			$i = "NaN"
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		if ($i == "mask_distance")
			column = i
	print
	next
}
FNR == 1 { next }
column { $column = "NaN" }
{ print }
