#!/usr/bin/env bats
# lt-score for early tickets, on tables small enough to work out by hand.  The
# tests of the workflows run the same actions on real trainings.
load common

# table WORD...: one line of a table a word, with commas between its cells.
table() {
	printf '%s\n' "$@" | tr , '\t'
}

# gives WORD...: standard input is that table.
gives() {
	diff <(table "$@") -
}

# value FILE COLUMN RULE: that column of the rule's row.
value() {
	awk -F '\t' -v c="$2" -v r="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == r { print $at[c] }' "$1"
}

# curve ACCURACY...: a table of checks, at every fifth epoch.
curve() {
	local e=0 x
	printf 'epoch\tval_acc\n'
	for x; do printf '%d\t%s\n' $((e += 5)) "$x"; done
}

@test "ppr: where the curve stops rising, offline and online" {
	# Medians 10 20 30 40 40 40.  Offline: the first of at least 40 - 10.  Online:
	# 30 is the first above 10 + 10, no later one is above 30 + 10.
	table epoch,val_acc 1,10 2,20 3,30 4,50 5,40 6,40 7,41 >ppr
	lt-score ppr --tolerance 10 --window 2 ppr | gives \
		rule,ticket,epoch,stopped,val_acc,median offline,3,7,0,30,30 online,3,6,1,30,30
	[ "$(lt-score ppr-ticket --tolerance 10 --window 9 ppr)" = 3 ]
	[ "$(lt-score ppr-ticket --tolerance 9.99 --window 9 ppr)" = 4 ]
	run -1 lt-score ppr-stops --tolerance 10 --window 4 ppr
	[ -z "$output" ]
	run -0 lt-score ppr-stops --tolerance 10 --window 3 ppr
	[ -z "$output" ]
	# The first check counts as far as the next ones confirm it: medians 20 20 20.
	table epoch,val_acc 1,40 2,10 3,20 4,30 >high
	lt-score ppr --tolerance 5 --window 9 high | gives \
		rule,ticket,epoch,stopped,val_acc,median offline,1,4,0,40,20 online,NaN,4,0,NaN,NaN
	# One rate of several, however it is written.
	table lr,epoch,val_acc 0.1,1,90 0.01,1,10 0.1,2,90 0.01,2,20 0.01,3,30 >two
	lt-score ppr --lr 1e-2 --window 1 two | gives \
		rule,ticket,epoch,stopped,val_acc,median offline,2,3,0,20,20 online,NaN,3,0,NaN,NaN
	lt-score ppr --lr 0.5 two | tail -n 1 | gives online,NaN,NaN,0,NaN,NaN
}

@test "ppr: the rule on made curves" {
	local curve window tolerance want found bad=
	local -a c
	while IFS='|' read -r curve window tolerance want; do
		read -ra c <<<"$curve"
		found=$(curve "${c[@]}" | lt-score ppr --window "$window" --tolerance "${tolerance:-0.5}" - |
			awk -F '\t' '$1 == "offline" { a = $2 } $1 == "online" { print a, $2, $4 ? $3 : "-" }')
		[ "$found" = "$want" ] || bad+="$curve, $window: $found; "
	done <<-'END'
		10 20 30 40 50 50 50 50 50 50|3||25 25 45
		10 20 30 40 50 50 50 50|3||25 NaN -
		10 20 30 40 50 60 70 80|3||35 NaN -
		50 50 50 50 50 50|3||5 5 25
		50 50.5 50 50.5 50 50.5 50 50.5|3||5 5 25
		50 49.6 50.4 49.7 50.3 50.1 49.5|3||5 5 25
		90 80 70 60 50 40|3||5 5 25
		50 50 90 50 50 50|3||5 5 25
		90 50 50 50 50 50|3||5 5 25
		10 90 90 90 90 90|3||10 10 30
		50 90 50 60 60 60 60 60|3||15 15 35
		50 50.3 50.6 50.9 51.2 51.5 51.8 52 52|3||30 NaN -
		50 50.3 50.6 50.9 51.2 51.5 51.8 52 52|3|2|5 5 25
		50 50.5 51 51.5 52 52|1|0.5|20 5 15
		10 20 30 30 30 40 50 60 60 60 60 60|3||40 40 60
		10 20 30 30 30 40 50 60 60 60 60 60|2||40 15 30
		10 20 30|1||10 NaN -
		10 20|1||NaN NaN -
		10|1||NaN NaN -
		|1||NaN NaN -
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
}

