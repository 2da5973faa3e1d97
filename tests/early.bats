#!/usr/bin/env bats
# The study of early tickets, on a synthetic set and a net of 1288 weights.
# Quick: not run, for it tests makefiles.
load common
load workflow

all='grid weights ppr ppr-stop'
early=runs/synth/tiny/early

# study "SEARCH..." ARGUMENT...: seed 1 with the whole grid, seed 2 its diagonal.
study() {
	local names=$1 fitting=() one=
	shift
	[[ $* == *SEEDS=2* ]] || one=s1.DIAGONAL=0
	fit "$names" MASK_EPOCHS='1 2 4' WEIGHT_EPOCHS='0 1 4' DIAGONAL=1 ${one:+"$one"} \
		EXCLUDE= DISTANCE_EPOCHS='0 1 2 4' PPR_TOLERANCE=20 PPR_WINDOW=1
	workflow "$names" SEEDS='1 2' "${fitting[@]}" "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run study "$all" -j2 report
	hashes >hashes
}
setup() { begin_with_runs; }

# value FILE COLUMN NAME=VALUE...: that column of the row that has these values.
value() {
	local file=$1 column=$2
	shift 2
	awk -F '\t' -v c="$column" -v where="$*" '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(where, w, " "); next }
	{
		for (i = 1; i <= n; i++) {
			split(w[i], pair, "=")
			if ($at[pair[1]] "" != pair[2])
				next
		}
		print $at[c]
	}' "$file"
}
# The numbers are the same to so many digits (six).
close_to() {
	awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; if (d < 0) d = -d
		exit !(a != "" && b != "" && d <= 1e-6 * (1 + (b < 0 ? -b : b))) }' ||
		{ echo "expected $2, found $1" >&2; return 1; }
}
# train OPTION...: as the workflows do; plain: without a schedule.
train() {
	plain --milestones 3 "$@"
}
plain() {
	lt-train -q --data runs/synth/train.data --index runs/synth/train.idx \
		--val-index runs/synth/val.idx --seed 1 --batch 32 "$@"
}

@test "a second run makes nothing" {
	makes_nothing study "$all" report
	study "$all" -s report >said
	[ ! -s said ]
	unchanged
}

@test "one dense run a seed, nothing made twice, LAUNCH starts every stage" {
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	rm -r runs
	study "$all" -s -j4 report LAUNCH="$PWD/launch" >/dev/null
	unchanged
	[ "$(grep -c "^lt-train.* -o runs/$net/dense/last" launched)" = 1 ]
	[ -z "$(grep -oE -- '(-o|--log) runs[^ ]+' launched | sort | uniq -d)" ]
	# 2 dense runs; 9 and 6 tickets; 16 checks; ppr-stop: segments and checks, a ticket.
	n=$(cat runs/synth/tiny/s?/ppr-stop/log.tsv | grep -cv ^epoch)
	[ "$(grep -c ^lt-train launched)" = $((2 + 9 + 6 + 16 + 2 * n + 2)) ]
}

# dry SETTING...: the files that make -n would make, by their names.
dry() {
	study 'grid weights ppr' -n "$@" | grep -oE -- '(-o|--log) runs/[^ ]*' |
		sed 's,.*/,,' | sort -u | paste -sd ' '
}

