"""Say what to explain to the class again: ``python -m autograder report LESSON``."""

import argparse
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.reports.class_report import write_report


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", help="lesson, as 01 or 01_sliding_window")


def run(args: argparse.Namespace) -> int:
    """Write the report and say where it is."""
    course = NbgraderCourse(Path.cwd())
    page = write_report(course, lesson_name(course, args.lesson))
    print(f"{page}; beside it parts.csv, mistakes.csv and learners.csv")
    return 0
