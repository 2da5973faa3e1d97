#!/usr/bin/env python3
"""Train a network in PyTorch by the recipe of lt-train, and print its log.

    train_torch.py THETA0 TRAIN TEST --index LIST --epochs N --milestones M,...
                   [--seed S] [--threads N]

Batches of 128, SGD with momentum 0.9, rate 0.1 times 0.1 at each milestone,
weight decay 1e-4, crops after padding by 4 black pixels and mirroring, as
lt-train --augment crop-flip; the order of samples and the crops are PyTorch's
own, of the seed.  Columns are those of lt-train's log.
"""
import argparse
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "torch"))
import lt_torch  # noqa: E402


def augmented(pixels, black):
    """Each image shifted within 4 black pixels, and mirrored or not."""
    n, _, h, w = pixels.shape
    padded = black.repeat(n, 1, h + 8, w + 8)
    padded[:, :, 4:4 + h, 4:4 + w] = pixels
    out = torch.empty_like(pixels)
    at = torch.randint(0, 9, (n, 2))
    flip = torch.rand(n) < 0.5
    for i in range(n):
        y, x = at[i]
        crop = padded[i, :, y:y + h, x:x + w]
        out[i] = crop.flip(2) if flip[i] else crop
    return out


def accuracy(net, x, y):
    net.eval()
    loss = right = 0
    with torch.no_grad():
        for a, b in zip(x.split(500), y.split(500)):
            z = net(a)
            loss += F.cross_entropy(z, b, reduction="sum").item()
            right += (z.argmax(1) == b).sum().item()
    return loss / len(y), 100 * right / len(y)


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    for name in ("theta0", "train", "test"):
        p.add_argument(name)
    p.add_argument("--index", required=True)
    p.add_argument("--epochs", type=int, required=True)
    p.add_argument("--milestones", required=True)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    net, _ = lt_torch.load_checkpoint(args.theta0)
    net = net.to(memory_format=torch.channels_last)
    keep = torch.from_numpy(np.loadtxt(args.index, dtype=np.int64))
    x, y = lt_torch.load_data(args.train)
    x, y = x[keep], y[keep]
    mean, std = (np.array(lt_torch.numbers(lt_torch.read(args.train, ())[1][k]),
                          np.float32) for k in ("lt.mean", "lt.std"))
    black = torch.from_numpy(-mean / std).reshape(1, -1, 1, 1)
    test = lt_torch.load_data(args.test)
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9,
                          weight_decay=1e-4)
    drops = torch.optim.lr_scheduler.MultiStepLR(
        opt, [int(m) for m in args.milestones.split(",")])
    print("epoch\ttrain_loss\ttrain_acc\tval_loss\tval_acc")
    for epoch in range(args.epochs):
        net.train()
        loss = right = 0
        for at in torch.randperm(len(y)).split(128):
            z = net(augmented(x[at], black).contiguous(
                memory_format=torch.channels_last))
            batch = F.cross_entropy(z, y[at])
            opt.zero_grad()
            batch.backward()
            opt.step()
            loss += batch.item() * len(at)
            right += (z.argmax(1) == y[at]).sum().item()
        drops.step()
        print("%d\t%.4f\t%.2f\t%.4f\t%.2f" % (
            (epoch + 1, loss / len(y), 100 * right / len(y)) +
            accuracy(net, *test)), flush=True)


if __name__ == "__main__":
    main()
