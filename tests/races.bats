load common

# lt-train and the engine under ThreadSanitizer, built by clang: its OpenMP
# library comes with archer, which shows the sanitizer what barriers and regions
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

# Batches of 40 are three shards for 3 threads, the last one partly empty.
prepare() {
	other tsan lt-train unit/conv_test -- CC=clang SANITIZE=thread
	everything
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
