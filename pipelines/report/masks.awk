# masks.awk: the tickets' masks of a method, those of the rounds of its summary;
# nothing if there are not two.
#	awk -f masks.awk dir=METHOD METHOD/summary.tsv
BEGIN { FS = "\t" }
FNR == 1 {
	for (i = 1; i <= NF; i++)
		if ($i == "round")
			at = i
	next
}
$at > 0 {
	file = sprintf("%s/%02d/ticket.mask.safetensors", dir, $at)
	if ((getline line <file) >= 0)
		list[++n] = file
	close(file)
}
END {
	for (i = 1; i <= n && n > 1; i++)
		print list[i]
}
