"""Write the points as CSV: ``python -m autograder export [LESSON]``."""

import argparse
from pathlib import Path

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.reports.export import export_questions
from autograder.pipeline.reports.into import Filled, export_into
from autograder.words import shown


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="all that are graded, if none")
    parser.add_argument(
        "--to", type=Path, default=Path("questions.csv"), help="default: questions.csv"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="TABLE",
        help="enter one lesson's points into the table that Moodle, Canvas, Brightspace or "
        "Blackboard has exported",
    )
    parser.add_argument(
        "--column",
        default="",
        metavar="NAME",
        help="with --into: the assignment's name in the table; default: the one called as the "
        "lesson",
    )


def run(args: argparse.Namespace) -> int:
    """Write the table and say what it holds; 1 if somebody's points found no row."""
    course = NbgraderCourse(Path.cwd())
    wanted = [lesson_name(course, lesson) for lesson in args.lessons]
    if args.into:
        if len(wanted) != 1:
            raise CommandError("--into takes one lesson, as in: export 01 --into gradebook.csv")
        filled = export_into(course, *wanted, args.into, args.column)
        for line in filled_lines(filled, args.into):
            print(shown(line, 10_000))
        return 1 if filled.unmatched else 0
    if args.column:
        raise CommandError("--column is for --into TABLE.")
    learners, lessons = export_questions(course, wanted, args.to)
    print(f"{args.to}: {learners} learners, {', '.join(lessons)}")
    return 0


def filled_lines(filled: Filled, path: Path) -> list[str]:
    """Say what was entered, and who is left."""
    changed = f", {filled.changed} of them in place of other points" if filled.changed else ""
    count = len(filled.filled)
    lines = [
        f"{path}: {filled.platform}, column {filled.column!r}: "
        f"points of {count} learner{'' if count == 1 else 's'} entered{changed}."
    ]
    by_reason: dict[str, list[str]] = {}
    for name, why in filled.ungraded.items():
        by_reason.setdefault(why, []).append(name)
    lines += [f"Left as it was, {why}: {', '.join(names)}" for why, names in by_reason.items()]
    lines += [f"NOT IN THE TABLE, {name}: {why}" for name, why in filled.unmatched.items()]
    if filled.strangers:
        names = ", ".join(filled.strangers)
        lines.append(f"In the table only, {len(filled.strangers)}: {names}")
    return lines
