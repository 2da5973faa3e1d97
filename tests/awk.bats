#!/usr/bin/env bats
# The awk programs that compute results, each on tables small enough to work
# out by hand.  The tests of the workflows run the same programs on real runs.
# Quick: not run, for it tests makefiles and awk.
load common

lib=$ROOT/pipelines/report/lib.awk

# table WORD...: one line of a table a word, with commas between its cells.
table() {
	printf '%s\n' "$@" | tr , '\t'
}

# gives WORD...: standard input is that table.
gives() {
	diff <(table "$@") -
}

# program NAME ARGUMENT...: run pipelines/NAME.awk.
program() {
	local name=$1
	shift
	awk -f "$ROOT/pipelines/$name.awk" "$@"
}

# reporting NAME ARGUMENT...: the same with the functions that reports share.
reporting() {
	local name=$1
	shift
	awk -f "$lib" -f "$ROOT/pipelines/$name.awk" "$@"
}

@test "budget.awk: epochs, milestones and warm-up shrink with the set, rounded down" {
	seq 0 99 >d0.idx
	seq 0 38 >p.idx # 39 % of 182 epochs are 70.98; 70 / 182 of 91 is 35
	run -0 program budget epochs=182 milestones=91,136 warmup=15 least=3 \
		is=set p.idx is=d0 d0.idx
	[ "$output" = '--epochs 70 --milestones 35,52 --warmup 5' ]
	seq 0 36 >p.idx # 37 % are 67.34; 67 / 182 of 91 is 33.5
	run -0 program budget epochs=182 milestones=91,136 warmup=15 least=3 \
		is=set p.idx is=d0 d0.idx
	[ "$output" = '--epochs 67 --milestones 33,50 --warmup 5' ]
	seq 0 0 >p.idx
	run -0 program budget epochs=182 milestones=91,136 warmup=15 least=3 \
		is=set p.idx is=d0 d0.idx
	[ "$output" = '--epochs 3 --milestones 1,2 --warmup 0' ]
	seq 0 38 >p.idx
	run -0 program budget epochs=182 milestones= warmup=0 least=3 is=set p.idx is=d0 d0.idx
	[ "$output" = '--epochs 70 --warmup 0' ]
	run -65 program budget epochs=182 milestones=91 warmup=0 least=3 \
		is=set p.idx is=d0 /dev/null
}

@test "chain.awk: segments become one table without the distances of masks" {
	table epoch,mask_distance,macs 1,0.5,10 2,0.25,20 >a
	table epoch,mask_distance,macs 3,0.125,30 >b
	program chain a b | gives epoch,mask_distance,macs 1,NaN,10 2,NaN,20 3,NaN,30
}

@test "length.awk: the last iteration of a log" {
	table epoch,iteration 1,13 2,26 >log
	[ "$(program length log)" = 26i ]
}

@test "time.awk: searches and retrainings are added up apart" {
	table epoch,seconds,cpu_seconds 1,1.5,2 2,1.5,2.5 >a
	table epoch,seconds,cpu_seconds 1,10,20 >b
	program time method=prac round=02 is=search a b is=retrain a | gives \
		method,round,search_seconds,retrain_seconds,search_cpu_seconds,retrain_cpu_seconds \
		prac,2,13.0,3.0,24.5,4.5
}

row_head=method,round,sparsity,set_size,search_iterations,search_forward
row_head+=,retrain_iterations,presentations,multiply_adds,forward_multiply_adds
row_head+=,stop_epoch,val_acc,test_acc,mask_distance,stop_rule

log_tables() {
	local head=epoch,iteration,presentations,macs,val_acc
	table $head 1,10,320,1000,50 2,20,640,2000,60 >one
	table $head 1,5,160,400,40 2,10,320,800,30 >two
	table $head 3,30,320,1000,50 4,40,640,2000,60 >late
	table name,count,kept conv,60,20 total,100,36 >mask
	table images,macs 50,7 >cost
	table stopped,epoch 1,2 >stop
	table epoch,distance 1,0.5 2,NaN 3,0.75 4,0.25 >distances
	table samples,top1 100,61.5 >test
	printf '%s\n' 1 2 3 >p.idx
}

