"""One submission's way from a file's bytes to grades and the autograded notebook.

The steps are those of `nbgrader autograde` with the course's settings, except that nothing is
written: what belongs into the gradebook is returned, for one writer to enter in bulk.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder import CommandError
from autograder.judge import Limits, Verdict
from autograder.pipeline import records
from autograder.pipeline.blank import blank_notebook, source_notebook
from autograder.pipeline.course import Course
from autograder.pipeline.executor import (
    JudgeExecutor,
    SaveVerdict,
    automatic_score,
    with_verdict,
)
from autograder.pipeline.keys import digest, tests_digest
from autograder.pipeline.reader import Unreadable, parse_notebook
from autograder.pipeline.records import Record
from autograder.pipeline.repair import repair
from autograder.pipeline.secret import course_secret
from autograder.pipeline.submissions import Handed
from autograder.pipeline.verdicts import record_of

Judge = Callable[..., Verdict]


@dataclass(frozen=True)
class Setup:
    """What all submissions of one lesson share.  It can be sent to another process or machine.

    Attributes
    ----------
    source : the instructor's notebook, as text
    config : nbgrader's settings for the course
    tests : digest of everything but the submission that a grade depends on
    """

    lesson: str
    source: str
    config: Config
    secret: bytes
    tests: str

    @property
    def limits(self) -> Limits:
        """What one submission may use."""
        return Limits(**self._executor.limits)

    @property
    def require_sandbox(self) -> bool:
        """Whether to refuse to run code without a sandbox."""
        return self._executor.require_sandbox

    @property
    def _executor(self) -> JudgeExecutor:
        return JudgeExecutor(config=self.config)


def setup_of(course: Course, lesson: str) -> Setup:
    """Return what grading `lesson` needs of the course."""
    source = nbformat.writes(source_notebook(course.coursedir, lesson, lesson))
    secret = course_secret(Path(course.root))
    config = course.app.config
    limits = Limits(**JudgeExecutor(config=config).limits).as_dict()
    steps = {name: config.get(name, {}) for name in ("Autograde", "LimitOutput")}
    settings = json.dumps(limits | steps, default=str, sort_keys=True)
    return Setup(lesson, source, config, secret, tests_digest(source, secret, settings))


@dataclass(frozen=True)
class Work:
    """One submission to grade.

    Attributes
    ----------
    known : the key of the grade that there is already; "" to grade in any case
    """

    handed: Handed
    known: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one submission.

    Attributes
    ----------
    record : what to keep; None where the earlier grade stands, since nothing has changed
    notebook : the autograded notebook, as text; "" where nothing was judged
    grades : automatic score of each graded cell by its name, None where a person has to give it
    comments : automatic comment on each answer by its name
    timestamp : when it was handed in, "" when unknown
    """

    student: str
    record: Record | None
    notebook: str = ""
    grades: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    timestamp: str = ""


class Grader:
    """Grades submissions of one lesson, one after the other, in this process.

    Parameters
    ----------
    judge : called as `autograder.judge.judge_notebook`
    """

    def __init__(self, setup: Setup, judge: Judge):
        self.setup, self._judge = setup, judge
        self.source = nbformat.reads(setup.source, as_version=4)
        self.blank = blank_notebook(self.source, setup.config)
        self._limits, self._require_sandbox = setup.limits, setup.require_sandbox
        self._steps = _steps(setup.config)

    def warm_up(self) -> None:
        """Grade the lesson as it was given out, so that all is loaded that grading needs.

        Raises
        ------
        CommandError : when not even that can be graded, and so nobody's work
        """
        content = nbformat.v4.writes(self.blank).encode()
        record = self.grade(Work(Handed("nobody", f"{self.setup.lesson}.ipynb", content))).record
        if not record.is_graded:
            raise CommandError(f"{self.setup.lesson} cannot be graded: {record.said}")

    def grade(self, work: Work) -> Outcome:
        """Grade one submission.  Never raises: a failure of the grader's own is a status, too."""
        handed = work.handed
        try:
            if handed.content is None:
                return Outcome(handed.student, Record(handed.status, handed.reason))
            repaired = repair(parse_notebook(handed.content, handed.name), self.blank)
            if repaired.expected and not repaired.found:
                reason = f"{handed.name} has none of the exercises of {self.setup.lesson}"
                return Outcome(handed.student, Record(records.ELSEWHERE, reason))
            key = self._key(repaired.notebook, handed)
            if key == work.known:
                return Outcome(handed.student, None, timestamp=handed.timestamp)
            return self._graded(repaired.notebook, handed, key)
        except Unreadable as error:
            return Outcome(handed.student, Record(records.UNREADABLE, str(error)))
        except Exception as error:  # whatever it was, the next learner's work is graded
            return failed(handed.student, str(error) or type(error).__name__)

    def _key(self, notebook: NotebookNode, handed: Handed) -> str:
        text = json.dumps(notebook, sort_keys=True)
        parts = (text, handed.timestamp, handed.note, self.setup.tests)
        return digest(*(part.encode() for part in parts))

    def _graded(self, notebook: NotebookNode, handed: Handed, key: str) -> Outcome:
        verdict = self._judge(
            self.source,
            notebook,
            lesson=self.setup.lesson,
            secret=self.setup.secret,
            limits=self._limits,
            require_sandbox=self._require_sandbox,
        )
        judged = with_verdict(verdict, self.blank)
        said = judged.metadata.autograder
        resources = {"nbgrader": {"student": handed.student, "assignment": self.setup.lesson}}
        for step in self._steps:
            judged, resources = step(judged, resources)
        grades, comments = {}, {}
        for cell in judged.cells:
            if is_grade(cell):
                grades[cell.metadata.nbgrader.grade_id] = automatic_score(cell, said)
            if is_solution(cell) or is_task(cell):
                comments[cell.metadata.nbgrader.grade_id] = automatic_comment(cell)
        record = record_of(judged)
        reason = "; ".join(filter(None, (record.reason, handed.note)))
        return Outcome(
            handed.student,
            replace(record, reason=reason, key=key),
            nbformat.v4.writes(judged) + "\n",
            grades,
            comments,
            handed.timestamp,
        )


def failed(student: str, why: str) -> Outcome:
    """Return the outcome where the grader itself failed."""
    return Outcome(student, Record(records.FAILED, f"the grader failed: {why}"))


def automatic_comment(cell: NotebookNode) -> str | None:
    """Return nbgrader's remark on an answer that is as it was given out."""
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return "No response." if untouched and not is_task(cell) else None


def _steps(config: Config) -> list[Callable]:
    """Return nbgrader's steps after the judge's, without those that write to the gradebook.

    Nor is the cells' metadata checked again: it is the lesson's own, checked when it was
    registered.
    """
    exporter = NotebookExporter(config=config)
    done = (JudgeExecutor, SaveVerdict, AssignLatePenalties, CheckCellMetadata)
    steps = [
        import_item(step) if isinstance(step, str) else step
        for step in Autograde(config=config).autograde_preprocessors
    ]
    later = steps[steps.index(JudgeExecutor) + 1 :]
    return [step(parent=exporter) for step in later if step not in done]
