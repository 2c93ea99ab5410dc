"""nbgrader's steps for autograding, with the judge instead of the notebook's kernel."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakKeyDictionary, finalize

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task
from sqlalchemy.orm import joinedload
from traitlets import Bool, Dict

from autograder.judge import Limits
from autograder.judge.kept import judge_kept
from autograder.pipeline.coursedir import OpenGradebook
from autograder.pipeline.gradebook.answers import (
    answers_of,
    changed,
    is_answer_changed,
    load_answers,
    save_answers,
)
from autograder.pipeline.gradebook.database import save, with_tables
from autograder.pipeline.gradebook.judged import (
    automatic_comment,
    automatic_score,
    with_verdict,
)
from autograder.pipeline.gradebook.late import Lateness
from autograder.pipeline.gradebook.sheets import Sheet, read_class
from autograder.pipeline.gradebook.verdicts import record_of
from autograder.pipeline.inbox.repair import repair
from autograder.pipeline.lesson import blank_notebook, source_notebook
from autograder.pipeline.nbgrader_hooks.ahead import notebooks_ahead
from autograder.pipeline.reports.feedback_content import summarize
from autograder.pipeline.secret import course_secret


def coursedir_of(step: Preprocessor) -> CourseDirectory:
    """Return the course directory of the converter that runs `step`."""
    return step.parent.parent.coursedir


# Of each of nbgrader's runs: its lessons and their blank forms, as they are when it begins.
_lessons: WeakKeyDictionary[BaseConverter, dict] = WeakKeyDictionary()
# And its gradebook: opening one takes longer than what is entered for one learner.
_gradebooks: WeakKeyDictionary[BaseConverter, Gradebook] = WeakKeyDictionary()


def _notebooks(step: Preprocessor, resources: dict) -> tuple[NotebookNode, NotebookNode]:
    """Return the instructor's notebook and its blank form, the same two for a whole class."""
    names = resources["nbgrader"]
    of_run = _lessons.setdefault(step.parent.parent, {})
    wanted = (names["assignment"], names["notebook"])
    if wanted not in of_run:
        source = source_notebook(coursedir_of(step), *wanted)
        of_run[wanted] = (source, blank_notebook(source, step.config))
    return of_run[wanted]


@contextlib.contextmanager
def _gradebook(step: Preprocessor, url: str) -> Iterator[Gradebook]:
    """Open the gradebook, the same one for a whole class; nothing of it is held or locked after."""
    run = step.parent.parent
    if run not in _gradebooks:
        _gradebooks[run] = OpenGradebook(url)
        finalize(run, _gradebooks[run].close)
    try:
        yield _gradebooks[run]
    finally:
        _gradebooks[run].db.remove()


class RepairNotebook(NbGraderPreprocessor):
    """Give the learner's notebook the release's ids and metadata, and no outputs."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the repaired notebook; edited points, tests and ids are gone after this."""
        _, blank = _notebooks(self, resources)
        return repair(nb, blank).notebook, resources


class JudgeExecutor(NbGraderPreprocessor):
    """Have the judge run the submission and put its verdict into the notebook."""

    require_sandbox = Bool(False, help="Refuse to run a submission without a sandbox").tag(
        config=True
    )

    limits = Dict(help="Limits other than the judge's own, such as {'cell_seconds': 60.0}").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the judged notebook: the release's tests, the judge's outputs and scores."""
        source, blank = _notebooks(self, resources)
        student, lesson = (resources["nbgrader"][name] for name in ("student", "assignment"))
        verdict = judge_kept(
            source,
            nb,
            blank=blank,
            lesson=lesson,
            secret=course_secret(Path(coursedir_of(self).root)),
            limits=Limits(**self.limits),
            require_sandbox=self.require_sandbox,
            ahead=notebooks_ahead(self.parent.parent, student, lesson, blank),
        )
        return with_verdict(verdict, blank), resources


class SaveVerdict(NbGraderPreprocessor):
    """Write the judge's scores, which no output of a cell can change, into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Save scores and comments as nbgrader's SaveAutoGrades does, then the status."""
        names, verdict = resources["nbgrader"], nb.metadata["autograder"]
        owner = (names["notebook"], names["assignment"], names["student"])
        with _gradebook(self, names["db_url"]) as gradebook:
            handed = gradebook.find_submission_notebook(*owner).id
            grades, comments = (
                {
                    row.cell.name: row
                    for row in gradebook.db.query(table)
                    .options(joinedload(table.cell))
                    .filter(table.notebook_id == handed)
                }
                for table in (Grade, Comment)
            )
            connection = with_tables(gradebook)
            lesson, student = names["assignment"], names["student"]
            answers = answers_of(nb)
            differ = changed(load_answers(connection, lesson, [student]).get(student), answers)
            for cell in nb.cells:
                if is_grade(cell):
                    name = cell.metadata.nbgrader.grade_id
                    grade, score = grades[name], automatic_score(cell, verdict)
                    again = is_answer_changed(name, differ, answers)
                    again = again or (bool(differ) and grade.auto_score != score)
                    if grade.manual_score is None:
                        grade.needs_manual_grade = score is None
                    else:
                        grade.needs_manual_grade = grade.needs_manual_grade or again
                    grade.auto_score = score
                if is_solution(cell) or is_task(cell):
                    comment = comments[cell.metadata.nbgrader.grade_id]
                    comment.auto_comment = automatic_comment(cell)
            save(connection, lesson, {student: record_of(nb)})
            save_answers(connection, lesson, {student: answers})
            gradebook.db.flush()
            Lateness(self).enter(gradebook.db, lesson, [student])
            gradebook.db.commit()
        return nb, resources


class Summarize(NbGraderPreprocessor):
    """Collect points, comments and what the checks said into ``resources["feedback"]``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Read the grades of one learner from the gradebook, then make the summary."""
        names = resources["nbgrader"]
        lesson, student = names["assignment"], names["student"]
        with _gradebook(self, names["db_url"]) as gradebook:
            Lateness(self).enter(gradebook.db, lesson, [student])
            gradebook.db.commit()
        records, sheets = read_class(names["db_url"], lesson, [student])
        sheet = sheets.get(student, Sheet())
        resources["feedback"] = summarize(nb, lesson, student, sheet, records.get(student))
        return nb, resources