@test "row.awk: the search is the sum of its logs, the retraining stands apart" {
	log_tables
	program row method=prac round=02 rule=eps=0.08 is=set p.idx is=mask mask \
		is=search one two is=pass cost cost is=stop stop \
		is=distances distances is=retrain one is=test test | gives $row_head \
		prac,2,64,3,30,100,20,960,2800,14,2,60,61.5,0.75,eps=0.08
}

@test "row.awk: a log that begins later in the schedule counts from there" {
	log_tables
	# From epoch 1: of 20 iterations in 2 epochs 10 were there before.
	program row method=imp round=1 is=search from=1 one is=retrain from=5i two \
		is=test test | gives $row_head \
		imp,1,0,0,10,0,5,640,2000,0,NaN,40,61.5,NaN,none
	# Epoch 2 of epochs of ten iterations, which the log does not show.
	program row method=imp round=1 is=search from=2 late is=retrain late \
		is=test test | gives $row_head \
		imp,1,0,0,20,0,40,640,2000,0,NaN,60,61.5,NaN,none
}

@test "row.awk: the best validation accuracy is compared as a number" {
	local head=epoch,iteration,presentations,macs,val_acc
	log_tables
	table $head 1,1,1,1,9.5 2,2,2,2,10.25 3,3,3,3,NaN 4,4,4,4,8 >three
	run -0 program row method=imp round=1 is=retrain three is=test test
	[ "$(cut -f 12 <<<"${lines[1]}")" = 10.25 ]
}

@test "row.awk: a row can take over the search of another ticket" {
	log_tables
	program row method=imp round=1 is=search one is=pass cost is=test test >from
	program row method=reinit round=1 is=row from is=retrain two is=test test |
		gives $row_head reinit,1,0,0,20,50,10,640,2000,7,NaN,40,61.5,NaN,none
}

@test "claims.awk: savings in percent of IMP's iterations, points of accuracy" {
	table method,round,sparsity,test_acc,search_iterations,stop_rule,stop_epoch,mask_distance \
		dense,0,0,87.5,0,none,NaN,NaN imp,2,36,86.5,2500,none,NaN,NaN \
		prac,2,36,86,1000,eps=0.08,NaN,0.0625 random,2,36,85.5,0,none,NaN,NaN >summary
	run -0 program claims check=1 summary
	[ "${lines[0]}" = "At 36.0 % sparsity PrAC took 1000 search iterations to IMP's 2500: 60.0 % saved, 0.50 points lost." ]
	[[ ${lines[1]} = *"never fired"*"0.0625." ]]
	[ "$(grep -c ^checked: <<<"$output")" = 3 ]
	sed 's/87.5/87.49/' summary >low
	run -1 program claims check=1 low
	sed 's/86.5/86.49/; s/85.5/80/' summary >low
	run -1 program claims check=1 low
	sed 's/85.5/85.51/' summary >low
	run -1 program claims check=1 low
}

@test "wallclock.awk: seconds of each search, as shares of IMP's and of the step before" {
	table epoch,iteration,presentations,macs 1,10,320,1000 2,20,640,2000 >log
	table epoch,seconds,cpu_seconds 1,3,4 2,5,6 >time
	table images,macs 50,7 >cost
	table epoch,seconds,cpu_seconds 1,2,3 >short
	table epoch,seconds,cpu_seconds 1,4,5 >middle
	program wallclock step=imp-dense log log time step=imp-stop log middle step=samples log cost short \
		step=imp log short | cut -f 1,3- | gives \
		search,iterations,presentations,multiply_adds,seconds,cpu_seconds,of_imp_dense,of_step_before \
		imp-dense,40,1280,4000,8.0,10.0,1.000,NaN \
		imp-stop,20,640,2000,4.0,5.0,0.500,0.500 \
		samples,20,640,2007,2.0,3.0,0.250,0.250 \
		imp,20,640,2000,2.0,3.0,0.250,0.250
}

