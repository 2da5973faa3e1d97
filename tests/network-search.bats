#!/usr/bin/env bats
# Ticket searches of two small networks on a synthetic set.
# Quick: not run, for it tests makefiles and awk.
load common
load workflow

# search ARGUMENT...: the second network on other data, for fewer epochs.
search() {
	local wide=(wide.EPOCHS=4 wide.MILESTONES=2 wide.DATASET=synth-200 wide.TRAIN=200)
	[[ $* != *NETWORKS=* ]] || wide=()
	workflow search.mk EPOCHS=6 MILESTONES=4,5 SEEDS='1 2' ROUNDS=3 RATE=0.16 PATIENCE=2 \
		ARCS=3 POINTS=32 PATH_LAYERS='conv1 a2' \
		NETWORKS="$BATS_FILE_TMPDIR/wide.net $BATS_FILE_TMPDIR/tiny.net" \
		"${wide[@]}" "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	tiny_net wide 12 >wide.net
	search -j2 >make.log 2>&1 || { cat make.log >&2; return 1; }
	hashes >hashes
}
setup() { begin_with_runs; }

# started ARGUMENT...: the programs that make starts, lt-info's version aside.
started() {
	cat >count.sh <<-'END'
		#!/bin/sh
		echo "$*" >>"$COUNT"
		exec "$@"
	END
	chmod +x count.sh
	: >started
	COUNT=$PWD/started search -s LAUNCH="$PWD/count.sh" "$@" >/dev/null
	cat started
}

@test "a second run starts nothing" {
	started >log
	started -j4 >>log
	[ ! -s log ]
	unchanged
}

@test "a stage: what was trained, pruned and measured, by hand" {
	local s=runs/synth/tiny/s1/search
	train() {
		lt-train -q --data runs/synth/train.data --index runs/synth/train.idx \
			--val-index runs/synth/val.idx --seed 1 --batch 32 --epochs 6 --milestones 4,5 \
			--warmup 0 --patience 2 --best best.st "$@" runs/synth/tiny/s1/theta0.safetensors
	}
	# PyTorch's initialization.
	lt-init -q --seed 1 --init default -o 0.st "$BATS_FILE_TMPDIR/tiny.net"
	cmp 0.st runs/synth/tiny/s1/theta0.safetensors
	train -o last.st
	cmp best.st $s/00/best.safetensors
	lt-prune -q --method lamp --rate 0.16 --layers conv,linear -o 1.mask best.st
	cmp 1.mask $s/01/ticket.mask.safetensors
	train -m 1.mask -o last.st
	cmp last.st $s/01/last.safetensors
	lt-prune -q --method lamp --rate 0.16 --layers conv,linear -m 1.mask -o 2.mask best.st
	cmp 2.mask $s/02/ticket.mask.safetensors
	lt-eval -q -d runs/synth/test.data best.st | cmp - $s/01/test.tsv
	lt-eval -q -d runs/synth/train.data -i runs/synth/train.idx best.st | cmp - $s/01/train.tsv
	lt-trajectory -q --seed 1 --arcs 3 --points 32 -d runs/synth/test.data best.st |
		cut -f 2- | diff - <(cut -f 2- $s/01/length.tsv)
}

@test "the table of stages: rows, sparsities, columns from their files" {
	local f=runs/search/stages.tsv
	[ "$(wc -l <$f)" = 17 ]
	[ "$(awk 'NR > 1 { print $1 $2 }' $f | uniq -c | awk '{ print $1 $2 }' | xargs)" = \
		'4wide1 4wide2 4tiny1 4tiny2' ]
	# 84 % of what is left, rounded: 1288, 1082, 909, 764.
	[ "$(awk '$1 == "tiny" && $2 == 1 { printf "%.0f ", 1288 * (1 - $4 / 100) }' $f)" = '1288 1082 909 764 ' ]
	[ "$(awk '$1 == "tiny" && $2 == 2 && $3 == 1 { print $6, $12 }' $f)" = \
		"$(awk 'NR == 2 { print $3 }' runs/synth/tiny/s2/search/01/test.tsv) $(
			awk 'NR == 2 { print $5 }' runs/synth/tiny/s2/search/01/length.tsv)" ]
	[ "$(awk '$1 == "tiny" && $2 == 2 && $3 == 1 { print $14 }' $f)" = \
		"$(awk 'NR == 2 { print $3 }' runs/synth/tiny/s2/search/01/train.tsv)" ]
	[ "$(awk '$1 == "wide" { print ($8 > 4) }' $f | sort -u)" = 0 ]
	# Its own data: a part of them.
	[ "$(size runs/synth-200/train.idx)" = 200 ]
	[ "$(awk '$1 == "wide" { print $5 }' runs/search/networks.tsv)" = 200 ]
}

