"""What the zip holds that Gradescope takes as a lesson's autograder."""

import hmac
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from autograder.notebooks.student import course_files, zipped
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.lesson import source_path
from autograder.pipeline.secret import course_secret

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1]
SCRIPTS = ("setup.sh", "run_autograder")
CHOICE = "gradescope.json"
# Rooms of the package that grade nothing.
WITHOUT = ("mutation", "pages", "proof.py", "pipeline/simulated", "pipeline/gradescope/bundle.py")
SUFFIXES = (".py", ".json", ".npz", ".j2", ".css")


def bundle(course: NbgraderCourse, lesson: str, visibility: str) -> bytes:
    """Return the zip: the judge, one lesson with its hidden tests, and how to start them.

    Withheld cases are drawn from a secret of their own, from which the course's cannot be told.

    Parameters
    ----------
    visibility : Gradescope's word for who sees the tests, see `submission.VISIBILITIES`
    """
    members = {name: path.read_bytes() for name, path in _files(course, lesson)}
    members["requirements.txt"] = _requirements().encode()
    members[CHOICE] = json.dumps({"lesson": lesson, "visibility": visibility}).encode()
    purpose = f"Gradescope {lesson}".encode()
    members[".autograder/secret"] = hmac.digest(course_secret(course.root), purpose, "sha256")
    return zipped(members, programs=SCRIPTS)


def _files(course: NbgraderCourse, lesson: str) -> Iterator[tuple[str, Path]]:
    for name in SCRIPTS:
        yield name, HERE / name
    yield "constraints.txt", PACKAGE.parent / "constraints.txt"
    yield "nbgrader_config.py", course.root / "nbgrader_config.py"
    yield f"source/{lesson}/{lesson}.ipynb", source_path(course.coursedir, lesson, lesson)
    yield from course_files(PACKAGE.parent, [lesson])
    for path in sorted(PACKAGE.rglob("*")):
        inner = path.relative_to(PACKAGE)
        apart = any(inner.is_relative_to(room) for room in WITHOUT)
        if path.is_file() and path.suffix in SUFFIXES and not apart:
            yield f"{PACKAGE.name}/{inner.as_posix()}", path


def _requirements() -> str:
    """Return what the project's own settings say that grading needs; constraints.txt pins it."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    return "\n".join([*project["dependencies"], *project["optional-dependencies"]["instructor"]])
