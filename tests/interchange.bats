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
	refuses 65 'carries its network' \
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

@test 'tables are read by pandas with no options' {
	"$PYTHON" -c 'import pandas' 2>/dev/null || skip 'no pandas'
	synth d 40 10 1x28x28
	lt-init -o a.safetensors --seed 1 lenet5
	lt-train -q -d d.data -e 2 -b 20 --log log.tsv -o t.safetensors \
		a.safetensors
	lt-eval -q -d d.data --predictions p.tsv t.safetensors >e.tsv
	"$PYTHON" - <<-'END'
	import pandas as pd
	log = pd.read_table("log.tsv")
	assert list(log.epoch) == [1, 2] and log.train_loss.dtype == "float64"
	assert log.val_loss.isna().all()
	p = pd.read_table("p.tsv")
	assert len(p) == 40 and str(p.predicted.dtype) == "int64"
	assert (p.entropy >= 0).all() and p.margin.between(-1, 1).all()
	END
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
	[[ "$stderr" == *'train: not a file of CIFAR: holds posix.system, '* ]]
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
