#!/usr/bin/env bats
# Ticket searches of two small networks on a synthetic set.
# Quick: not run, for it tests makefiles.
load common
load workflow

# search ARGUMENT...: the second network on other data, for fewer epochs.
search() {
	local wide=(wide.EPOCHS=4 wide.MILESTONES=2 wide.DATASET=synth-200 wide.TRAIN=200)
	[[ $* != *NETWORKS=* ]] || wide=()
	workflow search EPOCHS=6 MILESTONES=4,5 SEEDS='1 2' ROUNDS=3 RATE=0.16 PATIENCE=2 \
		ARCS=3 POINTS=32 PATH_LAYERS='conv1 a2' \
		NETWORKS="$BATS_FILE_TMPDIR/wide.net $BATS_FILE_TMPDIR/tiny.net" \
		"${wide[@]}" "$@" report
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	tiny_net wide 12 >wide.net
	first_run search -j2
	hashes >hashes
}
setup() { begin_with_runs; }

# started ARGUMENT...: the programs that make starts.
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
	makes_nothing search
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
		'4wide1 4tiny1 4wide2 4tiny2' ]
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

@test "differences: each sparse stage less the dense one, seed by seed" {
	awk '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ acc[$at["network"], $at["stage"], $at["seed"]] = $at["test_acc"] }
	END {
		for (k = 1; k <= 3; k++)
			printf "%s %d %.6f\n", "tiny", k, (acc["tiny", k, 1] - acc["tiny", 0, 1] + \
				acc["tiny", k, 2] - acc["tiny", 0, 2]) / 2
	}' runs/search/stages.tsv >want
	awk '$1 == "tiny" { printf "%s %d %.6f\n", $1, $2, $7 }' runs/search/differences.tsv |
		diff want -
	[ "$(cut -f 1,3,4 runs/search/differences.tsv | sort -u | xargs)" = \
		'network against_network against_stage tiny tiny 0 wide wide 0' ]
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
	lt-score networks runs/search/stages.tsv | sort |
		diff - <(cut -f 1,6- runs/search/networks.tsv | sort)
	# The smaller network comes first, with its size.
	[ "$(cut -f 1,2 runs/search/networks.tsv | sed 1d | xargs)" = 'tiny 1340 wide 1960' ]
	[ "$(awk 'NR == 2 { print $10 }' runs/search/networks.tsv)" = \
		"$(lt-score networks runs/search/stages.tsv | awk '$1 == "tiny" { print $6 }')" ]
}

# networks ROW...: ./networks.tsv, of words NAME=VALUE; all else is NaN.
networks() {
	{
		printf 'network\tparameters\tweights\tmultiply_adds\tsamples\t'
		printf 'network\tseed\tstage\tsparsity\tval_acc\ttest_acc\n' | lt-score networks | cut -f 2-
	} >head
	{
		cat head
		printf '%s\n' "$@" | awk 'NR == FNR { n = split($0, name, "\t"); next }
		{
			for (i = 1; i <= n; i++)
				cell[i] = "NaN"
			for (f = 1; f <= NF; f++) {
				split($f, pair, "=")
				for (i = 1; i <= n; i++)
					if (name[i] == pair[1])
						cell[i] = pair[2]
			}
			for (i = 1; i <= n; i++)
				printf "%s%s", cell[i], i < n ? "\t" : "\n"
		}' head -
	} >networks.tsv
}

@test "the page: who wins, the score of winning tickets and the other one, and gaps" {
	printf 'fact\tvalue\ndata set\tsome images\ncommand\tlt run\n' >facts.tsv
	networks \
		'network=some parameters=1 searches=4 incomplete=1 successes=2 sr=50 sr_low=10 sr_high=90 sr_null=75 best_gain=5 best_gain_std=1 lts=3 lts_all=1 dense_gap=20 dense_gap_std=2 best_gap=15 best_gap_std=1 match_gap=12' \
		'network=all parameters=2 searches=4 incomplete=0 successes=4 sr=100 sr_low=80 sr_high=100 sr_null=75 best_gain=1 best_gain_std=1 lts=2 lts_all=2' \
		'network=none parameters=3 searches=1 incomplete=0 successes=0 sr=0 sr_low=0 sr_high=60 sr_null=75 best_gain=-1 lts=0 lts_all=0 dense_gap=8 best_gap=9'
	lt-score order -o order.tsv networks.tsv
	said search
	says 'was found in 6 of 9 searches of 3 networks; if pruning had no effect, chance would find one in 75 %'
	says 'gains most in some, 5.00 ± 1.00 % (n = 4) of the dense network'"'"'s accuracy, and least in none, -1.00 % (n = 1).'
	says 'some: 1 searches are incomplete and count nowhere.'
	says 'some: the gain over all searches times the success rate is 1.00; the LTS score counts'
	run -1 grep -F 'all: the gain over' text
	says 'In 3 of 3 pairs of networks the smaller one has the higher gain of accuracy.'
	# 5 - 1 is 5.66 times the root of 1/4 + 1/4; p is 0.0013.
	says 'In 1 pairs both have several searches; after Holm'"'"'s correction for these pairs Welch'"'"'s test finds the smaller network better in 1 and the larger one in 0.'
	says 'Of 3 networks, 1 have a success rate whose interval lies above what chance gives, and 1 one that lies below.'
	grep -E '^\| some +\| +20.0 ± 2.0 \(4\) +\| +15.0 ± 1.0 \(4\) +\| +12.0' README.md
	grep -E '^\| none +\| +8.0† \(1\) +\| +9.0† \(1\) +\|' README.md
	# Without one complete search.
	networks 'network=tiny parameters=1 searches=0 incomplete=2 successes=0'
	lt-score order -o order.tsv networks.tsv
	said search
	says 'found in 0 of 0 searches of 0 networks'
	says 'tiny: 2 searches are incomplete'
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
	grep -q 'in 2 of 2 searches of 1 networks\|in [01] of 2 searches of 1 networks' <<<"$(tr '\n' ' ' <runs/search/README.md)"
	grep -q 'wide: 2 searches are incomplete' runs/search/README.md
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
	grep -q 'tiny: 1 searches are incomplete' runs/search/README.md
	# Anything else is an error.
	sed -i 's/exit 3/exit 65/' fail.sh
	run -2 search -s LAUNCH="$PWD/fail.sh" tiny.MILESTONES=2,5
	# Without one complete search there is a page all the same.
	search -s NETWORKS="$BATS_FILE_TMPDIR/tiny.net" tiny.LR=1e30 >/dev/null 2>&1
	grep -q 'tiny: 2 searches are incomplete' runs/search/README.md
}

