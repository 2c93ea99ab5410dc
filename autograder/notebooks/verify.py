"""The verify command: say which built files do not fit the lessons' texts."""

import argparse
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder import CommandError
from autograder.notebooks.build import leftovers
from autograder.notebooks.layout import Course, this_course
from autograder.notebooks.leaks import find_leaks
from autograder.notebooks.lesson import build_lessons

EMBEDDED = re.compile(r"data:image/[\w+.-]+;base64,[A-Za-z0-9+/=\s]+")


@dataclass(frozen=True)
class Stale:
    """A built file that is not what the texts give: its path, why, and the lesson to build."""

    path: str
    why: str
    lesson: str = ""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Build the lessons without writing anything and compare with the built files: source, "
        "release and cases byte for byte; solutions by their sources, structure and text outputs "
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
        found = file.read_bytes()
        if path.startswith("solutions/"):
            why = notebook_difference(comparable(found), comparable(content))
        elif found != content:
            why = notebook_difference(_loaded(found), _loaded(content)) or "differs in its layout"
        else:
            continue
        if why:
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


def unexpected(course: Course) -> list[Stale]:
    """Return the built folders and case files of lessons that have no text."""
    return [
        Stale(path.relative_to(course.root).as_posix(), "no text gives it")
        for path in leftovers(course)
    ]


def comparable(content: bytes):
    """Return a solution without what differs between machines: the bytes of its pictures."""
    notebook = _loaded(content)
    if not isinstance(notebook, dict):
        return notebook
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for kind, value in data.items():
                if kind.startswith("image/"):
                    data[kind] = "a picture"
                elif kind.startswith("text/"):
                    text = value if isinstance(value, str) else "".join(value)
                    data[kind] = EMBEDDED.sub("a picture", text)
    return notebook


def notebook_difference(found, wanted) -> str:
    """Return where two notebooks (or cases) differ, in words; "" if they do not."""
    if found == wanted:
        return ""
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return "cannot be read"
    if "cells" not in wanted:
        return "differs"
    ours, theirs = found.get("cells", []), wanted["cells"]
    for number, (a, b) in enumerate(zip(ours, theirs, strict=False), start=1):
        if a != b:
            parts = ("source", "outputs", "metadata", "id", "cell_type", "execution_count")
            part = next((key for key in parts if a.get(key) != b.get(key)), "content")
            return f"cell {number} differs in its {part}"
    if len(ours) != len(theirs):
        return f"has {len(ours)} cells, expected {len(theirs)}"
    return "the notebook's metadata differ"


def _loaded(content: bytes):
    try:
        return json.loads(content)
    except ValueError:
        return None
