# What the tests share that run long in "make soak" and a sample in "make check".
# LT_SOAK is the number of seconds for each of them, or empty.
load common

# amount SAMPLE ALL: SAMPLE in "make check", fewer with LT_QUICK, ALL in "make soak".
amount() {
	if [ "${LT_SOAK:-}" ]; then
		echo "$2"
	elif [ "${LT_QUICK:-}" ] && [ "$1" -gt 1 ] 2>/dev/null; then
		echo $((($1 + 2) / 3))
	else
		echo "$1"
	fi
}

# every N SECONDS: each Nth case in "make check", fewer with LT_QUICK; in "make
# soak" as many as there is time for, evenly, when all take so many seconds.
every() {
	if [ "${LT_SOAK:-}" ]; then
		echo $((1 + $2 / LT_SOAK))
	else
		echo $(($1 * (1 + 0${LT_QUICK:+2})))
	fi
}

# A time to stop at: soak has LT_SOAK seconds from now, a sample ends by itself.
begin() {
	SECONDS=0
}
time_left() {
	[ -z "${LT_SOAK:-}" ] || ((SECONDS < LT_SOAK))
}

# soaked SIZE RESULT: a row of the table that "make soak" prints.
soaked() {
	echo "# $1: $2"
	[ -z "${LT_SOAK:-}" ] || printf '%s\t%s\t%s\n' \
		"$BATS_TEST_DESCRIPTION" "$1" "$2" >>"$BUILD/soak.tsv"
}

# Folders in memory, where there is one: thousands of them on a disk take long.
quick_folder() {
	local shm=/dev/shm
	[ -d $shm ] && [ -w $shm ] || shm=$BATS_TEST_TMPDIR
	FOLDER=$(mktemp -d "$shm/lt-test-XXXXXX")
	cd "$FOLDER" || return 1
}
setup() {
	quick_folder
}
teardown() {
	cd / && rm -rf "$FOLDER"
}

# once COMMAND...: a case for judge.
once() {
	printf '%s\0' $# "$@"
}

# judge OPTION...: the cases on standard input, all processors; prints its last
# line, or fails with all that it said.
judge() {
	local memory=()
	grep -qe -fsanitize "$BUILD/flags" || memory=(-m 1500000)
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:max_allocation_size_mb=1500 \
		TMPDIR=$PWD OMP_NUM_THREADS=2 "$BUILD/hostile/judge" -j "$(nproc)" \
		-u "${LT_SOAK:-0}" "${memory[@]}" "$@" >judged ||
		{ head -n 60 judged >&2; tail -n 1 judged >&2; return 1; }
	soaked "$(sed -n '$s/, .*//p' judged)" \
		"$(sed -n '$s/^[^,]*, //p' judged)"
}

# A set of 45 images, a network for them, a mask, and what tools make of them.
small_files() {
	cat >t.net <<-'END'
	net t
	input 2 5 7
	c = conv input 4 k3 p1
	b = bn c
	r = relu b
	g = gap r
	f = linear g 4 bias
	output f
	END
	lt-data synth -q --count 45 --classes 4 --shape 2x5x7 --seed 1 -o set.data
	lt-init --seed 1 -o t.st ./t.net
	lt-prune -q -r 0.5 --layers conv -o t.mask t.st
	idx 1 3 8 20 >a.idx
	events '1 0 0' '1 1 1' '2 0 1' '3 0 0' >e.ev
	printf 'index\tvalue\n0\t1.5\n3\t2\n2\tinf\n' >value.tsv
	{ printf 'network\tseed\tstage\tsparsity\tval_acc\ttest_acc\n'
		printf 'a\t1\t0\t0\t50\t50\na\t1\t1\t20\t50\t51\n'; } >score.tsv
	printf 'EPOCHS ?= 5#\t[whole >0 by search] how long\n' >small.mk
	mkdir -p set/a set/b
	png set/a/1.png 3x4x4
	cp set/a/1.png set/b/2.png
	rm png.data
}
