#!/bin/bash
# The rules of the house that a program can check, as TAP.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=$(cd "${BUILD:-build}" 2>/dev/null && pwd)
export LC_ALL=C
shopt -s nullglob
failed=0 n=0

# verdict TITLE COMPLAINTS: no complaint is good.
verdict() {
	n=$((n + 1))
	if [ "$2" ]; then
		failed=1
		echo "not ok $n - lint: $1"
		sed 's/^/# /' <<<"$2"
	else
		echo "ok $n - lint: $1"
	fi
}
skip() {
	n=$((n + 1))
	echo "ok $n - lint: $1 # skip $2"
}

sources() {
	find lib tools tests -name '*.[ch]' 2>/dev/null | sort
}

# Floors of the library: a file includes its own folder and lower floors.
layers() {
	grep -n '^#include "' $(sources) | awk -F'[:"/]' '
	BEGIN {
		split("base 0 kern 1 file 1 page 1 source 2 mask 2 net 3 info 4 engine 4 exact 4 run 5 ticket 6", f, " ")
		for (i = 1; i in f; i += 2)
			floor[f[i]] = f[i + 1]
	}
	$1 == "lib" {
		# lib/FOLDER/FILE:LINE:#include "TO/NAME"
		if (match($0, /"[^"]*"/) == 0)
			next
		split(substr($0, RSTART + 1, RLENGTH - 2), to, "/")
		if (!(to[1] in floor) || to[2] == "")
			print $0 ": not a folder of lib/"
		else if (to[1] != $2 && floor[to[1]] >= floor[$2])
			print $0 ": not a lower floor"
		else if (to[1] == "base" && to[2] == "cli.h" && $3 !~ /^(cli|action|complete)[.]/)
			print $0 ": for tools alone"
	}'
}

guards() {
	local h want
	for h in lib/*/*.h; do
		want=$(tr a-z/. A-Z__ <<<"${h#lib/}")
		grep -q "^#ifndef LT_$want\$" "$h" &&
			grep -q "^#define LT_$want\$" "$h" ||
			echo "$h: expected the guard LT_$want"
	done
}

# Operators are rows of tables, by key; nobody else names a key, and no table
# compares one.
operators() {
	local tables='lib/net/op.h'
	grep -nE '\<LT_OP_[A-Z0-9]+\>' lib/*/*.[ch] tools/*.[ch] tools/*/*.[ch] |
		grep -vE 'LT_OP_(COUNT|LIST|ATTRS|KEY|DECLARE)\>' |
		grep -vE "^(${tables// /|}):.*([[]LT_OP_[A-Z0-9]+] =|X[(])" |
		sed 's/$/: names an operator outside of the tables/'
	grep -nE '([=!]=|\<case) *LT_OP_|LT_OP_[A-Z0-9]+ *[=!]=' $tables |
		sed 's/$/: compares an operator/'
}

unique_names() {
	sources | sed 's,.*/,,' | sort | uniq -d
}

# The library knows no options: a message says what would mend a failure by
# lt_fail_mend, and the caller passes names.
no_options() {
	grep -nE '"[^"]*--[a-z]' lib/*/*.[ch] |
		grep -vE '^lib/(base/(cli|claim|complete)[^/]*):'
}

sizes() {
	wc -l lib/*/*.[ch] tools/*.c tools/*/*.c 2>/dev/null | awk '
	$2 ~ /^lib/ && $1 > 1200 { print $2 ": " $1 " lines, over 1200" }
	$2 ~ /^tools/ && $1 > 600 { print $2 ": " $1 " lines, over 600" }'
}

# The longest functions and those with most parameters, as comments for whom it
# concerns: a size is a signal.  On 2026-11-28 the longest function had 61 lines
# and the most parameters were 12; what has over twice as many fails.
functions() {
	awk -f tests/functions.awk lib/*/*.[ch] tools/*.c tools/*/*.c >"$scratch/functions"
	echo '# the ten longest functions:'
	sort -k 1,1nr -k 3 "$scratch/functions" | head -n 10 |
		awk '{ print "#   " $1 " lines: " $4 ", " $3 }'
	awk '$2 >= 8 { n++ } END { print "# " n + 0 " of " NR \
		" functions have 8 parameters or more:" }' "$scratch/functions"
	awk '$2 >= 8' "$scratch/functions" | sort -k 2,2nr -k 3 |
		awk '{ print "#   " $2 " parameters: " $4 ", " $3 }'
}
too_large() {
	[ "$(wc -l <"$scratch/functions")" -gt 1000 ] ||
		echo 'fewer than 1000 functions are seen'
	awk '$1 > 122 { print $3 ": " $4 " has " $1 " lines, over 122" }
		$2 > 24 { print $3 ": " $4 " has " $2 " parameters, over 24" }' \
		"$scratch/functions"
}

line_ends() {
	grep -nE '[[:space:]]$' $(sources) Makefile pipelines/*.* pipelines/*/* man/* \
		tests/*.bats tests/*.sh tests/*.bash 2>/dev/null | head -n 20
}

# The programs: those of tools/, and the launcher among the workflows.
programs() {
	basename -s .c tools/lt tools/lt-*.c
	echo lt-slurm
}

one_to_one() {
	local t
	for t in $(programs); do
		[ -e "man/$t.1" ] || echo "$t: no man/$t.1"
		[ -e "tests/$t.bats" ] || echo "$t: no tests/$t.bats"
	done
	for t in man/lt-*.1; do
		t=$(basename "$t" .1)
		programs | grep -qx -- "$t" || echo "man/$t.1: no such program"
	done
}

# --help as lines "head TAB default": "-o, --output FILE	-".
help_options() {
	"$BUILD/$1" --help | awk '
	/^  (-[a-zA-Z0-9],|   ) --/ {
		head = $0
		sub(/^ */, "", head)
		text = ""
		if (match(head, /  +/)) {
			text = substr(head, RSTART + RLENGTH)
			head = substr(head, 1, RSTART - 1)
		} else if ((getline text) <= 0)
			text = ""
		value = ""
		if (match(text, /\[[^]]*\]$/))
			value = substr(text, RSTART + 1, RLENGTH - 2)
		print head "\t" value
	}'
}

