#!/usr/bin/env bats
# The workflows, on a synthetic set and a net of 1288 weights.
# Quick: not run, for it tests makefiles; lt.bats runs a workflow.
load common
load workflow

all='imp prac earlybird random'

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run workflow "$all" -j2
	hashes >hashes
}

# The finished tree, with its times.
finished() {
	cp -a "$BATS_FILE_TMPDIR/runs" runs
}

@test "a second run makes nothing" {
	finished
	makes_nothing workflow "$all"
	run -0 workflow "$all" V=1
	[ -z "$(grep -v 'Nothing to be done' <<<"$output")" ]
}

# folders OUT: of the products that the commands on standard input make; rows, and the
# tables of a search, follow from them.
folders() {
	grep -oE -- "-o $1/[^ ]*" | sed -E "s,-o $1/,,; s,$net/,,; /row(\.time)?\.tsv$/d
		/^(imp|prac|earlybird|random)\/[^\/]*$/d; s,/[^/]*$,," | sort -u | paste -sd ' '
}
# dry SETTING...: those that make -n would make.
dry() { workflow "$all" -n "$@" | folders runs; }

@test "each setting reaches the stages that depend on it and no other" {
	local set want found bad=
	finished
	while IFS=: read -r set want; do
		found=$(dry "$set")
		[ "$found" = "$want" ] || bad+="$set: $found; "
	done <<-'END'
		THREADS=2:
		LAUNCH=env:
		MIN_EPOCHS=2:
		ROUNDS=4:imp/04 prac/03 prac/04 random/04
		TICKETS=1 2 3:earlybird/02 earlybird/02/ticket prac/02 prac/02/ticket random/02
		SCALE=epochs:prac/01 prac/02 prac/03 prac/03/ticket
		THRESHOLD=2:prac/01 prac/02 prac/03 prac/03/ticket
		prac.THRESHOLD=2:prac/01 prac/02 prac/03 prac/03/ticket
		DISAGREE=none:prac/01 prac/02 prac/03 prac/03/ticket
		CRITERION=synflow:prac/01 prac/01/ticket prac/02 prac/03 prac/03/ticket
		STOP=0:prac/01 prac/01/ticket prac/02 prac/03 prac/03/ticket
		STOP_EPS=0.2:prac/01 prac/01/ticket prac/02 prac/03 prac/03/ticket until-eps0.2-queue1-every1-startalways
		EB_EPS=0.3:earlybird/01 earlybird/01/ticket earlybird/03 earlybird/03/ticket
		REWIND=1:earlybird/01/ticket earlybird/03/ticket imp/01 imp/02 imp/03 prac/01 prac/01/ticket prac/02 prac/03 prac/03/ticket random/01 random/03 rewind-1.safetensors
		RATE=0.5:earlybird/01 earlybird/01/ticket earlybird/03 earlybird/03/ticket imp/01 imp/02 imp/03 prac/01 prac/01/ticket prac/02 prac/03 prac/03/ticket random/01 random/02 random/03 until-eps0.13-queue1-every1-startalways
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	[ "$(dry LR=0.05)" = "$(find "runs/$net" -name last.safetensors | sed "s,runs/$net/,,; s,/[^/]*\$,," |
		cat - <(echo prac/03) | sort -u | paste -sd ' ')" ]
	[[ " $(dry NET_OPTIONS='--init default') " == *' theta0.safetensors '* ]]
	# What is shared is made by a make before: the products of a real run, in its order.
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	workflow "$all" -s SYNTH_TEST=120 LAUNCH="$PWD/launch" >/dev/null
	folders runs <launched >found
	echo 'dense earlybird/01/ticket earlybird/03/ticket imp/01 imp/02 imp/03 prac/01/ticket' \
		'prac/03/ticket random/01 random/03 synth' | diff - found
	rm -r runs
	finished
	# The summaries of four searches, and of their times.
	[ "$(workflow "$all" -n ROUNDS=4 | grep -c -- '^lt-score rows -o .*/summary')" = 8 ]
	unchanged
}

