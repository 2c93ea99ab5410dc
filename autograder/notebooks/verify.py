"""The verify command: say which built files do not fit the lessons' texts."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from autograder import CommandError
from autograder.notebooks.build import leftovers
from autograder.notebooks.differences import difference
from autograder.notebooks.layout import Course, this_course
from autograder.notebooks.leaks import find_leaks
from autograder.notebooks.lesson import build_lessons
from autograder.pages.sheet import SHEET, TEXT, sheet_bytes


@dataclass(frozen=True)
class Stale:
    """A built file that is not what the texts give: its path, why, and the lesson to build."""

    path: str
    why: str
    lesson: str = ""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Build the lessons without writing anything and compare with the built files: source and "
        "release byte for byte; cases byte for byte but for computed numbers, which may differ by "
        "the check's own tolerance; solutions by their sources, structure and text outputs "
        "(pictures have to be there; they differ between machines). Looks for solution lines in "
        "what students get, too. Exit code 1 if anything is stale or leaks."
    )
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="number or name of a lesson; default: all"
    )


def run(args: argparse.Namespace) -> int:
    """Print what is stale and how to mend it."""
    course = this_course()
    lessons = course.chosen_lessons(args.lessons)
    stale, failures = [], []
    for name, built in build_lessons(course, lessons):
        if isinstance(built, CommandError):
            failures.append(str(built))
        else:
            stale += stale_files(course, name, built)
    if not args.lessons:
        stale += unexpected(course)
        stale += stale_sheet(course)
    for file in stale:
        print(f"{file.path}: {file.why}")
    if stale:
        named = sorted({file.lesson for file in stale})
        which = "" if "" in named else " " + " ".join(named)
        print(f"{len(stale)} stale. Run `python -m autograder build{which}` and commit the result.")
    if failures:
        raise CommandError("\n".join(failures))
    leaks = find_leaks(course)
    for leak in leaks:
        print(f"leak: {leak}")
    if not stale and not leaks:
        print(f"{len(lessons)} lessons, everything built fits its text.")
    return 1 if stale or leaks else 0


def stale_files(course: Course, name: str, built: dict[str, bytes]) -> Iterable[Stale]:
    """Yield what differs between a lesson's built files and `built`, a build of its text."""
    for path, content in built.items():
        file = course.root / path
        if not file.is_file():
            yield Stale(path, "missing", name)
            continue
        if why := difference(path, file.read_bytes(), content):
            yield Stale(path, why, name)
    for path in built:
        folder = (course.root / path).parent
        if folder.name != name:
            continue
        for file in sorted(folder.rglob("*")):
            inner = file.relative_to(course.root).as_posix()
            if file.is_file() and ".ipynb_checkpoints" not in file.parts and inner not in built:
                # nbgrader copies whatever lies beside a source notebook into the release.
                yield Stale(inner, "no text gives this file", name)


def stale_sheet(course: Course) -> list[Stale]:
    """Return the sheet if it does not fit its text; a course without the text has none."""
    file = course.root / SHEET
    if not (course.root / TEXT).is_file():
        return []
    if file.is_file() and file.read_bytes() == sheet_bytes(course.root):
        return []
    return [Stale(SHEET, "does not fit its text" if file.is_file() else "missing")]


def unexpected(course: Course) -> list[Stale]:
    """Return the built folders and case files of lessons that have no text."""
    return [
        Stale(path.relative_to(course.root).as_posix(), "no text gives it")
        for path in leftovers(course)
    ]
