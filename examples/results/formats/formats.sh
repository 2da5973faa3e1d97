#!/bin/sh
# Do the two half-precision modes train as well as float32?  resnet20 and mobilenetv1
# on the first 10,000 images of CIFAR-10, dense and with 10 % of the weights, which are
# the largest of the dense float32 training.
#
#	formats.sh [SEED...]	the seeds, 1 2 3 without any; networks that are there are kept
#
# Run it where CIFAR-10's binary version lies unpacked.  It makes accuracy.tsv, mean.tsv
# and differences.tsv, of which lt-page makes the page here:
#
#	lt-page -d . -o README.md page.md
#
# THREADS=N sets the threads of a training.
set -eu
[ $# -gt 0 ] || set -- 1 2 3
half='f16 bf16'

option() {
	case $1 in
	f32) ;;
	f16) echo --store f16 ;;
	bf16) echo --compute bf16 ;;
	esac
}

# train NETWORK SEED dense|ticket FORMAT: a checkpoint and its log, named by these
train() {
	name=$1.$2.$3.$4
	[ ! -s "$name.st" ] || return 0
	case $1 in
	resnet20) schedule='-e 13 --milestones 10' ;;
	mobilenetv1) schedule='-e 3 --milestones 2' ;;
	esac
	[ "$3" = dense ] || schedule="$schedule -m $1.$2.mask"
	lt-train -q --threads "${THREADS:-1}" --seed "$2" $(option "$4") -d train.data -i d0.idx \
		-b 64 --lr 0.05 --augment none $schedule --log "$name.tsv" -o "$name.st" "$1.$2.init"
}

# result NETWORK SEED dense|ticket FORMAT: a row of accuracy.tsv
result() {
	name=$1.$2.$3.$4
	compute=$(option "$4")
	printf '%s\t' "$1" "$2" "$3" "$4" "$(tail -n 1 "$name.tsv" | cut -f 5)"
	lt-eval ${compute#--store f16} -d test.data "$name.st" | tail -n 1 | cut -f 3
}

[ -s train.data ] || lt-data pack -q -o train.data --split train cifar-10-batches-bin
[ -s test.data ] || lt-data pack -q -o test.data --stats train.data --split test cifar-10-batches-bin
seq -f %07.0f 0 9999 >d0.idx
for net in resnet20 mobilenetv1; do
	for seed; do
		[ -s $net.$seed.init ] || lt-init --seed "$seed" -o $net.$seed.init $net
		train $net "$seed" dense f32
		lt-prune -q -s 0.9 -o $net.$seed.mask $net.$seed.dense.f32.st
		for format in $half; do train $net "$seed" dense $format; done
		for format in f32 $half; do train $net "$seed" ticket $format; done
	done
done
{
	printf 'network\tseed\tmask\tformat\ttrain_acc\ttest_acc\n'
	for net in resnet20 mobilenetv1; do
		for seed; do
			for mask in dense ticket; do
				for format in f32 $half; do result $net "$seed" $mask $format; done
			done
		done
	done
} >accuracy.tsv
lt-score mean --key network --key mask --key format accuracy.tsv >mean.tsv
for net in resnet20 mobilenetv1; do
	for mask in dense ticket; do
		for format in $half; do echo --pair $net/$mask/$format=$net/$mask/f32; done
	done
done | xargs lt-score differences --key network --key mask --key format accuracy.tsv >differences.tsv
