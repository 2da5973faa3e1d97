#!/bin/bash
# Run every test of the build in $BUILD: unit programs, bats files, lint.  TAP
# goes to standard output and to $BUILD/check.tap; the last line counts.
# With arguments, run only these .bats files and unit programs, which may be given
# by their names alone.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=$(cd "${BUILD:-build}" && pwd) || exit 1
export BUILD PATH="$BUILD:$PATH"
export LC_ALL=C OMP_WAIT_POLICY=passive
# The makes that tests run are not parts of the make that runs the tests.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES MAKE_TERMOUT MAKE_TERMERR
# A report of a sanitizer is never mistaken for an answer.
export ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1
ASAN_OPTIONS+=:allocator_may_return_null=1
export LSAN_OPTIONS=exitcode=99
export UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
jobs=${JOBS:-1}
log=$BUILD/check.tap
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
: >"$log"

# One unit program; a death without a "not ok" is a failure of its own.
unit() {
	local name out status=0
	name=$(basename "$1")
	out=$("$1" 2>&1) || status=$?
	if ! grep -Eq '^(ok|not ok) ' <<<"$out"; then
		out+=$'\n'"not ok 1 - $name ran no test (status $status)"
	elif [ "$status" != 0 ] && ! grep -q '^not ok ' <<<"$out"; then
		out+=$'\n'"not ok 1 - $name died with status $status"
	fi
	printf '# %s\n%s\n' "$name" "$out"
}

# Files whose tests run one after another come first, so that at the end no core
# waits for one of them.
bats_files() {
	local with=() status=0 mark=BATS_NO_PARALLELIZE_WITHIN_FILE f
	if ! command -v bats >/dev/null; then
		for f in "$@"; do
			echo "ok 1 - $f # skip bats is not installed"
		done
		return
	fi
	# shellcheck disable=SC2046
	set -- $(grep -l "$mark" "$@") $(grep -L "$mark" "$@")
	if [ "$jobs" -gt 1 ] && command -v parallel >/dev/null; then
		with=(--jobs "$jobs")
	fi
	bats --tap "${with[@]}" "$@" | tee "$scratch/bats"
	status=${PIPESTATUS[0]}
	[ "$status" -le 1 ] || echo "not ok 1 - bats died with status $status"
	# Bats may end without having run all that it planned.
	[ "$(sed -n 's/^1[.][.]//p' "$scratch/bats")" = \
		"$(grep -cE '^(not )?ok ' "$scratch/bats")" ] ||
		echo 'not ok 1 - bats did not run all tests that it planned'
}

# All unit programs, $jobs at a time; what they say, in order.
units() {
	local p
	for p in tests/unit/*_test.c; do
		p=$(basename "$p" .c)
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
			wait -n
		done
		unit "$BUILD/unit/$p" >"$scratch/$p" &
	done
	wait
	cat "$scratch"/*_test
}

# LT_QUICK (sanitizers in CI) looks at the programs alone.
everything() {
	if [ "${LT_QUICK:-}" ]; then
		units
		bats_files $(grep -L '^# Quick: not run' tests/*.bats)
		return
	fi
	tests/lint.sh >"$scratch/lint" 2>&1 &
	units
	bats_files tests/*.bats
	wait
	cat "$scratch/lint"
}

# The file of a test: by its path, or by its name in tests/ or in $BUILD/unit.
named() {
	local f
	for f in "$1" "tests/$1" "$BUILD/unit/$1"; do
		[ -f "$f" ] && echo "$f" && return
	done
}

some() {
	local p f
	for p in "$@"; do
		f=$(named "$p")
		case $f in
		'') echo "not ok 1 - $p: expected a file of tests/ or a unit program, found none" ;;
		*.bats) bats_files "$f" ;;
		*) unit "$f" ;;
		esac
	done
}

if [ $# = 0 ]; then everything; else some "$@"; fi 2>&1 | tee "$log"

grep -E '^ok .*# skip' "$log" | sed 's/^ok [0-9]*/skipped:/'
passed=$(grep -E '^ok ' "$log" | grep -vc '# skip')
failed=$(grep -c '^not ok ' "$log")
[ "$failed" = 0 ] || { echo 'failed:' && grep '^not ok ' "$log"; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
