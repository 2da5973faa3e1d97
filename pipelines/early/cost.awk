# cost.awk: what finding each ticket took, and how that compares with iterative
# pruning at the first round that is as sparse.
#	awk -f lib.awk -f cost.awk sparsity=0.8 costs='search_iterations ...' MEANS [TIMES]
# MEANS, TIMES: gradual.awk's over all seeds; costs are of the last file.  of_imp:
# the cost by IMP's; NaN where IMP was not run.
BEGIN { FS = OFS = "\t" }
FNR == 1 { header(); file++; next }
file == 1 {
	key = $at["kind"] OFS $at["window"]
	order[++rows] = key
	sparse[key] = cell("sparsity")
	accuracy[key] = cell("test_acc")
	below[key] = cell("below_dense")
	# IMP's rounds come in their order; the rate may miss by a weight.
	if ($at["kind"] == "imp" && imp == "" && cell("sparsity") + 0 >= 100 * sparsity - 0.01)
		imp = key
}
{
	n = split(costs, cost, " ")
	for (i = 1; i <= n; i++)
		value[$at["kind"] OFS $at["window"], i] = cell(cost[i])
}
END {
	line = "kind" OFS "window" OFS "sparsity" OFS "test_acc" OFS "below_dense"
	for (i = 1; i <= n; i++)
		line = line OFS cost[i] OFS cost[i] "_of_imp"
	print line
	for (j = 1; j <= rows; j++) {
		key = order[j]
		if (key ~ /^(imp|dense)\t/ && key != imp)
			continue
		line = key OFS sparse[key] OFS accuracy[key] OFS below[key]
		for (i = 1; i <= n; i++)
			line = line OFS value[key, i] OFS (imp == "" || !number(value[key, i]) || !(value[imp, i] + 0 > 0) ? \
				"NaN" : digits(value[key, i] / value[imp, i]))
		print line
	}
}
