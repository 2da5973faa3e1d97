# State dicts and masks to PyTorch and back, by the scripts in examples/.

load common

setup() {
	need_torch
	lt_setup
}

from_pytorch() {
	"$PYTHON" "$ROOT/examples/from_pytorch.py" "$@"
}

to_pytorch() {
	"$PYTHON" "$ROOT/examples/to_pytorch.py" "$@"
}

@test 'weights go to PyTorch and come back bit for bit' {
	synth d 40 10 3x32x32
	lt-init -o a.safetensors --seed 1 --shortcut B resnet20
	lt-eval -q -d d.data a.safetensors >a.tsv
	to_pytorch a.safetensors a.pt
	from_pytorch a.pt w.safetensors
	lt-init --from w.safetensors -o b.safetensors --shortcut B resnet20
	lt-eval -q -d d.data b.safetensors >b.tsv
	same a.tsv b.tsv
	lt-prune -q -o am --rate 0.5 a.safetensors
	lt-prune -q -o bm --rate 0.5 b.safetensors
	lt-hamming --within 0 am bm
	refuses 65 'contains its network' \
		lt-init --from a.safetensors -o x --shortcut B resnet20
}

@test 'state dicts as they are found are taken' {
	lt-init -o a.safetensors --seed 1 resnet20
	to_pytorch a.safetensors a.pt
	cat >dress.py <<-'END'
	import sys, torch
	s = torch.load("a.pt")
	wrapped = {"state_dict": {"module." + k: v for k, v in s.items()},
	           "best_prec1": torch.tensor(91.7), "epoch": 200}
	torch.save(wrapped, "new.th")
	torch.save(wrapped, "old.th", _use_new_zipfile_serialization=False)
	f16 = {"module._orig_mod." + k: v.half() for k, v in s.items()}
	f16["module.position_ids"] = torch.arange(5)
	f16["module.total_ops"] = torch.zeros(1, dtype=torch.float64)
	torch.save(f16, "f16.pt")
	torch.save({k: v.bfloat16() if v.is_floating_point() else v
	            for k, v in s.items()}, "bf16.pt")
	torch.save({k.replace("linear.", "fc."): v for k, v in s.items()},
	           "fc.pt")
	torch.save({k: v for k, v in s.items() if k != "conv1.weight"}, "less.pt")
	torch.save(dict(s, **{"conv1.weight": torch.zeros(16, 3, 5, 5)}),
	           "shape.pt")
	END
	"$PYTHON" dress.py
	for f in new.th old.th; do
		from_pytorch $f w
		lt-init --from w -o b.safetensors resnet20
		lt-prune -q -o am --rate 0.5 a.safetensors
		lt-prune -q -o bm --rate 0.5 b.safetensors
		lt-hamming --within 0 am bm
	done
	synth d 40 10 3x32x32
	for f in f16 bf16; do
		from_pytorch $f.pt $f.w
		lt-init --from $f.w -o $f.safetensors resnet20
		lt-eval -q -d d.data $f.safetensors >a.tsv
		lt-eval -q -d d.data --net resnet20 $f.w >b.tsv
		same a.tsv b.tsv
		to_pytorch $f.safetensors $f.back.pt
		"$PYTHON" - $f <<-'END'
		import sys, torch
		a, b = (torch.load(sys.argv[1] + e) for e in (".pt", ".back.pt"))
		a = {k.replace("module._orig_mod.", ""): v for k, v in a.items()}
		assert all(torch.equal(a[k].float(), v.float())
		           for k, v in b.items())
		END
	done
	from_pytorch fc.pt w
	refuses 65 "nearest of this shape is 'fc.weight'" \
		lt-init --from w -o x resnet20
	from_pytorch --rename fc.=linear. fc.pt w
	lt-init --from w -o b.safetensors resnet20
	from_pytorch less.pt w
	refuses 65 "no tensor 'conv1.weight' [16,3,3,3], which network" \
		lt-init --from w -o x resnet20
	for tool in 'lt-eval -d d.data' 'lt-prune -o x --rate 0.5' \
		'lt-train -q -d d.data -e 1 -o x'; do
		refuses 65 "no tensor 'conv1.weight' [16,3,3,3], which" \
			$tool --net resnet20 w
	done
	from_pytorch shape.pt w
	refuses 65 "'conv1.weight' is F32 [16,3,5,5], expected F32 [16,3,3,3]" \
		lt-init --from w -o x resnet20
	[ ! -e x ]
}

