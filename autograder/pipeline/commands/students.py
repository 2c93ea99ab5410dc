"""Enter a platform's class list into the gradebook: ``python -m autograder students TABLE``."""

import argparse
from pathlib import Path

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.reports.class_list import enter_class_list
from autograder.words import shown


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "table",
        type=Path,
        help="participants or grades, as Moodle, Canvas, Brightspace or Blackboard exports them",
    )


def run(args: argparse.Namespace) -> int:
    """Enter them, and say who is new and who is left; 1 where somebody was left out."""
    entered = enter_class_list(NbgraderCourse(Path.cwd()), args.table)
    whose = entered.platform or "made by hand"
    lines = [f"{args.table} ({whose}): {len(entered.new)} new, {len(entered.known)} known already"]
    lines += [f"LEFT OUT, {name}: {why}" for name, why in entered.unclear.items()]
    if entered.absent:
        lines.append(f"In the gradebook only, {len(entered.absent)}: {', '.join(entered.absent)}")
    for line in lines:
        print(shown(line, 10_000))
    return 1 if entered.unclear else 0
