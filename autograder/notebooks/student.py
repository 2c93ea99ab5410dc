"""The students' package as one zip: it holds only the files that are named here."""

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from autograder import CommandError
from autograder.files import write_whole
from autograder.notebooks.layout import CASES, Course, notebook_path
from autograder.pages.sheet import SHEET, TEXT

ZIP = "dist/convolution-course-student.zip"
TOP = "convolution-course"
README = "docs/student/README.md"  # becomes the README of the students' tree
FILES = (
    ".devcontainer/devcontainer.json",
    "LICENSE",
    "LICENSE-TEXT.md",
    "Makefile",
    "constraints.txt",
    "environment.yml",
    "pyproject.toml",
)
# What `course` is made of; anything else that lies in the folder stays at home.
SUFFIXES = {".py", ".js", ".css", ".json", ".npy", ".npz", ".png", ".svg", ".csv", ".txt", ".md"}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can state


def write_student_zip(course: Course, last: str | None = None) -> int:
    """Write the students' zip with the lessons up to the one named `last`; return its file count.

    Times, owners and order are fixed, so the same files give the same bytes.

    Raises
    ------
    CommandError
        If a file of the allow-list is missing; an earlier zip stays as it is.
    """
    members = dict(student_files(course, last))
    members = {f"{TOP}/{name}": path.read_bytes() for name, path in members.items()}
    write_whole(course.root / ZIP, zipped(members))
    return len(members)


def zipped(members: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """Return a zip archive whose bytes depend on names and contents alone.

    Parameters
    ----------
    programs : names of those that can be run
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix, on every machine
            info.external_attr = (0o100755 if name in programs else 0o100644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name])
    return packed.getvalue()


def student_files(course: Course, last: str | None = None) -> Iterator[tuple[str, Path]]:
    """Yield what students get: the path in their tree and the file it comes from."""
    yield "README.md", _present(course, README)
    for name in FILES:
        yield name, _present(course, name)
    names = [lesson.name for lesson in course.lessons]
    given = names[: names.index(last) + 1] if last else names
    lessons = [name for name in course.written_lessons() if name in given]
    for name in lessons:
        path = notebook_path("release", name)
        yield path, _present(course, path)
    if (
        given == names and (course.root / TEXT).is_file()
    ):  # it holds the formulas that the lessons ask for
        yield SHEET, _present(course, SHEET)
    yield from course_files(course.root, lessons)


def course_files(root: Path, lessons: Collection[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files of the package `course`, with the visible cases of some lessons."""
    for path in sorted((root / "course").rglob("*")):
        inner = path.relative_to(root)
        hidden = any(part.startswith((".", "__pycache__")) for part in inner.parts)
        if hidden or path.suffix not in SUFFIXES or not path.is_file() or path.is_symlink():
            continue
        if inner.parent == CASES and path.suffix == ".json" and path.stem not in lessons:
            continue
        yield inner.as_posix(), path


def _present(course: Course, name: str) -> Path:
    path = course.root / name
    if not path.is_file():
        raise CommandError(f"{ZIP} was not written: {name} is missing.")
    return path
