"""The instructor's notebook and the form of it that learners were given."""

import copy
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config

from autograder import CommandError, exercises
from autograder.pipeline.coursedir import NbgraderCourse


def source_path(coursedir: CourseDirectory, lesson: str, notebook: str) -> Path:
    """Return where nbgrader expects the instructor's notebook of `lesson`."""
    folder = coursedir.format_path(coursedir.source_directory, ".", lesson)
    return Path(folder).resolve() / f"{notebook}.ipynb"


def source_notebook(coursedir: CourseDirectory, lesson: str, notebook: str) -> NotebookNode:
    """Read the instructor's notebook of `lesson`, with its solutions and hidden tests.

    Raises
    ------
    CommandError : when the lesson has not been built, or what was built is damaged
    """
    path = source_path(coursedir, lesson, notebook)
    if not path.is_file():
        raise CommandError(
            f"No source notebook {path}. Expected one notebook per lesson under "
            f"{coursedir.source_directory}/; run `python -m autograder build` first."
        )
    try:
        return nbformat.read(path, as_version=4)
    except ValueError as error:
        raise CommandError(
            f"{path} is no notebook: run `python -m autograder build {lesson}` again."
        ) from error


def blank_notebook(source: NotebookNode, config: Config) -> NotebookNode:
    """Return `source` as learners got it: no solutions, no hidden tests, with checksums.

    The steps are those of nbgrader's generate_assignment, with the course's settings, so that
    "untouched" means the same here as in the release.
    """
    nb, resources = copy.deepcopy(source), {}
    for step in GenerateAssignment(coursedir=None, config=config).preprocessors:
        if step is not SaveCells:
            nb, resources = step(config=config)(nb, resources)
    return nb


def lesson_name(course: NbgraderCourse, wanted: str) -> str:
    """Return the full name of the lesson called `wanted`, which may be its number or topic.

    A course may have lessons that the registry does not know; they are called by their names.

    Raises
    ------
    CommandError : when no built lesson has that name
    """
    try:
        name = exercises.lesson(wanted).name
    except CommandError:
        name = wanted
    if not source_path(course.coursedir, name, name).is_file():
        raise CommandError(
            f"There is no lesson {wanted!r}: {source_path(course.coursedir, name, name)} is not "
            "there. Expected a built lesson's name; `python -m autograder build` makes it."
        )
    return name


def is_meant(lesson: str, key: str) -> bool:
    """Whether a table or setting means `lesson` with its name or number.

    Examples
    --------
    >>> [is_meant("01_sliding_window", key) for key in ("01", "1", "01_sliding_window", "02")]
    [True, True, True, False]
    """
    number = lesson.partition("_")[0]
    return key in (lesson, number, number.lstrip("0"))