@test "ppr: the rule sees no future, and agrees with its definition on noisy curves" {
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
		lt-score ppr --lr 0.01 --window 4 --tolerance 1 -o whole noisy
		# Offline, by sorting.
		awk '$2 == 0.01 { print $3 }' noisy >a
		for ((i = 2; i < 40; i++)); do
			sed -n "$((i - 1)),$((i + 1))p" a | sort -g | sed -n 2p
		done >b
		head -n 1 b | cat - <(head -n 1 a) | sort -g | head -n 1 | cat - b >m
		want=$(awk -v top="$(sort -g m | tail -n 1)" '$1 >= top - 1 - 1e-9 { print NR; exit }' m)
		[ "$(value whole ticket offline)" = "$want" ]
		# Online: the shortest curve that says stop.
		found=NaN
		for ((n = 1; n <= 40; n++)); do
			head -n $((1 + 2 * n)) noisy >part
			if lt-score ppr-stops --lr 0.01 --window 4 --tolerance 1 part; then
				found=$n
				break
			fi
		done
		if [ $found = NaN ]; then
			[ "$(value whole stopped online)" = 0 ]
			continue
		fi
		[ "$(value whole epoch online)" = "$found" ]
		[ "$(value whole ticket online)" = $((found - 5)) ]
		[ "$(lt-score ppr-ticket --lr 0.01 --window 4 --tolerance 1 part)" = $((found - 5)) ]
	done
}

@test "ppr: a damaged curve is neither a stop nor a go-on" {
	: >empty
	table epoch,loss 1,2 >columns
	table epoch,val_acc 1,nan >missing
	table epoch,val_acc 2,50 1,50 >order
	table epoch,val_acc 1,101 >large
	table epoch,val_acc 1,50 1,50 >again
	refuses 65 'empty: expected a table of checks, found an empty file' lt-score ppr-stops empty
	refuses 65 "columns: expected a column 'val_acc', found none" lt-score ppr-stops columns
	refuses 65 "missing:2: column 'val_acc': expected an accuracy from 0 to 100, found 'nan'" \
		lt-score ppr-stops missing
	refuses 65 "order:3: column 'epoch': expected an epoch after that of the check before, found '1'" \
		lt-score ppr-stops order
	refuses 65 "found '101'" lt-score ppr large
	refuses 65 "again:3: column 'epoch'" lt-score ppr again
	refuses 65 "columns: expected a column" lt-score ppr --lr 0.1 columns
	refuses 65 "order: expected a column 'lr', found none" lt-score ppr --lr 0.1 order
	refuses 2 "--lr: expected a number above 0, found '0'" lt-score ppr --lr 0 order
	curve 1 2 >short
	run -1 lt-score ppr-stops short
	refuses 65 'short: expected at least 3 checks, found 2' lt-score ppr-ticket -o out short
	[ ! -e out ]
	no_strays
}

checks_tables() {
	table epoch,iteration,presentations,macs,val_acc 1,10,100,1000,20 2,20,200,2000,30 >dense
	table epoch,iteration,presentations,macs,val_acc 1,3,30,300,25 >a
	table epoch,iteration,presentations,macs,val_acc 1,4,40,400,35 >b
}

@test "checks: checks add up, on top of the dense run until then" {
	checks_tables
	lt-score checks --dense dense lr=0.01 epoch=1 a epoch=2 b lr=0.1 epoch=1 b | gives \
		epoch,lr,val_acc,dense_val_acc,iteration,presentations,macs \
		1,0.01,25,20,13,130,1300 2,0.01,35,30,27,270,2700 1,0.1,35,20,14,140,1400
	# The dense run in segments; of an epoch that two have, the last row counts.
	sed 2d dense >second
	sed '3s/.*/2\t9\t9\t9\t9/' dense >first
	lt-score checks --dense first --dense second lr=0.1 epoch=2 b | tail -n 1 |
		gives 2,0.1,35,30,24,240,2400
	# Numbers of 2^53 are exact.
	table epoch,iteration,presentations,macs,val_acc 1,1,1,9007199254740990,20 >dense
	table epoch,iteration,presentations,macs,val_acc 1,1,1,1,20 >a
	lt-score checks --dense dense lr=1 epoch=1 a | cut -f 7 | gives macs 9007199254740991
}

