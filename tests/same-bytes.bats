load common

# One SHA-256 of a trained checkpoint, whatever compiled the programs.

setup() {
	lt_setup
	synth set 200 4 1x12x12
	lt-init --input 1x12x12 --classes 4 --width 0.5 --seed 2 \
		-o 0.st resnet8-demo
	lt-prune -r 0.6 --exclude first -o m.mask 0.st
	args=(-q -d set.data -e 3 --milestones 2 -b 48 --augment crop-flip
		-m m.mask --seed 1)
	lt-train "${args[@]}" -o 1.st 0.st
}

@test 'gcc and clang build programs that train to the same bytes' {
	long_test
	command -v gcc clang > /dev/null || skip 'gcc or clang is not installed'
	echo 'int main(void) { return 0; }' > t.c
	clang -fopenmp -o t t.c || skip 'clang has no OpenMP library'
	for cc in gcc clang; do
		other $cc lt-train -- CC=$cc
		"$OTHER/lt-train" "${args[@]}" -o $cc.st 0.st
		same 1.st $cc.st
	done
}

@test 'without optimization the programs train to the same bytes' {
	long_test
	other plain lt-train -- CFLAGS=-O0
	"$OTHER/lt-train" "${args[@]}" -o plain.st 0.st
	same 1.st plain.st
}

@test 'the bytes are those that were recorded' {
	# Data, initialization, augmentation, dense and sparse training in one
	# number: it changes only with a change of method, which must say so.
	[ "$(lt-train "${args[@]}" --no-history -o - 0.st | sha256sum)" = \
		"6b3341cad032eb239cb341bb2ad5748fb03d439936352853f2e0cb65d671a922  -" ]
}
