#!/usr/bin/env bats
# lt-score for ticket searches of networks, stage by stage, on tables small enough
# to work out by hand.
load common

table() {
	printf '%s\n' "$@" | tr , '\t'
}
gives() {
	diff <(table "$@") -
}

@test "stage: the best validation accuracy is the first of the highest" {
	table name,count,kept total,100,84 >mask
	table epoch,iteration,presentations,macs,val_acc 1,10,100,1000,9 2,20,200,2000,10 \
		3,30,300,3000,10 4,40,400,4000,8 >log
	table samples,top1 100,61.5 >test
	table samples,top1 100,70.5 >train
	table length,length_std 3.5,0.25 >length
	lt-score stage --network n --seed 1 --stage 01 --mask mask --retrain log --test test \
		--train train --length length | gives \
		network,seed,stage,sparsity,val_acc,test_acc,best_epoch,epochs,iterations,presentations,macs,length,length_std,train_acc \
		n,1,1,16,10,61.5,2,4,40,400,4000,3.5,0.25,70.5
	: >lost
	lt-score stage --network n --seed 2 --stage 0 --retrain lost --test lost --train lost \
		--length lost | tail -n 1 | gives n,2,0,0,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN
	lt-score stage --network n --stage 1 --retrain log --mask lost | tail -n 1 | cut -f 2-5 |
		gives 0,1,NaN,10
	refuses 2 'stage: a sparse stage needs --mask' lt-score stage --network n --stage 1 --retrain log
	refuses 2 'stage needs --network' lt-score stage --stage 0 --retrain log
}

@test "gains: gains over the dense stage of the same complete search" {
	table network,seed,stage,sparsity,val_acc,test_acc,length n,1,0,0,1,50,2 n,1,1,16,1,55,3 \
		n,2,0,0,1,40,nan n,2,1,16,1,50,4 n,3,0,0,nan,10,1 n,3,1,16,1,90,9 >stages
	# 10 % and 25 %: 17.5, deviation 15 / sqrt 2; lengths of seed 1 alone.
	lt-score gains stages | gives \
		network,stage,n,sparsity,test_acc,test_acc_std,gain,gain_std,length_gain,length_gain_std \
		n,0,2,0,45,7.07106781187,0,0,0,NaN \
		n,1,2,16,52.5,3.53553390593,17.5,10.6066017178,50,NaN
	# A search of fewer stages is not complete; with K = 1 it is.
	table n,2,2,29.44,1,60,4 >>stages
	lt-score gains stages | cut -f 2,3,7 | gives stage,n,gain 0,1,0 1,1,25 2,1,50
	lt-score gains --stages 1 stages | cut -f 2,3,7 | gives stage,n,gain 0,2,0 1,2,17.5
	# None is complete.
	sed '/^n.2/d; s/55/nan/' stages >none
	lt-score gains none | gives \
		network,stage,n,sparsity,test_acc,test_acc_std,gain,gain_std,length_gain,length_gain_std \
		n,0,0,NaN,NaN,NaN,NaN,NaN,NaN,NaN n,1,0,NaN,NaN,NaN,NaN,NaN,NaN,NaN
	# A stage of a large number takes no time.
	table network,seed,stage,sparsity,val_acc,test_acc n,1,0,0,1,50 n,1,2147483647,16,1,55 >far
	[ "$(timeout 5 lt-score gains far | cut -f 2 | paste -sd ' ')" = 'stage 0 2147483647' ]
}

@test "networks: with facts they are ordered by their size" {
	table network,parameters,weights,multiply_adds,samples big,900,9,8,7 small,90,6,5,4 >one
	table network,parameters,weights,multiply_adds,samples none,1000,1,2,3 >two
	for n in none big small other; do
		table $n,1,0,0,70,50 $n,1,1,20,70,60
	done >rows
	table network,seed,stage,sparsity,val_acc,test_acc | cat - rows >stages
	lt-score networks --facts one --facts two stages | cut -f 1-6 | gives \
		network,parameters,weights,multiply_adds,samples,searches \
		other,NaN,NaN,NaN,NaN,1 small,90,6,5,4,1 big,900,9,8,7,1 none,1000,1,2,3,1
	lt-score networks --facts one --facts two stages | sort | cut -f 1,6- |
		diff - <(lt-score networks stages | sort)
	table name,parameters n,1 >three
	refuses 65 "three: expected a column 'network', found none" \
		lt-score networks --facts three stages
	refuses 2 'searches does not take --facts' lt-score searches --facts one stages
}

@test "facts: the size of a network and of its training set" {
	# conv: 4 filters of 9 weights at 36 places; fc: 4 x 2 weights and 2 biases.
	printf '%s\n' 'net n' 'input 1 6 6' 'c = conv input 4 k3 p1' 'g = gap c' \
		'f = linear g 2 bias' 'output f' >n.net
	lt-init -q -o n.st n.net
	idx 1 2 5 >d0.idx
	lt-score facts --network name --set d0.idx n.st | gives \
		network,parameters,weights,multiply_adds,samples name,46,44,1304,3
	refuses 2 'facts needs --set' lt-score facts --network name n.st
	lt-prune -q -s 0.5 --layers conv,linear -o n.mask n.st
	refuses 65 'n.mask: expected a checkpoint that contains its network, found no lt.net' \
		lt-score facts --network name --set d0.idx n.mask
}

@test "paths: the nodes that are named, and the output" {
	table checkpoint,node,t,x,y a.st,r1,0,1,2 a.st,r2,0,3,4 a.st,fc,0,5,6 b.st,r1,0.5,7,8 \
		b.st,r2,0.5,9,10 b.st,fc,0.5,11,nan >all
	lt-score paths --network n --nodes r2 --label init=a.st --label dense=b.st all | gives \
		network,stage,node,t,x,y n,init,r2,0,3,4 n,init,fc,0,5,6 \
		n,dense,r2,0.5,9,10 n,dense,fc,0.5,11,NaN
	lt-score paths --network n --label init=a.st --label dense=b.st all | cut -f 3 |
		sort -u | gives fc node
	refuses 65 "all:7: column 'checkpoint': expected a checkpoint whose stage is given, found 'b.st'" \
		lt-score paths --network n --label init=a.st all
}
