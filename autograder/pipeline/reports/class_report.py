"""What to explain again: one page on a class, and its tables as CSV.

``python -m autograder report LESSON`` writes ``reports/LESSON/``.
"""

import functools
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from autograder.exercises import LESSONS
from autograder.files import write_whole
from autograder.pipeline import records
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import connected, load, prepare
from autograder.pipeline.gradebook.questions import Place, Question, places, questions
from autograder.pipeline.gradebook.sheets import Sheet, people, read_sheets
from autograder.pipeline.gradebook.verdicts import diagnosis
from autograder.pipeline.html.sentence import sentence
from autograder.pipeline.lesson import source_notebook
from autograder.pipeline.records import Cell, Record
from autograder.pipeline.reports import class_summary as summary
from autograder.pipeline.reports.charts import histogram
from autograder.pipeline.reports.tables import write_table

TEMPLATES = Path(__file__).parent / "templates"
WORTH = 0.05  # of the graded learners, from which on a mistake is one to explain again
SLOW = 10  # times the median, from which on a learner is named as slow
NAMED = 10  # slow learners at most


def write_report(course: NbgraderCourse, lesson: str) -> Path:
    """Write the page and the tables of `lesson`; return the page's path."""
    known = collect(course, lesson)
    folder = Path(course.root, "reports", lesson)
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(known, folder)
    page = folder / "report.html"
    write_whole(page, render(known).encode("utf-8"))
    return page


@dataclass(frozen=True)
class Known:
    """All that is known of a class in one lesson.

    Attributes
    ----------
    names : every learner's full name, "" where the gradebook has none
    records : what became of each learner's submission
    sheets : the gradebook's scores of those who have any
    asked : the graded cells, in the lesson's order
    places : where the lesson treats each exercise
    """

    lesson: str
    names: dict[str, str]
    records: dict[str, Record]
    sheets: dict[str, Sheet]
    asked: list[Question]
    places: dict[str, Place]

    @functools.cached_property
    def judged(self) -> dict[str, Record]:
        """The records of those who are graded, if only in part."""
        return {name: record for name, record in self.records.items() if record.is_graded}

    @property
    def most(self) -> float:
        """The automatic points of the whole lesson."""
        return sum(question.points for question in self.asked if not question.by_hand)


def collect(course: NbgraderCourse, lesson: str) -> Known:
    """Read a class from its gradebook, in a few queries."""
    notebook = source_notebook(course.coursedir, lesson, lesson)
    asked = questions(notebook)
    prepare(course.coursedir.db_url)
    with connected(course.coursedir.db_url) as connection:
        found, sheets = load(connection, lesson), read_sheets(connection, lesson)
        persons = people(connection).values()
    names = {id: " ".join(filter(None, (first, last))) for id, last, first, _ in persons}
    everyone = {
        name: found.get(name) or _without_record(sheets.get(name), asked)
        for name in sorted({*names, *found})
    }
    names = {name: names.get(name, "") for name in everyone}
    return Known(lesson, names, everyone, sheets, asked, places(notebook))


def _without_record(sheet: Sheet | None, asked: list[Question]) -> Record:
    """Return what the gradebook alone tells of a submission."""
    if sheet is None:
        return Record(records.MISSING, "nothing was handed in")
    if not sheet.is_graded:
        return Record(records.FAILED, "handed in, but not graded")
    cells = []
    for question in asked:
        mark = sheet.marks.get(question.grade_id)
        if mark and mark.score is not None and not question.by_hand:
            outcome = "right" if mark.score >= question.points else "wrong"
            what = (question.grade_id, question.exercise, question.part)
            cells.append(Cell(*what, mark.score, question.points, outcome))
    score, points = sum(cell.score for cell in cells), sum(cell.points for cell in cells)
    return Record(records.GRADED, score=score, points=points, cells=tuple(cells))