@test "each setting reaches what depends on it and no more" {
	local set want found bad=
	while IFS=: read -r set want; do
		found=$(dry "$set")
		[ "$found" = "$want" ] || bad+="$set: $found; "
	done <<-'END'
		THREADS=2:
		PPR_TOLERANCE=30:ticket.tsv
		WEIGHTS_EVERY=2:rates.tsv slopes.tsv weights.tsv
		DISTANCE_EPOCHS=1 4:distances.matrix.tsv distances.tsv
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	# Another epoch of weights is nothing but its tickets.
	study grid -n V=1 WEIGHT_EPOCHS='0 1 2 4' >plan
	[ "$(grep -c '^lt-train' plan)" = 3 ]
	[ "$(grep -c '^lt-prune' plan)" = 0 ]
	# Another sparsity: all masks and what comes of them, the dense run stays.
	study 'grid weights ppr' -n V=1 SPARSITY=0.5 >plan
	run -1 grep -e '-o [^ ]*/dense/last' plan
	[ "$(grep '^lt-prune' plan | sort -u | wc -l)" = 10 ]
	unchanged
	# The report has the tables of all seeds.
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	study "$all" -s report WEIGHTS_EVERY=2 LAUNCH="$PWD/launch" >/dev/null
	[ "$(grep -oE -- '-o [^ ]*' launched | sed 's,.*/,,' | sort | uniq -c | xargs)" = \
		"3 rates.tsv 1 rates_mean.tsv 3 slopes.tsv 1 slopes_mean.tsv $(
		)3 weights.tsv 1 weights_mean.tsv" ]
	[ "$(cut -f 2 $early/weights.tsv | sort -u | xargs)" = '0 2 4 epoch' ]
}

@test "SIGKILL of the whole make at any moment, then make: the same bytes" {
	long_test
	rm -r runs
	killed 8 "$(declare -f study workflow made fit makefile
		declare -p all common pipelines ROOT BATS_FILE_TMPDIR)
		study '$all' -s -j4 report"
	study "$all" -s -j4 report >/dev/null
	unchanged
	tidy
}

@test "a cell of the grid is the mask of one epoch on the weights of another" {
	train --epochs 2 --to 2 --epochs 4 -o w2 runs/$net/theta0.safetensors
	train --epochs 4 --to 1 -o w1 runs/$net/theta0.safetensors
	lt-prune -q -s 0.8 -o m2 w2
	train --epochs 4 --mask m2 --log log --best best -o last w1
	cmp last runs/$net/early/s2v1/last.safetensors
	lt-eval -q --data runs/synth/test.data -o test best
	lt-eval -q --data runs/synth/train.data --index runs/synth/val.idx -o val best
	[ "$(value $early/grid.tsv test_acc seed=1 s=2 v=1)" = "$(value test top1)" ]
	[ "$(value $early/grid.tsv val_acc seed=1 s=2 v=1)" = "$(value val top1)" ]
	[ "$(value $early/grid.tsv density seed=1 s=2 v=1)" = "$(awk 'BEGIN { printf "%.9g", 258 / 1288 }')" ]
	[ "$(value $early/grid.tsv search_iterations seed=1 s=2 v=1)" = 20 ]
	[ "$(value $early/grid.tsv search_iterations seed=1 s=2 v=4)" = 40 ]
	[ "$(value $early/grid.tsv retrain_iterations seed=1 s=2 v=1)" = 40 ]
	# The dense network, as it was then and at its best.
	lt-eval -q --data runs/synth/test.data -o test w2
	[ "$(value $early/grid.tsv test_acc seed=1 s=2 v=dense)" = "$(value test top1)" ]
	[ "$(value $early/grid.tsv val_acc seed=1 s=2 v=dense)" = "$(value runs/$net/dense/log.tsv val_acc epoch=2)" ]
	[ "$(value $early/grid.tsv test_acc seed=1 s=best v=dense)" = "$(value runs/$net/dense/test.tsv top1)" ]
}

@test "the grid's tables: cells, seeds with the diagonal alone, means" {
	[ "$(awk '$1 == 1 && $3 != "dense"' $early/grid.tsv | wc -l)" = 9 ]
	[ "$(awk '$1 == 2 && $3 != "dense" { print $2 "/" $3 }' $early/grid.tsv | paste -sd ' ')" = \
		'1/0 1/1 2/0 2/2 4/0 4/4' ]
	[ "$(head -n 1 $early/grid_table.tsv)" = $'s\tdense\t0\t1\t2\t4' ]
	[ "$(cut -f 1 $early/grid_table.tsv | paste -sd ' ')" = 's best 1 2 4' ]
	a=$(value $early/grid.tsv test_acc seed=1 s=4 v=0)
	b=$(value $early/grid.tsv test_acc seed=2 s=4 v=0)
	close_to "$(value $early/grid_table.tsv 0 s=4)" "$(awk -v a="$a" -v b="$b" 'BEGIN { print (a + b) / 2 }')"
	close_to "$(value $early/grid_std.tsv 0 s=4)" "$(awk -v a="$a" -v b="$b" \
		'BEGIN { d = a - b; print (d < 0 ? -d : d) / sqrt(2) }')"
	[ "$(value $early/grid_mean.tsv n s=4 v=0)" = 2 ]
	[ "$(value $early/grid_mean.tsv n s=4 v=1)" = 1 ]
	[ "$(value $early/grid_table.tsv 2 s=4)" = NaN ]
	[ "$(value $early/grid_table.tsv 1 s=2)" = "$(value $early/grid.tsv test_acc seed=1 s=2 v=1)" ]
}

