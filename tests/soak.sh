#!/bin/bash
# The random tests for $LENGTH seconds each, then the fuzzer on every target; a
# table of what they found goes to $BUILD/soak.md and standard output.
set -u
cd "$(dirname "$0")/.." || exit 1
# As given: make finds what depends on a header under that name alone.
build=${BUILD:-build}
BUILD=$(cd "$build" && pwd) || exit 1
export BUILD LT_SOAK=${LENGTH:-60}
rm -f "$BUILD/soak.tsv"
failed=0
JOBS=1 tests/check.sh tests/{hostile,faults,kills,disk,anywhere,slurm}.bats || failed=1
rows() {
	printf '| test | size | result |\n|---|---|---|\n'
	[ ! -e "$BUILD/soak.tsv" ] ||
		sed 's/\t/ | /g; s/^/| /; s/$/ |/' "$BUILD/soak.tsv"
	awk -F '\t' 'NR > 1 {
		printf "| fuzz: %s | %d inputs, %d MB | %s |\n", $1, $2, $3, $4
	}' "$BUILD/fuzz.tsv"
}
rm -f "$BUILD/fuzz.tsv"
${MAKE:-make} -s --no-print-directory BUILD="$build" fuzz SECONDS="$LT_SOAK" ||
	failed=1
{
	rows
	printf '\nProcessor: %s, %s threads; %s seconds a test.\n' \
		"$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
		"$(nproc)" "$LT_SOAK"
} | tee "$BUILD/soak.md"
exit $failed
