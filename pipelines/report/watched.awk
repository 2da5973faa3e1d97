# watched.awk: the distance of successive masks in the trainings of a search
# that watched it, a row a check.
#	awk -f lib.awk -f watched.awk dir=METHOD zero=prac/00 METHOD/summary.tsv
#	awk -f lib.awk -f watched.awk dir=METHOD own=1 METHOD/summary.tsv
# A training is in DIR/RR: the one that round RR + 1 was pruned from, round 0's
# in another folder; with own=1 the one of round RR itself.  stopped: this was the
# check that ended it; eps: the limit, NaN where the rule has one relative to a
# training's first distances.
BEGIN { FS = OFS = "\t" }
FNR == 1 { header(); next }
cell("stop_rule") ~ /(eps|relative)=/ {
	eps = cell("stop_rule")
	if (!sub(/.*eps=/, "", eps))
		eps = "NaN"
	sub(/,.*/, "", eps)
	r = $at["round"] + 0
	if (own)
		wanted[r] = 1
	else
		for (i = 0; i < r; i++)
			wanted[i] = 1
	if (r > last)
		last = r
}
function training(r,   from, file, n) {
	stop = "NaN"
	from = r ? sprintf("%s/%02d", dir, r) : zero
	file = from "/stop.tsv"
	for (n = 0; (getline <file) > 0; n++)
		if (!n)
			header()
		else if (cell("stopped") == 1)
			stop = cell("iteration")
	close(file)
	file = from "/distances.tsv"
	for (n = 0; (getline <file) > 0; n++)
		if (!n)
			header()
		else
			print r, cell("epoch"), cell("iteration"),
				cell("distance"), cell("iteration") == stop, eps
	close(file)
}
END {
	print "round", "epoch", "iteration", "distance", "stopped", "eps"
	for (r = 0; r <= last; r++)
		if (r in wanted)
			training(r)
}
