# masks.awk: the tickets' masks of the rounds in summaries, beside them, and, as
# these come from those, of the rounds before; nothing if there are not two.
#	awk -f masks.awk METHOD/summary.tsv
#	awk -f masks.awk own=1 METHOD/summary.tsv	(they do not)
#	awk -f masks.awk round=02 METHOD/summary.tsv...
BEGIN { FS = "\t" }
FNR == 1 {
	for (i = 1; i <= NF; i++)
		if ($i == "round")
			at = i
	dir = FILENAME
	sub(/[^\/]*$/, "", dir)
	next
}
function add(r,   file) {
	file = sprintf("%s%02d/ticket.mask.safetensors", dir, r)
	if ((getline line <file) > 0)
		list[++n] = file
	close(file)
}
round != "" {
	if ($at == round + 0)
		add($at)
	next
}
{
	for (r = own ? $at : last + 1; r > 0 && r <= $at; r++)
		add(r)
	last = $at
}
END {
	for (i = 1; i <= n && n > 1; i++)
		print list[i]
}
