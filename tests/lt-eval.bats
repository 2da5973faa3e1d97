load common

setup() {
	lt_setup
	synth set 100 5 1x12x12
	lt-init --input 1x12x12 --classes 5 --width 0.5 -o 0.st resnet8-demo
}

@test 'an output does not replace the net text of a checkpoint that has none' {
	printf 'net n\n' >n.net
	for t in 'lt-eval --predictions n.net x' 'lt-prune -r 0.5 --method snip -o y --cost ./n.net x' \
		'lt-disagree --cost n.net x y' 'lt-trajectory --path n.net x'; do
		# shellcheck disable=SC2086
		refuses 2 "would replace the file of --net: " $t -d d --net ./n.net
	done
	[ "$(cat n.net)" = 'net n' ]
}

@test 'the table agrees with the predictions' {
	lt-eval -d set.data --predictions p.tsv -o t.tsv 0.st
	awk -F '\t' 'NR > 1 { n++; loss += $4; right += $2 == $3 }
		END { printf "%d %.5f %g\n", n, loss / n, 100 * right / n }' \
		p.tsv > want
	awk -F '\t' 'NR > 1 { printf "%d %.5f %g\n", $1, $2, $3 }' t.tsv |
		cmp - want
	[ "$(awk -F '\t' 'NR > 1 { print $4 }' t.tsv)" = 100 ]
}

@test 'classes and confusion add up to the whole' {
	lt-eval -d set.data 0.st | sed 1d > all
	lt-eval -d set.data --per-class 0.st |
		awk -F '\t' 'NR > 1 && $3 { n += $3; r += $3 * $5 }
			END { printf "%d %g\n", n, r / n }' > by
	awk '{ printf "%d %g\n", $1, $3 }' all | cmp - by
	lt-eval -d set.data --confusion 0.st |
		awk -F '\t' 'NR > 1 { for (i = 2; i <= NF; i++) n += $i
			r += $(NR) } END { printf "%d %g\n", n, 100 * r / n }' |
		cmp - by
}

@test 'batches, threads and kernels do not matter' {
	lt-eval -d set.data --predictions p -o t 0.st
	for b in 1 7 16 100; do
		lt-eval -d set.data -b $b --threads 3 --predictions q -o u 0.st
		same p q
		same t u
	done
	LT_KERN=ref lt-eval -d set.data 0.st | cmp - t
}

@test 'an index list and its complement make the whole' {
	idx $(seq 0 3 99) > a.idx
	lt-subset complement --count 100 a.idx > b.idx
	for l in a b; do lt-eval -d set.data -i $l.idx 0.st | sed 1d; done |
		awk '{ n += $1; r += $1 * $3 } END { printf "%g\n", r / n }' > two
	lt-eval -d set.data 0.st | awk 'NR > 1 { printf "%g\n", $3 }' | cmp - two
}

@test 'a mask is applied' {
	lt-prune -q -r 1 -o m.mask 0.st
	# Nothing is left but the last bias, so all samples are one class.
	lt-eval -d set.data -m m.mask --predictions p.tsv -o /dev/null 0.st
	[ "$(sed 1d p.tsv | cut -f 3 | sort -u | wc -l)" = 1 ]
}

