# checks.awk: pseudo-pruned-then-retrained networks, a row a check, and what the
# dense run and all checks until then have cost.
#	awk -f checks.awk is=dense LOG... is=check lr=0.01 epoch=5 LOG epoch=10 LOG...
# LOG: lt-train's; of the dense run one, or those of its segments.  absent.awk comes
# first: a check that diverged has no row, and the sums after it are NaN.
BEGIN {
	FS = OFS = "\t"
	print "epoch", "lr", "val_acc", "dense_val_acc", "iteration",
		"presentations", "macs"
}
FNR == 1 {
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	if (lr != last)
		iteration = presentations = macs = 0
	last = lr
	next
}
is == "dense" {
	e = $at["epoch"] + 0
	dense[e] = $at["val_acc"]
	dense_iteration[e] = $at["iteration"]
	dense_presentations[e] = $at["presentations"]
	dense_macs[e] = $at["macs"]
	next
}
function sum(of_dense, of_checks) {
	return lost || !(e in of_dense) ? "NaN" : sprintf("%.0f", of_dense[e] + of_checks)
}
# One epoch, one row.
{
	e = epoch + 0
	iteration += $at["iteration"]
	presentations += $at["presentations"]
	macs += $at["macs"]
	print epoch, lr, $at["val_acc"], e in dense ? dense[e] : "NaN",
		sum(dense_iteration, iteration), sum(dense_presentations, presentations),
		sum(dense_macs, macs)
}
