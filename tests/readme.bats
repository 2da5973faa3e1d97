#!/usr/bin/env bats
# The README's results are those of examples/.
# Quick: not run, for it tests makefiles and awk.
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

# said: every line of standard input is in ./here.
said() {
	local line
	words <here >flat
	while IFS= read -r line; do
		grep -qF -- "$(words <<<"$line" | sed 's/ $//')" flat ||
			{ echo "not in the README: $line" >&2; return 1; }
	done
}

# told FOLDER: every sentence that was computed there is in ./here, and the command
# beside it is that of the page.
told() {
	said <"$ROOT/examples/$1/findings.txt"
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

@test "ticket searches: table and sentences are computed" {
	local f=$ROOT/examples/search-cifar10
	section '## Which networks are worth searching' >here
	[ -s here ]
	awk -f "$report/lib.awk" -f "$ROOT/pipelines/search/readme.awk" "$f/networks.tsv" >table
	[ "$(wc -l <table)" -gt 5 ]
	grep '^|' here | diff table -
	told search-cifar10
	lt-score networks "$f/stages.tsv" | cmp - "$f/score.tsv"
	for control in random longer; do
		awk -f "$report/lib.awk" -f "$ROOT/pipelines/search/findings.awk" is=networks \
			"$f/$control.tsv" | grep -e parameters -e 'length against' >sentences
		[ -s sentences ]
		said <sentences
	done
}

@test "ticket searches: the table's numbers, counted again from the stages" {
	section '## Which networks are worth searching' | grep '^| [a-z].*[0-9] |' >here
	[ "$(wc -l <here)" -gt 3 ]
	sed 's/, [0-9]*-[0-9]* %//; s/ ([0-9]*-[0-9]* %)//' here | cut -d '|' -f 2,5-9 >found
	awk -F '\t' '
	function stat(a,   i, m, v) {
		for (i = 1; i <= n; i++)
			m += a[i] / n
		for (i = 1; i <= n; i++)
			v += (a[i] - m) ^ 2
		avg = m
		return n < 2 ? "" : sprintf(" ± %." p "f", sqrt(v / (n - 1)))
	}
	function show(a, places,   s) {
		p = places
		s = stat(a)
		return sprintf(" %." p "f%s ", avg, s)
	}
	NR == 1 { next }
	!($1 in seen) { seen[$1] = 1; net[++nets] = $1 }
	{ val[$1, $2, $3] = $5; acc[$1, $2, $3] = $6; removed[$1, $2, $3] = $4; seeds[$1, $2] = 1 }
	$3 > last[$1] { last[$1] = $3 }
	END {
		for (k = 1; k <= nets; k++) {
			m = net[k]
			n = wins = 0
			for (s = 1; (m, s) in seeds; s++) {
				best = 1
				won = 0
				for (r = 1; r <= last[m]; r++) {
					if (val[m, s, r] >= val[m, s, best])
						best = r
					won += val[m, s, r] >= val[m, s, 0]
				}
				dense[++n] = acc[m, s, 0]
				top[n] = acc[m, s, best]
				gone[n] = removed[m, s, best]
				gain[n] = (top[n] / dense[n] - 1) * 100
				wins += won > 0
			}
			text = show(gain, 2)
			lts = sprintf("%.2f", avg * wins / n)
			print " " m " |" show(dense, 2) "|" show(top, 2) "|" show(gone, 1) "|" text "| " wins " of " n " "
			print m, lts >"lts"
		}
	}' "$ROOT/examples/search-cifar10/stages.tsv" | sort >want
	sort found | diff want -
	awk -F '|' '{ gsub(/ /, ""); print $2, $10 }' here | sort | diff <(sort lts) -
}
