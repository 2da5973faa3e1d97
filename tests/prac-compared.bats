#!/usr/bin/env bats
# Searches by name, and what PrAC is compared with.
# Quick: not run, for it tests makefiles and awk.
load common
load workflow

searches='prac prac-cet prac-nostop prac-retrained imp-stop prac-mine random reinit random-reinit '
searches+='control-lamped random-set entropy svp control-untrained imp'
# search ARGUMENT...
search() {
	workflow "$searches" prac-mine.THRESHOLD=1 control-lamped.CRITERION=lamp \
		control-untrained.SCORE_AT=init PROXY="$BATS_FILE_TMPDIR/proxy.net" "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	tiny_net proxy 2 >proxy.net
	first_run search -j2
}
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cp -a "$BATS_FILE_TMPDIR/runs" runs
}

# kept MASK: weights that it keeps.
kept() { lt-info -q --tsv "$1" | awk '$1 == "total" { print $4 }'; }

@test "a second run makes nothing" {
	makes_nothing search
}

@test "a search's own setting is the setting" {
	local x=(-x '*.time.tsv' -x row.tsv)
	workflow prac -s OUT=cet DISAGREE=none >/dev/null
	diff -r cet/$net/prac/03 runs/$net/prac-cet/03 "${x[@]}"
	workflow prac -s OUT=t1 THRESHOLD=1 >/dev/null
	diff -r t1/$net/prac/03 runs/$net/prac-mine/03 "${x[@]}"
	workflow prac -s OUT=nostop STOP=0 >/dev/null
	diff -r nostop/$net/prac/03 runs/$net/prac-nostop/03 "${x[@]}"
	diff -r nostop/$net/dense runs/$net/dense -x '*.time.tsv'
}

@test "searches that stop alike share round 0" {
	local stopped=until-eps0.13-queue1-every1-startalways
	for m in prac prac-cet prac-retrained imp-stop prac-mine; do
		[ "$(readlink runs/$net/$m/00)" = ../$stopped ]
	done
	[ "$(readlink runs/$net/prac-nostop/00)" = ../dense ]
	[ "$(find runs/$net -name last.safetensors -path '*until-*' | wc -l)" = 1 ]
	for m in control-lamped random-set entropy svp; do
		[ ! -e runs/$net/$m/00 ]
	done
	for m in prac-cet prac-mine control-lamped random-set entropy svp; do
		cmp runs/$net/prac/01/ticket.mask.safetensors \
			runs/$net/random-set/01/ticket.mask.safetensors
		[ "$(column runs/$net/$m/summary.tsv search_iterations $m 1)" = \
			"$(column runs/$net/prac/summary.tsv search_iterations prac 1)" ]
	done
}

@test "imp-stop: iterative pruning on D0 whose rounds stop early, by hand" {
	cd runs/$net
	lt-train -q --data ../../train.data --index ../../train.idx --val-index ../../val.idx \
		--seed 1 --batch 32 --epochs 4 --milestones 3 --mask imp-stop/01/ticket.mask.safetensors \
		--stop-layers conv,linear --stop-rate 0.3 --stop-eps 0.13 --stop-queue 1 \
		--stop-start always --log log -o last theta0.safetensors
	cmp last imp-stop/01/last.safetensors
	cut -f 1,2 log | diff - <(cut -f 1,2 imp-stop/01/log.tsv)
	lt-prune -q --layers conv,linear --rate 0.3 --mask imp-stop/01/ticket.mask.safetensors -o mask last
	cmp mask imp-stop/02/ticket.mask.safetensors
	[ -z "$(find imp-stop/ -name '*.idx' -o -name 'cep*')" ]
	[ "$(column imp-stop/summary.tsv set_size imp-stop 3)" = 320 ]
	[ "$(column imp-stop/summary.tsv search_forward imp-stop 3)" = 0 ]
	[ "$(column imp-stop/summary.tsv search_iterations imp-stop 3)" = \
		$(($(iterations prac/00/log.tsv) + $(iterations imp-stop/01/log.tsv) + $(iterations imp-stop/02/log.tsv))) ]
}

