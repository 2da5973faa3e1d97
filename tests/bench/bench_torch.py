#!/usr/bin/env python3
"""Training steps of lt and of PyTorch, taking turns in one run.

    bench_torch.py STEP_BENCH [--threads N] [--rounds N] [--seconds S]
        [--modes LIST] [CASE...]

A CASE is NET:BATCH:DENSITY[,DENSITY...][:WORD...], as step_bench explains it.
A step is forward, loss, backward and update; with the word eval, a forward pass
of an evaluation.  PyTorch runs contiguous and channels-last, its waiting
threads asleep (OMP_WAIT_POLICY=passive) or spinning as they do by default: the
best of the four is its figure.  So do all modes of LIST: f32 (the default),
bf16 (bfloat16 autocast), compile and bf16-compile (torch.compile); a mode that
this PyTorch lacks is left out with a line.  A mask would only slow it down, so
that its dense step stands against each density.  In every round each player
takes its turn for S seconds; the fastest step of all rounds counts.  ratio is
lt's images/s over PyTorch's.  Every player is a process of its own: rss_mb is
the peak of its resident memory once two steps are done, rss_ratio lt's over the
smallest of PyTorch's.  With one thread processor time is taken, which other
loads on the machine hardly change.
"""
import argparse
import ctypes
import gc
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LAYOUTS = ("contiguous", "channels-last")
MODES = ("f32", "bf16", "compile", "bf16-compile")
# How threads wait: as lt's programs have it; asleep; as the library likes it.
OURS = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
WAITS = {"passive": {"OMP_WAIT_POLICY": "passive"}, "spinning": {}}