@test "gains and score: counted again" {
	awk '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ acc[$1, $3, $2] = $6; len[$1, $3, $2] = $12 }
	END {
		for (s = 0; s <= 3; s++) {
			a = 100 * (acc["tiny", s, 1] / acc["tiny", 0, 1] - 1)
			b = 100 * (acc["tiny", s, 2] / acc["tiny", 0, 2] - 1)
			c = 100 * (len["tiny", s, 1] / len["tiny", 0, 1] - 1)
			d = 100 * (len["tiny", s, 2] / len["tiny", 0, 2] - 1)
			printf "%d %.6f %.6f\n", s, (a + b) / 2, (c + d) / 2
		}
	}' runs/search/stages.tsv | sed 's/-\(0[.]0*\( \|$\)\)/\1/g' >want
	awk '$1 == "tiny" { printf "%d %.6f %.6f\n", $2, $7, $9 }' runs/search/gains.tsv | diff want -
	lt-score networks runs/search/stages.tsv | cmp - runs/search/score.tsv
	# The smaller network comes first, with its size.
	[ "$(cut -f 1,2 runs/search/networks.tsv | sed 1d | xargs)" = 'tiny 1340 wide 1960' ]
	[ "$(awk 'NR == 2 { print $10 }' runs/search/networks.tsv)" = "$(awk '$1 == "tiny" { print $6 }' runs/search/score.tsv)" ]
}

@test "findings: the score of winning tickets, the other one, and gaps" {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' network parameters searches successes \
		lts lts_all dense_gap dense_gap_std best_gap best_gap_std match_gap \
		some 1 4 2 3 1 20 2 15 1 12  all 2 4 4 2 2 NaN NaN NaN NaN NaN  none 3 4 0 0 0 8 NaN 9 NaN NaN >t.tsv
	awk -f "$ROOT/pipelines/report/lib.awk" -f "$ROOT/pipelines/search/findings.awk" is=networks t.tsv >found
	grep -q '^some .*; LTS score 3.00 (1.00 with the gain over all searches).$' found
	grep -q '^all .*; LTS score 2.00.$' found
	grep -qFx 'Generalization gap (training less test accuracy, points) of the dense network, at the best sparse and at the sparsest matching stage: some 20.0 ± 2.0, 15.0 ± 1.0 and 12.0; none 8.0, 9.0 and none.' found
}

@test "pairs of networks are counted, and how sure that is" {
	printf '%s\t%s\t%s\t%s\t%s\n' network parameters searches best_gain best_gain_std \
		small 1 4 5 1 middle 2 4 1 1 large 3 1 9 NaN same 3 1 2 NaN >t.tsv
	awk -f "$ROOT/pipelines/report/lib.awk" -f "$ROOT/pipelines/search/findings.awk" is=networks t.tsv >found
	grep -q '^In 2 of 5 pairs of networks the smaller one has the higher accuracy gain' found
	grep -q '^In 1 of the 1 pairs .* two standard errors: in 1 for the smaller network, in 0 for' found
	sed -i 's/^middle\t2\t4\t1/middle\t2\t4\t4/' t.tsv
	awk -f "$ROOT/pipelines/report/lib.awk" -f "$ROOT/pipelines/search/findings.awk" is=networks t.tsv >found
	grep -q '^In 0 of the 1 pairs' found
}

