#!/usr/bin/env bats
# The searches of dynamic sparse training, beside IMP.
# Quick: not run, for it tests makefiles.
load common
load workflow

searches='imp static set rigl set-macs rigl-macs rigl-2x'
# search ARGUMENT...
search() {
	workflow "$searches" DST_EVERY=4i ROUNDS=2 TICKETS=2 rigl-2x.DST_TIMES=2 rigl-2x.DST_END=50i "$@"
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

@test "a second run makes nothing" {
	makes_nothing search
}

@test "rigl, set: one training under an ERK mask that changes, by hand" {
	cd runs/$net
	# As sparse as IMP's second round: 1288 x 0.7 x 0.7 is 631.
	lt-prune -q --method erk --sparsity 0.51 -o erk theta0.safetensors
	lt-prune -q --like erk --seed 1 -o want theta0.safetensors
	[ "$(lt-info --meta lt.kept want)" = 631 ]
	for r in rigl set; do
		cmp want $r/02/start.mask.safetensors
		lt-train -q --data ../../train.data --index ../../train.idx \
			--val-index ../../val.idx --seed 1 --batch 32 --epochs 4 --milestones 3 \
			--mask want --dst $r --dst-every 4i --dst-mask mask -o hand theta0.safetensors
		cmp hand $r/02/last.safetensors
		cmp mask $r/02/ticket.mask.safetensors
		lt-info -q --tsv want | cut -f 1-4 >counts
		lt-info -q --tsv mask | cut -f 1-4 | diff counts -
		run -1 cmp -s want mask
		[ "$(column $r/summary.tsv search_iterations $r 2)" = 40 ]
		[ "$(column $r/summary.tsv multiply_adds $r 2)" = "$(macs $r)" ]
	done
}

# train NAME EPOCHS MILESTONE OPTION...: what lt-train makes by hand.
train() {
	lt-train -q --data ../../train.data --index ../../train.idx --val-index ../../val.idx \
		--seed 1 --batch 32 --epochs "$2" --milestones "$3" -o "$1" "${@:4}" \
		theta0.safetensors
}

@test "static: the same mask, which stays; DST_TIMES and DST_END, by hand" {
	cd runs/$net
	cmp static/02/ticket.mask.safetensors rigl/02/start.mask.safetensors
	train hand 4 3 --mask static/02/ticket.mask.safetensors
	cmp hand static/02/last.safetensors
	[ "$(column static/summary.tsv search_iterations static 2)" = 0 ]
	train hand 8 6 --mask rigl/02/start.mask.safetensors --dst rigl --dst-every 4i \
		--dst-end 50i
	cmp hand rigl-2x/02/last.safetensors
}

# macs SEARCH: the multiply-adds of the training of its second ticket.
macs() { tail -n 1 "$1/02/log.tsv" | cut -f 11; }

@test "rigl-macs, set-macs: the multiply-adds of IMP's search and its ticket" {
	cd runs/$net
	all=$(($(column imp/summary.tsv multiply_adds imp 2) + $(macs imp)))
	for r in rigl set; do
		# No number of epochs is nearer; an epoch of RigL varies by its dense steps.
		awk -v want="$all" -v got="$(macs $r-macs)" -v epochs="$(epochs $r-macs/02/log.tsv)" \
			'BEGIN { d = got - want; exit !(epochs > 4 && (d < 0 ? -d : d) < 0.6 * got / epochs) }'
		[ "$(column $r-macs/summary.tsv multiply_adds $r-macs 2)" = "$(macs $r-macs)" ]
		[ "$(column $r-macs/summary.tsv sparsity $r-macs 2)" = \
			"$(column imp/summary.tsv sparsity imp 2)" ]
	done
}

@test "they stand beside searches that follow another one" {
	workflow 'imp rigl set-macs shuffled' shuffled.LIKE=imp ROUNDS=1 OUT=other -n >plan
	grep -q 'other/.*/shuffled/01/ticket.mask' plan
	grep -q 'lt-train .*--dst rigl' plan
}

@test "the page compares them with IMP" {
	cd runs/synth/tiny/report
	sed 1d differences.tsv | cut -f 1,2 | sort -u | tr '\t' ' ' |
		diff <(printf '%s\n' 'rigl imp' 'rigl-2x rigl' 'rigl-macs imp' 'set imp' \
			'set-macs imp' 'static imp') -
	page >text
	for t in 'RigL, equal multiply-adds' 'SET, equal multiply-adds' \
		'under a mask that changes meanwhile'; do
		grep -q "$t" text
	done
	[ -s accuracy-dynamic.svg ]
}
