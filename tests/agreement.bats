# The engine against PyTorch, from the same checkpoint and data: tests/torch.
# Quick: not run; same-bytes.bats shows that another build computes the same.

load common

setup() {
	need_torch
	lt_setup
}

# agrees [--bf16] CHECKPOINT DATA GRADS SMALL STEPS BATCH [MASK]
agrees() {
	local how=()
	[ "$1" != --bf16 ] || { how=(--bf16); shift; }
	"$PYTHON" "$ROOT/tests/torch/agree.py" "${how[@]}" "$BUILD/torch/dump" "$@"
}

@test 'lenet5 computes what PyTorch computes' {
	synth d 2560 10 1x28x28
	lt-init -o a.safetensors --seed 1 lenet5
	agrees a.safetensors d.data 7 20 20 128
}

@test 'in bf16 the errors are at most those of PyTorch in bfloat16 autocast' {
	synth d 320 10 1x28x28
	lt-init -o a.safetensors --seed 1 lenet5
	agrees --bf16 a.safetensors d.data 7 20 0 128
}

@test 'resnet20 in bf16, dense and under a mask, has errors of at most autocast' {
	long_test
	synth r 48 10 3x32x32
	lt-init -o r.safetensors --seed 1 resnet20
	lt-prune -o m.safetensors --sparsity 0.9 --exclude first r.safetensors
	agrees --bf16 r.safetensors r.data 3 16 0 16
	agrees --bf16 r.safetensors r.data 3 16 0 16 m.safetensors
}

@test 'resnet20 with shortcuts A computes what PyTorch computes' {
	synth d 400 10 3x32x32
	lt-init -o a.safetensors --seed 1 resnet20
	agrees a.safetensors d.data 7 4 20 20
}

@test 'resnet20 with shortcuts B computes what PyTorch computes' {
	synth d 400 10 3x32x32
	lt-init -o a.safetensors --seed 1 --shortcut B resnet20
	agrees a.safetensors d.data 7 4 20 20
}

@test 'resnet20 under a mask computes what PyTorch computes' {
	synth d 400 10 3x32x32
	lt-init -o a.safetensors --seed 1 resnet20
	lt-prune -o m.safetensors --sparsity 0.9 --exclude first a.safetensors
	agrees a.safetensors d.data 7 4 20 20 m.safetensors
}

# Many steps of it are chaos, PyTorch's two formats end half the way apart: here
# the gradients say most.
@test 'vgg16_bn computes what PyTorch computes' {
	synth d 48 10 3x32x32
	lt-init -o a.safetensors --seed 1 vgg16_bn
	agrees a.safetensors d.data 5 2 6 8
}

# The whole set is the batch, so that the order of samples does not matter.
@test '20 steps of every optimizer are those of PyTorch' {
	synth d 60 4 1x12x12
	lt-init -o a.safetensors --input 1x12x12 --classes 4 --width 0.5 \
		--seed 2 resnet8-demo
	lt-prune -q -o m.safetensors --sparsity 0.7 a.safetensors
	for o in sgd adam adamw; do
		for mask in '' m.safetensors; do
			lt-train -q -d d.data -b 60 -e 20 --schedule constant \
				--optimizer $o --lr 0.002 --weight-decay 0.05 \
				${mask:+-m $mask} -o b.safetensors a.safetensors
			"$PYTHON" "$ROOT/tests/torch/optim.py" a.safetensors \
				b.safetensors d.data 20 $o 0.002 0.05 0 $mask
		done
	done
}

@test '20 steps with smoothed labels, and their loss, are those of PyTorch' {
	synth d 60 4 1x12x12
	lt-init -o a.safetensors --input 1x12x12 --classes 4 --width 0.5 \
		--seed 2 resnet8-demo
	lt-train -q -d d.data --val-data d.data -b 60 -e 20 --schedule constant \
		--lr 0.01 --weight-decay 0 --label-smoothing 0.2 --log log.tsv \
		-o b.safetensors a.safetensors
	"$PYTHON" "$ROOT/tests/torch/optim.py" a.safetensors b.safetensors \
		d.data 20 sgd 0.01 0 0.2 > theirs
	tail -n 1 log.tsv | cut -f 4 | paste - theirs | awk 'NR == 1 {
		d = $1 / $2 - 1; exit !(d < 1e-5 && d > -1e-5) }'
	# The loss of a validation is not smoothed.
	lt-eval -q -d d.data b.safetensors | awk 'NR == 2 { print $2 }' > plain
	tail -n 1 log.tsv | cut -f 6 | cmp - plain
}

# The teacher is another network, with batch norms and dropout.
@test '20 steps with a teacher, and their loss, are those of PyTorch' {
	synth d 60 4 1x12x12
	lt-init -o a.safetensors --input 1x12x12 --classes 4 --width 0.5 \
		--seed 2 resnet8-demo
	printf '%s\n' 'net t' 'input 1 12 12' 'c = conv input 6 k3 p1' \
		'b = bn c' 'r = relu b' 'd = dropout r 0.5' \
		'f = linear d 4 bias' 'output f' > t.net
	lt-init -q -o t0.safetensors t.net
	lt-train -q -d d.data -b 20 -e 6 --milestones 4 --lr 0.02 \
		-o t.safetensors t0.safetensors
	lt-train -q -d d.data -b 60 -e 20 --schedule constant --lr 0.01 \
		--weight-decay 0 --label-smoothing 0.2 --teacher t.safetensors \
		--teacher-share 0.8 --teacher-temperature 3 --log log.tsv \
		-o b.safetensors a.safetensors
	"$PYTHON" "$ROOT/tests/torch/optim.py" a.safetensors b.safetensors \
		d.data 20 sgd 0.01 0 0.2 --teacher t.safetensors 0.8 3 > theirs
	tail -n 1 log.tsv | cut -f 4 | paste - theirs | awk 'NR == 1 {
		d = $1 / $2 - 1; exit !(d < 1e-5 && d > -1e-5) }'
}

@test 'a state_dict that PyTorch writes is a checkpoint' {
	lt-init -o a.safetensors --seed 1 --shortcut B resnet20
	"$PYTHON" "$ROOT/tests/torch/interop.py" state a.safetensors p.safetensors
	refuses 65 'rewritten by another program' lt-info p.safetensors
	lt-info --reseal -o b.safetensors p.safetensors
	lt-prune -o am.safetensors --rate 0.5 a.safetensors
	lt-prune -o bm.safetensors --rate 0.5 b.safetensors
	lt-hamming --within 0 am.safetensors bm.safetensors
}

@test 'a mask is what torch.nn.utils.prune takes' {
	lt-init -o a.safetensors --seed 1 lenet5
	lt-prune -o m.safetensors --rate 0.5 a.safetensors
	"$PYTHON" "$ROOT/tests/torch/interop.py" prune a.safetensors \
		m.safetensors >kept
	[ "$(wc -l <kept)" = 5 ]
	awk '{ n += $2 } END { exit n != 30735 }' kept
}
