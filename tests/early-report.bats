#!/usr/bin/env bats
# The page on early tickets: whole, from the studies that were named, and what it
# says computed from their tables.
# Quick: not run, for it tests makefiles and awk.
load common
load workflow

net=synth/tiny
awks=$ROOT/pipelines
all='grid.mk weights.mk ppr.mk gradual.mk memorize.mk report.mk'

# study FILES ARGUMENT...: two seeds, the second with the grid's diagonal.
study() {
	local files=$1 fitting=()
	shift
	fit "$files" SEEDS='1 2' EXCLUDE= SPARSITY=0.5 MASK_EPOCHS='1 2 4' \
		WEIGHT_EPOCHS='0 1 4' s2.DIAGONAL=1 PPR_WINDOW=1 WINDOWS='1-3 mine' STEPS=2 \
		mine.PRUNINGS='2:0.3 4:0.5' MEMORY_SAMPLES='40 80' MEMORY_EPOCHS='1 4' \
		MEMORY_PRUNINGS='2:0.4 4:0.5' MEMORY_SEEDS=2 MEMORY_LENGTH=3 \
		MEMORY_MILESTONES=2 MEMORY_BATCH=16 MEMORY_LR=0.05
	workflow "$files" "${fitting[@]}" "$@" report
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	study "$all" -j2 >make.log 2>&1 || { cat make.log >&2; return 1; }
	hashes >hashes
}
setup() { begin_with_runs; }

@test "a second run makes nothing" {
	makes_nothing study "$all"
	makes_nothing study "$all" -j4
}

@test "the page is whole: tags, pictures inside, links that lead somewhere" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	cd "runs/$net/early"
	page >text
	pictures=$(find . -name '*.png' | wc -l)
	[ "$(head -n 1 text)" = "$pictures" ]
	[ "$pictures" = 9 ] || ! command -v gnuplot >/dev/null
	tells DATA=synth "SEEDS='1 2'" s2.DIAGONAL=1 "mine.PRUNINGS='2:0.3 4:0.5'" \
		'-f pipelines/grid.mk -f pipelines/weights.mk' ARCH=.../tiny.net 1288 'lt 0.1' \
		'seeds 2 have s = v and v = 0 alone' 'with none; seed 2.'
	[ "$(wc -l <findings.txt)" -gt 15 ]
	for f in *.tsv; do
		case $f in facts.tsv | settings.tsv | figures.tsv) continue ;; esac
		case $f in *_mean.tsv | *_table.tsv | *_std.tsv | cost.tsv) ;;
		grid.tsv | ppr.tsv | ticket.tsv) ;; *) continue ;; esac
		grep -qF "id=\"table-${f//[._]/-}\"" index.html
	done
}

@test "the same settings make the same page" {
	rm -r "runs/$net/early"
	study "$all" -s >/dev/null
	sed '/<section id="seconds">/,/<.section>/d' "runs/$net/early/index.html" >a
	sed '/<section id="seconds">/,/<.section>/d' "$BATS_FILE_TMPDIR/runs/$net/early/index.html" | cmp a -
	hashes | grep -v index.html >b
	grep -v index.html "$BATS_FILE_TMPDIR/hashes" | diff - b
}

@test "memorization: seeds and a schedule of its own" {
	[ "$(cut -f 1 "runs/$net/early/memory.tsv" | sort -u | xargs)" = '2 seed' ]
	[ ! -e "runs/$net/s1/early/memory" ]
	lt-train -q --index runs/synth/memory/80.idx --data runs/synth/random-1.data -e 3 --milestones 2 \
		-b 16 --lr 0.05 --weight-decay 1e-4 --seed 2 -o a.st "runs/$net/s2/theta0.safetensors"
	cmp a.st "runs/$net/s2/early/memory/dense/80/last.safetensors"
	run -2 study "$all" MEMORY_SEEDS='2 3'
	[[ $output == *'MEMORY_SEEDS: 3 is none of SEEDS=1 2'* ]]
}

@test "a page of one study, and one without pictures" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	study 'weights.mk report.mk' -s >/dev/null
	page "runs/$net/early/index.html" >text
	[ "$(head -n 1 text)" = 4 ] || ! command -v gnuplot >/dev/null
	run -1 grep -e 'early ticket' -e 'random labels' text
	rm -r "runs/$net/early"
	without_gnuplot study "$all" -s >/dev/null
	page "runs/$net/early/index.html" >text
	[ "$(head -n 1 text)" = 0 ]
	grep -q 'gnuplot was not installed' text
}

@test "methods and early tickets side by side: a page for each" {
	study "${all% *} imp.mk report.mk" -s >/dev/null
	[ -s "runs/$net/report/index.html" ]
	[ -s "runs/$net/early/index.html" ]
	run -2 workflow report.mk report
	[[ $output == *'report.mk stands behind the workflows that it is about'* ]]
}

# tsv ROW...: words as columns.
tsv() { printf '%s\n' "$@" | tr ' ' '\t'; }
findings() {
	awk -f "$awks/report/lib.awk" -f "$awks/early/findings.awk" sparsity=0.8 "$@"
}