@test 'what was spent is counted, and what is masked is not' {
	lt-eval -d set.data --cost c -o t 0.st
	[ "$(head -n 1 c)" = $'images\tmacs' ]
	[ "$(wc -l < c)" = 2 ]
	[ "$(sed -n 2p c | cut -f 1)" = 100 ]
	[ "$(sed -n 2p c | cut -f 2)" = \
		"$(lt-info 0.st | awk '$1 == "multiply_adds" { print 100 * $2 }')" ]
	[ "$(head -n 1 c.time.tsv)" = $'seconds\tcpu_seconds' ]
	sed -n 2p c.time.tsv | grep -Eqx $'[0-9]+\\.[0-9]{3}\t[0-9]+\\.[0-9]{3}'
	lt-eval -d set.data -b 7 --threads 3 --cost d 0.st | cmp - t
	LT_KERN=ref lt-eval -d set.data --cost e -o /dev/null 0.st
	same c d e
	idx 1 5 7 > l
	lt-eval -d set.data -i l --cost - -o /dev/null 0.st > few
	[ "$(sed -n 2p few | cut -f 1)" = 3 ]
	[ ! -e ./-.time.tsv ]
	lt-prune -q -r 0.9 -o m.mask 0.st
	lt-eval -d set.data -m m.mask --cost m -o /dev/null 0.st
	paste c m | awk 'NR == 2 { exit !($4 < $2 / 2 && $4 > 0) }'
	refuses 74 'nowhere/c' lt-eval -d set.data --cost nowhere/c 0.st
	refuses 74 '/dev/full' lt-eval -d set.data --cost /dev/full 0.st
	no_strays
}

@test 'what does not fit is refused' {
	: > none.idx
	refuses 65 'none.idx: no samples' lt-eval -d set.data -i none.idx 0.st
	idx 100 > far.idx
	refuses 65 'far.idx' lt-eval -d set.data -i far.idx 0.st
	synth big 20 4 1x14x14
	refuses 65 'big.data has images' lt-eval -d big.data 0.st
	refuses 65 'expected' lt-eval -d 0.st 0.st
	refuses 2 '--data' lt-eval 0.st
	refuses 2 'exclude each other' lt-eval -d set.data --per-class --confusion 0.st
	refuses 2 'only one of' lt-eval -d set.data --predictions - 0.st
	refuses 2 'only one of' lt-eval -d set.data --cost - 0.st
	refuses 2 'only one of' \
		lt-eval -d set.data --cost - --predictions - -o t 0.st
	head -c 10000 set.data > cut.data
	refuses 65 'cut.data' lt-eval -d cut.data 0.st
	run -74 bash -c 'lt-eval -d set.data 0.st > /dev/full'
	refuses 74 '/dev/full' lt-eval -d set.data --predictions /dev/full -o t 0.st
}

@test 'statistics of batch norms are recomputed: by hand, one batch' {
	need python3
	printf '%s\n' 'net t' 'input 3 4 4' 'b = bn input' 'r = relu b' \
		'f = linear r 3' 'output f' >t.net
	lt-init -o t.st ./t.net
	synth t 30 3 3x4x4
	idx 1 4 9 16 25 >l
	lt-eval -d t.data --bn-index l --bn-output bn.st t.st >t.tsv
	lt-eval -d t.data bn.st | cmp - t.tsv
	run -1 cmp -s <(lt-eval -d t.data t.st) t.tsv
	by_hand - <<-'END'
	from tensors import tensors
	meta, data = tensors("t.data")
	mean, std = ([float(v) for v in meta[k].split(",")] for k in ("lt.mean", "lt.std"))
	found_meta, found = tensors("bn.st")
	assert found_meta["lt.mean"] == meta["lt.mean"], found_meta
	before = tensors("t.st")[1]
	assert found["b.num_batches_tracked"] == [1]
	assert found["f.weight"] == before["f.weight"]
	for c in range(3):
	    x = [(data["images"][i * 48 + c * 16 + p] / 255 - mean[c]) / std[c]
	         for i in (1, 4, 9, 16, 25) for p in range(16)]
	    m = sum(x) / 80
	    v = sum((a - m) ** 2 for a in x) / 79
	    assert abs(found["b.running_mean"][c] - m) < 1e-6, c
	    assert abs(found["b.running_var"][c] / v - 1) < 1e-5, c
	END
}