@test "make -n shows each stage once, in full, and has no effect" {
	workflow "$all" -n V=1 SEEDS='1 2' >plan
	[ -z "$(ls -A . | grep -v plan)" ]
	sed -e ':a' -e '/\\$/{ N; s/\\\n */ /; ba' -e '}' plan | tr -s '\t ' ' ' |
		grep -o '^lt-.*' | sed 's/ *$//' >stages
	[ -z "$(sort stages | uniq -d)" ]
	run -1 grep -vE '^(lt-|#|make |\s+|if .*; then lt-hamming)' plan
	run -1 grep -e run.sh -e '[$]' stages
	# Both seeds: the dense run, 3 rounds of IMP, PrAC's rounds 0 to 2, 2 tickets of
	# PrAC, 2 of random masks, 2 stopped runs and their tickets.
	[ "$(grep -c '^lt-train' stages)" = $((2 * (1 + 3 + 3 + 2 + 2 + 4))) ]
	[ "$(grep -c '^lt-init' stages)" = 2 ]
	[ "$(grep -c '^lt-subset split' stages)" = 1 ]
	# Nor has a question, whatever it would make.
	finished
	! workflow "$all" -q LR=0.05 >/dev/null || false
	unchanged
}

@test "a lost file is made again" {
	local f bad= of at=runs/$net
	finished
	# One of each kind that a workflow makes, and where several ways lead to it.
	while IFS=: read -r of f; do
		for f in $f; do
			[ -s "$at/$f" ] || bad+="$f is not there; "
			mv "$at/$f" kept
			[[ $(one "$of" -n) == *lt-* ]] || bad+="$f; "
			mv kept "$at/$f"
		done
	done <<-'END'
		data:../../test.data ../../val.idx ../../train.idx
		dense:theta0.safetensors dense/best.safetensors dense/train.events dense/test.tsv dense/row.tsv
		imp:imp/02/ticket.mask.safetensors imp/02/ticket.mask.tsv imp/02/last.safetensors imp/03/last.safetensors
		imp:imp/03/best.safetensors imp/01/log.tsv imp/02/test.tsv imp/03/row.tsv imp/summary.tsv
		prac:prac/00/last.safetensors prac/00/train.events prac/00/distances.tsv prac/02/ticket.mask.safetensors
		prac:prac/03/ticket.mask.safetensors prac/02/cet.idx prac/02/cep.idx prac/03/cep.cost.tsv prac/03/set.idx
		prac:prac/01/best.safetensors prac/02/train.events prac/02/stop.tsv prac/01/ticket/log.tsv
		prac:prac/03/ticket/last.safetensors prac/03/ticket/row.tsv prac/summary.time.tsv
		earlybird:earlybird/03/last.safetensors earlybird/01/stop.tsv earlybird/03/ticket/best.safetensors
		random:random/02/ticket.mask.safetensors random/01/best.safetensors random/03/row.time.tsv
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	rm $at/imp/02/{last,best}.safetensors $at/prac/02/cep.idx $at/theta0.safetensors \
		runs/synth/val.idx $at/random/03/log.tsv
	workflow "$all" -s -j2 >/dev/null
	unchanged
	makes_nothing workflow "$all"
}

@test "one setting changed and changed back: the first bytes again" {
	finished
	workflow "$all" -s THRESHOLD=1 DISAGREE=none >/dev/null
	run -1 unchanged
	grep '^[<>]' <<<"$output" | sed 's/.* runs//' >differ
	grep -q prac/02/ticket.mask.safetensors differ
	run -1 grep -v "^/$net/prac/" differ
	run -1 grep -E 'prac/(00|01/ticket)' differ
	workflow "$all" -s >/dev/null
	unchanged
}