# floats CHECKPOINT TENSOR: its values, from the bytes.
floats() {
	local n at
	n=$(od -An -t u8 -N 8 "$1" | tr -d ' ')
	at=$(tail -c +9 "$1" | head -c "$n" |
		sed "s/.*\"$2\":{[^}]*\"data_offsets\":\[\([0-9]*\),\([0-9]*\)\].*/\1 \2/")
	od -An -v -t f4 -w4 -j $((8 + n + ${at% *})) -N $((${at#* } - ${at% *})) "$1"
}
w_std() {
	floats "$1" "$2" | awk '{ x[NR] = $1; sum += $1 } END {
		for (i = 1; i <= NR; i++) s += (x[i] - sum / NR) ^ 2
		printf "%.9g\n", sqrt(s / (NR - 1)) }'
}

@test "W_std, pseudo rates and slopes, computed again from the bytes" {
	local d=runs/$net/dense t=runs/$net/early/weights.tsv w1 w2
	w1=$(w_std $d/epoch-1.safetensors conv2.weight)
	w2=$(w_std $d/epoch-2.safetensors conv2.weight)
	close_to "$(value $t W_std epoch=2 layer=conv2)" "$w2"
	close_to "$(value $t W_mean epoch=2 layer=conv2)" "$(floats $d/epoch-2.safetensors conv2.weight |
		awk '{ s += $1 } END { print s / NR }')"
	close_to "$(value $t change epoch=2 layer=conv2)" "$(awk -v a="$w1" -v b="$w2" 'BEGIN { print b - a }')"
	# 10 iterations at 0.1, then, from epoch 3 on, at 0.01.
	close_to "$(value $t predicted_share epoch=2 layer=conv2)" -0.1
	close_to "$(value $t predicted_share epoch=4 layer=conv2)" -0.01
	close_to "$(value $t predicted epoch=2 layer=conv2)" "$(awk -v a="$w1" 'BEGIN { print -0.001 * a }')"
	# The removed are the smallest of all three layers' weights: as many of
	# each as lie below the 1031st.
	for l in conv1 conv2 fc; do
		floats $d/epoch-2.safetensors $l.weight | sed "s/^/$l /"
	done | awk '{ print $1, $2 < 0 ? -$2 : $2 }' | sort -k 2,2g | head -n 1030 >gone
	for l in conv1:72 conv2:1152 fc:64; do
		close_to "$(value $t rate epoch=2 layer=${l%:*})" \
			"$(awk -v l=${l%:*} -v n=${l#*:} '$1 == l { k++ } END { print 100 * k / n }' gone)"
	done
	[ "$(value $t rate epoch=0 layer=conv2)" != NaN ]
	[ "$(value $t change epoch=0 layer=conv2)" = NaN ]
	# Two stretches of one learning rate.
	t=runs/$net/early/slopes.tsv
	[ "$(cut -f 1-4 $t | sort -u | tr '\t' ' ' | paste -sd ,)" = '0 3 0.1 30,3 4 0.01 10,first last lr iterations' ]
	close_to "$(value $t ratio first=0 layer=fc)" "$(awk -v a="$(w_std runs/$net/theta0.safetensors fc.weight)" \
		-v b="$(w_std $d/epoch-3.safetensors fc.weight)" 'BEGIN { print log(b / a) / log(0.999 ^ 3) }')"
	# How many weights go to another layer's account.
	t=runs/$net/early/weights.tsv
	close_to "$(value runs/$net/early/rates.tsv moved epoch=2)" "$(for l in conv1:72 conv2:1152 fc:64; do
		echo "$(value $t rate epoch=1 layer=${l%:*}) $(value $t rate epoch=2 layer=${l%:*}) ${l#*:}"
		done | awk '{ d = ($2 - $1) * $3; s += d < 0 ? -d : d } END { print s / 2 / 1288 }')"
	[ "$(value runs/$net/early/rates.tsv from_last epoch=4)" = 0 ]
}

