#!/usr/bin/env python3
"""Training steps of lt and of PyTorch, taking turns in one run.

    bench_torch.py STEP_BENCH [--threads N] [--rounds N] [--seconds S] [CASE...]

A CASE is NET:BATCH:DENSITY[,DENSITY...].  A step is forward, loss, backward and
update.  PyTorch runs contiguous and channels-last, its waiting threads asleep
(OMP_WAIT_POLICY=passive) or spinning as they do by default: the best of the
four is its figure.  A mask would only slow it down, so that its dense step
stands against each density.  In every round each player takes its turn for S
seconds; the fastest step of all rounds counts.  ratio is lt's images/s over
PyTorch's.  With one thread processor time is taken, which other loads on the
machine hardly change.
"""
import argparse
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = ["resnet20:128:1,0.2,0.1,0.05,0.02", "resnet8-demo:64:1,0.07",
         "lenet5:64:1,0.05"]
LAYOUTS = ("contiguous", "channels-last")


class Player:
    """A process that answers "steps" by the seconds of the fastest."""

    def __init__(self, argv, policy):
        env = {k: v for k, v in os.environ.items() if k != "OMP_WAIT_POLICY"}
        if policy:
            env["OMP_WAIT_POLICY"] = policy
        self.p = subprocess.Popen(argv, stdin=subprocess.PIPE, text=True,
                                  stdout=subprocess.PIPE, env=env)
        self.best = self.ask("1")[0]

    def ask(self, line):
        self.p.stdin.write(line + "\n")
        self.p.stdin.flush()
        answer = self.p.stdout.readline()
        if not answer:
            sys.exit("bench_torch: %s ended" % " ".join(self.p.args))
        return [float(v) for v in answer.split()]

    def turn(self, seconds):
        n = max(1, int(seconds / self.best))
        self.best = min(self.best, self.ask(str(n))[0])

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


def run_case(args, case, top):
    net, batch, densities = case.split(":")
    t = str(args.threads)
    ours = [(d, Player([args.step_bench, "-i", "-t", t,
                        "%s:%s:%s" % (net, batch, d)], "passive"))
            for d in densities.split(",")]
    peer = [sys.executable, __file__, args.step_bench, case, "--threads", t]
    peers = [(f, w, Player(peer + ["--peer", f], w))
             for f in LAYOUTS for w in ("passive", None)]
    for _ in range(args.rounds):
        for player in ours + peers:
            player[-1].turn(args.seconds)
    theirs = min(p.best for _, _, p in peers)
    say("%s batch %s, PyTorch: %s" % (net, batch, ", ".join(
        "%s %s %.2f ms" % (f, w or "spinning", 1e3 * p.best)
        for f, w, p in peers)))
    for d, p in ours:
        gflop, rss = p.ask("")
        rate = gflop / p.best
        print("%s\t%s\t%s\t%d\tf32\t%.1f\t%.1f\t%.3f\t%.0f\t%.2f" % (
            net, d, batch, args.threads, int(batch) / p.best, rate,
            rate / top, rss, theirs / p.best), flush=True)
    for player in ours + peers:
        player[-1].close()


def describe(args):
    """What PyTorch this is: its BLAS decides its linear layers."""
    import torch
    config = torch.__config__.show()

    def find(pattern):
        m = re.search(pattern, config)
        return m.group(1) if m else "unknown"
    blas = find(r"BLAS_INFO=([^,\s]+)")
    say("torch %s, BLAS %s, CPU capability %s, %s, threads %d" % (
        torch.__version__, blas, find(r"CPU capability usage: (\S+)"),
        find(r"(Intel\(R\) MKL-DNN \S+)"), args.threads))
    if blas == "generic":
        say("with reference BLAS ratios of networks that are mostly linear "
            "layers are void")


def compare(args):
    describe(args)
    name, before = ceiling(args)
    say("kernels %s, ceiling before %.1f GFLOP/s, load %.2f" % (
        name, before, os.getloadavg()[0]))
    print("net\tdensity\tbatch\tthreads\tstore\timages_per_s\t"
          "gflops_executed\tshare_of_peak\trss_mb\tratio", flush=True)
    for case in args.case:
        run_case(args, case, before)
    after = ceiling(args)[1]
    say("ceiling after %.1f GFLOP/s, load %.2f" % (after, os.getloadavg()[0]))
    if abs(after / before - 1) > 0.05:
        say("void: the ceiling moved by more than 5 %")
        return 1
    return 0


def peer(args):
    """PyTorch's side: one net and memory format, steps on demand."""
    import torch
    import torch.nn.functional as F
    sys.path.insert(0, os.path.join(HERE, "..", "torch"))
    import lt_torch

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    layout = torch.channels_last if args.peer == "channels-last" \
        else torch.contiguous_format
    name, batch, _ = args.case[0].split(":")
    net = lt_torch.Net(output([args.step_bench, "-n", name])).train()
    net = net.to(memory_format=layout)
    x = torch.randn(int(batch), *net.shapes["input"])
    x = x.contiguous(memory_format=layout)
    y = torch.randint(net.shapes[net.output][0], (int(batch),))
    sgd = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9,
                          weight_decay=1e-4)
    clock = time.process_time if args.threads == 1 else time.perf_counter

    def step():
        begin = clock()
        sgd.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), y).backward()
        sgd.step()
        return clock() - begin

    step()
    for line in sys.stdin:
        print(min(step() for _ in range(int(line))), flush=True)
    return 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("step_bench")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--seconds", type=float, default=0.5)
    p.add_argument("--peer", choices=LAYOUTS, help=argparse.SUPPRESS)
    p.add_argument("case", nargs="*", default=CASES)
    args = p.parse_args()
    return peer(args) if args.peer else compare(args)


if __name__ == "__main__":
    sys.exit(main())
