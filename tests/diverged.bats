#!/usr/bin/env bats
# Trainings that diverge, in every workflow: each is named, all else goes on, and
# numbers that do not exist are NaN.
# Quick: not run, for it tests makefiles and awk.
load common
load workflow

methods='imp prac earlybird random'
studies='grid weights ppr gradual memorize ppr-stop'

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	# launch: a training whose command has one of $DIVERGE in it ends with status 3.
	cat >launch <<-'END'
		#!/bin/sh
		for p in $DIVERGE; do
			case "$*" in lt-train*"$p"*) exit 3 ;; esac
		done
		exec "$@"
	END
	chmod +x launch
}
setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

# compared ARGUMENT...: two seeds of four methods, compared.
compared() {
	workflow "$methods" SEEDS='1 2' LAUNCH="$BATS_FILE_TMPDIR/launch" "$@" all report
}
# study ARGUMENT...: all studies of early tickets.
study() {
	fit "$studies" SEEDS='1 2' EXCLUDE= SPARSITY=0.5 MASK_EPOCHS='1 2' WEIGHT_EPOCHS='0 1' \
		PPR_WINDOW=1 PPR_CONTROL= WINDOWS='1-3' STEPS=2 MEMORY_SAMPLES=40 \
		MEMORY_EPOCHS=1 MEMORY_PRUNINGS= MEMORY_SEEDS=2 MEMORY_LENGTH=2 \
		MEMORY_MILESTONES=1 MEMORY_BATCH=16 MEMORY_LR=0.05
	workflow "$studies" "${fitting[@]}" LAUNCH="$BATS_FILE_TMPDIR/launch" "$@" all report
}
# named RUN...: the log on stderr names these trainings and no other.
named() {
	printf '%s: the training diverged; what depends on it is left out\n' "$@" | sort |
		diff - <(grep 'the training diverged' log | sort)
}
# cells FILE NAME... : these columns, a row a line.
cells() {
	awk -F '\t' -v names="${*:2}" '
	NR == 1 { n = split(names, name, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? " " : "\n" }' "$1"
}

@test "methods: rows of what diverged are NaN, and of nothing else" {
	local s2=runs/synth/tiny/s2 report=runs/synth/tiny/report
	DIVERGE='s2/imp/01/last s2/until-eps0.13-queue1-every1-startalways/last' compared -s -j2 EPOCH_MASKS='0 2' >out 2>log
	named "$s2/imp/01" "$s2/until-eps0.13-queue1-every1-startalways"
	# 902 of 1288 weights are left, after 4 epochs of 10 batches of 32.
	cells "$s2/imp/summary.tsv" method round sparsity set_size search_iterations \
		presentations search_forward retrain_iterations >rows
	diff - rows <<-'END'
		dense 0 0 0 0 0 0 40
		imp 1 29.9689441 320 40 1280 0 NaN
		imp 2 NaN 320 NaN NaN 0 NaN
		imp 3 NaN 320 NaN NaN 0 NaN
	END
	cells "$s2/imp/summary.tsv" multiply_adds val_acc test_acc | sed 's/[0-9][0-9.]*/number/g' >rows
	diff - rows <<-'END'
		number number number
		number NaN NaN
		NaN NaN NaN
		NaN NaN NaN
	END
	# The set of round 1's search is D0, and no pass precedes its mask; round 3 has no set.
	cells "$s2/prac/summary.tsv" round set_size sparsity search_iterations search_forward \
		stop_epoch mask_distance test_acc | sed 1d >rows
	diff - rows <<-'END'
		1 320 NaN NaN 0 NaN NaN NaN
		3 NaN NaN NaN NaN NaN NaN NaN
	END
	cells "$s2/imp/summary.time.tsv" round search_seconds retrain_seconds |
		sed 's/[0-9]*[.][0-9]/number/g' >rows
	diff - rows <<-'END'
		0 number number
		1 number NaN
		2 NaN NaN
		3 NaN NaN
	END
	[ "$(cells "$s2/random/summary.tsv" test_acc | grep -c NaN)" = 0 ]
	[ "$(cells "$s2/earlybird/summary.tsv" test_acc | grep -c NaN)" = 0 ]
	# Means are those of the first seed, and say so.
	cells "$report/mean.tsv" method round n | paste -sd ' ' >rows
	echo 'dense 0 2 imp 1 1 imp 2 1 imp 3 1 prac 1 1 prac 3 1' \
		'earlybird 1 2 earlybird 3 2 random 1 2 random 3 2' | diff - rows
	for r in 1 2 3; do
		[ "$(column "$report/mean.tsv" n imp $r)" = 1 ]
		awk -F '\t' -v r=$r '$1 == "imp" && $2 == r' "$report/mean.tsv" | cut -f 4 |
			diff - <(column runs/synth/tiny/s1/imp/summary.tsv sparsity imp $r)
	done
	tr -s ' \n' ' ' <"$report/README.md" | grep -qF 'comparisons: seed 2 IMP round 1, seed 2 IMP round 2, seed 2 IMP round 3, seed 2 PrAC round 1, seed 2 PrAC round 3.'
	[ -s "$report/accuracy-main.png" ] || ! command -v gnuplot >/dev/null
	# Nothing of it is made again, until a setting changes it.
	makes_nothing compared EPOCH_MASKS='0 2'
	workflow 'imp prac' -s -j2 SEED=2 LR=0.05 EPOCH_MASKS='0 2' >/dev/null 2>log
	[ "$(cat "$s2"/{imp,prac}/summary.tsv | cut -f 13 | grep -c NaN)" = 0 ]
	[ -z "$(find "$s2" -name last.safetensors -size 0)" ]
}

@test "methods: where every training diverges there is a page all the same" {
	compared -s -j2 SEEDS=1 LR=1e30 EPOCH_MASKS=0 >/dev/null 2>log
	[ "$(grep -c 'the training diverged' log)" = 6 ]
	[ "$(cells runs/synth/tiny/report/mean.tsv n test_acc | sort -u)" = '0 NaN' ]
	[ -s runs/synth/tiny/report/index.html ]
	makes_nothing compared SEEDS=1 LR=1e30 EPOCH_MASKS=0
}

@test "PrAC: a dense run that diverges leaves the search, and a round 0 the dense run" {
	workflow prac -s -j2 LR=1e30 >/dev/null 2>log
	named "runs/$net/dense" "runs/$net/until-eps0.13-queue1-every1-startalways"
	[ "$(cells "runs/$net/prac/summary.tsv" test_acc retrain_iterations | sort -u)" = 'NaN NaN' ]
	# It diverges behind the stop of round 0.
	rm -rf runs
	DIVERGE=dense/last workflow prac -s -j2 LAUNCH="$BATS_FILE_TMPDIR/launch" >/dev/null 2>log
	named "runs/$net/dense"
	cells "runs/$net/prac/summary.tsv" round test_acc | sed 's/ [0-9].*/ number/' | paste -sd ' ' >rows
	echo '0 NaN 1 number 3 number' | diff - rows
	DIVERGE=dense/last makes_nothing workflow prac LAUNCH="$BATS_FILE_TMPDIR/launch"
}

@test "early tickets: the grid, windows, checks, masks and labels learned" {
	local early=runs/synth/tiny/early s2=runs/synth/tiny/s2
	DIVERGE='s2/early/s2v0/last s2/early/ppr-0.01/epoch-3 s1/gradual-1-3/2/last
		s2/ppr-stop/epoch-2/last s2/early/memory/oneshot-1' \
		study -s -j2 >out 2>log
	[ "$(grep -c 'the training diverged' log)" = 5 ]
	awk -F '\t' '$5 == "NaN" { print $1, $2, $3 }' "$early/grid.tsv" | diff - <(echo 2 2 0)
	cells "$early/grid_mean.tsv" s v n | grep -v ' 2$' | diff - <(echo 2 0 1)
	awk -F '\t' '$8 == "NaN" { print $1, $2, $3 }' "$early/gradual.tsv" |
		diff - <(echo 1 gradual 1-3)
	# The checks of the other epochs have their accuracies; sums end at the third.
	cells "$s2/early/ppr.tsv" epoch iteration | paste -sd ' ' | diff - <(echo 1 20 2 40 4 NaN)
	cells "$s2/ppr-stop/summary.tsv" method sparsity search_iterations test_acc | sed 1d |
		diff - <(echo ppr-stop NaN NaN NaN)
	[ "$(cells "$early/memory.tsv" seed kind learned_acc | grep NaN)" = '2 oneshot NaN' ]
	grep -q 'trainings diverged and are left out' "$early/README.md"
	makes_nothing study
	# All of it.
	rm -rf runs
	study -s -j2 SEEDS=1 LR=1e30 >/dev/null 2>log
	[ "$(cells "$early/grid_mean.tsv" test_acc | sort -u)" = NaN ]
	[ "$(cells "$early/gradual_mean.tsv" test_acc | sort -u)" = NaN ]
	[ -s "$early/index.html" ]
	makes_nothing study SEEDS=1 LR=1e30
}

@test "run.sh: an empty input leaves empty products; a kill between leaves none" {
	local run=$ROOT/pipelines/run.sh
	: >empty.tsv
	echo old >out.tsv
	echo old >out.time.tsv
	sh "$run" ./empty.tsv touch ran -o ./out.tsv
	[ -e out.tsv ] && [ ! -s out.tsv ] && [ ! -s out.time.tsv ] && [ ! -e ran ]
	# The first product is written at the end.
	: >nowhere
	! sh "$run" '' sh -c 'exit 3' --log ./nowhere/log -o ./last 2>said || false
	[ ! -e last ]
}