@test "SIGKILL of the whole make at any moment, then make: the same bytes" {
	long_test
	killed 8 "$(declare -f workflow made fit makefile; declare -p all common pipelines BATS_FILE_TMPDIR)
		workflow '$all' -s -j4"
	workflow "$all" -s -j4 >/dev/null
	unchanged
	tidy
}

@test "methods share what they have in common, and LAUNCH starts every stage" {
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	workflow "$all" -n V=1 >plan
	workflow "$all" -s -j4 LAUNCH="$PWD/launch" >/dev/null
	unchanged
	[ "$(grep -c '^lt-' launched)" = "$(grep -cE '^(lt-|if .*; then lt-)' plan)" ]
	[ -z "$(grep -oE -- '-o [^ ]+' launched | sort | uniq -d)" ]
	[ "$(grep -c '^lt-init' launched)" = 1 ]
	[ "$(grep -c "^lt-train.* -o runs/$net/dense/last" launched)" = 1 ]
	# PrAC's round 0 is the beginning of the dense run.
	head -n "$(wc -l <"runs/$net/prac/00/log.tsv")" "runs/$net/dense/log.tsv" |
		cut -f 1-8,10- | diff - <(cut -f 1-8,10- "runs/$net/prac/00/log.tsv")
	rm -r runs launched
	workflow imp -s -j2 SEEDS='1 2' LAUNCH="$PWD/launch" >/dev/null
	unchanged | grep "$net/\(dense\|imp\)/" >differ || true
	[ ! -s differ ]
	# Two seeds share the data and nothing else.
	[ "$(grep -c '^lt-data synth' launched)" = 2 ]
	[ "$(grep -c '^lt-init' launched)" = 2 ]
	run -1 cmp -s "runs/$net/theta0.safetensors" "runs/${net%1}2/theta0.safetensors"
	[ "$(wc -l <"runs/${net%1}2/imp/summary.tsv")" = 5 ]
}

@test "a workflow's own makefile makes one seed from nothing, as run.mk does" {
	local at=runs/${net%1}2
	one prac -s -j2 SEED=2 >/dev/null
	[ "$(ls runs/synth/tiny)" = s2 ]
	mv runs direct
	workflow prac -s -j3 SEEDS='2 3' >/dev/null
	diff -r -x '*.time' -x '*.time.tsv' -x '.*' direct/synth/tiny/s2 "$at" >differ || true
	[ ! -s differ ]
	makes_nothing one prac SEED=2
}

# kept TABLE LAYER
kept() { awk -v l="$2.weight" '$1 == l { print $4 }' "$1"; }

