# settings.awk: settings, their values and what makefiles say of them.
#	awk -f settings.awk VALUES MAKEFILE...
# VALUES: lines NAME=VALUE; of METHOD.NAME the makefiles say NAME.
NR == FNR {
	at = index($0, "=")
	name[++n] = substr($0, 1, at - 1)
	value[n] = substr($0, at + 1)
	next
}
/^[A-Z][A-Z0-9_]* [?]=/ && (at = index($0, "#\t")) {
	text[$1] = substr($0, at + 2)
	sub(/^\[[^]]*\] ?/, "", text[$1])
}
END {
	OFS = "\t"
	print "setting", "value", "meaning"
	for (i = 1; i <= n; i++) {
		plain = name[i]
		sub(/.*[.]/, "", plain)
		if (name[i] != "command")
			print name[i], value[i], text[plain]
	}
}
