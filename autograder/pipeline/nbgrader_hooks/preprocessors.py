"""nbgrader's steps for autograding, with the judge instead of the notebook's kernel."""

from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Dict

from autograder.judge import Limits, judge_notebook
from autograder.pipeline.gradebook.database import write_records
from autograder.pipeline.gradebook.judged import automatic_score, with_verdict
from autograder.pipeline.gradebook.sheets import Sheet, read_class
from autograder.pipeline.gradebook.verdicts import record_of
from autograder.pipeline.inbox.repair import repair
from autograder.pipeline.lesson import blank_notebook, source_notebook
from autograder.pipeline.reports.feedback_content import summarize
from autograder.pipeline.secret import course_secret


def coursedir_of(step: Preprocessor) -> CourseDirectory:
    """Return the course directory of the converter that runs `step`."""
    return step.parent.parent.coursedir


def _notebooks(step: Preprocessor, resources: dict) -> tuple[NotebookNode, NotebookNode]:
    """Return the instructor's notebook and its blank form."""
    names = resources["nbgrader"]
    source = source_notebook(coursedir_of(step), names["assignment"], names["notebook"])
    return source, blank_notebook(source, step.config)


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
        verdict = judge_notebook(
            source,
            nb,
            lesson=resources["nbgrader"]["assignment"],
            secret=course_secret(Path(coursedir_of(self).root)),
            limits=Limits(**self.limits),
            require_sandbox=self.require_sandbox,
        )
        return with_verdict(verdict, blank), resources


class SaveVerdict(SaveAutoGrades):
    """Write the judge's scores, which no output of a cell can change, into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Save scores and comments as nbgrader does, then the submission's status."""
        self.verdict = nb.metadata["autograder"]
        nb, resources = super().preprocess(nb, resources)
        names = resources["nbgrader"]
        record = {names["student"]: record_of(nb)}
        write_records(names["db_url"], names["assignment"], record)
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = automatic_score(cell, self.verdict)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


class Summarize(NbGraderPreprocessor):
    """Collect points, comments and what the checks said into ``resources["feedback"]``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Read the grades of one learner from the gradebook, then make the summary."""
        names = resources["nbgrader"]
        lesson, student = names["assignment"], names["student"]
        records, sheets = read_class(names["db_url"], lesson, [student])
        sheet = sheets.get(student, Sheet())
        resources["feedback"] = summarize(nb, lesson, student, sheet, records.get(student))
        return nb, resources
