"""Make a release with nbgrader's own generate_assignment, in a course of its own."""

import ast
import logging
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder import CommandError
from autograder.notebooks.layout import notebook_path
from autograder.notebooks.leaks import FORBIDDEN
from autograder.notebooks.settings import course_config


class ReleaseCourse:
    """A temporary course in which nbgrader makes releases.

    It has no gradebook and touches no other, nothing that lies beside a notebook is copied into a
    release, and no earlier release is taken for current.

    Use as a context manager; one course serves any number of lessons.
    """

    def __enter__(self) -> "ReleaseCourse":
        self._folder = tempfile.TemporaryDirectory()
        self.root = Path(self._folder.name).resolve()
        return self

    def __exit__(self, *exception) -> None:
        self._folder.cleanup()

    def make_release(self, name: str, source: NotebookNode) -> NotebookNode:
        """Return the notebook that students get, made from the lesson's source notebook.

        Raises
        ------
        CommandError
            With nbgrader's own words, if it refuses the notebook; or if the result shows what
            students must not see.
        """
        path = self.root / notebook_path("source", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(source, path)
        words: list[str] = []
        log = logging.Logger("generate_assignment", logging.ERROR)
        handler = logging.Handler()
        handler.emit = lambda record: words.append(record.getMessage())
        log.addHandler(handler)
        config = course_config(self.root)
        # As with --no-db: to enter each cell takes longer than to make the release.
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        coursedir = CourseDirectory(config=config, log=log)
        coursedir.assignment_id = name
        converter = GenerateAssignment(coursedir=coursedir, config=config, log=log)
        # Without force nbgrader skips an assignment that it has released before.
        converter.force = True
        try:
            converter.start()
        except NbGraderException as error:
            raise CommandError(f"{name}: nbgrader made no release.\n" + "\n".join(words)) from error
        release = nbformat.read(self.root / notebook_path("release", name), as_version=4)
        _check_release(name, release)
        return release


def _check_release(name: str, release: NotebookNode) -> None:
    for number, cell in enumerate(release.cells, start=1):
        for word in FORBIDDEN:
            if word in cell.source:
                raise CommandError(f"{name}, cell {number} of the release says {word!r}.")
        if cell.cell_type == "code":
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                raise CommandError(
                    f"{name}, cell {number} of the release is no Python without its solution "
                    f"({error.msg}): let the code around the marks stand by itself."
                ) from None
