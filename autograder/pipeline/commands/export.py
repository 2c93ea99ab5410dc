"""Write the points of every question as CSV: ``python -m autograder export [LESSON]``."""

import argparse
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.reports.export import export_questions


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="all that are graded, if none")
    parser.add_argument(
        "--to", type=Path, default=Path("questions.csv"), help="default: questions.csv"
    )


def run(args: argparse.Namespace) -> int:
    """Write the table and say what it holds."""
    course = NbgraderCourse(Path.cwd())
    wanted = [lesson_name(course, lesson) for lesson in args.lessons]
    learners, lessons = export_questions(course, wanted, args.to)
    print(f"{args.to}: {learners} learners, {', '.join(lessons)}")
    return 0
