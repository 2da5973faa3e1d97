# gains.awk: how a search goes on from stage to stage: of every network and stage
# the means over its complete searches, n of them.
#	awk -f lib.awk -f gains.awk is=each each.tsv is=stages stages.tsv
# gain, length_gain: test accuracy and trajectory length against stage 0 of the same
# search, in percent of it.
BEGIN { FS = OFS = "\t" }
FNR == 1 { header(); next }
is == "each" { complete[$at["network"], $at["seed"]]; next }
{
	n = $at["network"]
	s = $at["stage"] + 0
	if (!(n in networks))
		network[++n_networks] = networks[n] = n
	if (s > last)
		last = s
	stages[n, s]
	if (!((n, $at["seed"]) in complete))
		next
	row[n, s, ++rows[n, s]] = $at["seed"]
	sparsity[n, s, $at["seed"]] = cell("sparsity")
	acc[n, s, $at["seed"]] = cell("test_acc")
	long[n, s, $at["seed"]] = cell("length")
}
function against(table, n, s, x,   i, k, a, b) {
	for (i = 1; i <= rows[n, s]; i++) {
		a = table[n, s, row[n, s, i]]
		b = (n, 0, row[n, s, i]) in table ? table[n, 0, row[n, s, i]] : "NaN"
		if (number(a) && number(b) && b > 0)
			x[++k] = 100 * (a - b) / b
	}
	return k + 0
}
function plain(table, n, s, x,   i, k) {
	for (i = 1; i <= rows[n, s]; i++)
		if (number(table[n, s, row[n, s, i]]))
			x[++k] = table[n, s, row[n, s, i]]
	return k + 0
}
function both(x, k) {
	return digits(mean(x, k)) OFS digits(deviation(x, k))
}
END {
	print "network", "stage", "n", "sparsity", "test_acc", "test_acc_std", "gain", "gain_std",
		"length_gain", "length_gain_std"
	for (i = 1; i <= n_networks; i++)
		for (s = 0; s <= last; s++) {
			n = network[i]
			if (!((n, s) in stages))
				continue
			k = plain(sparsity, n, s, x)
			line = n OFS s OFS rows[n, s] + 0 OFS digits(mean(x, k))
			k = plain(acc, n, s, x)
			line = line OFS both(x, k)
			k = against(acc, n, s, x)
			line = line OFS both(x, k)
			k = against(long, n, s, x)
			print line, both(x, k)
		}
}