@test "distances between the masks of all pairs of epochs" {
	lt-prune -q -s 0.8 -o a runs/$net/theta0.safetensors
	lt-prune -q -s 0.8 -o b runs/$net/dense/epoch-2.safetensors
	t=runs/$net/early/distances.tsv
	[ "$(value $t distance a=0 b=2)" = "$(lt-hamming a b)" ]
	[ "$(value $t distance a=2 b=0)" = "$(lt-hamming a b)" ]
	[ "$(wc -l <$t)" = 17 ]
	close_to "$(value $early/distances_table.tsv 2 a=0)" "$(awk -v a="$(lt-hamming a b)" \
		-v b="$(value runs/${net%1}2/early/distances.tsv distance a=0 b=2)" 'BEGIN { print (a + b) / 2 }')"
}

@test "a check: a pruned copy, one epoch, fresh momentum" {
	for r in 0.01 0.1; do
		plain --mask runs/$net/early/epoch-2.mask.safetensors --epochs 1 --schedule constant \
			--lr $r --log log -o w runs/$net/dense/epoch-2.safetensors
		[ "$(value runs/$net/early/ppr.tsv val_acc epoch=2 lr=$r)" = "$(value log val_acc)" ]
		[ "$(value runs/$net/early/ppr.tsv dense_val_acc epoch=2 lr=$r)" = \
			"$(value runs/$net/dense/log.tsv val_acc epoch=2)" ]
	done
	# Two epochs and two checks until then.
	[ "$(value runs/$net/early/ppr.tsv iteration epoch=2 lr=0.1)" = 40 ]
	[ "$(value runs/$net/early/ppr.tsv macs epoch=1 lr=0.1)" = "$(cat runs/$net/dense/log.tsv \
		runs/$net/early/ppr-0.1/epoch-1.tsv | awk '$1 == 1 { s += $11 } END { print s }')" ]
	[ "$(sed -n 3p $early/ticket.tsv | cut -f 1,2)" = $'1\tonline' ]
	study ppr -s PPR_CONTROL= OUT=one >/dev/null
	[ "$(cut -f 2 one/$net/early/ppr.tsv | sort -u | paste -sd ' ')" = '0.01 lr' ]
}

