"""Grade a simulated class from end to end: ``python -m autograder demo``."""

import argparse
import sys
import textwrap
import time
from pathlib import Path

from autograder import CommandError, exercises
from autograder.pipeline import records
from autograder.pipeline.commands.grade import sandbox_lines
from autograder.pipeline.gradebook.results import Result
from autograder.pipeline.grading.run import grade_lesson
from autograder.pipeline.reports.class_report import write_report
from autograder.pipeline.reports.feedback import write_feedback
from autograder.pipeline.simulated.course import make_course, open_demo, problems
from autograder.pipeline.simulated.crowd import crowd
from autograder.pipeline.simulated.learners import LESSON, SimulatedLearner, class_of

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


def table(rows: list[tuple[SimulatedLearner, Result]]) -> str:
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
