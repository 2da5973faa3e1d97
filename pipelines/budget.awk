# budget.awk: lt-train's options for a set that is a part of D0 (SCALE=epochs):
# floor(T |P| / |D0|) epochs, but not fewer than "least"; milestones and
# warm-up shrink with the epochs, rounded down.  Schedules that are not multistep
# have no milestones.
#	awk -f budget.awk epochs=T milestones=M,... warmup=W least=N \
#		is=set P.idx is=d0 D0.idx
is == "set" { set++ }
is == "d0" { d0++ }
END {
	if (!d0) {
		print "budget.awk: D0 is empty" >"/dev/stderr"
		exit 65
	}
	t = int(epochs * set / d0)
	if (t < least)
		t = least
	n = split(milestones, at, ",")
	for (i = 1; i <= n; i++)
		scaled = scaled (i > 1 ? "," : "") int(at[i] * t / epochs)
	printf "--epochs %d%s --warmup %d\n", t, (n ? " --milestones " scaled : ""),
		warmup * t / epochs
}