@test "checks: one that diverged has no row, and the sums after it are NaN" {
	checks_tables
	: >lost
	lt-score checks --dense dense lr=0.01 epoch=1 lost epoch=2 b lr=0.1 epoch=1 b | gives \
		epoch,lr,val_acc,dense_val_acc,iteration,presentations,macs \
		2,0.01,35,30,NaN,NaN,NaN 1,0.1,35,20,14,140,1400
	lt-score checks --dense lost lr=0.01 epoch=1 a | tail -n 1 |
		gives 1,0.01,25,NaN,NaN,NaN,NaN
	lt-score checks --dense dense lr=0.01 epoch=3 a | tail -n 1 |
		gives 3,0.01,25,NaN,NaN,NaN,NaN
	refuses 65 'dense: expected one epoch, found 2' \
		lt-score checks --dense dense lr=0.01 epoch=1 dense
	refuses 2 "expected epoch=E, found 'a'" lt-score checks --dense dense lr=0.01 a epoch=1
	refuses 2 "expected epoch=E, found 'epoch=1i'" lt-score checks --dense dense lr=1 epoch=1i a
	refuses 2 'checks: expected a log after epoch=1' lt-score checks --dense dense lr=0.01 epoch=1
	refuses 2 "checks: expected lr=R before 'epoch=1'" lt-score checks --dense dense epoch=1 a
	refuses 2 "lr: expected a number above 0, found 'x'" \
		lt-score checks --dense dense lr=x epoch=1 a
	refuses 2 'checks needs --dense' lt-score checks lr=0.01 epoch=1 a
	refuses 2 "checks does not take --window" \
		lt-score checks --dense dense --window 2 lr=0.01 epoch=1 a
}

looks_tables() {
	table epoch,iteration,lr 1,10,0.1 2,20,0.1 >log
	table name,shape,count,mean,W_std a.weight,10x10,100,0,2 a.bias,10,10,0,7 \
		b.weight,10x10,100,0,1 bn.weight,100,100,0,1 >w0
	table name,shape,count,mean,W_std a.weight,10x10,100,0,1.28 a.bias,10,10,0,7 \
		b.weight,10x10,100,0,0.8 bn.weight,100,100,0,1 >w2
	table name,count,kept a.weight,100,50 b.weight,100,50 total,200,100 >m0
	table name,count,kept a.weight,100,40 b.weight,100,60 total,200,100 >m2
}
# looks ACTION ARGUMENT...: with the momentum and decay of the example.
looks() {
	lt-score "$1" --momentum 0.5 --decay 0.1 --dense log "${@:2}"
}

@test "weights, slopes, rates: the decay that Eq. 5 predicts, and rates that move" {
	# Ten steps take w to 1 - 10 x 0.1 x 0.1 / (1 - 0.5) = 0.8 of it.
	looks_tables
	looks weights epoch=0 w0 m0 epoch=2 w2 m2 | gives \
		epoch,iteration,lr,layer,count,W_std,W_mean,rate,change,predicted,change_share,predicted_share \
		0,0,NaN,a,100,2,0,50,NaN,NaN,NaN,NaN 0,0,NaN,b,100,1,0,50,NaN,NaN,NaN,NaN \
		2,20,0.1,a,100,1.28,0,60,-0.72,-0.72,-18,-18 \
		2,20,0.1,b,100,0.8,0,40,-0.2,-0.36,-10,-18
	# log 0.8 / log 0.64 is a half.
	looks slopes epoch=0 w0 m0 epoch=2 w2 m2 | gives \
		first,last,lr,iterations,layer,W_first,W_last,change,predicted,ratio \
		0,2,0.1,20,a,2,1.28,-0.72,-0.72,1 0,2,0.1,20,b,1,0.8,-0.2,-0.36,0.5
	# 10 weights of 200 go from b's account to a's.
	looks rates epoch=0 w0 m0 epoch=2 w2 m2 | gives \
		epoch,iteration,lr,moved,from_last 0,0,NaN,NaN,5 2,20,0.1,5,0
}

