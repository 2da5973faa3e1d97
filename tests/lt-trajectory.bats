load common

setup() {
	lt_setup
	synth set 240 4 3x8x8
	lt-init -q --input 3x8x8 --classes 4 --seed 1 -o 0.st resnet8-demo
	idx $(seq 0 199) > d.idx
	lt-train -q -d set.data -i d.idx -e 2 --milestones 1 -b 50 --seed 1 -o 1.st 0.st
}

# length [COLUMN]: of the first row of standard input.
length() { sed -n 2p | cut -f "${1:-5}"; }

@test 'the table: mean and deviation of the arcs' {
	lt-trajectory -d set.data -o t.tsv 0.st 1.st
	[ "$(head -n 1 t.tsv | xargs)" = 'checkpoint node arcs points length length_std' ]
	[ "$(sed 1d t.tsv | cut -f 1-4 | xargs)" = '0.st linear 10 256 1.st linear 10 256' ]
	lt-trajectory -d set.data --each 0.st > each
	[ "$(head -n 1 each | xargs)" = 'checkpoint node arc length' ]
	[ "$(wc -l < each)" = 11 ]
	awk -v l="$(length 5 < t.tsv)" -v s="$(length 6 < t.tsv)" '
		NR > 1 { x[NR] = $4; sum += $4 }
		END { m = sum / 10; for (i in x) q += (x[i] - m) ^ 2
			q = sqrt(q / 9); d = m / l - 1; e = q / s - 1
			exit !(d * d < 1e-14 && e * e < 1e-12) }' each
	[ "$(lt-trajectory -d set.data --arcs 1 0.st | length 6)" = NaN ]
}

