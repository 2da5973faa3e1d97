load common

# Other machines and systems.
# Quick: not run, for it compiles with other compilers.

# Two tests make programs in the same folder.
setup_file() { export BATS_NO_PARALLELIZE_WITHIN_FILE=true; }

# What a line of the Makefile compiles with.
options=(-std=c17 -fopenmp -ffp-contract=off -I"$ROOT/lib" -D_GNU_SOURCE
	-DLT_VERSION="\"$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")\"" -Wall -Wextra -Werror)

# same_training FOLDER MODE KERNELS...: what lt-train of the folder trains by each
# has the bytes of this build's.
same_training() {
	local k train=(-q -d set.data -e 1 -b 40 --lr 0.05 --seed 1 -m m.mask
		--augment crop-flip --crop-pad 1 --compute "$2")
	lt-train "${train[@]}" -o want 0.st
	for k in "${@:3}"; do
		LT_KERN=$k "$1/lt-train" "${train[@]}" -o got 0.st
		same want got
	done
}

# What lt-data and lt-train of folder p do is what those of this build do.
same_programs() {
	synth want 60 4 3x8x8
	PATH=$PWD/p:$PATH synth got 60 4 3x8x8
	same want.data got.data
	run -2 p/lt-train
	[[ $output = 'lt-train: '* ]]
	lt-data sheet -o a.png want.data
	mkdir -p tree/one tree/two
	cp a.png tree/one
	cp a.png tree/two
	lt-data pack -q -o want tree
	p/lt-data pack -q -o got tree
	same want got
	everything
	same_training "$PWD/p" f32 ''
	same_training "$PWD/p" bf16 tiles
}

@test 'a big-endian machine is refused when lt is compiled' {
	echo '#include "base/host.h"' >t.c
	cc "${options[@]}" -c t.c
	run ! cc "${options[@]}" -U__BYTE_ORDER__ \
		-D__BYTE_ORDER__=__ORDER_BIG_ENDIAN__ -c t.c
	[[ $output = *'lt needs a little-endian machine'* ]]
}

@test 'without what Linux alone has, the programs do the same' {
	need_no_sanitizer
	local f o=()
	for f in base/cli base/err base/mem source/pack; do
		cc "${options[@]}" -O2 -DLT_PORTABLE -c "$ROOT/lib/$f.c"
		o+=("${f#*/}.o")
	done
	mkdir p
	for f in data train; do
		cc -O2 "${options[@]}" -DLT_PORTABLE -o p/lt-$f "$ROOT/tools/lt-$f.c" "${o[@]}" \
			"$BUILD/liblt.a" -ljansson -lpng -ljpeg -lz -lm
	done
	same_programs
	# The images wait in a file that had a name, and has none any more.
	[ -z "$(find . -name '.lt-pack*')" ]
}

