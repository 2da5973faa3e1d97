#!/usr/bin/env bats
# Gradual pruning and memorization, on a synthetic set and a net of 1288 weights.
# Quick: not run, for it tests makefiles.
load common
load workflow

all='gradual gradual-mine oneshot oneshot-6 memorize imp'
early=runs/synth/tiny/early

# prune "SEARCH..." ARGUMENT...: two windows and a list, IMP, and random labels.
prune() {
	local names=$1 fitting=()
	shift
	fit "$names" MILESTONES=4,5 EXCLUDE= SPARSITY=0.5 STEPS=2 MEMORY_SAMPLES='40 80' \
		MEMORY_EPOCHS='1 6' MEMORY_PRUNINGS='2:0.4 4:0.5 6:0.5'
	[[ "$names" != *mine* ]] || fitting+=(gradual-mine.PRUNINGS='2:0.3 3:0.5 6:0.8')
	workflow "$names" EPOCHS=6 ROUNDS=2 TICKETS=all WINDOWS='1-3 3-5' "${fitting[@]}" "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run prune "$all" -j2 report
	hashes >hashes
}
setup() { begin_with_runs; }
# trained ARGUMENT...: what make would train, by folder.
trained() {
	prune "$all" -n "$@" |
		grep -oE -- "(-o runs/$net/[^ ]*/last.safetensors|--save-state runs/$net/dense/epoch-[0-9]*)" |
		sed "s,.*runs/$net/,,; s,/last.*,," | sort | paste -sd ' '
}

@test "a schedule that cannot be is refused" {
	# refused TEXT ARGUMENT...
	refused() {
		run -2 workflow "${@:2}"
		[[ $output == *"$1"* ]] || { echo "${*:2}: $output" >&2; false; }
	}
	refused 'gradual-25-75: expected epochs up to 4, found 75' gradual WINDOWS=25-75
	refused "found '1-2-3'" gradual WINDOWS=1-2-3
	refused 'gradual-1-3: expected 1 to 2 steps, found 3' gradual-1-3 STEPS=3
	refused 'gradual-a: expected an epoch after 1, found' gradual-a PRUNINGS='1:0.2 1:0.3'
	refused 'MEMORY_PRUNINGS: expected epochs up to 4, found 5' memorize MEMORY_EPOCHS= \
		MEMORY_PRUNINGS=5:0.5
	refused 'epoch: the dense run keeps no weights after epoch 9' oneshot-9
	refused 'REWIND: the dense run keeps no weights after epoch 5i' gradual WINDOWS=1-2 \
		STEPS=1 REWIND=5i
	refused 'MEMORY_EPOCHS: the dense run keeps no weights after epoch 5' memorize \
		MEMORY_EPOCHS=5 MEMORY_PRUNINGS=
	[ ! -e runs/settings ]
}

@test "a second run makes nothing" {
	makes_nothing prune "$all" report
	makes_nothing prune "$all" -j4 report
}

@test "SIGKILL of the whole make at any moment, then make: the same bytes" {
	long_test
	rm -r runs
	killed 8 "$(declare -f prune workflow made fit makefile
		declare -p all common pipelines ROOT BATS_FILE_TMPDIR)
		prune '$all' -s -j4 report"
	prune "$all" -s -j4 report >/dev/null
	unchanged
	tidy
}

@test "one process makes each file, and the dense run the states where pruning begins" {
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	rm -r runs
	prune "$all" -s -j4 report LAUNCH="$PWD/launch" >/dev/null
	unchanged
	[ -z "$(grep -oE -- '(-o|--log|--save-state) runs[^ ]+' launched | sort | uniq -d)" ]
	[ "$(grep -c "^lt-train.* -o runs/$net/dense/last" launched)" = 1 ]
	# 1-3 begins at epoch 2, 3-5 at 4.
	[ "$(cd runs/$net/dense && ls *.state.safetensors | xargs)" = \
		'epoch-2.state.safetensors epoch-4.state.safetensors' ]
}

# train OPTION...: as the workflow does.
train() {
	lt-train -q --data runs/synth/train.data --index runs/synth/train.idx \
		--val-index runs/synth/val.idx --seed 1 --batch 32 --epochs 6 \
		--milestones 4,5 --warmup 0 "$@"
}