@test "a network has settings of its own" {
	started wide.SEEDS=2 wide.ROUNDS=2 tiny.ARCS=0 >log
	run -1 grep '^lt-train' log
	[ "$(awk '$1 == "wide" { print $2, $3 }' runs/search/stages.tsv | xargs)" = '2 0 2 1 2 2' ]
	[ "$(awk '$1 == "tiny" && $12 != "NaN"' runs/search/stages.tsv | wc -l)" = 0 ]
	[ "$(awk 'NR > 1 { print $1 }' runs/search/path.tsv | sort -u)" = wide ]
	[ "$(cd runs/search && ls path-*.png)" = path-wide.png ] || ! command -v gnuplot >/dev/null
	grep -q '^command.*wide.SEEDS=2' runs/search/facts.tsv
	[ "$(awk '$1 == "wide" { print $6, $8 }' runs/search/networks.tsv)" = '1 2' ]
	# Another of the standard learning rates has a folder of its own.
	search -s wide.SETTING=low wide.SEEDS=1 >/dev/null 2>&1
	[ "$(awk '$1 == "wide" { print $6 }' runs/search/stages.tsv)" = \
		"$(awk 'NR > 1 { print $6 }' runs/synth-200/wide-low/s1/search/stages.tsv)" ]
	search -s -j4 >/dev/null 2>&1
	hashes | grep -v wide-low | diff "$BATS_FILE_TMPDIR/hashes" -
}

# rates ARGUMENT...: the learning rates that make would train with, by network.
rates() {
	workflow search -n OUT=new ROUNDS=1 ARCS=0 NETWORKS='lenet5 pnasnet_a resnet32' "$@" |
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
	[[ $output == *'needs a DATASET of its own'* ]]
	run -2 search tiny.SYNTH_TRAIN=300 wide.DATASET=synth wide.TRAIN=
	[[ $output == *'needs a DATASET of its own'* ]]
	run -2 search TRAIN=300 wide.DATASET=synth wide.TRAIN=
	[[ $output == *'needs a DATASET of its own'* ]]
	run -2 search ROUNDS=0
	[[ $output == *'ROUNDS=0: expected a whole number above 0'* ]]
	run -2 search ROUNDS=many
	[[ $output == *'ROUNDS=many: expected a whole number above 0'* ]]
	unchanged
}

@test "SIGKILL of the whole make at any moment, then make: the same bytes" {
	long_test
	rm -r runs
	killed 6 "$(declare -f search workflow made fit makefile
		declare -p common pipelines ROOT BATS_FILE_TMPDIR)
		search -s -j4"
	search -s -j4 >/dev/null
	unchanged
	tidy
}

@test "the page is whole, with and without pictures" {
	cd runs/search
	whole 8 'SEEDS="1 2"' wide.TRAIN=200 'lt run search' 'one in 75 %' .../tiny.net
	# The nodes asked for and the output.
	[ "$(awk 'NR > 1 { print $3 }' path.tsv | sort -u | xargs)" = 'a2 conv1 fc' ]
	cd "$BATS_TEST_TMPDIR"
	rm -r runs/search
	without_gnuplot search -s >/dev/null 2>log
	grep 'gnuplot is not installed' log
	cd runs/search
	whole 0
}

@test "without arcs there are no lengths, and a wrong setting is refused" {
	search -s ARCS=0 >/dev/null
	[ ! -e runs/search/path.tsv ]
	[ "$(awk 'NR > 1 { print $12 }' runs/search/stages.tsv | sort -u)" = NaN ]
	[ ! -e runs/search/length-gain.png ]
	run -2 search SELECT=best
	[[ $output == *'SELECT=best: expected one of: val test'* ]]
	run -2 search NETWORKS=resnet21
	[[ $output == *resnet21* ]]
}

@test "seeds of several machines make the tables of one run" {
	joined search search
}
