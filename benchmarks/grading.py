"""Compare our grading with stock nbgrader's, on the same submissions of one lesson.

Prints a table; the full command also writes docs/grading-speed.md.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import nbformat
from nbgrader.api import Gradebook

from autograder.judge import Limits, cores
from autograder.judge.process import Process
from autograder.judge.side import Side
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.pool import Pool
from autograder.pipeline.grading.run import Grading, Quiet, registered
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import Handed
from autograder.pipeline.simulated.course import CONFIG
from autograder.pipeline.simulated.learners import LESSON, class_of
from benchmarks.processor import account

ROOT = Path(__file__).parents[1]
# Who neither crashes nor loops: their time is the grader's and their own cells'.
HONEST = ("ada", "ben", "chloe", "diego", "emma", "felix", "gia", "hugo", "ines", "jonas")
STOCK = '''"""nbgrader as it comes."""
c = get_config()
'''


@dataclass(frozen=True)
class Timing:
    """How long one way took for a class.

    Attributes
    ----------
    seconds : wall time of the whole command, starting included
    processor : seconds of processor time, descendants included; None where they are not counted
    scores : each learner's points, to be the same for every way
    load : programs that wanted a processor when it ended
    """

    way: str
    count: int
    seconds: float
    processor: float | None
    scores: dict[str, float]
    load: float

    @property
    def a_minute(self) -> float:
        """Submissions in one minute."""
        return 60 * self.count / self.seconds


def environment() -> dict[str, str]:
    """Return the environment of every command: nbgrader finds its own tools by name."""
    tools = str(Path(sys.executable).parent)
    path = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PATH": path}


def hand_in(root: Path, copies: int) -> int:
    """Write the class, `copies` times over, into ``submitted/``; return how many they are."""
    release = nbformat.read(ROOT / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
    learners = [learner for learner in class_of(LESSON) if learner.who in HONEST]
    for number in range(copies):
        for learner in learners:
            folder = root / "submitted" / f"{learner.who}{number:03}" / LESSON
            folder.mkdir(parents=True)
            (folder / f"{LESSON}.ipynb").write_bytes(learner.hand_in(release))
    return copies * len(learners)


def course_folder(place: Path, config: str) -> Path:
    """Make a course with one lesson and no submissions."""
    (place / "source" / LESSON).mkdir(parents=True)
    shutil.copy(ROOT / "source" / LESSON / f"{LESSON}.ipynb", place / "source" / LESSON)
    (place / "nbgrader_config.py").write_text(config)
    return place


def timed(way: str, place: Path, copies: int, *command: str) -> Timing:
    """Hand in, run one command and read what everybody got."""
    shutil.rmtree(place / "submitted", ignore_errors=True)
    count = hand_in(place, copies)
    print(f"{way}: {count} submissions", file=sys.stderr)
    with account() as used:
        started = time.perf_counter()
        done = subprocess.run(
            used.wrapped([sys.executable, "-P", "-m", *command]),
            cwd=place,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        seconds, processor = time.perf_counter() - started, used.seconds
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    with Gradebook(f"sqlite:///{place}/gradebook.db") as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(LESSON)}
    return Timing(way, count, seconds, processor, scores, os.getloadavg()[0])


def throughput(work: Path, stock: int, ours: int) -> list[Timing]:
    """Time every way: stock nbgrader, ours through nbgrader, ours with one and two workers.

    Parameters
    ----------
    stock, ours : how many copies of the class each is given
    """
    config = CONFIG.format(repository=str(ROOT))
    plain = course_folder(work / "stock", STOCK)
    prepare = [sys.executable, "-P", "-m", "nbgrader", "generate_assignment", LESSON]
    subprocess.run(prepare, cwd=plain, env=environment(), check=True, capture_output=True)
    timings = [timed("stock nbgrader", plain, stock, "nbgrader", "autograde", LESSON)]
    configured = course_folder(work / "configured", config)
    NbgraderCourse(configured).register(LESSON)
    command = ("nbgrader", "autograde", LESSON)
    timings.append(timed("ours, through nbgrader autograde", configured, ours, *command))
    for jobs in (1, 2):
        place = course_folder(work / f"jobs{jobs}", config)
        NbgraderCourse(place).register(LESSON)
        command = ("autograder", "grade", LESSON, "--jobs", str(jobs))
        timings.append(timed(f"ours, {jobs} worker{'s' * (jobs > 1)}", place, ours, *command))
    agree(timings)
    return timings


def agree(timings: list[Timing]) -> None:
    """Raise unless every way gave every learner the same points."""
    first = timings[0].scores
    for timing in timings[1:]:
        wrong = {
            name: (first[name], score)
            for name, score in timing.scores.items()
            if name in first and first[name] != score
        }
        if wrong or not set(first) <= set(timing.scores):
            raise SystemExit(f"{timing.way} gave other points than {timings[0].way}: {wrong}")


@dataclass(frozen=True)
class Latency:
    """Median seconds of one submission, from its bytes to its grade in the gradebook."""

    graded: float
    notebook: float  # the learner's cells alone, in a process as warm
    own: float  # the same without the lesson's own figures, which are drawn once a class

    @property
    def beyond(self) -> float:
        """What grading adds to what the learner's process has to compute."""
        return self.graded - self.own