@test "weights: a layer that is not prunable, weights of no spread" {
	looks_tables
	sed -i '/^b/d; s/^total.*/total\t100\t50/' m0 m2
	sed -i 's/^\(b.weight.*\t\)1$/\10/' w0
	looks weights epoch=0 w0 m0 epoch=2 w2 m2 | cut -f 1,4,8-12 | tail -n 3 | gives \
		0,b,NaN,NaN,NaN,NaN,NaN 2,a,60,-0.72,-0.72,-18,-18 2,b,NaN,0.8,-0,NaN,-18
	looks slopes epoch=0 w0 m0 epoch=2 w2 m2 | tail -n 1 | cut -f 10 | gives NaN
	# 10 weights of 100 more.
	looks rates epoch=0 w0 m0 epoch=2 w2 m2 | tail -n 1 | gives 2,20,0.1,5,0
}

@test "slopes: a stretch for each rate, from the look that ended the one before" {
	looks_tables
	table epoch,iteration,lr 1,10,0.1 2,20,0.1 3,30,0.01 4,40,0.01 >log
	cp w2 w3
	looks slopes epoch=0 w0 m0 epoch=1 w2 m2 epoch=2 w2 m2 epoch=3 w3 m2 epoch=4 w2 m2 |
		cut -f 1-4 | uniq | gives first,last,lr,iterations 0,2,0.1,20 2,4,0.01,20
}

@test "weights: looks behind a dense run that diverged are left out" {
	looks_tables
	: >lost
	looks weights epoch=0 w0 m0 epoch=2 lost lost >found
	[ "$(wc -l <found)" = 3 ]
	looks rates epoch=0 w0 m0 epoch=2 lost lost | gives epoch,iteration,lr,moved,from_last \
		0,0,NaN,NaN,0
	: >log
	looks slopes epoch=0 w0 m0 epoch=2 lost lost | wc -l | grep -x 1
	refuses 65 'log: expected a row of epoch 2, found none' \
		looks weights epoch=0 w0 m0 epoch=2 w2 m2
	refuses 65 'lost: expected the table of a mask, found an empty file' \
		looks weights epoch=0 w0 lost
}

@test "weights: what does not fit together is refused" {
	looks_tables
	sed '/^b/d' w2 >w2b
	refuses 65 "w2b: expected a row 'b.weight', found none" \
		looks weights epoch=0 w0 m0 epoch=2 w2b m2
	refuses 65 'expected epochs that ascend, found 0 after 2' \
		looks weights epoch=2 w2 m2 epoch=0 w0 m0
	refuses 65 'expected epochs that ascend, found 2 after 2' \
		looks weights epoch=2 w2 m2 epoch=2 w2 m2
	refuses 2 'expected epoch=E, a table of weights and a table of a mask' \
		looks weights epoch=0 w0 m0 epoch=2
	refuses 2 '--momentum: expected a number below 1, found 1' \
		lt-score weights --momentum 1 --dense log epoch=0 w0 m0
	table epoch,iteration,lr 2,20,0.1 >log
	refuses 65 'log:2: expected epoch 1, found 2' looks rates epoch=0 w0 m0
}

@test "cell: the retraining's best, the search of the later epoch" {
	table epoch,iteration,val_acc 1,10,20 2,20,50 3,30,40 >dense
	table epoch,iteration,val_acc 1,10,9 2,20,11 3,30,10 >retrain
	table name,count,kept,density total,100,20,0.2 >mask
	table samples,top1 100,12.5 >test
	head=s,v,val_acc,test_acc,density,search_iterations,retrain_iterations
	cell() { lt-score cell "$@" --test test; }
	cell --s 1 --v 3 --mask mask --dense dense --retrain retrain | gives $head 1,3,11,12.5,0.2,30,30
	cell --s 2 --v 0 --mask mask --dense dense --retrain retrain | gives $head 2,0,11,12.5,0.2,20,30
	cell --s 0 --v 0 --mask mask --dense dense --retrain retrain | gives $head 0,0,11,12.5,0.2,0,30
	cell --s 2 --v dense --dense dense | gives $head 2,dense,50,12.5,1,20,NaN
	cell --s best --v dense --retrain dense | gives $head best,dense,50,12.5,1,NaN,30
	table epoch,iteration,val_acc 1,10,9 2,20,11 3,30,nan >odd
	cell --s 1 --v 3 --mask mask --dense dense --retrain odd | gives $head 1,3,11,12.5,0.2,30,30
	: >lost
	cell --s 1 --v dense --dense lost | gives $head 1,dense,NaN,12.5,NaN,NaN,NaN
	cell --s 1 --v 3 --mask mask --dense dense --retrain lost | gives $head 1,3,NaN,12.5,0.2,30,NaN
	cell --s 1 --v 3 --mask lost --dense lost --retrain lost | gives $head 1,3,NaN,12.5,NaN,NaN,NaN
	refuses 2 "--v: expected an epoch or 'dense', found 'best'" cell --s 1 --v best
	refuses 2 'cell needs --v' cell --s 1
	refuses 2 'expected --dense once, found it 2 times' cell --s 1 --v 1 --dense dense --dense dense
	sed -i 's/total/all/' mask
	refuses 65 "mask: expected a row 'total', found none" \
		cell --s 1 --v 3 --mask mask --dense dense --retrain retrain
}