@test 'musl: all files compile, and static programs do the same' {
	need_no_sanitizer
	command -v musl-gcc >/dev/null || skip 'musl-gcc is not installed'
	local a f h libs=() o=(shim.o)
	# The libraries' headers, without those of glibc.
	mkdir other p
	for h in zlib.h zconf.h png.h pngconf.h pnglibconf.h jpeglib.h jmorecfg.h \
		jconfig.h jerror.h jansson.h jansson_config.h; do
		f=$(echo "#include <$h>" | cc -M -xc - -include stdio.h | tr ' ' '\n' |
			grep -m 1 "/$h$")
		ln -s "$f" other
	done
	for f in "$ROOT"/lib/*/*.c "$ROOT"/tools/*.c "$ROOT"/tools/*/*.c; do
		h=${f#"$ROOT/"}
		case $h in
		# No call of a library is in these: they may be shared.
		*/kern_v[34].c | */tile_*.c) o+=("$BUILD/${h%.c}.o") && continue ;;
		lib/*) o+=("$(basename "${h%.c}.o")") ;;
		esac
		musl-gcc "${options[@]}" -O1 -idirafter other -c "$f"
	done
	# The libraries themselves are Debian's for glibc.
	for a in jansson png jpeg z gomp; do
		libs+=("$(cc -print-file-name=lib$a.a)")
		[ -e "${libs[-1]}" ] || skip "lib$a.a is not installed"
	done
	musl-gcc -O1 -c -o shim.o "$ROOT/tests/musl_shim.c"
	for f in data train; do
		musl-gcc -static -no-pie -o p/lt-$f lt-$f.o "${o[@]}" \
			-Wl,--start-group "${libs[@]}" -Wl,--end-group -lm
	done
	same_programs
}

# An AArch64 with its libraries and an emulator.
need_arm64() {
	command -v aarch64-linux-gnu-gcc >/dev/null ||
		skip 'gcc-aarch64-linux-gnu is not installed'
	command -v qemu-aarch64 >/dev/null || skip 'qemu-user is not installed'
	echo 'int main(void) { return 0; }' >t.c
	aarch64-linux-gnu-gcc -fopenmp -o t t.c -ljansson -lpng -ljpeg -lz -lm &&
		qemu-aarch64 ./t || skip 'the libraries of arm64 are not installed'
}

@test 'AArch64: kernels have the bits of the reference, files and a training those of x86' {
	need_no_sanitizer
	need_arm64
	export LT_QUICK=1
	local t seed
	other arm64 lt-train lt-data lt-info unit/{kern,bf16,wino,conv,st,lists}_test \
		bench/kern_bench -- CC=aarch64-linux-gnu-gcc CFLAGS=-O2 DEVELOPER=1
	for t in lt-train lt-data lt-info; do
		printf '#!/bin/sh\nexec qemu-aarch64 %s "$@"\n' "$OTHER/$t" >$t
		chmod +x $t
	done
	./lt-info --cpu | awk -F '\t' 'NR < 2 || NR > 3 { print $1, $2 }' | xargs >rows
	[ "$(cat rows)" = 'kernels neon amx 0 v4 0 v3 0 neon 1 ref 1 tiles 1' ]
	passes() {
		qemu-aarch64 "$OTHER/unit/$1_test" "${@:2}" >tap
		! grep '^not ok' tap
	}
	for seed in 1 2 3 4 5; do
		passes wino $seed
		passes kern $seed
	done
	grep '^ok .* of neon has the reference' tap
	passes bf16
	grep '^ok .* in neon sums of blocks have the bits of exact fractions' tap
	passes conv 30 2
	passes st
	passes lists
	synth want 60 4 3x8x8
	./lt-data synth -q -o got.data --count 60 --classes 4 --shape 3x8x8 --seed 1
	same want.data got.data
	everything
	same_training "$PWD" f32 neon ref
	same_training "$PWD" bf16 neon ref tiles
	# The kernels take half of the instructions of the reference, or fewer.
	"$ROOT/tests/bench/count.sh" "$OTHER/bench/kern_bench" conv_dense/tiny/1 |
		tee count >&2
	awk 'NR > 1 && $4 < 2 { exit 1 }' count
}

@test 'AArch64: the unit programs pass' {
	need_no_sanitizer
	need_arm64
	export LT_QUICK=1
	local t all
	# These take minutes there; the test above has a part of most.
	all=$(cd "$ROOT/tests/unit" && printf '%s\n' *_test.c | sed 's/\.c$//' |
		grep -vxE '(conv|engine|exact|kern|net|wino)_test')
	# shellcheck disable=SC2086,SC2046
	other arm64 $(printf 'unit/%s ' $all) -- CC=aarch64-linux-gnu-gcc CFLAGS=-O2 DEVELOPER=1
	for t in $all; do
		echo "$t" >&2
		(cd "$ROOT" && qemu-aarch64 "$OTHER/unit/$t") >tap || { cat tap >&2 && return 1; }
		! grep '^not ok' tap || return 1
	done
}
