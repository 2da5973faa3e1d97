#!/usr/bin/env python3
"""Are the weights that lt-prune removes by SNIP, GraSP or SynFlow those that
PyTorch's scores would, in float64 with autograd twice over?

    saliency.py METHOD CHECKPOINT DATA MASK [train|eval]

The last word is the mode of batch norms for SNIP and GraSP (default: train).
MASK is of one step, all images of DATA in one batch.  Prints how many weights
are kept by one of the two alone; status 1 when they are more than two in a
thousand of those kept.
"""
import sys

import torch
import torch.nn.functional as F

import lt_torch

TEMPERATURE = 200


def prunable(net):
    return [(k, p) for k, p in net.named_parameters() if p.ndim > 1]


def loss(net, data, temperature, training):
    x, y = lt_torch.load_data(data, dtype=torch.float64)
    return F.cross_entropy(net.train(training)(x) / temperature, y)


def snip(net, data, training):
    weights = [p for _, p in prunable(net)]
    grads = torch.autograd.grad(loss(net, data, 1, training), weights)
    return [(w * g).abs() for w, g in zip(weights, grads)]


def grasp(net, data, training):
    weights = [p for _, p in prunable(net)]
    grads = torch.autograd.grad(loss(net, data, TEMPERATURE, training),
                                weights, create_graph=True)
    flow = sum((g.detach() * g).sum() for g in grads)
    return [w * h for w, h in zip(weights,
                                  torch.autograd.grad(flow, weights))]


def synflow(net, data, training):
    net.eval()
    for v in net.state_dict().values():
        v.abs_()
    images = lt_torch.load_data(data, dtype=torch.float64)[0]
    weights = [p for _, p in prunable(net)]
    grads = torch.autograd.grad(net(torch.ones_like(images[:1])).sum(),
                                weights)
    return [(w * g).abs() for w, g in zip(weights, grads)]


def main():
    method, checkpoint, data, mask = sys.argv[1:5]
    training = sys.argv[5:] != ["eval"]
    torch.set_num_threads(1)
    net, _ = lt_torch.load_checkpoint(checkpoint, torch.float64)
    scores = {"snip": snip, "grasp": grasp, "synflow": synflow}[method](
        net, data, training)
    scores = torch.cat([s.detach().flatten() for s in scores])
    keeps = lt_torch.read(mask)[0]
    ours = torch.cat([torch.from_numpy(keeps[k + "_mask"]).flatten()
                      for k, _ in prunable(net)]).bool()
    kept = int(ours.sum())
    theirs = torch.zeros_like(ours)
    theirs[torch.topk(scores, kept).indices] = True
    alone = int((ours != theirs).sum())
    print("%s: %d of %d kept weights differ" % (method, alone, kept))
    return 1 if alone > kept * 0.002 else 0


if __name__ == "__main__":
    sys.exit(main())
