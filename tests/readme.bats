#!/usr/bin/env bats
# The README's results are those of examples/.
load common

report=$ROOT/pipelines/report

# Lines of a README section, up to the next of its depth.
section() {
	awk -v head="$1" '
	/^##/ { match($0, /^#+/); if (inside && RLENGTH <= depth) exit }
	$0 == head { match($0, /^#+/); depth = RLENGTH; inside = 1 }
	inside' "$ROOT/README.md"
}
words() { tr -s ' \n' '  '; }

# A command's arguments, sorted; the page shows no folders of the machine.
arguments() { xargs -n 1 | sed 's,=/.*/,=.../,' | sort; }

# told FOLDER: every sentence that was computed there is in ./here, and the command
# beside it is that of the page.
told() {
	local line
	words <here >flat
	while IFS= read -r line; do
		grep -qF -- "$(words <<<"$line" | sed 's/ $//')" flat ||
			{ echo "not in the README: $line" >&2; false; }
	done <"$ROOT/examples/$1/findings.txt"
	[ -x "$ROOT/examples/$1/run.sh" ]
	sed -n 's/^command\t//p' "$ROOT/examples/$1/facts.tsv" | arguments >want
	[ "$(wc -l <want)" -gt 10 ]
	sed '/^#/d; s/^exec//; s/"\$@"//; s/\\$//' "$ROOT/examples/$1/run.sh" |
		tr '\n' ' ' | arguments | grep -vx -e -j2 -e V=0 | diff want -
}

# results FOLDER HEADING METHODS: the table, and every sentence.
results() {
	section "$2" >here
	[ -s here ]
	awk -f "$report/lib.awk" -f "$report/readme.awk" methods="$3" "$ROOT/examples/$1/mean.tsv" >table
	[ "$(wc -l <table)" -gt 4 ]
	grep '^|' here | diff table -
	told "$1"
}

@test "PrAC on CIFAR-10: table and sentences are computed" {
	results prac-cifar10 '### CIFAR-10, resnet20' 'imp prac prac-cet random-set random'
}

@test "PrAC on Fashion-MNIST: table and sentences are computed" {
	results prac-fashion '### Fashion-MNIST, the demo'"'"'s network' 'imp prac prac-cet random-set random'
}

@test "the searches by the clock: the table is computed" {
	section '### By the clock' | grep '^|' >here
	awk -f "$report/lib.awk" -f "$report/clock.awk" "$ROOT/examples/prac-fashion/wallclock.tsv" | diff - here
}

@test "early tickets: the grid and the sentences are computed" {
	section '## When tickets appear' >here
	[ -s here ]
	awk -f "$report/lib.awk" -f "$report/markdown.awk" corner='mask of epoch' before='weights of ' \
		places=2 "$ROOT/examples/early-cifar10/grid_table.tsv" >table
	[ "$(wc -l <table)" -gt 5 ]
	grep '^|' here | diff table -
	told early-cifar10
}
