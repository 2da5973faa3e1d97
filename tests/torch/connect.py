#!/usr/bin/env python3
"""Is the line between two networks PyTorch's, with the statistics of batch norms
that update_bn computes?

    connect.py PATH A B DATA STATS [MASK]

PATH is a table of lt-connect --path over all of DATA whose batch norms were
recomputed on the first STATS images of DATA in one batch (0: they were not).
Prints a line for each point, "ok" or "not ok"; status 1 when one is not.
"""
import sys

import torch
import torch.nn.functional as F

import lt_torch


def main():
    path, a, b, data, stats = sys.argv[1:6]
    nets = [lt_torch.load_checkpoint(f, torch.float64)[0] for f in (a, b, a)]
    if len(sys.argv) > 6:
        for net in nets[:2]:
            lt_torch.apply_mask(net, sys.argv[6])
    one, two = (net.state_dict() for net in nets[:2])
    net, bad = nets[2], False
    x, y = lt_torch.load_data(data, None, torch.float64)
    rows = [line.split("\t") for line in open(path).read().splitlines()]
    assert rows[0] == ["at", "loss", "top1", "top5"], rows[0]
    for row in rows[1:]:
        at, loss, top1 = (float(v) for v in row[:3])
        net.load_state_dict({k: (1 - at) * one[k] + at * two[k] for k in one})
        if int(stats):
            torch.optim.swa_utils.update_bn([x[:int(stats)]], net)
        net.eval()
        with torch.no_grad():
            z = net(x)
        want = F.cross_entropy(z, y).item()
        right = 100 * (z.argmax(1) == y).double().mean().item()
        ok = abs(loss / want - 1) < 1e-5 and abs(top1 - right) < 1e-6
        print("%s at %g: loss %.9g, PyTorch %.9g; top1 %g, PyTorch %g" % (
            "ok" if ok else "not ok", at, loss, want, top1, right))
        bad |= not ok
    sys.exit(bad or len(rows) < 3)


if __name__ == "__main__":
    main()
