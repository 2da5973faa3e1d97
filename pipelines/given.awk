# given.awk: check the settings that a make was given.  given.mk runs it:
#	awk -f given.awk 'NAME=VALUE'... in MAKEFILE...
# The makefiles declare settings in lines
#	NAME ?= DEFAULT#	[TYPE] text
# where another default may stand without a type.  One line is printed: "! " and
# what is wrong with the first bad setting; or NAME=MAKEFILE for every declaration,
# NAME/KIND where a search, a window or a seed may have a value of its own, and
# +NAME for every other variable that the makefiles assign.
#
# TYPE is a choice of words ("0 or 1", "a, b or c"), of which one may be a kind of
# value with bounds ("all or wholes >0"); "nothing" is the empty value; "by search"
# at its end names who may have a value of its own.  "criterion" is the choice that
# lt-prune --list-methods prints.  The kinds:
BEGIN {
	for (i = 1; ARGV[i] != "in"; i++) {
		given[i] = ARGV[i]
		ARGV[i] = ""
	}
	ARGV[i] = ""
	say["whole"] = "a whole number"
	say["real"] = "a number"
	say["span"] = "epochs, or iterations such as 500i"
	say["milestones"] = "epochs with commas between them"
	say["name"] = "a name (letters, digits and ._+-)"
	say["list"] = "names with commas between them"
	say["path"] = "a path without spaces and without any of " special()
	say["options"] = "options without quotes and without any of $ # & ; ( ) < > | * ? ! \\ `"
	say["settings"] = "settings NAME=VALUE"
	say["known"] = "names of settings"
	say["pruning"] = "EPOCH:SPARSITY"
	say["window"] = "FIRST-LAST or a name"
	say["command"] = "a command"
	# Of these there may be several, with spaces between them.
	say["wholes"] = "whole numbers"
	say["names"] = "names (letters, digits and ._+-)"
	say["paths"] = "paths without any of " special()
	say["prunings"] = "EPOCH:SPARSITY ..."
	say["windows"] = "windows FIRST-LAST, or names"
	split("wholes whole names name paths path prunings pruning windows window", w, " ")
	for (i = 1; i in w; i += 2)
		one[w[i]] = w[i + 1]
}
FNR == 1 { file = FILENAME; sub(/.*[/]/, "", file) }
/^[A-Z][A-Z0-9_]* [?]=/ {
	if (!($1 in first)) {
		first[$1] = 1
		names[++count] = $1
	}
	if (index($0, "#\t[") && match($0, /#\t\[[^]]*\]/))
		declare($1, substr($0, RSTART + 3, RLENGTH - 4))
	places = places $1 "=" file " "
	next
}
/^(define +)?[a-z][A-Za-z0-9_]*( *[:+?]?=|$)/ {
	line = $0
	sub(/^define +/, "", line)
	match(line, /^[A-Za-z0-9_]+/)
	internal[substr(line, 1, RLENGTH)]
}
{
	line = $0
	while (match(line, /eval [a-z_]+ *[:+?]?=/)) {
		split(substr(line, RSTART, RLENGTH), w, " ")
		sub(/[:+?=]+$/, "", w[2])
		internal[w[2]]
		line = substr(line, RSTART + RLENGTH)
	}
}
END {
	for (i = 1; i <= count; i++)
		if (!(names[i] in type))
			fail(names[i] ": this setting is declared without a type")
	for (i = 1; i in given; i++) {
		at = index(given[i], "=")
		setting(substr(given[i], 1, at - 1), substr(given[i], at + 1), "")
	}
	for (i = 1; i <= count; i++)
		if (names[i] in owner)
			places = places names[i] "/" owner[names[i]] " "
	for (i in internal)
		places = places "+" i " "
	print places
}

function fail(text) {
	print "! " text
	failed = 1
	exit 0
}
function special() { return "$ # % & ; : = , ( ) [ ] { } < > | * ? ! \\ ' \" `" }
function declare(name, t,    by) {
	if (match(t, / by (search|window|seed)$/)) {
		by = substr(t, RSTART + 4)
		t = substr(t, 1, RSTART - 1)
		owner[name] = by
	}
	if (name in type && type[name] != t)
		fail(name ": two types, [" type[name] "] and [" t "]")
	type[name] = t
}

# --- One setting, or OWNER.NAME; where: what it stands in, or nothing.
function setting(full, value, where,    name) {
	name = full
	sub(/.*[.]/, "", name)
	if (!(name in type))
		fail(where full ": no such setting" nearest(full, name))
	check(full, value, type[name], where)
}
function check(full, value, t, where,    n, alternative, i, words, w, want) {
	if (t == "criterion")
		t = criteria()
	n = split(t, alternative, /, | or /)
	words = ""
	for (i = 1; i <= n; i++) {
		split(alternative[i], w, " ")
		if (alternative[i] == "nothing" ? value == "" : \
		    w[1] in say ? fits(full, value, w[1], alternative[i], where) : value == alternative[i])
			return
		if (alternative[i] == "nothing")
			continue
		if (w[1] in say)
			want = want (want ? " or " : "") say[w[1]] bounds_of(alternative[i])
		else
			words = words " " alternative[i]
	}
	if (!want)
		want = "one of:" words
	else if (words)
		want = "one of:" words "; or " want
	fail(where full "=" value ": expected " want (words ? near(value, words) : ""))
}
# The names of a table's first column; any name where there is no lt-prune.
function criteria(    command, line, all) {
	command = "lt-prune --list-methods 2>/dev/null"
	while ((command | getline line) > 0) {
		sub(/\t.*/, "", line)
		if (line != "method")
			all = all (all ? ", " : "") line
	}
	close(command)
	return all ? all : "name"
}
function bounds_of(text) {
	if (!match(text, / [<>].*/))
		return ""
	text = substr(text, RSTART + 1)
	sub(/ /, " and ", text)
	text = " " text
	gsub(/>=/, "at least ", text)
	gsub(/<=/, "at most ", text)
	gsub(/>/, "above ", text)
	gsub(/</, "below ", text)
	return text
}
function within(value, text,    w, n, i) {
	n = split(text, w, " ")
	for (i = 2; i <= n; i++) {
		if (w[i] ~ /^>=/ && value + 0 < substr(w[i], 3) + 0 || \
		    w[i] ~ /^<=/ && value + 0 > substr(w[i], 3) + 0 || \
		    w[i] ~ /^>[^=]/ && value + 0 <= substr(w[i], 2) + 0 || \
		    w[i] ~ /^<[^=]/ && value + 0 >= substr(w[i], 2) + 0)
			return 0
	}
	return 1
}
function fits(full, value, kind, text, where,    w, n, i) {
	if (kind in one) {
		n = split(value, w, " ")
		if (value ~ /[^ -~\200-\377]/)
			return 0
		for (i = 1; i <= n; i++)
			if (!fits(full, w[i], one[kind], text, where))
				return 0
		return n > 0
	}
	if (kind == "whole")
		return is_whole(value) && within(value, text)
	if (kind == "real")
		return is_real(value) && within(value, text)
	if (kind == "span")
		return is_span(value)
	if (kind == "milestones")
		return value ~ /^[0-9i,]+$/ && all_of(value, ",", kind)
	if (kind == "name")
		return value ~ /^[A-Za-z0-9_\200-\377][A-Za-z0-9_.+\200-\377-]*$/
	if (kind == "list")
		return value ~ /^[A-Za-z0-9_.,\200-\377-]+$/ && value !~ /^-|^,|,,|,$/
	if (kind == "path")
		return value != "" && value !~ /^[-~]/ && !strange(value, special(), "")
	if (kind == "options")
		return !strange(value, "$#&;()<>|*?!\\'\"`{}[]", " ")
	if (kind == "known")
		return all_of(value, " ", kind)
	if (kind == "pruning")
		return value ~ /^[0-9]+:[0-9.]+$/ && split(value, w, ":") && is_whole(w[1]) && is_real(w[2])
	if (kind == "window")
		return value ~ /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/
	if (kind == "settings") {
		n = tokens(value, w)
		for (i = 1; i <= n; i++) {
			if (!index(w[i], "="))
				return 0
			setting(substr(w[i], 1, index(w[i], "=") - 1), \
				substr(w[i], index(w[i], "=") + 1), full ": ")
		}
		return n >= 0
	}
	return 1
}
function is_whole(value) { return value ~ /^(0|[1-9][0-9]*)$/ && length(value) <= 18 }
function is_real(value) { return value ~ /^([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$/ }
function is_span(value) { sub(/i$/, "", value); return is_whole(value) }
function all_of(value, between, kind,    w, n, i) {
	n = split(value, w, between)
	for (i = 1; i <= n; i++)
		if (kind == "known" ? !(w[i] in type) : !is_span(w[i]))
			return 0
	return n > 0
}
# Has the value a control character, or one of these?
function strange(value, these, but,    i, c) {
	for (i = 1; i <= length(value); i++) {
		c = substr(value, i, 1)
		if (c == but)
			continue
		if (c ~ /[\001-\040\177]/ || index(these, c))
			return 1
	}
	return 0
}
# Words of a command line, single quotes around what has spaces; -1: a quote is open.
function tokens(text, w,    n, i, c, open, begun) {
	split("", w)
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "'") {
			open = !open
			begun = begun || open
		} else if (c == " " && !open) {
			if (begun)
				begun = 0
		} else {
			if (!begun || !n)
				w[++n] = ""
			begun = 1
			w[n] = w[n] c
		}
	}
	return open ? -1 : n + 0
}

# --- The nearest name, for who has mistyped one.
function nearest(full, name,    i, d, least, best) {
	least = 99
	for (i = 1; i <= count; i++) {
		d = distance(toupper(name), names[i])
		if (d < least) {
			least = d
			best = names[i]
		}
	}
	if (least > 3 || 2 * least > length(name))
		return "; \"make -f MAKEFILE help\" lists them"
	return "; did you mean " substr(full, 1, length(full) - length(name)) best "?"
}
function near(value, words,    w, n, i, d, least, best) {
	n = split(words, w, " ")
	least = 99
	for (i = 1; i <= n; i++)
		if ((d = distance(value, w[i])) < least) {
			least = d
			best = w[i]
		}
	return least <= 3 && 2 * least <= length(value) ? "; did you mean " best "?" : ""
}
# How many letters have to be changed, added, left out or swapped.
function distance(a, b,    i, j, m, n, cost, d, x) {
	m = length(a)
	n = length(b)
	for (i = 0; i <= m; i++)
		d[i, 0] = i
	for (j = 0; j <= n; j++)
		d[0, j] = j
	for (i = 1; i <= m; i++)
		for (j = 1; j <= n; j++) {
			cost = substr(a, i, 1) != substr(b, j, 1)
			x = d[i - 1, j - 1] + cost
			if (d[i - 1, j] + 1 < x)
				x = d[i - 1, j] + 1
			if (d[i, j - 1] + 1 < x)
				x = d[i, j - 1] + 1
			if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j - 1, 1) && \
			    substr(a, i - 1, 1) == substr(b, j, 1) && d[i - 2, j - 2] + 1 < x)
				x = d[i - 2, j - 2] + 1
			d[i, j] = x
		}
	return d[m, n]
}
