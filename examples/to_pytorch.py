#!/usr/bin/env python3
"""Convert a checkpoint of lt, and a mask, to a state dict of PyTorch.

    to_pytorch.py CHECKPOINT.safetensors MODEL.pt [MASK.safetensors]

The names are those of the module: model.load_state_dict(torch.load("MODEL.pt")).
With a mask, pruned weights are stored as torch.nn.utils.prune stores them
(weight_orig and weight_mask).  A module must be pruned, by any mask, before it
can load them:

    for name, module in model.named_modules():
        if name + ".weight_mask" in state:
            torch.nn.utils.prune.identity(module, "weight")
    model.load_state_dict(state)

Only PyTorch is needed.
"""
import json
import os
import struct
import sys

import torch

TYPES = {"F32": torch.float32, "I64": torch.int64, "I32": torch.int32,
         "U8": torch.uint8, "BOOL": torch.bool}


def read(path):
    """The tensors of a file of lt, data sets included, by name."""
    with open(path, "rb") as f:
        size, = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(size))
        data = bytearray(f.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, t in header.items():
        begin, end = t["data_offsets"]
        flat = torch.frombuffer(data[begin:end], dtype=TYPES[t["dtype"]])
        tensors[name] = flat.reshape(t["shape"]).clone()
    return tensors


def main():
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    state = read(sys.argv[1])
    for mask, keep in read(sys.argv[3]).items() if sys.argv[3:] else ():
        name = mask[:-len("_mask")]
        if name not in state:
            raise SystemExit("to_pytorch: %s: '%s' is not in %s" % (
                sys.argv[3], mask, sys.argv[1]))
        state[name + "_orig"] = state.pop(name)
        state[mask] = keep.to(torch.float32)
    torch.save(state, sys.argv[2] + ".part")
    os.replace(sys.argv[2] + ".part", sys.argv[2])


if __name__ == "__main__":
    main()
