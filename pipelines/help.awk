# help.awk: the settings of makefiles, from their lines; where there are two of a
# setting the first holds, as in make
#	## GROUP
#	NAME ?= DEFAULT#	[TYPE] TEXT
FNR == 1 { skip = seen[FILENAME]++ }
skip { next }
sub(/^## /, "") { print (n++ ? "\n" : "") $0 }
/^[A-Z][A-Z0-9_]* [?]=/ {
	if (told[$1]++)
		next
	text = ""
	if (at = index($0, "#\t")) {
		text = substr($0, at + 2)
		if (match(text, /^\[[^]]*\] ?/)) {
			type = substr(text, 1, RLENGTH)
			sub(/ $/, "", type)
			text = substr(text, RLENGTH + 1)
			text = text (text == "" ? "" : " ") type
		}
		$0 = substr($0, 1, at - 1)
	}
	name = $1
	value = substr($0, index($0, "=") + 1)
	sub(/^ +/, "", value)
	if (value ~ /[$]/)
		value = "..."
	printf "  %-36s%s%s\n", name "=" value, text == "" ? "" : "  ", text
}