@test "cell.awk: a cell of the grid has the retraining's best, the later epoch's search" {
	table epoch,iteration,val_acc 1,10,20 2,20,50 3,30,40 >dense
	table epoch,iteration,val_acc 1,10,9 2,20,11 3,30,10 >retrain
	table name,count,kept,density total,100,20,0.2 >mask
	table samples,top1 100,12.5 >test
	head=s,v,val_acc,test_acc,density,search_iterations,retrain_iterations
	program early/cell s=1 v=3 is=mask mask is=dense dense is=retrain retrain is=test test |
		gives $head 1,3,11,12.5,0.2,30,30
	program early/cell s=2 v=0 is=mask mask is=dense dense is=retrain retrain is=test test |
		gives $head 2,0,11,12.5,0.2,20,30
	program early/cell s=2 v=dense is=dense dense is=test test |
		gives $head 2,dense,50,12.5,1,20,NaN
}

@test "checks.awk: checks add up, on top of the dense run until then" {
	table epoch,iteration,presentations,macs,val_acc 1,10,100,1000,20 2,20,200,2000,30 >dense
	table epoch,iteration,presentations,macs,val_acc 1,3,30,300,25 >a
	table epoch,iteration,presentations,macs,val_acc 1,4,40,400,35 >b
	program early/checks is=dense dense is=check lr=0.01 epoch=1 a epoch=2 b \
		lr=0.1 epoch=1 b | gives \
		epoch,lr,val_acc,dense_val_acc,iteration,presentations,macs \
		1,0.01,25,20,13,130,1300 2,0.01,35,30,27,270,2700 1,0.1,35,20,14,140,1400
}

@test "memory.awk: the last row of the log, the density of the mask" {
	table name,density conv,0.5 total,0.25 >mask
	table epoch,train_acc 1,90 2,80 >log
	table samples,top1 5,70 >learned
	program early/memory kind=oneshot epoch=20 pruned=0.75 samples=5 is=mask mask \
		is=log log is=learned learned | gives \
		kind,epoch,pruned,density,samples,learned_acc,train_acc \
		oneshot,20,0.75,0.25,5,70,80
	program early/memory kind=dense epoch=20 pruned=0 samples=5 is=log log \
		is=learned learned | tail -n 1 | gives dense,20,0,1,5,70,80
}

@test "gradual.awk: rows by kind and window, each ticket once, points below dense" {
	table method,round,sparsity,test_acc dense,0,0,90 imp,1,20,91 >a
	table method,round,sparsity,test_acc dense,0,0,90 oneshot-25,1,80,88.5 \
		gradual-25-75,11,80,89 >b
	reporting early/gradual ends='25-75=75' columns='test_acc below_dense' a b | gives \
		kind,window,end,prunings,test_acc,below_dense dense,-,NaN,0,90,0 \
		imp,1,NaN,1,91,-1 oneshot,25,25,1,88.5,1.5 gradual,25-75,75,11,89,1
}

@test "cost.awk: IMP's first round that is as sparse is the measure" {
	table kind,window,sparsity,test_acc,below_dense,work dense,-,0,90,0,1 \
		imp,7,79.03,91,-1,70 imp,8,83.22,90,0,80 imp,9,86.58,89,1,90 \
		gradual,25-75,80,89,1,20 >means
	reporting early/cost sparsity=0.8 costs=work means | gives \
		kind,window,sparsity,test_acc,below_dense,work,work_of_imp \
		imp,8,83.22,90,0,80,1 gradual,25-75,80,89,1,20,0.25
	# A rate in whole weights may end a little short of the sparsity.
	sed 's/79.03/79.995/' means >short
	reporting early/cost sparsity=0.8 costs=work short | cut -f 1,2,7 |
		gives kind,window,work_of_imp imp,7,1 gradual,25-75,0.285714285714
	sed '/^imp/d' means >without
	reporting early/cost sparsity=0.8 costs=work without | cut -f 7 |
		gives work_of_imp NaN
}

