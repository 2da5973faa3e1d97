# length.awk: the last iteration of a log, as lt-train --to takes it.
#	awk -f length.awk log.tsv
BEGIN { FS = "\t" }
NR == 1 {
	for (i = 1; i <= NF; i++)
		if ($i == "iteration")
			at = i
	next
}
{ last = $at }
END { print last "i" }
