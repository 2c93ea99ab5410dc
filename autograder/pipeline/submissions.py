"""Find each learner's submission in a folder and take from it what can be graded."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.pipeline import records
from autograder.pipeline.reader import Unreadable, find_notebook, read_notebook
from autograder.pipeline.repair import repair


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one lesson.

    Attributes
    ----------
    notebook : the repaired notebook, None unless it can be graded
    status, reason : one of `records`' statuses and why, "" when it can be graded
    note : what is worth telling about a submission that can be graded, such as an unusual name
    """

    student: str
    folder: Path
    notebook: NotebookNode | None = None
    status: str = ""
    reason: str = ""
    note: str = ""


def submission_folders(submitted: Path, lesson: str) -> dict[str, Path]:
    """Return each learner's folder in nbgrader's layout ``submitted/STUDENT/LESSON``.

    Learners without the lesson's folder are included: theirs does not exist.
    """
    if not submitted.is_dir():
        return {}
    students = sorted(path for path in submitted.iterdir() if path.is_dir())
    return {path.name: path / lesson for path in students if not path.name.startswith(".")}


def read_submission(student: str, folder: Path, lesson: str, blank: NotebookNode) -> Submission:
    """Read one learner's notebook of `lesson`; never raises, whatever is in the folder."""
    try:
        path = find_notebook(folder, lesson) if folder.is_dir() else None
    except OSError as error:
        return Submission(student, folder, status=records.UNREADABLE, reason=str(error))
    if path is None:
        return Submission(student, folder, status=records.MISSING, reason="no notebook handed in")
    try:
        repaired = repair(read_notebook(path), blank)
    except Unreadable as error:
        return Submission(student, folder, status=records.UNREADABLE, reason=str(error))
    if repaired.expected and not repaired.found:
        reason = f"{path.name} has none of the exercises of {lesson}"
        return Submission(student, folder, status=records.ELSEWHERE, reason=reason)
    note = "" if path == folder / f"{lesson}.ipynb" else f"read from {path.relative_to(folder)}"
    return Submission(student, folder, notebook=repaired.notebook, note=note)


def digest(*parts: bytes) -> str:
    """Return a digest of several byte strings, which changes when any of them does."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def code_digest(packages: tuple[Path, ...]) -> str:
    """Return a digest of every Python and data file of some packages: the tests and the judge."""
    names = sorted(
        path
        for package in packages
        for path in package.rglob("*")
        if path.suffix in (".py", ".json", ".npz") and "__pycache__" not in path.parts
    )
    return digest(*(part for path in names for part in (path.name.encode(), path.read_bytes())))