@test "stage.awk: the best validation accuracy is the first of the highest" {
	table name,count,kept total,100,84 >mask
	table epoch,iteration,presentations,macs,val_acc 1,10,100,1000,9 2,20,200,2000,10 \
		3,30,300,3000,10 4,40,400,4000,8 >log
	table samples,top1 100,61.5 >test
	table length,length_std 3.5,0.25 >length
	program search/stage network=n seed=1 stage=01 is=mask mask is=log log is=test test \
		is=length length | cut -f 1-13 | tail -n 1 |
		gives n,1,1,16,10,61.5,2,4,40,400,4000,3.5,0.25
	program search/stage network=n seed=1 stage=00 | tail -n 1 | cut -f 4-7 |
		gives 0,NaN,NaN,NaN
}

@test "gains.awk: gains over the dense stage of the same complete search" {
	table network,seed,stage,sparsity,test_acc,length n,1,0,0,50,2 n,1,1,16,55,3 \
		n,2,0,0,40,NaN n,2,1,16,50,4 n,3,0,0,10,1 n,3,1,16,90,9 >stages
	table network,seed,success n,1,1 n,2,1 >each
	# 10 % and 25 %: 17.5, deviation 15 / sqrt 2; lengths of seed 1 alone.
	reporting search/gains is=each each is=stages stages | cut -f 1-7,9,10 | gives \
		network,stage,n,sparsity,test_acc,test_acc_std,gain,length_gain,length_gain_std \
		n,0,2,0,45,7.07106781187,0,0,NaN n,1,2,16,52.5,3.53553390593,17.5,50,NaN
	reporting search/gains is=each each is=stages stages | tail -n 1 | cut -f 8 |
		gives 10.6066017178
}

@test "pairs.awk: a matrix as a row a pair" {
	table ,x/epoch-01.mask.safetensors,x/epoch-12.mask.safetensors \
		x/epoch-01.mask.safetensors,0,0.25 x/epoch-12.mask.safetensors,0.25,0 >matrix
	program report/pairs part=1 round=04 matrix | gives round,a,b,distance \
		4,1,1,0 4,1,12,0.25 4,12,1,0.25 4,12,12,0
	program report/pairs part=2 matrix | head -n 2 | gives a,b,distance x,x,0
}

@test "overlap.awk: the distances from IMP's masks, method after method" {
	table a,b,round,n,distance,distance_std imp,imp,1,2,0,0 imp,prac,1,2,0.5,0.1 \
		imp,random,1,2,0.75,0.2 prac,imp,1,2,0.5,0.1 imp,prac,2,2,0.25,0.3 >methods
	reporting report/overlap methods | gives method,round,n,distance,distance_std \
		prac,1,2,0.5,0.1 prac,2,2,0.25,0.3 random,1,2,0.75,0.2
}

@test "classes.awk: shares of a class and of the set" {
	table list,class,name,count d0,0,cat,40 d0,1,dog,60 set,0,cat,10 set,1,dog,30 >counts
	reporting report/classes counts | gives \
		class,name,d0,set_size,share_of_class,share_of_set \
		0,cat,40,10,25,25 1,dog,60,30,50,75
}