# A page as text, a paragraph a line.
page_text() {
	mandoc -T ascii -O width=1000 "$1" | sed 's/.\x08//g'
}

# Such a text as lines "head TAB whole text of the item", for each option.
page_options() {
	awk '
	/^     -[-a-zA-Z0-9]/ {
		if (head)
			print head "\t" text
		head = $0
		sub(/^ */, "", head)
		text = ""
		if (match(head, /  +/)) {
			text = substr(head, RSTART + RLENGTH)
			head = substr(head, 1, RSTART - 1)
		}
		next
	}
	/^ {0,5}[^ ]/ || /^     [^ ]/ || /^[^ ]/ {
		if (head)
			print head "\t" text
		head = ""
		next
	}
	head { sub(/^ */, ""); text = text " " $0 }
	END { if (head) print head "\t" text }' | grep -E '^(-[a-zA-Z0-9], )?--'
}

# choices TOOL TEXT OPTIONS: the tool takes the choices that --help lists, and
# the page explains each, in the option's item or under a heading of its own.
# TEXT and OPTIONS: the page, by page_text and page_options.
choices() {
	local head list said word
	cut -f 1 "$scratch/help" | grep '|' | while read -r head; do
		list=${head##* } head=${head% *} head=${head##* }
		said=$("$BUILD/$1" "$head" '' 2>&1 |
			sed -n "s/^$1: $head: expected \(.*\), found ''$/\1/p")
		[ "$said" = "$list" ] ||
			echo "$1: $head takes '$said', --help lists '$list'"
		for word in ${list//|/ }; do
			grep -qE "^ +$word(  |\$)" "$2" ||
				grep -E "^(-[a-zA-Z0-9], )?$head " "$3" |
				cut -f 2 |
				grep -qE "(^|[^A-Za-z0-9-])$word($|[^A-Za-z0-9-])" ||
				echo "man/$1.1: $head: nothing of $word"
		done
	done
}

# page_against_help TOOL [PAGE]: every option of --help is in the page with the
# same argument, its default is named there, and the page has no other; and so
# with the choices of each option.
page_against_help() {
	local tab=$'\t'
	page_text "${2:-man/$1.1}" >"$scratch/text"
	page_options <"$scratch/text" >"$scratch/page"
	help_options "$1" >"$scratch/help"
	[ -s "$scratch/help" ] || echo "$1: --help lists no option"
	diff <(cut -f 1 "$scratch/help" | sort) \
		<(cut -f 1 "$scratch/page" | sort) | sed -n \
		"s/^< /man\/$1.1 lacks: /p; s/^> /man\/$1.1 has, --help has not: /p"
	while IFS=$tab read -r head value; do
		[ "$value" ] || continue
		awk -F '\t' -v head="$head" -v value="$value" '
		$1 == head && (!index($2, value) || $2 !~ /efault/) {
			print head ": default " value " not in the page" }' \
			"$scratch/page" | sed "s/^/man\/$1.1: /"
	done <"$scratch/help"
	choices "$1" "$scratch/text" "$scratch/page"
}

# The comparison sees each choice that a page loses: from the option's argument,
# or from the text.
choices_are_seen() {
	local word
	"$BUILD/lt-prune" --help | sed -n 's/^ *--\(method\|bn\) \([^ ]*\).*/\2/p' |
		tr '|' '\n' | while read -r word; do
		sed "/^\.It Fl -[mb]/s/\(Ar \||\)$word\(|\|$\)/\1\2/" man/lt-prune.1 \
			>"$scratch/less.1"
		[ "$(page_against_help lt-prune "$scratch/less.1")" ] ||
			echo "lt-prune: --method without $word in its argument passes"
		sed "/^\.It Fl/!s/\b$word\b\([^-]\|$\)/\1/g" man/lt-prune.1 >"$scratch/less.1"
		page_against_help lt-prune "$scratch/less.1" |
			grep -q "nothing of $word$" ||
			echo "lt-prune: a text without $word passes"
	done
	[ ! "$(page_against_help lt-prune)" ] ||
		echo 'lt-prune: the page as it is does not pass'
}

pages() {
	local t
	for t in $(programs); do
		[ -e "man/$t.1" ] && [ -x "$BUILD/$t" ] && page_against_help "$t"
	done
}

# Pages of ours that others refer to are there.
references() {
	grep -Ho '^\.Xr lt[-a-z]* [0-9]' "${manual[@]}" |
		sed 's/^\([^:]*\):\.Xr \(.*\) \([0-9]\)$/\1 man\/\2.\3/' |
		while read -r from to; do
			[ -e "$to" ] || echo "$from: no $to"
		done
}

# The comments of C files, each on one line: "FILE:LINE: text".
comments() {
	awk '
	function put() {
		gsub(/[ \t*]+/, " ", text)
		print FILENAME ":" first ":" text
		text = ""
	}
	FNR == 1 { inside = 0 }
	{
		line = $0
		while (line != "")
			if (inside) {
				end = index(line, "*/")
				text = text " " (end ? substr(line, 1, end - 1) : line)
				line = end ? substr(line, end + 2) : ""
				if (end) {
					inside = 0
					put()
				}
			} else if (match(line, "/[*]|//|\"([^\"\\\\]|\\\\.)*\"")) {
				begin = substr(line, RSTART, 2)
				line = substr(line, RSTART + RLENGTH)
				first = FNR
				if (begin == "/*")
					inside = 1
				else if (begin == "//") {
					text = line
					line = ""
					put()
				}
			} else
				line = ""
	}' $(sources)
	grep -nE '^[[:space:]]*#' tests/*.bats tests/*.sh tests/*.bash
}

# A comment that was wrapped and lost its margin, "*word" for "* word".
margins() {
	grep -nE '^ \*[^[:space:]/]' $(sources)
}

# Words that readers stumbled over.  Each has a plain one: "it is of X" says
# "X has it", "by lot" "at random", "it tells" "it shows".
riddles='(is|are|was|were) of|go(es)? by|tells|(is|are|was|were|be) told'
riddles+='|by lot|takes? the place of|as (it|they) (lies?|stands?)|dearest|lest'
# The texts that programs print.
messages() {
	grep -nE '^[^*]*"' lib/*/*.[ch] tools/*.c tools/*/*.c |
		sed -nE 's/^([^:]*:[0-9]*):[^"]*"(.*)".*/\1:\2/p'
}
riddles() {
	{ comments && messages; } | grep -vE '^tests/[a-z.-]+:[0-9]+:# (tells|told) [A-Z]' |
		grep -v '^tests/lint.sh:' | sed -nE \
		"s/^([^:]*:[0-9]*):(.*[^a-zA-Z])?(($riddles)([^a-zA-Z].{0,30}|\$)).*/\1: \3/p"
}

# The table of tests/README.md: every file of the library and every unit program
# is in it, and what it names is there.
tested() {
	local f t table
	table=$(grep -E '^\| `[a-z]+/[a-z0-9_]+\.c`' tests/README.md)
	for f in lib/*/*.c; do
		grep -qF "\`${f#lib/}\`" <<<"$table" ||
			echo "tests/README.md: no test of $f"
	done
	for f in $(grep -oE '`[a-z]+/[a-z0-9_]+\.c`' <<<"$table" | tr -d '\`'); do
		[ -e "lib/$f" ] || echo "tests/README.md: no lib/$f"
	done
	for t in $(grep -oE '`[a-z0-9-]+\.bats`' tests/README.md | tr -d '\`'); do
		[ -e "tests/$t" ] || echo "tests/README.md: no tests/$t"
	done
	for t in $(grep -oE '`[a-z0-9_]+_test`' <<<"$table" | tr -d '\`'); do
		[ -e "tests/unit/$t.c" ] || echo "tests/README.md: no unit/$t.c"
	done
	for t in tests/unit/*_test.c; do
		t=$(basename "$t" .c)
		grep -qF "\`$t\`" tests/README.md ||
			echo "tests/README.md: what does $t test?"
	done
}

# What comments and pages name is there.
citations() {
	find * -path build -prune -o -type f -print >"$scratch/all"
	awk -f tests/citations.awk "$scratch/all" "$@"
}
commented() {
	sources
	ls Makefile pipelines/*.* pipelines/*/*.* tests/*.bats tests/*.sh tests/*.bash \
		*.md tests/README.md lib/*.md lib/*/*.md man/*.[1-9]
}
# The check itself: five names of nothing, and four of something.
citations_are_seen() {
	cat >"$scratch/cites.c" <<-'END'
	/* See learn/exec.h, METHODS section 1, lt-scroll(5) and lt_prune_all.
	 * See mask/prune.h, LT_KERN, lt-prune(1), lib/kern/README.md. */
	int lt_prune(const char *s); /* "exec.c" */
	END
	citations "$scratch/cites.c" $(sources) | grep -F "$scratch" |
		sed 's/.*: //' | sort | paste -sd ' ' | grep -qx \
		'METHODS exec.c learn/exec.h lt-scroll(5) lt_prune_all' ||
		echo 'what names nothing passes, or what names something does not'
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
verdict 'a file includes its own folder and lower floors' "$(layers)"
verdict 'guards carry the names of their headers' "$(guards)"
verdict 'no code compares operators' "$(operators)"
verdict 'file names are unique' "$(unique_names)"
verdict 'the library names no options' "$(no_options)"
verdict 'no file is too long' "$(sizes)"
functions
verdict 'no function is far too long or takes far too much' "$(too_large)"
verdict 'no line ends in space' "$(line_ends)"
verdict 'comments keep their margin' "$(margins)"
verdict 'every tool has its page and its tests' "$(one_to_one)"
verdict 'comments and messages are in plain words' "$(riddles)"
verdict 'every file of the library has a test' "$(tested)"
manual=(man/*.[1-9])
verdict 'what comments and pages name is there' \
	"$(citations $(commented) | sort -u)"
verdict 'a name of nothing is seen' "$(citations_are_seen)"
verdict 'pages refer to pages' \
	"$([ ${#manual[@]} = 0 ] || references | sort -u)"
if command -v mandoc >/dev/null; then
	verdict 'pages are clean' \
		"$([ ${#manual[@]} = 0 ] ||
			mandoc -T lint -W warning "${manual[@]}" 2>&1)"
	verdict 'pages and --help list the same options and choices' \
		"$(pages 2>&1)"
	verdict 'a choice that a page loses is seen' "$(choices_are_seen 2>&1)"
else
	skip 'pages and --help list the same options and choices' \
		'mandoc is not installed'
	skip 'a choice that a page loses is seen' 'mandoc is not installed'
fi
format=$(command -v clang-format-14 || command -v clang-format)
if [ "$format" ] && "$format" --version | grep -q 'version 14'; then
	verdict 'clang-format has nothing to change' \
		"$("$format" --dry-run -Werror $(sources) 2>&1 |
			grep 'error:' | head -n 20)"
else
	skip 'clang-format has nothing to change' 'clang-format 14 is not installed'
fi
exit $failed