@test "a chain of prunings is the one by hand, however that is cut" {
	local g=runs/$net/gradual-mine
	train --to 13i --save-state 0.state -o 0.st runs/$net/theta0.safetensors
	train --to 2 --save-state 1.state -o 1.st 0.state
	cmp 1.state runs/$net/dense/epoch-2.state.safetensors
	lt-prune -q --layers conv,linear --sparsity 0.3 -o 1.mask 1.state
	cmp 1.mask $g/2/ticket.mask.safetensors
	train --to 25i --mask 1.mask --save-state 2.state -o 2.st 1.state
	train --to 3 --save-state 3.state -o 3.st 2.state
	cmp 3.st $g/2/last.safetensors
	lt-prune -q --layers conv,linear --sparsity 0.5 --mask 1.mask -o 2.mask 3.st
	train --mask 2.mask -o 4.st 3.state
	cmp 4.st $g/3/last.safetensors
	lt-prune -q --layers conv,linear --sparsity 0.8 --mask 2.mask -o 3.mask 4.st
	cmp 3.mask $g/6/ticket.mask.safetensors
	# The ticket is that mask on the weights at the end of the window.
	train --mask 3.mask -o 5.st 4.st
	cmp 5.st $g/ticket/last.safetensors
	# A window's epochs and sparsities.
	[ "$(cd runs/$net/gradual-3-5 && echo */ticket.mask.safetensors)" = \
		'4/ticket.mask.safetensors 5/ticket.mask.safetensors' ]
	lt-info --tsv runs/$net/gradual-3-5/4/ticket.mask.safetensors |
		awk '$1 == "total" { exit $4 != 1288 - 564 }'
}

# kept MASK LAYER
kept() { lt-info --tsv "$1" | awk -v l="$2.weight" '$1 == l { print $4 }'; }

@test "costs and tables, counted again" {
	local g=runs/$net mask e macs dense=$((72 * 64 * 2 + 1152 * 16 * 3 + 64 * 3))
	[ "$(cut -f 1,2,10 $g/gradual-mine/log.tsv | sed 1d | tr '\t\n' ' /')" = \
		"1 10 320/2 20 640/3 30 960/4 40 1280/5 50 1600/6 60 1920/" ]
	[ "$(wc -l <$g/gradual-mine/log.time.tsv)" = 7 ]
	macs=$((2 * 320 * dense))
	for e in 2:1 3:3; do
		mask=$g/gradual-mine/${e%:*}/ticket.mask.safetensors
		macs=$((macs + ${e#*:} * 320 * ($(kept $mask conv1) * 64 * 2 +
			$(kept $mask conv2) * 16 * 3 + $(kept $mask fc) * 3)))
	done
	[ "$(column $g/gradual-mine/summary.tsv multiply_adds gradual-mine 3)" = $macs ]
	[ "$(column $g/gradual-mine/summary.tsv search_iterations gradual-mine 3)" = 60 ]
	[ "$(column $g/gradual-1-3/summary.tsv search_iterations gradual-1-3 2)" = 30 ]
	[ "$(column $g/gradual-1-3/summary.tsv retrain_iterations gradual-1-3 2)" = 60 ]
	[ "$(column $g/oneshot-5/summary.tsv presentations oneshot-5 1)" = 1600 ]
	[ "$(column $g/oneshot-5/summary.tsv multiply_adds oneshot-5 1)" = $((1600 * dense)) ]
	[ "$(column $g/oneshot-5/summary.tsv sparsity oneshot-5 1)" = 50 ]
	# The one-shot mask of an epoch, on the weights of that epoch, retrained.
	lt-prune -q --layers conv,linear --sparsity 0.5 -o m runs/$net/dense/epoch-5.safetensors
	train --mask m --best b.st -o l.st runs/$net/dense/epoch-5.safetensors
	lt-eval -q --data runs/synth/test.data -o b.tsv b.st
	[ "$(column $g/oneshot-5/summary.tsv test_acc oneshot-5 1)" = "$(awk 'NR == 2 { print $3 }' b.tsv)" ]
	# What it can do before training, and on the samples that it was trained on.
	lt-eval -q --data runs/synth/test.data --mask m -o start.tsv runs/$net/dense/epoch-5.safetensors
	lt-eval -q --data runs/synth/train.data --index runs/synth/train.idx -o seen.tsv b.st
	[ "$(column $g/oneshot-5/summary.tsv start_acc oneshot-5 1)" = "$(awk 'NR == 2 { print $3 }' start.tsv)" ]
	[ "$(column $g/oneshot-5/summary.tsv train_acc oneshot-5 1)" = "$(awk 'NR == 2 { print $3 }' seen.tsv)" ]
	# The table by where pruning ends.
	[ "$(head -n 1 $early/gradual_table.tsv)" = "end	oneshot	gradual	mine" ]
	[ "$(sed 1d $early/gradual_table.tsv | cut -f 1 | xargs)" = '3 5 6' ]
	[ "$(awk '$1 == 5 { print $2, $3, $4 }' $early/gradual_table.tsv)" = \
		"$(column $g/oneshot-5/summary.tsv test_acc oneshot-5 1) $(column \
		$g/gradual-3-5/summary.tsv test_acc gradual-3-5 2) NaN" ]
	# Against IMP's second round, 51 % sparse after 120 iterations.
	[ "$(awk '$2 == "3-5" { print $6, $7 }' $early/cost.tsv)" = "50 0.416666666667" ]
	[ "$(awk '$1 == "imp" { print $2, $6, $7, $11 }' $early/cost.tsv)" = "2 120 1 1" ]
	[ "$(cut -f 1,2 $early/cost.time.tsv)" = "$(cut -f 1,2 $early/cost.tsv)" ]
}