@test "watched.awk: the checks of the trainings that the rounds were pruned from" {
	mkdir -p prac/00 prac/01
	table stopped,iteration 0,40 >prac/00/stop.tsv
	table epoch,iteration,distance 1,20,0.5 2,40,0.25 >prac/00/distances.tsv
	table stopped,iteration 1,20 >prac/01/stop.tsv
	table epoch,iteration,distance 1,10,0.125 2,20,0.0625 >prac/01/distances.tsv
	mkdir prac/02
	cp prac/00/* prac/02
	table method,round,stop_rule prac,1,none 'prac,2,queue=5;eps=0.08;x' >summary
	sed 's/;/,/g' summary >commas
	reporting report/watched dir=prac zero=prac/00 commas | gives \
		round,epoch,iteration,distance,stopped,eps 0,1,20,0.5,0,0.08 \
		0,2,40,0.25,0,0.08 1,1,10,0.125,0,0.08 1,2,20,0.0625,1,0.08
}

@test "ppr.awk: where the curve stops rising, offline and online" {
	# Medians 10 20 30 40 40 40.  Offline: the first of at least 40 - 10.  Online:
	# 30 is the first above 10 + 10, no later one is above 30 + 10.
	table epoch,val_acc 1,10 2,20 3,30 4,50 5,40 6,40 7,41 >ppr
	program ppr tolerance=10 window=2 ppr | cut -f 1-5 | gives \
		rule,ticket,epoch,stopped,val_acc offline,3,7,0,30 online,3,6,1,30
	[ "$(program ppr pick=1 tolerance=10 window=9 ppr)" = 3 ]
	[ "$(program ppr pick=1 tolerance=9.99 window=9 ppr)" = 4 ]
	run -1 program ppr stop=1 tolerance=10 window=4 ppr
	run -0 program ppr stop=1 tolerance=10 window=3 ppr
	# The first check counts as far as the next ones bear it out: medians 20 20 20.
	table epoch,val_acc 1,40 2,10 3,20 4,30 >high
	program ppr tolerance=5 window=9 high | cut -f 1,2,5,6 | gives \
		rule,ticket,val_acc,median offline,1,40,20 online,NaN,NaN,NaN
	table epoch,val_acc 2,1 1,2 >unordered
	run -65 program ppr unordered
}

@test "zhugupta.awk: the cubic curve at rounded epochs" {
	# 0.8 - 0.8 (1 - k / 4)^3; epochs 0, 2.5, 5, 7.5, 10.
	program zhugupta -v first=0 -v last=10 -v steps=4 -v initial=0 -v final=0.8 |
		gives 0:0 3:0.4625 5:0.7 8:0.7875 10:0.8
	run -65 program zhugupta -v first=0 -v last=10 -v steps=11 -v initial=0 -v final=0.8
	run -65 program zhugupta -v list='5:0.5 5:0.6'
	run -65 program zhugupta -v list='5:0.5 6:0.4'
	run -65 program zhugupta -v list='5:0.5' -v epochs=4
	run -0 program zhugupta -v list='4:0.5 5:0.5' -v epochs=5
}

@test "matching.awk: within a standard deviation of IMP, within a point of dense" {
	table method,round,seed,sparsity,test_acc dense,0,1,0,90 dense,0,2,0,90 \
		imp,1,1,20,88 imp,1,2,20,90 prac,1,1,20,87.6 prac,1,2,20,87.6 >summary
	# 89 - sqrt 2 is 87.5858; 89 itself is a point below dense.
	reporting report/matching within=1 summary | gives \
		method,round,sparsity,n,test_acc,test_acc_std,imp_n,imp_acc,imp_std,threshold,matched,difference_n,difference,difference_std,dense_acc,dense_difference,within \
		imp,1,20,2,89,1.41421356237,2,89,1.41421356237,87.5857864376,NaN,2,0,0,90,-1,1 \
		prac,1,20,2,87.6,0,2,89,1.41421356237,87.5857864376,1,2,-1.4,1.41421356237,90,-2.4,0
	# Without a deviation the mean itself is to be reached, and a tie reaches it.
	table method,round,seed,sparsity,test_acc dense,0,1,0,90 imp,1,1,20,88 prac,1,1,20,88 \
		random,1,1,20,87.9 >one
	reporting report/matching within=1 one | cut -f 1,11 |
		gives method,matched imp,NaN prac,1 random,0
}

@test "savings.awk: the last round before the first failure, paired by seed" {
	table method,round,sparsity,matched,within,difference_n imp,1,20,NaN,1,0 \
		imp,2,36,NaN,1,0 imp,3,48.8,NaN,1,0 prac,1,20,1,1,2 prac,2,36,0,1,2 \
		prac,3,48.8,1,0,2 >matching
	table method,round,seed,work imp,1,1,100 imp,1,2,200 imp,2,1,200 imp,2,2,200 \
		imp,3,1,300 imp,3,2,300 prac,1,1,50 prac,1,2,150 prac,2,1,100 \
		prac,2,2,100 prac,3,1,75 prac,3,2,75 >summary
	# Round 1: 200 of 300; the seeds save 50 and 25 %, 25 / sqrt 2 apart.
	reporting report/savings costs=work is=matching matching is=summary summary | gives \
		method,criterion,rounds,round,sparsity,round_at_all,sparsity_at_all,n,work,imp_work,work_saving,work_saving_std \
		imp,dense,3,3,48.8,3,48.8,2,300,300,0,0 \
		prac,imp,3,1,20,3,48.8,2,100,150,33.3333333333,17.6776695297 \
		prac,dense,3,2,36,2,36,2,100,200,50,0 \
		prac,last,3,3,48.8,3,48.8,2,75,300,75,0
}

@test "mean.awk: means and deviations over seeds, groups in the order of numbers" {
	table method,round,seed,set_size,multiply_adds,forward_multiply_adds,test_acc \
		prac,10,1,50,1000,10,NaN prac,9,1,20,1,NaN,7 prac,10,2,100,3000,30,5 >rows
	# 50 % of 200; 3,030 multiply-adds.  The seed without a result counts nowhere.
	reporting report/mean keys='method round' d0=200 rows | gives \
		method,round,n,set_size,set_size_std,multiply_adds,multiply_adds_std,forward_multiply_adds,forward_multiply_adds_std,test_acc,test_acc_std,set_share,set_share_std,all_multiply_adds,all_multiply_adds_std \
		prac,9,1,20,NaN,1,NaN,NaN,NaN,7,NaN,10,NaN,1,NaN \
		prac,10,1,100,NaN,3000,NaN,30,NaN,5,NaN,50,NaN,3030,NaN
}

@test "sets.awk: lists beside a set count only if it is their union" {
	seq 0 9 >d0.idx
	mkdir 01 02 03
	seq 1 3 >01/set.idx && seq 1 2 >01/cet.idx && seq 2 3 >01/cep.idx
	seq 1 2 >02/set.idx && seq 1 2 >02/cet.idx && seq 9 9 >02/cep.idx
	seq 1 3 >03/set.idx && seq 1 1 >03/cet.idx && seq 2 2 >03/cep.idx
	reporting report/sets d0.idx 01/set.idx 02/set.idx 03/set.idx | gives \
		round,cet,cep,both,set_size,set_share 1,2,2,1,3,30 2,2,0,0,2,20 \
		3,NaN,NaN,NaN,3,30
}

@test "weights.awk: the decay that Eq. 5 predicts, and rates that move" {
	# Ten steps take w to 1 - 10 x 0.1 x 0.1 / (1 - 0.5) = 0.8 of it.
	table epoch,iteration,lr 1,10,0.1 2,20,0.1 >log
	table name,shape,count,mean,W_std a.weight,10x10,100,0,2 b.weight,10x10,100,0,1 \
		>epoch-0.weights.tsv
	table name,shape,count,mean,W_std a.weight,10x10,100,0,1.28 b.weight,10x10,100,0,0.8 \
		>epoch-2.weights.tsv
	table name,count,kept a.weight,100,50 b.weight,100,50 total,200,100 >epoch-0.mask.tsv
	table name,count,kept a.weight,100,40 b.weight,100,60 total,200,100 >epoch-2.mask.tsv
	weights() {
		reporting early/weights what="$1" momentum=0.5 decay=0.1 dir=. epochs='0 2' log
	}
	weights weights | cut -f 1,4,6,8-12 | gives \
		epoch,layer,W_std,rate,change,predicted,change_share,predicted_share \
		0,a,2,50,NaN,NaN,NaN,NaN 0,b,1,50,NaN,NaN,NaN,NaN \
		2,a,1.28,60,-0.72,-0.72,-18,-18 2,b,0.8,40,-0.2,-0.36,-10,-18
	# log 0.8 / log 0.64 is a half.
	weights slopes | cut -f 1-5,8-10 | gives \
		first,last,lr,iterations,layer,change,predicted,ratio \
		0,2,0.1,20,a,-0.72,-0.72,1 0,2,0.1,20,b,-0.2,-0.36,0.5
	# 10 weights of 200 go from b's account to a's.
	weights rates | gives epoch,iteration,lr,moved,from_last 0,0,NaN,NaN,5 2,20,0.1,5,0
}