@test "networks by size" {
	printf '%s\t%s\n' network parameters big 900 small 90 none 1000 >facts.tsv
	printf '%s\t%s\n' network lts none NaN big 1 small 2 >score.tsv
	awk -f "$ROOT/pipelines/report/lib.awk" -f "$ROOT/pipelines/search/networks.awk" \
		is=facts facts.tsv is=score score.tsv | cut -f 1,2,6- >found
	[ "$(sed 1d found | tr '\t' ' ')" = "small 90 2
big 900 1
none 1000 NaN" ]
}

@test "settings reach what depends on them and no more" {
	# A stage more trains that one alone.
	started ROUNDS=4 NETWORKS="$BATS_FILE_TMPDIR/tiny.net" >log
	[ "$(grep -c '^lt-train' log)" = 2 ]
	grep -q 'tiny/s1/search/04/last' log
	# Another selection, nothing but the score; arcs, nothing but lengths.
	rm -r runs && cp -a "$BATS_FILE_TMPDIR/runs" runs
	started SELECT=test >log
	[ "$(cut -d ' ' -f 1 log | sort -u | xargs)" = lt-score ]
	started ARCS=2 >log
	run -1 grep -e '^lt-train' -e '^lt-prune' log
	[ "$(grep -c '^lt-trajectory' log)" = 16 ]
	# Of one network alone.
	started tiny.PATIENCE=1 >log
	run -1 grep 'synth-200/wide.*-o .*/last' log
	grep -q 'tiny/s1/search/00/last' log
}

# Columns of each stage of a search: fields NETWORK SEED COLUMN...
fields() {
	awk -v n="$1" -v s="$2" -v c="${*:3}" 'BEGIN { k = split(c, at, " ") }
		$1 == n && $2 == s { for (i = 1; i <= k; i++) printf "%s ", $at[i] }' runs/search/stages.tsv
}

@test "a training that diverges ends its search and no other" {
	local kept
	kept=$(fields tiny 1 4 5 6 12)
	search -s wide.LR=1e30 >/dev/null 2>log
	[ "$(grep -c 'runs/synth-200/wide/s[12]/search/00: the training diverged; what depends on it is left out' log)" = 2 ]
	[ "$(grep -c 'is not finite: the training has diverged' log)" = 2 ]
	[ "$(fields wide 2 3 4 6 8 12)" = '0 0 NaN NaN NaN 1 NaN NaN NaN NaN 2 NaN NaN NaN NaN 3 NaN NaN NaN NaN ' ]
	[ "$(fields tiny 1 4 5 6 12)" = "$kept" ]
	grep -q '^wide (1,960 parameters): no complete search' runs/search/findings.txt
	started wide.LR=1e30 >log
	[ ! -s log ]
	# Its settings changed: the same bytes as if it had never been.
	search -s >/dev/null 2>&1
	unchanged
	# In a later stage; the stages before it stay.
	cat >fail.sh <<-'END'
		#!/bin/sh
		case "$*" in lt-train*s2/search/02/last*) exit 3 ;; esac
		exec "$@"
	END
	chmod +x fail.sh
	search -s LAUNCH="$PWD/fail.sh" tiny.MILESTONES=3,5 >/dev/null 2>log
	[ "$(grep diverged log)" = 'runs/synth/tiny/s2/search/02: the training diverged; what depends on it is left out' ]
	[ "$(fields tiny 2 3 6 | awk '{ print $2 != "NaN", $4 != "NaN", $6, $8 }')" = '1 1 NaN NaN' ]
	[ "$(fields tiny 2 4 | awk '{ printf "%.1f %.1f %s", $2, $3, $4 }')" = '16.0 29.4 NaN' ]
	[ "$(awk '$1 == "tiny" { print $6, $7 }' runs/search/networks.tsv)" = '1 1' ]
	# The other search alone is in the means.
	[ "$(awk '$1 == "tiny" { print $3 }' runs/search/gains.tsv | xargs)" = '1 1 1 1' ]
	grep -q '^tiny: incomplete searches, which count nowhere: 1' runs/search/findings.txt
	# Anything else is an error.
	sed -i 's/exit 3/exit 65/' fail.sh
	run -2 search -s LAUNCH="$PWD/fail.sh" tiny.MILESTONES=2,5
	# Without one complete search there is a page all the same.
	search -s NETWORKS="$BATS_FILE_TMPDIR/tiny.net" tiny.LR=1e30 >/dev/null 2>&1
	grep -q 'no complete search' runs/search/index.html
}

@test "a network has settings of its own" {
	started wide.SEEDS=2 wide.ROUNDS=2 tiny.ARCS=0 >log
	run -1 grep '^lt-train' log
	[ "$(awk '$1 == "wide" { print $2, $3 }' runs/search/stages.tsv | xargs)" = '2 0 2 1 2 2' ]
	[ "$(awk '$1 == "tiny" && $12 != "NaN"' runs/search/stages.tsv | wc -l)" = 0 ]
	[ "$(awk 'NR > 1 { print $1 }' runs/search/path.tsv | sort -u)" = wide ]
	[ "$(cut -f 1 runs/search/figures.tsv | grep path)" = path-wide ]
	grep -q 'seeds.1 2; wide: 2$' runs/search/facts.tsv
	[ "$(awk '$1 == "wide" { print $6, $8 }' runs/search/networks.tsv)" = '1 2' ]
	# Another of the standard learning rates has a folder of its own.
	search -s wide.SETTING=low wide.SEEDS=1 >/dev/null 2>&1
	[ "$(awk '$1 == "wide" { print $6 }' runs/search/stages.tsv)" = \
		"$(awk 'NR > 1 { print $6 }' runs/synth-200/wide-low/search/stages.tsv)" ]
	search -s -j4 >/dev/null 2>&1
	hashes | grep -v wide-low | diff "$BATS_FILE_TMPDIR/hashes" -
}

# rates ARGUMENT...: the learning rates that make would train with, by network.
rates() {
	workflow search.mk -n V=1 OUT=new ROUNDS=1 ARCS=0 NETWORKS='lenet5 pnasnet_a resnet32' "$@" |
		awk '/synth[/][a-z0-9_-]*[/]s1[/]search[/]/ { split($0, p, "/"); n = p[3] } \
			match($0, /--lr [0-9.]*/) { print n, substr($0, RSTART + 5, RLENGTH - 5) }' |
		sort -u | xargs
}

