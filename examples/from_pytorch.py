#!/usr/bin/env python3
"""PyTorch's state dict as safetensors, which lt-init --from reads.

    from_pytorch.py MODEL.pth WEIGHTS.safetensors [MASK.safetensors]
                    [--key KEY] [--rename OLD=NEW]...

MODEL.pth was written by any version of torch.save and holds a state dict, or a
dictionary that has one under "state_dict", "model" or "net", or has one alone
under any other key.  Where there are several, they are listed, and --key names
one of them.  Only tensors are loaded, no code is run.  "module." before names
is dropped, and --rename changes the beginning of names.  Of layers that
torch.nn.utils.prune has pruned (weight_orig and weight_mask) the weights are
masked, and the masks go to MASK.safetensors.  Nothing but PyTorch is needed.
Then:

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


def is_state(found):
    """A scalar alone, as the best accuracy, makes no state dict."""
    return any(isinstance(k, str) and torch.is_tensor(v) and v.dim()
               for k, v in found.items())


def states(found, path=()):
    """Every state dict in the dictionaries below, and its path of keys.  An
    optimizer counts its parameters; those are no names."""
    if is_state(found):
        yield "/".join(path) or ".", found
    for k, v in found.items():
        if isinstance(k, str) and isinstance(v, dict):
            yield from states(v, path + (k,))


def choose(path, found, key):
    there = dict(states(found))
    if key is not None and key not in there:
        fail(path, "no state dict under '%s', found %s"
             % (key, ", ".join(there) or "none"))
    if key is not None:
        return there[key]
    usual = found
    while True:
        inner = [usual[k] for k in ("state_dict", "model", "net")
                 if isinstance(usual.get(k), dict)]
        if not inner:
            break
        usual = inner[0]
    if usual is not found and is_state(usual):
        return usual
    if not there:
        fail(path, "holds no state dict, found the keys %s"
             % (", ".join(map(repr, list(found)[:8])) or "none"))
    if len(there) > 1:
        fail(path, "holds several state dicts, choose one by --key: "
             + ", ".join("%s (%d tensors)" % (k, sum(map(
                 torch.is_tensor, v.values()))) for k, v in there.items()))
    return next(iter(there.values()))


def renamed(path, state, new_name):
    out = {}
    for old, v in state.items():
        new = new_name(old)
        if new in out:
            fail(path, "two tensors have the name '%s' after renaming" % new)
        out[new] = v
    return out


def load(path, key):
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as e:
        fail(path, e.strerror)
    except TypeError:  # before 1.13
        fail(path, "PyTorch 1.13 or newer is needed to read it safely")
    except Exception:  # its reader has many, of many kinds
        # 1.13 knows no Python floats, as an optimizer's settings are.
        fail(path, "not a state dict that PyTorch %s loads without running "
             "code; a newer PyTorch may" % torch.__version__)
    if not isinstance(found, dict):
        fail(path, "not a dictionary, expected a state dict")
    state = choose(path, found, key)
    return renamed(path, {k: v for k, v in state.items()
                          if isinstance(k, str) and torch.is_tensor(v)},
                   lambda k: k[7:] if k.startswith("module.") else k)


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
    assert tensors
    header, data, at = {}, [], 0
    order = sorted(tensors, key=lambda k: (-tensors[k].element_size(), k))
    for name in order:
        t = tensors[name].detach()
        if t.dtype not in NAMES or t.layout != torch.strided:
            fail(path, "'%s' has type %s, layout %s" % (name, t.dtype, t.layout))
        t = t.contiguous()
        raw = bytes(t.reshape(-1).view(torch.uint8).numpy()) if t.numel() \
            else b""
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
                                "[--key KEY] [--rename OLD=NEW]...", description=__doc__,
                                formatter_class=argparse.
                                RawDescriptionHelpFormatter)
    p.add_argument("model")
    p.add_argument("weights")
    p.add_argument("mask", nargs="?")
    p.add_argument("--key")
    p.add_argument("--rename", action="append", default=[])
    args = p.parse_args()
    if any("=" not in pair for pair in args.rename):
        p.error("--rename: expected OLD=NEW")
    state = load(args.model, args.key)
    for old, new in (pair.split("=", 1) for pair in args.rename):
        state = renamed(args.model, state, lambda k: new + k[len(old):]
                        if k.startswith(old) else k)
    masks = take_masks(state)
    if masks and not args.mask:
        raise SystemExit("from_pytorch: the model is pruned: name a file for "
                         "its masks as well")
    if args.mask and not masks:
        fail(args.model, "the model is not pruned, so that %s would be empty"
             % args.mask)
    write(args.weights, state)
    if args.mask:
        write(args.mask, masks)


if __name__ == "__main__":
    main()