@test "ppr-stop: segments that are the dense run, as far as the rule needs" {
	local s d e last
	for s in 1 2; do
		d=runs/${net%1}$s
		last=$(value $d/ppr-stop/rule.tsv epoch rule=online)
		[ "$last" = 3 ] && [ ! -e $d/ppr-stop/epoch-4 ]
		for ((e = 1; e <= last; e++)); do
			cmp $d/ppr-stop/epoch-$e/last.safetensors $d/dense/epoch-$e.safetensors
			cmp $d/ppr-stop/epoch-$e/ppr.tsv $d/early/ppr-0.01/epoch-$e.tsv
		done
		head -n $((last + 1)) $d/early/ppr.tsv | cmp - $d/ppr-stop/log.tsv
		cmp $d/ppr-stop/01/ticket.mask.safetensors \
			"$d/early/epoch-$(value $d/ppr-stop/rule.tsv ticket rule=online).mask.safetensors"
		[ "$(column $d/ppr-stop/summary.tsv search_iterations ppr-stop 1)" = $((20 * last)) ]
		[ "$(column $d/ppr-stop/summary.tsv stop_epoch ppr-stop 1)" = "$last" ]
		[ "$(tail -n +2 $d/ppr-stop/log.time.tsv | wc -l)" = $((2 * last)) ]
	done
	# Every second epoch; no further segment is trained for another rule.
	study ppr-stop -s PPR_EVERY=2 PPR_WINDOW=2 EPOCHS=6 SEEDS=1 OUT=two >/dev/null
	cut -f 1 two/$net/ppr-stop/log.tsv | paste -sd ' ' | grep -x 'epoch 2 4 6'
	cmp two/$net/ppr-stop/epoch-6/last.safetensors two/$net/dense/last.safetensors
	study ppr-stop -n V=1 PPR_TOLERANCE=30 SEEDS=1 >plan
	run -1 grep -e '--to 3' plan
	# A rule that never says so: all epochs, and the ticket by the offline rule.
	study ppr-stop -s PPR_WINDOW=9 SEEDS=1 >/dev/null
	[ "$(value runs/$net/ppr-stop/rule.tsv ticket rule=online)" = NaN ]
	cmp runs/$net/ppr-stop/epoch-4/last.safetensors runs/$net/dense/last.safetensors
	cmp runs/$net/ppr-stop/01/ticket.mask.safetensors \
		"runs/$net/early/epoch-$(value runs/$net/ppr-stop/rule.tsv ticket rule=offline).mask.safetensors"
}

@test "pictures are drawn, where there is a gnuplot" {
	command -v gnuplot >/dev/null || skip 'gnuplot is not installed'
	local pictures='W_std distances grid ppr rates slopes tickets'
	[ "$(cd $early && ls *.png | sed 's/[.]png//' | xargs)" = "$pictures" ]
	[ "$(cd $early && ls *.svg | sed 's/[.]svg//' | xargs)" = "$pictures" ]
	for f in $pictures; do
		[ "$(head -c 8 $early/$f.png | od -An -tx1)" = ' 89 50 4e 47 0d 0a 1a 0a' ]
		grep -q '</svg>' $early/$f.svg
	done
	tidy
	# And of one seed, one look, two checks; one mask makes no square.  What a killed make
	# has left goes.
	rm $early/*.png $early/*.svg $early/facts.tsv
	mkdir $early/.draw
	touch $early/.draw/old.svg $early/.facts.tsv.part
	study 'grid weights ppr' -s SEEDS=2 WEIGHTS_EVERY=4 PPR_EVERY=2 MASK_EPOCHS=4 report >/dev/null
	[ "$(cd $early && ls *.png | sed 's/[.]png//' | xargs)" = "${pictures/grid /}" ]
	[ ! -e $early/old.svg ]
	tidy
}

@test "a wrong setting is refused" {
	while IFS='|' read -r set want; do
		run -2 study "$all" "$set"
		[[ $output == *"$want"* ]] || { echo "$set: $output" >&2; false; }
	done <<-'END'
		MASK_EPOCHS=2 5|MASK_EPOCHS: the dense run keeps no weights after epoch 5: EPOCHS=4 SAVE_EPOCHS=all
		WEIGHT_EPOCHS=9|WEIGHT_EPOCHS: the dense run keeps no weights after epoch 9
		SAVE_EPOCHS=1 2|MASK_EPOCHS: the dense run keeps no weights after epoch 4
		PPR_EVERY=2|PPR_EVERY=2: ppr-stop needs at least three checks
		DIAGONAL=yes|DIAGONAL=yes: expected one of: 0 1
	END
	makes_nothing study grid SAVE_EPOCHS='1 2 4'
}

@test "defaults are the paper's" {
	run -0 lt-settings list "$pipelines"/{grid,ppr}.mk
	for s in EPOCHS=200 MILESTONES=120,160 EXCLUDE=first,last SPARSITY=0.8 LR=... \
		BATCH=128 WEIGHT_DECAY=1e-4 PPR_LR=0.01; do
		[ "$(grep -c "^  $s " <<<"$output ")" = 1 ] || { echo "$s" >&2; false; }
	done
}

@test "seeds of several machines make the tables of one run" {
	joined synth/tiny/early study "$all" report
}