@test "STOP_RELATIVE takes the place of a threshold and where its queue begins" {
	workflow 'prac prac-mine' -n V=1 OUT=new prac-mine.STOP_RELATIVE=0.3 | tr -s ' \n\\' ' ' |
		grep -o -- "--stop-rate [^ ]* --stop-[a-z]* [^ ]* --stop-[a-z]* [^ ]*" | sort -u |
		diff - <(printf '%s\n' '--stop-rate 0.3 --stop-eps 0.13 --stop-start always' \
			'--stop-rate 0.3 --stop-relative 0.3 --stop-queue 1')
	run -2 workflow prac STOP_RELATIVE=1
	[[ $output == *STOP_RELATIVE* ]]
}

@test "a search that follows has as many samples and iterations" {
	cd runs/$net
	for m in control-lamped random-set entropy svp; do
		for r in 01 02; do
			[ "$(iterations $m/$r/log.tsv)" = "$(iterations prac/$r/log.tsv)" ]
			[ $m = control-lamped ] || [ "$(size $m/$r/set.idx)" = "$(size prac/$r/set.idx)" ]
			[ $m = control-lamped ] || [ -z "$(comm -23 $m/$r/set.idx ../../train.idx)" ]
			[ "$(kept $m/$r/ticket.mask.safetensors)" = "$(kept prac/$r/ticket.mask.safetensors)" ]
			[ "$(tail -n 1 $m/$r/log.tsv | cut -f 10)" = "$(tail -n 1 prac/$r/log.tsv | cut -f 10)" ]
		done
		[ "$(column $m/summary.tsv stop_rule $m 3)" = like=prac ]
	done
	run -1 cmp -s random-set/02/set.idx prac/02/set.idx
	# The samples of the largest entropy, by another way.
	for m in entropy/02/predictions svp/../proxy/predictions; do
		tail -n +2 $m.tsv | sort -t "$(printf '\t')" -k 5,5gr -k 1,1n |
			head -n "$(size prac/02/set.idx)" |
			cut -f 1 | xargs printf '%07d\n' | sort >want
		diff want "${m%%/*}/02/set.idx"
	done
	# The proxy's training is part of the cost, once a set was taken from it.
	[ "$(column svp/summary.tsv search_iterations svp 3)" = \
		$(($(column prac/summary.tsv search_iterations prac 3) + $(iterations proxy/log.tsv))) ]
	[ "$(column svp/summary.tsv search_forward svp 3)" = 320 ]
	[ "$(column entropy/summary.tsv search_forward entropy 3)" = 640 ]
	[ "$(column random-set/summary.tsv search_forward random-set 3)" = 0 ]
}

@test "a criterion scores what the round trained, or the first weights" {
	cd runs/$net
	lt-prune -q --rate 0.3 --method lamp --mask control-lamped/01/ticket.mask.safetensors \
		-o want.safetensors control-lamped/01/last.safetensors
	lt-hamming -q --within 0 want.safetensors control-lamped/02/ticket.mask.safetensors
	lt-prune -q --rate 0.3 -o 1.safetensors theta0.safetensors
	lt-prune -q --rate 0.3 --mask 1.safetensors -o 2.safetensors theta0.safetensors
	lt-hamming -q --within 0 2.safetensors control-untrained/02/ticket.mask.safetensors
	[ "$(find control-untrained -name last.safetensors | sort)" = "$(printf '%s\n' \
		control-untrained/01/ticket/last.safetensors control-untrained/03/ticket/last.safetensors)" ]
	[ "$(column control-untrained/summary.tsv search_iterations control-untrained 3)" = 0 ]
	[ "$(column control-untrained/summary.tsv stop_rule control-untrained 3)" = untrained ]
}

