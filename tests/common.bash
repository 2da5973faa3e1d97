# Loaded by every .bats file with "load common".  Each test starts in an empty
# directory of its own; programs come from $BUILD (default: build).
bats_require_minimum_version 1.5.0

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(cd "$ROOT" && cd "${BUILD:-build}" && pwd)
export ROOT BUILD PATH="$BUILD:$PATH"
export LC_ALL=C OMP_WAIT_POLICY=passive

# A file with its own setup() calls this first.
lt_setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

setup() {
	lt_setup
}

# synth NAME COUNT [CLASSES [CxHxW [OPTION...]]]: write NAME.data.
synth() {
	local name=$1 count=$2 classes=${3:-4} shape=${4:-1x8x8}
	shift $(($# < 4 ? $# : 4))
	lt-data synth -q -o "$name.data" --count "$count" \
		--classes "$classes" --shape "$shape" --seed 1 "$@"
}

# idx N...: an index list on standard output.
idx() {
	[ $# = 0 ] || printf '%07d\n' "$@"
}

# events "EPOCH INDEX CORRECT"...: an event table on standard output.
events() {
	printf 'epoch\tindex\tcorrect\n'
	[ $# = 0 ] || printf '%s\n' "$@" | tr ' ' '\t'
}

# refuses STATUS TEXT COMMAND...: COMMAND ends with STATUS, says nothing on
# standard output and on stderr one line "lt-...: ..." that contains TEXT (a
# usage error adds the hint at --help).
refuses() {
	local status=$1 text=$2 lines=1
	shift 2
	run "-$status" --separate-stderr "$@"
	[ "$status" != 2 ] || lines=2
	[ -z "$output" ] || { echo "unexpected output: $output" >&2; return 1; }
	# shellcheck disable=SC2154
	if [ "${#stderr_lines[@]}" != $lines ] ||
		[[ ${stderr_lines[0]} != lt-*": "* ]] ||
		[[ ${stderr_lines[0]} != *"$text"* ]]; then
		echo "expected $lines line(s) with: $text" >&2
		echo "found: $stderr" >&2
		return 1
	fi
}

# no_strays [DIRECTORY]: no unfinished output is left.
no_strays() {
	local found
	found=$(find "${1:-.}" -name '.*.part*')
	[ -z "$found" ] || { echo "left behind: $found" >&2; return 1; }
}

# same FILE FILE...: equal bytes.
same() {
	local first=$1 f
	shift
	for f in "$@"; do cmp "$first" "$f" || return 1; done
}

# LT_QUICK=1 (sanitizer builds in CI) leaves out what only takes long.
long_test() {
	[ -z "${LT_QUICK:-}" ] || skip 'LT_QUICK is set'
}

# A Python that has PyTorch, or skip.
need_torch() {
	local p
	for p in ${PYTHON:-python3 /usr/bin/python3}; do
		if "$p" -c 'import torch' 2>/dev/null; then
			PYTHON=$p
			return
		fi
	done
	skip 'python3-torch is not installed'
}
