#!/usr/bin/env bats
# lt plan: what a study will cost, against sums worked out by hand and against a study.
# Quick: not run, for it tests makefiles.
load common
load workflow

value() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' "${2:-plan}"; }
# planned OPTION...: by a speed and a plan of make that are here.
planned() { lt-score plan --tsv "$@" --speed speed make >plan; }

# A machine on which a presentation takes a second when dense and half of it under a mask
# of 0.5, with ten and four multiply-adds; forward it is a tenth.
by_hand() {
	printf '%s\t' network density train_seconds train_macs forward_seconds forward_macs \
		checkpoint_bytes mask_bytes state_bytes event_bytes memory_bytes >speed
	printf 'image_bytes\nn\t1\t1\t10\t0.1\t1\t1000\t0\t3000\t2\t500\t8\n' >>speed
	printf 'n\t0.5\t0.5\t4\t0.05\t0.4\t1000\t100\t3000\t2\t500\t8\n' >>speed
	cat >make <<-'END'
		make --no-print-directory -f data.mk ARCH='n' NET=n SEED=1 SEARCH=data
		lt-data synth -q --shape 1x2x3 --classes 4 --count 100 -o r/train.data
		lt-subset split -q --data r/train.data \
			--fraction 0.1 -o r/val.idx --rest r/train.idx
		make --no-print-directory -f dense.mk ARCH='n' NET=n SEED=1 SEARCH=dense
		# 'a note'
		lt-init -q --seed 1 --data r/train.data -o r/s1/theta0.st n
		lt-train --index r/train.idx r/s1/theta0.st --log r/s1/dense/log.tsv --data r/train.data \
			--val-index r/val.idx --batch 30 --epochs 2 -o r/s1/dense/last.st
		make --no-print-directory -f imp.mk ARCH='n' NET=n SEED=1 SEARCH=imp
		lt-prune --rate 0.25 -o r/s1/imp/01/m r/s1/dense/last.st
		lt-train --index r/train.idx --mask r/s1/imp/01/m r/s1/theta0.st --data r/train.data \
			--val-index r/val.idx --epochs 2 --best r/s1/imp/01/best -o r/s1/imp/01/last
		lt-prune --rate 0.5 -o r/s1/x/01/m r/s1/dense/last.st
		lt-train --index r/s1/x/set.idx --mask r/s1/x/01/m --events r/s1/x/e r/s1/theta0.st \
			--data r/train.data --epochs 4 --from 2 --batch 30 --to 9i -o r/s1/x/01/last
		lt-eval --data r/train.data --index r/val.idx --mask r/s1/x/01/m -o r/s1/x/t.tsv r/s1/x/01/last
	END
}

@test "presentations, multiply-adds and the time on one and more processors, by hand" {
	by_hand
	planned --jobs 1
	# D0 has 90 of 100 samples.  The dense run: 2 x 90 presentations and 2 x 10 forward.
	# Density 0.75: the same number.  Density 0.5: a list of at most 90, from epoch 2 to
	# iteration 9, which is epoch 3; and 10 forward in a test.
	[ "$(value stages)" = 9 ]
	[ "$(value trainings)" = 3 ]
	[ "$(value presentations)" = $((180 + 180 + 90)) ]
	[ "$(value forward_passes)" = $((20 + 20 + 10)) ]
	# 180 x 10 + 20 x 1; 180 x 7 + 20 x 0.7; 90 x 4 + 10 x 0.4
	[ "$(value multiply_adds)" = 3458 ]
	# 182; 135 + 1.5; 45; 0.5; and 0.02 of each of 9 stages.
	[ "$(value time)" = 364.18 ]
	[ "$(value core_hours)" = 0.101161 ]
	# A data set; four checkpoints of four trainings' outputs and of theta0; two masks;
	# events; a state.
	[ "$(value disk)" = $((800 + 5 * 1000 + 2 * 100 + 2 * 90 + 3000)) ]
	[ "$(value memory)" = 500 ]
	# Two jobs: data, split, theta0 and the dense run one after another, 182.08; then a
	# pruning and 136.5 beside a pruning, 45 and 0.5.
	planned --jobs 2
	[ "$(value time)" = 318.62 ]
	[ "$(value shortest_time)" = 318.62 ]
	[ "$(value memory)" = 1000 ]
	# 60 samples in the list: iteration 9 is in the middle of the fifth epoch.
	planned --jobs 1 --share 0.66667
	[ "$(value presentations)" = $((360 + 150)) ]
}

