"""Grade the submissions of one lesson: ``python -m autograder grade LESSON``."""

import argparse
import sys
from pathlib import Path
from time import monotonic

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.gradebook.results import Result
from autograder.pipeline.grading.listing import Listing, list_lesson
from autograder.pipeline.grading.progress import summary
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.grading.watch import watch_lesson
from autograder.pipeline.inbox.submitted import is_tree, overlooked
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.secret import renew_secret
from autograder.words import shown


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", nargs="?", help="lesson, as 01 or 01_sliding_window")
    parser.add_argument(
        "--submitted",
        type=Path,
        metavar="PATH",
        help="folder with STUDENT/LESSON/, a platform's archive or the folder that it unpacks to, "
        "a folder of notebooks, or one notebook; default: submitted/",
    )
    parser.add_argument(
        "--list", action="store_true", help="say who handed in and what counts; grade nothing"
    )
    parser.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="only this learner"
    )
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="grade N at a time; default: one a processor"
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="grade on the Dask cluster at tcp://HOST:PORT; `make cluster` starts one here",
    )
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")
    parser.add_argument(
        "--watch", action="store_true", help="go on, and grade what arrives in the folder"
    )
    parser.add_argument(
        "--require-sandbox", action="store_true", help="refuse to run code without a sandbox"
    )
    parser.add_argument(
        "--new-secret",
        action="store_true",
        help="draw the withheld cases anew, for every lesson, from now on",
    )


def run(args: argparse.Namespace) -> int:
    """Grade and show the progress; 1 if the grader itself failed on any of them."""
    root = Path.cwd()
    if args.jobs is not None and args.jobs < 1:
        raise CommandError(f"--jobs is {args.jobs}. Expected 1 or more.")
    if args.new_secret:
        renew_secret(root)
        print("The course has a new secret; withheld cases are drawn anew.")
        if args.lesson is None:
            return 0
    if args.lesson is None:
        raise CommandError("No lesson was named. Expected one, as in: grade 01_sliding_window")
    course = open_course(root, require_sandbox=args.require_sandbox)
    lesson = lesson_name(course, args.lesson)
    choice = {"submitted": args.submitted, "students": args.student, "jobs": args.jobs}
    choice |= {"scheduler": args.scheduler}
    if args.list:
        for line in listing_lines(
            list_lesson(course, lesson, submitted=args.submitted, students=args.student)
        ):
            print(shown(line, 10_000))
        return 0
    if args.watch:
        watch_lesson(course, lesson, **choice)
        return 0
    started = monotonic()
    rows, unchanged = grade_lesson(course, lesson, force=args.force, **choice, out=sys.stdout)
    new = [row for row in rows if row.student not in unchanged]
    print(f"{lesson}: {summary(new, len(unchanged), monotonic() - started)}")
    if args.submitted is None or (args.submitted.is_dir() and is_tree(args.submitted, lesson)):
        folder = args.submitted or Path(course.root, course.coursedir.submitted_directory)
        if line := overlooked(folder, lesson):
            print(line, file=sys.stderr)
    for line in sandbox_lines(rows):
        print(line, file=sys.stderr if line.startswith("WARNING") else sys.stdout)
    return 1 if any(row.record.status == records.FAILED for row in rows) else 0


def listing_lines(listing: Listing) -> list[str]:
    """Say who was found, and what is left."""
    lines = [one.line for one in listing.learners]
    for what, names in (
        ("Left over, nobody's", listing.left),
        ("Nothing from, though in the gradebook", listing.absent),
    ):
        if names:
            lines.append(f"{what}, {len(names)}: {', '.join(names)}")
    count = sum(bool(one.file) for one in listing.learners)
    return [*lines, f"{count} of {len(listing.learners)} can be graded; nothing was."]


def sandbox_lines(rows: list[Result]) -> list[str]:
    """Say which isolation was in force, loudly where there was none."""
    lines = sorted({row.record.sandbox for row in rows} - {""})
    warning = "WARNING: learners' code ran without isolation: "
    return [
        ("Sandbox: " if not line.lower().startswith("no sandbox") else warning) + line
        for line in lines
    ]