@test "memory: the last row of the log, the density of the mask" {
	table name,density conv,0.5 total,0.25 >mask
	table epoch,train_acc 1,90 2,80 >log
	table samples,top1 5,70 >learned
	: >lost
	memory() { lt-score memory --epoch 20 --samples 5 "$@"; }
	memory --kind oneshot --pruned 0.75 --mask mask --retrain log --test learned | gives \
		kind,epoch,pruned,density,samples,learned_acc,train_acc \
		oneshot,20,0.75,0.25,5,70,80
	memory --kind dense --pruned 0 --retrain log --test learned | tail -n 1 |
		gives dense,20,0,1,5,70,80
	memory --kind x --pruned 0.5 --mask lost --retrain lost --test lost | tail -n 1 |
		gives x,20,0.5,NaN,5,NaN,NaN
}

@test "prunings: Zhu and Gupta's curve at rounded epochs, and lists" {
	# 0.8 - 0.8 (1 - k / 4)^3; epochs 0, 2.5, 5, 7.5, 10.
	lt-score prunings --steps 4 --initial 0 --sparsity 0.8 0-10 |
		gives 0:0 3:0.4625 5:0.7 8:0.7875 10:0.8
	# From 0.5, 0.4 below the end; halves of epochs go up.
	lt-score prunings --steps 2 --initial 0.5 --sparsity 0.9 25-30 | gives 25:0.5 28:0.85 30:0.9
	lt-score prunings --steps 1 --sparsity 0.8 7-8 | gives 7:0 8:0.8
	lt-score prunings --epochs 240 120:0.4 160:.6 240:0.8 | gives 120:0.4 160:.6 240:0.8
	# One as sparse as that before it, in the last epoch.
	lt-score prunings --epochs 5 4:0.5 5:0.5 | gives 4:0.5 5:0.5
	lt-score prunings 1:0.2 2:0.2 | gives 1:0.2 2:0.2
	[ "$(lt-score prunings --sparsity 0.8 25-75 | wc -l)" = 11 ]
}

@test "prunings: what cannot be carried out is refused" {
	local arguments want
	while IFS='|' read -r arguments want; do
		# shellcheck disable=SC2086
		refuses 2 "lt-score: prunings: $want" lt-score prunings $arguments
	done <<-'END'
		--steps 3 --sparsity .8 10-12|expected 1 to 2 steps, found 3
		--steps 1 --sparsity .8 12-10|expected a last epoch above the first, found 12-10
		--steps 2 --initial .9 --sparsity .8 1-9|expected sparsities below 1 that do not fall, found 0.9 to 0.8
		--steps 2 --sparsity 1 1-9|expected sparsities below 1 that do not fall, found 0 to 1
		--steps 2 --sparsity .8 --epochs 8 1-9|expected epochs up to 8, found 9
		--steps 2 1-9|a window needs --sparsity
		1:0.2 1:0.3|expected an epoch after 1, found '1:0.3'
		1:0.2 2:0.1|expected a sparsity of at least 0.2, found '2:0.1'
		1:0.2 2|expected a window FIRST-LAST, or EPOCH:SPARSITY with a sparsity below 1, found '2'
		1:0.2:3|expected a window FIRST-LAST, or EPOCH:SPARSITY with a sparsity below 1, found '1:0.2:3'
		1:80%|expected a window FIRST-LAST, or EPOCH:SPARSITY with a sparsity below 1, found '1:80%'
		1:1|expected a window FIRST-LAST, or EPOCH:SPARSITY with a sparsity below 1, found '1:1'
		1-2-3|expected a window FIRST-LAST, or EPOCH:SPARSITY with a sparsity below 1, found '1-2-3'
		--epochs 4 5:0.5|expected epochs up to 4, found 5
	END
	refuses 2 '--steps needs a window FIRST-LAST' lt-score prunings --steps 2 5:0.5
}

