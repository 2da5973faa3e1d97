#!/usr/bin/env python3
"""Models of ONNX, made by examples/to_onnx.py, compute the logits of lt.

    onnx_models.py <NETWORKS

Each line of NETWORKS has the shape of images, the number of classes, and
arguments of lt-init that name a network, or "= CHECKPOINT".  All weights and
statistics of a network of lt-init are drawn anew, so that each of them matters.
A fifth of the weights are masked.  Three models of it run in onnxruntime: with pixels, without a mask; with
normalized images and the mask folded into the weights; with pixels, and with
weights and mask apart.  Each takes the images at once and in two batches.  A
difference from the logits that tests/torch/dump writes is at most 1e-5 of the
largest logit.
"""
import os
import shutil
import subprocess
import sys

import numpy as np
import onnxruntime

import interop
import lt_files

sys.path.insert(1, os.path.join(os.environ["ROOT"], "examples"))
import to_onnx  # noqa: E402

IMAGES = 5


def lt(*command):
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def logits(*mask):
    lt(os.environ["BUILD"] + "/torch/dump", "f32", "logits", "a.st", "d.data",
       "0", "1", "0", str(IMAGES), *mask)
    return lt_files.read("logits")[0]["logits"]


def session(*arguments):
    sys.argv = ["to_onnx.py", "a.st", "a.onnx", *arguments]
    to_onnx.main()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession("a.onnx", options,
                                        providers=["CPUExecutionProvider"])


def error(model, images, exact):
    """Relative to the largest logit; NaN where the logits say nothing."""
    name = model.get_inputs()[0].name
    parts = [[images[name]], [images[name][:3], images[name][3:]]]
    found = [np.concatenate([model.run(["logits"], {name: x})[0] for x in p])
             for p in parts]
    most = np.abs(exact).max()
    if np.ptp(exact, axis=0).max() < 1e-3 * most:
        return np.nan  # hardly anything but the last bias reaches them
    return max(np.abs(f - exact).max() for f in found) / most


def network(shape, classes, *net):
    lt("lt-data", "synth", "-q", "-o", "d.data", "--count", str(IMAGES),
       "--classes", classes, "--shape", shape, "--seed", "1")
    tensors, meta = lt_files.read("d.data")
    mean, std = (meta[k] for k in ("lt.mean", "lt.std"))
    if net[0] == "=":
        shutil.copy(net[1], "a.st")
    else:
        lt("lt-init", "-o", "a.st", *net)
        interop.draw("a.st", "w")
        lt("lt-init", "--from", "w", "--mean", mean, "--std", std, "-o",
           "a.st", *net)
    lt("lt-prune", "-q", "-r", "0.2", "--method", "random", "-o", "m.mask",
       "a.st")
    by = [np.array(v.split(","), np.float32).reshape(1, -1, 1, 1)
          for v in (mean, std)]
    images = {"pixels": tensors["images"], "input":
              (tensors["images"].astype(np.float32) / 255 - by[0]) / by[1]}
    exact = logits()
    errors = [error(session(), images, exact)]
    exact = logits("m.mask")
    errors.append(error(session("m.mask", "--normalized"), images, exact))
    errors.append(error(session("m.mask", "--separate"), images, exact))
    return errors


def main():
    bad = count = 0
    for line in sys.stdin:
        errors = network(*line.split())
        ok = all(e <= 1e-5 for e in errors)  # false for NaN
        bad |= not ok
        count += 1
        print("%s %s %s" % ("ok" if ok else "not ok", line.rstrip(),
                            " ".join("%.2g" % e for e in errors)), flush=True)
    return bad or not count


if __name__ == "__main__":
    sys.exit(main())
