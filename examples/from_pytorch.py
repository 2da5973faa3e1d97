#!/usr/bin/env python3
"""PyTorch's state dict as safetensors, which lt-init --from reads.

    from_pytorch.py MODEL.pth WEIGHTS.safetensors [MASK.safetensors]
                    [--rename OLD=NEW]...

MODEL.pth holds a state dict, or a dictionary that has one under "state_dict",
"model" or "net", of any version of torch.save; only tensors are loaded, no code
is run.  "module." before names is dropped, and --rename changes the beginning
of names.  Of layers that torch.nn.utils.prune has pruned (weight_orig and
weight_mask) the weights are masked, and the masks go to MASK.safetensors.
Nothing but PyTorch is needed.  Then:

    lt-init --from WEIGHTS.safetensors -o model.safetensors NET
"""
import argparse
import json
import os
import struct

import torch

NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
         torch.float64: "F64", torch.int64: "I64", torch.int32: "I32",
         torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8",
         torch.bool: "BOOL"}


def fail(path, what):
    raise SystemExit("from_pytorch: %s: %s" % (path, what))


def load(path):
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as e:
        fail(path, e.strerror)
    except TypeError:  # before 1.13
        fail(path, "PyTorch 1.13 or newer is needed to read it safely")
    except Exception:  # its reader has many, of many kinds
        fail(path, "not a state dict that loads without running code")
    if not isinstance(found, dict):
        fail(path, "not a dictionary, expected a state dict")
    for key in ("state_dict", "model", "net"):
        if isinstance(found.get(key), dict):
            found = found[key]
    return {k[7:] if k.startswith("module.") else k: v
            for k, v in found.items() if torch.is_tensor(v)}


def take_masks(state):
    """Replace each X_orig and X_mask by their product; the masks."""
    masks = {}
    for mask in [k for k in state if k.endswith("_mask")]:
        name = mask[:-len("_mask")]
        if name + "_orig" not in state:
            continue  # a mask of another kind
        keep = state.pop(mask) != 0
        weight = state.pop(name + "_orig")
        state[name] = torch.where(keep, weight, torch.zeros_like(weight))
        masks[mask] = keep
    return masks


def write(path, tensors):
    header, data, at = {}, [], 0
    order = sorted(tensors, key=lambda k: (-tensors[k].element_size(), k))
    for name in order:
        t = tensors[name].detach().contiguous()
        raw = bytes(t.reshape(-1).view(torch.uint8).numpy()) if t.numel() \
            else b""
        if t.dtype not in NAMES:
            fail(path, "'%s' is of %s" % (name, t.dtype))
        header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape),
                        "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)
    with open(path + ".part", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(data))
    os.replace(path + ".part", path)


def main():
    p = argparse.ArgumentParser(usage="from_pytorch.py MODEL WEIGHTS [MASK] "
                                "[--rename OLD=NEW]...", description=__doc__,
                                formatter_class=argparse.
                                RawDescriptionHelpFormatter)
    p.add_argument("model")
    p.add_argument("weights")
    p.add_argument("mask", nargs="?")
    p.add_argument("--rename", action="append", default=[])
    args = p.parse_args()
    if any("=" not in pair for pair in args.rename):
        p.error("--rename: expected OLD=NEW")
    state = load(args.model)
    for old, new in (pair.split("=", 1) for pair in args.rename):
        state = {new + k[len(old):] if k.startswith(old) else k: v
                 for k, v in state.items()}
    masks = take_masks(state)
    if masks and not args.mask:
        raise SystemExit("from_pytorch: the model is pruned: name a file for "
                         "its masks as well")
    write(args.weights, state)
    if args.mask:
        write(args.mask, masks)


if __name__ == "__main__":
    main()
