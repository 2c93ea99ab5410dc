"""Open a course directory as nbgrader does, without its command line."""

import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder import CommandError


class OpenGradebook(Gradebook):
    """A gradebook that keeps no connection where it could not be opened; nbgrader's does."""

    def __init__(self, *args: str):
        try:
            super().__init__(*args)
        except Exception:
            if "engine" in vars(self):
                self.engine.dispose()
            raise


class NbgraderCourse:
    """One course directory, with nbgrader's settings for it.

    Parameters
    ----------
    root : the folder that holds source/, submitted/ and `nbgrader_config.py`
    settings : settings that win over those of the configuration files
    """

    def __init__(self, root: Path, settings: Config | None = None):
        self.root = Path(root).resolve()
        # Silent: what matters of nbgrader's words is told by `convert` and by each status.
        self.log = logging.Logger("autograder", logging.WARNING)
        self.log.addHandler(logging.NullHandler())
        self.app = NbGrader(log=self.log)
        self.app.load_cwd_config = False
        self.app.raise_config_file_errors = True
        self.app.initialize([], root=str(self.root))
        if settings is not None:
            self.app.update_config(settings)
        self.coursedir = self.app.coursedir

    @contextlib.contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open the course's gradebook; it is made if there is none yet."""
        with OpenGradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            yield gradebook

    def convert(self, converter: type[BaseConverter], lesson: str, **places: str) -> None:
        """Run one of nbgrader's converters on `lesson`, over whatever it wrote before.

        Parameters
        ----------
        places : attributes of nbgrader's CourseDirectory, such as ``student_id``, for this run

        Raises
        ------
        NbGraderException : with the last line that nbgrader logged about the failure
        """
        places = {"assignment_id": lesson, "notebook_id": "*", **places}
        before = {name: getattr(self.coursedir, name) for name in places}
        words = _Words()
        self.log.addHandler(words)
        try:
            for name, value in places.items():
                setattr(self.coursedir, name, value)
            run = converter(coursedir=self.coursedir, parent=self.app)
            run.force = True
            with warnings.catch_warnings():
                # nbgrader adds each new submission to its session a step late, without harm.
                warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
                run.start()
        except NbGraderException as error:
            raise NbGraderException(words.cause or str(error)) from error
        finally:
            for name, value in before.items():
                setattr(self.coursedir, name, value)
            self.log.removeHandler(words)

    def register(self, lesson: str) -> None:
        """Enter the lesson's cells and points into the gradebook, leaving release/ as it is.

        Raises
        ------
        CommandError : when the lesson is not built, or its cells changed under graded submissions
        """
        self._add_course()
        with tempfile.TemporaryDirectory() as folder:
            try:
                self.convert(GenerateAssignment, lesson, release_directory=folder)
            except NbGraderException as error:
                raise CommandError(
                    f"{lesson} cannot be entered into the gradebook {self.coursedir.db_url}: "
                    f"{error}. Expected the lesson as `python -m autograder build` makes it, with "
                    "the graded cells that it had when its first submission was graded. After a "
                    "change on purpose, move the gradebook away and grade again; what was graded "
                    "by hand stays in the old one."
                ) from error

    def _add_course(self) -> None:
        """Enter the course itself, which nbgrader leaves out where it has no name.

        SQLite does not mind an assignment of a course that is not there; PostgreSQL does.
        """
        with self.gradebook() as gradebook:
            if gradebook.db.get(api.Course, self.coursedir.course_id) is None:
                gradebook.db.add(api.Course(id=self.coursedir.course_id))
                gradebook.db.commit()


class _Words(logging.Handler):
    """Collects what nbgrader logs, to say afterwards why a notebook failed."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.cause = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the last line of a traceback, which names the exception."""
        lines = record.getMessage().strip().splitlines()
        if lines and lines[0].startswith("Traceback"):
            self.cause = lines[-1]
