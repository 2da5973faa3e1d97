#!/usr/bin/env python3
"""Files that lt and PyTorch hand each other.

    interop.py state CHECKPOINT OUT   the state_dict back out, with the net
                                      text, for lt-info --reseal
    interop.py prune CHECKPOINT MASK  the mask by torch.nn.utils.prune
"""
import sys

import torch.nn.utils.prune as prune

import lt_torch


def state(checkpoint, out):
    net, meta = lt_torch.load_checkpoint(checkpoint)
    lt_torch.write(out, {k: v.numpy() for k, v in net.state_dict().items()},
                   {k: meta[k] for k in ("lt.net", "lt.kind")})


def masked(checkpoint, mask):
    import torch
    net, _ = lt_torch.load_checkpoint(checkpoint)
    keeps = lt_torch.read(mask)[0]
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


if __name__ == "__main__":
    {"state": state, "prune": masked}[sys.argv[1]](*sys.argv[2:])