@test "stages wait for nothing else: three trainings on two processors" {
	by_hand
	{
		sed '/NET=n SEED=1 SEARCH=imp/,$d' make
		echo 'make -f imp.mk NET=n SEED=1 SEARCH=imp'
		for e in 1 2 3; do
			echo "lt-train --index r/train.idx r/s1/theta0.st --data r/train.data --epochs $e -o r/$e"
		done
	} >m
	mv m make
	planned --jobs 2
	# After 182.08: 90.02 and 180.02 start; 270.02 follows the first.
	[ "$(value time)" = 542.12 ]
	[ "$(value shortest_time)" = 452.1 ]
	# On two threads it takes half the time and as many processor seconds.
	sed -i 's/--epochs 3/& --threads 2/' make
	planned --jobs 3
	[ "$(value time)" = 362.1 ]
}

@test "the line between two networks costs passes at each of its points" {
	by_hand
	cat >>make <<-'END'
		lt-subset sample -q --seed 1 --of r/train.idx --size 25 -o r/bn.idx
		lt-connect -q --data r/train.data --points 5 --bn-index r/bn.idx -o r/c.tsv r/1 r/2
		lt-connect -q --data r/train.data --index r/val.idx -o r/d.tsv r/1 r/2
	END
	planned --jobs 1
	# 5 x (100 + 25) and, at 31 points, 31 x 10, beside 50 of the trainings and the test.
	[ "$(value forward_passes)" = $((50 + 625 + 310)) ]
	# 3458 of the others, and as many as these passes.
	[ "$(value multiply_adds)" = $((3458 + 625 + 310)) ]
}

@test "commands that make no sense are planned without harm" {
	by_hand
	printf '%s\n' 'lt-train' 'lt-train -o' 'lt-train --epochs nan --from 9 --to 2 -o r/a' \
		'lt-eval --data none --threads 1e300 -o r/b \' '	r/a' 'NET= SEED=' '\' 'lt-prune -o r/m' \
		'lt-connect --points inf --data r/x -o r/c' '  lt-train -o r/d' >make
	planned
	# lt-prune, which a lone backslash precedes, and the last one are indented: no commands.
	[ "$(value stages)" = 3 ]
	lt-score plan-needs make >needs
	: >make
	planned
	[ "$(value stages) $(value time)" = '0 0' ]
	refuses 2 '--speed' lt-score plan make
	refuses 74 'none: ' lt-score plan --speed speed none
	printf 'x\n1\n' >table
	refuses 65 "table: expected a column 'network', found none" lt-score plan --speed table make
}

# lt_plan ARGUMENT...: of a small study, into ./plan.
study=(imp DATA=synth SYNTH='--classes 4 --shape 1x16x16' SYNTH_TRAIN=1000 SYNTH_TEST=300
	VAL=100 ARCH=resnet8-demo EPOCHS=4 MILESTONES=3 BATCH=50 ROUNDS=3 RATE=0.3)
lt_plan() { lt plan --tsv "$@" "${study[@]}" >plan; }

