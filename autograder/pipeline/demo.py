"""Grade a simulated class from end to end: ``python -m autograder demo``."""

import argparse
import shutil
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat
import sqlalchemy as sa
from nbgrader.api import Student

from autograder import CommandError, exercises
from autograder.pipeline import records
from autograder.pipeline.course import Course
from autograder.pipeline.feedback import write_feedback
from autograder.pipeline.grade import grade_lesson, sandbox_lines
from autograder.pipeline.report import write_report
from autograder.pipeline.results import Result
from autograder.pipeline.secret import secret_file
from autograder.pipeline.simulated import LESSON, Learner, class_of
from autograder.pipeline.simulated_answers import SECRET
from autograder.pipeline.simulated_crowd import crowd, full_name

CONFIG = '''"""nbgrader's settings for the simulated class; made by `python -m autograder demo`."""

import sys
from pathlib import Path

sys.path.insert(0, {repository!r})

from autograder.pipeline.config import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)
# A loop is a loop after three seconds as well.
c.JudgeExecutor.limits = {{"cell_seconds": 3.0, "call_seconds": 2.0}}
'''
# Lessons whose own cells measure or train for longer than that, with what learners wrote.
SLOW = ("11_layouts_and_speed", "13_capstone")
PATIENT = f'{CONFIG}c.JudgeExecutor.limits = {{{{"cell_seconds": 60.0}}}}\n'
MARKER = ".made-by-demo"
WIDE = 72  # letters of what a learner did
SHOWN = 40  # learners, or problems, that fit on a screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--lesson", default=LESSON, help=f"lesson, as 08 or 08_im2col (default: {LESSON})"
    )
    parser.add_argument(
        "--dir", type=Path, default=Path("demo"), help="folder that is made anew (default: demo)"
    )
    parser.add_argument(
        "--learners", type=int, metavar="N", help="N drawn at random; else two dozen made by hand"
    )
    parser.add_argument("--seed", type=int, default=0, help="another class of N (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Grade the class, say what came of it, and return 1 if anyone got what they should not get."""
    started = time.monotonic()
    if args.learners is not None and args.learners < 1:
        raise CommandError(f"--learners is {args.learners}. Expected 1 or more.")
    lesson = exercises.lesson(args.lesson).name
    if args.learners is None:
        learners = class_of(lesson)
    else:
        learners = crowd(args.learners, args.seed, lesson)
    course = open_demo(make_course(args.dir, learners, lesson=lesson), learners)
    print(f"Grading {len(learners)} submissions of {lesson}:", flush=True)
    rows, _ = grade_lesson(course, lesson, out=sys.stdout)
    pages, failures = write_feedback(course, lesson)
    report = write_report(course, lesson)
    results = {row.student: row for row in rows}
    if len(learners) <= SHOWN:
        print(table([(learner, results[learner.who]) for learner in learners]))
    for line in sandbox_lines(rows):
        print(line)
    print(f"Feedback: {len(pages)} pages, {args.dir}/feedback/STUDENT/{lesson}/{lesson}.html")
    print(f"Class report: {report}")
    print(f"Gradebook: {args.dir}/gradebook.db")
    print(f"Formgrader: run JupyterLab in {args.dir}/ and open its menu Nbgrader.")
    print(f"{time.monotonic() - started:.0f} s in all.")
    wrong = [problem for learner in learners for problem in problems(learner, results)]
    wrong += [f"{page}: holds a script" for page in pages if "<script" in page.read_text().lower()]
    wrong += [
        f"{name}: no feedback page, {why}"
        for name, why in failures.items()
        if results[name].record.is_graded
    ]
    for problem in wrong[:SHOWN]:
        print(f"NOT AS EXPECTED: {problem}")
    if len(wrong) > SHOWN:
        print(f"NOT AS EXPECTED: {len(wrong) - SHOWN} more")
    return 1 if wrong else 0


def open_demo(root: Path, learners: Sequence[Learner]) -> Course:
    """Open the course in `root`, with a name in the gradebook for every learner."""
    course = Course(root)
    names = [full_name(number) for number in range(len(learners))]
    rows = [
        {"id": learner.who, "first_name": first, "last_name": last}
        for learner, (first, last) in zip(learners, names, strict=True)
    ]
    with course.gradebook() as gradebook:
        gradebook.db.execute(sa.insert(Student), rows)
        gradebook.db.commit()
    return course


def make_course(
    folder: Path,
    learners: Sequence[Learner],
    repository: Path | None = None,
    lesson: str = LESSON,
) -> Path:
    """Make a course directory with one lesson and what `learners` hand in; return its path.

    Raises
    ------
    CommandError : when the lesson is not built, or `folder` holds something else
    """
    repository = (repository or Path.cwd()).resolve()
    release = repository / "release" / lesson / f"{lesson}.ipynb"
    source = repository / "source" / lesson / f"{lesson}.ipynb"
    if not (release.is_file() and source.is_file()):
        raise CommandError(
            f"{lesson} is not built: {release} is missing. Run `python -m autograder build`."
        )
    root = folder.resolve()
    if root.exists() and not (root / MARKER).exists():
        raise CommandError(
            f"{folder} exists and was not made by this command, so it is left as it is. "
            "Name another folder with --dir, or remove it."
        )
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARKER).touch()
    config = PATIENT if lesson in SLOW else CONFIG
    (root / "nbgrader_config.py").write_text(config.format(repository=str(repository)))
    secret_file(root).parent.mkdir()
    secret_file(root).write_bytes(SECRET)
    for step, path in (("source", source), ("release", release)):
        (root / step / lesson).mkdir(parents=True)
        shutil.copy(path, root / step / lesson)
    given_out = nbformat.read(release, as_version=4)
    for learner in learners:
        place = root / "submitted" / learner.who / lesson
        place.mkdir(parents=True)
        content = learner.hand_in(given_out)
        if content is not None:
            (place / learner.name).write_bytes(content)
    return root


def problems(learner: Learner, results: dict[str, Result]) -> list[str]:
    """Return how a learner's result differs from what it should be."""
    row = results[learner.who]
    found = []
    if row.record.status != learner.status:
        found.append(f"status {row.record.said}, expected {learner.status}")
    if row.score != learner.points:
        found.append(f"{row.score} points, expected {learner.points}")
    if learner.says is not None and row.diagnosis != learner.says:
        found.append(f"the diagnosis is {row.diagnosis!r}, expected {learner.says!r}")
    if row.record.is_graded and not row.record.cells:
        found.append("the record holds no verdict")
    return [f"{learner.who} ({learner.did}): {problem}" for problem in found]


def table(rows: list[tuple[Learner, Result]]) -> str:
    """Return the class as a table in plain text."""
    lines = [("who", "what they did", "status", "points", "what the diagnosis says")]
    for learner, row in rows:
        said = row.diagnosis if row.record.is_graded else row.record.reason
        if row.record.status == records.PARTLY:
            said = "; ".join(filter(None, (row.record.reason, said)))
        did = textwrap.shorten(learner.did, WIDE, placeholder=" ...")
        lines.append((learner.who, did, row.record.status, row.points, said))
    widths = [max(len(line[column]) for line in lines) for column in range(4)] + [0]
    lines.insert(1, tuple("-" * max(width, 4) for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
