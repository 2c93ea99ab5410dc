"""Write feedback pages: ``python -m autograder feedback LESSON``."""

import argparse
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.reports.feedback import write_feedback
from autograder.words import shown


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", help="lesson, as 01 or 01_sliding_window")
    parser.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="only this learner"
    )


def run(args: argparse.Namespace) -> int:
    """Write the pages and say where they are; 1 if one of them could not be written."""
    course = NbgraderCourse(Path.cwd())
    lesson = lesson_name(course, args.lesson)
    pages, failures = write_feedback(course, lesson, args.student)
    for student, reason in failures.items():
        print(shown(f"{student}: no page, {reason}"))
    print(f"{len(pages)} feedback pages in {course.coursedir.feedback_directory}/STUDENT/{lesson}/")
    return 1 if failures else 0
