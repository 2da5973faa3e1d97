#!/bin/sh
# Do the two half-precision modes train as well as float32?  resnet20 and mobilenetv1
# on the first 10,000 images of CIFAR-10, dense and with 10 % of the weights, which are
# the largest of the dense float32 training.
#
#	formats.sh [SEED...]	the seeds, 1 2 3 without any
#
# Run it where CIFAR-10's binary version lies unpacked.  It adds to accuracy.tsv the
# trainings that this table lacks, and makes mean.tsv and differences.tsv of it: with a
# copy of the table here the study grows by seeds on any machine.  lt-page makes the page:
#
#	lt-page -d . -o README.md page.md
#
# THREADS=N sets the threads of a program; the numbers do not depend on it.
set -eu
[ $# -gt 0 ] || set -- 1 2 3

# A line for each training: network, seed, weights, format.
trainings() {
	for net in resnet20 mobilenetv1; do
		for seed; do
			printf "$net $seed %s %s\\n" dense f32 dense f16 dense bf16 \
				ticket f32 ticket f16 ticket bf16
		done
	done
}

# train NETWORK SEED WEIGHTS FORMAT: a checkpoint, its log and its accuracy, named by these
train() {
	# A ticket has the mask of the dense float32 training of its seed.
	if [ "$3" = ticket ] && [ ! -s "$1.$2.mask" ]; then
		train "$1" "$2" dense f32
		lt-prune -q -s 0.9 -o "$1.$2.mask" "$1.$2.dense.f32.st"
	fi
	name=$1.$2.$3.$4 init=$1.$2.init mask=$1.$2.mask
	case $1 in
	resnet20) schedule='-e 13 --milestones 10' ;;
	mobilenetv1) schedule='-e 3 --milestones 2' ;;
	esac
	case $4 in
	f32) store='' compute='' ;;
	f16) store='--store f16' compute='' ;;
	bf16) store='' compute='--compute bf16' ;;
	esac
	threads="--threads ${THREADS:-1}"
	[ -s "$init" ] || lt-init -q --seed "$2" -o "$init" "$1"
	[ "$3" = dense ] || schedule="$schedule -m $mask"
	# shellcheck disable=SC2086
	[ -s "$name.st" ] || lt-train -q $threads --seed "$2" $store $compute -d train.data \
		-i d0.idx -b 64 --lr 0.05 --augment none $schedule --log "$name.tsv" \
		-o "$name.st" "$init"
	# shellcheck disable=SC2086
	[ -s "$name.test.tsv" ] || lt-eval -q $threads $compute -d test.data \
		-o "$name.test.tsv" "$name.st"
}

cifar=./cifar-10-batches-bin
[ -s train.data ] || lt-data pack -q -o train.data --split train $cifar
[ -s test.data ] || lt-data pack -q -o test.data --stats train.data --split test $cifar
seq -f %07.0f 0 9999 >d0.idx
[ -s accuracy.tsv ] || printf 'network\tseed\tmask\tformat\ttrain_acc\ttest_acc\n' >accuracy.tsv
trainings "$@" | while read -r network seed weights format; do
	row=$(printf '%s\t' "$network" "$seed" "$weights" "$format")
	grep -q "^$row" accuracy.tsv && continue
	train "$network" "$seed" "$weights" "$format"
	of=$network.$seed.$weights.$format
	training=$(tail -n 1 "$of.tsv")
	test=$(tail -n 1 "$of.test.tsv")
	printf '%s%s\t%s\n' "$row" "$(echo "$training" | cut -f 5)" "$(echo "$test" | cut -f 3)" \
		>>accuracy.tsv
done
lt-score mean --key network --key mask --key format accuracy.tsv >mean.tsv
trainings 1 | while read -r net seed mask format; do
	[ "$format" = f32 ] || echo "--pair $net/$mask/$format=$net/$mask/f32"
done | xargs lt-score differences --key network --key mask --key format accuracy.tsv >differences.tsv
