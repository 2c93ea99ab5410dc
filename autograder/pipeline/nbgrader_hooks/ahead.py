"""Whose work nbgrader's autograder comes to next, so that the judge can begin with it."""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograder.pipeline.inbox.repair import repair

# Of each of nbgrader's runs: what has been read and not yet come to, by folder.
_read: WeakKeyDictionary[Autograde, dict[str, NotebookNode]] = WeakKeyDictionary()


def notebooks_ahead(
    converter: Autograde, student: str, lesson: str, blank: NotebookNode
) -> Iterator[NotebookNode]:
    """Yield the notebooks that nbgrader converts after a learner's, as the judge will get them.

    Parameters
    ----------
    blank : the lesson as it was given out, by which they are repaired

    Notes
    -----
    A wrong guess costs only time: a notebook that does come as it was guessed is not judged again,
    any other is.
    """
    name, course = f"{lesson}.ipynb", converter.coursedir
    handed_in = partial(course.format_path, course.submitted_directory, assignment_id=lesson)
    here, pattern = handed_in(student), handed_in("(?P<student>.*)", escape=True)
    read = _read.setdefault(converter, {})
    read.pop(here, None)
    for folder in sorted(converter.assignments):
        found = re.fullmatch(pattern, folder)
        if folder <= here or not found or not _is_converted(converter, lesson, found["student"]):
            continue
        if folder not in read:
            try:
                repaired = repair(nbformat.read(Path(folder, name), as_version=4), blank).notebook
                read[folder] = nbformat.reads(nbformat.writes(repaired), as_version=4)
            except Exception:  # nbgrader says what is wrong with it, once it comes to it
                continue
        yield read[folder]


def _is_converted(converter: Autograde, lesson: str, student: str) -> bool:
    """Tell whether nbgrader's rules let it convert this learner's work, and not leave it out."""
    course = converter.coursedir
    if student in course.student_id_exclude.split(","):
        return False
    before, after = (
        course.format_path(step, student, lesson)
        for step in (course.submitted_directory, course.autograded_directory)
    )
    if converter.force or not os.path.exists(after):
        return True
    handed_in, graded = map(course.get_existing_timestamp, (before, after))
    return handed_in is not None and graded is not None and handed_in > graded