@test "gradual: rows by kind and window, each ticket once, points below dense" {
	table method,round,sparsity,test_acc dense,0,0,90 imp,1,20,91 >a
	table method,round,sparsity,test_acc dense,0,0,90 oneshot-25,1,80,88.5 \
		gradual-25-75,11,80,89 gradual-mine,3,80,nan >b
	lt-score gradual --ends '25-75=75 mine=200' --columns 'test_acc below_dense none' a b | gives \
		kind,window,end,prunings,test_acc,below_dense,none dense,-,NaN,0,90,0,NaN \
		imp,1,NaN,1,91,-1,NaN oneshot,25,25,1,88.5,1.5,NaN gradual,25-75,75,11,89,1,NaN \
		mine,mine,200,3,NaN,NaN,NaN
	table method,test_acc dense,90 >a
	refuses 65 "a: expected a column 'round', found none" lt-score gradual a
}

@test "cost: IMP's first round that is as sparse is the measure" {
	table kind,window,sparsity,test_acc,below_dense,work dense,-,0,90,0,1 \
		imp,7,79.03,91,-1,70 imp,8,83.22,90,0,80 imp,9,86.58,89,1,90 \
		gradual,25-75,80,89,1,20 >means
	lt-score cost --sparsity 0.8 --columns work means | gives \
		kind,window,sparsity,test_acc,below_dense,work,work_of_imp \
		imp,8,83.22,90,0,80,1 gradual,25-75,80,89,1,20,0.25
	# A rate in whole weights may end a little short of the sparsity.
	sed 's/79.03/79.995/' means >short
	lt-score cost --sparsity 0.8 --columns work short | cut -f 1,2,7 |
		gives kind,window,work_of_imp imp,7,1 gradual,25-75,0.285714285714
	sed '/^imp/d' means >without
	lt-score cost --sparsity 0.8 --columns work without | cut -f 7 | gives work_of_imp NaN
	sed 's/80$/0/' means >nothing
	lt-score cost --sparsity 0.8 --columns work nothing | cut -f 7 | gives work_of_imp NaN NaN
	# Seconds are in a table of their own.
	table kind,window,work imp,8,5 gradual,25-75,4 >seconds
	lt-score cost --sparsity 0.8 --columns work means seconds | cut -f 1,6,7 |
		gives kind,work,work_of_imp imp,5,1 gradual,4,0.8
}

@test "pivot: words first, numbers by size, what is missing is NaN" {
	table s,v,acc 10,0,1 2,0,2 best,dense,3 2,10,4 2,9,nan 2,dense,5 2,10,6 >long
	lt-score pivot --rows s --across v --value acc long | gives \
		s,dense,0,10 best,3,NaN,NaN 2,5,2,6 10,NaN,1,NaN
	lt-score pivot --natural --rows s --across v --value acc long | gives \
		s,0,dense,10 10,1,NaN,NaN 2,2,5,6 best,NaN,3,NaN
	lt-score pivot --cells --leave best --rows v --across s --value acc long | gives \
		x,y,column,row,value 1,1,2,dense,5 1,2,2,0,2 2,2,10,0,1 1,3,2,10,6
	# A missing key can be left out, however it is written.
	table end,kind,acc nan,dense,1 NaN,imp,2 75,gradual,3 >ends
	lt-score pivot --rows end --across kind --value acc --leave NaN ends | gives end,gradual 75,3
	lt-score pivot --rows end --across kind --value acc ends | head -n 2 |
		gives end,dense,imp,gradual NaN,1,2,NaN
	refuses 65 "ends: expected a column 'v', found none" \
		lt-score pivot --rows v --across kind --value acc ends
}

@test "early tickets: a table that is not there, is cut, or lacks a field" {
	refuses 74 'nowhere' lt-score ppr nowhere
	printf 'epoch\tval_acc\n1\t50' >cut
	refuses 65 cut lt-score ppr cut
	printf 'epoch\tval_acc\n1\n' >narrow
	refuses 65 'narrow:2: expected 2 tab-separated fields, found 1' lt-score ppr narrow
}
