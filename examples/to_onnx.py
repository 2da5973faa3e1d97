#!/usr/bin/env python3
"""Convert a checkpoint of lt, and a mask, to a model of ONNX (opset 17).

    to_onnx.py CHECKPOINT.safetensors MODEL.onnx [MASK.safetensors]
               [--separate] [--normalized | --mean LIST --std LIST]

The model's input "pixels" has the pixels of images, whole numbers from 0 to 255
in the shape [batch, channels, rows, columns]; the model normalizes them as the
checkpoint records, or by --mean and --std.  With --normalized its input "input"
has images that are normalized already, as float32.  Its output "logits" has the
shape [batch, classes].  The batch may have any size.

Parameters keep their names.  A mask is multiplied into the weights; with
--separate the model stores weights and masks, both whole.  Nothing but Python
is needed here; onnxruntime and other programs run the model:

    session = onnxruntime.InferenceSession("MODEL.onnx")
    logits, = session.run(None, {"pixels": images})     # uint8, NCHW
"""
import argparse
import array
import json
import math
import os
import struct
import sys
import zlib

FLOAT, UINT8, INT64, BOOL = 1, 2, 7, 9  # the types of ONNX
TYPES = {"F32": (FLOAT, 4), "U8": (UINT8, 1), "BOOL": (BOOL, 1),
         "I64": (INT64, 8), "I32": (6, 4)}
MOST = 2 ** 31 - 1  # bytes of a protobuf message


def fail(path, what):
    raise SystemExit("to_onnx: %s: %s" % (path, what))


# ---- files of lt ------------------------------------------------------------

def check_crc(path, head, data, found):
    """The CRC-32 of a file is computed with its own digits all 0."""
    for key in (b'"lt.crc32":"', b'"lt.header_crc32":"'):
        at = head.find(key) + len(key)
        if at >= len(key):
            head = head[:at] + b"0" * 8 + head[at + 8:]
    if "%08x" % zlib.crc32(data, zlib.crc32(head)) != found:
        fail(path, "damaged, or rewritten by another program")


def read(path):
    """The tensors, (type, shape, bytes) by name, and the metadata."""
    try:
        with open(path, "rb") as f:
            raw = f.read()
    except OSError as e:
        fail(path, e.strerror)
    try:
        end = 8 + struct.unpack_from("<Q", raw)[0]
        head, data = raw[:end], memoryview(raw)[end:]
        header = json.loads(head[8:])
        meta = header.pop("__metadata__", {})
        tensors = {}
        for name, t in header.items():
            kind, size = TYPES[t["dtype"]]
            begin, end = t["data_offsets"]
            tensors[name] = kind, tuple(t["shape"]), data[begin:end]
            if len(data[begin:end]) != size * math.prod(t["shape"]):
                raise ValueError
    except (struct.error, ValueError, KeyError, TypeError, AttributeError,
            RecursionError):
        fail(path, "damaged, or not a safetensors file")
    if "lt.crc32" in meta:
        check_crc(path, head, data, meta["lt.crc32"])
    return tensors, meta


def masked(raw, keep):
    """The floats where keep is not 0, else 0: an AND of all bytes at once."""
    bits = bytearray(len(raw))
    for i in range(4):
        bits[i::4] = keep
    both = int.from_bytes(raw, "little") & int.from_bytes(bits, "little")
    return both.to_bytes(len(raw), "little")


def read_masks(path, tensors):
    """Masks by the names of their weights: a byte of 255 or 0 for each weight."""
    masks = {}
    for mask, (kind, shape, raw) in read(path)[0].items():
        name = mask[:-len("_mask")]
        if not mask.endswith("_mask") or kind not in (BOOL, UINT8) or \
                max(raw, default=0) > 1:
            fail(path, "'%s' is no mask, expected one of lt-prune" % mask)
        if len(shape) < 2 or tensors.get(name, (0, 0))[1] != shape:
            fail(path, "'%s' %s fits no weight of the checkpoint"
                 % (mask, list(shape)))
        masks[name] = bytes(raw).translate(b"\0" + b"\xff" * 255)
    return masks


# ---- messages of protobuf ---------------------------------------------------