@test "reinit: found and random masks on weights of another seed" {
	cd runs/$net
	lt-init -q --seed 1001 --classes 4 --input 1x8x8 -o want.safetensors "$BATS_FILE_TMPDIR/tiny.net" ||
		lt-init -q --seed 1001 -o want.safetensors "$BATS_FILE_TMPDIR/tiny.net"
	cmp want.safetensors reinit/theta0.safetensors
	run -1 cmp -s theta0.safetensors reinit/theta0.safetensors
	# A ticket trained from them by hand.
	lt-train -q --data ../../train.data --index ../../train.idx --seed 1 \
		--epochs 4 --milestones 3 --batch 32 --mask prac/03/ticket.mask.safetensors \
		-o hand.safetensors reinit/theta0.safetensors
	lt-eval -q --data ../../test.data -o hand.tsv hand.safetensors
	lt-eval -q --data ../../test.data -o reinit.tsv reinit/03/last.safetensors
	cmp hand.tsv reinit.tsv
	for c in set_size search_iterations search_forward multiply_adds; do
		[ "$(column reinit/summary.tsv $c reinit 3)" = "$(column prac/summary.tsv $c prac 3)" ]
		[ "$(column random-reinit/summary.tsv $c random-reinit 3)" = 0 ]
	done
	[ "$(column reinit/summary.tsv sparsity reinit 3)" = "$(column random-reinit/summary.tsv sparsity random-reinit 3)" ]
	run -2 workflow 'random reinit' LIKE=nobody
	[[ $output == *'reinit follows nobody (LIKE), which is not among SEARCHES'* ]]
}

@test "transfer: the sets of one network for another" {
	tiny_net other 4 >other.net
	local r s d n to=(SOURCE=tiny SOURCE_SETTINGS="ARCH=$BATS_FILE_TMPDIR/tiny.net" ARCH="$PWD/other.net")
	workflow 'transfer prac random' -s -j2 "${to[@]}" SEEDS='1 2' >/dev/null
	makes_nothing workflow 'transfer prac random' "${to[@]}" SEEDS='1 2'
	# The source's search was there for one seed and is made for the other.
	diff -r "$BATS_FILE_TMPDIR/runs/$net/prac" runs/$net/prac
	for s in 1 2; do
		d=runs/synth/other/s$s/transfer
		n=$(size runs/synth/tiny/s$s/prac/03/set.idx)
		[ "$(column $d/summary.tsv set_size transfer 3)" = "$n" ]
		[ "$(column $d/summary.tsv search_forward transfer 3)" = 0 ]
		for r in 00 01 02; do
			[ "$(cut -f 10 $d/$r/log.tsv | sed -n 2p)" = "$n" ]
		done
	done
	workflow transfer -s "${to[@]}" FROM_SET=each >/dev/null
	[ "$(column runs/synth/other/s1/transfer/summary.tsv set_size transfer 1)" = 320 ]
	[ "$(column runs/synth/other/s1/transfer/summary.tsv set_size transfer 3)" = \
		"$(size runs/synth/tiny/s1/prac/02/set.idx)" ]
}

@test "SETTING is the paper's rate, in a folder of its own" {
	workflow imp -s SETTING=low ROUNDS=1 TICKETS=1 >/dev/null
	[ "$(cut -f 3 runs/synth/tiny-low/s1/dense/log.tsv | sed -n 2p)" = 0.01 ]
	[ "$(workflow imp -n SETTING=warmup ROUNDS=1 TICKETS=1 | grep -c -- '--lr 0.03')" = 2 ]
	[ "$(workflow imp -n SETTING=warmup ROUNDS=1 TICKETS=1 | grep -c -- '--warmup 15')" = 2 ]
	run -2 workflow imp SETTING=high
	[[ $output == *'SETTING=high: expected one of: standard low warmup'* ]]
}

@test "EPOCH_MASKS keeps weights, KERN_PATH changes no byte" {
	workflow imp -s OUT=kept EPOCH_MASKS='0 2' KERN_PATH=dense >/dev/null
	for f in last.safetensors best.safetensors log.tsv; do
		for r in dense imp/01 imp/02 imp/03; do
			cmp kept/$net/$r/$f runs/$net/$r/$f
		done
	done
	[ "$(ls kept/$net/dense/epoch-* kept/$net/imp/*/epoch-* | wc -l)" = 8 ]
	lt-eval -q --data runs/synth/test.data -o a kept/$net/imp/02/epoch-4.safetensors
	lt-eval -q --data runs/synth/test.data -o b kept/$net/imp/02/last.safetensors
	cmp a b
}

