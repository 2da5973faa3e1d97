#!/usr/bin/env bats
# Every command of lt-tutorial(7) runs and prints what the page says.
# Quick: not run, for it tests a page and makefiles.
load common

# Each section goes on in the folder of those before it.
setup_file() { export BATS_NO_PARALLELIZE_WITHIN_FILE=true; }

# The literal blocks of section $1 of the page as they are shown.
shown() {
	sed -n "/^\.Ss $1\. /,/^\.S[hs] [^$1]/"'{
		/^\.Bd -literal/,/^\.Ed/{
			/^\.[BE]d/d
			s/\\-/-/g
			s/\\(dq/"/g
			s/\\e/\\/g
			s/\\&//g
			p
		}
	}' "$ROOT/man/lt-tutorial.7"
}

# Standard input is such text: write its commands to ./script and what they are to
# print to ./want.  "$ " begins a command, "> " continues it.  Other lines are
# output; after "..." any may follow.
split_commands() {
	awk -v script=script -v want=want '
	function put(line) { print line >script }
	/^\$ / {
		n++
		put("echo \"$ " n "\"")
		print "$ " n >want
		put(substr($0, 3))
		next
	}
	/^> / { put(substr($0, 3)); next }
	n { print >want }' && [ -s script ]
}

# matches WANT FOUND
matches() {
	awk '
	NR == FNR { want[++n] = $0; next }
	want[i + 1] == "..." && $0 !~ /^\$ [0-9]+$/ { next }
	want[i + 1] == "..." { i++ }
	$0 "" != want[++i] "" { print "expected: " want[i]; print "found: " $0; exit bad = 1 }
	END {
		if (!bad && want[i + 1] == "...")
			i++
		if (!bad && i < n)
			print "expected: " want[i + 1] " and nothing came"
		exit bad || i < n
	}' "$1" "$2"
}

# section NUMBER: run its commands in the folder that all sections share, with the
# variables of all sections.
section() {
	export LT=$ROOT
	cd "$BATS_FILE_TMPDIR"
	shown "$1" | split_commands
	sed -n "s/^\$ \([a-z]*='.*'\)\$/\1/p" "$ROOT/man/lt-tutorial.7" |
		cat - script >all
	bash -e -o pipefail all >found || { cat found >&2; return 1; }
	matches want found >&2
}

@test "1: a folder of pictures becomes a data set" {
	section 1
}

@test "2: a ticket by hand" {
	section 2
}

@test "3: the ticket in PyTorch" {
	need_torch
	mkdir bin
	ln -s "$(command -v "$PYTHON")" bin/python3
	PATH=$PWD/bin:$PATH
	section 3
}

@test "4: a search by a workflow" {
	section 4
}

@test "5: a workflow of one's own" {
	section 5
}

@test "a wrong line of output is seen" {
	printf '%s\n' '$ echo 1' 1 '$ echo a |' '> cat' a '$ seq 3' 1 ... >text
	split_commands <text
	bash script >found
	matches want found
	for line in 1 2 3 4; do
		sed "${line}s/\$/ /" found >other
		run ! matches want other
		sed "${line}d" found >other
		run ! matches want other
	done
	echo 4 >>found
	matches want found
}
