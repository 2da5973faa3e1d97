#!/usr/bin/env bats
# The study of early tickets, on a synthetic set and a net of 1288 weights.
# Quick: not run, for it tests makefiles and awk.
load common
load workflow

all='grid.mk weights.mk ppr.mk'
early=runs/synth/tiny/early

# study FILES ARGUMENT...: seed 1 with the whole grid, seed 2 its diagonal.
study() {
	local files=$1 fitting=() one=
	shift
	[[ $* == *SEEDS=2* ]] || one=s1.DIAGONAL=0
	fit "$files" MASK_EPOCHS='1 2 4' WEIGHT_EPOCHS='0 1 4' SEEDS='1 2' \
		DIAGONAL=1 ${one:+"$one"} EXCLUDE= DISTANCE_EPOCHS='0 1 2 4' \
		PPR_TOLERANCE=20 PPR_WINDOW=1
	workflow "$files" "${fitting[@]}" "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	study "$all" -j2 all ppr-stop >make.log 2>&1 || { cat make.log >&2; return 1; }
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
	study "$all" -q all ppr-stop
	run -0 study "$all" V=1 all ppr-stop
	[[ $output == *'Nothing to be done'* ]]
}

@test "one dense run a seed, nothing made twice, LAUNCH starts every stage" {
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	rm -r runs
	study "$all" -s -j4 all ppr-stop LAUNCH="$PWD/launch" >/dev/null
	unchanged
	[ "$(grep -c "^lt-train.* -o runs/$net/dense/last" launched)" = 1 ]
	[ -z "$(grep -oE -- '(-o|--log) runs[^ ]+' launched | sort | uniq -d)" ]
	# 2 dense runs; 9 and 6 tickets; 16 checks; ppr-stop: segments and checks, a ticket.
	n=$(cat runs/synth/tiny/s?/ppr-stop/log.tsv | grep -cv ^epoch)
	[ "$(grep -c ^lt-train launched)" = $((2 + 9 + 6 + 16 + 2 * n + 2)) ]
}

# dry SETTING...: what make -n would make, by the kinds of its products.
dry() {
	study "$all" -n "$@" | grep -oE -- '(-o|--log|>)[ ]?runs/[^ ]*' |
		sed -E 's,.*/,,; s/[.]tmp$//; /png/d' | sort -u | paste -sd ' '
}

@test "each setting reaches what depends on it and no more" {
	local set want found bad=
	while IFS=: read -r set want; do
		found=$(dry "$set")
		[ "$found" = "$want" ] || bad+="$set: $found; "
	done <<-'END'
		THREADS=2:
		PPR_WINDOW=2:ticket.tsv ticket_mean.tsv
		WEIGHTS_EVERY=2:rates.tsv rates_mean.tsv slopes.tsv slopes_mean.tsv weights.tsv weights_mean.tsv
		DISTANCE_EPOCHS=1 4:distances.tsv distances.tsv.matrix distances_mean.tsv distances_table.tsv
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	# Another epoch of weights is nothing but its tickets.
	study grid.mk -n V=1 WEIGHT_EPOCHS='0 1 2 4' >plan
	[ "$(grep -c '^lt-train' plan)" = 3 ]
	[ "$(grep -c '^lt-prune' plan)" = 0 ]
	# Another sparsity: all masks and what comes of them, the dense run stays.
	study "$all" -n V=1 SPARSITY=0.5 >plan
	run -1 grep -e '-o [^ ]*/dense/last' plan
	[ "$(grep -c '^lt-prune' plan)" = 10 ]
	unchanged
}