# refused TEXT ARGUMENT...: in one line, and no file is written.
refused() {
	local text=$1
	shift
	run -1 --separate-stderr from_pytorch "$@"
	[ "${#stderr_lines[@]}" = 1 ] && [ -z "$output" ]
	[[ "$stderr" == "from_pytorch: "*"$text"* ]] ||
		{ echo "found: $stderr" >&2; return 1; }
	[ ! -e w ] && [ ! -e m ]
}

@test 'a state dict is found under any key, or its candidates are listed' {
	cat >keys.py <<-'END'
	import torch
	s = {"fc.weight": torch.tensor([[1.0, 2.0]]), "fc.bias": torch.tensor([3.0])}
	opt = {"state": {0: {"momentum_buffer": torch.ones(2)}},
	       "param_groups": [{"params": [0], "nesterov": False}]}
	rest = {"optimizer": opt, "best": torch.tensor(91.7), "epoch": 3}
	for name, d in (
	        ("weights", dict(rest, weights=s)),
	        ("deep", {"run": {"network": dict(s)}, **rest}),
	        ("two", dict(rest, params=s, params_ema=dict(s))),
	        ("both", dict(s, teacher=dict(s))),
	        ("known", dict(rest, state_dict=s, ema=dict(s))),
	        ("empty_known", {"model": {}, "weights": s}),
	        ("none", rest), ("empty", {}), ("scalar", {"a": torch.tensor(1.0)}),
	        ("twice", {"module.a": torch.ones(2), "a": torch.ones(2)}),
	        ("only_masks", {"state_dict": {}, "fc": [torch.ones(2)]}),
	        ("sparse", {"a": torch.eye(2).to_sparse()})):
	    torch.save(d, name + ".pt")
	END
	"$PYTHON" keys.py
	# The two tensors in order of their names, four bytes a number.
	for f in weights deep known empty_known; do
		from_pytorch $f.pt w
		[ "$(tail -c 12 w | od -An -tf4 | xargs)" = '3 1 2' ]
		rm w
	done
	from_pytorch --key params_ema two.pt w && rm w
	from_pytorch --key . both.pt w && rm w
	refused 'several state dicts, choose one by --key: params (2 tensors), params_ema (2 tensors)' \
		two.pt w
	refused '--key: . (2 tensors), teacher (2 tensors)' both.pt w
	refused "no state dict under 'ema', found params, params_ema" \
		--key ema two.pt w
	refused "none.pt: holds no state dict, found the keys 'optimizer', 'best', 'epoch'" \
		none.pt w
	refused 'empty.pt: holds no state dict, found the keys none' empty.pt w
	refused "scalar.pt: holds no state dict, found the keys 'a'" scalar.pt w
	refused "holds no state dict, found the keys 'state_dict', 'fc'" \
		only_masks.pt w
	refused "two tensors have the name 'a'" twice.pt w
	refused "two tensors have the name 'fc.bias'" \
		--rename fc.weight=fc.bias weights.pt w
	refused "'a' has type torch.float32, layout torch.sparse_coo" sparse.pt w
	refused 'is not pruned, so that m would be empty' weights.pt w m
}

@test 'masks go through torch.nn.utils.prune and come back' {
	lt-init -o a.safetensors --seed 1 lenet5
	lt-prune -q -o m.safetensors --rate 0.5 a.safetensors
	to_pytorch a.safetensors pruned.pt m.safetensors
	cat >again.py <<-'END'
	import torch, torch.nn as nn, torch.nn.utils.prune as prune
	state = torch.load("pruned.pt")
	names = sorted({k.rsplit(".", 1)[0] for k in state})
	net = nn.Module()
	for n in names:
	    w = state[n + ".weight_orig"]
	    net.add_module(n, nn.Linear(w.shape[1], w.shape[0]) if w.dim() == 2
	                   else nn.Conv2d(w.shape[1], w.shape[0], w.shape[2]))
	for n, m in net.named_children():
	    if n + ".weight_mask" in state:
	        prune.identity(m, "weight")
	net.load_state_dict(state)
	kept = sum(int(m.weight_mask.sum()) for m in net.children())
	assert kept == 30735, kept
	torch.save(net.state_dict(), "again.pt")
	END
	"$PYTHON" again.py
	run -1 --separate-stderr from_pytorch again.pt w
	[[ "$stderr" == *'name a file for its masks'* ]]
	from_pytorch again.pt w b.mask
	lt-hamming --within 0 m.safetensors b.mask
	lt-init --from w -o b.safetensors lenet5
	synth d 40 10 1x28x28
	lt-eval -q -d d.data -m m.safetensors a.safetensors >a.tsv
	lt-eval -q -d d.data -m b.mask b.safetensors >b.tsv
	same a.tsv b.tsv
}

