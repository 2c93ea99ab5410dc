"""The build command: write everything that the lessons' texts give."""

import argparse
import os
import re
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from autograder import CommandError
from autograder.files import write_whole
from autograder.notebooks.differences import difference, same_pictures
from autograder.notebooks.layout import CASES, Course, this_course
from autograder.notebooks.lesson import build_lessons
from autograder.notebooks.student import ZIP, write_student_zip
from autograder.notebooks.text import tidy
from autograder.pages.sheet import SHEET, TEXT, sheet_bytes

STEPS = ("source", "release", "solutions")
LESSON_FOLDER = re.compile(r"\d\d_\w+")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Build source/NN_topic.py into source/NN_topic/, release/, solutions/ and "
        f"{CASES}/, and write the students' tree to {ZIP}. A lesson that fails keeps what was "
        "built before."
    )
    parser.add_argument(
        "lessons",
        nargs="*",
        metavar="LESSON",
        help="number or name of a lesson, such as 01 or 01_sliding_window; default: all",
    )
    parser.add_argument(
        "--upto", metavar="NN", help="the last lesson in the students' zip; default: all"
    )
    parser.add_argument(
        "--tidy",
        action="store_true",
        help="first rewrite the lessons' texts in canonical form",
    )


def run(args: argparse.Namespace) -> int:
    """Build the lessons asked for, then the students' zip."""
    course = this_course()
    lessons = course.chosen_lessons(args.lessons)
    last = course.name_of(args.upto) if args.upto else None
    if args.tidy:
        for name in lessons:
            if tidy(course.text_path(name)):
                print(f"source/{name}.py: rewritten in canonical form")
    build(course, lessons, everything=not args.lessons)
    if (course.root / TEXT).is_file():
        write_whole(course.root / SHEET, sheet_bytes(course.root))
    started = time.perf_counter()
    count = write_student_zip(course, last)
    print(f"{ZIP}  {count} files  {time.perf_counter() - started:.1f} s")
    return 0


def build(course: Course, lessons: Iterable[str], everything: bool = False) -> None:
    """Build `lessons` one after the other; with `everything`, remove what no text gives any more.

    Raises
    ------
    CommandError
        After the last lesson, with every lesson that failed and where.
    """
    failures = []
    started = time.perf_counter()
    for name, files in build_lessons(course, lessons):
        if isinstance(files, CommandError):
            failures.append(str(files))
            continue
        replace(course.root, name, kept(course.root, files))
        seconds = time.perf_counter() - started
        print(f"{name}  source, release, solution, cases  {seconds:.1f} s", flush=True)
        started = time.perf_counter()
    if everything:
        for path in leftovers(course):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            print(f"{path.relative_to(course.root).as_posix()}  removed: no text gives it")
    if failures:
        raise CommandError("\n".join([*failures, "Their earlier output was left as it was."]))


def kept(root: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return `files`, with what lies in the course already wherever that fits.

    Two processors round the last digits of a number, and shade a picture's edges, differently: a
    build on another machine leaves such a file as it is.
    """
    return {path: _fitting(root / path, path, content) for path, content in files.items()}


def _fitting(file: Path, path: str, built: bytes) -> bytes:
    found = file.read_bytes() if file.is_file() else b""
    if difference(path, found, built):
        return built
    if path.startswith("solutions/") and not same_pictures(found, built):
        return built
    return found


def replace(root: Path, name: str, files: dict[str, bytes]) -> None:
    """Replace a lesson's built folders by `files`: all is written before anything is removed."""
    fresh = {}
    for path, content in files.items():
        target = root / path
        folder = target.parent if target.parent.name == name else None
        built = folder or target
        new = built.with_name(f".{built.name}.new")
        if built not in fresh:
            _remove(new)
            fresh[built] = new
        part = new / target.name if folder else new
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
    for built, new in fresh.items():
        if built.is_dir():
            shutil.rmtree(built)
        os.replace(new, built)


def leftovers(course: Course) -> list[Path]:
    """Return the built folders and case files of lessons that have no text."""
    written = set(course.written_lessons())
    folders = [
        path
        for step in STEPS
        for path in sorted((course.root / step).glob("*"))
        if path.is_dir() and LESSON_FOLDER.fullmatch(path.name) and path.name not in written
    ]
    cases = sorted((course.root / CASES).glob("*.json"))
    return folders + [path for path in cases if path.stem not in written]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
