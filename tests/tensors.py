"""A safetensors file by Python's own modules, for tests that calculate by hand."""
import json
import struct

CODES = {"F32": "f", "BOOL": "?", "U8": "B", "I32": "i", "I64": "q"}


def tensors(path):
    """The metadata, and the values of each tensor as a list."""
    with open(path, "rb") as f:
        b = f.read()
    n, = struct.unpack("<Q", b[:8])
    h = json.loads(b[8:8 + n])
    meta, b = h.pop("__metadata__"), b[8 + n:]
    return meta, {k: [v for v, in struct.iter_unpack(
        "<" + CODES[t["dtype"]], b[slice(*t["data_offsets"])])]
        for k, t in h.items()}


def samples(path):
    """The normalized pixels of each sample of a data set, and the labels."""
    meta, images = tensors(path)
    mean, std = (float(meta[k].strip("[]")) for k in ("lt.mean", "lt.std"))
    pixels = [(v / 255 - mean) / std for v in images["images"]]
    labels = images["labels"]
    n = len(pixels) // len(labels)
    return [pixels[i:i + n] for i in range(0, len(pixels), n)], labels