def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def message(*fields):
    """Fields (number, value); a value is an int, a float, text or bytes."""
    out = []
    for number, value in fields:
        if isinstance(value, int):
            out += [varint(number << 3), varint(value)]
            continue
        if isinstance(value, float):
            out += [varint(number << 3 | 5), struct.pack("<f", value)]
            continue
        value = value.encode() if isinstance(value, str) else value
        out += [varint(number << 3 | 2), varint(len(value)), value]
    return b"".join(out)


def attribute(name, value):
    """An AttributeProto: a float, an int, or a list of ints."""
    if isinstance(value, float):
        return message((1, name), (2, value), (20, 1))
    if isinstance(value, int):
        return message((1, name), (3, value), (20, 2))
    return message((1, name), *[(8, v) for v in value], (20, 7))


def value_info(name, kind, shape):
    dims = [(1, message((1, d) if isinstance(d, int) else (2, d)))
            for d in shape]
    tensor = message((1, kind), (2, message(*dims)))
    return message((1, name), (2, message((1, tensor))))


# ---- the graph --------------------------------------------------------------

class Value:
    """The output of a node of net text: its name in ONNX, and its channels, rows
    and columns.  Where it is flat, ONNX has it as [batch, channels]."""

    def __init__(self, name, shape, flat=False):
        self.name, self.shape, self.flat = name, tuple(shape), flat


class Graph:
    """What is written of a GraphProto.  Values begin with '/' and constants with
    '#', as no name of net text does, so they differ from parameters."""

    def __init__(self, path, tensors, masks, separate):
        self.path, self.tensors, self.masks = path, tensors, masks
        self.separate = separate
        self.nodes, self.initializers, self.changed = [], {}, {}

    def node(self, op, inputs, name, **attributes):
        out = "/" + name
        self.nodes.append(message(
            *[(1, i) for i in inputs], (2, out), (3, name), (4, op),
            *[(5, attribute(k, v)) for k, v in attributes.items()]))
        return out

    def store(self, name, kind, shape, raw):
        self.initializers[name] = message(
            *[(1, d) for d in shape], (2, kind), (8, name), (9, raw))
        return name

    def floats(self, name, shape, values):
        return self.store("#" + name, FLOAT, shape,
                          struct.pack("<%df" % len(values), *values))

    def ints(self, name, values):
        return self.store("#" + name, INT64, [len(values)],
                          struct.pack("<%dq" % len(values), *values))

    def parameter(self, n, suffix, *shape):
        name = n.name + "." + suffix
        kind, found, raw = self.tensors.get(name, (None, None, b""))
        if kind != FLOAT or found != shape:
            fail(self.path, "has no tensor '%s' %s of float32"
                 % (name, list(shape)))
        keep = self.masks.get(name)
        if keep is not None and not self.separate:
            raw = masked(raw, keep)
        floats = array.array("f", bytes(raw))
        if sys.byteorder == "big":
            floats.byteswap()
        # A sum in double precision of finite floats is finite.
        if not math.isfinite(sum(floats)) or \
                suffix == "running_var" and min(floats) < 0:
            fail(self.path, "'%s' has a value that no network computes with"
                 % name)
        self.store(name, FLOAT, shape, raw)
        if keep is None or not self.separate:
            return name
        self.store(name + "_mask", BOOL, shape, keep.replace(b"\xff", b"\1"))
        zero = self.floats("zero", [], [0])
        return self.node("Where", [name + "_mask", name, zero], name)

    def image(self, v):
        """The name of v with rows and columns."""
        if v.flat and v.name not in self.changed:
            self.changed[v.name] = self.node(
                "Unsqueeze", [v.name, self.ints("plane", [2, 3])],
                v.name[1:] + "/plane")
        return self.changed[v.name] if v.flat else v.name

    def flat(self, v):
        if not v.flat and v.name not in self.changed:
            self.changed[v.name] = self.node(
                "Flatten", [v.name], v.name[1:] + "/flat", axis=1)
        return v.name if v.flat else self.changed[v.name]

    def alike(self, values):
        """The names of all, as images unless all are flat; whether they are."""
        flat = all(v.flat for v in values)
        return [v.name if flat else self.image(v) for v in values], flat


# ---- operators: functions of the graph, a node and its inputs ---------------

