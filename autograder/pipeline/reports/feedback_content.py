"""What a feedback page says above the notebook: points, diagnoses, and what to look at again."""

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.exercises import EXERCISES, LESSONS
from autograder.pipeline.gradebook.questions import Place, Question, places, questions
from autograder.pipeline.gradebook.sheets import Mark, Sheet
from autograder.pipeline.gradebook.verdicts import telling
from autograder.pipeline.records import Record

# How each outcome is said to a learner; the mark is read out by its words, not by its colour.
MARKS = {"right": "✓", "wrong": "✗", "not written": "…", "barred": "✗", "stopped": "■"}
LINES, LETTERS = 20, 400  # of what a check showed, at most


def summarize(
    nb: NotebookNode, lesson: str, student: str, sheet: Sheet, record: Record | None
) -> dict:
    """Return what the page's template needs, and mark the notebook's cells for it.

    Parameters
    ----------
    nb : the autograded notebook; its cells get what is said at them, and anchors
    sheet : the learner's scores and comments
    record : what became of the submission, None where nbgrader alone has graded it
    """
    treated = places(nb)
    answers = {}
    for number, cell in enumerate(nb.cells):
        cell.metadata["feedback"] = NotebookNode(anchor=f"place-{number}")
        if is_solution(cell):
            answers[cell.metadata.nbgrader.grade_id] = cell.metadata.feedback.anchor
        if is_solution(cell) or is_task(cell):
            cell.metadata.nbgrader["comment"] = sheet.comments.get(cell.metadata.nbgrader.grade_id)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_grade(cell)}
    verdict = nb.metadata.get("autograder", {})
    rows = []
    for question in questions(nb):
        cell = cells[question.grade_id]
        row = _row(question, cell, verdict.get("cells", {}), sheet)
        cell.metadata.feedback["row"] = row
        rows.append(row)
    exercises = _by_exercise(rows, treated, answers, cells)
    return {
        "title": {known.name: known.title for known in LESSONS}.get(lesson, lesson),
        "lesson": lesson,
        "student": student,
        "status": record.status if record else verdict.get("status", ""),
        "reason": record.reason if record else verdict.get("reason", ""),
        "score": sheet.earned - sheet.late_penalty,
        "max_score": sum(row["points"] for row in rows),
        "late_penalty": sheet.late_penalty,
        "by_hand": sum(row["points"] for row in rows if row["waits"]),
        "exercises": exercises,
        "again": [entry for entry in exercises if entry["says"]],
    }


def _row(question: Question, cell: NotebookNode, verdicts: dict, sheet: Sheet) -> dict:
    """Return what the page says about one graded cell."""
    judged = verdicts.get(question.grade_id, {})
    said = telling(judged.get("reports", []))
    outcome = judged.get("outcome", "")
    mark = sheet.marks.get(question.grade_id, Mark(None, True))
    known = EXERCISES.get(question.exercise)
    tries = {part.name: part.tries for part in known.parts} if known else {}
    return {
        "anchor": cell.metadata.feedback.anchor,
        "exercise": question.exercise,
        "grade_id": question.grade_id,
        "part": question.part,
        "tries": tries.get(question.part, ""),
        "score": mark.score or 0.0,
        "points": question.points,
        "waits": mark.score is None,
        "by_hand": question.by_hand,
        "judged": bool(judged),
        "reports": judged.get("reports", []),
        "outcome": outcome,
        "mark": MARKS.get(outcome, ""),
        "headline": said.get("headline") or outcome or _by_a_person(sheet, question, mark),
        "name": said.get("name") or "",
        "hint": said.get("hint") or "",
        "comment": sheet.comments.get(question.grade_id) or "",
    }


def _by_a_person(sheet: Sheet, question: Question, mark: Mark) -> str:
    """Return what is said of points that no check has given."""
    if mark.again:
        return "graded before you changed the answer; it will be looked at again."
    comment = sheet.comments.get(question.grade_id)
    if comment == "No response.":  # nbgrader's own words for an answer that was left as it was
        return "not written."
    return "graded; the comment stands below your answer." if comment else "graded."


def _by_exercise(
    rows: list[dict],
    treated: dict[str, Place],
    answers: dict[str, str],
    cells: dict[str, NotebookNode],
) -> list[dict]:
    """Return one entry for each exercise, with what is said of the points it lost.

    What was said of several parts alike is said once, with the names of all of them and the
    first case that shows it.
    """
    entries: dict[str, dict] = {}
    for row in rows:
        place = treated.get(row["exercise"], Place())
        entry = entries.setdefault(
            row["exercise"],
            {
                "exercise": row["exercise"],
                "rows": [],
                "answer": answers.get(row["exercise"], row["anchor"]),
                "section": place.section,
                "place": f"place-{place.cell}",
                "says": {},
            },
        )
        entry["rows"].append(row)
        if not row["waits"] and row["score"] < row["points"]:
            # A recognised mistake says it all; how many cases differ stands at the test itself.
            headline = "" if row["name"] else row["headline"]
            said = entry["says"].setdefault(
                (headline, row["name"], row["hint"]),
                {"headline": headline, "name": row["name"], "hint": row["hint"], "parts": []},
            )
            said["parts"].append(row["part"])
            cell = cells[row["grade_id"]]
            said["shown"] = said.get("shown") or shown(cell, row["outcome"], row["reports"])
    return [
        entry
        | {
            "says": list(entry["says"].values()),
            "score": sum(row["score"] for row in entry["rows"]),
            "points": sum(row["points"] for row in entry["rows"]),
            "waits": any(row["waits"] for row in entry["rows"]),
        }
        for entry in entries.values()
    ]


def shown(cell: NotebookNode, outcome: str, reports: list[dict]) -> list[str]:
    """Return what the checks showed of a case that failed: the call, what differs, both values.

    A report's details keep withheld cases out, so that only a case that the learner can run
    stands here.  Where a test stopped without a report, its error says why.
    """
    for report in reports:
        lines = "\n".join(report.get("details") or ()).splitlines()
        if lines and report["status"] not in ("right", "not written"):
            return [_cut(line) for line in lines][:LINES]
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    if outcome == "stopped" and errors:
        return [_cut(str(errors[0].get("evalue", "")))]
    return []


def _cut(line: str) -> str:
    return line if len(line) <= LETTERS else f"{line[:LETTERS]} ..."
