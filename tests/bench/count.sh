#!/bin/sh
# count.sh BENCH PART...: the instructions of one call of each PART by the reference
# and by neon, and their quotient.  BENCH is kern_bench for AArch64, which qemu-aarch64
# runs; it logs each instruction, so layers must be small.
set -eu
bench=$1
shift

# One call's are those of two calls less those of one.
logged() {
	qemu-aarch64 -singlestep -d exec,nochain -D /dev/stdout "$bench" -k "$1" -n "$2" "$3" |
		grep -c '^Trace'
}

printf 'part\tref\tneon\tquotient\n'
for part in "$@"; do
	ref=$(($(logged ref 2 "$part") - $(logged ref 1 "$part")))
	neon=$(($(logged neon 2 "$part") - $(logged neon 1 "$part")))
	printf '%s\t%d\t%d\t%d.%d\n' "$part" "$ref" "$neon" $((ref / neon)) \
		$((ref * 10 / neon % 10))
done