# A column is a number where each of its cells is one, NaN or infinite, in every
# program that is installed; the second argument names the columns that must be.
# Polars looks at 100 rows unless told otherwise, and DuckDB takes a column that
# begins with inf for text.
typed_tables() {
	cat >typed.py <<-'END'
	import csv, re, sys
	read = {}
	try:
	    import pandas
	    read["pandas"] = lambda f: pandas.read_table(f).dtypes
	except ImportError:
	    pass
	try:
	    import polars
	    read["Polars"] = lambda f: polars.read_csv(
	        f, separator="\t", infer_schema_length=None).dtypes
	except ImportError:
	    pass
	try:
	    import duckdb
	    read["DuckDB"] = lambda f: duckdb.read_csv(
	        f, delimiter="\t").types
	except ImportError:
	    pass
	if not read:
	    sys.exit(77)
	whole = re.compile(r"-?\d+$")
	number = re.compile(r"-?\d+([.]\d+)?(e[-+]\d+)?$|NaN$|-?inf$")
	wrong = tables = 0
	for line in sys.stdin:
	    tables += 1
	    name, *wanted = line.rstrip("\n").split(" ")
	    with open(name, newline="") as f:
	        head, *rows = csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE)
	    if not all(len(r) == len(head) for r in rows):
	        sys.exit(name + ": a row has another number of cells")
	    columns = dict(zip(head, zip(*rows)))
	    for c in wanted:
	        if c.rstrip(":") not in columns:
	            sys.exit(f"{name}: no column {c}")
	        if not all(map(number.match, columns[c.rstrip(":")])) == c.endswith(":"):
	            sys.exit(f"{name}: {c} is a number, or text")
	    for program, types in read.items():
	        found = [str(t).lower() for t in types(name)]
	        if len(found) != len(head):
	            sys.exit(f"{program}: {name}: {len(found)} columns")
	        for c, t in zip(head, found):
	            cells = columns.get(c, ())
	            if program == "DuckDB" and cells and "inf" in cells[0]:
	                continue
	            want = ("int" if all(map(whole.match, cells)) else
	                    "float|double" if all(map(number.match, cells)) else
	                    "str|object|varchar")
	            if cells and not re.search(want, t):
	                print(f"{program}: {name}: {c} is {t}, expected {want}")
	                wrong = 1
	sys.exit(wrong or not tables)
	END
	run "$PYTHON" typed.py
	[ "$status" != 77 ] || skip 'none of pandas, Polars and DuckDB is installed'
	[ "$status" = 0 ] || { echo "$output" >&2; return 1; }
}