@test "NM: the rounds of IMP come to an N:M mask, and remake what depends on it" {
	workflow imp -s NM=2:4 EPOCH_MASKS=1 >/dev/null
	run -1 lt-info --nm 2:4 runs/$net/imp/01/ticket.mask.safetensors
	for f in 02/ticket 03/ticket epochs/01/epoch-4; do
		lt-info --nm 2:4 runs/$net/imp/$f.mask.safetensors >/dev/null
	done
	makes_nothing workflow imp NM=2:4 EPOCH_MASKS=1
	[ "$(workflow imp -n NM=1:4 | grep -c -- '--rate 0.3 --nm 1:4')" = 3 ]
	workflow imp -n >plan
	[ "$(grep -c 'lt-prune.*--rate 0.3' plan)" = 3 ]
	run -1 grep -e --nm plan
	run -2 workflow imp NM=4:2
	[[ $output == *'NM=4:2: expected N:M with 1 <= N < M, such as 2:4'* ]]
}

@test "NM of other searches: each has its own, and one stamp" {
	workflow 'prac random prac-24' -s prac-24.NM=2:4 random.NM=1:2 >/dev/null
	lt-info --nm 2:4 runs/$net/prac-24/03/ticket.mask.safetensors >/dev/null
	lt-info --nm 1:2 runs/$net/random/03/ticket.mask.safetensors >/dev/null
	run -1 lt-info --nm 2:4 runs/$net/prac/03/ticket.mask.safetensors
	makes_nothing workflow 'prac random prac-24' prac-24.NM=2:4 random.NM=1:2
	[ "$(workflow 'prac snip' -n NM=2:4 | grep -c -- '--rate 0.3 --nm 2:4')" = 6 ]
	run -2 workflow earlybird NM=2:4
	[[ $output == *NM* ]]
}

@test "force and snip-iterative follow PrAC's sets, by hand" {
	workflow 'prac force snip-iterative' -s force.SCORE_STEPS=5 ROUNDS=2 TICKETS=2 >/dev/null
	cd runs/$net
	common=(-q --layers conv,linear --rate 0.3 --seed 1 --data ../../train.data
		--index prac/01/set.idx --samples-per-class 10)
	lt-prune "${common[@]}" --method force --steps 5 \
		--mask force/01/ticket.mask.safetensors -o m force/01/last.safetensors
	cmp m force/02/ticket.mask.safetensors
	lt-prune "${common[@]}" --method snip --steps 60 \
		--mask snip-iterative/01/ticket.mask.safetensors -o m \
		snip-iterative/01/last.safetensors
	cmp m snip-iterative/02/ticket.mask.safetensors
	# Each step is a pass: 5 of them, of 40 samples at most.
	[ "$(sed -n 2p force/02/prune.cost.tsv | cut -f 1)" = \
		$((5 * $(lt-info force/02/ticket.mask.safetensors | sed -n 's/.* samples=\([0-9]*\).*/\1/p'))) ]
}

@test "wrong settings of a search are refused by its name" {
	while IFS='|' read -r set want; do
		run -2 search "$set"
		[[ $output == *"$want"* ]] || { echo "$set: $output" >&2; false; }
	done <<-'END'
		svp.SETS=both|svp.SETS=both: expected one of: same random entropy proxy
		prac.STOP=2|prac.STOP=2: expected one of: 0 1
		KERN_PATH=fast|KERN_PATH=fast: expected one of: auto dense sparse
		snip.SETS=same|snip.SETS: expected one of these before the point:
		prac.EPOCHS=2|prac.EPOCHS: expected one of these before the point: tiny
		SEARCHES=nobody|SEARCHES: nobody: no such workflow
	END
}

