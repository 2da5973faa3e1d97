load common

# One SHA-256 of what is trained, whatever trains it: threads, kernels, code
# paths, compilers, in one piece or in several.  Every @test stands for each mode:
# activations in single (f32) and in half precision (f16), products in bf16.

# Of a sparse and a dense network after two epochs.  It changes only with a
# change of method or of the canonical net text, which must say so.
recorded() {
	case $1 in
	f32) echo e5adc595ee5b20700aa4021abae7faba62947c6c009a220eb2e14745913339d3 ;;
	f16) echo a2a58c53260c9d7be6db099668eb77d74d614d68d668deb6f23b6342cf232f5f ;;
	bf16) echo 2acf0971b384d0870c2b12003eba272abfa3f0120acaee3e573ca5549399ca0a ;;
	esac
}

# few A B: A with LT_QUICK, else B.  A sanitizer looks for errors of memory, which
# one way through the code shows as well as four; that all ways give the same bytes
# is shown without it.
few() {
	if [ "${LT_QUICK:-}" ]; then echo "$1"; else echo "$2"; fi
}

# What each mode must give, in a folder of its name.
setup_file() {
	# Two tests want the same build; those do not run with LT_QUICK.
	[ "${LT_QUICK:-}" ] || export BATS_NO_PARALLELIZE_WITHIN_FILE=true
	cd "$BATS_FILE_TMPDIR" || return 1
	everything
	everything_options
	for mode in f32 f16 bf16; do
		both
		mkdir "$mode"
		mv 1.* "$mode"
	done
}

setup() {
	lt_setup
	cp "$BATS_FILE_TMPDIR"/{set.data,0.st,m.mask} .
	everything_options
}

# train sparse|dense OUT INPUT [OPTION...]: by $TRAIN, or lt-train, in $mode.
train() {
	local mask=() kind=$1 out=$2 in=$3 how=(--store "$mode")
	[ "$mode" != bf16 ] || how=(--compute bf16)
	shift 3
	[ "$kind" = dense ] || mask=(-m m.mask)
	${PREFIX:-} "${TRAIN:-lt-train}" "${args[@]}" "${mask[@]}" "${how[@]}" \
		-o "$out" "$@" "$in"
}

both() {
	train sparse 1.sparse 0.st "$@"
	train dense 1.dense 0.st "$@"
}

