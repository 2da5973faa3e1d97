"""lt's safetensors by numpy alone: an import of torch takes two seconds."""
import json
import struct
import zlib

import numpy as np

DTYPES = {"F32": np.float32, "I64": np.int64, "I32": np.int32,
          "U8": np.uint8, "BOOL": np.bool_}
NAMES = {np.dtype(v): k for k, v in DTYPES.items()}


def read(path, only=None):
    """Tensors (numpy arrays) by name, and the metadata."""
    with open(path, "rb") as f:
        head = f.read(8)
        size, = struct.unpack("<Q", head)
        text = f.read(size)
        header = json.loads(text)
        meta = header.pop("__metadata__", {})
        data = f.read()
    if "lt.crc32" in meta:
        check_crc(path, head + text, data, meta["lt.crc32"])
    tensors = {}
    for name, t in header.items():
        if only is None or name in only:
            begin, end = t["data_offsets"]
            a = np.frombuffer(data[begin:end], dtype=DTYPES[t["dtype"]])
            tensors[name] = a.reshape(t["shape"]).copy()
    return tensors, meta


def check_crc(path, head, data, found):
    """The file's own CRC-32 is that of the file with its digits, and those of
    the header's CRC, all 0."""
    for key in (b'"lt.crc32":"', b'"lt.header_crc32":"'):
        at = head.find(key) + len(key)
        if at >= len(key):
            head = head[:at] + b"0" * 8 + head[at + 8:]
    crc = zlib.crc32(data, zlib.crc32(head))
    if "%08x" % crc != found:
        raise ValueError("%s: lt.crc32 is %s, found %08x" % (path, found, crc))


def write(path, tensors, meta=None):
    """A file as any program but lt writes it: with no CRC."""
    arrays = {k: np.require(v, requirements="C") for k, v in tensors.items()}
    order = sorted(arrays, key=lambda k: (-arrays[k].itemsize, k))
    header, at = {"__metadata__": dict({"format": "pt"}, **(meta or {}))}, 0
    for k in order:
        a = arrays[k]
        header[k] = {"dtype": NAMES[a.dtype], "shape": list(a.shape),
                     "data_offsets": [at, at + a.nbytes]}
        at += a.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for k in order:
            f.write(arrays[k].tobytes())
