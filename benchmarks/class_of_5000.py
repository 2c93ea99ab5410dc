"""Grade a simulated class of one lesson and measure each step.

``python -m benchmarks.class_of_5000`` writes docs/class.md.  Every step is the command that an
instructor types, in a process of its own, start included.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.results import results
from autograder.pipeline.simulated.course import make_course, open_demo, problems
from autograder.pipeline.simulated.crowd import crowd
from autograder.pipeline.simulated.learners import LESSON

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "class.md"
EVERY = 0.25  # seconds between two looks at the memory
OURS, STOCK = "nbgrader export, this course's", "nbgrader export, nbgrader's own"

PYTHON, NBGRADER = [sys.executable, "-m"], [sys.executable, "-m", "nbgrader", "export"]
STEPS = {
    "grade": [*PYTHON, "autograder", "grade", LESSON],
    "grade again, nothing changed": [*PYTHON, "autograder", "grade", LESSON],
    "feedback": [*PYTHON, "autograder", "feedback", LESSON],
    "report": [*PYTHON, "autograder", "report", LESSON],
    "export, a column a question": [*PYTHON, "autograder", "export", LESSON],
    OURS: [*NBGRADER, "--to", "ours.csv"],
    STOCK: [*NBGRADER, "--to", "stock.csv", "--exporter", "nbgrader.plugins.CsvExportPlugin"],
}
HEADER = """# A class of {learners}

`python -m benchmarks.class_of_5000` wrote this page; it is measured, never edited.

{learners} simulated learners hand in lesson 01: right in several styles, wrong in the ways of the
catalogue, unfinished, broken and hostile. Each step is the command that an instructor types, its
start included, on {cpus} processors ({machine}, Python {python}). Memory is the most that the
command's processes held together, what they share counted once. After grading, every learner's
status, points and named mistakes are compared with what they should be: {wrong} differ.

"""


@dataclass(frozen=True)
class Measured:
    """One step: wall time in seconds and peak memory in MiB, None where it cannot be read."""

    seconds: float
    peak: float | None


def measure(command: Sequence[str], folder: Path) -> Measured:
    """Run a command in `folder` and watch its memory.

    Raises
    ------
    SystemExit : when it fails; with the end of what it printed
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | {"PYTHONPATH": path}, stdout=said, stderr=said
        )
        peaks: list[float] = []
        done = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, done, peaks))
        watch.start()
        try:
            code = process.wait()
        finally:
            done.set()
            watch.join()
        seconds = time.monotonic() - started
        said.seek(0)
        # `feedback` tells with 1 that some were not graded, which a class like this always has.
        if code > 1 or (code and "feedback" not in command):
            raise SystemExit(f"{' '.join(command)} ended with {code}:\n{said.read()[-3000:]}")
    return Measured(seconds, max(peaks, default=None))


def _watch(pid: int, done: threading.Event, peaks: list[float]) -> None:
    """Note the memory of a process and all its descendants until `done`."""
    while not done.wait(EVERY):
        total = sum(_memory(one) for one in _family(pid))
        if total:
            peaks.append(total / 1024)


def _family(pid: int) -> list[int]:
    """Return a process and its descendants, [] where the system does not tell."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    family = [pid]
    for member in family:
        family += children.get(member, [])
    return family


def _memory(pid: int) -> int:
    """Return a process's share of the memory in KiB: shared pages are split among their users."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def table(measured: dict[str, Measured], learners: int) -> str:
    """Return the steps as a table, with the ratio of the two exports below."""
    lines = ["| step | seconds | learners a minute | peak MiB |", "|---|---|---|---|"]
    for name, step in measured.items():
        rate = f"{60 * learners / step.seconds:,.0f}"
        peak = "unknown" if step.peak is None else f"{step.peak:.0f}"
        lines.append(f"| {name} | {step.seconds:.1f} | {rate} | {peak} |")
    ratio = measured[STOCK].seconds / measured[OURS].seconds
    lines += ["", f"nbgrader's own export takes {ratio:.1f} times as long as this course's."]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure, print the table, and write the page where the whole class was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class_of_5000", description=__doc__)
    parser.add_argument("--learners", type=int, default=5000, metavar="N", help="default: 5000")
    parser.add_argument("--seed", type=int, default=0, help="another class (default: 0)")
    parser.add_argument("--quick", action="store_true", help="100 learners, nothing written")
    parser.add_argument("--dir", type=Path, help="where to keep the class; a temporary folder else")
    args = parser.parse_args(argv)
    size = 100 if args.quick else args.learners
    with tempfile.TemporaryDirectory() as spare:
        learners = crowd(size, args.seed)
        root = make_course(args.dir or Path(spare) / "class", learners, ROOT)
        open_demo(root, learners)
        measured = {}
        for name, command in STEPS.items():
            print(f"{name}: ", end="", file=sys.stderr, flush=True)
            measured[name] = measure(command, root)
            print(f"{measured[name].seconds:.1f} s", file=sys.stderr)
        got = results(NbgraderCourse(root), LESSON)
    wrong = [problem for learner in learners for problem in problems(learner, got)]
    print(table(measured, size))
    for problem in wrong[:20]:
        print(f"NOT AS EXPECTED: {problem}", file=sys.stderr)
    if not args.quick:
        header = HEADER.format(
            learners=f"{size:,}",
            cpus=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "?",
            machine=platform.machine(),
            python=platform.python_version(),
            wrong="none" if not wrong else len({problem.split()[0] for problem in wrong}),
        )
        PAGE.write_text(f"{header}{table(measured, size)}\n", encoding="utf-8")
        print(f"Written: {PAGE.relative_to(ROOT)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
