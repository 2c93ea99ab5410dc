"""Grade one submission: from a file's bytes to its scores and the autograded notebook.

The steps are those of `nbgrader autograde` with the course's settings, except that nothing is
written: what belongs into the gradebook is returned, for one writer to enter in bulk.
"""

import json
from collections.abc import Callable
from dataclasses import replace

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from autograder import CommandError
from autograder.judge import Verdict
from autograder.pipeline.gradebook.answers import answers_of
from autograder.pipeline.gradebook.judged import (
    automatic_comment,
    automatic_score,
    with_verdict,
)
from autograder.pipeline.gradebook.verdicts import record_of
from autograder.pipeline.inbox.candidates import best_of, candidates, told
from autograder.pipeline.inbox.pictures import with_pictures
from autograder.pipeline.inbox.reader import cause
from autograder.pipeline.keys import digest, files_digest, is_of_work, key_of
from autograder.pipeline.lesson import blank_notebook
from autograder.pipeline.records import GradingOutcome, Handed, Record, Setup, Work, failed

Judge = Callable[..., Verdict]


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
        exporter = NotebookExporter(config=setup.config)
        self._steps = [step(parent=exporter) for step in setup.steps]

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

    def grade(self, work: Work) -> GradingOutcome:
        """Grade one submission.  Never raises: a failure of the grader's own is a status, too."""
        handed = work.handed
        try:
            if handed.content is None:
                return GradingOutcome(handed.student, Record(handed.status, handed.reason))
            choice = candidates(handed, self.blank, self.setup.lesson)
            best = best_of(choice)
            beside = told(best, choice, handed)
            if best.repaired is None:
                reason = "; ".join(filter(None, (best.reason, beside, handed.note)))
                return GradingOutcome(handed.student, Record(best.status, reason))
            notebook = with_pictures(best.repaired.notebook, handed.pictures)
            note = "; ".join(filter(None, (best.repaired.note, beside, handed.note)))
            found = self._digest(notebook, handed.timestamp, note)
            if is_of_work(work.known, found):
                return GradingOutcome(handed.student, None, timestamp=handed.timestamp)
            key = key_of(files_digest(handed, self.setup.tests), found)
            return self._graded(notebook, handed, note, key)
        except Exception as error:  # whatever it was, the next learner's work is graded
            return failed(handed.student, cause(error))

    def _digest(self, notebook: NotebookNode, timestamp: str, note: str) -> str:
        text = json.dumps(notebook, sort_keys=True)
        parts = (text, timestamp, note, self.setup.tests)
        return digest(*(part.encode() for part in parts))

    def _graded(
        self, notebook: NotebookNode, handed: Handed, note: str, key: str
    ) -> GradingOutcome:
        verdict = self._judge(
            self.source,
            notebook,
            lesson=self.setup.lesson,
            secret=self.setup.secret,
            limits=self.setup.limits,
            require_sandbox=self.setup.require_sandbox,
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
        reason = "; ".join(filter(None, (record.reason, note)))
        return GradingOutcome(
            handed.student,
            replace(record, reason=reason, key=key),
            nbformat.v4.writes(judged) + "\n",
            grades,
            comments,
            answers_of(judged),
            handed.timestamp,
        )