def latency(work: Path, repeats: int) -> Latency:
    """Grade the same right submission again and again, one at a time, and time its cells alone."""
    place = course_folder(work / "latency", CONFIG.format(repository=str(ROOT)))
    course = NbgraderCourse(place)
    hand_in(place, 1)
    path = place / "submitted" / "ada000" / LESSON / f"{LESSON}.ipynb"
    content, setup = path.read_bytes(), setup_of(course, LESSON)
    code = own_cells(content)
    graded, notebook, own = [], [], []
    with ExitStack() as stack:
        side = stack.enter_context(Side(setup.limits))
        pool = stack.enter_context(Pool(setup, 1))
        writer = stack.enter_context(registered(course, LESSON))
        side.wait()
        pool.wait()
        grading = Grading(LESSON, setup.tests, writer, pool, Quiet())
        for _ in range(repeats):  # in turn, so that a busy moment of the machine meets both
            started = time.perf_counter()
            grading.add(Handed("ada", path.name, content), force=True)
            grading.finish()
            graded.append(time.perf_counter() - started)
            notebook.append(own_seconds(side, setup.limits, code))
            own.append(own_seconds(side, setup.limits, code, without_pictures=True))
    return Latency(median(graded), median(notebook), median(own))


def own_cells(content: bytes) -> list[str]:
    """Return the code that a submission's learner runs: all but the tests."""
    return [
        cell.source
        for cell in nbformat.reads(content.decode(), as_version=4).cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]


def own_seconds(
    side: Side, limits: Limits, code: list[str], *, without_pictures: bool = False
) -> float:
    """Return what cells take in a warm process that is as close to its judge as in grading."""
    process = Process.fresh(side.zygote, limits)
    cores.stay()
    cores.share(process.root)
    started = time.perf_counter()
    for source in code:
        request = {"code": source, "without_pictures": without_pictures}
        process.ask("run", request, time.monotonic() + 60)
    taken = time.perf_counter() - started
    cores.release(0)
    process.close()
    return taken


def table(timings: list[Timing]) -> str:
    """Write the rates as a markdown table, the first way's as 1."""
    lines = [
        "| way | submissions | seconds | a minute | times stock | processor, each | load |",
        "|---|---|---|---|---|---|---|",
    ]
    for timing in timings:
        ratio = timing.a_minute / timings[0].a_minute
        each = timing.processor
        each = "not counted" if each is None else f"{each / timing.count:.2f} s"
        lines.append(
            f"| {timing.way} | {timing.count} | {timing.seconds:.1f} | {timing.a_minute:.0f} "
            f"| **{ratio:.1f}** | {each} | {timing.load:.1f} |"
        )
    return "\n".join(lines)


HEADER = f"""# Speed of grading

`python -m benchmarks.grading` wrote this page; it is measured, never edited.

Every way graded the same submissions of lesson {LESSON} and gave everybody the same points.  The
seconds are those of the whole command, starting included, with the sandbox on in all of ours.
Stock nbgrader runs the instructor's tests in the learner's kernel, one notebook after the other.
Load is how many programs wanted a processor: beyond the number of processors, times are too long.
The processor's time for each submission, that of every process added up, hardly depends on it.

"""


def page(timings: list[Timing], one: Latency) -> str:
    """Return the whole page."""
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {sys.version.split()[0]}"
    return (
        f"{HEADER}{machine}.\n\n{table(timings)}\n\n## One submission, once all is warm\n\n"
        f"From its bytes to its grade in the gradebook {1e3 * one.graded:.0f} ms.  Its own cells "
        f"take {1e3 * one.notebook:.0f} ms in a notebook, and {1e3 * one.own:.0f} ms where the "
        "lesson's own figure, the same for everybody, is not drawn again, as in grading: grading "
        f"adds {1e3 * one.beyond:.0f} ms to these.\nMedians; the tests' calls of the learner's "
        "functions count as grading.\n"
    )


def main(argv: list[str] | None = None) -> int:
    """Measure, print the page, and write it unless it was a quick run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a minute or two: a small class, nothing written"
    )
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        timings = throughput(work, 1 if args.quick else 2, 2 if args.quick else 20)
        one = latency(work, 5 if args.quick else 30)
    text = page(timings, one)
    print(text)
    if not args.quick:
        (ROOT / "docs" / "grading-speed.md").write_text(text, encoding="utf-8")
        print("Written: docs/grading-speed.md", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
