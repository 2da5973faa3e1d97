# ppr.awk: when has the curve of pseudo-pruned-then-retrained networks stopped
# rising?  Its table has a row a check, by epoch; columns epoch and val_acc, and
# lr if there are several curves.
#	awk -f ppr.awk lr=0.01 tolerance=0.5 window=10 ppr.tsv
# prints the early ticket's epoch by two rules, NaN where they do not say.
#	awk -f ppr.awk stop=1 lr=0.01 tolerance=0.5 window=10 ppr.tsv
# prints nothing; exits with 0 if training can stop at the last check, else 1.
#	awk -f ppr.awk pick=1 lr=0.01 tolerance=0.5 window=10 ppr.tsv
# prints the early ticket's epoch alone: online, or if that does not say offline.
# All exit with 65 if the table is damaged, or too short for a ticket to pick.
#
# Both go by the running median of three checks: m[i] of check i and the ones
# before and after it.  The first check has the lower of itself and m[2], so that
# nothing counts that the next checks do not bear out; the last has none.
# offline: the first check with m >= the largest m - tolerance.
# online: a check has risen if its m is more than tolerance above that of the
# last one that had; the first counts as risen.  If window checks in a row have
# not, stop; the ticket is the last that had.  m needs one check more, so that
# this is known window + 1 checks after the ticket.
BEGIN {
	FS = OFS = "\t"
	tolerance = 0.5
	window = 10
	# Decimal fractions are not exact: a rise of the tolerance is none.
	tiny = 1e-9
}
function fail(text) {
	print "ppr.awk: " text >"/dev/stderr"
	failed = 65
	exit failed
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	if (!("epoch" in at) || !("val_acc" in at) || lr != "" && !("lr" in at))
		fail("expected the columns epoch, val_acc" (lr == "" ? "" : ", lr"))
	next
}
lr == "" || $at["lr"] == lr {
	if ($at["val_acc"] !~ /^[0-9.]+(e[-+]?[0-9]+)?$/)
		fail("not an accuracy: " $at["val_acc"])
	if (n && $at["epoch"] + 0 <= epoch[n] + 0)
		fail("epoch " $at["epoch"] " comes after " epoch[n])
	epoch[++n] = $at["epoch"]
	accuracy[n] = $at["val_acc"]
}
function median(a, b, c) {
	if (a > b && a > c)
		return b > c ? b : c
	if (a < b && a < c)
		return b < c ? b : c
	return a
}
function offline(   i, top) {
	top = m[1]
	for (i = 2; i < n; i++)
		if (m[i] > top)
			top = m[i]
	for (i = 1; m[i] < top - tolerance - tiny; i++)
		;
	return i
}
# The check at which online says stop, or 0; the ticket is risen.
function online(   i) {
	risen = 1
	for (i = 2; i < n; i++) {
		if (m[i] > m[risen] + tolerance + tiny)
			risen = i
		else if (i - risen >= window)
			return i + 1
	}
	return 0
}
function row(rule, ticket, seen, stopped) {
	print rule, ticket ? epoch[ticket] : "NaN", seen ? epoch[seen] : "NaN",
		stopped, ticket ? accuracy[ticket] : "NaN",
		ticket ? m[ticket] : "NaN"
}
END {
	if (failed)
		exit failed
	if (!NR)
		fail("the table is empty")
	for (i = 2; i < n; i++)
		m[i] = median(accuracy[i - 1] + 0, accuracy[i] + 0, accuracy[i + 1] + 0)
	m[1] = n > 2 && m[2] < accuracy[1] + 0 ? m[2] : accuracy[1] + 0
	at_check = n > 2 ? online() : 0
	if (stop)
		exit !at_check
	if (pick && n < 3)
		fail("no ticket in fewer than three checks")
	if (pick) {
		print epoch[at_check ? risen : offline()]
		exit
	}
	print "rule", "ticket", "epoch", "stopped", "val_acc", "median"
	row("offline", n > 2 ? offline() : 0, n, 0)
	row("online", at_check ? risen : 0, at_check ? at_check : n, at_check > 0)
}
