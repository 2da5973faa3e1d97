# matching.awk: each method against IMP and the dense network, round by round.
#	awk -f lib.awk -f matching.awk within=1 summary.tsv
# Matched: mean >= IMP's mean - IMP's standard deviation over seeds.  With one
# seed of IMP's there is no deviation, imp_std is NaN, and the mean itself is to
# be reached.  within: the mean is at most that many points below the dense one.
# difference: the mean over seeds that have both of method less IMP.
BEGIN { FS = OFS = "\t" }
NR == 1 { header(); next }
{
	m = $at["method"]
	r = $at["round"] + 0
	if (!(m in methods)) {
		methods[m] = 1
		method[++n_methods] = m
	}
	if (!($at["seed"] in seeds)) {
		seeds[$at["seed"]] = 1
		seed[++n_seeds] = $at["seed"]
	}
	if (!((m, r) in sparsity) || cell("sparsity") != "NaN")
		sparsity[m, r] = cell("sparsity")
	accuracy[m, r, $at["seed"]] = cell("test_acc")
	if (r > last)
		last = r
}
# The values of method m at round r; and those less IMP's.
function collect(x, m, r,   s, n) {
	split("", x)
	for (s = 1; s <= n_seeds; s++)
		if (known(m, r, seed[s]))
			x[++n] = accuracy[m, r, seed[s]]
	return n + 0
}
function pairs(x, m, r,   s, n) {
	split("", x)
	for (s = 1; s <= n_seeds; s++)
		if (known(m, r, seed[s]) && known("imp", r, seed[s]))
			x[++n] = accuracy[m, r, seed[s]] - accuracy["imp", r, seed[s]]
	return n + 0
}
function known(m, r, s) {
	return (m, r, s) in accuracy && accuracy[m, r, s] != "NaN"
}
# Sums of decimal fractions are not exact: a tie is a match.
function reaches(x, limit) {
	return x == "NaN" || limit == "NaN" ? "NaN" : x >= limit - 1e-9
}
function less(x, y) {
	return x == "NaN" || y == "NaN" ? "NaN" : x - y
}
END {
	print "method", "round", "sparsity", "n", "test_acc", "test_acc_std",
		"imp_n", "imp_acc", "imp_std", "threshold", "matched",
		"difference_n", "difference", "difference_std", "dense_acc",
		"dense_difference", "within"
	n = collect(x, "dense", 0)
	dense = mean(x, n)
	for (i = 1; i <= n_methods; i++)
		for (r = 1; r <= last; r++)
			compare(method[i], r)
}
function compare(m, r,   n, x, acc, std, imp_n, imp_acc, imp_std, limit, d, d_n) {
	if (!((m, r) in sparsity))
		return
	n = collect(x, m, r)
	acc = mean(x, n)
	std = deviation(x, n)
	imp_n = collect(x, "imp", r)
	imp_acc = mean(x, imp_n)
	imp_std = deviation(x, imp_n)
	limit = imp_std == "NaN" ? imp_acc : imp_acc - imp_std
	d_n = pairs(x, m, r)
	d = mean(x, d_n)
	print m, r, sparsity[m, r], n, digits(acc), digits(std), imp_n,
		digits(imp_acc), digits(imp_std), digits(limit),
		m == "imp" ? "NaN" : reaches(acc, limit), d_n, digits(d),
		digits(deviation(x, d_n)), digits(dense),
		digits(less(acc, dense)), reaches(acc, less(dense, within))
}