@test "SIGKILL of the whole make at any moment, then make: the same bytes" {
	long_test
	rm -r runs
	export -f study workflow
	export all ROOT BATS_FILE_TMPDIR
	killed 8 'study "$all" -s -j4 all ppr-stop'
	study "$all" -s -j4 all ppr-stop >/dev/null
	unchanged
	[ -z "$(find runs -name '*.tmp')" ]
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
	study ppr.mk -s PPR_CONTROL= OUT=one >/dev/null
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
		cmp $d/ppr-stop/ticket.mask.safetensors \
			"$d/early/epoch-$(value $d/ppr-stop/rule.tsv ticket rule=online).mask.safetensors"
		[ "$(column $d/ppr-stop/summary.tsv search_iterations ppr-stop 1)" = $((20 * last)) ]
		[ "$(column $d/ppr-stop/summary.tsv stop_epoch ppr-stop 1)" = "$last" ]
		[ "$(tail -n +2 $d/ppr-stop/log.time.tsv | wc -l)" = $((2 * last)) ]
	done
	# Every second epoch; no further segment is trained for another rule.
	study ppr.mk -s PPR_EVERY=2 PPR_WINDOW=2 EPOCHS=6 SEEDS=1 OUT=two ppr-stop >/dev/null
	cut -f 1 two/$net/ppr-stop/log.tsv | paste -sd ' ' | grep -x 'epoch 2 4 6'
	cmp two/$net/ppr-stop/epoch-6/last.safetensors two/$net/dense/last.safetensors
	study ppr.mk -n V=1 PPR_TOLERANCE=30 SEEDS=1 ppr-stop >plan
	run -1 grep -e '--to 3' plan
	# A rule that never says so: all epochs, and the ticket by the offline rule.
	study ppr.mk -s PPR_WINDOW=9 SEEDS=1 ppr-stop >/dev/null
	[ "$(value runs/$net/ppr-stop/rule.tsv ticket rule=online)" = NaN ]
	cmp runs/$net/ppr-stop/epoch-4/last.safetensors runs/$net/dense/last.safetensors
	cmp runs/$net/ppr-stop/ticket.mask.safetensors \
		"runs/$net/early/epoch-$(value runs/$net/ppr-stop/rule.tsv ticket rule=offline).mask.safetensors"
}

# curve ACCURACY...: a table of checks, at every fifth epoch.
curve() {
	local e=0 x
	printf 'epoch\tval_acc\n'
	for x; do printf '%d\t%s\n' $((e += 5)) "$x"; done
}
# rule CURVE OPTION...: "offline online stopped-at"
rule() {
	local -a c
	read -ra c <<<"$1"
	shift
	curve "${c[@]}" | awk -f "$ROOT/pipelines/ppr.awk" "$@" | awk -F '\t' '
	$1 == "offline" { a = $2 }
	$1 == "online" { print a, $2, $4 ? $3 : "-" }'
}

@test "the rule of the early ticket, on made curves" {
	local curve options want bad=
	while IFS='|' read -r curve options want; do
		# shellcheck disable=SC2086
		found=$(rule "$curve" $options)
		[ "$found" = "$want" ] || bad+="$curve, $options: $found; "
	done <<-'END'
		10 20 30 40 50 50 50 50 50 50|window=3|25 25 45
		10 20 30 40 50 50 50 50|window=3|25 NaN -
		10 20 30 40 50 60 70 80|window=3|35 NaN -
		50 50 50 50 50 50|window=3|5 5 25
		50 50.5 50 50.5 50 50.5 50 50.5|window=3|5 5 25
		50 49.6 50.4 49.7 50.3 50.1 49.5|window=3|5 5 25
		90 80 70 60 50 40|window=3|5 5 25
		50 50 90 50 50 50|window=3|5 5 25
		90 50 50 50 50 50|window=3|5 5 25
		10 90 90 90 90 90|window=3|10 10 30
		50 90 50 60 60 60 60 60|window=3|15 15 35
		50 50.3 50.6 50.9 51.2 51.5 51.8 52 52|window=3|30 NaN -
		50 50.3 50.6 50.9 51.2 51.5 51.8 52 52|window=3 tolerance=2|5 5 25
		50 50.5 51 51.5 52 52|window=1 tolerance=0.5|20 5 15
		10 20 30 30 30 40 50 60 60 60 60 60|window=3|40 40 60
		10 20 30 30 30 40 50 60 60 60 60 60|window=2|40 15 30
		10 20 30|window=1|10 NaN -
		10 20|window=1|NaN NaN -
		10|window=1|NaN NaN -
		||NaN NaN -
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
}

