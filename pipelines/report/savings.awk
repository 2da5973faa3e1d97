# savings.awk: what each method saves against IMP, at the highest round where
# it matches.
#	awk -f lib.awk -f savings.awk costs='search_iterations ...' \
#		is=matching matching.tsv is=summary summary.tsv
# Three rows a method, by criterion:
#	imp	it is within one standard deviation of IMP
#	dense	it is within so many points of the dense network
#	last	none: the last round that it shares with IMP
# round: the last one before the first failure, among the rounds both have (for
# dense: it has); round_at_all: the last one that does not fail.  Every cost is
# the mean over the n seeds that have both, beside IMP's; the saving is in
# percent of IMP's, its deviation that of the seeds' own savings.  A cost A+B is
# the sum of two columns.
BEGIN { FS = OFS = "\t" }
FNR == 1 { header(); next }
is == "matching" {
	m = $at["method"]
	r = $at["round"]
	if (!(m in methods)) {
		methods[m] = 1
		method[++n_methods] = m
	}
	sparsity[m, r] = $at["sparsity"]
	note(m, "imp", r, $at["matched"])
	note(m, "dense", r, $at["within"])
	note(m, "last", r, m != "imp" && $at["difference_n"] > 0 ? 1 : "NaN")
	next
}
# A seed whose ticket diverged saves nothing.
diverged() { next }
{
	s = $at["seed"]
	if (!(s in seeds)) {
		seeds[s] = 1
		seed[++n_seeds] = s
	}
	have[$at["method"], $at["round"] + 0, s] = 1
	n_costs = split(costs, cost, " ")
	for (c = 1; c <= n_costs; c++)
		spent[$at["method"], $at["round"] + 0, s, c] = total(cost[c])
}
function total(what,   i, n, part, sum) {
	n = split(what, part, "+")
	for (i = 1; i <= n; i++) {
		if (cell(part[i]) == "NaN")
			return "NaN"
		sum += cell(part[i])
	}
	return sum
}
# Rounds come in order.
function note(m, criterion, r, verdict) {
	if (verdict == "NaN")
		return
	rounds[m, criterion]++
	if (!verdict)
		failed[m, criterion] = 1
	else {
		at_all[m, criterion] = r
		if (!failed[m, criterion])
			highest[m, criterion] = r
	}
}
function saving(m, r, c,   i, n, x, mine, his, part) {
	for (i = 1; i <= n_seeds; i++) {
		s = seed[i]
		if (!((m, r, s) in have) || !(("imp", r, s) in have) ||
		    spent[m, r, s, c] == "NaN" || spent["imp", r, s, c] == "NaN")
			continue
		x[++n] = spent[m, r, s, c]
		mine += spent[m, r, s, c]
		his += spent["imp", r, s, c]
		part[n] = his == 0 ? "NaN" : \
			100 * (1 - spent[m, r, s, c] / spent["imp", r, s, c])
	}
	if (!n)
		return OFS "NaN" OFS "NaN" OFS "NaN" OFS "NaN"
	return OFS digits(mine / n) OFS digits(his / n) OFS \
		(his == 0 ? "NaN" OFS "NaN" : digits(100 * (1 - mine / his)) \
		OFS digits(deviation(part, n)))
}
function shared_seeds(m, r,   i, n) {
	for (i = 1; i <= n_seeds; i++)
		n += (m, r, seed[i]) in have && ("imp", r, seed[i]) in have
	return n + 0
}
function or_nan(x) {
	return x == "" ? "NaN" : x
}
END {
	line = "method" OFS "criterion" OFS "rounds" OFS "round" OFS "sparsity" \
		OFS "round_at_all" OFS "sparsity_at_all" OFS "n"
	for (c = 1; c <= n_costs; c++) {
		gsub(/[+]/, "_and_", cost[c])
		line = line OFS cost[c] OFS "imp_" cost[c] OFS cost[c] \
			"_saving" OFS cost[c] "_saving_std"
	}
	print line
	split("imp dense last", criteria, " ")
	for (i = 1; i <= n_methods; i++)
		for (j = 1; j <= 3; j++)
			row(method[i], criteria[j])
}
function row(m, criterion,   r, all, c, line) {
	if (m == "imp" && criterion != "dense")
		return
	r = or_nan(highest[m, criterion])
	all = or_nan(at_all[m, criterion])
	line = m OFS criterion OFS rounds[m, criterion] + 0 OFS r OFS \
		or_nan(sparsity[m, r]) OFS all OFS or_nan(sparsity[m, all]) \
		OFS shared_seeds(m, r)
	for (c = 1; c <= n_costs; c++)
		line = line saving(m, r, c)
	print line
}
