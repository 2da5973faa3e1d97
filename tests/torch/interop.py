#!/usr/bin/env python3
"""Files that lt and PyTorch hand each other.

    interop.py state CHECKPOINT OUT   the state_dict back out, with the net
                                      text, for lt-info --reseal
    interop.py prune CHECKPOINT MASK  the mask by torch.nn.utils.prune
    interop.py draw CHECKPOINT OUT    its network's weights drawn anew, for
                                      lt-init --from: every parameter matters,
                                      and statistics are as if trained
"""
import sys

import numpy as np

import lt_files


def state(checkpoint, out):
    import lt_torch
    net, meta = lt_torch.load_checkpoint(checkpoint)
    lt_files.write(out, {k: v.numpy() for k, v in net.state_dict().items()},
                   {k: meta[k] for k in ("lt.net", "lt.kind")})


def masked(checkpoint, mask):
    import torch
    import torch.nn.utils.prune as prune
    import lt_torch
    net, _ = lt_torch.load_checkpoint(checkpoint)
    keeps = lt_files.read(mask)[0]
    modules = dict(net.named_modules())
    for name, keep in keeps.items():
        module, weight = name[:-len("_mask")].rsplit(".", 1)
        prune.custom_from_mask(modules[module], weight,
                               torch.from_numpy(keep))
    found = net.state_dict()
    for name, keep in keeps.items():
        kept = int(found[name].sum())
        print("%s %d of %d" % (name, kept, keep.size))
        if kept != int(keep.sum()):
            sys.exit("interop: %s: %d kept, not %d" % (name, kept, keep.sum()))


def draw(checkpoint, out):
    rng = np.random.RandomState(1)
    tensors = lt_files.read(checkpoint)[0]
    for name, t in sorted(tensors.items()):
        kind = name.rsplit(".", 1)[1]
        if kind == "num_batches_tracked":
            continue
        if t.ndim > 1:
            new = rng.randn(*t.shape) * (2 / t[0].size) ** 0.5
        elif kind in ("weight", "running_var"):
            new = rng.uniform(0.5, 1.5, t.shape)
        else:
            new = rng.randn(*t.shape) * 0.1
        tensors[name] = new.astype(t.dtype)
    lt_files.write(out, tensors)


if __name__ == "__main__":
    {"state": state, "prune": masked, "draw": draw}[sys.argv[1]](*sys.argv[2:])
