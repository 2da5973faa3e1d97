#!/usr/bin/env python3
"""Does lt-train take the steps that PyTorch's optimizer takes?

    optim.py BEFORE AFTER DATA STEPS OPTIMIZER LR DECAY SMOOTHING [MASK]
    optim.py ... SMOOTHING --teacher FILE SHARE TEMPERATURE

AFTER is what lt-train made of BEFORE in STEPS steps at the learning rate LR,
each on all samples of DATA, by adam, adamw or sgd (momentum 0.9), with weight
decay DECAY and label smoothing SMOOTHING.  The distance of its weights from
those of float64 PyTorch, over the way that they went, is at most twice the
distance of float32 PyTorch's, or 1e-5.  With a teacher, SHARE of the loss is the
divergence from its logits (Hinton et al. 2015).

Prints the loss of the last step, and a line "ok" or "not ok"; status 1 when it
is not.
"""
import sys

import torch
import torch.nn.functional as F

import lt_torch


def flat(named, keys):
    return torch.cat([named[k].detach().double().flatten() for k in keys])


def distillation(z, target, temperature):
    return temperature ** 2 * F.kl_div(F.log_softmax(z / temperature, 1),
                                       F.softmax(target / temperature, 1),
                                       reduction="batchmean")


def train(before, data, steps, kind, lr, decay, smoothing, mask, teacher, dtype):
    net, _ = lt_torch.load_checkpoint(before, dtype)
    if mask:
        lt_torch.apply_mask(net, mask)
    net.train()
    how = dict(lr=lr, weight_decay=decay)
    optimizer = {
        "sgd": lambda p: torch.optim.SGD(p, momentum=0.9, **how),
        "adam": lambda p: torch.optim.Adam(p, **how),
        "adamw": lambda p: torch.optim.AdamW(p, **how),
    }[kind](net.parameters())
    x, y = lt_torch.load_data(data, None, dtype)
    if teacher:
        path, share, temperature = teacher[0], float(teacher[1]), float(teacher[2])
        with torch.no_grad():
            target = lt_torch.load_checkpoint(path, dtype)[0].eval()(x)
    for _ in range(steps):
        optimizer.zero_grad()
        z = net(x)
        loss = F.cross_entropy(z, y, label_smoothing=smoothing)
        if teacher:
            loss = ((1 - share) * loss +
                    share * distillation(z, target, temperature))
        loss.backward()
        optimizer.step()
    return net.state_dict(), loss.item()


def main():
    before, after, data, steps, kind, lr, decay, smoothing = sys.argv[1:9]
    rest = sys.argv[9:]
    teacher = rest[1:] if rest[:1] == ["--teacher"] else None
    mask = rest[0] if rest and not teacher else None
    torch.set_num_threads(1)
    run = lambda dtype: train(before, data, int(steps), kind, float(lr),
                              float(decay), float(smoothing), mask, teacher, dtype)
    exact, loss = run(torch.float64)
    single, _ = run(torch.float32)
    net, _ = lt_torch.load_checkpoint(after, torch.float32)
    keys = [k for k, _ in net.named_parameters()]
    start, _ = lt_torch.load_checkpoint(before, torch.float64)
    want = flat(exact, keys)
    way = (want - flat(start.state_dict(), keys)).norm()
    ours = float((flat(net.state_dict(), keys) - want).norm() / way)
    theirs = float((flat(single, keys) - want).norm() / way)
    limit = max(2 * theirs, 1e-5)
    ok = ours <= limit  # false for NaN
    print("%.9g" % loss)
    print("%s %s: %.3g, limit %.3g" % ("ok" if ok else "not ok", kind, ours,
                                       limit))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
