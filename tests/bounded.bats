# Little input takes little memory and no disk, whatever it claims to hold.
load common

# Compressed text of 112 MB: its beginning, and a line that is repeated (2, 4 or 14
# bytes with its end).
bomb() {
	{ printf "$1"; yes "$2" | head -c 112000000; } | gzip -1
}

# small COMMAND...: under a ceiling of 128 MB of address space.
small() {
	(ulimit -v 131072 && "$@")
}

setup() {
	lt_setup
	need_no_sanitizer
	export OMP_NUM_THREADS=1
}

@test "a list that repeats a sample is refused as soon as that is seen" {
	bomb '' 7 >i.gz
	refuses 65 'i.gz: index 7 occurs twice' small lt-subset union -o x i.gz
	refuses 65 'i.gz: index 7 occurs twice' small lt-info i.gz
	{
		printf '\x93NUMPY\x01\x00\x3e\x00'
		printf "{'descr': '|u1', 'fortran_order': False, 'shape': (150000000,)}"
		head -c 150000000 /dev/zero
	} | gzip -1 >n.gz
	refuses 65 'index 0 occurs twice' small lt-subset union -o x n.gz
	synth d 10 2 1x8x8
	refuses 65 'expected at most 16777216 indices' \
		small lt-data sheet -o x.png --index i.gz d.data
	# A long list is whole, sorted or not.
	seq 0 999999 >sorted
	{ seq 500000 999999; seq 0 499999; } >mixed
	small lt-subset union -o a sorted
	small lt-subset union -o b mixed
	same a b
	[ "$(wc -l <a)" = 1000000 ]
	{ seq 0 999999; echo 0; } >twice
	refuses 65 'index 0 occurs twice' lt-subset union -o x twice
	[ ! -e x ]
}

@test "tables take memory for their samples, not for their rows" {
	bomb 'index\tx\n' "$(printf '3\t1')" >t.gz
	refuses 65 'index 3 occurs twice' \
		small lt-subset top --column x --size 1 -o x t.gz
	bomb 'network\tseed\tstage\tsparsity\tval_acc\ttest_acc\n' \
		"$(printf 'a\t1\t0\t0\t50\t50')" >s.gz
	small lt-score networks -o s.tsv s.gz
	# Tables that are held whole have at most so many cells.
	larger() { (ulimit -v 524288 && "$@"); }
	refuses 65 't.gz: expected at most 16777216 cells' \
		larger lt-score mean --key x -o x t.gz
	[ "$(wc -l <s.tsv)" -ge 2 ]
	{
		printf 'network\tseed\tstage\tsparsity\tval_acc\ttest_acc\n'
		printf '%0256d\t1\t0\t0\t50\t50\n' 0
	} >n.tsv
	refuses 65 'a name of at most 255 bytes' lt-score networks -o x n.tsv
	# A row without an end.
	{ printf 'index\tx\n'; head -c 150000000 /dev/zero | tr '\0' 1; } |
		gzip -1 >r.gz
	refuses 65 'longer than' small lt-subset top --column x --size 1 -o x r.gz
	refuses 65 'longer than' small lt-info r.gz
}

# Ten samples, a million passes each.
@test "lt-info counts the samples of events, whatever the rows" {
	{
		printf 'epoch\tindex\tcorrect\n'
		awk 'BEGIN { for (e = 1; e <= 1000000; e++)
			for (i = 0; i < 10; i++)
				print e "\t" 3 * i "\t" (i % 2) * (e % 2) }'
	} | gzip -1 >e.gz
	small lt-info e.gz >f
	printf 'kind\tevents\nrows\t10000000\nsamples\t10\nnever_learned\t5\nfirst_epoch\t1\nlast_epoch\t1000000\n' |
		diff - f
	gzip -dc e.gz | small lt-info - | diff - f
	# Many samples, in falling and in rising order.
	{
		printf 'epoch\tindex\tcorrect\n'
		seq -f '1\t%.0f\t0' 0 2 199998 | sed 's/\\t/\t/g'
		seq -f '2\t%.0f\t1' 0 3 299997 | sed 's/\\t/\t/g'
	} >e
	# Multiples of 2 below 200000, of 3 below 300000; both: of 6 below 200000.
	lt-info e | grep -qx "samples	$((100000 + 100000 - 33334))"
	lt-info e | grep -qx "never_learned	$((100000 - 33334))"
}

