#!/bin/bash
# seeds.sh REPLAY DIR: first inputs for every fuzz target, DIR/TARGET/NAME, made by
# the programs on PATH.
set -eu
replay=$(realpath "$1")
mkdir -p "$2"
dir=$(cd "$2" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
for target in $("$replay" -l); do mkdir -p "$dir/$target"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# seed TARGET NAME: standard input.
seed() {
	cat >"$dir/$1/$2"
}
# two FIRST SECOND: an input of two parts.
two() {
	local n
	n=$(stat -c %s "$1")
	byte $((n & 255)) $((n >> 8))
	cat "$1" "$2"
}
# byte N...
byte() {
	local n
	for n; do
		# shellcheck disable=SC2059
		printf "\\x$(printf %02x "$n")"
	done
}
# be32 N...: four bytes each, most significant first.
be32() {
	local n
	for n; do
		byte $((n >> 24 & 255)) $((n >> 16 & 255)) $((n >> 8 & 255)) \
			$((n & 255))
	done
}
zeros() {
	head -c "$1" /dev/zero
}
# The checksum of PNG is gzip's, the other way round.
chunk() {
	local type=$1
	cat >chunk
	be32 "$(stat -c %s chunk)"
	{ printf '%s' "$type"; cat chunk; } >typed
	cat typed
	be32 $((16#$(gzip -c typed | tail -c 8 | od -An -tx4 -N 4 | tr -d ' ')))
}

# ---- safetensors
cat >t.net <<'END'
net t
input 2 5 7
c = conv input 4 k3 p1
b = bn c
r = relu b
g = gap r
f = linear g 4 bias
output f
END
lt-data synth -q --count 6 --classes 4 --shape 2x5x7 --seed 1 -o set.data
lt-init -o t.st ./t.net
lt-train -q -d set.data -e 1 -b 3 -o trained.st t.st
lt-prune -q -r 0.5 -o t.mask t.st
cat >two.net <<'END'
net two
input 1 4 4
c1 = conv input 4 k1
d1 = conv c1 4 k3 p1 g4
a1 = add d1 c1
p1 = avgpool a1 k2
f1 = linear p1 3
output f1
END
lt-init -o two.st ./two.net
foreign='{"f.weight":{"dtype":"F32","shape":[4,4],"data_offsets":[0,64]},'
foreign+='"f.bias":{"dtype":"F16","shape":[4],"data_offsets":[64,72]},'
foreign+='"b":{"dtype":"BF16","shape":[1],"data_offsets":[72,74]},'
foreign+='"d":{"dtype":"F64","shape":[],"data_offsets":[74,82]},'
foreign+='"e":{"dtype":"U32","shape":[0,4],"data_offsets":[82,82]}}'
{ byte $((${#foreign} & 255)) $((${#foreign} >> 8)); zeros 6
	printf %s "$foreign"; zeros 82; } >foreign.st
for f in t.st trained.st two.st foreign.st; do
	seed checkpoint $f <$f
done
for f in trained.st t.mask set.data foreign.st; do
	seed st $f <$f
	seed raw $f <$f
	gzip -n <$f | seed raw $f.gz
done
seed mask t.mask <t.mask
lt-prune -q -r 0.5 --layers conv -o c.mask t.st
seed mask c.mask <c.mask
seed data set.data <set.data
lt-data synth -q --count 1 --classes 2 --shape 1x1x1 --first 9 -o one.data
seed data one.data <one.data
"$replay" -s state "$dir/state"

# ---- lists and tables
# npy VERSION TYPE SHAPE: the header of an array without its magic bytes.
npy() {
	local head="{'descr': '$2', 'fortran_order': False, 'shape': $3, }"
	byte "$1" 0 $(((${#head} + 1) & 255)) $(((${#head} + 1) >> 8))
	[ "$1" = 1 ] || byte 0 0
	printf '%s\n' "$head"
}
printf '0000001\n0000005\n0000009\n' >list
seed index list <list
gzip -n <list | seed index list.gz
: | seed index empty
{ npy 1 '<i4' '(3,)'; byte 1 0 0 0 2 0 0 0 3 0 0 0; } >i4.npy
{ npy 2 '>u8' '(2,)'; be32 0 1 0 2; } >u8.npy
{ npy 3 '|u1' '(2,)'; byte 1 2; } >u1.npy
npy 1 '<i8' '(0,)' >empty.npy
for f in *.npy; do
	seed npy $f <$f
	{ printf '\x93NUMPY'; cat $f; } | seed index $f
done
printf 'epoch\tindex\tcorrect\n1\t0\t0\n1\t1\t1\n2\t0\t1\n3\t0\t0\n' >events
seed events some <events
gzip -n <events | seed events some.gz
printf 'epoch\tindex\tcorrect\n' | seed events none
lt-train -q -d set.data -e 3 -b 3 --events real.events -o x.st t.st
seed events real <real.events
seed table events <real.events
lt-forget --table -o forget.tsv real.events
seed table forget <forget.tsv
lt-eval -q -d set.data --predictions predictions.tsv -o eval.tsv t.st
seed table predictions <predictions.tsv
printf 'index\tvalue\n0\t1.5\n3\tnan\n2\tinf\n' | seed table value
{ printf 'network\tseed\tstage\tsparsity\tval_acc\ttest_acc\tlength\n'
	printf 'a\t1\t0\t0\t50\t50\t1\na\t1\t1\t20\tnan\t50\tnan\n'
	printf 'b\tx\t0\t0\t50\t50\t1\n'; } | seed table searches

# ---- pictures and sets of them
{ be32 2051 2 2 2; byte 0 1 2 3 4 5 6 7; } >images
{ be32 2049 2; byte 0 1; } >labels
gzip -n <images >images.gz
two images labels | seed idx plain
two images.gz labels | seed idx gzip
mkdir c10 c100
for i in 1 2 3 4 5; do { byte 1; zeros 3072; } >c10/data_batch_$i.bin; done
{ byte 2; zeros 3072; } >c10/test_batch.bin
printf '%s\n' airplane car bird cat deer dog frog horse ship truck \
	>c10/batches.meta.txt
for f in train test; do { byte 1 1; zeros 3072; } >c100/$f.bin; done
seq -f 'fine%g' 100 >c100/fine_label_names.txt
seq -f 'coarse%g' 20 >c100/coarse_label_names.txt
two c10/batches.meta.txt c10/test_batch.bin | seed cifar ten
two c100/fine_label_names.txt c100/train.bin | seed cifar hundred
two c100/coarse_label_names.txt c100/train.bin | seed cifar coarse
: >nothing
two nothing c100/train.bin | seed cifar unnamed
archive() {
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - "$@"
}
long=$(printf 'e%.0s' $(seq 90))
mkdir -p "$long/$long"
zeros 600 >"$long/$long/x.bin"
archive --format=ustar c100 | seed tar ustar
archive --format=gnu c10/test_batch.bin "$long" | seed tar gnu
archive --format=pax c10/test_batch.bin "$long" | seed tar pax
archive --format=ustar c10 | gzip -n | seed tar gzip
lt-data sheet -q -o rgb.png set.data
lt-data sheet -q -o grey.png one.data
for f in rgb grey; do seed png $f <$f.png; done
# picture NAME COLOUR DEPTH INTERLACE [CHUNK]...: of 1x1, the chunks are files.
picture() {
	local name=$1 c
	{ printf '\x89PNG\r\n\x1a\n'
		{ be32 1 1; byte "$3" "$2" 0 0 "$4"; } | chunk IHDR
		for c in "${@:5}"; do chunk "${c%.*}" <"$c"; done
		{ printf '\x78\x01\x01\x09\x00\xf6\xff'; zeros 9
			printf '\x00\x09\x00\x01'; } >pixels
		chunk IDAT <pixels
		chunk IEND </dev/null; } | seed png "$name"
}
byte 0 0 0 255 255 255 >PLTE.1
byte 0 >tRNS.1
printf 'a\0text' >tEXt.1
be32 45455 >gAMA.1
picture palette 3 1 0 PLTE.1 tRNS.1
picture alpha 6 16 0
picture interlaced 0 8 1 tEXt.1 gAMA.1
base64 -d >grey.jpg <<'END'
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoM
DAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIAAgBAREA/8QAFAAB
AAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z
END
seed jpeg grey <grey.jpg
printf 'v0.png\tn1\t0\t0\t1\t1\nv1.png\tn2\t0\t0\t1\t1\n' >annotations
printf 'n1\nn2\n' >wnids
two annotations wnids | seed tree tiny

# ---- texts
for net in lenet5 resnet8-demo vgg11_bn mobilenetv1 efficientnet_b0 pnasnet_b; do
	lt-init -p $net | seed net $net
done
seed net t <t.net
seed net two <two.net
seed net branches <"$root/examples/two-branches.net"
n=0
for setting in EPOCHS=5 MILESTONES=3,4 prac.CRITERION=lamp "PACK=--size 64" LR=x \
	"ENVIRONMENT=SEED OUT" TICKETS=all; do
	n=$((n + 1))
	printf %s "$setting" >given
	two "$root/pipelines/settings.mk" given | seed makefile settings-$n
done
printf 'SOURCE=LR=1 B=2' >given
printf '%s\n' 'define x' 'endef' 'A := 1' $'LR ?= 0.1#\t[real >0 <=B by search]' \
	$'B ?= 2#\t[whole]' $'SOURCE ?=#\t[settings]' 'include $(x)none.mk' \
	$'P ?=#\t[nothing or prunings, a, windows or criterion]' >small.mk
two small.mk given | seed makefile small
for target in index events table net png jpeg; do
	for f in "$dir/$target"/*; do
		seed info "$target-${f##*/}" <"$f"
	done
done
n=0
for value in 12 -1 1e400 0x10 nan 3x32x32 1,5,20 500i 0.5,0.5,0.5 ' 1' 1.5e-5 \
	18446744073709551616 32x32 ./a.net; do
	n=$((n + 1))
	printf %s "$value" | seed value $n
done
