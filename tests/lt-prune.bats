load common

setup() {
	lt_setup
	lt-init --seed 1 -o a.safetensors lenet5
}

kept() {
	lt-info --meta lt.kept "$1"
}

@test 'each round removes exactly its share, nested' {
	local m=() left=61470
	for r in 1 2 3 4 5; do
		lt-prune -r 0.2 "${m[@]}" -o "$r.mask" a.safetensors
		left=$(awk -v n=$left 'BEGIN { k = n * 0.2; f = int(k)
			d = k - f
			print n - f - (d > 0.5 || (d == 0.5 && f % 2)) }')
		[ "$(kept "$r.mask")" = "$left" ]
		m=(-m "$r.mask")
	done
	# Nested: what lies between two masks is just what was removed.
	[ "$(lt-hamming --norm count 1.mask 5.mask)" = \
		$(($(kept 1.mask) - $(kept 5.mask))) ]
}

@test 'rate 0 is the identity, rate 1 removes all and says so' {
	lt-prune -r 0 -o all.mask a.safetensors
	[ "$(kept all.mask)" = 61470 ]
	lt-prune -r 0.5 -o half.mask a.safetensors
	lt-prune -r 0 -m half.mask -o same.mask a.safetensors
	[ "$(lt-hamming half.mask same.mask)" = 0 ]
	run --separate-stderr lt-prune -r 1 -o none.mask a.safetensors
	[ "${#stderr_lines[@]}" = 5 ]
	[[ ${stderr_lines[0]} == *"'conv1.weight' has lost all its 150 weights"* ]]
	[ "$(kept none.mask)" = 0 ]
	run --separate-stderr lt-prune -q -r 1 -o none.mask a.safetensors
	[ -z "$stderr" ]
}

@test 'a target sparsity is met; below the mask it is refused' {
	lt-prune -s 0.9 -o a.mask a.safetensors
	[ "$(kept a.mask)" = 6147 ]
	lt-prune -s 0.95 -m a.mask -o b.mask a.safetensors
	[ "$(kept b.mask)" = 3074 ]
	refuses 2 'sparsity 0.9' lt-prune -s 0.8 -m a.mask -o c.mask a.safetensors
	[ ! -e c.mask ]
}

@test 'layers are chosen by kind and excluded by name' {
	lt-prune -r 0.5 --layers conv -o c.mask a.safetensors
	[ "$(lt-info --meta lt.total c.mask)" = 2550 ]
	lt-prune -r 0.5 --exclude first,last -o e.mask a.safetensors
	[ "$(lt-info --meta lt.total e.mask)" = $((61470 - 150 - 840)) ]
	lt-prune -r 0.5 --exclude fc1,fc2.weight -o n.mask a.safetensors
	[ "$(lt-info --meta lt.total n.mask)" = $((61470 - 48000 - 10080)) ]
	refuses 2 "no layer 'fc9'" lt-prune -r 0.5 --exclude fc9 -o x a.safetensors
	refuses 2 "not 'bn'" lt-prune -r 0.5 --layers bn -o x a.safetensors
	refuses 65 "covers 'conv1.weight'" lt-prune -r 0.5 -m c.mask \
		--exclude first -o x a.safetensors
}

@test 'magnitude by layer leaves every layer its share' {
	lt-prune -r 0.5 --method magnitude-layer -o l.mask a.safetensors
	[ "$(kept l.mask)" = 30735 ]
	lt-prune -r 0.5 -o g.mask a.safetensors
	[ "$(lt-hamming l.mask g.mask)" != 0 ]
}

@test 'random pruning depends on the seed and not on the weights' {
	lt-init --seed 2 -o b.safetensors lenet5
	lt-prune -r 0.5 --method random --seed 5 -o a.mask a.safetensors
	lt-prune -r 0.5 --method random --seed 5 -o b.mask b.safetensors
	lt-prune -r 0.5 --method random --seed 6 -o c.mask a.safetensors
	[ "$(lt-hamming a.mask b.mask)" = 0 ]
	lt-hamming c.mask a.mask | awk '{ exit !($1 > 0.48 && $1 < 0.52) }'
}

@test 'the same bytes again, whatever the threads' {
	lt-prune -r 0.3 -o a.mask a.safetensors
	lt-prune -r 0.3 --threads 3 -o b.mask a.safetensors
	same a.mask b.mask
}

@test 'a mask of another network is refused, naming both' {
	lt-init -o b.safetensors lenet-300-100
	lt-prune -r 0.5 -o b.mask b.safetensors
	run -65 --separate-stderr lt-prune -r 0.5 -m b.mask -o x a.safetensors
	[[ $stderr == *b.mask*a.safetensors* ]]
	refuses 65 'is of kind mask, expected kind checkpoint' lt-prune -r 0.5 -o x b.mask
	refuses 65 'is of kind checkpoint, expected kind mask' \
		lt-prune -r 0.5 -m b.safetensors -o x a.safetensors
}

@test 'nonsense on the command line is refused' {
	refuses 2 'one of --rate and --sparsity' lt-prune -o x a.safetensors
	refuses 2 'one of --rate and --sparsity' \
		lt-prune -r 0.1 -s 0.1 -o x a.safetensors
	refuses 2 'rate' lt-prune -r 1.5 -o x a.safetensors
	refuses 2 'rate' lt-prune -r -0.1 -o x a.safetensors
	refuses 2 'rate' lt-prune -r 20% -o x a.safetensors
	refuses 2 '--method' lt-prune -r 0.1 --method lottery -o x a.safetensors
	refuses 2 '-o FILE' lt-prune -r 0.1 a.safetensors
	refuses 2 'one checkpoint' lt-prune -r 0.1 -o x
	refuses 74 'none' lt-prune -r 0.1 -o x none
	refuses 74 '/dev/full' lt-prune -r 0.1 -o /dev/full a.safetensors
	[ ! -e x ]
	no_strays
}

@test 'a checkpoint cut anywhere is refused' {
	for n in 0 7 8 100 5000 246000; do
		head -c $n a.safetensors > cut
		refuses 65 'cut' lt-prune -r 0.1 -o x cut
	done
	[ ! -e x ]
}

@test 'the examples of the manual page run' {
	examples lt-prune
}
