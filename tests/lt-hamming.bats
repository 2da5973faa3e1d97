load common

setup() {
	lt_setup
	lt-init --seed 1 -o a.safetensors lenet5
	lt-prune -s 0.5 -o 5.mask a.safetensors
	lt-prune -s 0.6 -o 6.mask a.safetensors
	lt-prune -s 0.9 -o 9.mask a.safetensors
}

@test 'a mask is at distance 0 of itself' {
	[ "$(lt-hamming 5.mask 5.mask)" = 0 ]
	[ "$(lt-hamming --norm kept 5.mask 5.mask)" = 0 ]
	[ "$(lt-hamming --norm base=9.mask 5.mask 5.mask)" = 0 ]
}

@test 'each norm divides as it says' {
	[ "$(lt-hamming --norm count 5.mask 6.mask)" = 6147 ]
	[ "$(lt-hamming 5.mask 6.mask)" = 0.1 ]
	[ "$(lt-hamming --norm kept 5.mask 6.mask)" = 0.111111111 ]
	[ "$(lt-hamming --norm base=9.mask 5.mask 6.mask)" = 1 ]
}

@test 'distance is symmetric and, of nested masks, adds up' {
	[ "$(lt-hamming 5.mask 9.mask)" = "$(lt-hamming 9.mask 5.mask)" ]
	[ "$(lt-hamming --norm count 5.mask 6.mask 9.mask | awk "{ n += \$1 } END { print n }")" = \
		"$(lt-hamming --norm count 5.mask 9.mask)" ]
}

@test 'several masks: each to the next, or all pairs' {
	[ "$(lt-hamming 5.mask 6.mask 9.mask | paste -sd,)" = 0.1,0.3 ]
	lt-hamming --matrix 5.mask 6.mask 9.mask > m.tsv
	printf '%s\t%s\t%s\t%s\n' mask 5.mask 6.mask 9.mask 5.mask 0 0.1 0.4 \
		6.mask 0.1 0 0.3 9.mask 0.4 0.3 0 | cmp - m.tsv
}

@test 'all pairs as a picture' {
	lt-hamming -o /dev/null --png m.png --cell 8 5.mask 6.mask 9.mask
	[ "$(od -An -tx1 -N8 m.png | tr -d ' ')" = 89504e470d0a1a0a ]
	# Width and height: 3 masks of 8 pixels.
	[ "$(od -An -tx1 -j16 -N8 m.png | tr -d ' ')" = 0000001800000018 ]
}

@test '--within answers by the exit status' {
	lt-hamming --within 0.1 5.mask 6.mask
	run -1 lt-hamming --within 0.09 5.mask 6.mask
	run -1 lt-hamming --within 0.2 5.mask 6.mask 9.mask
}

@test 'the Jaccard distance, and the overlap of each layer' {
	# 5.mask keeps 30735, of which 6.mask keeps 24588: nested.
	[ "$(lt-hamming --norm either 5.mask 6.mask)" = 0.2 ]
	lt-hamming --by-layer 5.mask 6.mask 9.mask > t
	[ "$(head -n 1 t | tr '\t' ' ')" = \
		'a b layer count kept_a kept_b both differing distance overlap' ]
	[ "$(grep -c . t)" = 13 ]
	[ "$(sed -n 7p t | tr '\t' ' ')" = \
		'5.mask 6.mask total 61470 30735 24588 24588 6147 0.1 0.8' ]
	[ "$(sed -n 13p t | tr '\t' ' ')" = \
		'6.mask 9.mask total 61470 24588 6147 6147 18441 0.3 0.25' ]
	# Layers that are not nested, bit by bit, from the bytes of the masks.
	lt-prune -s 0.7 --method random -o r.mask a.safetensors
	lt-prune -s 0.6 --method random --seed 1 -o s.mask a.safetensors
	bytes() {
		local head
		head=$(od -An -tu8 -N8 "$1" | tr -d ' ')
		od -v -An -tu1 -w1 -j $((8 + head)) "$1"
	}
	paste <(bytes r.mask) <(bytes s.mask) | awk 'BEGIN {
			split("150 2400 48000 10080 840", count) }
		function end() { print n, a, b, both, differing
			n = a = b = both = differing = 0 }
		{ n++; a += $1; b += $2; both += $1 && $2; differing += $1 != $2
		  if (n == count[l + 1]) { l++; end() } }' > want
	lt-hamming --by-layer r.mask s.mask | sed '1d;$d' | cut -f 4-8 |
		tr '\t' ' ' | diff want -
	lt-hamming --by-layer r.mask s.mask | awk '
		function near(x, y) { return x - y < 1e-8 && y - x < 1e-8 }
		NR > 1 && !(near($9, $8 / $4) && near($10, $7 / ($7 + $8))) {
			exit 1 }'
	lt-prune -q -r 1 -o 0.mask a.safetensors
	[ "$(lt-hamming --by-layer 0.mask 0.mask | sed -n '7s/.*\t//p')" = 1 ]
	[ "$(lt-hamming --norm either 0.mask 0.mask)" = 0 ]
	for o in --matrix '--norm all' '--within 1' '--png x.png'; do
		refuses 2 'without --by-layer' lt-hamming --by-layer $o 5.mask 6.mask
	done
}

@test 'masks of different coverage are refused, naming both' {
	lt-prune -s 0.5 --layers conv -o c.mask a.safetensors
	run -65 --separate-stderr lt-hamming 5.mask c.mask
	[[ $stderr == *5.mask*c.mask* ]]
	run -65 --separate-stderr lt-hamming --norm base=c.mask 5.mask 6.mask
	[[ $stderr == *5.mask*c.mask* ]]
	refuses 65 'has kind checkpoint, expected kind mask' \
		lt-hamming 5.mask a.safetensors
	head -c 300 5.mask > cut.mask
	refuses 65 'cut.mask' lt-hamming 5.mask cut.mask
}

@test 'nonsense on the command line is refused' {
	refuses 2 'expected 2 to 16384 masks' lt-hamming 5.mask
	refuses 2 '--norm' lt-hamming --norm some 5.mask 6.mask
	refuses 74 'none' lt-hamming --norm base=none 5.mask 6.mask
	refuses 2 'within' lt-hamming --within -1 5.mask 6.mask
	lt-prune -q -r 1 -o 0.mask a.safetensors
	refuses 65 'keeps no weight' lt-hamming --norm base=0.mask 5.mask 6.mask
	run -74 bash -c 'lt-hamming 5.mask 6.mask > /dev/full'
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-hamming
}
