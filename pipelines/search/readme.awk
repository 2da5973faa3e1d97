# readme.awk: networks.tsv as a table in Markdown; mean ± standard deviation.
#	awk -f lib.awk -f readme.awk networks.tsv
BEGIN { FS = "\t" }
function both(name, places) {
	return plus_minus(cell(name), cell(name "_std"), places)
}
FNR == 1 {
	header()
	print "| network | parameters | images | dense, % | best sparse, % | its sparsity, % | its gain, % | winning tickets | LTS score | length gain, % |"
	print "|---|---|---|---|---|---|---|---|---|---|"
	next
}
{
	printf("| %s | %s | %s | %s | %s | %s | %s | %d of %d (%.0f-%.0f %%) | %s | %s |\n", cell("network"),
		thousands(cell("parameters")), thousands(cell("samples")), both("dense_acc", 2),
		both("best_acc", 2), both("best_sparsity", 1), both("best_gain", 2), cell("successes"),
		cell("searches"), cell("sr_low"), cell("sr_high"), fixed(cell("lts"), 2),
		both("best_length_gain", 1))
}
