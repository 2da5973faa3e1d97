# zhugupta.awk: when gradual pruning prunes, and to which sparsity, as lines
# EPOCH:SPARSITY.
#	awk -v first=25 -v last=75 -v steps=10 -v initial=0 -v final=0.8 -f zhugupta.awk
#	awk -v list='120:0.4 160:0.6 200:0.7 240:0.8' -f zhugupta.awk
# The k-th of steps prunings after the first, k = 0 ... steps (Zhu and Gupta 2017):
#	final + (initial - final) (1 - k / steps)^3
# at the epoch first + k (last - first) / steps, rounded, halves up.  A list is
# checked and printed as it is.  With epochs=N no pruning may come later.
function fail(text) {
	print "zhugupta.awk: " text >"/dev/stderr"
	exit 65
}
function whole(x) { return x ~ /^[0-9]+$/ }
function share(x) {
	return x ~ /^([0-9]+[.]?[0-9]*|[.][0-9]+)(e-?[0-9]+)?$/ && x + 0 < 1
}
function add(epoch, sparsity) {
	if (!whole(epoch) || !share(sparsity))
		fail("expected EPOCH:SPARSITY, found " epoch ":" sparsity)
	if (n && epoch + 0 <= at[n])
		fail("epoch " epoch " is not after epoch " at[n])
	if (n && sparsity + 0 < to[n] + 0)
		fail("sparsity " sparsity " at epoch " epoch " is below " to[n])
	if (epochs != "" && epoch + 0 > epochs + 0)
		fail("epoch " epoch " is after the last, " epochs)
	at[++n] = epoch + 0
	to[n] = sparsity
}
BEGIN {
	if (list != "") {
		items = split(list, item, " ")
		for (k = 1; k <= items; k++) {
			if (split(item[k], part, ":") != 2)
				fail("expected EPOCH:SPARSITY, found " item[k])
			add(part[1], part[2])
		}
	} else {
		if (!whole(first) || !whole(last) || first + 0 > last + 0)
			fail("expected epochs FIRST-LAST, found " first "-" last)
		if (!whole(steps) || steps < 1 || steps > last - first)
			fail("steps: expected 1 to " last - first ", found " steps)
		if (!share(initial) || !share(final) || initial + 0 > final + 0)
			fail("expected a sparsity below 1 from " initial " to " final)
		for (k = 0; k <= steps; k++)
			add(int(first + k * (last - first) / steps + 0.5), sprintf("%.9g", \
				final + (initial - final) * (1 - k / steps) ^ 3))
	}
	for (k = 1; k <= n; k++)
		print at[k] ":" to[k]
}
