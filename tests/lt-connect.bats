load common

# Two orders of data from one initialization; the networks have batch norms.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	synth set 240 4 3x8x8
	lt-init -q --input 3x8x8 --classes 4 --seed 1 -o 0.st resnet8-demo
	for s in 1 2; do
		lt-train -q -d set.data -e 2 --milestones 1 -b 48 --seed $s -o $s.st 0.st
	done
	idx $(seq 0 99) > bn.idx
}
setup() {
	lt_setup
	cp "$BATS_FILE_TMPDIR"/* .
}

# cell COLUMN: of the first row of standard input.
cell() { sed -n 2p | cut -f "$1"; }

@test 'the table has the ends as lt-eval has them, and the barrier of the path' {
	lt-connect -d set.data --points 5 --path path -o t 1.st 2.st
	[ "$(head -n 1 t | xargs)" = 'samples points loss_a loss_b loss_barrier loss_at top1_a top1_b error_barrier error_at' ]
	[ "$(cell 1,2 < t | xargs)" = '240 5' ]
	[ "$(sed 1d path | cut -f 1 | xargs)" = '0 0.25 0.5 0.75 1' ]
	[ "$(cell 2-4 < path)" = "$(lt-eval -d set.data 1.st | cell 2-4)" ]
	[ "$(sed -n 6p path | cut -f 2-4)" = "$(lt-eval -d set.data 2.st | cell 2-4)" ]
	[ "$(cell 3 < t) $(cell 7 < t)" = "$(cell 2,3 < path | xargs)" ]
	awk 'NR > 1 { l[NR] = $2; e[NR] = 100 - $3 }
		END { for (i = 2; i <= NR; i++) {
				if (l[i] > l[m]) m = i
				if (e[i] > e[w]) w = i }
			printf "%.6f %s %.6f %s\n", l[m] - (l[2] + l[NR]) / 2,
				(m - 2) / 4, e[w] - (e[2] + e[NR]) / 2, (w - 2) / 4 }' path > want
	cell 5,6,9,10 < t | awk '{ printf "%.6f %s %.6f %s\n", $1, $2, $3, $4 }' | diff want -
}

@test 'from a network to itself there is no barrier' {
	lt-connect -d set.data --points 3 -o t 1.st 1.st
	[ "$(cell 5,6,9,10 < t | xargs)" = '0 0 0 0' ]
}

@test 'a linear network under a mask, by hand' {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	synth small 30 3 1x2x2
	printf '%s\n' 'net t' 'input 1 2 2' 'f = linear input 3 bias' 'output f' > t.net
	for s in 1 2; do lt-init -q --seed $s -o t$s.st ./t.net; done
	lt-prune -q -s 0.5 -o t.mask t1.st
	lt-connect -d small.data --at 0.3,0.5 --path path -o t t1.st t2.st
	lt-connect -d small.data --at 0.3,0.5 -m t.mask --path masked -o t t1.st t2.st
	run -1 cmp -s path masked
	by_hand - <<-'END'
	import math
	from tensors import tensors
	meta, data = tensors("small.data")
	mean, std = float(meta["lt.mean"]), float(meta["lt.std"])
	nets = [tensors("t%d.st" % s)[1] for s in (1, 2)]
	mask = tensors("t.mask")[1]["f.weight_mask"]
	for path, keep in (("path", [1] * 12), ("masked", mask)):
	    rows = [l.split("\t") for l in open(path).read().splitlines()[1:]]
	    assert [float(r[0]) for r in rows] == [0, 0.3, 0.5, 1]
	    for t, found, top1, top5 in (map(float, r) for r in rows):
	        w = [k * ((1 - t) * a + t * b) for k, a, b in
	             zip(keep, *(n["f.weight"] for n in nets))]
	        c = [(1 - t) * a + t * b for a, b in zip(*(n["f.bias"] for n in nets))]
	        loss = right = 0
	        for i, y in enumerate(data["labels"]):
	            x = [(p / 255 - mean) / std for p in data["images"][4 * i:4 * i + 4]]
	            z = [c[o] + sum(w[4 * o + j] * x[j] for j in range(4)) for o in range(3)]
	            loss += math.log(sum(map(math.exp, z))) - z[y]
	            right += z.index(max(z)) == y
	        assert abs(found / (loss / 30) - 1) < 1e-6, (path, t, found, loss / 30)
	        assert abs(top1 - 100 * right / 30) < 1e-6 and top5 == 100
	END
}

@test 'batch norms have the statistics of PyTorch, dense and under a mask' {
	need_torch
	lt-prune -q -r 0.7 -o m.mask 0.st
	lt-connect -d set.data --points 4 --path path -o t 1.st 2.st
	"$PYTHON" "$ROOT/tests/torch/connect.py" path 1.st 2.st set.data 0
	lt-connect -d set.data --bn-index bn.idx --points 4 --path bn -o t 1.st 2.st
	"$PYTHON" "$ROOT/tests/torch/connect.py" bn 1.st 2.st set.data 100
	run -1 cmp -s path bn
	lt-connect -d set.data --bn-index bn.idx -m m.mask --at 0.5 --path bn -o t 1.st 2.st
	"$PYTHON" "$ROOT/tests/torch/connect.py" bn 1.st 2.st set.data 100 m.mask
}

@test 'whole batches give the statistics, of another data set too' {
	# 100 samples are two batches of 48, and the seed says which they are.
	lt-connect -d set.data --bn-index bn.idx -b 48 --at 0.5 -o a 1.st 2.st
	lt-connect -d set.data --bn-index bn.idx -b 48 --at 0.5 --seed 1 -o b 1.st 2.st
	run -1 cmp -s a b
	lt-connect -d set.data --bn-data set.data --bn-index bn.idx -b 48 --at 0.5 -o b 1.st 2.st
	cmp a b
	lt-data synth -q --count 60 --classes 4 --shape 3x8x8 --seed 9 -o other.data
	lt-connect -q -d set.data --bn-data other.data --at 0.5 -o b 1.st 2.st
	run -1 cmp -s a b
}

@test 'the same bytes for every number of threads and, without statistics, batch size' {
	lt-connect -d set.data --threads 1 --points 3 --path a.path -o a 1.st 2.st
	for t in 2 3; do
		lt-connect -d set.data --threads $t -b $((7 * t)) --points 3 --path b.path -o b 1.st 2.st
		cmp a b
		cmp a.path b.path
	done
	lt-connect -d set.data --bn-index bn.idx -b 40 --threads 1 --points 3 --path a.path -o a 1.st 2.st
	lt-connect -d set.data --bn-index bn.idx -b 40 --threads 3 --points 3 --path b.path -o b 1.st 2.st
	cmp a b
	cmp a.path b.path
}

@test 'nonsense is refused' {
	refuses 2 'expected two checkpoints' lt-connect -d set.data 1.st
	refuses 2 '--data FILE is needed' lt-connect 1.st 2.st
	refuses 2 '--points: expected 2 to 10001, found 1' lt-connect -d set.data --points 1 1.st 2.st
	refuses 2 '--at and --points exclude' lt-connect -d set.data --points 3 --at 0.5 1.st 2.st
	for at in 0 1 0.5,0.5 0.5,0.2 x 2; do
		refuses 2 '--at: expected ascending numbers between 0 and 1' \
			lt-connect -d set.data --at $at 1.st 2.st
	done
	lt-init -q --input 3x8x8 --classes 4 --width 2 -o w.st resnet8-demo
	refuses 65 'expected two checkpoints of the same network' lt-connect -d set.data 1.st w.st
	lt-init -q --input 3x8x8 --classes 4 --mean 0.1,0.1,0.1 --std 1,1,1 -o n.st resnet8-demo
	refuses 65 '1.st and n.st have different normalizations' lt-connect -d set.data 1.st n.st
	synth other 40 4 1x8x8
	refuses 65 'other.data has images of 1x8x8, 1.st' lt-connect -d other.data 1.st 2.st
	refuses 65 'other.data has images of 1x8x8, 1.st' \
		lt-connect -d set.data --bn-data other.data 1.st 2.st
	: > none.idx
	refuses 65 'none.idx: expected samples, found none' \
		lt-connect -d set.data --bn-index none.idx 1.st 2.st
	idx 240 > far.idx
	refuses 65 'far.idx' lt-connect -d set.data -i far.idx 1.st 2.st
	refuses 74 'none.st' lt-connect -d set.data 1.st none.st
	refuses 2 'can be standard output' lt-connect -d set.data --path - 1.st 2.st
	run -74 bash -c 'lt-connect -d set.data --points 2 1.st 2.st > /dev/full'
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-connect
}
