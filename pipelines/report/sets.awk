# sets.awk: the sets of a search, a row a round.
#	awk -f lib.awk -f sets.awk d0.idx METHOD/RR/set.idx...
# cet and cep are the lists beside each set of which it is the union, both what
# they share; NaN where a set was not made so (a list that was left there under
# other settings does not count).  share is in percent of D0.
BEGIN { OFS = "\t" }
function load(list, file,   line, n) {
	split("", list)
	while ((getline line <file) > 0) {
		list[line] = 1
		n++
	}
	close(file)
	return n + 0
}
function within(a, b,   i) {
	for (i in a)
		if (!(i in b))
			return 0
	return 1
}
function overlap(a, b,   i, n) {
	for (i in a)
		n += i in b
	return n + 0
}
BEGIN {
	d0 = load(set, ARGV[1])
	print "round", "cet", "cep", "both", "set_size", "set_share"
	for (i = 2; i < ARGC; i++) {
		dir = ARGV[i]
		sub(/\/[^\/]*$/, "", dir)
		n = load(set, ARGV[i])
		n_cet = load(cet, dir "/cet.idx")
		n_cep = load(cep, dir "/cep.idx")
		both = overlap(cet, cep)
		if (n_cet + n_cep - both != n || !within(cep, set) || !within(cet, set)) {
			n_cep = both = 0
			if (n_cet != n || !within(cet, set))
				n_cet = n_cep = both = "NaN"
		}
		round = dir
		sub(/.*\//, "", round)
		# No training takes an empty set: one that diverged has left it.
		if (!n)
			n = n_cet = n_cep = both = "NaN"
		print round + 0, n_cet, n_cep, both, n, digits(d0 && n != "NaN" ? 100 * n / d0 : "NaN")
	}
}