# The processor seconds of a plan and of a study are compared, for other work on the
# machine hardly changes these.  It changes them a little, so that the speed is measured
# before and after; where that differs by more than 15 %, nothing can be said.
@test "the plan of a small study is what it takes, within 25 % of its processor seconds" {
	long_test
	local before after took tries
	for tries in 1 2 3; do
		rm -rf runs before.tsv after.tsv
		lt_plan --speed before.tsv
		before=$(value core_hours)
		[ ! -e runs ]
		TIMEFORMAT='%U %S'
		took=$({ time lt run "${study[@]}" >log 2>&1; } 2>&1) || { cat log >&2; false; }
		lt_plan --speed after.tsv
		after=$(value core_hours)
		echo "before $before, after $after, took $took" >&2
		! awk -v a="$before" -v b="$after" 'BEGIN { exit !(a / b < 1.15 && b / a < 1.15) }' ||
			break
		[ "$tries" != 3 ] || skip 'the speed of this machine changes by more than 15 %'
	done
	awk -v a="$before" -v b="$after" -v took="$took" 'BEGIN {
		split(took, w, " ")
		ratio = (a + b) / 2 * 3600 / (w[1] + w[2])
		print "planned / took: " ratio >"/dev/stderr"
		exit !(ratio > 0.75 && ratio < 1.25)
	}'
	# What is no time is exact: presentations; the multiply-adds of a real mask are
	# near those of the measured ones.
	find runs -name log.tsv -exec tail -qn 1 {} + >logs
	[ "$(awk '{ n += $10 } END { print n }' logs)" = "$(value presentations)" ]
	[ "$(value trainings)" = "$(wc -l <logs)" ]
	awk -v all="$(value multiply_adds)" '{ n += $11 } END {
		print "multiply-adds: " all / n >"/dev/stderr"
		exit !(all / n > 0.9 && all / n < 1.25) }' logs
	awk -v plan="$(value disk)" -v is="$(find runs -type f -printf '%s\n' |
		awk '{ s += $1 } END { print s }')" 'BEGIN {
		print "disk: " plan / is >"/dev/stderr"
		exit !(plan / is > 0.75 && plan / is < 1.5) }'
}

@test "every workflow has a plan, by the speed of another machine" {
	by_hand
	sed -i 's/^n\t/tiny\t/' speed
	tiny_net tiny 8 >tiny.net
	for w in 'prac random reinit earlybird' prac-epochs search 'grid oneshot ppr'; do
		# shellcheck disable=SC2086
		lt plan --tsv --speed speed -j4 $w DATA=synth SYNTH='--classes 4 --shape 1x8x8' \
			SYNTH_TRAIN=200 SYNTH_TEST=50 VAL=20 ARCH="$PWD/tiny.net" >plan || { echo "$w" >&2; false; }
		awk -F '\t' -v w="$w" 'NR > 1 && !($2 > 0) { print w ": " $0; bad = 1 } END { exit bad }' plan >&2
	done
	# A bound says that it is one.
	lt plan --speed speed prac DATA=synth ARCH="$PWD/tiny.net" >text
	grep -qx 'At most: trainings may stop early.' text
	grep -q '^Lists that the study finds are taken as 1 of D0' text
	# So does what is not counted.
	run -1 grep teacher text
	lt-init -q -o t.st tiny.net
	lt plan --speed speed imp DATA=synth ARCH="$PWD/tiny.net" TEACHER=t.st >text
	grep -qx 'Not counted: a forward pass of the teacher for each presentation.' text
}

@test "a plan that cannot be made is refused" {
	refused() {
		run -2 lt plan "${@:2}"
		[ "$output" = "lt: $1"$'\n'"Try 'lt --help'." ]
	}
	refused 'plan: expected a workflow'
	refused "--share: expected a share of 1, found '2'" --share 2 imp
	refused "-j: expected a number of jobs, found '0'" -j 0 imp
	refused '--speed: expected a value' imp --speed
	printf 'network\tdensity\n' >speed
	run -65 lt plan --speed speed imp DATA=synth
	[ "$output" = 'lt: resnet20: expected its speed in the calibration, found none' ]
}

@test "images are packed, and counted, before they are planned; nothing else is made" {
	local k i
	for k in train/a train/b test/a test/b; do
		mkdir -p "set/$k"
		png set/one.png 1x8x8
		for i in 1 2 3 4 5 6; do cp set/one.png "set/$k/$i.png"; done
	done
	rm set/one.png
	tiny_net tiny 8 | sed 's/linear pool 4/linear pool 2/; s/input 1 8 8/input 1 10 10/' >tiny.net
	lt plan --tsv imp DATA=set ARCH=tiny.net VAL=4 BATCH=4 EPOCHS=3 MILESTONES=2 ROUNDS=2 \
		AUGMENT=none >plan
	# The PNG of one image has a border.
	# 8 of 12 images, 3 epochs, 3 trainings; 4 in validation.  Of each network the
	# accuracy on 12 test images, before and after the training, and on D0's 8.
	[ "$(value presentations)" = 72 ]
	[ "$(value forward_passes)" = $((3 * 3 * 4 + 3 * (2 * 12 + 8))) ]
	[ "$(find runs -name '*.safetensors')" = '' ]
	[ -e runs/set/train.data ]
}
