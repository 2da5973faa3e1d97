#!/usr/bin/env python3
"""Dynamic sparse training of a small network, by Python's own modules.

    dst.py RULE BEFORE MASK DATA STEPS EVERY FRACTION END SEED AFTER MASK_AFTER
        [FROZEN]

trains BEFORE, a network of linear layers fc1 and fc2 with a ReLU between them,
under MASK for STEPS steps on all samples of DATA at once: SGD with momentum 0.9,
learning rate 0.05, weight decay 0.001, in double precision.  RULE is set or rigl
(Evci et al. 2020, Algorithm 1).  The layer FROZEN keeps its weights and its mask.
The masks must be those of MASK_AFTER, and the weights those of AFTER to 1e-4 of
the largest.  Prints how many weights of each
layer the mask keeps, and how many of them MASK removes.
"""
import math
import sys

from tensors import samples, tensors

WORD = 0xffffffff


def philox(counter, key):
    """Ten rounds (Salmon et al. 2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xd2511f53 * c[0], 0xcd9e8d57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & WORD, a >> 32 ^ c[3] ^ k[1], a & WORD]
        k = [k[0] + 0x9e3779b9 & WORD, k[1] + 0xbb67ae85 & WORD]
    return c


def uniforms(n, seed, name, t):
    """n numbers of the stream GROW (10) for a layer and an iteration."""
    h = 0xcbf29ce484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    key = philox([h & WORD, h >> 32, 10, 0], [seed & WORD, seed >> 32])[:2]
    numbers = []
    for block in range((n + 1) // 2):
        w = philox([block, 0, t & WORD, t >> 32], key)
        numbers += [(w[i] | w[i + 1] << 32) >> 11 for i in (0, 2)]
    return [v / 2 ** 53 for v in numbers[:n]]


def product(x, w, bias):
    n = len(x[0])
    return [[sum(a * w[o * n + i] for i, a in enumerate(row) if a) + b
             for o, b in enumerate(bias)] for row in x]


def outer(dy, x):
    return [sum(d[o] * row[i] for d, row in zip(dy, x) if d[o])
            for o in range(len(dy[0])) for i in range(len(x[0]))]


def gradients(net, x, labels):
    """Of the mean cross-entropy, for all weights, masked or not."""
    z = product(x, net["fc1.weight"], net["fc1.bias"])
    h = [[max(v, 0) for v in row] for row in z]
    dy = []
    for row, label in zip(product(h, net["fc2.weight"], net["fc2.bias"]), labels):
        e = [math.exp(v - max(row)) for v in row]
        dy.append([(v / sum(e) - (c == label)) / len(x) for c, v in enumerate(e)])
    n, w = len(h[0]), net["fc2.weight"]
    dz = [[sum(d * w[o * n + i] for o, d in enumerate(row)) if zs[i] > 0 else 0
           for i in range(n)] for row, zs in zip(dy, z)]
    return {"fc1.weight": outer(dz, x), "fc1.bias": [sum(c) for c in zip(*dz)],
            "fc2.weight": outer(dy, h), "fc2.bias": [sum(c) for c in zip(*dy)]}


def change(mask, weights, score, share):
    """Drop the smallest weights and grow the largest scores, as many."""
    kept = [i for i, m in enumerate(mask) if m]
    k = int(len(kept) * share)
    kept = sorted(kept, key=lambda i: (-abs(weights[i]), i))[:len(kept) - k]
    free = sorted(set(range(len(mask))) - set(kept), key=lambda i: (-score[i], i))
    stay = set(kept + free[:k])
    return [i in stay for i in range(len(mask))]


def train(rule, net, mask, x, labels, steps, every, fraction, end, seed, frozen):
    momentum = {k: [0.0] * len(v) for k, v in net.items()}

    def due(t):
        return 0 < t < min(end, steps) and t % every == 0

    def change_all(t, score):
        share = fraction * (1 + math.cos(math.pi * t / end)) / 2
        for k in mask:
            if k.startswith(frozen):
                continue
            mask[k] = change(mask[k], net[k], score(k), share)
            for v in net[k], momentum[k]:
                v[:] = [a if m else 0.0 for a, m in zip(v, mask[k])]

    for t in range(steps):
        g = gradients(net, x, labels)
        if rule == "rigl" and due(t):
            change_all(t, lambda k: [abs(v) for v in g[k]])
            continue
        for k, w in net.items():
            if k.startswith(frozen):
                continue
            keep = mask.get(k, [True] * len(w))
            for i in range(len(w)):
                if keep[i]:
                    momentum[k][i] = (0.9 * momentum[k][i] + g[k][i] +
                                      0.001 * w[i])
                    w[i] -= 0.05 * momentum[k][i]
        if rule == "set" and due(t + 1):
            change_all(t + 1, lambda k: uniforms(len(net[k]), seed, k, t + 1))


def main():
    rule, before, mask, data = sys.argv[1:5]
    steps, every, fraction, end, seed = [float(v) for v in sys.argv[5:10]]
    after, mask_after = sys.argv[10:12]
    frozen = (sys.argv[12:] or ["none"])[0] + "."
    _, net = tensors(before)
    x, labels = samples(data)
    start = {k[:-5]: v for k, v in tensors(mask)[1].items()}
    now = dict(start)
    for k, m in start.items():
        net[k] = [a if kept else 0.0 for a, kept in zip(net[k], m)]
    train(rule, net, now, x, labels, int(steps), int(every), fraction, end,
          int(seed), frozen)
    found = {k[:-5]: v for k, v in tensors(mask_after)[1].items()}
    for k in sorted(now):
        assert now[k] == found[k], (
            k, sum(a != b for a, b in zip(now[k], found[k])))
        print(k, sum(found[k]), sum(a and not b for a, b in zip(found[k], start[k])))
    _, trained = tensors(after)
    for k, w in net.items():
        far = max(abs(a - b) for a, b in zip(w, trained[k]))
        assert far <= 1e-4 * max(map(abs, w)), (k, far)
    for k in now:
        assert all(m or w == 0 for m, w in zip(found[k], trained[k])), k


if __name__ == "__main__":
    main()
