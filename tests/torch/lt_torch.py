"""lt's files in PyTorch, for tests and benches: safetensors, data sets and net
text, by python3, numpy and torch alone (1.13, as Debian 12 has it, or newer).

    net, meta = load_checkpoint("theta0.safetensors")   # a torch.nn.Module
    images, labels = load_data("test.data", count=32)
    logits = net.eval()(images)

A module's state_dict() has the file's names and shapes, nothing else.
"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from lt_files import read, write  # noqa: F401


# ---- data sets --------------------------------------------------------------

def load_data(path, count=None, dtype=torch.float32):
    """Images, normalized as lt does it, and labels."""
    tensors, meta = read(path)
    # In float32 and in this order whatever PyTorch then computes in.
    mean, std = (np.array(numbers(meta[k]), np.float32).reshape(1, -1, 1, 1)
                 for k in ("lt.mean", "lt.std"))
    pixels = tensors["images"][:count].astype(np.float32)
    x = (pixels / np.float32(255) - mean) / std
    y = tensors["labels"][:count].astype(np.int64)
    return torch.from_numpy(x).to(dtype), torch.from_numpy(y)


def numbers(text):
    return [float(v) for v in text.strip("[]").replace(",", " ").split()]


# ---- net text to a module ---------------------------------------------------

class Node:
    """A line "name = operator inputs... attributes..." of lt-net(5)."""

    def __init__(self, words, shapes):
        self.name, self.op, rest = words[0], words[2], words[3:]
        self.attr, self.inputs, self.out, self.bias = {}, [], None, False
        self.rate, self.plain = None, False
        for w in rest:
            if w in shapes and (self.op in ("add", "mul", "concat") or
                                not self.inputs):
                self.inputs.append(w)
            elif w == "bias":
                self.bias = True
            elif w == "plain":
                self.plain = True
            elif "=" in w:
                key, value = w.split("=")
                self.attr[key] = float(value)
            elif self.op in ("dropout", "dropconnect"):
                self.rate = float(w)
            elif w[0].isdigit():
                self.out = int(w)
            else:
                self.attr[w[0]] = int(w[1:])

    def window(self):
        k = self.attr["k"]
        default = 1 if self.op == "conv" else k
        return k, self.attr.get("s", default), self.attr.get("p", 0)


def make_conv(n, c, h, w):
    k, s, p = n.window()
    d = n.attr.get("d", 1)
    m = nn.Conv2d(c, n.out, k, s, p, d, n.attr.get("g", 1), n.bias)
    k = d * (k - 1) + 1
    return m, (n.out, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)


def make_linear(n, c, h, w):
    return nn.Linear(c * h * w, n.out, bias=n.bias), (n.out, 1, 1)


def make_bn(n, c, h, w):
    m = nn.BatchNorm2d(c, eps=n.attr.get("eps", 1e-5),
                       momentum=n.attr.get("momentum", 0.1), affine=not n.plain)
    return m, (c, h, w)


def make_groupnorm(n, c, h, w):
    m = nn.GroupNorm(n.attr["g"], c, n.attr.get("eps", 1e-5), not n.plain)
    return m, (c, h, w)


def pool_shape(n, c, h, w):
    k, s, p = n.window()
    return c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1


def padch(x, out, stride):
    """Shortcut A: every stride-th pixel, zero channels on both sides."""
    before = (out - x.shape[1]) // 2
    return F.pad(x[:, :, ::stride, ::stride],
                 (0, 0, 0, 0, before, out - x.shape[1] - before))


def dropconnect(x, rate, training):
    """Whole samples are dropped."""
    if not training or not rate:
        return x
    keep = torch.rand(len(x), 1, 1, 1) >= rate
    return x * keep.to(x.dtype) / (1 - rate)


# Functions of one value.
CURVES = {
    "relu": lambda n, x: F.relu(x),
    "sigmoid": lambda n, x: torch.sigmoid(x),
    "silu": lambda n, x: F.silu(x),
    "hardswish": lambda n, x: F.hardswish(x),
    "tanh": lambda n, x: torch.tanh(x),
    "gelu": lambda n, x: F.gelu(x),
    "leakyrelu": lambda n, x: F.leaky_relu(x, n.attr.get("slope", 0.01)),
    "relu6": lambda n, x: F.relu6(x),
}


class Net(nn.Module):
    """The network that net text describes, float32."""

    MAKE = {"conv": make_conv, "linear": make_linear, "bn": make_bn,
            "groupnorm": make_groupnorm}

    def __init__(self, text):
        super().__init__()
        self.nodes, self.shapes = [], {}
        self.last = {}
        for line in text.splitlines():
            words = line.split("#")[0].split()
            if not words or words[0] in ("net", "init", "unused"):
                continue
            if words[0] == "input" and words[1] != "=":
                self.shapes["input"] = tuple(int(w) for w in words[1:4])
            elif words[0] == "output" and words[1] != "=":
                self.output = words[1]
            else:
                self.add_node(Node(words, self.shapes))
        for n in self.nodes:
            for i in n.inputs:
                self.last[i] = n.name

    def add_node(self, n):
        self.nodes.append(n)
        shape = self.shapes[n.inputs[0]]
        if n.op in self.MAKE:
            n.module, shape = self.MAKE[n.op](n, *shape)
            self.put(n.name, n.module)
        elif n.op in ("maxpool", "avgpool"):
            shape = pool_shape(n, *shape)
        elif n.op == "gap":
            shape = (shape[0], 1, 1)
        elif n.op == "adaptpool":
            shape = (shape[0], n.attr["k"], n.attr["k"])
        elif n.op == "concat":
            shape = (sum(self.shapes[i][0] for i in n.inputs),) + shape[1:]
        elif n.op == "padch":
            s = n.attr.get("s", 1)
            shape = (n.out, (shape[1] - 1) // s + 1, (shape[2] - 1) // s + 1)
        elif n.op not in CURVES and n.op not in ("add", "mul", "dropout",
                                                 "dropconnect"):
            raise ValueError("unknown operator " + n.op)
        self.shapes[n.name] = shape

    def put(self, name, module):
        """Register module so that its parameters are called name.*."""
        parts, at = name.split("."), self
        for p in parts[:-1]:
            if p not in at._modules:
                at.add_module(p, nn.Module())
            at = at._modules[p]
        old = at._modules.get(parts[-1])
        for k, m in (old._modules.items() if old else ()):
            module.add_module(k, m)
        at.add_module(parts[-1], module)

    def forward(self, x):
        value = {"input": x}
        for n in self.nodes:
            value[n.name] = self.run(n, [value[i] for i in n.inputs])
            for i in n.inputs:
                if self.last[i] == n.name:
                    value.pop(i, None)
        return value[self.output].flatten(1)

    def run(self, n, x):
        if n.op == "linear":
            return n.module(x[0].flatten(1))[:, :, None, None]
        if n.op in self.MAKE:
            return n.module(x[0])
        if n.op in CURVES:
            return CURVES[n.op](n, x[0])
        if n.op == "maxpool":
            return F.max_pool2d(x[0], *n.window())
        if n.op == "avgpool":
            return F.avg_pool2d(x[0], *n.window())
        if n.op == "gap":
            return F.adaptive_avg_pool2d(x[0], 1)
        if n.op == "adaptpool":
            return F.adaptive_avg_pool2d(x[0], n.attr["k"])
        if n.op == "add":
            return x[0] + x[1]
        if n.op == "mul":
            return x[0] * x[1]
        if n.op == "dropconnect":
            return dropconnect(x[0], n.rate, self.training)
        if n.op == "concat":
            return torch.cat(x, 1)
        if n.op == "padch":
            return padch(x[0], n.out, n.attr.get("s", 1))
        return F.dropout(x[0], n.rate, self.training)


def load_checkpoint(path, dtype=torch.float32):
    """The checkpoint's network with its weights, and the metadata."""
    tensors, meta = read(path)
    net = Net(meta["lt.net"])
    net.load_state_dict({k: torch.from_numpy(v) for k, v in tensors.items()},
                        strict=True)
    return net.to(dtype), meta


def apply_mask(net, path):
    """Pruned weights become 0, and so do their gradients from now on."""
    parameters = dict(net.named_parameters())
    for name, keep in read(path)[0].items():
        p = parameters[name[:-len("_mask")]]
        keep = torch.from_numpy(keep).to(p.dtype)
        p.data.mul_(keep)
        p.register_hook(lambda g, keep=keep: g * keep)