@test "the summary adds up when it is counted again" {
	local q set log mask e n iterations=0 presentations=0 macs=0
	finished
	cd "runs/$net"
	for q in 00 01 02; do
		set=prac/$q/set.idx log=prac/$q/log.tsv
		[ $q != 00 ] || set=../../train.idx
		n=$(size $set) e=$(epochs $log)
		iterations=$((iterations + e * ((n + 31) / 32)))
		presentations=$((presentations + e * n))
		# conv1 on 8x8 without a gradient of the images, conv2 on 4x4
		if [ $q = 00 ]; then
			macs=$((macs + e * n * (72 * 64 * 2 + 1152 * 16 * 3 + 64 * 3)))
		else
			mask=prac/$q/ticket.mask.tsv
			[ -e $mask ] || lt-info --tsv -o $mask "${mask%tsv}safetensors"
			macs=$((macs + e * n * ($(kept $mask conv1) * 64 * 2 +
				$(kept $mask conv2) * 16 * 3 + $(kept $mask fc) * 3)))
		fi
	done
	[ "$(column prac/summary.tsv search_iterations prac 3)" = $iterations ]
	[ "$(column prac/summary.tsv presentations prac 3)" = $presentations ]
	[ "$(column prac/summary.tsv multiply_adds prac 3)" = $macs ]
	[ "$(column prac/summary.tsv set_size prac 3)" = "$(size prac/02/set.idx)" ]
	# Two passes over the 320 samples in each of two rounds.
	[ "$(column prac/summary.tsv search_forward prac 3)" = 1280 ]
	[ "$(column prac/summary.tsv stop_epoch prac 1)" = "$(epochs prac/00/log.tsv)" ]
	[ "$(epochs prac/00/log.tsv)" -lt 4 ]
	[ "$(column prac/summary.tsv stop_rule prac 1)" = eps=0.13,queue=1,every=1,start=always ]
	# IMP: rounds of 4 epochs of 10 iterations.
	for q in 1 2 3; do
		[ "$(column imp/summary.tsv search_iterations imp $q)" = $((40 * q)) ]
		[ "$(column imp/summary.tsv retrain_iterations imp $q)" = 40 ]
	done
	[ "$(column earlybird/summary.tsv search_iterations earlybird 1)" = \
		$(($(epochs earlybird/01/log.tsv) * 10)) ]
	[ "$(column random/summary.tsv search_iterations random 3)" = 0 ]
	# 1288 weights, 30 % of the remaining three times, each rounded.
	[ "$(column imp/summary.tsv sparsity imp 3)" = \
		"$(awk 'BEGIN { printf "%.9g", 100 * (1 - 442 / 1288) }')" ]
	[ "$(column imp/summary.tsv sparsity imp 3)" = \
		"$(column prac/summary.tsv sparsity prac 3)" ]
	# Accuracies of the retrained ticket, taken again.
	lt-eval -q --data ../../train.data --index ../../val.idx -o val.tsv \
		prac/03/ticket/best.safetensors
	lt-eval -q --data ../../test.data -o test.tsv prac/03/ticket/best.safetensors
	[ "$(column prac/summary.tsv val_acc prac 3)" = "$(awk 'NR == 2 { print $3 }' val.tsv)" ]
	[ "$(column prac/summary.tsv test_acc prac 3)" = "$(awk 'NR == 2 { print $3 }' test.tsv)" ]
	[ "$(wc -l <prac/summary.time.tsv)" = 4 ]
}

# cep ROUND: samples of D0 whose predictions in a.tsv and b.tsv differ.
disagreeing() {
	cut -f 3 b.tsv | paste a.tsv - | awk -F '\t' 'NR > 1 && $3 != $NF { printf "%07d\n", $1 }'
}
# predict OUT OPTION... CHECKPOINT: predictions on D0.
predict() {
	local out=$1
	shift
	lt-eval -q --data ../../train.data --index ../../train.idx \
		--predictions "$out" -o eval.tsv "$@"
}

@test "a round of PrAC is Algorithm 1, whichever two models disagree" {
	finished
	workflow prac -s DISAGREE=dense-pruned OUT=dense >/dev/null
	workflow prac -s DISAGREE=retrained OUT=retrained >/dev/null
	workflow prac -s DISAGREE=none OUT=none >/dev/null
	cd "runs/$net"
	lt-forget -q prac/01/train.events | diff - prac/02/cet.idx
	predict a.tsv prac/01/last.safetensors
	predict b.tsv --mask prac/02/ticket.mask.safetensors prac/01/last.safetensors
	disagreeing | diff - prac/02/cep.idx
	sort -u prac/02/cet.idx prac/02/cep.idx | diff - prac/02/set.idx
	cd "../../../../dense/$net"
	predict a.tsv prac/00/last.safetensors
	predict b.tsv --mask prac/02/ticket.mask.safetensors prac/01/last.safetensors
	disagreeing | diff - prac/02/cep.idx
	[ "$(column prac/summary.tsv search_forward prac 3)" = 960 ]
	cd "../../../../retrained/$net"
	predict a.tsv prac/00/best.safetensors
	predict b.tsv prac/01/best.safetensors
	disagreeing | diff - prac/02/cep.idx
	diff prac/01/cet.idx prac/01/set.idx
	[ "$(column prac/summary.tsv search_forward prac 3)" = 640 ]
	cd "../../../../none/$net"
	diff prac/02/cet.idx prac/02/set.idx
	[ "$(column prac/summary.tsv search_forward prac 3)" = 0 ]
}

