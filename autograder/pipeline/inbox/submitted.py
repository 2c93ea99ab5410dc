"""What was handed in, from a folder, a zip archive or one notebook."""

from pathlib import Path

from autograder import CommandError
from autograder.pipeline.inbox.archive import from_archive
from autograder.pipeline.inbox.folders import Inbox, from_notebook, from_tree
from autograder.pipeline.inbox.kinds import NAMED
from autograder.words import shown


def inbox(submitted: Path, lesson: str, student: str = "") -> Inbox:
    """Return what lies in a folder, a zip archive or a single notebook.

    Parameters
    ----------
    submitted : nbgrader's tree ``STUDENT/LESSON/``, an archive from a learning management
        system, or one notebook
    student : whose the single notebook is; told from its path when ""

    Raises
    ------
    CommandError : when it is none of these
    """
    if submitted.is_dir():
        return from_tree(submitted, lesson)
    if NAMED.search(submitted.name) and submitted.is_file():
        return from_notebook(submitted, lesson, student)
    if submitted.is_file():
        return from_archive(submitted, lesson)
    raise CommandError(
        f"There is no {submitted}. Expected a folder with STUDENT/{lesson}/ in it, a zip archive "
        "from a learning management system, or one notebook."
    )


def overlooked(submitted: Path, lesson: str) -> str:
    """Say which notebooks lie in `submitted` itself, where nobody's are looked for, or ""."""
    if not submitted.is_dir():
        return ""
    loose = sorted(path.name for path in submitted.iterdir() if NAMED.search(path.name))
    if not loose:
        return ""
    lie = "lies" if len(loose) == 1 else f"and {len(loose) - 1} more lie"
    place = f"{submitted.name}/{shown(NAMED.sub('', loose[0]))}/{lesson}/"
    return f"Not read: {shown(loose[0])} {lie} in {submitted.name}/ itself. Expected in {place}"
