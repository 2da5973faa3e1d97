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
import struct

import torch

NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
         torch.float64: "F64", torch.int64: "I64", torch.bool: "BOOL"}


def load(path):
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except TypeError:  # before 1.13
        raise SystemExit("from_pytorch: PyTorch 1.13 or newer is needed")
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
        header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape),
                        "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(data))


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("model")
    p.add_argument("weights")
    p.add_argument("mask", nargs="?")
    p.add_argument("--rename", action="append", default=[])
    args = p.parse_args()
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
