"""Name pairs of answers to look at: ``python -m autograder similar LESSON``."""

import argparse
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.groups import groups_of
from autograder.pipeline.lesson import lesson_name
from autograder.pipeline.reports.similar import Pair, write_similar
from autograder.words import shown

LINES = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", help="lesson, as 01 or 01_sliding_window")


def run(args: argparse.Namespace) -> int:
    """Write the page, and print the pairs that share most."""
    course = NbgraderCourse(Path.cwd())
    lesson = lesson_name(course, args.lesson)
    pairs, page = write_similar(course, lesson, groups_of(course, lesson).values())
    for pair in pairs[:LINES]:
        print(shown(line(pair)))
    if len(pairs) > LINES:
        print(f"{len(pairs) - LINES} more pairs")
    count = f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'}"
    print(f"{page.relative_to(course.root)}: {count} of answers to look at, none of them a verdict")
    return 0


def line(pair: Pair) -> str:
    """Return one pair as people read it.

    Examples
    --------
    >>> line(Pair("pad1d", "ann", "bob", typed=1.0, shared=60))
    'pad1d: ann and bob share 60 pieces (100 % as typed)'
    """
    ways = (("as typed", pair.typed), ("with all names alike", pair.renamed))
    alike = ", ".join(f"{100 * share:.0f} % {how}" for how, share in ways if share)
    return f"{pair.exercise}: {pair.first} and {pair.second} share {pair.shared} pieces ({alike})"
