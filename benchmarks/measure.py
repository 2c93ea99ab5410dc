"""Time every technique in this process and print the seconds as JSON.

`benchmarks.convolution` starts it, in a process of its own for each set of BLAS kernels, which
libraries choose when they are loaded.
"""

import argparse
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from autograder.reference import network
from benchmarks.rivals import RIVALS
from benchmarks.shapes import SHAPES, Shape

REST = 0.13  # seconds; OpenBLAS's idle thread spins that long after a threaded product


def median_seconds(calls: dict[str, Callable], repeats: int, threads: int) -> dict[str, float]:
    """Time calls in turns, so that a slow moment of the machine meets all of them.

    One thread is timed in processor seconds, which other programs on the machine hardly change.
    """
    clock = time.process_time if threads == 1 else time.perf_counter
    seconds = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            if threads > 1:
                time.sleep(REST)
            call()
            start = clock()
            call()
            seconds[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def peak_bytes(call: Callable) -> int:
    """Return the most memory that numpy held at once beyond what was there."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    call()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return peak


def check(name: str, shape: Shape, results, expected) -> None:
    """Raise unless every result is PyTorch's, to single precision."""
    for mine, theirs in zip(results, expected, strict=True):
        mine, theirs = np.asarray(mine), theirs.detach().numpy()
        error = np.abs(mine - theirs).max() / np.abs(theirs).max()
        if error > 1e-4:
            raise SystemExit(f"{name} is wrong on {shape.name}: relative error {error:.1e}")


def measure_shape(shape: Shape, dtype, repeats: int, threads: int) -> dict:
    """Return {technique: {"forward": seconds, "backward": seconds, "peak": bytes or None}}."""
    calls = {name: make(shape, shape.arrays(dtype)) for name, make in RIVALS.items()}
    forward, backward = calls["PyTorch"]
    expected = [forward(), *backward()]
    row = {name: {} for name in calls}
    for name in ("course", "index arrays"):
        forward, backward = calls[name]
        check(name, shape, [forward(), *backward()], expected)
        row[name]["peak"] = peak_bytes(lambda f=forward, g=backward: (f(), g()))
    for part, phase in enumerate(("forward", "backward")):
        timed = {name: pair[part] for name, pair in calls.items()}
        for name, value in median_seconds(timed, repeats, threads).items():
            row[name][phase] = value
    return row


def measure_epoch(repeats: int) -> dict[str, float]:
    """Return the seconds of one epoch of the capstone's network, ours and PyTorch's."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1437, 1, 8, 8)).astype(np.float32)
    labels = rng.integers(0, 10, size=len(x))
    params = {key: value.astype(np.float32) for key, value in network.initial_params(rng).items()}
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, stride=network.STRIDES[0], padding=network.PADDING),
        torch.nn.ReLU(),
        torch.nn.Conv2d(16, 32, 3, stride=network.STRIDES[1], padding=network.PADDING),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(network.POOL),
        torch.nn.Flatten(),
        torch.nn.Linear(128, 10),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    images, classes = torch.tensor(x), torch.tensor(labels)

    def theirs():
        for batch in torch.randperm(len(images)).split(network.BATCH):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(images[batch]), classes[batch]).backward()
            optimizer.step()

    calls = {
        "course": lambda: network.train(params, x, labels, 1, 0.05, rng),
        "PyTorch": theirs,
    }
    return median_seconds(calls, repeats, threads=1)


def kernels() -> str:
    """Name the BLAS kernels that numpy and PyTorch run."""
    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    names = {f"{pool['internal_api']} {pool['version']} {pool['architecture']}" for pool in blas}
    capability = torch.backends.cpu.get_cpu_capability()
    return f"numpy: {', '.join(sorted(names))}; PyTorch {torch.__version__}: {capability}"


def main() -> int:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--repeats", type=int, default=15)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with threadpool_limits(args.threads):
        rows = {}
        for shape in SHAPES:
            print(f"  {shape.name}", end="", file=sys.stderr, flush=True)
            rows[shape.name] = measure_shape(
                shape, np.dtype(args.dtype), args.repeats, args.threads
            )
        epoch = measure_epoch(max(3, args.repeats // 3)) if args.threads == 1 else None
        print(file=sys.stderr)
        json.dump({"kernels": kernels(), "rows": rows, "epoch": epoch}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
