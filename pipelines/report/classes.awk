# classes.awk: how much of each class of D0 a set holds, from lt-subset's count.
#	lt-subset count --data DATA D0 SET | awk -f lib.awk -f classes.awk
BEGIN { FS = OFS = "\t" }
NR == 1 {
	header()
	print "class", "name", "d0", "set_size", "share_of_class", "share_of_set"
	next
}
NR == 2 { d0 = $at["list"] }
{ class = $at["class"] }
$at["list"] == d0 {
	whole[class] = $at["count"]
	name[class] = $at["name"]
	order[++n] = class
	next
}
{
	part[class] = $at["count"]
	sum += $at["count"]
}
END {
	for (i = 1; i <= n; i++) {
		c = order[i]
		# A set without samples is none: a training diverged.
		print c, name[c], whole[c], sum ? part[c] + 0 : "NaN",
			digits(sum && whole[c] ? 100 * part[c] / whole[c] : "NaN"),
			digits(sum ? 100 * part[c] / sum : "NaN")
	}
}
