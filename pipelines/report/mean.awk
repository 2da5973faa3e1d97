# mean.awk: mean and standard deviation (n - 1) over seeds of every column of
# numbers, for each combination of the keys.
#	awk -f lib.awk -f mean.awk keys='method round' plain=sparsity d0=N TABLE
# A row whose result is NaN, because a training diverged, counts in plain
# columns alone; n is the number of the others.  A value that is NaN is not counted.  Columns named by
# plain have no deviation.  Two columns more may follow: set_share, with d0, and
# all_multiply_adds, those of the passes included.
# Groups are ordered by their keys: numbers as such, words as they come.
BEGIN { FS = OFS = "\t" }
NR == 1 {
	header()
	columns = split($0, name)
	n_keys = split(keys, key, " ")
	for (i in key)
		skip[key[i]] = 1
	skip["seed"] = 1
	n_plain = split(plain, word, " ")
	for (i in word)
		is_plain[word[i]] = 1
	if (d0)
		name[++columns] = "set_share"
	if ("multiply_adds" in at)
		name[++columns] = "all_multiply_adds"
	next
}
function derived(what,   passes) {
	if (what == "set_share")
		return cell("set_size") == "NaN" ? "NaN" : \
			100 * cell("set_size") / d0
	passes = cell("forward_multiply_adds")
	if (cell("multiply_adds") == "NaN")
		return "NaN"
	return cell("multiply_adds") + (passes == "NaN" ? 0 : passes)
}
{
	group = ""
	for (i = 1; i <= n_keys; i++)
		group = group (i > 1 ? OFS : "") $at[key[i]]
	if (!(group in rows)) {
		rows[group] = 0
		insert(group)
	}
	out = diverged()
	rows[group] += !out
	for (i = 1; i <= columns; i++) {
		v = i <= NF ? $i : derived(name[i])
		if (!number(v)) {
			if (v != "NaN")
				skip[name[i]] = 1
		} else if (!out || name[i] in is_plain)
			value[group, i, ++count[group, i]] = v
	}
}
# Mostly it belongs at the end.
function insert(group,   i) {
	split(group, part)
	for (i = 1; i <= n_keys; i++)
		if (!((i, part[i]) in rank))
			rank[i, part[i]] = number(part[i]) ? part[i] + 0 : ++words
	for (i = groups++; i && less(group, order[i]); i--)
		order[i + 1] = order[i]
	order[i + 1] = group
}
function less(a, b,   i, x, y) {
	split(a, x)
	split(b, y)
	for (i = 1; i <= n_keys; i++)
		if (rank[i, x[i]] != rank[i, y[i]])
			return rank[i, x[i]] < rank[i, y[i]]
	return 0
}
END {
	line = ""
	for (i = 1; i <= n_keys; i++)
		line = line key[i] OFS
	line = line "n"
	for (i = 1; i <= columns; i++)
		if (!(name[i] in skip))
			line = line OFS name[i] (name[i] in is_plain ? "" : \
				OFS name[i] "_std")
	print line
	for (g = 1; g <= groups; g++) {
		group = order[g]
		line = group OFS rows[group]
		for (i = 1; i <= columns; i++) {
			if (name[i] in skip)
				continue
			n = count[group, i] + 0
			split("", x)
			for (j = 1; j <= n; j++)
				x[j] = value[group, i, j]
			line = line OFS digits(mean(x, n))
			if (!(name[i] in is_plain))
				line = line OFS digits(deviation(x, n))
		}
		print line
	}
}
