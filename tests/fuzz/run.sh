#!/bin/bash
# run.sh SECONDS [TARGET...]: libFuzzer on every target, or these, for so long
# each, $JOBS at a time.  It begins with the seeds, the corpus and the crashers,
# keeps what it finds in $BUILD/fuzzer/corpus and what fails in
# $BUILD/fuzzer/crash, and prints a row a target.
# run.sh merge [TARGET...]: put the smallest inputs that reach the same code into
# tests/fuzz/corpus, one archive a target.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=$(cd "${BUILD:-build}" && pwd) || exit 1
seconds=${1:-60}
shift
replay=$BUILD/fuzz/replay fuzz=$BUILD/fuzzer/fuzz/fuzz work=$BUILD/fuzzer
[ $# != 0 ] || mapfile -t targets < <("$replay" -l)
targets=(${targets[@]+"${targets[@]}"} "$@")
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive
export ASAN_OPTIONS=allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
shm=/tmp
[ ! -w /dev/shm ] || shm=/dev/shm
TMPDIR=$(mktemp -d "$shm/lt-fuzz-XXXXXX") || exit 1
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# first TARGET: a folder of its seeds, corpus and crashers.
first() {
	local dir=$work/first/$1
	mkdir -p "$dir" "$work/corpus/$1" "$work/crash/$1"
	cp "$work/seeds/$1"/* "$dir" 2>/dev/null
	cp "tests/fuzz/crashers/$1"-* "$dir" 2>/dev/null
	[ ! -e "tests/fuzz/corpus/$1.tar.gz" ] ||
		tar xzf "tests/fuzz/corpus/$1.tar.gz" -C "$dir"
}

# stat_of NAME LOG
stat_of() {
	sed -n "s/^stat::$1: *//p" "$2"
}

one() {
	local t=$1 log=$work/$1.log status=0 what=ok
	FUZZ_TARGET=$t "$fuzz" -max_total_time="$seconds" -timeout=10 \
		-rss_limit_mb=1200 -max_len=20000 -print_final_stats=1 \
		-artifact_prefix="$work/crash/$t/" "$work/corpus/$t" \
		"$work/first/$t" >"$log" 2>&1 || status=$?
	[ "$status" = 0 ] || what="FAILED, see $log"
	printf '%s\t%s\t%s\t%s\n' "$t" \
		"$(stat_of number_of_executed_units "$log")" \
		"$(stat_of peak_rss_mb "$log")" "$what"
	[ "$status" = 0 ]
}

# Archives of the same files are the same bytes.
merge() {
	local t=$1 dir
	dir=$(mktemp -d)
	FUZZ_TARGET=$t "$fuzz" -merge=1 -max_len=20000 "$dir" "$work/first/$t" \
		"$work/corpus/$t" >"$work/$t.log" 2>&1
	mkdir -p tests/fuzz/corpus
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 \
		--mode=644 -C "$dir" -cf - . |
		gzip -9n >"tests/fuzz/corpus/$t.tar.gz"
	printf '%s\t%s inputs\t%s bytes\n' "$t" "$(find "$dir" -type f | wc -l)" \
		"$(stat -c %s "tests/fuzz/corpus/$t.tar.gz")"
}

rm -rf "$work/seeds" "$work/first"
tests/fuzz/seeds.sh "$replay" "$work/seeds" || exit 1
for t in "${targets[@]}"; do first "$t"; done
if [ "$seconds" = merge ]; then
	for t in "${targets[@]}"; do merge "$t"; done
	exit
fi
printf 'target\truns\tpeak_MB\tresult\n' | tee "$BUILD/fuzz.tsv"
for t in "${targets[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-1}" ]; do
		wait -n
	done
	one "$t" | tee -a "$BUILD/fuzz.tsv" &
done
wait
! grep -q FAILED "$BUILD/fuzz.tsv"