@test "SCALE=epochs trains fewer epochs, MIN_EPOCHS at least" {
	workflow prac -s EPOCHS=8 MILESTONES=4,6 WARMUP=2 STOP=0 \
		SCALE=epochs MIN_EPOCHS=2 THRESHOLD=2 >/dev/null
	cd "runs/$net/prac"
	[ "$(readlink 00)" = ../dense ]
	for r in 01 02; do
		t=$((8 * $(size $r/set.idx) / 320))
		[ $t -ge 2 ] || t=2
		[ "$(epochs $r/log.tsv)" = $t ]
		[ "$(cat $r/budget)" = "--epochs $t --milestones $((4 * t / 8)),$((6 * t / 8)) --warmup $((2 * t / 8))" ]
	done
	[ "$(cat 01/budget)" != "--epochs 8 --milestones 4,6 --warmup 2" ]
}

@test "rewinding: the weights of the dense run, and their cost once" {
	workflow 'imp random' -s REWIND=1 SCHEDULE=continue >/dev/null
	cd "runs/$net"
	[ "$(lt-info --meta lt.epoch rewind-1.safetensors)" = 1 ]
	[ "$(column imp/summary.tsv search_iterations imp 1)" = 40 ]
	[ "$(column imp/summary.tsv search_iterations imp 3)" = $((40 + 2 * 30)) ]
	[ "$(column imp/summary.tsv retrain_iterations imp 2)" = 30 ]
	[ "$(column random/summary.tsv search_iterations random 1)" = 10 ]
	[ "$(sed -n 2p imp/01/log.tsv | cut -f 1,2)" = $'2\t20' ]
}

@test "TEACHER: every training learns from it, and again from another one" {
	local at=runs/$net teacher=runs/synth/tiny/s2/dense/last.safetensors
	workflow imp -s ROUNDS=1 SEEDS=2 >/dev/null
	workflow imp -s ROUNDS=1 TEACHER=$teacher >/dev/null
	for f in dense imp/01; do
		[[ $(lt-info --meta lt.history $at/$f/last.safetensors) == *"$(lt-info --meta lt.crc32 $teacher)"* ]]
	done
	makes_nothing workflow imp ROUNDS=1 TEACHER=$teacher
	cp runs/synth/tiny/s2/theta0.safetensors $teacher
	[ "$(workflow imp -n V=1 ROUNDS=1 TEACHER=$teacher | grep -c '^lt-train')" = 2 ]
	[ "$(workflow imp -n V=1 ROUNDS=1 | grep -c '^lt-train')" = 2 ]
	run -1 grep -e --teacher <(workflow imp -n V=1 ROUNDS=1)
}

@test "a schedule without milestones and crops without padding get no such options" {
	workflow 'imp prac' -n OUT=none LR_SCHEDULE=cosine SCALE=epochs >plan
	grep -q -- '--schedule cosine' plan
	! grep -E -- '--(milestones|gamma|crop-pad)' plan || false
	workflow 'imp prac' LR_SCHEDULE=cosine ROUNDS=2 SCALE=epochs MIN_EPOCHS=2 OUT=cosine
	# The rate falls from the first step on.
	awk -F '\t' 'NR > 1 && $3 >= 0.1 { exit 1 }' cosine/$net/dense/log.tsv
	grep -qx -- '--epochs [234] --warmup 0' cosine/$net/prac/01/budget
}

@test "a wrong setting is refused" {
	for set in DATA= DISAGREE=both SCALE=quadratic STOP=2 DATA=/nowhere; do
		run -2 workflow prac "$set"
		[[ $output == *"${set#DATA=}"* ]]
	done
}