@test "wallclock: from vanilla IMP run dense to PrAC, and early stopping alone" {
	make -s -f "$pipelines/wallclock.mk" "${common[@]}" ARCH="$BATS_FILE_TMPDIR/tiny.net" \
		STOP_QUEUE=1 STOP_EPS=0.13 STOP_START=always >/dev/null
	t=runs/synth/tiny/wallclock
	[ "$(cut -f 1 $t/wallclock.tsv | paste -sd ' ')" = \
		'search imp-dense imp-stop samples samples-stop prac imp' ]
	row() { awk -F '\t' -v s="$1" -v c="$2" '$1 == s { print $c }' $t/wallclock.tsv; }
	# What was trained is the same whichever way it was computed.
	for f in imp-dense imp; do
		cmp $t/$f/s1/imp/03/ticket.mask.safetensors runs/$net/imp/03/ticket.mask.safetensors
		[ "$(row $f 3)" = "$(column runs/$net/imp/summary.tsv search_iterations imp 3)" ]
	done
	for f in imp-stop:imp-stop samples:prac-nostop samples-stop:prac prac:prac; do
		m=${f#*:} f=${f%:*} d=prac
		[ $f != imp-stop ] || d=imp-stop
		cmp $t/$f/s1/$d/03/ticket.mask.safetensors runs/$net/$m/03/ticket.mask.safetensors
		[ "$(row $f 3)" = "$(column runs/$net/$m/summary.tsv search_iterations $m 3)" ]
		[ "$(row $f 4)" = "$(column runs/$net/$m/summary.tsv presentations $m 3)" ]
	done
	# The seconds, added up again.
	[ "$(row prac 6)" = "$(cat $t/prac/s1/prac/0[012]/log.time.tsv $t/prac/s1/prac/0[12]/cep.cost.time.tsv |
		awk '$1 == "epoch" { at = 2; next } $1 == "seconds" { at = 1; next } { s += $at } END { printf "%.1f", s }')" ]
}

@test "snip, grasp and synflow on PrAC's sets, at the same cost in training" {
	workflow 'prac snip grasp synflow' -s -j2 ROUNDS=2 TICKETS=2 >/dev/null
	cd runs/$net
	for m in snip grasp synflow; do
		[ "$(kept $m/02/ticket.mask.safetensors)" = "$(kept prac/02/ticket.mask.safetensors)" ]
		[ "$(iterations $m/01/log.tsv)" = "$(iterations prac/01/log.tsv)" ]
		[ "$(column $m/summary.tsv set_size $m 2)" = "$(column prac/summary.tsv set_size prac 2)" ]
	done
	# Round 2 scores ten samples a class of round 1's set.
	lt-prune -q --rate 0.3 --method snip --seed 1 --data ../../train.data \
		--index prac/01/set.idx --samples-per-class 10 --cost want.cost.tsv \
		--mask snip/01/ticket.mask.safetensors -o want.safetensors snip/01/last.safetensors
	lt-hamming -q --within 0 want.safetensors snip/02/ticket.mask.safetensors
	cmp want.cost.tsv snip/02/prune.cost.tsv
	[ "$(column snip/summary.tsv search_forward snip 2)" = \
		$(($(sed -n 2p snip/01/prune.cost.tsv | cut -f 1) + $(sed -n 2p want.cost.tsv | cut -f 1))) ]
	[ "$(column snip/summary.tsv forward_multiply_adds snip 2)" -gt 0 ]
}

@test "a search that follows one which stopped within an epoch counts it whole" {
	workflow 'prac random-set' -s ROUNDS=2 TICKETS=2 STOP_EVERY=3i STOP_EPS=1 >/dev/null
	cd runs/$net
	[ $(($(iterations prac/01/log.tsv) % ((($(size prac/01/set.idx) + 31) / 32)))) != 0 ]
	[ "$(tail -n 1 prac/01/log.tsv | cut -f 1,2,10)" = "$(tail -n 1 random-set/01/log.tsv | cut -f 1,2,10)" ]
	for c in search_iterations presentations; do
		[ "$(column random-set/summary.tsv $c random-set 2)" = "$(column prac/summary.tsv $c prac 2)" ]
	done
}