@test "NM: one-shot and gradual pruning come to an N:M mask" {
	# conv2 alone has 8 inputs, a multiple of 4; 576 of its 1152 weights stay.
	prune 'gradual-1-3 oneshot-3' -s OUT=nm NM=2:4 EXCLUDE=first,last >/dev/null
	for f in gradual-1-3/3/ticket early/epoch-3; do
		lt-info --nm 2:4 nm/$net/$f.mask.safetensors | grep -q $'^total\tNaN\t288\t0\t0\t2$'
	done
	run -1 lt-info --nm 2:4 nm/$net/gradual-1-3/2/ticket.mask.safetensors
	run -2 prune oneshot-3 OUT=nm NM=2:4 EXCLUDE=first,last SPARSITY=0.6
	[[ $output == *'the sparsity is at most 0.5, below 0.6'* ]]
}

# starts MASK SEARCH ARGUMENT...: what its ticket is retrained from.
starts() {
	local f=$1
	prune "$2" -n OUT=new "${@:3}" | sed -e ':a' -e '/\\$/{ N; s/\\\n */ /; ba' -e '}' | tr -s '\t ' ' ' |
		sed -n "s,.* --mask new/$net/$f.mask.safetensors new/$net/\\([^ ]*\\) .*,\\1,p"
}

