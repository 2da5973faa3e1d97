# path.awk: projected arcs of several checkpoints, those of the output and of the
# nodes named, for path.gp.
#	awk -f path.awk network=NAME nodes='relu1' stages='init sparse' files='A B' PATH
BEGIN { FS = OFS = "\t" }
FNR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	n = split(nodes, name, " ")
	for (i = 1; i <= n; i++)
		wanted[name[i]] = 1
	n = split(files, file, " ")
	split(stages, name, " ")
	for (i = 1; i <= n; i++)
		stage[file[i]] = name[i]
	print "network", "stage", "node", "t", "x", "y"
	next
}
{
	line[++lines] = network OFS stage[$at["checkpoint"]] OFS $at["node"] OFS $at["t"] OFS $at["x"] OFS $at["y"]
	node[lines] = $at["node"]
	output = $at["node"]
}
END {
	wanted[output] = 1
	for (i = 1; i <= lines; i++)
		if (node[i] in wanted)
			print line[i]
}
