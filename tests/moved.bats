#!/usr/bin/env bats
# Tickets of a pretrained network on another data set, beside those found there.
# Quick: not run, for it tests makefiles.
load common
load workflow

searches='moved moved-magnitude imp random'
# search ARGUMENT...: pretrained on src, which has 4 classes, for data with 6.
search() {
	workflow "$searches" SYNTH='--classes 6 --shape 1x8x8' SYNTH_TRAIN=200 SYNTH_TEST=60 \
		VAL=40 PRETRAIN_DATA="$BATS_FILE_TMPDIR/src" PRETRAIN_SETTINGS='EPOCHS=5 MILESTONES=4' \
		FREEZE=conv1,bn1 LR_SCALE=last:10 ROUNDS=2 TICKETS=2 "$@"
}
source=src/tiny/s1
kept=src/tiny-pretrained/s1

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	mkdir src
	lt-data synth -q --seed 7 --classes 4 --shape 1x8x8 --count 200 -o src/train.data
	lt-data synth -q --seed 7 --classes 4 --shape 1x8x8 --first 200 --count 40 \
		--stats src/train.data -o src/test.data
	first_run search -j2 all report
}
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cp -a "$BATS_FILE_TMPDIR/runs" runs
}

@test "a second run makes nothing" {
	makes_nothing search
}

# train_src OPTION..., train_new OPTION...: on the data of the pretraining, and on the others.
train_src() {
	lt-train -q --data "$BATS_FILE_TMPDIR/src/train.data" --index src/train.idx \
		--val-index src/val.idx --seed 1 --batch 32 --epochs 5 --milestones 4 "$@"
}
train_new() {
	lt-train -q --data synth/train.data --index synth/train.idx --val-index synth/val.idx \
		--seed 1 --batch 32 --epochs 4 --milestones 3 --freeze conv1,bn1 --lr-scale last:10 "$@"
}

@test "the pretraining, the search there and the moved ticket, by hand" {
	cd runs
	lt-init -q --seed 1 -o theta0 "$BATS_FILE_TMPDIR/tiny.net"
	train_src -o pretrained theta0
	cmp pretrained $source/dense/last.safetensors
	# IMP begins with the pretrained weights and goes back to them.
	lt-init -q --from pretrained -o begin
	train_src -o dense begin
	cmp dense $kept/dense/last.safetensors
	lt-prune -q --rate 0.3 --exclude last -o 01 dense
	train_src --mask 01 -o last begin
	cmp last $kept/moved/01/last.safetensors
	lt-prune -q --rate 0.3 --exclude last --mask 01 -o 02 last
	cmp 02 $kept/moved/02/ticket.mask.safetensors
	[ ! -e $kept/moved/02/last.safetensors ]
	# The new network: 6 classes for the 4 of the pretrained one.
	lt-init -q --seed 1 --from pretrained --head 6 -o new
	cmp new $net/theta0.safetensors
	train_new -o dense new
	cmp dense $net/dense/last.safetensors
	train_new --mask 02 -o moved new
	cmp moved $net/moved/02/last.safetensors
	# The search took two trainings of 5 epochs of 160 images.
	[ "$(column $net/moved/summary.tsv search_iterations moved 2)" = $((2 * 5 * 5)) ]
	[ "$(column $net/moved/summary.tsv presentations moved 2)" = $((2 * 5 * 160)) ]
	[ "$(column $net/moved/summary.tsv retrain_iterations moved 2)" = $((4 * 5)) ]
	# 1152 weights of conv2 and 72 of conv1 without the last layer: 0.51 of them removed.
	lt-info -q --tsv 02 >mask.tsv
	[ "$(awk '$1 == "total" { print $3, $4 }' mask.tsv)" = '1224 600' ]
	run -1 grep fc mask.tsv
}

@test "all begin with the pretrained weights; frozen layers stay" {
	cd runs/$net
	local m
	for m in moved moved-magnitude imp random; do
		[ "$(column $m/summary.tsv sparsity $m 2)" = "$(column moved/summary.tsv sparsity moved 2)" ]
		lt-info --tsv $m/02/last.safetensors | grep '^bn1[.]' |
			diff <(lt-info --tsv theta0.safetensors | grep '^bn1[.]') -
		run -1 cmp -s <(lt-info --tsv $m/02/last.safetensors | grep '^bn2[.]') \
			<(lt-info --tsv theta0.safetensors | grep '^bn2[.]')
	done
	lt-prune -q --exclude last --sparsity 0.51 -o want theta0.safetensors
	lt-hamming --within 0 want moved-magnitude/02/ticket.mask.safetensors
	[ "$(column moved-magnitude/summary.tsv search_iterations moved-magnitude 2)" = 0 ]
}

