#!/usr/bin/env python3
"""MobileNetV2 as PyTorch modules, and lt's against them.

    mobilenetv2.py names FORM CLASSES WIDTH... the state dict, as lt-init --names,
                                              of each width into the file WIDTH
    mobilenetv2.py logits FORM CHECKPOINT     do the module and the network that
                                              the checkpoint carries compute
                                              the same from its weights?

FORM is cifar (of kuangliu's collection) or torchvision.
"""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

import lt_torch

# Expansion, channels, blocks; the strides of the first block are the forms'.
STAGES = ((1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3),
          (6, 160, 3), (6, 320, 1))
STRIDES = {"cifar": (1, 1, 2, 2, 1, 2, 1), "torchvision": (1, 2, 2, 2, 1, 2, 1)}


def conv(c, out, k=1, stride=1, groups=1):
    return nn.Conv2d(c, out, k, stride, k // 2, groups=groups, bias=False)


def blocks(form, width_of):
    """Expansion, input's and output's channels, stride of each block."""
    c = width_of(32)
    for (expand, out, n), first in zip(STAGES, STRIDES[form]):
        for i in range(n):
            yield expand, c, width_of(out), first if i == 0 else 1
            c = width_of(out)


class CifarBlock(nn.Module):
    def __init__(self, expand, c, out, stride):
        super().__init__()
        inner = expand * c
        self.conv1, self.bn1 = conv(c, inner), nn.BatchNorm2d(inner)
        self.conv2 = conv(inner, inner, 3, stride, inner)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = conv(inner, out), nn.BatchNorm2d(out)
        self.adds = stride == 1
        self.shortcut = nn.Sequential()
        if self.adds and c != out:
            self.shortcut = nn.Sequential(conv(c, out), nn.BatchNorm2d(out))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        return y + self.shortcut(x) if self.adds else y


class Cifar(nn.Module):
    def __init__(self, classes, width):
        super().__init__()

        def width_of(c):
            return int(c * width + 0.5)
        self.conv1, self.bn1 = conv(3, width_of(32), 3), nn.BatchNorm2d(
            width_of(32))
        self.layers = nn.Sequential(*(CifarBlock(*b) for b in
                                      blocks("cifar", width_of)))
        self.conv2 = conv(width_of(320), width_of(1280))
        self.bn2 = nn.BatchNorm2d(width_of(1280))
        self.linear = nn.Linear(width_of(1280), classes)

    def forward(self, x):
        x = self.layers(F.relu(self.bn1(self.conv1(x))))
        x = F.relu(self.bn2(self.conv2(x)))
        return self.linear(F.avg_pool2d(x, 4).flatten(1))


def divisible(c):
    """The nearest multiple of 8, which takes away a tenth at most."""
    new = max(8, int(c + 4) // 8 * 8)
    return new + 8 if new < 0.9 * c else new


def conv_bn_relu6(c, out, k=1, stride=1, groups=1):
    return nn.Sequential(conv(c, out, k, stride, groups), nn.BatchNorm2d(out),
                         nn.ReLU6())


class TorchvisionBlock(nn.Module):
    def __init__(self, expand, c, out, stride):
        super().__init__()
        inner = expand * c
        first = [conv_bn_relu6(c, inner)] if expand > 1 else []
        self.conv = nn.Sequential(
            *first, conv_bn_relu6(inner, inner, 3, stride, inner),
            conv(inner, out), nn.BatchNorm2d(out))
        self.adds = stride == 1 and c == out

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class Torchvision(nn.Module):
    def __init__(self, classes, width):
        super().__init__()

        def width_of(c):
            return divisible(c * width)
        last = divisible(1280 * max(1, width))
        self.features = nn.Sequential(
            conv_bn_relu6(3, width_of(32), 3, 2),
            *(TorchvisionBlock(*b) for b in blocks("torchvision", width_of)),
            conv_bn_relu6(width_of(320), last))
        self.classifier = nn.Sequential(nn.Dropout(0.2),
                                        nn.Linear(last, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


FORMS = {"cifar": Cifar, "torchvision": Torchvision}


def names(form, classes, *widths):
    for width in widths:
        net = FORMS[form](int(classes), float(width))
        with open(width, "w") as out:
            for name, t in net.state_dict().items():
                shape = "x".join(map(str, t.shape)) or "scalar"
                print("%s\t%s" % (name, shape), file=out)
        print("%s: %d parameters" % (width, sum(
            p.numel() for p in net.parameters())), file=sys.stderr)


def logits(form, checkpoint):
    theirs, meta = lt_torch.load_checkpoint(checkpoint, torch.float64)
    state = theirs.state_dict()
    head = "linear" if form == "cifar" else "classifier.1"
    stem = "conv1" if form == "cifar" else "features.0.0"
    classes = len(state[head + ".bias"])
    net = FORMS[form](classes, len(state[stem + ".weight"]) / 32)
    net.double().load_state_dict(state)
    torch.manual_seed(1)
    x = torch.randn(4, *theirs.shapes["input"], dtype=torch.float64)
    with torch.no_grad():
        a, b = net.eval()(x), theirs.eval()(x)
    off = float((a - b).abs().max() / a.abs().max())
    print("logits: off by %.3g" % off)
    sys.exit(not off < 1e-12)


if __name__ == "__main__":
    {"names": names, "logits": logits}[sys.argv[1]](*sys.argv[2:])