@test 'lengths are those of the predictions, by hand' {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	# A linear network, arcs between its two samples alone.
	printf '%s\n' 'net t' 'input 3 8 8' 'f = linear input 4' 'output f' > t.net
	lt-init -q --seed 3 -o t.st t.net
	idx 5 17 > two.idx
	lt-trajectory -d set.data -i two.idx --arcs 1 --points 40 --projection none \
		-o t.tsv t.st
	lt-trajectory -d set.data -i two.idx --arcs 1 --points 40 --projection none \
		--exact -o e.tsv t.st
	by_hand - t.st set.data "$(length < t.tsv)" "$(length < e.tsv)" <<-'END'
	import math, struct, sys
	from tensors import tensors
	w = tensors(sys.argv[1])[1]["f.weight"]
	meta, data = tensors(sys.argv[2])
	norm = [[struct.unpack("f", struct.pack("f", float(x)))[0] for x in meta[k].split(",")]
	        for k in ("lt.mean", "lt.std")]
	def sample(i):
	    px = data["images"][192 * i:192 * (i + 1)]
	    return [(p / 255 - norm[0][j // 64]) / norm[1][j // 64] for j, p in enumerate(px)]
	u, v = sample(5), sample(17)
	z = []
	for j in range(40):
	    t = j / 39 * math.pi / 2
	    x = [math.cos(t) * p + math.sin(t) * q for p, q in zip(u, v)]
	    z.append([sum(w[192 * o + i] * x[i] for i in range(192)) for o in range(4)])
	want = sum(math.dist(p, q) for p, q in zip(z, z[1:]))
	found, exact = float(sys.argv[3]), float(sys.argv[4])
	assert abs(found / want - 1) < 1e-6, (found, want)
	assert abs(exact / want - 1) < 4e-9, (exact, want)
	END
}

@test 'the same bytes for every number of threads and batch size' {
	lt-trajectory -d set.data --threads 1 --path a.path -o a 1.st
	for t in 2 3; do
		for b in 7 64 1000; do
			lt-trajectory -d set.data --threads $t -b $b --path b.path -o b 1.st
			cmp a b
			cmp a.path b.path
		done
	done
	lt-trajectory -d set.data --layers --threads 1 -o a 1.st
	lt-trajectory -d set.data --layers --threads 3 -b 9 -o b 1.st
	cmp a b
	lt-trajectory -d set.data --seed 1 -o c 1.st
	run -1 cmp -s b c
}

@test 'the engine and double agree; the path is as long as the table says' {
	lt-trajectory -d set.data --path path -o a 1.st
	lt-trajectory -d set.data --exact -o b 1.st
	paste a b | awk 'NR == 2 { d = $5 / $11 - 1; exit !(d * d < 1e-12) }'
	[ "$(head -n 1 path | xargs)" = 'checkpoint node arc t x y' ]
	[ "$(wc -l < path)" = 2561 ]
	lt-trajectory -d set.data --each 1.st | sed -n 5p > fourth
	awk '$3 == 3 { if (n++) l += sqrt(($5 - x) ^ 2 + ($6 - y) ^ 2); x = $5; y = $6 }
		END { print l }' OFMT=%.12g path | paste fourth - |
		awk '{ d = $4 / $5 - 1; exit !(d * d < 1e-12) }'
}

@test 'layers: every node, and the output as without them' {
	lt-trajectory -d set.data --layers -o l 1.st
	lt-trajectory -d set.data --exact -o e 1.st
	[ "$(sed -n 2p l | cut -f 2)" = input ]
	[ "$(tail -n 1 l)" = "$(tail -n 1 e)" ]
	[ "$(sed 1d l | cut -f 2 | sort -u | wc -l)" = "$(($(wc -l < l) - 1))" ]
	[ "$(grep -c 'layer1.0.relu' l)" -ge 1 ]
}

@test 'a mask is that of the weights; circles need no data' {
	lt-prune -q -r 0.8 -o m.mask 1.st
	lt-trajectory -q -d set.data -m m.mask -o a 1.st
	lt-trajectory -q -d set.data -o b 1.st
	run -1 cmp -s a b
	lt-trajectory --plane random --arcs 2 --points 33 1.st > c
	[ "$(sed 1d c | cut -f 2-4 | xargs)" = 'linear 2 33' ]
	# A circle closes.
	lt-trajectory --plane random --arcs 1 --points 33 --path path -o c 1.st
	awk 'NR == 2 { x = $5; y = $6 } { u = $5 - x; v = $6 - y } END { exit !(u * u + v * v < 1e-8) }' path
}

@test 'nonsense is refused' {
	refuses 2 'expected checkpoints' lt-trajectory -d set.data
	refuses 2 '--data FILE is needed' lt-trajectory 0.st
	refuses 2 'takes no data' lt-trajectory --plane random -d set.data 0.st
	refuses 2 '--points: expected at least 2' lt-trajectory -d set.data --points 1 0.st
	refuses 2 '--path needs' lt-trajectory -d set.data --projection none --path p 0.st
	refuses 2 'can be standard output' lt-trajectory -d set.data --path - 0.st
	refuses 2 '--plane' lt-trajectory --plane flat 0.st
	idx 3 > one.idx
	refuses 65 'one.idx: an arc needs two samples' lt-trajectory -d set.data -i one.idx 0.st
	synth other 40 4 1x8x8
	refuses 65 'other.data has images of 1x8x8, 0.st' lt-trajectory -d other.data 0.st
	refuses 74 'none.st' lt-trajectory -d set.data 0.st none.st
	lt-init -q -o l.st lenet5
	lt-prune -q -r 0.5 -o l.mask l.st
	refuses 65 'l.mask' lt-trajectory -d set.data -m l.mask 0.st
	printf '%s\n' 'net t' 'input 1 1 1' 'f = linear input 2' 'output f' > one.net
	lt-init -q -o one.st one.net
	refuses 65 'one.st: its input is a single value' lt-trajectory --plane random one.st
	run -74 bash -c 'lt-trajectory -d set.data --arcs 1 --points 4 0.st > /dev/full'
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-trajectory
}
