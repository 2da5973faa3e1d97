#!/usr/bin/env python3
"""Convert the Python version of CIFAR-10 or CIFAR-100 to the binary version, which
lt-data reads.

    cifar_from_python.py cifar-10-batches-py cifar-10-batches-bin
    cifar_from_python.py cifar-100-python cifar-100-binary

The first folder is the one that torchvision writes; this program makes the
second.  The files are pickles, which may run any code when they are read; this
program accepts only arrays of NumPy in them.  It keeps the order of labels,
pixels and names.
"""
import os
import pickle
import sys

ALLOWED = {("_codecs", "encode"), ("numpy", "dtype"), ("numpy", "ndarray"),
           ("numpy.core.multiarray", "_reconstruct"),
           ("numpy._core.multiarray", "_reconstruct")}
CIFAR10 = ([("data_batch_%d" % i, "data_batch_%d.bin" % i)
            for i in range(1, 6)] + [("test_batch", "test_batch.bin")],
           ["labels"], "batches.meta", {"label_names": "batches.meta.txt"})
CIFAR100 = ([("train", "train.bin"), ("test", "test.bin")],
            ["coarse_labels", "fine_labels"], "meta",
            {"coarse_label_names": "coarse_label_names.txt",
             "fine_label_names": "fine_label_names.txt"})


def fail(path, what):
    raise SystemExit("cifar_from_python: %s: %s" % (path, what))


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError("contains %s.%s, expected arrays only"
                                         % (module, name))
        return super().find_class(module, name)


def load(folder, name):
    path = os.path.join(folder, name)
    try:
        with open(path, "rb") as f:
            found = Reader(f, encoding="bytes").load()
        return path, {k.decode(): v for k, v in found.items()}
    except OSError as e:
        fail(path, e.strerror)
    except Exception as e:  # its reader has many, of many kinds
        fail(path, "not a file of CIFAR: %s" % e)


def records(path, batch, labels):
    try:
        data = batch["data"]
        columns = [batch[k] for k in labels]
    except KeyError as e:
        fail(path, "has no %s" % e)
    n = len(data)
    if getattr(data, "shape", None) != (n, 3072) or data.dtype != "uint8":
        fail(path, "expected images of 3072 bytes")
    if not n or any(len(c) != n for c in columns):
        fail(path, "%d images, expected as many labels" % n)
    try:
        return b"".join(bytes([c[i] for c in columns]) + data[i].tobytes()
                        for i in range(n))
    except (TypeError, ValueError):
        fail(path, "expected labels of 0 to 255")


def main():
    if sys.argv[1:] == ["--help"]:
        print(__doc__, end="")
        return
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        print(__doc__, end="", file=sys.stderr)
        raise SystemExit(2)
    source, target = sys.argv[1:]
    ten = os.path.exists(os.path.join(source, "data_batch_1"))
    files, labels, meta, lists = CIFAR10 if ten else CIFAR100
    out = {}
    for name, to in files:
        path, batch = load(source, name)
        out[to] = records(path, batch, labels)
    path, names = load(source, meta)
    for key, to in lists.items():
        if key not in names:
            fail(path, "has no '%s'" % key)
        out[to] = b"".join(name + b"\n" for name in names[key])
    os.makedirs(target, exist_ok=True)
    for name, data in out.items():
        part = os.path.join(target, name + ".part")
        with open(part, "wb") as f:
            f.write(data)
        os.replace(part, os.path.join(target, name))


if __name__ == "__main__":
    main()
