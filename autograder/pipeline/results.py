"""What a class earned: one row a learner, read from the gradebook and the autograded notebooks."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder.exercises import EXERCISES
from autograder.pipeline.course import Course
from autograder.pipeline.records import Record, read_record


@dataclass(frozen=True)
class Result:
    """One learner's row.  `score` is None where nothing was graded, which is not the same as 0."""

    student: str
    record: Record
    score: float | None = None
    max_score: float | None = None
    by_hand: int = 0  # answers that wait for a person
    diagnosis: str = ""

    @property
    def points(self) -> str:
        """The points as people read them: ``12 / 20 + 2 by hand``; empty where not graded."""
        if self.score is None:
            return ""
        hand = f" ({self.by_hand} by hand)" if self.by_hand else ""
        return f"{self.score:g} / {self.max_score:g}{hand}"


def result(course: Course, lesson: str, student: str) -> Result:
    """Return one learner's result as it stands now."""
    record = read_record(course.root, lesson, student) or Record("")
    if not record.is_graded:
        return Result(student, record)
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            return Result(student, record)
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        by_hand = sum(grade.needs_manual_grade for grade in grades)
        score, max_score = submission.score, submission.max_score
    return Result(student, record, score, max_score, by_hand, diagnosis(course, lesson, student))


def verdict_metadata(course: Course, lesson: str, student: str) -> dict:
    """Return what the judge left in the autograded notebook, tests in the notebook's order.

    {} when there is no autograded notebook.
    """
    coursedir = course.coursedir
    folder = coursedir.format_path(coursedir.autograded_directory, student, lesson)
    try:
        nb = json.loads((Path(folder) / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    verdict = nb["metadata"].get("autograder", {})
    order = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in nb["cells"]]
    cells = verdict.get("cells", {})
    answers = [name for name in order if name and name not in cells]
    ordered = {name: cells[name] for name in order if name in cells}
    return verdict | {"cells": ordered, "answers": answers}


def exercise_and_part(grade_id: str, answers: Iterable[str] = ()) -> tuple[str, str]:
    """Split a test's grade id into its exercise and part.

    Parameters
    ----------
    answers : the notebook's own answers, beside the exercises of the registry

    Examples
    --------
    >>> exercise_and_part("flip_is_invisible_same")
    ('flip_is_invisible', 'same')
    >>> exercise_and_part("someones_own_test", ["someones_own"])
    ('someones_own', 'test')
    """
    owners = [name for name in {*EXERCISES, *answers} if grade_id.startswith(f"{name}_")]
    exercise = max(owners, key=len, default=grade_id)
    return exercise, grade_id[len(exercise) + 1 :]


def diagnosis(course: Course, lesson: str, student: str) -> str:
    """Say in one line what the checks recognised: misconceptions by exercise, else what failed."""
    verdict = verdict_metadata(course, lesson, student)
    cells, answers = verdict.get("cells", {}), verdict.get("answers", ())
    said: dict[str, list[str]] = {}
    for name, cell in cells.items():
        if cell["score"] >= cell["points"]:
            continue
        failed = [report for report in cell.get("reports", []) if report["status"] != "right"]
        recognised = [report["misconception"] for report in failed if report["misconception"]]
        words = said.setdefault(exercise_and_part(name, answers)[0], [])
        words += [word for word in recognised or [cell["outcome"]] if word not in words]
    if {word for words in said.values() for word in words} == {"not written"}:
        return f"not written: {', '.join(said)}"
    return "; ".join(f"{exercise}: {', '.join(words)}" for exercise, words in said.items())