@test "FREEZE and LR_SCALE are for DATA alone, and remake what depends on them" {
	search -n OUT=new V=1 | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | grep '^lt-train ' >all
	# Three on src, the dense run and four tickets, of which IMP has two.
	[ "$(wc -l <all)" = 9 ]
	grep ' --epochs 5 ' all >on-src
	[ "$(wc -l <on-src)" = 3 ]
	run -1 grep -e --freeze -e --lr-scale on-src
	[ "$(grep -c -- '--freeze conv1,bn1 --lr-scale last:10' all)" = 6 ]
	search -n V=1 FREEZE= | grep -c '^lt-train ' >count
	[ "$(<count)" = 6 ]
	# So is a teacher.
	search -n OUT=new V=1 TEACHER="$BATS_FILE_TMPDIR/tiny.net" | grep -c -e '--teacher ' >count
	[ "$(<count)" = 6 ]
}

@test "tickets that go on from a point cost the way to it once in each search" {
	searches=moved search -s OUT=new REWIND=1 SCHEDULE=continue >log 2>&1 || { cat log >&2; false; }
	# 5 epochs of the round 0 there, 4 of round 1, which is rewound to epoch 1, and epoch 1
	# of the dense run here; then 3 epochs of retraining.  An epoch has 5 iterations.
	[ "$(column new/$net/moved/summary.tsv search_iterations moved 2)" = $(((5 + 4 + 1) * 5)) ]
	[ "$(column new/$net/moved/summary.tsv retrain_iterations moved 2)" = $((3 * 5)) ]
}

@test "NM is a setting of both searches" {
	search -n OUT=new V=1 NM=2:4 | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | grep '^lt-prune ' >all
	# Two rounds of each of four searches.
	[ "$(grep -c -- '--nm 2:4' all)" = 8 ]
	[ "$(wc -l <all)" = 8 ]
}

@test "settings of the pretraining remake what depends on them" {
	local new='EPOCHS=2 MILESTONES=1'
	search -s PRETRAIN_SETTINGS="$new" >log 2>&1 || { cat log >&2; false; }
	[ "$(epochs runs/$source/dense/log.tsv)" = 2 ]
	[ "$(epochs runs/$kept/moved/01/log.tsv)" = 2 ]
	run -1 cmp -s runs/$net/moved/02/last.safetensors "$BATS_FILE_TMPDIR/runs/$net/moved/02/last.safetensors"
	makes_nothing search PRETRAIN_SETTINGS="$new"
}

@test "a checkpoint is the pretrained network, of each seed if it is wanted" {
	cp runs/$source/dense/last.safetensors w.safetensors
	search -s OUT=given PRETRAINED=w.safetensors >log 2>&1 || { cat log >&2; false; }
	[ ! -e given/$source/dense ]
	for f in moved/02/last imp/02/last random/02/last dense/best; do
		cmp {runs,given}/$net/$f.safetensors
	done
	makes_nothing search OUT=given PRETRAINED=w.safetensors
	# Without the data of the pretraining its magnitudes are left.
	local own=(-n OUT=new V=1 SEEDS='1 2' s1.PRETRAINED=w.safetensors s2.PRETRAINED=x.safetensors)
	cp w.safetensors x.safetensors
	workflow moved-magnitude "${own[@]}" ROUNDS=2 TICKETS=2 >all
	[ "$(grep -c '^lt-init .*--from [wx].safetensors --data ' all)" = 2 ]
	[ "$(grep -c '^lt-train ' all)" = 4 ]
}

@test "what does not fit a pretrained network is refused before anything is made" {
	local argument want
	cp runs/$source/dense/last.safetensors w.safetensors
	lt-init -q --classes 4 --input 1x8x8 -o other.safetensors lenet-300-100
	while IFS='|' read -r argument want; do
		run -2 search OUT=new "$argument"
		[[ $output == *"*** $want"* ]] || { echo "$argument: $output" >&2; false; }
		[ ! -e new ] || [ -z "$(find new -name '*.safetensors')" ]
	done <<-'END'
		PRETRAINED=none|PRETRAINED=none: no such file
		PRETRAINED=runs/src/train.idx|PRETRAINED=runs/src/train.idx: expected a checkpoint
		PRETRAINED=other.safetensors|PRETRAINED=other.safetensors: its network is lenet-300-100; expected ARCH
		PRETRAIN_DATASET=synth|PRETRAIN_DATASET=synth: expected another name than that of DATASET
		PRETRAIN_DATA=|PRETRAIN_SETTINGS does nothing without PRETRAIN_DATA
		EXCLUDE=first|EXCLUDE=first: expected last among the layers
		PRETRAIN_SETTINGS=EPOX=2|PRETRAIN_SETTINGS: EPOX: no such setting
		FREEZE=conv1,|FREEZE=conv1,: expected layers
		LR_SCALE=last|LR_SCALE=last: expected LAYER:X
		moved.FOUND=all|moved.FOUND=all: expected one of: imp magnitude
	END
	run -2 workflow moved ROUNDS=1
	[[ $output == *'*** moved: expected a pretrained network: PRETRAINED or PRETRAIN_DATA'* ]]
	run -2 workflow moved ROUNDS=1 PRETRAINED=w.safetensors
	[[ $output == *'*** moved: expected PRETRAIN_DATA, on which tickets are found'* ]]
}

