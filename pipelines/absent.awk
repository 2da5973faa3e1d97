# absent.awk: what a training that diverged has not left.  A file of no bytes, or
# seconds (NAME.time.tsv) that are not there, stand for it.  This comes before another
# program, which reads the other files only:
#	awk -f absent.awk -f row.awk is=search LOG... is=retrain LOG
# absent["search"] is how many of that kind are missing; lost is how many of all
# kinds are missing before the file that is being read.
BEGIN {
	for (absent_i = 1; absent_i < ARGC; absent_i++) {
		absent_file = ARGV[absent_i]
		if (absent_file ~ /^[a-z_]+=/) {
			if (sub(/^is=/, "", absent_file))
				absent_kind = absent_file
			continue
		}
		absent_found = (getline absent_line <absent_file)
		close(absent_file)
		if (absent_found > 0 || absent_found < 0 && absent_file !~ /[.]time[.]tsv$/)
			continue
		absent[absent_kind]++
		ARGV[absent_i] = "lost=" ++absent_lost
	}
	# Without any file awk would read its standard input.
	ARGV[ARGC++] = "/dev/null"
}
# A missing number is NaN; earlier versions wrote nan.
/(^|\t)nan(\t|$)/ {
	for (absent_i = 1; absent_i <= NF; absent_i++)
		if ($absent_i == "nan")
			$absent_i = "NaN"
}
