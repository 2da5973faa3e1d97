#!/usr/bin/env python3
"""Pruning in steps by the gradients of a small network, by Python's own modules.

    force.py METHOD CHECKPOINT DATA SPARSITY STEPS MASK [OLD]

scores the weights of CHECKPOINT, linear layers fc1 and fc2 with a ReLU between
them, on all samples of DATA at once, in double precision.  Each step keeps the
same share of what the step before kept (de Jorge et al. 2021, section 4).  With
METHOD snip it chooses among the weights that the step before kept, with force
among all, or all that OLD keeps.  MASK must be the result.  Prints how many
weights each layer keeps, and how many came back in some step.
"""
import sys

from dst import gradients
from tensors import samples, tensors


def pick(keep, score, n):
    """The n largest scores; of equal ones the earlier weight."""
    order = sorted((w for k in sorted(keep) for w in keep[k]),
                   key=lambda w: (-score[w[0]][w[1]], w))[:n]
    return {k: {w for w in order if w[0] == k} for k in keep}


def main():
    method, before, data, sparsity, steps, mask, *old = sys.argv[1:]
    _, net = tensors(before)
    x, labels = samples(data)
    layers = ["fc1.weight", "fc2.weight"]
    start = {k: {(k, i) for i in range(len(net[k]))} for k in layers}
    if old:
        start = {k: {(k, i) for i, m in enumerate(v) if m} for k, v in
                 ((k, tensors(old[0])[1][k + "_mask"]) for k in layers)}
    every = sum(len(net[k]) for k in layers)
    first = sum(map(len, start.values()))
    last = every - round(every * float(sparsity))
    keep, back = start, 0
    for e in range(int(steps)):
        now = {k: [w if k not in keep or (k, i) in keep[k] else 0.0
                   for i, w in enumerate(v)] for k, v in net.items()}
        g = gradients(now, x, labels)
        score = {k: [abs(w * d) for w, d in zip(net[k], g[k])] for k in layers}
        n = round(first * (last / first) ** ((e + 1) / int(steps)))
        new = pick(start if method == "force" else keep, score, n)
        back += sum(len(new[k] - keep[k]) for k in layers)
        keep = new
    found = tensors(mask)[1]
    for k in layers:
        want = [(k, i) in keep[k] for i in range(len(net[k]))]
        differ = sum(a != b for a, b in zip(want, found[k + "_mask"]))
        assert not differ, (k, differ, sum(want))
        print(k, len(keep[k]))
    print("back", back)


if __name__ == "__main__":
    main()
