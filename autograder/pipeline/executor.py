"""nbgrader's steps for autograding, with the judge in the place of the notebook's kernel."""

from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
from traitlets import Bool, Dict

from autograder import CommandError
from autograder.judge import Limits, Verdict, judge_notebook
from autograder.pipeline.blank import blank_notebook, source_notebook
from autograder.pipeline.records import write_records
from autograder.pipeline.repair import repair
from autograder.pipeline.secret import course_secret
from autograder.pipeline.verdicts import record_of

# What of a report is kept with the grade: enough for feedback, never an input or a value.
KEPT = ("exercise", "part", "status", "headline", "misconception", "name", "hint")


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


def with_verdict(verdict: Verdict, blank: NotebookNode) -> NotebookNode:
    """Return the judged notebook with what the checks said, as it is kept.

    Parameters
    ----------
    blank : the lesson as it was given out
    """
    judged = verdict.notebook
    for name, cell in verdict.cells.items():
        judged.metadata.autograder["cells"][name]["reports"] = [
            {key: report.get(key) for key in KEPT} for report in cell.reports
        ]
    _set_checksums(judged, blank)
    return judged


def automatic_score(cell: NotebookNode, verdict: dict) -> float | None:
    """Return the points of a graded cell, None where a person has to give them.

    Parameters
    ----------
    verdict : the judge's, from the notebook's metadata

    Raises
    ------
    CommandError : for a test cell without a verdict, which nbgrader would give all its points
    """
    name = cell.metadata.nbgrader.grade_id
    if name in verdict["cells"]:
        return float(verdict["cells"][name]["score"])
    if not is_solution(cell):
        raise CommandError(f"The judge gave no score for the test cell {name!r}.")
    return determine_grade(cell)[0]


def _set_checksums(judged: NotebookNode, blank: NotebookNode) -> None:
    """Set the checksums from which nbgrader tells an untouched answer from a written one."""
    given = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum
        for cell in blank.cells
        if "nbgrader" in cell.metadata
    }
    for cell in judged.cells:
        mark = cell.metadata.get("nbgrader")
        if mark and mark.get("grade_id") in given:
            changed = is_grade(cell) and not is_solution(cell)
            mark["checksum"] = compute_checksum(cell) if changed else given[mark["grade_id"]]