def windows(n, v, spread=1):
    """The attributes of a window, and the shape after it."""
    k, s, p = n.attr["k"], n.attr["s"], n.attr.get("p", 0)
    side = [(i + 2 * p - spread * (k - 1) - 1) // s + 1 for i in v.shape[1:]]
    return dict(kernel_shape=[k] * 2, strides=[s] * 2, pads=[p] * 4), side


def conv(g, n, v):
    d, groups = n.attr.get("d", 1), n.attr.get("g", 1)
    n.attr.setdefault("s", 1)
    window, side = windows(n, v, d)
    inputs = [g.image(v), g.parameter(
        n, "weight", n.out, v.shape[0] // groups, n.attr["k"], n.attr["k"])]
    if n.flag("bias"):
        inputs.append(g.parameter(n, "bias", n.out))
    return Value(g.node("Conv", inputs, n.name, dilations=[d] * 2, group=groups,
                        **window), [n.out] + side)


def linear(g, n, v):
    inputs = [g.flat(v), g.parameter(n, "weight", n.out, math.prod(v.shape))]
    if n.flag("bias"):
        inputs.append(g.parameter(n, "bias", n.out))
    return Value(g.node("Gemm", inputs, n.name, transB=1), [n.out, 1, 1], True)


def bn(g, n, v):
    c = v.shape[0]
    scale = [g.floats(n.name + "/one", [c], [1] * c),
             g.floats(n.name + "/zero", [c], [0] * c)] if n.flag("plain") else \
            [g.parameter(n, "weight", c), g.parameter(n, "bias", c)]
    inputs = [g.image(v)] + scale + [g.parameter(n, "running_mean", c),
                                        g.parameter(n, "running_var", c)]
    return Value(g.node("BatchNormalization", inputs, n.name,
                        epsilon=n.attr.get("eps", 1e-5)), v.shape)


def groupnorm(g, n, v):
    """Opset 17 has it for one channel in each group only, so the values of a
    group become a channel."""
    groups, shape = n.attr["g"], [v.shape[0], 1, 1]
    x = g.node("Reshape", [g.image(v), g.ints(n.name + "/groups", [
        0, groups, -1])], n.name + "/group")
    x = g.node("InstanceNormalization", [
        x, g.floats(n.name + "/one", [groups], [1] * groups),
        g.floats(n.name + "/zero", [groups], [0] * groups)],
        n.name + "/norm", epsilon=n.attr.get("eps", 1e-5))
    last = n.name if n.flag("plain") else n.name + "/image"
    x = g.node("Reshape", [x, g.ints(n.name + "/shape", (0,) + v.shape)], last)
    if not n.flag("plain"):
        for suffix, op, name in (("weight", "Mul", n.name + "/scale"),
                                 ("bias", "Add", n.name)):
            by = g.node("Reshape", [
                g.parameter(n, suffix, v.shape[0]),
                g.ints(n.name + "/channel", shape)], n.name + "/" + suffix)
            x = g.node(op, [x, by], name)
    return Value(x, v.shape)


def maxpool(g, n, v):
    n.attr.setdefault("s", n.attr["k"])
    window, side = windows(n, v)
    return Value(g.node("MaxPool", [g.image(v)], n.name, **window),
                 [v.shape[0]] + side)


def avgpool(g, n, v):
    n.attr.setdefault("s", n.attr["k"])
    window, side = windows(n, v)
    return Value(g.node("AveragePool", [g.image(v)], n.name,
                        count_include_pad=1, **window), [v.shape[0]] + side)


def gap(g, n, v):
    return Value(g.node("GlobalAveragePool", [g.image(v)], n.name),
                 [v.shape[0], 1, 1])


def shares(k, size):
    """Window i of k has the rows from i size / k to (i + 1) size / k, rounded
    outwards; the share of each row in its mean, by windows and rows."""
    rows = []
    for i in range(k):
        first, end = i * size // k, -(-(i + 1) * size // k)
        rows.append([(first <= r < end) / (end - first) for r in range(size)])
    return rows


def adaptpool(g, n, v):
    k, (c, h, w) = n.attr["k"], v.shape
    by_row = g.floats(n.name + "/rows", [k, h], sum(shares(k, h), []))
    by_column = g.floats(n.name + "/columns", [w, k],
                         [s for r in zip(*shares(k, w)) for s in r])
    x = g.node("MatMul", [by_row, g.image(v)], n.name + "/means")
    return Value(g.node("MatMul", [x, by_column], n.name), [c, k, k])


def padch(g, n, v):
    (c, h, w), s = v.shape, n.attr.get("s", 1)
    before = (n.out - c) // 2
    x = g.node("Slice", [
        g.image(v), g.ints("start", [0, 0]), g.ints(n.name + "/end", [h, w]),
        g.ints("plane", [2, 3]), g.ints(n.name + "/step", [s, s])],
        n.name + "/slice")
    pads = g.ints(n.name + "/pads", [0, before, 0, 0,
                                     0, n.out - c - before, 0, 0])
    return Value(g.node("Pad", [x, pads], n.name),
                 [n.out, (h - 1) // s + 1, (w - 1) // s + 1])


def binary(op):
    def make(g, n, a, b):
        names, flat = g.alike([a, b])
        return Value(g.node(op, names, n.name), a.shape, flat)
    return make


def concat(g, n, *values):
    names, flat = g.alike(values)
    return Value(g.node("Concat", names, n.name, axis=1),
                 (sum(v.shape[0] for v in values),) + values[0].shape[1:], flat)


def curve(op):
    def make(g, n, v):
        return Value(g.node(op, [v.name], n.name), v.shape, v.flat)
    return make


def silu(g, n, v):
    s = g.node("Sigmoid", [v.name], n.name + "/sigmoid")
    return Value(g.node("Mul", [v.name, s], n.name), v.shape, v.flat)


def gelu(g, n, v):
    """x (1 + erf(x / sqrt 2)) / 2"""
    x = g.node("Mul", [v.name, g.floats("root_half", [], [0.5 ** 0.5])],
               n.name + "/scaled")
    x = g.node("Erf", [x], n.name + "/erf")
    x = g.node("Add", [x, g.floats("one", [], [1])], n.name + "/twice")
    x = g.node("Mul", [x, g.floats("half", [], [0.5])], n.name + "/share")
    return Value(g.node("Mul", [v.name, x], n.name), v.shape, v.flat)


def relu6(g, n, v):
    return Value(g.node("Clip", [v.name, g.floats("zero", [], [0]),
                                 g.floats("six", [], [6])], n.name),
                 v.shape, v.flat)


def leakyrelu(g, n, v):
    return Value(g.node("LeakyRelu", [v.name], n.name,
                        alpha=n.attr.get("slope", 0.01)), v.shape, v.flat)


def same(g, n, v):
    return v


OPERATORS = {
    "conv": conv, "linear": linear, "bn": bn, "groupnorm": groupnorm,
    "maxpool": maxpool, "avgpool": avgpool, "gap": gap, "adaptpool": adaptpool,
    "padch": padch, "concat": concat, "add": binary("Add"), "mul": binary("Mul"),
    "dropout": same, "dropconnect": same, "silu": silu, "gelu": gelu,
    "relu6": relu6, "leakyrelu": leakyrelu, "relu": curve("Relu"),
    "sigmoid": curve("Sigmoid"), "tanh": curve("Tanh"),
    "hardswish": curve("HardSwish"),
}


# ---- net text ---------------------------------------------------------------

class Node:
    """A line "name = operator inputs... attributes..." of lt-net(5)."""

    def __init__(self, name, op, words):
        self.name, self.op, self.attr, self.out = name, op, {}, None
        most = len(words) if op == "concat" else 2 if op in ("add", "mul") else 1
        self.inputs, words = words[:most], words[most:]
        self.flags = [w for w in words if w in ("bias", "plain")]
        for w in words:
            if w in self.flags:
                continue
            if "=" in w:
                key, value = w.split("=")
                self.attr[key] = float(value)
            elif w[0].isdigit():  # channels, or a rate, which nothing here needs
                self.out = int(w) if w.isdigit() else None
            else:
                self.attr[w[0]] = int(w[1:])

    def flag(self, word):
        return word in self.flags


def parse(path, text):
    """The network's name, the input's shape, the nodes that lead to the output,
    and its name."""
    nodes, name, shape, output = {}, None, None, None
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if words[1:2] == ["="]:
            if words[2] not in OPERATORS:
                fail(path, "unknown operator '%s'" % words[2])
            nodes[words[0]] = Node(words[0], words[2], words[3:])
        elif words[:1] == ["net"]:
            name = words[1]
        elif words[:1] == ["input"]:
            shape = [int(w) for w in words[1:]]
        elif words[:1] == ["output"]:
            output = words[1]
    needed = {output}
    for n in reversed(list(nodes.values())):
        if n.name in needed:
            needed.update(n.inputs)
    return name, shape, [n for n in nodes.values() if n.name in needed], output


def numbers(path, what, text, count):
    try:
        values = [float(v) for v in text.split(",")]
    except ValueError:
        values = []
    if len(values) != count or not all(map(math.isfinite, values)):
        fail(path, "%s: expected %d numbers, found '%s'" % (what, count, text))
    return values


def normalize(g, path, meta, args, shape):
    """The value of (pixels / 255 - mean) / std."""
    if not (args.mean or "lt.mean" in meta) or \
            not (args.std or "lt.std" in meta):
        fail(path, "records no normalization, expected --mean and --std, or "
             "--normalized for images that are normalized already")
    x = g.node("Cast", ["pixels"], "pixels/float", to=FLOAT)
    x = g.node("Div", [x, g.floats("pixels/most", [], [255])], "pixels/share")
    for what, op, name in (("mean", "Sub", "pixels/centred"),
                           ("std", "Div", "pixels/normal")):
        given = getattr(args, what)
        values = numbers(path, "--" + what if given else "lt." + what,
                         given or meta["lt." + what], shape[0])
        if what == "std" and min(values) <= 0:
            fail(path, "a standard deviation is not above 0")
        x = g.node(op, [x, g.floats("pixels/" + what, [shape[0], 1, 1], values)],
                   name)
    return Value(x, shape)


def convert(path, args, tensors, meta, masks):
    """The parts of a ModelProto."""
    g = Graph(path, tensors, masks, args.separate)
    name, shape, nodes, output = parse(path, meta["lt.net"])
    if args.normalized:
        first = "input", FLOAT
        values = {"input": Value("input", shape)}
    else:
        first = "pixels", UINT8
        values = {"input": normalize(g, path, meta, args, shape)}
    for n in nodes:
        values[n.name] = OPERATORS[n.op](g, n, *[values[i] for i in n.inputs])
    last = values[output]
    g.nodes.append(message(
        (1, last.name), (2, "logits"), (3, "logits"),
        (4, "Identity" if last.flat else "Flatten")))
    graph = message(
        *[(1, n) for n in g.nodes], (2, name),
        *[(5, t) for t in g.initializers.values()],
        (11, value_info(*first, ["batch"] + shape)),
        (12, value_info("logits", FLOAT, ["batch", last.shape[0]])))
    about = [(14, message((1, k), (2, meta[k]))) for k in
             ("lt.net", "lt.config", "lt.history") if k in meta]
    return message((1, 8), (2, "lt"), (7, graph),
                   (8, message((1, ""), (2, 17))), *about)


def main():
    p = argparse.ArgumentParser(usage="to_onnx.py CHECKPOINT MODEL [MASK] "
                                "[--separate] [--normalized | --mean LIST "
                                "--std LIST]", description=__doc__,
                                formatter_class=argparse.
                                RawDescriptionHelpFormatter)
    p.add_argument("checkpoint")
    p.add_argument("model")
    p.add_argument("mask", nargs="?")
    p.add_argument("--separate", action="store_true")
    p.add_argument("--normalized", action="store_true")
    p.add_argument("--mean")
    p.add_argument("--std")
    args = p.parse_args()
    if args.normalized and (args.mean or args.std):
        p.error("--normalized and --mean or --std exclude each other")
    if args.separate and not args.mask:
        p.error("--separate needs a mask")
    tensors, meta = read(args.checkpoint)
    if meta.get("lt.kind") not in ("checkpoint", "state") or \
            "lt.net" not in meta:
        fail(args.checkpoint, "not a checkpoint of lt, which contains its "
             "network (lt-init --from makes one)")
    masks = read_masks(args.mask, tensors) if args.mask else {}
    model = convert(args.checkpoint, args, tensors, meta, masks)
    if len(model) > MOST:
        fail(args.checkpoint, "its model has %d bytes, ONNX takes %d at most"
             % (len(model), MOST))
    part = args.model + ".part"
    try:
        with open(part, "wb") as f:
            f.write(model)
        os.replace(part, args.model)
    except OSError as e:
        if os.path.exists(part):
            os.remove(part)
        fail(args.model, e.strerror)


if __name__ == "__main__":
    sys.exit(main())
