# pairs.awk: lt-hamming's matrix as a row a pair.  What tells one mask from the
# next in their names is a part of the path, counted from its end:
#	lt-hamming --matrix ... | awk -f pairs.awk part=2 round=4
# With round=N a first column has that.
BEGIN { FS = OFS = "\t" }
function name(path,   n, p) {
	n = split(path, p, "/")
	path = p[n - part + 1]
	sub(/^epoch-/, "", path)
	sub(/[.]mask[.]safetensors$/, "", path)
	return path ~ /^[0-9]+$/ ? path + 0 : path
}
function titles() {
	print (round == "" ? "" : "round" OFS) "a", "b", "distance"
}
NR == 1 {
	titles()
	for (i = 2; i <= NF; i++)
		column[i] = name($i)
	next
}
{
	for (i = 2; i <= NF; i++)
		print (round == "" ? "" : round + 0 OFS) name($1), column[i], $i
}
END {
	if (!NR)
		titles()
}
