"""From a judged notebook to its record, and from a record to one line that says what went wrong."""

from collections.abc import Iterable

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from autograder.exercises import EXERCISES
from autograder.pipeline.records import Cell, Record


def record_of(judged: NotebookNode) -> Record:
    """Return the record of a judged notebook, its cells in the notebook's order.

    Parameters
    ----------
    judged : with the judge's verdict in its metadata, see `judged.with_verdict`
    """
    verdict = judged.metadata.autograder
    answers = [c.metadata.nbgrader.grade_id for c in judged.cells if is_solution(c)]
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in judged.cells]
    cells = tuple(
        _cell(name, verdict["cells"][name], answers) for name in names if name in verdict["cells"]
    )
    return Record(
        status=verdict["status"],
        reason=verdict["reason"],
        sandbox=verdict["sandbox"],
        seconds=verdict["seconds"],
        score=sum(cell.score for cell in cells),
        points=sum(cell.points for cell in cells),
        cells=cells,
    )


def _cell(grade_id: str, judged: dict, answers: list[str]) -> Cell:
    exercise, part = exercise_and_part(grade_id, answers)
    said = telling(judged.get("reports", []))
    return Cell(
        grade_id,
        exercise,
        part,
        score=judged["score"],
        points=judged["points"],
        outcome=judged["outcome"],
        misconception=said.get("misconception") or "",
        name=said.get("name") or where_wrong(said),
        hint=said.get("hint") or "",
        headline=said.get("headline") or "",
    )


def telling(reports: list[dict]) -> dict:
    """Return the report that says most about a test cell; {} where all of them say "right".

    That is the first that recognised a mistake, else the first that found its line or its setting,
    else the first that found one.
    """
    failed = [report for report in reports if report["status"] != "right"]
    recognised = [report for report in failed if report["misconception"]]
    placed = [report for report in failed if where_wrong(report)]
    return next(iter(recognised or placed or failed), {})


def where_wrong(report: dict) -> str:
    """Say where an answer without a recognised mistake goes wrong, "" where that is not known.

    Examples
    --------
    >>> where_wrong({"line": 7, "place": "an index"}), where_wrong({"setting": "the stride is 2"})
    ('one line has to change: an index', 'wrong where the stride is 2')
    """
    if report.get("line"):
        return f"one line has to change: {report['place']}"
    return f"wrong where {report['setting']}" if report.get("setting") else ""


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


def diagnosis(record: Record) -> str:
    """Say in one line what the checks recognised: misconceptions by exercise, else what failed."""
    said: dict[str, list[str]] = {}
    for cell in record.cells:
        if cell.score < cell.points:
            words = said.setdefault(cell.exercise, [])
            word = cell.misconception or cell.outcome
            words += [] if word in words else [word]
    if {word for words in said.values() for word in words} == {"not written"}:
        return f"not written: {', '.join(said)}"
    return "; ".join(f"{exercise}: {', '.join(words)}" for exercise, words in said.items())
