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
	local want=$1 text=$2 count=1
	shift 2
	run "-$want" --separate-stderr "$@"
	[ "$want" != 2 ] || count=2
	[ -z "$output" ] || { echo "unexpected output: $output" >&2; return 1; }
	# shellcheck disable=SC2154
	if [ "${#stderr_lines[@]}" != "$count" ] ||
		[[ ${stderr_lines[0]} != lt-*": "* ]] ||
		[[ ${stderr_lines[0]} != *"$text"* ]]; then
		echo "expected $count line(s) with: $text" >&2
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

# await FILE: wait until it is there and not empty, for 20 seconds at most.
await() {
	for _ in {1..2000}; do
		[ ! -s "$1" ] || return 0
		sleep 0.01
	done
	echo "no $1" >&2
	return 1
}

# need PROGRAM...: skip the test where one of them is missing.
need() {
	local p
	for p in "$@"; do
		command -v "$p" >/dev/null || skip "$p is not installed"
	done
}

# by_hand ARGUMENT...: Python with tests/tensors.py.
by_hand() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/tests python3 "$@"
}

# LT_QUICK=1 (sanitizer builds in CI) leaves out what only takes long.
long_test() {
	[ -z "${LT_QUICK:-}" ] || skip 'LT_QUICK is set'
}

# Limits on memory (ulimit -v) mean nothing to a sanitizer, which maps terabytes.
need_no_sanitizer() {
	! grep -qe -fsanitize "$BUILD/flags" || skip 'a sanitizer build'
}

# other NAME PROGRAM... -- MAKE-OPTION...: PROGRAMs ("lt-train", "unit/engine_test")
# of another build, kept for later runs, in $OTHER.
other() {
	local p=() name=$1
	shift
	OTHER=$BUILD/other/$name
	while [ "$1" != -- ]; do
		p+=("$OTHER/$1")
		shift
	done
	shift
	# A folder $BUILD/clang is no compiler.
	PATH=${PATH//"$BUILD:"/} make -s -C "$ROOT" BUILD="$OTHER" SANITIZE= \
		DEVELOPER= "$@" "${p[@]}" >&2
}

# everything: set.data, 100 images in 4 classes; 0.st, a network of every
# operator, 0.6 M multiply-adds; m.mask, which keeps a fifth of it.
everything() {
	synth set 100 4 3x8x8
	cat > n.net <<-'END'
	net everything
	input 3 8 8
	c1 = conv input 16 k3 p1
	b1 = bn c1
	r1 = relu b1
	m1 = maxpool r1 k3 s1 p1
	c2 = conv m1 16 k3 p1
	b2 = bn c2
	g2 = conv b2 16 k3 p1 g16
	h2 = bn g2
	a2 = add h2 r1
	r2 = relu a2
	c3 = conv r2 20 k3 s2 p1
	b3 = bn c3
	s3 = padch r2 20 s2
	a3 = add b3 s3
	r3 = relu a3
	c4 = conv r3 6 k5 p2 g2 bias
	k4 = conv r3 4 k1
	j4 = concat c4 k4 r3
	p4 = avgpool j4 k2 s1
	d4 = dropout p4 0.3
	f5 = linear d4 16 bias
	r5 = relu f5
	f6 = linear r5 4 bias
	output f6
	END
	lt-init --seed 1 -o 0.st ./n.net
	lt-prune -r 0.8 --method magnitude-layer -o m.mask 0.st
}

# The options of a short training on it, in args.
everything_options() {
	args=(-q -d set.data -e 2 --milestones 1 -b 40 --lr 0.05 --seed 1
		--augment crop-flip --crop-pad 1 --val-data set.data)
}

# need_module MODULE PACKAGE: a Python that has the module, in PYTHON, or skip.
# Finding PyTorch takes a tenth of a second, an import two.
need_module() {
	local p found="import importlib.util as u; assert u.find_spec('$1')"
	for p in ${PYTHON:-python3 /usr/bin/python3}; do
		if "$p" -c "$found" 2>/dev/null; then
			PYTHON=$p
			return
		fi
	done
	skip "$2 is not installed"
}

# A Python that has PyTorch, or skip.
need_torch() {
	need_module torch python3-torch
}

# examples PAGE: run the "$ command" lines in the literal blocks of the page's
# EXAMPLES, here; lines that follow a command are its expected output (none:
# only its success counts).  PAGE is a tool or has its section, "lt-mask.5".
examples() {
	local line command='' want='' ran=0 page=$ROOT/man/$1
	[ -e "$page" ] || page+=.1
	while IFS= read -r line; do
		case $line in
		'$ '*)
			example "$command" "$want" || return 1
			command=${line#'$ '} want=''
			ran=$((ran + 1))
			;;
		*) want+=$line$'\n' ;;
		esac
	done < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/{
		/^\.Bd -literal/,/^\.Ed/{
			/^\.[BE]d/d
			s/\\-/-/g
			s/\\e/\\/g
			s/\\&//g
			p
		}
	}' "$page")
	example "$command" "$want" || return 1
	[ "$ran" -gt 0 ] || { echo "no example in $page" >&2; return 1; }
}

example() {
	local found
	[ "$1" ] || return 0
	found=$(bash -o pipefail -c "$1") || {
		echo "status $? of: $1" >&2
		return 1
	}
	[ -z "$2" ] || [ "$found" = "${2%$'\n'}" ] || {
		printf 'of: %s\nexpected:\n%sfound:\n%s\n' "$1" "$2" "$found" >&2
		return 1
	}
}

# A PNG of one generated image, with a frame of one pixel: png FILE SHAPE.
png() {
	synth png 1 1 "$2"
	lt-data sheet -o "$1" png.data
}

# jpeg FILE: a grey JPEG of 8x8 pixels, all 128.
jpeg() {
	base64 -d >"$1" <<-'END'
	/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH
	BwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAI
	AAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAA
	AAD/2gAIAQEAAD8AP//Z
	END
}
