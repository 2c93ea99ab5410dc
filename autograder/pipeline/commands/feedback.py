"""Write feedback pages: ``python -m autograder feedback LESSON``."""

import argparse
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.people import read_people
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.reports.feedback import feedback_page, write_feedback
from autograder.pipeline.reports.feedback_zip import write_moodle_zip
from autograder.words import shown


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", help="lesson, as 01 or 01_sliding_window")
    parser.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="only this learner"
    )
    parser.add_argument(
        "--for",
        dest="platform",
        choices=["moodle"],
        help="write also the zip in which Moodle takes feedback files back",
    )


def run(args: argparse.Namespace) -> int:
    """Write the pages and say where they are; 1 if one of them could not be written."""
    course = NbgraderCourse(Path.cwd())
    lesson = lesson_name(course, args.lesson)
    pages, failures = write_feedback(course, lesson, args.student)
    for student, reason in failures.items():
        print(shown(f"{student}: no page, {reason}"))
    print(f"{len(pages)} feedback pages in {course.coursedir.feedback_directory}/STUDENT/{lesson}/")
    if args.platform:
        to = Path(course.root, course.coursedir.feedback_directory, f"{lesson}-moodle.zip")
        known = read_people(course.coursedir.db_url, lesson)
        places = {one.student: feedback_page(course, lesson, one.student) for one in known}
        written = {student: page for student, page in places.items() if page in set(pages)}
        count, unknown = write_moodle_zip(to, written, known)
        print(f"{to.relative_to(course.root)}: {count} of them, for Moodle")
        if unknown:
            names = shown(", ".join(unknown), 10_000)
            print(f"Not in it, since no archive of Moodle had them for {lesson}: {names}")
    return 1 if failures else 0
