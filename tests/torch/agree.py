#!/usr/bin/env python3
"""Does the engine compute what PyTorch computes?

    agree.py [--bf16] DUMP_PROGRAM CHECKPOINT DATA GRADS SMALL STEPS BATCH [MASK]

Three questions, asked of float32 PyTorch's own inexactness (see dump.c for the
numbers):

logits    largest difference from float64 PyTorch over the largest logit:
          at most 1e-5.
gradient  distance of the whole gradient vector from float64 PyTorch's over its
          length: the median of GRADS batches of SMALL samples at most twice
          the median of float32 PyTorch's, of its two memory formats the worse
          (or 1e-5).  With no STEPS also at most 1e-4, or twice that of the
          better format: of networks without kinks.  Elsewhere one ReLU that
          rounds to the other side moves a gradient a thousand times further
          than all rounding does, in PyTorch's as in ours: so batches are
          small, and the median is of those where none did.
weights   after STEPS steps (0: none), distance from PyTorch's contiguous
          weights over the way they went: at most twice the larger of the
          distances of its channels-last ones and of those with each batch in
          reverse order (in some versions lenet5 runs the very same code in
          both formats).  The running statistics of batch norms likewise.

With --bf16, the engine's bf16 mode beside bfloat16 autocast: of logits and of
gradients, the distance from float64 PyTorch is at most autocast's, of its two
memory formats the worse.

Prints a line each, "ok" or "not ok"; status 1 when one is not.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

import lt_torch

CONTIGUOUS = torch.contiguous_format
FORMATS = (CONTIGUOUS, torch.channels_last)


class Judge:
    def __init__(self):
        self.bad = False

    def that(self, what, ok):
        self.bad |= not ok
        print("%s %s" % ("ok" if ok else "not ok", what))

    def says(self, what, value, limit):
        ok = value <= limit  # false for NaN
        self.that("%s: %.3g, limit %.3g" % (what, value, limit), ok)


def vector(named):
    """All of a dictionary's tensors in one, in double."""
    return torch.cat([torch.as_tensor(named[k]).double().flatten()
                      for k in sorted(named)])


def under(tensors, prefix):
    return {k[len(prefix):]: v for k, v in tensors.items()
            if k.startswith(prefix)}


def batches(args, count, size, dtype, layout=CONTIGUOUS, reverse=False):
    x, y = lt_torch.load_data(args.data, size * count, dtype)
    for x, y in zip(x.split(size), y.split(size)):
        if reverse:
            x, y = x.flip(0), y.flip(0)
        yield x.contiguous(memory_format=layout), y


def network(args, dtype, layout=CONTIGUOUS):
    net, _ = lt_torch.load_checkpoint(args.checkpoint, dtype)
    if args.mask:
        lt_torch.apply_mask(net, args.mask)
    return net.to(memory_format=layout)


def autocast(on):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=on)


def gradients(args, dtype, layout=CONTIGUOUS, bf16=False):
    found = []
    net = network(args, dtype, layout).train()
    for x, y in batches(args, args.grads, args.small, dtype, layout):
        net.zero_grad(set_to_none=True)
        with autocast(bf16):
            logits = net(x)
        F.cross_entropy(logits.to(dtype), y).backward()
        # What no output depends on has no gradient, in ours 0.
        found.append(vector({k: torch.zeros_like(p) if p.grad is None
                             else p.grad for k, p in net.named_parameters()}))
    return found


def train(args, layout, reverse=False):
    net = network(args, torch.float32, layout).train()
    sgd = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9,
                          weight_decay=1e-4)
    for x, y in batches(args, args.steps, args.batch, torch.float32, layout,
                        reverse):
        sgd.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), y).backward()
        sgd.step()
    return net.state_dict()


def compare_logits(args, ours, judge):
    (x, _), = batches(args, 1, args.batch, torch.float64)
    with torch.no_grad():
        exact = network(args, torch.float64).eval()(x).numpy()
    error = np.abs(ours["logits"] - exact).max() / np.abs(exact).max()
    judge.says("logits", error, 1e-5)


def median_error(found, exact):
    each = [float((f - e).norm() / e.norm()) for f, e in zip(found, exact)]
    print("# gradient: " + " ".join("%.2g" % e for e in each))
    return float(np.median(each))


def compare_bf16(args, ours, judge):
    (x, _), = batches(args, 1, args.batch, torch.float64)

    def logits(dtype, layout, bf16):
        net = network(args, dtype, layout).eval()
        with torch.no_grad(), autocast(bf16):
            return net(x.to(dtype)).double().numpy()
    exact = logits(torch.float64, CONTIGUOUS, False)

    def error(found):
        return float(np.linalg.norm(found - exact) / np.linalg.norm(exact))
    judge.says("logits", error(ours["logits"]),
               max(error(logits(torch.float32, f, True)) for f in FORMATS))
    exact = gradients(args, torch.float64)
    mine = median_error([vector(under(ours, "grad%d." % i))
                         for i in range(args.grads)], exact)
    judge.says("gradient", mine, max(
        median_error(gradients(args, torch.float32, f, True), exact)
        for f in FORMATS))


def compare_gradients(args, ours, judge):
    exact = gradients(args, torch.float64)

    def median(found):
        return median_error(found, exact)
    mine = median([vector(under(ours, "grad%d." % i))
                   for i in range(args.grads)])
    theirs = [median(gradients(args, torch.float32, f)) for f in FORMATS]
    judge.says("gradient", mine, max(1e-5, 2 * max(theirs)))
    if not args.steps:
        judge.says("gradient", mine, max(1e-4, 2 * min(theirs)))


def compare_weights(args, ours, judge):
    start = network(args, torch.float32).state_dict()
    mine = under(ours, "after.")
    counts = [k for k in start if k.endswith("num_batches_tracked")]
    judge.that("names", sorted(mine) == sorted(start))
    judge.that("counts", all(int(mine[k]) == args.steps for k in counts))

    one = train(args, CONTIGUOUS)
    others = (train(args, torch.channels_last),
              train(args, CONTIGUOUS, reverse=True))
    running = [k for k in start if ".running_" in k]
    weights = [k for k in start if k not in counts + running]
    for what, keys in (("weights", weights), ("statistics", running)):
        if not keys:
            continue

        def distance(a, b):
            return float((vector({k: a[k] for k in keys}) -
                          vector({k: b[k] for k in keys})).norm())
        way = distance(one, start)
        judge.says(what, distance(mine, one) / way,
                   2 * max(distance(o, one) for o in others) / way)


def main():
    p = argparse.ArgumentParser()
    for name in ("program", "checkpoint", "data"):
        p.add_argument(name)
    for name in ("grads", "small", "steps", "batch"):
        p.add_argument(name, type=int)
    p.add_argument("mask", nargs="?")
    p.add_argument("--bf16", action="store_true")
    args = p.parse_args()
    torch.set_num_threads(1)  # in small layers they wait for each other
    with tempfile.TemporaryDirectory() as d:
        out = os.path.join(d, "dump.safetensors")
        rest = [a for a in sys.argv[1:] if a != "--bf16"][1:]
        subprocess.run([args.program, "bf16" if args.bf16 else "f32", out] +
                       rest, check=True)
        ours, _ = lt_torch.read(out)
    judge = Judge()
    if args.bf16:
        compare_bf16(args, ours, judge)
        return 1 if judge.bad else 0
    compare_logits(args, ours, judge)
    compare_gradients(args, ours, judge)
    if args.steps:
        compare_weights(args, ours, judge)
    return 1 if judge.bad else 0


if __name__ == "__main__":
    sys.exit(main())
