"""Grade the one submission of a Gradescope container.

Reads ``submission/`` and writes ``results/results.json`` in the shape that Gradescope's
documentation gives ("Autograder Specifications", "Output format").
"""

import json
from pathlib import Path

import nbformat

from autograder import CommandError
from autograder.files import write_whole
from autograder.judge import judge_notebook
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.questions import Question, questions
from autograder.pipeline.gradebook.verdicts import telling
from autograder.pipeline.grading.grader import Grader
from autograder.pipeline.inbox.folders import from_folder
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import GradingOutcome, Record, Work, failed
from autograder.pipeline.reports.feedback_content import shown

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
LEARNER = "learner"


def main(root: Path) -> int:
    """Grade what lies in `root`/submission; whatever it is, a sentence is said about it."""
    course = NbgraderCourse(root / "source")
    choice = json.loads((root / "source" / "gradescope.json").read_text("utf-8"))
    try:
        grader = Grader(setup_of(course, choice["lesson"]), judge_notebook)
        handed = from_folder(LEARNER, root / "submission", choice["lesson"])
        outcome = grader.grade(Work(handed))
        asked = questions(grader.blank)
    except CommandError as error:
        outcome, asked = failed(LEARNER, str(error)), []
    found = results(outcome, asked, choice["visibility"])
    write_whole(root / "results" / "results.json", json.dumps(found, indent=1).encode())
    return 0


def results(outcome: GradingOutcome, asked: list[Question], visibility: str) -> dict:
    """Return what Gradescope shows of a submission.

    Parameters
    ----------
    asked : the lesson's graded cells
    """
    record = outcome.record
    found = {"output": _said(record, asked), "output_format": "text", "visibility": "visible"}
    if not record.is_graded:
        return found | {"score": 0}
    notebook = nbformat.reads(outcome.notebook, as_version=4)
    cells = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    judged = notebook.metadata.autograder["cells"]
    numbers = {name: n for n, name in enumerate(dict.fromkeys(q.exercise for q in asked), start=1)}
    tests, parts = [], dict.fromkeys(numbers, 0)
    for question in asked:
        parts[question.exercise] += 1
        if question.grade_id in judged:
            verdict = judged[question.grade_id]
            is_right = verdict["outcome"] == "right"
            tests.append(
                {
                    "name": question.title,
                    "number": f"{numbers[question.exercise]}.{parts[question.exercise]}",
                    "score": verdict["score"],
                    "max_score": question.points,
                    "status": "passed" if is_right else "failed",
                    "output": _part(cells[question.grade_id], verdict),
                    "visibility": visibility,
                }
            )
    return found | {"score": sum(test["score"] for test in tests), "tests": tests}


def _said(record: Record, asked: list[Question]) -> str:
    """Say what became of the submission, which parts a person grades, and what was in force."""
    by_hand = [f"{q.title} ({q.points:g} points)" for q in asked if q.by_hand]
    if not record.is_graded:
        return f"{record.said}\nThis is no grade: nothing could be graded."
    lines = [record.said]
    lines += [f"Graded by a person: {', '.join(by_hand)}."] if by_hand else []
    return "\n".join([*lines, f"Isolation: {record.sandbox}"])


def _part(cell: nbformat.NotebookNode, verdict: dict) -> str:
    """Return what the checks said of one part; of withheld cases they say sentences of ours."""
    said = telling(verdict["reports"])
    lines = [
        said.get("headline") or verdict["outcome"],
        *shown(cell, verdict["outcome"], verdict["reports"]),
    ]
    if said.get("name"):
        lines.append(f"What this looks like: {said['name']}.")
    return "\n".join(filter(None, [*lines, said.get("hint")]))
