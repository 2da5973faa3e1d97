load common

# lt-train and the engine under ThreadSanitizer, built by clang: its OpenMP
# library comes with archer, which tells the sanitizer what barriers and regions
# order.  gcc's has none, and every barrier in it would be a false report.

# All tests want the same build.
setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
}

setup() {
	long_test
	lt_setup
	command -v clang > /dev/null || skip 'clang is not installed'
	# Two loops with a barrier between them, and a sum without any order.
	cat > loops.c <<-'END'
	static int a[999], b[999], sum;
	int main(int argc, char **argv)
	{
		(void)argv;
	#pragma omp parallel num_threads(3)
		{
	#pragma omp for schedule(static)
			for (int i = 0; i < 999; i++)
				a[i] = i;
	#pragma omp for schedule(static)
			for (int i = 0; i < 999; i++) {
				b[i] = a[998 - i];
				if (argc > 1)
					sum += b[i];
			}
		}
		return b[998] + sum < 0;
	}
	END
	clang -g -O1 -fopenmp -fsanitize=thread -o loops loops.c ||
		skip 'clang has no OpenMP or no ThreadSanitizer library'
	ARCHER_OPTIONS=verbose=1 watched ./loops > said 2>&1 || true
	! grep 'unexpected memory mapping' said ||
		skip 'ThreadSanitizer does not run on this kernel'
	grep -q 'Archer detected' said || skip 'archer is not installed'
}

# watched COMMAND...: it ends with 99 at the first report of ThreadSanitizer,
# which looks at no load and store of more than 16 bytes: no AVX.
watched() {
	local options=ignore_noninstrumented_modules=1:halt_on_error=1
	LT_KERN=ref TSAN_OPTIONS=$options:exitcode=99 "$@"
}

# Dense and sparse layers, strides, groups, biases, batch norms, pools, sums.
# The batches of 40 are three shards, the last one partly empty, for 3 threads.
prepare() {
	other tsan lt-train unit/conv_test -- CC=clang SANITIZE=thread
	synth set 150 4 3x10x10
	cat > n.net <<-'END'
	net races
	input 3 10 10
	c1 = conv input 8 k3 p1
	b1 = bn c1
	r1 = relu b1
	m1 = maxpool r1 k3 s1 p1
	c2 = conv m1 8 k3 p1 g8
	b2 = bn c2
	a2 = add b2 r1
	r2 = relu a2
	c3 = conv r2 12 k3 s2 p1
	b3 = bn c3
	s3 = padch r2 12 s2
	a3 = add b3 s3
	r3 = relu a3
	c4 = conv r3 6 k5 p2 bias
	j4 = concat c4 r3
	p4 = avgpool j4 k2 s1
	d4 = dropout p4 0.3
	f5 = linear d4 16 bias
	r5 = relu f5
	f6 = linear r5 4 bias
	output f6
	END
	lt-init --seed 1 -o 0.st ./n.net
	lt-prune -r 0.8 -o m.mask 0.st
}

train() {
	watched "$OTHER/lt-train" -q -d set.data -e 3 -b 40 --threads 3 \
		--augment crop-flip --val-data set.data "$@"
}

@test 'ThreadSanitizer sees a race, and no race at a barrier' {
	watched ./loops
	run -99 watched ./loops race
	[[ $output == *'data race'* ]]
}

@test 'training has no race, dense, sparse, in segments' {
	prepare
	train --kern-path dense -o 1.st 0.st
	train --kern-path sparse -m m.mask -o 2.st 0.st
	train -m m.mask --events 3.ev --stop-rate 0.2 --stop-queue 9 \
		--stop-distances 3.d --to 6i --save-state s -o 3.st 0.st
	train -m m.mask --events 3.ev --stop-rate 0.2 --stop-queue 9 \
		--stop-distances 3.d -o 3.st s
	same 2.st 3.st
}

@test 'layers of random shape have no race' {
	prepare
	LT_QUICK=1 watched "$OTHER/unit/conv_test"
}
