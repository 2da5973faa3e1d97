#!/usr/bin/env bats
# README.md says what the programs print and what the tables of examples/results hold;
# pages.bats tests the pages beside the tables.
# Quick: not run, for it tests pages.
load common

examples=$ROOT/examples
discussion=$examples/results/README.md

# shown FILE SECTION N: the Nth run of indented lines of the section, without indent.
shown() {
	awk -v section="## $2" -v n="$3" '
	/^## / { here = $0 == section; next }
	!here { next }
	/^    / { if (!open) k++; open = 1; if (k == n) print substr($0, 5); next }
	{ open = 0 }' "$1"
}

# table FILE SECTION: the rows of the section's table as "cell|cell...", with no
# spaces around cells.
table() {
	awk -v section="$2" '
	/^##/ { here = $0 == section; next }
	here && /^\|/ && n++ > 1' "$1" | sed 's/^| *//; s/ *|$//; s/ *| */|/g'
}

# cells TABLE WHERE COLUMN[:PLACES][±]...: the values of the one row with all words
# NAME=VALUE of WHERE, separated by "|"; ± adds the column's standard deviation.
cells() {
	awk -F '\t' -v where="$2" -v columns="${*:3}" '
	function number(name, places) { return sprintf("%." places "f", $c[name]) }
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{
		for (i = split(where, w, " "); i; i--) {
			split(w[i], e, "=")
			if ($c[e[1]] != e[2])
				next
		}
		if (found++)
			exit
		for (i = 1; i <= split(columns, w, " "); i++) {
			std = sub(/±/, "", w[i])
			split(w[i], e, ":")
			line = line (i > 1 ? "|" : "") number(e[1], e[2])
			if (std && tolower($c[e[1] "_std"]) != "nan")
				line = line " ± " number(e[1] "_std", e[2])
		}
	}
	END { print line; exit found != 1 }' "$1"
}

@test "the README is short, and what it names is there" {
	local f to
	[ "$(wc -c <"$ROOT/README.md")" -le 8192 ]
	for f in "$ROOT/README.md" "$ROOT/CONTRIBUTING.md" "$discussion"; do
		grep -o ']([^)]*)' "$f" | grep -v '](http' >links
		[ -s links ]
		while IFS= read -r to; do
			to=${to#](}
			[ -e "${f%/*}/${to%)}" ] || { echo "$f: no $to" >&2; return 1; }
		done <links
	done
	grep -o '^| `lt[-a-z`, ]*' "$ROOT/README.md" | grep -o 'lt[-a-z]*' | sort >named
	(cd "$BUILD" && ls -d lt lt-[a-z]*) | sort | diff named -
}

@test "the README's pipeline is a script of examples/ and prints what the README says" {
	shown "$ROOT/README.md" 'A pipeline' 1 | diff - "$examples/one-round.sh"
	long_test
	[ -e /usr/share/datasets/fashion-mnist ] ||
		skip 'dataset-fashion-mnist is not installed'
	bash -e -o pipefail "$examples/one-round.sh" >output
	shown "$ROOT/README.md" 'A pipeline' 2 | diff - output
}

@test "the examples of lt(7) run" {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$ROOT/man/lt.7" | sed '/^\./d; s/\\e$/\\/' >lines
	bash -e -o pipefail lines >output
	grep -q ' total$' output
	[ -s prac.idx ]
}

@test "the README's results are those of the tables" {
	local f=$examples/results s
	sh "$f/claims.sh" >want
	[ "$(wc -l <want)" -ge 8 ]
	sed -n '/^## Results/,/^## Speed/p' "$ROOT/README.md" | grep '^| ' | sed 1d | diff want -
	# The numbers of PrAC, taken from the tables by awk.
	for s in 'prac-cifar10 8' 'prac-fashion 10' 'trained-lenet-300-100 15'; do
		set -- $s
		cells "$f/$1/matching.tsv" "method=prac round=$2" difference:2 difference_low:2 \
			difference_high:2 sparsity:1 difference_n:0 |
			sed 's/|\(.*\)|\(.*\)|\(.*\)|/ (\1 to \2) at \3 %|/; s/ to \([0-9]\)/ to +\1/'
		awk -F '\t' -v r="$2" '$1 == "prac" && $2 == r { print $28 }' "$f/$1/matching.tsv"
	done | paste -d '|' - - >want
	[ "$(wc -l <want)" = 3 ]
	table "$ROOT/README.md" '## Results' | grep "^PrAC's tickets match" | cut -d '|' -f 3-5 |
		diff want -
	# What PrAC saves, and RigL less SET.
	f=$examples/results/trained-lenet-300-100
	cells "$f/savings.tsv" 'method=prac criterion=margin' search_iterations_saving:1 sparsity:1 |
		sed 's/\(.*\)|\(.*\)/\1 % up to \2 %/' >want
	table "$ROOT/README.md" '## Results' | grep '^PrAC saves' | cut -d '|' -f 3 | cut -d : -f 1 |
		diff want -
	f=$examples/results/dynamic-lenet-300-100
	cells "$f/differences.tsv" 'method=rigl against=set' difference:2 difference_low:2 \
		difference_high:2 sparsity:1 | sed 's/|\(.*\)|\(.*\)|\(.*\)/ (+\1 to +\2) at \3 %/; s/^/+/' >want
	table "$ROOT/README.md" '## Results' | grep '^RigL' | cut -d '|' -f 3 | diff want -
}

@test "the examples of networks are initialized" {
	local n
	for n in "$examples"/*.net; do
		lt-init -q -o net.safetensors "$n"
	done
}

@test "ticket searches: the tables' numbers, counted again from the stages" {
	awk -F '\t' '
	function stat(a,   i, m, v) {
		for (i = 1; i <= n; i++)
			m += a[i] / n
		for (i = 1; i <= n; i++)
			v += (a[i] - m) ^ 2
		return sprintf("\t%.6g\t%s", m, n < 2 ? "nan" : sprintf("%.6g", sqrt(v / (n - 1))))
	}
	NR == 1 { next }
	!($1 in seen) { seen[$1] = 1; net[++nets] = $1 }
	{ val[$1, $2, $3] = $5; acc[$1, $2, $3] = $6; removed[$1, $2, $3] = $4; seeds[$1, $2] = 1 }
	$3 > last[$1] { last[$1] = $3 }
	END {
		for (k = 1; k <= nets; k++) {
			m = net[k]
			n = wins = sum = 0
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
				if (won)
					sum += gain[n]
			}
			print m "\t" n "\t" wins stat(dense) stat(top) stat(gone) stat(gain) \
				sprintf("\t%.6g", sum / n)
		}
	}' "$examples/results/search-cifar10/stages.tsv" >want
	[ "$(wc -l <want)" = 7 ]
	awk -F '\t' '
	function g(name) { return tolower($c[name]) == "nan" ? "nan" : sprintf("%.6g", $c[name]) }
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ print $1 "\t" $c["searches"] "\t" $c["successes"] "\t" g("dense_acc") "\t" \
		g("dense_acc_std") "\t" g("best_acc") "\t" g("best_acc_std") "\t" \
		g("best_sparsity") "\t" g("best_sparsity_std") "\t" g("best_gain") "\t" \
		g("best_gain_std") "\t" g("lts") }' "$examples/results/search-cifar10/networks.tsv" |
		diff want -
}