@test "lt-info refuses devices and endless pipes, and copies none of them" {
	local before
	mkdir tmp
	export TMPDIR=$PWD/tmp
	refuses 65 '/dev/zero: is a device' lt-info /dev/zero
	refuses 65 'standard input: is a device' bash -c 'lt-info - </dev/urandom'
	refuses 65 'is a device' lt-info --check /dev/null
	# The ceiling on files (512-byte blocks) ends a copy that goes on.
	limited() { (ulimit -f 4096 && small "$@"); }
	refuses 65 'unknown kind of file' limited lt-info <(cat /dev/zero)
	refuses 65 'occurs twice' limited lt-info <(yes 5)
	refuses 65 'follows epoch 1 index 2' limited lt-info <(printf 'epoch\tindex\tcorrect\n'; yes $'1\t2\t1')
	refuses 65 'longer than' limited lt-info <(printf 'a\tb\n'; cat /dev/zero | tr '\0' x)
	refuses 65 'too long' limited lt-info <(lt-init -o - lenet-300-100; yes)
	refuses 65 'too long' limited lt-info <(printf 'net x\n'; yes '# more')
	# Counted to its end without a copy.
	{ printf 'a\tb\n'; yes $'1\t2' | head -n 20000000; } | limited lt-info - |
		grep -qx 'rows	20000000'
	lt-init -o l.st lenet-300-100
	cat l.st | lt-info - | diff - <(lt-info l.st)
}

# foreign BYTES: the beginning of safetensors from elsewhere, up to its data.
foreign() {
	python3 -c '
import json, struct, sys
n = int(sys.argv[1])
h = json.dumps({"w": {"dtype": "F32", "shape": [n // 4], "data_offsets": [0, n]}})
sys.stdout.buffer.write(struct.pack("<Q", len(h)) + h.encode())' "$1"
}

@test "compressed safetensors take memory for what is there and what they claim" {
	{ foreign 4; head -c 150000000 /dev/zero; } | gzip -1 >long.gz
	refuses 65 'too long' small lt-info long.gz
	refuses 65 'too long' small lt-hamming long.gz long.gz
	{ foreign 1000000000; head -c 4000000 /dev/zero; } | gzip -1 >short.gz
	refuses 65 'truncated' small lt-info short.gz
	refuses 65 'truncated' small lt-hamming short.gz short.gz
}

# elsewhere NAME:TYPE:SHAPE...: compressed safetensors of ones (BOOL) and zeros.
elsewhere() {
	python3 -c '
import gzip, json, math, struct, sys
size = {"F32": 4, "I64": 8, "BOOL": 1}
head, at, all = {}, 0, []
for arg in sys.argv[1:]:
    name, dtype, shape = arg.split(":")
    shape = [int(n) for n in shape.split("x")]
    n = math.prod(shape) * size[dtype]
    head[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + n]}
    at += n
    all.append((bytes([dtype == "BOOL"]), n))
head = json.dumps(head).encode()
with gzip.open(sys.stdout.buffer, "wb", 1) as f:
    f.write(struct.pack("<Q", len(head)) + head)
    for byte, n in all:
        for k in range(0, n, 1 << 20):
            f.write(byte * min(n - k, 1 << 20))' "$@"
}

@test "what a network does not have takes no memory, though a file does hold it" {
	cat >tiny.net <<-END
		net tiny
		input 1 2 2
		fc = linear input 3 bias
		output fc
	END
	lt-init -o ours.st tiny.net
	local own='fc.weight:F32:3x4 fc.bias:F32:3'
	elsewhere fc.weight:F32:3x50000000 fc.bias:F32:3 >shape.gz
	refuses 65 "'fc.weight' is F32 [3,50000000], expected F32 [3,4]" \
		small lt-prune -r 0.5 --net tiny.net -o x shape.gz
	elsewhere $own big:F32:50000000 >extra.gz
	refuses 65 "tensor 'big' [50000000] does not belong to network" \
		small lt-init --from extra.gz -o x tiny.net
	# Integers beside the weights are left alone.
	elsewhere $own big:I64:30000000 >integers.gz
	small lt-init --from integers.gz -o back.st tiny.net
	# Masks, alone and beside weights.
	elsewhere fc.weight:BOOL:3x50000000 >mask.gz
	refuses 65 "'fc.weight' is [3,50000000], in ours.st [3,4]" \
		small lt-prune -r 0.5 -m mask.gz -o x ours.st
	elsewhere fc.weight_mask:BOOL:3x4 fc.weight_orig:F32:3x50000000 >both.gz
	small lt-prune -r 0.5 -m both.gz -o half.st ours.st
	lt-info --tsv half.st | grep -qx 'total	NaN	12	6	0.5'
	lt-prune -r 0.5 -o first.st ours.st
	refuses 65 "'fc.weight' has another shape in mask.gz than in first.st" \
		small lt-hamming first.st mask.gz
	[ ! -e x ]
}