@test 'every table of a program is read by pandas, Polars and DuckDB' {
	synth d 40 10 1x28x28
	lt-init -o a.st --seed 1 lenet5
	lt-train -q -d d.data -e 3 -b 20 --log log.tsv --profile profile.tsv \
		--val-data d.data --events e.events --stop-rate 0.5 --stop-start always \
		--stop-queue 2 --stop-eps 1 --stop-distances distances.tsv \
		--stop-info stop.tsv --save-epochs 1 --save-prefix e- -o t.st a.st
	lt-train -q -d d.data -e 1 -b 20 --log dry.log -o u.st a.st
	lt-eval -q -d d.data --predictions predictions.tsv --cost cost -o eval.tsv t.st
	lt-eval -q -d d.data --per-class -o per_class.tsv t.st
	lt-eval -q -d d.data --confusion -o confusion.tsv t.st
	lt-prune -q -r 0.5 -o a.mask t.st
	lt-prune -q -r 0.2 -o b.mask t.st
	lt-hamming --matrix -o matrix.tsv a.mask b.mask
	lt-prune --list-methods >methods.tsv
	lt-init --list >list.tsv
	lt-init --names -o names.tsv resnet20
	lt-init --print -o n.net lenet5
	for f in t.st a.mask d.data n.net log.tsv e.events; do
		lt-info --tsv -o info-$f.tsv $f
	done
	printf 'epoch\tindex\tcorrect\n1\t0\t1\n1\t1\t0\n1\t2\t1\n2\t2\t0\n' |
		lt-forget --table -o forget.tsv
	printf '1\n2\n' >some.idx
	lt-subset count --data d.data -o count.tsv some.idx
	lt-trajectory -q -d d.data --arcs 1 --path path.tsv -o one.tsv t.st
	lt-trajectory -q -d d.data --arcs 2 --layers -o layers.tsv t.st
	lt-trajectory -q -d d.data --arcs 2 --each -o each.tsv t.st
	printf '%s\n' 'network seed stage sparsity val_acc test_acc' 'a 1 0 0 70 60' \
		'a 1 1 20 75 NaN' 'a 2 0 0 70 60' 'a 2 1 20 75 61.5' | tr ' ' '\t' >search.tsv
	lt-score networks -q -o score.tsv search.tsv
	lt-score searches -q -o searches.tsv search.tsv
	# A colon: a number.  log.tsv has validation, dry.log none.
	cat >tables <<-'END'
	log.tsv epoch: iteration: lr: train_loss: val_loss: val_acc: mask_distance: macs:
	log.time.tsv epoch: seconds: cpu_seconds: images_per_s:
	dry.log val_loss: val_acc: mask_distance:
	dry.log.time.tsv epoch: seconds:
	profile.tsv node operator seconds: macs:
	distances.tsv epoch: distance:
	stop.tsv stopped: distance:
	predictions.tsv index: label: predicted: loss: margin:
	cost images: macs:
	cost.time.tsv seconds: cpu_seconds:
	eval.tsv samples: loss: top1: top5:
	per_class.tsv class: loss:
	confusion.tsv label: 0: 9:
	matrix.tsv mask a.mask: b.mask:
	methods.tsv method scope steps: seed:
	list.tsv kind name init
	names.tsv name shape
	info-t.st.tsv name count: density: W_std: kept_std:
	info-a.mask.tsv name count: density:
	info-d.data.tsv class: name: count:
	info-n.net.tsv node parameters: multiply_adds:
	info-log.tsv.tsv fact value
	info-e.events.tsv fact value
	forget.tsv index: count: learned:
	count.tsv list class: share:
	one.tsv checkpoint arcs: length: length_std:
	path.tsv checkpoint arc: x: y:
	layers.tsv node length:
	each.tsv arc: length:
	score.tsv network
	searches.tsv network seed:
	END
	[ "$(cut -d ' ' -f 1 tables | sort)" = \
		"$(ls *.tsv cost dry.log | grep -vx search.tsv)" ]
	typed_tables <tables
}

@test 'every table of a workflow is read by pandas, Polars and DuckDB' {
	find "$ROOT/examples" -name '*.tsv' >tables
	[ "$(wc -l <tables)" -gt 50 ]
	typed_tables <tables
}

@test 'index lists of numpy are taken' {
	"$PYTHON" - <<-'END'
	import numpy as np
	np.save("split.npy", np.random.RandomState(0).permutation(50)[:30])
	END
	synth d 50 10 1x28x28
	lt-subset union --data d.data split.npy >train.idx
	[ "$(wc -l <train.idx)" = 30 ]
	sort -c train.idx
	lt-subset complement --data d.data split.npy >val.idx
	[ "$(wc -l <val.idx)" = 20 ]
}

@test 'files of the safetensors package are taken, and taken by it' {
	"$PYTHON" -c 'import safetensors.torch' 2>/dev/null ||
		skip 'no safetensors'
	synth d 40 10 3x32x32
	lt-init -o a.safetensors --seed 1 resnet20
	"$PYTHON" - "$ROOT/tests/torch" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	import lt_torch, torch
	from safetensors.torch import load_file, save_file
	state = load_file("a.safetensors")
	net, _ = lt_torch.load_checkpoint("a.safetensors")
	net.load_state_dict(state, strict=True)
	save_file(net.state_dict(), "w.safetensors", {"format": "pt"})
	save_file({k: v.half() for k, v in state.items()}, "h.safetensors")
	END
	lt-eval -q -d d.data a.safetensors >a.tsv
	lt-eval -q -d d.data --net resnet20 w.safetensors >w.tsv
	same a.tsv w.tsv
	lt-prune --net resnet20 --rate 0.5 -o h.mask h.safetensors
	lt-train -q -d d.data -e 1 -b 20 --net resnet20 -m h.mask -o t h.safetensors
	[ "$(lt-info t | awk '$1 == "net" { print $2 }')" = resnet20 ]
	[ "$(lt-info --tsv h.safetensors | awk '$2 == "F16"' | wc -l)" -gt 60 ]
}

