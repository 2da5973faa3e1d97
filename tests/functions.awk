# functions.awk: the functions of formatted C sources, one a line: lines,
# parameters, file and name, with tabs between them.
#	awk -f functions.awk FILE.c...
# A definition begins with its name in the first column, after the line of its
# type, and its body ends with a brace there.
function parameters(text,    i, c, depth, n) {
	sub(/^[^(]*\(/, "", text)
	sub(/\)[^)]*$/, "", text)
	if (text ~ /^ *(void)? *$/)
		return 0
	n = 1
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		depth += (c == "(") - (c == ")")
		n += c == "," && !depth
	}
	return n
}
FNR == 1 { body = head = 0 }
!body && /^[A-Za-z_][A-Za-z0-9_]*\(/ {
	head = FNR
	text = ""
}
head && !body {
	text = text " " $0
	if (/;$/)
		head = 0
}
head && /^{/ {
	sub(/{[^{]*$/, "", text)
	body = 1
}
body && /^}/ {
	name = text
	sub(/\(.*/, "", name)
	sub(/^ */, "", name)
	printf "%d\t%d\t%s\t%s\n", FNR - head + 1, parameters(text), FILENAME, name
	body = head = 0
}
