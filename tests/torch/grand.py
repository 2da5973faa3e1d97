#!/usr/bin/env python3
"""Are EL2N and GraNd those of PyTorch, sample by sample, in evaluation mode?

    grand.py PREDICTIONS CHECKPOINT DATA [MASK]

PREDICTIONS is a table of lt-eval --predictions --grand over all of DATA.  Prints
a line with the largest difference of each, "ok" or "not ok"; status 1 when one is
not.
"""
import sys

import torch
import torch.nn.functional as F

import lt_torch


def main():
    table, checkpoint, data = sys.argv[1:4]
    net, _ = lt_torch.load_checkpoint(checkpoint, torch.float64)
    kept = {}
    if len(sys.argv) > 4:
        lt_torch.apply_mask(net, sys.argv[4])
        mask, _ = lt_torch.read(sys.argv[4])
        kept = {k[:-len("_mask")]: torch.from_numpy(v) for k, v in mask.items()}
    net.eval()
    x, y = lt_torch.load_data(data, None, torch.float64)
    rows = [line.split("\t") for line in open(table).read().splitlines()]
    at = {name: i for i, name in enumerate(rows[0])}
    assert len(rows) == len(x) + 1
    worst = {"el2n": 0, "grand": 0}
    for i, row in enumerate(rows[1:]):
        net.zero_grad()
        z = net(x[i:i + 1])
        F.cross_entropy(z, y[i:i + 1]).backward()
        p = torch.softmax(z.detach()[0], 0)
        p[y[i]] -= 1
        want = {"el2n": p.norm().item(), "grand": sum(
            (w.grad * kept.get(k, 1)).pow(2).sum().item()
            for k, w in net.named_parameters() if w.grad is not None) ** .5}
        for k in worst:
            worst[k] = max(worst[k], abs(float(row[at[k]]) / want[k] - 1))
    bad = False
    for k, limit in (("el2n", 1e-5), ("grand", 1e-6)):
        ok = worst[k] <= limit
        print("%s %s: %.3g, limit %g" % ("ok" if ok else "not ok", k, worst[k], limit))
        bad |= not ok
    sys.exit(bad)


if __name__ == "__main__":
    main()