def render(known: Known) -> str:
    """Return the page."""
    judged, n = known.judged, len(known.judged)
    scores = [sum(cell.score for cell in record.cells) for record in judged.values()]
    seen = summary.mistakes(judged)
    parts = summary.parts(known.asked, judged)
    separating = [part for part in parts if part.separation]
    steps = summary.bins(scores, known.most)
    middle = summary.quartiles(scores)
    exercises = summary.exercises(judged)
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "course_report", TEMPLATES / "course_feedback"]),
        autoescape=True,
    )
    environment.filters["sentence"] = lambda text: Markup(sentence(text))
    environment.filters["section"] = lambda exercise: known.places.get(exercise, Place()).section
    titles = {lesson.name: lesson.title for lesson in LESSONS}
    return environment.get_template("report.html.j2").render(
        css="".join(environment.loader.get_source(environment, name)[0] for name in STYLES),
        title=titles.get(known.lesson, known.lesson),
        lesson=known.lesson,
        when=f"{datetime.now():%Y-%m-%d %H:%M}",
        everyone=len(known.records),
        judged=n,
        outcomes=summary.OUTCOMES,
        exercises=exercises,
        hardest=min(exercises, key=lambda name: exercises[name].right, default=None),
        parts=parts,
        mistakes=seen,
        again=[mistake for mistake in seen if len(mistake.learners) >= max(1, WORTH * n)][:5],
        worth=WORTH,
        quartiles=middle,
        most=known.most,
        full=sum(score >= known.most for score in scores),
        bins=steps,
        histogram=histogram(steps, middle[1], known.most) if middle else "",
        by_hand=_by_hand(known),
        waiting=sum(sheet.waiting for name, sheet in known.sheets.items() if name in judged),
        separating=sorted(separating, key=lambda part: -part.separation.r),
        unsaid=len(parts) - len(separating),
        enough=summary.ENOUGH,
        side=summary.SIDE,
        statuses=Counter(record.status for record in known.records.values()).most_common(),
        not_graded=[(name, r) for name, r in known.records.items() if r.status != records.GRADED],
        names=known.names,
        **_times(judged),
    )


STYLES = ("page.css", "report.css")


def _times(judged: dict[str, Record]) -> dict:
    """Return what the page says of the time that judging took."""
    seconds = {name: r.seconds for name, r in judged.items() if r.seconds is not None}
    middle = summary.quartiles(list(seconds.values()))
    if middle is None:
        return {"seconds": None}
    slow = [name for name, s in seconds.items() if s > max(1.0, SLOW * middle[1])]
    slow.sort(key=lambda name: -seconds[name])
    words = [f"{name} ({seconds[name]:.2g} s)" for name in slow[:NAMED]]
    words += [f"{len(slow) - NAMED} more"] if len(slow) > NAMED else []
    total = sum(seconds.values())
    return {
        "seconds": middle,
        "longest": max(seconds.values()),
        "total_time": f"{total / 60:.0f} minutes" if total >= 120 else f"{total:.2g} s",
        "slow": words,
    }


def _by_hand(known: Known) -> list[tuple[Question, int, int, float | None]]:
    """Return each question for a person: how many are graded, how many wait, and the mean."""
    rows = []
    for question in known.asked:
        if question.by_hand:
            marks = [
                sheet.marks[question.grade_id]
                for name, sheet in known.sheets.items()
                if name in known.judged and question.grade_id in sheet.marks
            ]
            given = [mark.score for mark in marks if mark.score is not None and not mark.waits]
            mean = sum(given) / len(given) if given else None
            rows.append((question, len(given), sum(mark.waits for mark in marks), mean))
    return rows


def write_tables(known: Known, folder: Path) -> None:
    """Write what the page shows as three tables."""
    outcomes = summary.OUTCOMES
    write_table(
        folder / "parts.csv",
        ("exercise", "part", "points", "learners", "pass rate", *outcomes, "separation"),
        (
            (
                *(part.question.exercise, part.question.part, part.question.points),
                *(part.tally.learners, part.tally.right if part.tally.learners else None),
                *(part.tally.counts[outcome] for outcome in outcomes),
                part.separation.r if part.separation else None,
            )
            for part in summary.parts(known.asked, known.judged)
        ),
    )
    write_table(
        folder / "mistakes.csv",
        ("misconception", "name", "learners", "share", "seen in", "hint", "treated in"),
        (
            (
                *(mistake.id, mistake.name, len(mistake.learners)),
                len(mistake.learners) / len(known.judged),
                "; ".join(f"{e}: {', '.join(p)}" for e, p in mistake.where.items()),
                mistake.hint,
                "; ".join(
                    dict.fromkeys(known.places.get(e, Place()).section for e in mistake.where)
                ),
            )
            for mistake in summary.mistakes(known.judged)
        ),
    )
    write_table(
        folder / "learners.csv",
        (
            *("student_id", "name", "status", "reason", "automatic points", "of"),
            *("seconds", "graded at (UTC)", "what the checks said"),
        ),
        (
            (
                *(name, known.names[name], record.status, record.reason),
                *(record.score, record.points, record.seconds),
                f"{record.graded_at:%Y-%m-%d %H:%M:%S}" if record.key else None,
                diagnosis(record),
            )
            for name, record in known.records.items()
        ),
    )
