#!/usr/bin/env bats
# Searches whose tickets are slim networks, beside early-bird tickets of weights.
# Quick: not run, for it tests makefiles.
load common
load workflow

searches='earlybird channels-earlybird channels-earlybird-reset filter-norm earlybird-params'
searches+=' small-macs'
# search ARGUMENT...
search() {
	workflow "$searches" small-macs.LIKE=channels-earlybird ROUNDS=2 TICKETS=2 EB_EPS=0.3 \
		SCALE_L1=1e-3 "$@"
}

# A built-in network, because small-macs chooses its width.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	first_run search -j2 ARCH=resnet8-demo all report
}
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cp -a "$BATS_FILE_TMPDIR/runs" runs
}
s1=runs/synth/resnet8-demo/s1

# train OPTION... CHECKPOINT: as a workflow trains, in its folder; into ./hand.
train() {
	lt-train -q --data ../../train.data --index ../../train.idx --val-index ../../val.idx \
		--seed 1 --batch 32 --epochs 4 --milestones 3 -o hand "$@"
}

@test "a second run makes nothing" {
	makes_nothing search ARCH=resnet8-demo
}

@test "channels-earlybird: stopped, cut and trained to the end, by hand" {
	cd $s1
	# 1 - 0.7 x 0.7 of the channels.
	train --scale-l1 1e-3 --stop-sparsity 0.51 --stop-method bn-scale --stop-queue 2 \
		--stop-eps 0.3 --stop-info stop theta0.safetensors
	cmp hand channels-earlybird/02/last.safetensors
	[ "$(sed -n 2p stop | cut -f 1)" = 1 ]
	at=$(sed -n 2p stop | cut -f 3)
	[ "$at" -lt 40 ]
	lt-prune -q --method bn-scale --sparsity 0.51 -o mask hand
	lt-slim -q -m mask -o slim hand
	cmp slim channels-earlybird/02/slim.safetensors
	train --scale-l1 1e-3 --from "${at}i" slim
	cmp hand channels-earlybird/02/ticket/last.safetensors
	# Its search ends where the mask has settled, and its training has the rest.
	for c in "search_iterations $at" "retrain_iterations $((40 - at))"; do
		[ "$(column channels-earlybird/summary.tsv ${c% *} channels-earlybird 2)" = "${c#* }" ]
	done
}

@test "channels-earlybird-reset: the slim network has the first weights" {
	cd $s1
	cmp {channels-earlybird,channels-earlybird-reset}/02/ticket.mask.safetensors
	lt-slim -q -m channels-earlybird/02/ticket.mask.safetensors -o slim theta0.safetensors
	train --scale-l1 1e-3 slim
	cmp hand channels-earlybird-reset/02/ticket/last.safetensors
}

@test "filter-norm: cut out of the dense network at once" {
	cd $s1
	lt-prune -q --method filter-norm --sparsity 0.51 -o mask dense/last.safetensors
	lt-slim -q -m mask -o slim theta0.safetensors
	train slim
	cmp hand filter-norm/02/ticket/last.safetensors
	[ "$(column filter-norm/summary.tsv search_iterations filter-norm 2)" = 40 ]
}

@test "a mask that does not settle leaves the whole schedule" {
	one channels-earlybird -s ARCH=resnet8-demo ROUNDS=1 TICKETS=1 SCALE_L1=1e-3 EB_EPS=0 \
		>/dev/null 2>&1
	[ "$(sed -n 2p $s1/channels-earlybird/01/stop.tsv | cut -f 1)" = 0 ]
	[ "$(column $s1/channels-earlybird/summary.tsv retrain_iterations channels-earlybird 1)" = 40 ]
}

# fact NAME FILE: of lt-info.
fact() { lt-info "$2" | awk -v n="$1" '$1 == n { print $2 }'; }

@test "rows have the sizes of their networks" {
	cd $s1
	for r in dense channels-earlybird; do
		[ $r = dense ] && n=0 f=theta0 || n=2 f=$r/02/slim
		for c in 'parameters parameters' 'image_multiply_adds multiply_adds'; do
			[ "$(column channels-earlybird/summary.tsv ${c% *} $r $n)" = \
				"$(fact ${c#* } $f.safetensors)" ]
		done
	done
	# A mask: what it keeps and what it does not cover, and what lt-eval counts.
	kept=$(lt-info --meta lt.kept earlybird/02/ticket.mask.safetensors)
	[ "$(column earlybird/summary.tsv parameters earlybird 2)" = \
		$(($(fact parameters theta0.safetensors) - $(fact weights theta0.safetensors) + kept)) ]
	lt-eval -q -d ../../train.data -m earlybird/02/ticket.mask.safetensors --cost cost \
		-o /dev/null theta0.safetensors
	[ "$(column earlybird/summary.tsv image_multiply_adds earlybird 2)" = \
		"$(awk 'NR == 2 { print $2 / $1 }' cost)" ]
	# As many weights, and about as many multiply-adds.
	for m in earlybird-params channels-earlybird; do
		lt-info --meta lt.kept $m/02/ticket.mask.safetensors
	done | uniq | wc -l | grep -qx 1
	awk -v a="$(column channels-earlybird/summary.tsv image_multiply_adds channels-earlybird 2)" \
		-v b="$(column small-macs/summary.tsv image_multiply_adds small-macs 2)" \
		'BEGIN { exit !(b / a > 0.8 && b / a < 1.25) }'
}

@test "the page compares slim networks with what has the same share or size" {
	cd runs/synth/resnet8-demo/report
	sed 1d differences.tsv | cut -f 1,2 | sort -u | tr '\t' ' ' >found
	diff - found <<-'END'
		channels-earlybird earlybird
		channels-earlybird-reset channels-earlybird
		earlybird-params channels-earlybird
		filter-norm channels-earlybird
		small-macs channels-earlybird
	END
	page >text
	for t in 'channel early-bird, weights reset' 'early-bird, equal parameters' 'filter norms' \
		'Sizes: what each network has left'; do
		grep -q "$t" text
	done
	[ -s accuracy-channels.svg ]
}
