#!/usr/bin/env bats
# Controls of the comparison: shuffled masks, signs, points of rewinding, retraining without
# rewinding, instability, dense networks of equal size and of equal cost.
# Quick: not run, for it tests makefiles.
load common
load workflow

searches='imp shuffled signs imp-rewind imp-learning-rate imp-fine-tune instability long-dense'
# search ARGUMENT...
search() {
	workflow "$searches" shuffled.LIKE=imp signs.LIKE=imp long-dense.LIKE=imp \
		REWINDS='0 1' POINTS=3 BN_SAMPLES=64 ROUNDS=2 TICKETS='1 2' "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run search -j2 all report
}
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cp -a "$BATS_FILE_TMPDIR/runs" runs
}

@test "each control is compared with what it follows or varies" {
	sed 1d runs/${net%/*}/report/differences.tsv | cut -f 1,2 | sort -u | tr '\t' ' ' >found
	printf '%s imp\n' imp-fine-tune imp-learning-rate imp-rewind-0 imp-rewind-1 long-dense \
		shuffled signs | diff - found
	# PrAC's own, and those of other names.
	workflow 'imp prac prac-cet imp-stop random random-reinit random-set small-params' \
		--eval 'show: ; @echo $(controls)' show >found
	echo prac-cet=prac imp-stop=prac random=imp random-reinit=random random-set=prac \
		small-params=prac | diff - found
}

# train OPTION... CHECKPOINT: as a workflow trains, in its folder; into ./hand.
train() {
	lt-train -q --data ../../train.data --index ../../train.idx --val-index ../../val.idx \
		--seed 1 --batch 32 --epochs 4 --milestones 3 -o hand "$@"
}

@test "a second run makes nothing" {
	makes_nothing search
}

@test "shuffled: the found mask shuffled in its layers, on the found weights" {
	cd runs/$net
	for r in 01 02; do
		lt-prune -q --like imp/$r/ticket.mask.safetensors --seed 1 -o want theta0.safetensors
		cmp want shuffled/$r/ticket.mask.safetensors
		run -1 cmp -s want imp/$r/ticket.mask.safetensors
		train --mask want theta0.safetensors
		cmp hand shuffled/$r/last.safetensors
	done
	for c in sparsity search_iterations presentations; do
		[ "$(column shuffled/summary.tsv $c shuffled 2)" = "$(column imp/summary.tsv $c imp 2)" ]
	done
}

@test "signs: the found mask on the signs of the found weights" {
	cd runs/$net
	lt-init --signs -o want theta0.safetensors
	cmp want signs/theta0.safetensors
	train --mask imp/02/ticket.mask.safetensors want
	cmp hand signs/02/last.safetensors
	# Rewound weights have signs, too.
	cd "$BATS_TEST_TMPDIR"
	workflow 'imp signs' -s OUT=late signs.LIKE=imp REWIND=1 SCHEDULE=continue ROUNDS=1 \
		TICKETS=1 >/dev/null
	cd late/$net
	lt-init --signs -o want rewind-1.safetensors
	train --from 1 --mask imp/01/ticket.mask.safetensors want
	cmp hand signs/01/last.safetensors
}

@test "imp-rewind: IMP from each point of rewinding" {
	workflow imp -s OUT=one REWIND=1 ROUNDS=2 TICKETS='1 2' >/dev/null
	for r in 0:runs/$net/imp 1:one/$net/imp; do
		for f in 01/last.safetensors 02/best.safetensors 02/ticket.mask.safetensors 02/log.tsv; do
			cmp runs/$net/imp-rewind-${r%%:*}/$f ${r#*:}/$f
		done
	done
	[ ! -e runs/$net/imp-rewind ]
	[ "$(column runs/$net/imp-rewind-1/summary.tsv test_acc imp-rewind-1 2)" = \
		"$(column one/$net/imp/summary.tsv test_acc imp 2)" ]
	# One point alone needs no others.
	[ "$(workflow imp-rewind-2 -n OUT=two ROUNDS=1 TICKETS=1 | grep -o -- '--to [^ ]*' | xargs)" = '--to 2' ]
	run -2 search REWINDS='0 x'
	[[ $output == *"REWINDS=0 x: expected epochs, or iterations such as 500i"* ]]
}

@test "learning rates are rewound and tickets fine-tuned from the trained weights" {
	cd runs/$net
	train --from 0 --mask imp-learning-rate/02/ticket.mask.safetensors \
		imp-learning-rate/01/last.safetensors
	cmp hand imp-learning-rate/02/last.safetensors
	lt-train -q --data ../../train.data --index ../../train.idx --seed 1 --batch 32 --epochs 4 \
		--schedule constant --lr 0.01 --mask imp-fine-tune/01/ticket.mask.safetensors \
		-o hand dense/last.safetensors
	cmp <(lt-info --tsv hand) <(lt-info --tsv imp-fine-tune/01/last.safetensors)
	# The first mask is that of IMP, for it comes from the dense run.
	cmp imp/01/ticket.mask.safetensors imp-fine-tune/01/ticket.mask.safetensors
	# REWIND says how long a ticket trains; the setting itself is one of imp, and only of imp.
	cd "$BATS_TEST_TMPDIR"
	workflow imp -s OUT=late SCHEDULE=fine-tune REWIND=1 ROUNDS=1 TICKETS=1 >/dev/null
	[ "$(cut -f 1,3 late/$net/imp/01/log.tsv | tail -n +2 | xargs)" = '2 0.01 3 0.01 4 0.01' ]
	workflow imp -s OUT=late SCHEDULE=learning-rate REWIND=1 ROUNDS=1 TICKETS=1 >/dev/null
	[ "$(cut -f 1,3 late/$net/imp/01/log.tsv | tail -n +2 | xargs)" = '2 0.1 3 0.1 4 0.01' ]
	run -2 workflow random SCHEDULE=fine-tune
	[[ $output == *'SCHEDULE=fine-tune: only imp retrains the weights of the round before'* ]]
	run -2 workflow imp SCHEDULE=fine-tune LR_SCHEDULE=cosine
	[[ $output == *'the last learning rate of a cosine is 0'* ]]
}

@test "instability: two orders of the data, by hand" {
	cd runs/$net
	lt-prune -q --like imp-rewind-1/02/ticket.mask.safetensors --seed 1 -o m rewind-1.safetensors
	for s in 1001 2001; do
		train --seed $s --from 1 --mask m rewind-1.safetensors
		mv hand hand.$s
	done
	cmp hand.1001 instability/k1/shuffled/a/last.safetensors
	cmp hand.2001 instability/k1/shuffled/b/last.safetensors
	lt-subset sample -q --seed 1 --of ../../train.idx --size 64 -o bn.idx
	lt-connect -q --data ../../test.data --bn-data ../../train.data --bn-index bn.idx --points 3 \
		--path path -o hand hand.1001 hand.2001
	cmp hand instability/k1/shuffled/barrier.tsv
	cmp path instability/k1/shuffled/line.tsv
	train --seed 1001 --from 0 theta0.safetensors
	cmp hand instability/k0/dense/a/last.safetensors
	train --seed 2001 --from 1 --mask imp-rewind-1/02/ticket.mask.safetensors rewind-1.safetensors
	cmp hand instability/k1/found/b/last.safetensors
	[ "$(cut -f 1,2 instability/instability.tsv | tail -n +2 | xargs)" = \
		'0 dense 0 found 0 shuffled 1 dense 1 found 1 shuffled' ]
	# One search's mask for all points.
	cd "$BATS_TEST_TMPDIR"
	workflow 'imp instability' -n V=1 instability.LIKE=imp REWINDS='0 1' AT_ROUND=1 ROUNDS=2 |
		grep -o -- '--like [^ ]*' | sort -u | diff - <(echo "--like runs/$net/imp/01/ticket.mask.safetensors")
}

@test "long-dense: as many presentations as a search and its ticket" {
	cd runs/$net
	# Round r comes behind r trainings of 4 epochs: 4 r + 4, and the drop after 3 of 4.
	for r in 1 2; do
		[ "$(cat long-dense/0$r/budget)" = "--epochs $((4 * r + 4)) --milestones $((3 * r + 3)) --warmup 0" ]
		[ "$(epochs long-dense/0$r/log.tsv)" = $((4 * r + 4)) ]
		[ "$(column long-dense/summary.tsv sparsity long-dense $r)" = \
			"$(column imp/summary.tsv sparsity imp $r)" ]
		[ "$(column long-dense/summary.tsv search_iterations long-dense $r)" = 0 ]
	done
}

@test "small: dense networks of a ticket's parameters and multiply-adds" {
	workflow 'imp small-params small-macs' -s ARCH=lenet-300-100 NET_OPTIONS='--width 0.2' \
		small-params.LIKE=imp small-macs.LIKE=imp ROUNDS=2 TICKETS=2 >/dev/null
	cd runs/synth/lenet-300-100/s1
	# 64-60-20-4: 3840 + 60 + 1200 + 20 + 80 + 4 = 5204 parameters, of which 5120
	# are weights; two rounds of 0.3 keep 3584 and 2509.  A network 64-a-b-4 has
	# 65 a + (a + 1) b + 4 (b + 1) parameters: at width 0.112, 34 and 11 units,
	# 2643; one unit fewer in the first layer 2567.  2509 + 84 = 2593 is nearer
	# to 2567.  Multiply-adds are 64 a + a b + 4 b: 2519 of 33 and 11.
	[ "$(lt-info --meta lt.kept imp/02/ticket.mask.safetensors)" = 2509 ]
	[ "$(lt-info small-params/02/theta0.safetensors | awk '$1 == "parameters" { print $2 }')" = 2567 ]
	[ "$(lt-info small-macs/02/theta0.safetensors | awk '$1 == "multiply_adds" { print $2 }')" = 2519 ]
	[ "$(column small-params/summary.tsv sparsity small-params 2)" = \
		"$(column imp/summary.tsv sparsity imp 2)" ]
	[ "$(column small-macs/summary.tsv retrain_iterations small-macs 2)" = 40 ]
	[ "$(column small-params/summary.tsv search_iterations small-params 2)" = 0 ]
	cd "$BATS_TEST_TMPDIR"
	run -2 workflow 'imp small-params' small-params.LIKE=imp
	[[ $output == *'small needs a built-in network'* ]]
}

@test "el2n, grand: the samples that are hardest early in training" {
	workflow 'prac el2n grand' -s -j2 SCORE_RUNS=2 ROUNDS=2 TICKETS=2 >/dev/null
	makes_nothing workflow 'prac el2n grand' SCORE_RUNS=2 ROUNDS=2 TICKETS=2
	# Numbers of networks are decimal, 08 and 09 too.
	workflow 'prac el2n' -n SCORE_RUNS=9 ROUNDS=2 TICKETS=2 >plan
	[ "$(grep -o 'lt-init .*' plan | grep -o 'seed [89]01 ' | sort -u | xargs)" = 'seed 801 seed 901' ]
	cd runs/$net
	# The second network, by hand: a tenth of four epochs is one.
	lt-init -q --seed 201 -o 0 "$BATS_FILE_TMPDIR/tiny.net"
	train --seed 201 --to 1 0
	cmp hand diet/02/last.safetensors
	lt-eval -q --data ../../train.data --index ../../train.idx --grand --predictions p -o e hand
	cmp p diet/02/gradients.tsv
	for m in el2n:7:predictions grand:8:gradients; do
		IFS=: read -r m column file <<<"$m"
		paste <(tail -n +2 diet/01/$file.tsv | cut -f 1,"$column") \
			<(tail -n +2 diet/02/$file.tsv | cut -f "$column") |
			awk '{ printf "%.12g\t%d\n", $2 + $3, $1 }' | sort -k 1,1gr -k 2,2n |
			head -n "$(size prac/01/set.idx)" | cut -f 2 | xargs printf '%07d\n' | sort |
			diff - $m/01/set.idx
		[ "$(iterations $m/01/log.tsv)" = "$(iterations prac/01/log.tsv)" ]
		# The mask of round 2 cost two epochs of ten
		# iterations more than PrAC's, and passes over D0.
		[ "$(column $m/summary.tsv search_iterations $m 2)" = \
			$(($(column prac/summary.tsv search_iterations prac 2) + 20)) ]
	done
	[ "$(column el2n/summary.tsv search_forward el2n 2)" = 640 ]
	[ "$(column grand/summary.tsv search_forward grand 2)" = 1280 ]
}

@test "the page shows the controls and the barriers" {
	cd runs/synth/tiny/report
	page >text
	for t in 'found mask, shuffled in layers' 'found mask, signs of weights' \
		'IMP, rewound to epoch 1' 'IMP, fine-tuned' 'dense, trained longer' 'Instability'; do
		grep -q "$t" text
	done
	[ "$(cut -f 1-3 barriers_mean.tsv | head -n 3 | xargs)" = 'rewind network n 0 dense 1 0 found 1' ]
	# One seed has no deviation to judge by.
	[ "$(cut -f 1-4,6,16 barriers_differences.tsv | sed -n 2,3p | xargs)" = \
		'0 found 0 dense 1 not told apart 0 found 0 shuffled 1 not told apart' ]
	for p in instability accuracy-controls accuracy-cost accuracy-rewinding; do
		[ -s $p.svg ]
	done
}