@test "what the page says, on made tables" {
	tsv 's v test_acc test_acc_std' '1 0 60 1' '2 0 69.4 1' '4 0 70 0.5' '8 0 70.2 0.5' \
		'4 4 71 NaN' '8 4 72 NaN' '8 8 71.5 NaN' '4 dense 50 NaN' 'best dense 73 0.1' >grid
	findings is=grid grid >a
	grep -qF '60.00 ± 1.00 % (1), 69.40 ± 1.00 % (2), 70.00 ± 0.50 % (4), 70.20 ± 0.50 % (8); the dense network has 73.00 ± 0.10 %.' a
	grep -qF 'On θ0 every mask from epoch 4 on is as good as that of epoch 8.' a
	grep -qF "weights of the mask's own epoch: 71.00 % (4), 71.50 % (8)." a
	grep -qF 'There every one from epoch 8 on is as good as that of epoch 8.' a
	grep -qF 'the weights of epoch 4 are best (72.00 %) and those of epoch 0 worst (70.20 ± 0.50 %)' a
	# The last mask no worse, an early one lucky: what comes between counts.
	tsv 's v test_acc test_acc_std' '1 0 71 1' '2 0 60 1' '4 0 70 0.5' 'best dense 73 0.1' >grid
	findings is=grid grid | grep -F 'On θ0 every mask from epoch 4 on'
	# Distant and as good.
	tsv 'a b distance' '1 1 0' '1 2 0.1' '1 4 0.2' '2 1 0.1' '2 4 0.15' '4 1 0.2' >distances
	findings is=grid grid is=distances distances >a
	grep -qF 'The masks of epochs 1 and 4 are 0.200 apart, those of 2 and 4 0.150; two masks by lot would be 0.32 apart.' a
	grep -qF 'No two of these masks do equally well on θ0' a
	tsv 's v test_acc test_acc_std' '1 0 70.4 1' '2 0 60 1' '4 0 70 0.5' >grid
	findings is=grid grid is=distances distances | grep -F 'epochs 1 and 4, 0.200 apart, 70.40 ± 1.00 % and 70.00 ± 0.50 %.'
	# Medians of the layers, of an odd and an even number.
	tsv 'first last lr layer ratio' '0 7 0.1 a 3' '0 7 0.1 b 1' '0 7 0.1 c 2' '0 7 0.1 d NaN' \
		'7 9 0.01 a 4' '7 9 0.01 b 1' >slopes
	findings is=slopes slopes | grep -F '2.00 at rate 0.1 (epochs 0 to 7); 2.50 at rate 0.01 (epochs 7 to 9).'
	tsv 'kind window end test_acc test_acc_std n' 'dense - NaN 73 1 3' 'oneshot 4 4 70 1 3' 'gradual 1-4 4 71 1 3' \
		'mine mine 4 69 NaN 1' 'gradual 1-6 6 60 1 3' >gradual
	findings rewind=end is=gradual gradual >a
	grep -qF 'on the weights at the end of their window, and one-shot tickets on the weights of that epoch: 71.00 ± 1.00 % over 1-4 (one-shot at epoch 4: 70.00 ± 1.00 %, 1.00 points gained); 69.00 % over mine (one-shot at epoch 4: 70.00 ± 1.00 %, 1.00 points lost); 60.00 ± 1.00 % over 1-6.' a
	findings rewind=0 is=gradual gradual | grep -qF 'pruning on θ0, and one-shot tickets on the same weights: 71.00 ± 1.00 %'
	findings rewind=3 is=gradual gradual | grep -qF 'pruning on θ_3, and one-shot tickets on the same weights: 71.00 ± 1.00 %'
	grep -qF 'ahead of one-shot pruning at 1 of 2 ends.' a
	tsv 'kind window end test_acc test_acc_std n' 'gradual 1-4 4 71 1 3' 'imp 1 NaN 72 1 3' 'imp 2 NaN 74.5 0.5 3' >gradual
	tsv 'kind window sparsity search_iterations search_iterations_of_imp' 'gradual 1-4 80 100 0.25' 'imp 2 80.1 400 1' >cost
	findings is=gradual gradual is=cost cost >a
	grep -qFx "Iterative pruning's ticket of 80.1 % sparsity has 74.50 ± 0.50 %." a
	grep -qF 'over 1-4 took 100 iterations, 25.0 % of what iterative pruning took' a
	tsv 'rule n ticket ticket_std epoch epoch_std stopped' 'offline 3 3 0 12 0 0' 'online 3 NaN NaN 12 0 0' >ticket
	findings is=ticket ticket >a
	grep -qFx 'The early ticket by the offline rule: epoch 3.0 ± 0.0.' a
	grep -qFx 'With 3 of 3 seeds the online rule does not say where the ticket is.' a
	[ "$(wc -l <a)" = 2 ]
	tsv 'rule n ticket ticket_std epoch epoch_std stopped' 'online 3 7 1 11.5 0.7 0.666666666667' >ticket
	findings is=ticket ticket >a
	grep -qFx 'With 1 of 3 seeds the online rule does not say where the ticket is.' a
	grep -qFx 'The early ticket by the online rule: epoch 7.0 ± 1.0.' a
	tsv 'rule n ticket ticket_std epoch epoch_std stopped' 'online 1 7 NaN 11 NaN 1' >ticket
	findings is=ticket ticket | grep -qFx 'The early ticket by the online rule: epoch 7.0, known at epoch 11.0.'
	: >none
	[ -z "$(findings is=grid none)" ]
}
