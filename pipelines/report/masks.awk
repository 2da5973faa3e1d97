# masks.awk: the tickets' masks of the rounds in summaries, beside them; nothing
# if there are not two.
#	awk -f masks.awk METHOD/summary.tsv
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
$at > 0 && (round == "" || $at == round + 0) {
	file = sprintf("%s%02d/ticket.mask.safetensors", dir, $at)
	if ((getline line <file) >= 0)
		list[++n] = file
	close(file)
}
END {
	for (i = 1; i <= n && n > 1; i++)
		print list[i]
}