@test 'statistics of batch norms are those of PyTorch under a mask, in every thread' {
	need_torch
	lt-train -q -d set.data -e 2 -b 20 --lr 0.02 --milestones 9 -o a.st 0.st
	lt-prune -q -r 0.8 -o m.mask a.st
	idx $(seq 10 89) >l
	for t in 1 3; do
		lt-eval -d set.data -m m.mask --bn-index l --threads $t --cost c.$t \
			--bn-output bn.$t -o t.$t a.st
	done
	same bn.1 bn.3
	same t.1 t.3
	lt-eval -d set.data -m m.mask bn.1 | cmp - t.1
	[ "$(sed -n 2p c.1 | cut -f 1)" = 180 ]
	"$PYTHON" - "$ROOT/tests/torch" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	import lt_torch, torch
	net, _ = lt_torch.load_checkpoint("a.st", torch.float64)
	lt_torch.apply_mask(net, "m.mask")
	x, _ = lt_torch.load_data("set.data", None, torch.float64)
	torch.optim.swa_utils.update_bn([x[10:90]], net)
	found, count = lt_torch.read("bn.1")[0], 0
	for k, want in net.state_dict().items():
	    have = torch.from_numpy(found[k])
	    assert (have - want).abs().max() <= 1e-5 * max(1, want.abs().max()), k
	    count += "running" in k
	assert count >= 14, count
	END
	# The seed makes the batches.
	lt-eval -d set.data --bn-index l -b 16 --bn-output b0 -o o a.st
	lt-eval -d set.data --bn-index l -b 16 --seed 1 --bn-output b1 -o o a.st
	run -1 cmp -s b0 b1
	# The network may replace itself, and knows what was done.
	lt-eval -d set.data --bn-data set.data --bn-output a.st -o o a.st
	[[ $(lt-info --history a.st set.data) == *'lt-eval'*'bn-data set.data'* ]]
}

@test 'statistics that cannot be recomputed or written are refused' {
	: >none.idx
	refuses 65 'none.idx: no samples' lt-eval -d set.data --bn-index none.idx 0.st
	synth big 20 4 1x14x14
	refuses 65 'big.data has images' lt-eval -d set.data --bn-data big.data 0.st
	lt-init -o l.st --input 1x12x12 --classes 5 lenet-300-100
	refuses 65 'l.st: the network lenet-300-100 has no batch norm whose statistics' \
		lt-eval -d set.data --bn-data set.data --bn-output x l.st
	refuses 2 '--bn-output needs --bn-data or --bn-index' \
		lt-eval -d set.data --bn-output x 0.st
	refuses 2 'exclude each other' lt-eval -d set.data --bn-data set.data \
		--bn-output x --allow-nonfinite 0.st
	refuses 2 'would replace' lt-eval -d set.data --bn-data set.data \
		--bn-output set.data 0.st
	refuses 74 'nowhere/x' lt-eval -d set.data --bn-data set.data \
		--bn-output nowhere/x 0.st
	[ ! -e x ]
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-eval
}

@test 'threads that cannot be started never read as an answer' {
	need_no_sanitizer
	lt-init -o 0.st lenet5
	synth set 40 10 1x28x28
	lt-eval -d set.data -o want 0.st
	lt-eval --threads 100000 -d set.data 0.st | cmp - want
	# 8 MB of address space for each thread's stack.
	for limit in 60 80 100 120 150 200 300 500; do
		(ulimit -v ${limit}000; lt-eval --threads 64 -d set.data \
			-o got 0.st 2> err) && status=0 || status=$?
		[ "$status" = 0 ] && cmp got want || [ "$status" = 70 ]
	done
	# Whatever ends a program with status 1 does not give its answer.
	lt-prune -r 0.5 -o a.mask 0.st
	lt-prune -r 0.6 -o b.mask 0.st
	run -1 lt-hamming --within 0.01 a.mask b.mask
	echo x > damaged
	run -1 lt-info --check damaged
}

