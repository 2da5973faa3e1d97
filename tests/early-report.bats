#!/usr/bin/env bats
# The page on early tickets: whole, from the studies that were named, and what it
# says follows from their tables.
# Quick: not run, for it tests makefiles.
load common
load workflow

net=synth/tiny
all='grid weights ppr gradual gradual-mine oneshot memorize'

# study "SEARCH..." ARGUMENT...: two seeds, the second with the grid's diagonal.
study() {
	local names=$1 fitting=()
	shift
	fit "$names" EXCLUDE= SPARSITY=0.5 MASK_EPOCHS='1 2 4' WEIGHT_EPOCHS='0 1 4' \
		s2.DIAGONAL=1 PPR_WINDOW=1 STEPS=2 MEMORY_SAMPLES='40 80' MEMORY_EPOCHS='1 4' \
		MEMORY_PRUNINGS='2:0.4 4:0.5' MEMORY_LENGTH=3 \
		MEMORY_MILESTONES=2 MEMORY_BATCH=16 MEMORY_LR=0.05
	[[ $names != *memorize* ]] || fitting+=(memorize.SEEDS=2)
	[[ $names != *mine* ]] || fitting+=(gradual-mine.PRUNINGS='2:0.3 4:0.5')
	workflow "$names" SEEDS='1 2' WINDOWS=1-3 "${fitting[@]}" "$@" report
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run study "$all" -j2
	hashes >hashes
}
setup() { begin_with_runs; }

@test "a second run makes nothing" {
	makes_nothing study "$all"
}

@test "the page is whole: tags, pictures, links that lead somewhere" {
	cd "runs/$net/early"
	whole "$(grep -c '^!\[' README.md)" 'lt run grid weights ppr' DATA=synth 'SEEDS="1 2"' \
		s2.DIAGONAL=1 'gradual-mine.PRUNINGS="2:0.3 4:0.5"' .../tiny.net 1,288 'lt 0.1'
	[ "$(ls *.svg | wc -l)" = 9 ] || ! command -v gnuplot >/dev/null
}

@test "the same settings make the same page" {
	rm -r "runs/$net/early"
	study "$all" -s >/dev/null
	unchanged
}

@test "memorization: seeds and a schedule of its own" {
	[ "$(cut -f 1 "runs/$net/early/memory.tsv" | sort -u | xargs)" = '2 seed' ]
	[ ! -e "runs/$net/s1/early/memory" ]
	lt-train -q --index runs/synth/memory/80.idx --data runs/synth/random-1.data -e 3 --milestones 2 \
		-b 16 --lr 0.05 --weight-decay 1e-4 --seed 2 -o a.st "runs/$net/s2/theta0.safetensors"
	cmp a.st "runs/$net/s2/early/memory/dense/80/last.safetensors"
}

@test "a page without pictures" {
	rm -r "runs/$net/early"
	without_gnuplot study "$all" -s >/dev/null 2>log
	grep 'gnuplot is not installed' log
	cd "runs/$net/early"
	whole 0
}

# tsv ROW...: words as columns.
tsv() { printf '%s\n' "$@" | tr ' ' '\t'; }
facts() {
	printf '%s\n' 'fact	value' 'network	tiny' 'data set	synth' 'command	lt run' >facts.tsv
	tsv 'setting value' 'SPARSITY 0.8' >settings.tsv
}

# pairs 'S V AGAINST_S AGAINST_V VERDICT'...: a table of differences with these verdicts.
pairs() {
	local p
	echo s v against_s against_v n difference difference_low difference_high verdict verdict_holm |
		tr ' ' '\t' >grid_differences.tsv
	for p; do
		set -- $p
		printf '%s\t' "$1" "$2" "$3" "$4" 3 -1.25 -2 -0.5
		case $5 in good) echo 'as good' ;; not) echo 'not told apart' ;; *) echo "$5" ;; esac |
			tr '\n' '\t'
		echo 'not told apart'
	done >>grid_differences.tsv
}

@test "what the page says of a grid, on made tables" {
	mkdir page && cd page
	facts
	tsv 's v n test_acc test_acc_std' '1 0 3 60 1' '2 0 3 69.4 1' '4 0 3 70 0.5' \
		'8 0 3 70.2 0.5' '4 4 1 71 NaN' '8 4 1 72 NaN' '8 8 1 71.5 NaN' \
		'4 dense 1 50 NaN' 'best dense 3 73 0.1' >grid_mean.tsv
	tsv 'seed s v test_acc' '1 1 0 60' '2 4 0 NaN' >grid.tsv
	pairs '1 0 8 0 worse' '2 0 8 0 not' '4 0 8 0 good' '4 4 8 8 not' '4 4 4 0 better' '8 8 8 0 not'
	said early
	says 'From epoch 4 of 8 on, pruning the network in training finds masks that are as good as that of its end (margin 0.5 points, paired over the seeds)'
	says 'the ticket of epoch 4 has 70.00 ± 0.50 % (n = 3) of the test images right and that of epoch 8 70.20 ± 0.50 % (n = 3).'
	says 'The ticket of epoch 1 has 60.00 ± 1.00 % (n = 3), and the dense network 73.00 ± 0.10 % (n = 3).'
	says 'On θ0, every mask from epoch 4 on is as good as that of epoch 8. Worse than it are those of epochs 1 (-1.25 points).'
	says "The weights of the mask's own epoch are better than θ0 for the masks of epochs 4 (-1.25 points)."
	says 'the weights of epoch 4 are best (72.00 % (n = 1)) and those of epoch 0 worst (70.20 ± 0.50 % (n = 3)).'
	says 'Some trainings diverged and are left out: seed 2 mask 4 weights 0.'
	says '| 4 | 0 | 8 | 0 | 3 | -1.25 | -2.00 | -0.50 | as good | not told apart |'
	# An early mask that is good by chance: what comes between counts.
	pairs '1 0 8 0 good' '2 0 8 0 worse' '4 0 8 0 better'
	said early
	says 'On θ0, every mask from epoch 4 on is as good'
	pairs '1 0 8 0 good' '2 0 8 0 good' '4 0 8 0 not'
	said early
	says 'No mask from before the end of the training is shown to be as good as that of its end (margin 0.5 points, paired over the seeds): retrained from the beginning, the ticket of epoch 4 of 8 has 70.00 ± 0.50 % (n = 3) of the test images right and that of epoch 8 70.20 ± 0.50 % (n = 3) (difference -1.25, 95 % interval -2.00 to -0.50; not told apart). The ticket of epoch 1 has'
	says 'On θ0, the mask of epoch 4 is not shown to be as good as that of epoch 8.'
}

@test "what the page says of the rules of early tickets, on made tables" {
	mkdir page && cd page
	facts
	tsv 'lr epoch n val_acc val_acc_std dense_val_acc dense_val_acc_std' '0.01 1 3 50 1 60 1' >ppr_mean.tsv
	tsv 'rule n ticket ticket_std epoch epoch_std stopped' 'offline 3 3 0 12 0 0' \
		'online 3 7 1 11.5 0.7 0.666666666667' >ticket_mean.tsv
	tsv 'seed rule ticket' '1 online 6' '2 online 8' '3 online NaN' >ticket.tsv
	tsv 'seed epoch lr val_acc' '1 1 0.01 50' >ppr.tsv
	said early
	says 'The early ticket of this training is at epoch 3.0 ± 0.0 (n = 3)'
	says 'The online rule finds the early ticket at epoch 7.0 ± 1.0'
}
