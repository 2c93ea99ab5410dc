"""Write a lesson's autograder for Gradescope: ``python -m autograder gradescope LESSON``."""

import argparse
from pathlib import Path

from autograder.files import write_whole
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradescope.bundle import bundle
from autograder.pipeline.gradescope.submission import VISIBILITIES
from autograder.pipeline.lesson import lesson_name


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", help="lesson, as 01 or 01_sliding_window")
    parser.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        default="visible",
        help="when learners see what the tests said (default: visible)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the zip and say where it is."""
    course = NbgraderCourse(Path.cwd())
    lesson = lesson_name(course, args.lesson)
    to = Path("dist", "gradescope", f"{lesson}.zip")
    write_whole(course.root / to, bundle(course, lesson, args.visibility))
    print(f"{to}: for Gradescope, under Configure Autograder, Zip file upload")
    return 0
