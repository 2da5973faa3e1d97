# markdown.awk: a square of numbers as a table in Markdown.
#	awk -f lib.awk -f markdown.awk corner='mask' before='weights of ' places=2 SQUARE
# corner: the head of the first column; before: what stands before heads that are
# numbers; NaN is an empty cell.
BEGIN { FS = "\t" }
NR == 1 {
	printf "| %s |", corner
	for (i = 2; i <= NF; i++)
		printf " %s%s |", number($i) ? before : "", $i
	printf "\n|---|"
	for (i = 2; i <= NF; i++)
		printf "---|"
	print ""
	next
}
{
	printf "| %s |", $1
	for (i = 2; i <= NF; i++)
		printf " %s |", $i == "NaN" ? "" : fixed($i, places)
	print ""
}
