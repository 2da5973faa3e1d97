# citations.awk: what comments and pages name and the tree does not have, as lines
# FILE:LINE: NAME.
#	awk -f citations.awk LIST-OF-ALL-FILES FILE...
# Looked at are comments of C, of makefiles, awk and shell, and all of a page.  A
# name is a file ("mask/prune.h", "prac.mk"), whole or as it is seen from lib/,
# tests/ or pipelines/; a page, lt-prune(1); or a function, type or macro lt_x.
# Words in capitals that look like a document are names, too.
FNR == 1 {
	files++
	kind = FILENAME ~ /[.][ch]$/ ? "c" : FILENAME ~ /[.](md|[1-9])$/ ? "page" : "hash"
	inside = 0
}
# The list: each path, what follows its first folder, and its last part.
files == 1 {
	sub(/^[.][/]/, "")
	there[$0]
	name = $0
	while (sub(/^[^\/]*[\/]/, "", name))
		there[name]
	next
}
kind == "c" {
	comment = code = ""
	rest = $0
	while (rest != "") {
		if (inside) {
			at = index(rest, "*/")
			comment = comment " " (at ? substr(rest, 1, at - 1) : rest)
			rest = at ? substr(rest, at + 2) : ""
			inside = !at
		} else {
			at = index(rest, "/*")
			code = code " " (at ? substr(rest, 1, at - 1) : rest)
			rest = at ? substr(rest, at + 2) : ""
			inside = at > 0
		}
	}
	while (match(code, /(lt|LT)_[A-Za-z0-9_]+/)) {
		known[substr(code, RSTART, RLENGTH)]
		code = substr(code, RSTART + RLENGTH)
	}
	look(comment)
	next
}
kind == "page" { look($0); next }
/^[ \t]*#/ { look($0) }

# look TEXT: note what it names.  Names with capitals or * in them, and lt-x, stand
# for others.
function look(all,    text, before, word) {
	text = all
	while (match(text, /[A-Za-z0-9_.\/*$~-]*[A-Za-z0-9_]([.](c|h|mk|awk|bats|bash|sh|py)|[(][1-9][)])/)) {
		word = substr(text, RSTART, RLENGTH)
		before = RSTART > 1 ? substr(text, RSTART - 1, 1) : " "
		text = substr(text, RSTART + RLENGTH)
		if (text ~ /^[A-Za-z0-9_\/]/ || before !~ /[ ("'`\t,:]/)
			continue
		if (word ~ /[)]$/) {
			if (word ~ /^lt(-[a-z]+)?[(]/)
				want(word, "man/" substr(word, 1, length(word) - 3) "." \
					substr(word, length(word) - 1, 1))
		} else if (word ~ /^[a-z]/ && word !~ /[A-Z*]|lt-x/)
			want(word, word)
	}
	if (kind != "c" && FILENAME !~ /^lib/)
		return
	text = all
	while (match(text, /(lt|LT)_[A-Za-z0-9_]+([*]|[.][.][.])?/)) {
		word = substr(text, RSTART, RLENGTH)
		before = RSTART > 1 ? substr(text, RSTART - 1, 1) : " "
		text = substr(text, RSTART + RLENGTH)
		if (before !~ /[A-Za-z0-9_.$]/ && word !~ /[*._]$/ && word !~ /^LT_.*[a-z]|^lt_.*[A-Z]/)
			names[word] = names[word] FILENAME ":" FNR ": " word "\n"
	}
	if (kind == "c" && match(" " all, /[ (](FORMATS|METHODS|KERNELS|RELIABILITY|ARCHITECTURE|STYLE|papers? 0[0-9]+)/))
		print FILENAME ":" FNR ": " substr(" " all, RSTART + 1, RLENGTH - 1)
}
function want(word, path) {
	if (!(path in there))
		print FILENAME ":" FNR ": " word
}
END {
	for (word in names)
		if (!(word in known))
			printf "%s", names[word]
}