@test 'the Python version of CIFAR becomes the binary version' {
	mkdir -p py/cifar-10-batches-py py/cifar-100-python
	# Pixels count up by image, row of bytes and channel.
	"$PYTHON" - <<-'END'
	import numpy, os, pickle
	def batch(path, first, labels):
	    n = len(next(iter(labels.values())))
	    data = (numpy.arange(n * 3072) // 7 + first).astype("uint8")
	    d = dict(labels, data=data.reshape(n, 3072), batch_label="x")
	    pickle.dump({k.encode(): v for k, v in d.items()},
	                open("py/" + path, "wb"), protocol=2)
	for i in range(1, 6):
	    batch("cifar-10-batches-py/data_batch_%d" % i, i, {"labels": [i, 9]})
	batch("cifar-10-batches-py/test_batch", 6, {"labels": [0]})
	pickle.dump({b"label_names": [b"%c" % c for c in b"abcdefghij"]},
	            open("py/cifar-10-batches-py/batches.meta", "wb"))
	for i, f in enumerate(("train", "test")):
	    batch("cifar-100-python/" + f, i, {"coarse_labels": [19, i],
	                                        "fine_labels": [99, 50]})
	pickle.dump({b"coarse_label_names": [b"c%d" % i for i in range(20)],
	             b"fine_label_names": [b"f%d" % i for i in range(100)]},
	            open("py/cifar-100-python/meta", "wb"))
	END
	convert() {
		"$PYTHON" "$ROOT/examples/cifar_from_python.py" "$@"
	}
	run -0 --separate-stderr convert --help
	[[ "$output" == *'cifar_from_python.py cifar-10-batches-py cifar-10-batches-bin'* ]]
	run -2 --separate-stderr convert py
	[ -z "$output" ]
	refuses 65 'data_batch_1: is a pickle of Python, as in the Python version of CIFAR' \
		lt-data pack -o ten.data py/cifar-10-batches-py/data_batch_1
	convert py/cifar-10-batches-py ten
	convert py/cifar-100-python hundred
	lt-data pack -q -o ten.data ten
	[ "$(lt-info --tsv ten.data | tail -n 10 | cut -f 2,3 | xargs)" = \
		'a 0 b 1 c 1 d 1 e 1 f 1 g 0 h 0 i 0 j 5' ]
	lt-data pack -q -o test.data --split test hundred
	[ "$(lt-info --tsv test.data | awk '$3 > 0' | xargs)" = \
		'class name count 50 f50 1 99 f99 1' ]
	lt-data pack -q --split test --coarse -o coarse.data hundred
	[ "$(lt-info --tsv coarse.data | awk '$3 > 0' | xargs)" = \
		'class name count 1 c1 1 19 c19 1' ]
	# Byte k of image 1 of batch 4 is (3072 + k) / 7 + 4, its label 9.
	[ "$(od -An -tu1 -j 3073 -N 4 ten/data_batch_4.bin | xargs)" = \
		'9 186 187 187' ]
	# What would run code is not read.
	"$PYTHON" - <<-'END'
	import os, pickle
	class Harm:
	    def __reduce__(self):
	        return os.system, ("touch harm",)
	pickle.dump(Harm(), open("py/cifar-100-python/train", "wb"))
	END
	run -1 --separate-stderr convert py/cifar-100-python bad
	[[ "$stderr" == *'train: not a file of CIFAR: contains posix.system, '* ]]
	[ ! -e harm ] && [ ! -e bad ]
}

@test 'a state dict that torch.nn.utils.prune made is a mask as it is' {
	lt-init -o a.safetensors --seed 1 lenet5
	cat >prune.py <<-'END'
	import sys, torch
	from torch.nn.utils import prune
	sys.path.insert(0, sys.argv[1])
	import lt_torch
	torch.manual_seed(1)
	net, _ = lt_torch.load_checkpoint("a.safetensors")
	for m in list(net.modules()):
	    if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear)):
	        prune.random_unstructured(m, "weight", 0.5)
	state = {"module." + k: v.numpy() for k, v in net.state_dict().items()}
	lt_torch.write("state", state)
	lt_torch.write("want", {k[7:]: v != 0 for k, v in state.items()
	                        if k.endswith("_mask")})
	# What the network computes with, without masks.
	for m in net.modules():
	    if hasattr(m, "weight_mask"):
	        prune.remove(m, "weight")
	lt_torch.write("zeros", {k: v.numpy() for k, v in net.state_dict().items()})
	END
	"$PYTHON" prune.py "$ROOT/tests/torch"
	lt-prune -q -r 0 -m state -o m.mask a.safetensors
	[ "$(lt-hamming m.mask want)" = 0 ]
	lt-prune -q --from-zeros --net lenet5 -o z.mask zeros
	[ "$(lt-hamming z.mask want)" = 0 ]
}