@test "networks have learning rates of their own, unless one is given" {
	[ "$(rates)" = 'lenet5 0.02 pnasnet_a 0.01 resnet32 0.1' ]
	[ "$(rates LR=0.05)" = 'lenet5 0.05 pnasnet_a 0.05 resnet32 0.05' ]
	[ "$(rates LR=0.05 lenet5.LR=0.3)" = 'lenet5 0.3 pnasnet_a 0.05 resnet32 0.05' ]
	[ "$(rates pnasnet_a.LR=0.2)" = 'lenet5 0.02 pnasnet_a 0.2 resnet32 0.1' ]
	[ "$(rates SETTING=low)" = 'lenet5-low 0.01 pnasnet_a-low 0.01 resnet32-low 0.01' ]
}

@test "side by side, too, the page has the arcs that were asked for" {
	search -s -j4 PATH_LAYERS=a1 >/dev/null
	[ "$(awk 'NR > 1 { print $3 }' runs/search/path.tsv | sort -u | xargs)" = 'a1 fc' ]
	search -s -j4 ROUNDS=2 PATH_LAYERS=a1 >/dev/null
	lt-trajectory -q --layers --seed 1 --arcs 1 --points 32 -d runs/synth/test.data -o length --path want \
		runs/synth/tiny/s1/search/02/best.safetensors
	awk '$1 == "tiny" && $2 == "sparse" && $3 == "fc" { print $5, $6 }' runs/search/path.tsv |
		diff <(awk '$2 == "fc" { print $5, $6 }' want) -
}

@test "networks that would get into each other's way are refused" {
	local tiny=$BATS_FILE_TMPDIR/tiny.net
	run -2 search NETWORKS="$tiny other/tiny.net"
	[[ $output == *'NETWORKS: tiny twice'* ]]
	run -2 search wide.DATASET=synth
	[[ $output == *'TRAIN differs between tiny and wide'* ]] || [[ $output == *'TRAIN differs between wide and tiny'* ]]
	run -2 search tiny.SYNTH_TRAIN=300 wide.DATASET=synth wide.TRAIN=
	[[ $output == *'SYNTH_TRAIN differs'* ]]
	run -2 search TRAIN=300 wide.DATASET=synth wide.TRAIN=
	[[ $output == *' TRAIN differs'* ]]
	run -2 search tiny.SELECT=test
	[[ $output == *'tiny.SELECT: not a setting of a network of its own'* ]]
	run -2 search ROUNDS=0
	[[ $output == *'ROUNDS=0: expected a whole number above 0'* ]]
	run -2 search ROUNDS=many
	[[ $output == *'ROUNDS=many: expected a whole number above 0'* ]]
	unchanged
}

@test "SIGKILL of the whole make at any moment, then make: the same bytes" {
	long_test
	rm -r runs
	export -f search workflow
	export ROOT BATS_FILE_TMPDIR
	killed 6 'search -s -j4'
	search -s -j4 >/dev/null
	unchanged
	[ -z "$(find runs -name '*.tmp')" ]
}

@test "the page is whole, with and without pictures" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	cd runs/search
	page >text
	pictures=$(find . -name '*.png' | wc -l)
	[ "$(head -n 1 text)" = "$pictures" ]
	[ "$pictures" = 8 ] || ! command -v gnuplot >/dev/null
	tells "SEEDS='1 2'" wide.TRAIN=200 '-f pipelines/search.mk' '1,340 parameters' 'chance 75.0'
	[ "$(wc -l <findings.txt)" -ge 6 ]
	# The nodes asked for and the output.
	[ "$(awk 'NR > 1 { print $3 }' path.tsv | sort -u | xargs)" = 'a2 conv1 fc' ]
	cd "$BATS_TEST_TMPDIR"
	rm -r runs/search
	without_gnuplot search -s >/dev/null
	page runs/search/index.html >text
	[ "$(head -n 1 text)" = 0 ]
	grep -q 'gnuplot was not installed' text
}

@test "without arcs there are no lengths, and a wrong setting is refused" {
	search -s ARCS=0 NETWORKS="$BATS_FILE_TMPDIR/tiny.net" >/dev/null
	[ "$(awk 'NR > 1 { print $12 }' runs/search/stages.tsv | sort -u)" = NaN ]
	run -1 grep -F 'length-gain' runs/search/figures.tsv
	run -2 search SELECT=best
	[[ $output == *'SELECT=best: expected one of: val test'* ]]
	run -2 search NETWORKS=resnet21
	[[ $output == *resnet21* ]]
}