class Player:
    """A process that answers "steps" by the seconds of the fastest."""

    def __init__(self, argv, policy):
        env = {k: v for k, v in os.environ.items()
               if k not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
        env.update(policy)
        self.p = subprocess.Popen(argv, stdin=subprocess.PIPE, text=True,
                                  stdout=subprocess.PIPE, env=env)
        self.best = self.seconds(1)

    def ask(self, line):
        self.p.stdin.write(line + "\n")
        self.p.stdin.flush()
        answer = self.p.stdout.readline()
        if not answer:
            sys.exit("bench_torch: %s ended" % " ".join(self.p.args))
        return answer.rstrip("\n").split("\t")

    def seconds(self, steps):
        return float(self.ask(str(steps))[0])

    def turn(self, seconds):
        n = max(1, int(seconds / self.best))
        self.best = min(self.best, self.seconds(n))

    def close(self):
        self.p.stdin.close()
        self.p.wait()


def say(text):
    print("# " + text, flush=True)


def output(argv):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def ceiling(args):
    name, rate = output([args.step_bench, "-c", "-t",
                         str(args.threads)]).split()
    return name, float(rate)


def split(case):
    """NET, BATCH, [DENSITY...], [WORD...]"""
    field = case.split(":")
    if len(field) < 3:
        sys.exit("bench_torch: '%s': expected NET:BATCH:DENSITY" % case)
    return field[0], field[1], field[2].split(","), field[3:]


def run_case(args, case, top):
    net, batch, densities, words = split(case)
    t = str(args.threads)
    ours = [Player([args.step_bench, "-i", "-t", t,
                    ":".join([net, batch, d] + words)], OURS)
            for d in densities]
    peer = [sys.executable, __file__, args.step_bench, case, "--threads", t]
    peers = [("%s %s" % (m, f), w,
              Player(peer + ["--peer", f, "--mode", m], WAITS[w]))
             for m in args.modes for f in LAYOUTS for w in WAITS]
    for _ in range(args.rounds):
        for player in ours + [p for _, _, p in peers]:
            player.turn(args.seconds)
    theirs = min(p.best for _, _, p in peers)
    memory = {p: [float(v) for v in p.ask("")] for _, _, p in peers}
    least, imported = min(memory.values())
    say("%s, PyTorch: %s (%.0f MB before there is a net)" % (case, ", ".join(
        "%s %s %.2f ms %.0f MB" % (f, w or "spinning", 1e3 * p.best,
                                   memory[p][0])
        for f, w, p in peers), imported))
    for p in ours:
        gflop, rss, *columns = p.ask("")
        rate, rss = float(gflop) / p.best, float(rss)
        print("\t".join(columns + [
            "%.1f" % (int(batch) / p.best), "%.1f" % rate,
            "%.3f" % (rate / top), "%.0f" % rss, "%.2f" % (theirs / p.best),
            "%.3f" % (rss / least)]), flush=True)
    for player in ours + [p for _, _, p in peers]:
        player.close()


def describe(args):
    """What PyTorch this is: its BLAS decides its linear layers."""
    import torch
    config = torch.__config__.show()

    def find(pattern):
        m = re.search(pattern, config)
        return m.group(1) if m else "unknown"
    blas = find(r"BLAS_INFO=([^,\s]+)")
    if blas == "generic":  # whichever library answers to the name
        torch.mm(torch.ones(2, 2), torch.ones(2, 2))
        with open("/proc/self/maps") as maps:
            m = re.search(r"/(lib(?:openblas|blis|atlas|mkl)[^/\s]*)",
                          maps.read())
        blas = m.group(1) if m else "of the reference"
    say("torch %s, BLAS %s, CPU capability %s, %s, threads %d" % (
        torch.__version__, blas, find(r"CPU capability usage: (\S+)"),
        find(r"(Intel\(R\) MKL-DNN \S+)"), args.threads))
    if blas == "of the reference":
        say("with it ratios of networks of mostly linear layers are void")


def has_modes(args):
    """The modes asked for that this PyTorch has."""
    import torch
    if hasattr(torch, "compile"):
        return args.modes
    for mode in args.modes:
        if "compile" in mode:
            say("torch %s has no torch.compile: mode %s is left out" %
                (torch.__version__, mode))
    return [m for m in args.modes if "compile" not in m]


def compare(args):
    describe(args)
    args.modes = has_modes(args)
    name, before = ceiling(args)
    say("kernels %s, ceiling before %.1f GFLOP/s, load %.2f" % (
        name, before, os.getloadavg()[0]))
    print("net\tdensity\tmask\tmacs\tbatch\twork\tthreads\tstore\t"
          "images_per_s\tgflops_executed\tshare_of_peak\trss_mb\tratio\t"
          "rss_ratio", flush=True)
    for case in args.case or output([args.step_bench, "-l"]).split():
        run_case(args, case, before)
    after = ceiling(args)[1]
    say("ceiling after %.1f GFLOP/s, load %.2f" % (after, os.getloadavg()[0]))
    if abs(after / before - 1) > 0.05:
        say("void: the ceiling moved by more than 5 %")
        return 1
    return 0


def forget_peak():
    """As step_bench does: what is free goes back, then the peak is of now."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")


def peak_mb():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) / 1024 for line in f
                    if line.startswith("VmHWM:"))


def stepper(net, x, y, evaluate, mode):
    """A function that makes one step of the net in a mode."""
    import torch
    import torch.nn.functional as F
    sgd = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9,
                          weight_decay=1e-4)

    run = torch.compile(net) if "compile" in mode else net

    def logits():
        with torch.autocast("cpu", dtype=torch.bfloat16,
                            enabled="bf16" in mode):
            return run(x)

    def train():
        sgd.zero_grad(set_to_none=True)
        F.cross_entropy(logits().float(), y).backward()
        sgd.step()

    def forward():
        with torch.no_grad():
            logits()
    net.train(not evaluate)
    return forward if evaluate else train


def peer(args):
    """PyTorch's side: one net and memory format, steps on demand."""
    import torch
    sys.path.insert(0, os.path.join(HERE, "..", "torch"))
    import lt_torch

    forget_peak()
    imported = peak_mb()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    layout = torch.channels_last if args.peer == "channels-last" \
        else torch.contiguous_format
    name, batch, _, words = split(args.case[0])
    net = lt_torch.Net(output([args.step_bench, "-n", name]))
    net = net.to(memory_format=layout)
    x = torch.randn(int(batch), *net.shapes["input"])
    x = x.contiguous(memory_format=layout)
    y = torch.randint(net.shapes[net.output][0], (int(batch),))
    step = stepper(net, x, y, "eval" in words, args.mode)
    clock = time.process_time if args.threads == 1 else time.perf_counter

    def seconds():
        begin = clock()
        step()
        return clock() - begin

    step()
    forget_peak()
    step()
    for line in sys.stdin:
        print(min(seconds() for _ in range(int(line))) if line.strip()
              else "%.1f\t%.1f" % (peak_mb(), imported), flush=True)
    return 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("step_bench")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--seconds", type=float, default=0.5)
    p.add_argument("--modes", type=lambda text: text.split(","),
                   default=["f32"], metavar="LIST")
    p.add_argument("--peer", choices=LAYOUTS, help=argparse.SUPPRESS)
    p.add_argument("--mode", choices=MODES, help=argparse.SUPPRESS)
    p.add_argument("case", nargs="*")
    args = p.parse_intermixed_args()
    for mode in args.modes:
        if mode not in MODES:
            p.error("--modes: expected a list of %s, found '%s'" %
                    (" ".join(MODES), mode))
    return peer(args) if args.peer else compare(args)


if __name__ == "__main__":
    sys.exit(main())