@test "a ticket gets the weights at the end of its window, of θ0, or of an epoch" {
	# 1-3 is pruned after epochs 2 and 3; what was trained from 2 to 3 is in 2/.
	for set in REWIND=end:gradual-1-3/2/last REWIND=0:theta0 REWIND=1:dense/epoch-1; do
		[ "$(starts gradual-1-3/3/ticket gradual-1-3 "${set%:*}")" = ${set#*:}.safetensors ]
	done
	[ "$(starts gradual-1-3/3/ticket gradual-1-3)" = gradual-1-3/2/last.safetensors ]
	# With one pruning alone the dense run trains up to it.
	[ "$(starts gradual-once/4/ticket gradual-once PRUNINGS=4:0.5)" = dense/epoch-4.safetensors ]
	# One-shot: the grid's diagonal, or the weights that the windows' tickets get.
	[ "$(starts early/epoch-3 oneshot-3)" = dense/epoch-3.safetensors ]
	[ "$(starts early/epoch-3 oneshot-3 REWIND=0)" = theta0.safetensors ]
	[ "$(starts early/epoch-3 oneshot-3 REWIND=1)" = dense/epoch-1.safetensors ]
	# Iterative pruning has no window, nor has memorization: θ0.
	[ "$(starts imp/01/ticket 'gradual-1-3 imp' ROUNDS=1)" = theta0.safetensors ]
	run -2 workflow imp REWIND=end
	[[ $output == *'REWIND=end: only gradual pruning knows it'* ]]
}

@test "settings reach what depends on them and nothing else" {
	[ "$(trained gradual-3-5.STEPS=1)" = 'dense/epoch-5 gradual-3-5/ticket' ]
	[ "$(trained gradual-3-5.INITIAL=0.2)" = \
		'dense/epoch-3 gradual-3-5/3 gradual-3-5/4 gradual-3-5/ticket' ]
	[ "$(trained gradual-mine.PRUNINGS='2:0.3 3:0.5 6:0.7')" = \
		'gradual-mine/2 gradual-mine/3 gradual-mine/ticket' ]
	[ "$(trained WINDOWS=1-3)" = '' ]
	[ "$(trained MEMORY_SAMPLES='40 60 80')" = 'early/memory/dense/60 early/memory/oneshot-1-0.5/60 early/memory/oneshot-6-0.5/60' ]
	[ "$(trained REWIND=0 MEMORY_SAMPLES= MEMORY_STEPS= MEMORY_PRUNINGS= MEMORY_EPOCHS=)" = \
		'early/s3v0 early/s5v0 early/s6v0 gradual-1-3/ticket gradual-3-5/ticket gradual-mine/ticket imp/01 imp/02' ]
	[ "$(trained REWIND=1 MEMORY_SAMPLES=40 MEMORY_STEPS=40)" = "early/memory/dense/40 $(
		printf 'early/memory/%s/40 ' gradual-4-0.5 gradual-6-0.5 oneshot-1-0.5 oneshot-2-0.4 \
			oneshot-4-0.5 oneshot-6-0.5)early/s3v1 early/s5v1 early/s6v1 $(
		)gradual-1-3/ticket gradual-3-5/ticket gradual-mine/ticket imp/01 imp/02" ]
	# A state that the dense run was not asked for is made again, to the same bytes.
	[ "$(trained WINDOWS='1-3 3-5 2-4')" = \
		'dense/epoch-3 early/s4v4 gradual-2-4/3 gradual-2-4/ticket' ]
	mv runs/$net/dense/epoch-4.state.safetensors 4.state
	prune "$all" -s report >/dev/null 2>&1
	cmp 4.state runs/$net/dense/epoch-4.state.safetensors
	unchanged
	prune 'gradual oneshot' -s WINDOWS=3-5 REWIND=1 report >/dev/null 2>&1
	[ "$(cut -f 2,3 $early/gradual.tsv | xargs -n 2 | xargs)" = \
		'kind window dense - oneshot 5 gradual 3-5' ]
	prune "$all" -s report >/dev/null 2>&1
	rm -r runs/$net/early/s5v1 runs/$net/rewind-1.*
	unchanged
}

@test "memorization: random labels, nested samples, masks that are compared" {
	local d=runs/synth s=runs/$net/early mask
	[ "$(lt-info --meta lt.labels --meta lt.seed $d/random-1.data | xargs)" = 'random 1' ]
	[ -z "$(comm -23 $d/memory/40.idx $d/memory/80.idx)" ]
	[ -z "$(comm -23 $d/memory/80.idx $d/train.idx)" ]
	# One of the trainings, by hand.
	mask=runs/$net/early/memory/oneshot-6-0.5.mask.safetensors
	lt-train -q --data $d/random-1.data --index $d/memory/80.idx --seed 1 --batch 32 \
		--epochs 6 --milestones 4,5 --mask $mask -o 1.st runs/$net/theta0.safetensors
	lt-eval -q --data $d/random-1.data --index $d/memory/80.idx -o 1.tsv 1.st
	learned=$(awk 'NR == 2 { print $3 }' 1.tsv)
	[ "$(awk '$1 == "oneshot" && $2 == 6 && $5 == 80 { print $6 }' $s/memory.tsv)" = "$learned" ]
	[ "$(awk '$1 == 80 { print $4 }' $early/memory_table.tsv)" = "$learned" ]
	[ "$(head -n 1 $early/memory_table.tsv)" = "samples	dense	1	6" ]
	[ "$(cut -f 1 $early/memory_table.tsv | xargs)" = 'samples 40 80' ]
	# One-shot and gradual are one at the first pruning, and as sparse at all.
	[ "$(cut -f 1 $early/steps_table.tsv | xargs)" = 'kind oneshot gradual' ]
	[ "$(cut -f 2 $early/steps_table.tsv | sed 1d | sort -u | wc -l)" = 1 ]
	for e in 2 4 6; do
		[ "$(awk -v e=$e '$2 == e { print $4 }' $s/steps.tsv | uniq | wc -l)" = 1 ]
	done
	[ ! -e $s/memory/gradual-2-0.4/80/last.safetensors ]
	lt-hamming -q --within 0 $s/memory/oneshot-2-0.4.mask.safetensors \
		runs/$net/gradual-memory/2/ticket.mask.safetensors
}

@test "without gradual pruning memorization has no part of it" {
	workflow memorize -s OUT=bare MEMORY_SAMPLES=40 MEMORY_EPOCHS=2 MEMORY_PRUNINGS= \
		EXCLUDE= LABEL_SEED=5 report >/dev/null 2>&1
	[ -z "$(find bare/$net/gradual-memory -name '*.safetensors')" ]
	[ ! -e bare/synth/tiny/early/steps_table.tsv ]
	[ "$(wc -l <bare/synth/tiny/early/memory_table.tsv)" = 2 ]
	[ "$(lt-info --meta lt.seed bare/synth/random-5.data)" = 5 ]
}
