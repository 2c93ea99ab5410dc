"""Compare the fast twins with PyTorch, with the plain matrix product and with index arrays.

Prints a table for each run; the full command also writes docs/speed.md and its picture.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean

from benchmarks.shapes import SHAPES

ROOT = Path(__file__).parents[1]
AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
PEERS = ("PyTorch", "product", "index arrays")


@dataclass(frozen=True)
class Run:
    """One process's measurements."""

    title: str
    threads: int = 1
    dtype: str = "float32"
    environment: tuple[tuple[str, str], ...] = ()


RUNS = (
    Run("one thread, float32, the machine's best kernels"),
    Run("two threads, float32, the machine's best kernels", threads=2),
    Run("one thread, float32, kernels held to AVX2", environment=tuple(AVX2.items())),
    Run("one thread, float64, the machine's best kernels", dtype="float64"),
)


def busy(run: Run) -> str:
    """Say why this run would mean nothing now, or return an empty string."""
    load = os.getloadavg()[0]
    if run.threads == 1 or load < 1.5:  # the run before this one counts as 1
        return ""
    return (
        f"Not measured: two threads go by the clock, and other programs were at work "
        f"(load {load:.1f} on {os.cpu_count()} processors). Run the command again when it is quiet."
    )


def measure(run: Run, repeats: int) -> dict | str:
    """Measure in a process of its own; return what it found, or why it did not measure."""
    print(run.title, file=sys.stderr)
    if reason := busy(run):
        print(f"  {reason}", file=sys.stderr)
        return reason
    command = [sys.executable, "-m", "benchmarks.measure", "--threads", str(run.threads)]
    command += ["--dtype", run.dtype, "--repeats", str(repeats)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **dict(run.environment)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed with exit code {done.returncode}.")
    return json.loads(done.stdout)


def ratio(row: dict, peer: str, phases=("forward", "backward")) -> float:
    """Return how many times as long as the peer ours takes, over these phases together.

    Examples
    --------
    >>> ratio({"course": {"forward": 3.0}, "PyTorch": {"forward": 2.0}}, "PyTorch", ["forward"])
    1.5
    """
    return sum(row["course"][p] for p in phases) / sum(row[peer][p] for p in phases)


def means(rows: dict, peer: str) -> list[float]:
    """Return the geometric means, over the shapes, of forward, backward and both."""
    phases = (("forward",), ("backward",), ("forward", "backward"))
    return [geometric_mean(ratio(row, peer, phase) for row in rows.values()) for phase in phases]


def table(result: dict) -> str:
    """Write one run's ratios, below 1 where ours is faster, as a markdown table."""
    lines = [
        "| layer | ms | to PyTorch | to the product | to index arrays | MiB | theirs |",
        "|---|---|---|---|---|---|---|",
    ]
    for shape in SHAPES:
        row = result["rows"][shape.name]
        seconds = row["course"]["forward"] + row["course"]["backward"]
        ratios = " | ".join(f"{ratio(row, peer):.2f}" for peer in PEERS)
        peaks = " | ".join(f"{row[name]['peak'] / 2**20:.1f}" for name in ("course", PEERS[2]))
        lines.append(f"| {shape.name} {shape} | {1e3 * seconds:.2f} | {ratios} | {peaks} |")
    columns = zip(*(means(result["rows"], peer) for peer in PEERS), strict=True)
    for name, values in zip(("forward", "backward", "both"), columns, strict=True):
        cells = " | ".join(f"**{value:.2f}**" for value in values)
        lines.append(f"| geometric mean, {name} | | {cells} | | |")
    return "\n".join(lines)


def section(run: Run, result: dict | str) -> str:
    """Write one run: its title, what computed, its table; or why there is none."""
    title = f"## {run.title[0].upper()}{run.title[1:]}\n\n"
    if isinstance(result, str):
        return f"{title}{result}\n"
    text = f"{title}{result['kernels']}.\n\n{table(result)}\n"
    if epoch := result["epoch"]:
        share = epoch["course"] / epoch["PyTorch"]
        text += (
            f"\nAn epoch of the capstone's network over 1437 random images of 8 by 8 takes "
            f"{1e3 * epoch['course']:.0f} ms, {share:.2f} times PyTorch's.\n"
        )
    return text


def plot(result: dict, path: Path) -> None:
    """Draw each layer's ratios, on a logarithmic axis."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    places = range(len(SHAPES))
    for peer, marker, colour in zip(PEERS, "osD", ("#7b3294", "#444444", "#e66101"), strict=True):
        ratios = [ratio(result["rows"][shape.name], peer) for shape in SHAPES]
        axes.plot(places, ratios, marker, color=colour, label=f"to {peer}")
    axes.axhline(1, color="grey", linewidth=0.8)
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    names = [shape.name for shape in SHAPES]
    axes.set_xticks(places, names, rotation=35, ha="right")
    axes.set_ylabel("time, ours / theirs")
    axes.set_title("Forward and backward, one thread: below 1 the course is faster", fontsize=10)
    axes.legend(ncols=3, fontsize=8)
    figure.savefig(path, dpi=90, metadata={"Software": None})
    plt.close(figure)


HEADER = """# Speed of the reference

`python -m benchmarks.convolution` wrote this page; it is measured, never edited.

Each number is the time of `autograder.reference.fast` over another's, on the same arrays, in one
process, in turns: below 1 ours is faster.  The plain product is the layer's three matrix products
alone, on columns that are already there: the least that a layer made of products has to do.
Index arrays are columns by fancy indexing, summed back by `np.add.at`.  MiB is the most memory
that numpy held at once in forward and backward, ours and that of the index arrays.
Settings after a layer's shapes are stride/padding.  One thread is timed in processor seconds, two
by the clock.

![Ratios of the ten layers, one thread, best kernels](pictures/speed.png)

"""


def main(argv: list[str] | None = None) -> int:
    """Measure, print the tables, and write the page where all runs were made."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.convolution", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a minute: few repeats, best kernels, nothing written"
    )
    args = parser.parse_args(argv)
    runs = RUNS[:2] if args.quick else RUNS
    results = [measure(run, repeats=3 if args.quick else 15) for run in runs]
    sections = [section(run, result) for run, result in zip(runs, results, strict=True)]
    print("\n".join(sections))
    if not args.quick:
        plot(results[0], ROOT / "docs" / "pictures" / "speed.png")
        (ROOT / "docs" / "speed.md").write_text(HEADER + "\n".join(sections), encoding="utf-8")
        print("Written: docs/speed.md and docs/pictures/speed.png", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