@test '--json has the names of the tables, exact numbers and null for NaN' {
	need python3
	synth set 70 4 1x12x12
	lt-init --seed 1 --input 1x12x12 --classes 4 -o 0.st resnet8-demo
	idx $(seq 0 20) >few.idx
	for o in '' --per-class --confusion; do
		lt-eval -d set.data -i few.idx $o 0.st >table
		lt-eval -d set.data -i few.idx $o --json -o o.json 0.st
		[ "$(wc -l <o.json)" = 1 ]
		python3 - "$o" <<-'END'
		import json, sys
		o = json.load(open("o.json"))
		rows = [line.rstrip("\n").split("\t") for line in open("table")]
		got = o["table"] if sys.argv[1] else [o]
		assert sys.argv[1] == "" or list(o) == ["table"], o
		assert len(got) == len(rows) - 1
		for row, cells in zip(got, rows[1:]):
		    assert list(row) == rows[0], row
		    for value, text in zip(row.values(), cells):
		        assert value is None and text == "NaN" or value == text \
		            or "%.9g" % value == text, (value, text)
		# 21 samples: a share has no nine digits.
		if not sys.argv[1]:
		    right = round(o["top1"] * 21 / 100)
		    assert o["top1"] == 100.0 * right / 21 and o["samples"] == 21
		END
	done
	lt-eval -d set.data -i <(idx 0) --per-class --json 0.st |
		grep -q '"samples":0,"loss":null,"top1":null,"top5":null}'
}

@test 'EL2N and GraNd of a linear network, by hand' {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	synth small 20 3 1x2x2
	printf '%s\n' 'net t' 'input 1 2 2' 'f = linear input 3 bias' 'output f' > t.net
	lt-init -q --seed 1 -o t.st ./t.net
	lt-eval -q -d small.data --predictions p --grand --cost c.tsv -o t t.st
	[ "$(head -n 1 p | xargs)" = 'index label predicted loss entropy margin el2n grand' ]
	# Forward 12 multiply-adds, and once more with the gradient, 24 in all.
	[ "$(sed -n 2p c.tsv | xargs)" = "40 $((20 * 36))" ]
	by_hand - <<-'END'
	import math
	from tensors import tensors
	meta, data = tensors("small.data")
	mean, std = float(meta["lt.mean"]), float(meta["lt.std"])
	_, net = tensors("t.st")
	rows = [l.split("\t") for l in open("p").read().splitlines()[1:]]
	assert len(rows) == 20
	for i, (row, y) in enumerate(zip(rows, data["labels"])):
	    x = [(p / 255 - mean) / std for p in data["images"][4 * i:4 * i + 4]]
	    z = [net["f.bias"][o] + sum(net["f.weight"][4 * o + j] * x[j] for j in range(4))
	         for o in range(3)]
	    e = [math.exp(v) for v in z]
	    d = [v / sum(e) - (o == y) for o, v in enumerate(e)]
	    el2n = math.hypot(*d)
	    # The gradient is d x' of the weights and d of the bias.
	    grand = el2n * math.sqrt(sum(v * v for v in x) + 1)
	    assert abs(float(row[6]) / el2n - 1) < 1e-6, (i, row[6], el2n)
	    assert abs(float(row[7]) / grand - 1) < 1e-6, (i, row[7], grand)
	END
	refuses 2 '--grand needs --predictions FILE' lt-eval -d small.data --grand t.st
}

@test 'EL2N and GraNd are those of PyTorch, dense and under a mask' {
	need_torch
	everything
	lt-train -q -d set.data -e 1 --milestones 9 -b 50 -o t.st 0.st
	lt-eval -q -d set.data --predictions p --grand -o t t.st
	"$PYTHON" "$ROOT/tests/torch/grand.py" p t.st set.data
	lt-eval -q -d set.data -m m.mask --predictions p --grand --threads 1 -o t t.st
	"$PYTHON" "$ROOT/tests/torch/grand.py" p t.st set.data m.mask
	lt-eval -q -d set.data -m m.mask --predictions q --grand --threads 3 -b 7 -o t t.st
	cmp p q
	# All other columns are as without it.
	lt-eval -q -d set.data -m m.mask --predictions q -o t t.st
	cut -f 1-7 p | cmp - q
}