# first MODE: what all others must give, here.
first() {
	mode=$1
	cp "$BATS_FILE_TMPDIR/$mode"/* .
}

# alike [OPTION...]: trained this way the bytes are those of first, by both
# code paths where there is a mask.
alike() {
	local p
	train dense x 0.st "$@" && same 1.dense x || return 1
	for p in dense sparse; do
		train sparse x 0.st --kern-path $p "$@" &&
			same 1.sparse x || return 1
	done
}

recorded_bytes() {
	local mode=$1
	both --no-history
	local found
	found=$(cat 1.sparse 1.dense | sha256sum)
	[ "$found" = "$(recorded "$1")  -" ] || {
		echo "$1: $found"
		return 1
	}
}

threads() {
	first "$1"
	train sparse x 0.st --log 1.log --events 1.ev
	for t in $(few 3 '1 2 3 7'); do
		alike --threads $t
		train sparse x 0.st --threads $t --log x.log --events x.ev
		same 1.log x.log
		same 1.ev x.ev
	done
}

# kernels MODE NAME
kernels() {
	first "$1"
	export LT_KERN=$2
	train dense x 0.st 2> err || {
		grep -qE 'processor|system|compiler' err && skip "$(sed -n '1s/^lt-train: //p' err)"
	}
	for t in $(few 3 '1 3'); do
		alike --threads "$t"
	done
}

# Each segment by other threads, kernels and code path.
segments() {
	first "$1"
	train sparse a 0.st --threads 3 --kern-path dense --to 1 --save-state s1
	LT_KERN=ref train sparse b s1 --threads 1 --kern-path sparse --to 5i \
		--save-state s2
	train sparse c s2 --threads 2 --kern-path dense
	same 1.sparse c
	LT_KERN=ref train dense a 0.st --threads 2 --to 4i --save-state s1
	train dense b s1 --threads 3
	same 1.dense b
}

# Killed when there is a state for sure, twice, and gone on with otherwise.
killed() {
	local mode=$1
	args+=(-e "$(few 10 40)")
	both
	for kind in sparse dense; do
		for t in $(few 3 '3 1'); do
			PREFIX=exec train $kind k 0.st --threads $t &
			await .k.state
			kill -KILL $!
			wait $! || true
			[ ! -e k ]
		done
		train $kind k 0.st --threads 2
		same 1.$kind k
		rm k
	done
}

# built_by COMPILER: $BUILD is what that compiler makes of the default flags.
built_by() {
	local cc rest
	read -r cc rest <"$BUILD/flags"
	[[ $rest = *' -O2 -g '* && $rest != *-fsanitize* ]] &&
		[ "$("$cc" --version | sed '1s/^[^ ]* //;q')" = \
			"$("$1" --version | sed '1s/^[^ ]* //;q')" ]
}

# compiled MODE NAME MAKE-OPTION...: another build, all its kernels.
compiled() {
	local name=$2
	first "$1"
	shift 2
	if [ "$name" = gcc ] && built_by gcc; then
		OTHER=$BUILD
	else
		other "$name" lt-train -- "$@"
	fi
	TRAIN=$OTHER/lt-train
	for k in ref v3 v4 neon; do
		LT_KERN=$k train dense x 0.st 2> err || {
			grep -q processor err
			continue
		}
		same 1.dense x
		LT_KERN=$k train sparse x 0.st
		same 1.sparse x
	done
}

need_compiler() {
	long_test
	command -v "$1" > /dev/null || skip "$1 is not installed"
	echo 'int main(void) { return 0; }' > t.c
	"$1" -fopenmp -o t t.c || skip "$1 has no OpenMP library"
}

@test 'f32: the bytes are those that were recorded' {
	recorded_bytes f32
}

@test 'f16: the bytes are those that were recorded' {
	recorded_bytes f16
}

@test 'bf16: the bytes are those that were recorded' {
	recorded_bytes bf16
}

@test 'f32: any number of threads' {
	threads f32
}

@test 'f16: any number of threads' {
	threads f16
}

@test 'bf16: any number of threads' {
	threads bf16
}

@test 'f32: scalar kernels' {
	kernels f32 ref
}

@test 'f16: scalar kernels' {
	kernels f16 ref
}

@test 'bf16: scalar kernels' {
	kernels bf16 ref
}

@test 'f32: AVX2 kernels' {
	kernels f32 v3
}

@test 'f16: AVX2 kernels' {
	kernels f16 v3
}

@test 'bf16: AVX2 kernels' {
	kernels bf16 v3
}

@test 'f32: AVX-512 kernels' {
	kernels f32 v4
}

@test 'f16: AVX-512 kernels' {
	kernels f16 v4
}

@test 'bf16: AVX-512 kernels' {
	kernels bf16 v4
}

@test 'bf16: tiles in plain C' {
	kernels bf16 tiles
}

@test 'bf16: tiles in AMX' {
	kernels bf16 amx
}

@test 'f32: segments, each trained otherwise' {
	segments f32
}

@test 'f16: segments, each trained otherwise' {
	segments f16
}

@test 'bf16: segments, each trained otherwise' {
	segments bf16
}

@test 'f32: killed, it goes on' {
	killed f32
}

@test 'f16: killed, it goes on' {
	killed f16
}

@test 'bf16: killed, it goes on' {
	killed bf16
}

@test "f32: gcc's kernels" {
	need_compiler gcc
	compiled f32 gcc CC=gcc
}

@test "f16: gcc's kernels" {
	need_compiler gcc
	compiled f16 gcc CC=gcc
}

@test "bf16: gcc's kernels" {
	need_compiler gcc
	compiled bf16 gcc CC=gcc
}

@test "f32: clang's kernels" {
	need_compiler clang
	compiled f32 clang CC=clang DEVELOPER=1
}

@test "f16: clang's kernels" {
	need_compiler clang
	compiled f16 clang CC=clang DEVELOPER=1
}

@test "bf16: clang's kernels" {
	need_compiler clang
	compiled bf16 clang CC=clang DEVELOPER=1
}

@test 'f32: without optimization' {
	long_test
	compiled f32 plain CFLAGS=-O0 KERN_OPT=-O0
}

@test 'f16: without optimization' {
	long_test
	compiled f16 plain CFLAGS=-O0 KERN_OPT=-O0
}

@test 'bf16: without optimization' {
	long_test
	compiled bf16 plain CFLAGS=-O0 KERN_OPT=-O0
}