@test "lt plan counts the pretraining and the search on its data" {
	printf '%s\t' network density train_seconds train_macs forward_seconds forward_macs \
		checkpoint_bytes mask_bytes state_bytes event_bytes memory_bytes >speed
	printf 'image_bytes\ntiny\t1\t1\t10\t0.1\t1\t1000\t0\t3000\t2\t500\t8\n' >>speed
	printf 'tiny\t0.5\t0.5\t4\t0.05\t0.4\t1000\t100\t3000\t2\t500\t8\n' >>speed
	# shellcheck disable=SC2086
	lt plan --tsv --speed speed $searches "${common[@]:1}" ARCH="$BATS_FILE_TMPDIR/tiny.net" OUT=new \
		SYNTH='--classes 6 --shape 1x8x8' SYNTH_TRAIN=200 SYNTH_TEST=60 VAL=40 ROUNDS=2 TICKETS=2 \
		PRETRAIN_DATA="$BATS_FILE_TMPDIR/src" PRETRAIN_SETTINGS='EPOCHS=5 MILESTONES=4' >plan
	value() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' plan; }
	[ "$(value trainings)" = 9 ]
	# Three of 5 epochs and six of 4, on 160 images each.
	[ "$(value presentations)" = $(((3 * 5 + 6 * 4) * 160)) ]
	# A given checkpoint: its network is measured by it.
	cp runs/$source/dense/last.safetensors w.safetensors
	sed -n 's/^lt-init.*--from/--from/p' <(search -n V=1 OUT=new PRETRAINED=w.safetensors) >words
	grep -q -- '--from w.safetensors --data' words
	lt plan --tsv imp DATA=synth SYNTH='--classes 6 --shape 1x8x8' SYNTH_TRAIN=200 SYNTH_TEST=60 \
		VAL=40 EPOCHS=4 MILESTONES=3 BATCH=32 AUGMENT=none ROUNDS=1 FREEZE=conv1 \
		ARCH="$BATS_FILE_TMPDIR/tiny.net" PRETRAINED=w.safetensors OUT=new >plan
	[ "$(value trainings)" = 2 ]
}

@test "the page says how the network was pretrained, and compares with IMP" {
	cd runs/synth/tiny/report
	sed 1d differences.tsv | cut -f 1,2 | sort -u | tr '\t' ' ' |
		diff <(printf '%s imp\n' moved moved-magnitude random) -
	page >text
	for t in 'The network is pretrained on src. It has a new last layer for synth.' \
		'Trainings on synth leave these layers as they are: conv1,bn1.' 'Moved IMP finds its masks on src' \
		'Pretrained magnitudes keeps the largest' \
		'Does the ticket have to be found on the data that it is used for?'; do
		grep -qF -- "$t" text || { echo "$t" >&2; false; }
	done
	run -1 grep -F 'All seeds begin with the same' text
	[ -s accuracy-pretrained.svg ]
	[ -s iterations-pretrained.svg ]
}

# settings LINE...: the page of a run without data of its pretraining, with these settings.
settings() {
	printf '%s\n' $'group\tsetting\ttype\tdefault\tvalue\thelp' >settings.tsv
	printf 'A pretrained network\t%s\t-\t\t%s\t-\n' "$@" >>settings.tsv
	said compare
}

@test "the page says what all seeds share" {
	cd runs/synth/tiny/report
	settings PRETRAINED w.safetensors PRETRAIN_DATASET ''
	says 'The network is *pretrained*. It has a new last layer for synth.'
	says 'All seeds begin with the same pretrained weights'
	settings PRETRAINED '' s1.PRETRAINED w.safetensors s2.PRETRAINED x.safetensors
	says 'The network is *pretrained*. It has a new last layer for synth.'
	run -1 grep -F 'All seeds begin' text
	settings PRETRAINED '' PRETRAIN_DATA ''
	run -1 grep -F '*pretrained*' text
}