# planned NUMBER: the trainings that the page's full-size command would start, and its
# packing, a line a command.
planned() {
	sed -n '/^\.Sh LARGE DATA SETS/,/^\.Sh SEE/p' "$ROOT/man/lt-pipelines.7" | sed 's/\\e$/\\/' |
		awk -v n="$1" '/^lt run/ { in_one = ++k == n } /^\.Ed/ { in_one = 0 } in_one' >command
	[ -s command ]
	sed -i 's/^lt run/lt run -n -v/' command
	# A command and what follows its line breaks is one line; notes are none.
	sh ./command | sed -e ':a' -e '/\\$/{ N; s/\\\n */ /; ba' -e '}' | tr -s '\t ' ' ' | grep '^ *lt-'
}

@test "the full-size lines of the page are planned: data, network, splits, trainings" {
	local n=0 net
	for net in 'resnet18' 'vgg16_bn'; do
		planned $((++n)) >plan
		grep -q "^lt-init .*$net" plan
		[ "$net" != resnet18 ] || grep -q '^lt-init .*--form torchvision -o [^ ]* resnet18' plan
		grep -q '^lt-data pack .*--split train -o [^ ]* tiny-imagenet-200' plan
		grep -q '^lt-data pack .*--split val -o [^ ]* tiny-imagenet-200' plan
		grep -q '^lt-subset split .*--size 10000' plan
		# Three seeds: the dense run, 15 rounds of IMP, PrAC's rounds 0 to 14 and 15 tickets.
		[ "$(grep -c '^lt-train' plan)" = $((3 * (1 + 15 + 15 + 15))) ]
		[ "$(grep '^lt-train' plan | grep -c -- '--batch 512 .*--augment crop-flip')" = 138 ]
	done
	planned 3 >plan
	grep -q '^lt-data pack --size 224 --whole --split train -o runs/ImageNet/train.data ImageNet' plan
	grep -q '^lt-data pack --resize 256 --size 224 --stats .* --split val -o runs/ImageNet/test.data ImageNet' plan
	grep -q '^lt-subset split .*--size 25000' plan
	[ "$(grep '^lt-train' plan | grep -vc -- '--batch 256 .*--augment resized-crop-flip')" = 0 ]
	# The dense run; (0, 0) and six epochs on theirs and on θ0; 18 checks at two rates;
	# one-shot tickets of four more epochs; seven windows of nine segments and a ticket.
	# A plan does not know that one-shot tickets of three epochs are the grid's.
	[ "$(grep -c '^lt-train' plan)" = $((1 + 1 + 12 + 36 + 4 + 3 + 7 * 10)) ]
}

# Indented lines of README's section $1, the Nth run of them, without indent.
shown() {
	awk -v section="## $1" -v n="$2" '
	/^## / { here = $0 == section; next }
	!here { next }
	/^    / { if (!open) k++; open = 1; if (k == n) print substr($0, 5); next }
	{ open = 0 }' "$ROOT/README.md"
}

@test "the README shows the pipeline that there is" {
	shown 'A pipeline' 1 | diff - "$ROOT/examples/one-round.sh"
	lt-init -q -o net.safetensors "$ROOT/examples/two-branches.net"
}

@test "the README's pipeline prints what the README says" {
	long_test
	[ -e /usr/share/datasets/fashion-mnist ] ||
		skip 'dataset-fashion-mnist is not installed'
	bash -e -o pipefail "$ROOT/examples/one-round.sh" >output
	shown 'A pipeline' 2 | diff - output
}

@test "the examples of lt(7) run" {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$ROOT/man/lt.7" | sed '/^\./d; s/\\e$/\\/' >lines
	bash -e -o pipefail lines >output
	grep -q ' total$' output
	[ -s prac.idx ]
}