@test "the rule sees no future, and agrees with its definition on noisy curves" {
	local seed n i found want
	for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
		awk -v seed=$seed 'BEGIN {
			srand(seed)
			print "epoch\tlr\tval_acc"
			for (e = 1; e <= 40; e++) {
				printf "%d\t0.1\t%.2f\n", e, 100 * rand()
				printf "%d\t0.01\t%.2f\n", e, 80 * (1 - exp(-e / 8)) + 3 * rand()
			}
		}' >noisy
		awk -f "$ROOT/pipelines/ppr.awk" lr=0.01 window=4 tolerance=1 noisy >whole
		# Offline, by sorting.
		awk '$2 == 0.01 { print $3 }' noisy >a
		for ((i = 2; i < 40; i++)); do
			sed -n "$((i - 1)),$((i + 1))p" a | sort -g | sed -n 2p
		done >b
		head -n 1 b | cat - <(head -n 1 a) | sort -g | head -n 1 | cat - b >m
		want=$(awk -v top="$(sort -g m | tail -n 1)" '$1 >= top - 1 - 1e-9 { print NR; exit }' m)
		[ "$(value whole ticket rule=offline)" = "$want" ]
		# Online: the shortest curve that says stop.
		found=NaN
		for ((n = 1; n <= 40; n++)); do
			head -n $((1 + 2 * n)) noisy >part
			if awk -f "$ROOT/pipelines/ppr.awk" stop=1 lr=0.01 window=4 tolerance=1 part; then
				found=$n
				break
			fi
		done
		[ $found = NaN ] || [ "$(value whole epoch rule=online)" = $found ]
		[ "$(value whole stopped rule=online)" = $((found != 0)) ] || [ $found = NaN ]
		if [ $found != NaN ]; then
			awk -f "$ROOT/pipelines/ppr.awk" lr=0.01 window=4 tolerance=1 part >short
			[ "$(value short ticket rule=online)" = "$(value whole ticket rule=online)" ]
			[ "$(awk -f "$ROOT/pipelines/ppr.awk" pick=1 lr=0.01 window=4 tolerance=1 part)" = \
				"$(value whole ticket rule=online)" ]
			[ "$(value whole ticket rule=online)" = $((found - 5)) ]
		fi
	done
}

@test "a damaged curve is neither a stop nor a go-on" {
	: >empty
	printf 'epoch\tloss\n1\t2\n' >columns
	printf 'epoch\tval_acc\n1\tnan\n' >NaN
	printf 'epoch\tval_acc\n2\t50\n1\t50\n' >order
	for f in empty columns NaN order; do
		run -65 awk -f "$ROOT/pipelines/ppr.awk" stop=1 $f
		[[ $output == ppr.awk:* ]]
	done
	curve 1 2 >short
	run -1 awk -f "$ROOT/pipelines/ppr.awk" stop=1 short
	run -65 awk -f "$ROOT/pipelines/ppr.awk" pick=1 short
	[[ $output == *'fewer than three checks' ]]
}

@test "pictures are drawn, where there is a gnuplot" {
	command -v gnuplot >/dev/null || skip 'gnuplot is not installed'
	for f in grid W_std rates slopes distances ppr; do
		[ "$(head -c 8 $early/$f.png | od -An -tx1)" = ' 89 50 4e 47 0d 0a 1a 0a' ]
	done
	[ -z "$(find runs -name '*.png.*')" ]
	# And of one seed, one look, two checks.
	rm $early/*.png
	study "$all" -s SEEDS=2 WEIGHTS_EVERY=4 PPR_EVERY=2 MASK_EPOCHS=4 >/dev/null
	[ "$(ls $early/*.png | wc -l)" = 7 ]
}

@test "a wrong setting is refused" {
	while IFS='|' read -r set want; do
		run -2 study "$all" "$set"
		[[ $output == *"$want"* ]] || { echo "$set: $output" >&2; false; }
	done <<-'END'
		MASK_EPOCHS=2 5|MASK_EPOCHS: the dense run keeps no weights after epoch 5: EPOCHS=4 SAVE_EPOCHS=all
		WEIGHT_EPOCHS=9|WEIGHT_EPOCHS: the dense run keeps no weights after epoch 9
		SAVE_EPOCHS=1 2|MASK_EPOCHS: the dense run keeps no weights after epoch 4
		DIAGONAL=yes|DIAGONAL=yes: expected one of: 0 1
	END
	study grid.mk -q SAVE_EPOCHS='1 2 4'
}

@test "defaults are the paper's" {
	run -0 make -s -f "$ROOT/pipelines/grid.mk" -f "$ROOT/pipelines/ppr.mk" help
	for s in EPOCHS=200 MILESTONES=120,160 EXCLUDE=first,last SPARSITY=0.8 LR=... \
		BATCH=128 WEIGHT_DECAY=1e-4 PPR_LR=0.01; do
		[ "$(grep -c "^  $s " <<<"$output ")" = 1 ] || { echo "$s" >&2; false; }
	done
}
