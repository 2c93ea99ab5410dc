"""Fill a lesson's points into the table that a platform has exported, to be imported again."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder import CommandError
from autograder.exercises import LESSONS
from autograder.files import write_whole
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import connected, load
from autograder.pipeline.gradebook.late import reckon_penalties
from autograder.pipeline.gradebook.people import people
from autograder.pipeline.gradebook.questions import questions
from autograder.pipeline.gradebook.sheets import read_sheets
from autograder.pipeline.lesson import source_notebook
from autograder.pipeline.names import squashed
from autograder.pipeline.reports.export import said_status, shows_grades, total
from autograder.pipeline.reports.match import matched, people_rows
from autograder.pipeline.reports.platform_tables import Format, format_of
from autograder.pipeline.reports.text_table import TextTable, table_of
from autograder.words import shown


@dataclass
class Filled:
    """What became of a table.

    Attributes
    ----------
    platform, column : whose table it is, and the header of the column
    filled : learners whose points were entered
    changed : how many of those had other points in the table
    ungraded : learners whose cell is left as it was, and why
    unmatched : learners without a row, and why
    strangers : names in the table whom the gradebook does not know
    """

    platform: str
    column: str
    filled: list[str] = field(default_factory=list)
    changed: int = 0
    ungraded: dict[str, str] = field(default_factory=dict)
    unmatched: dict[str, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


def export_into(course: NbgraderCourse, lesson: str, path: Path, column: str = "") -> Filled:
    """Enter the points of `lesson` into a platform's table, and leave all else as it is.

    Parameters
    ----------
    column : name of the assignment in the table; told by the lesson's name when ""

    Raises
    ------
    CommandError : when it is no table of a platform, or it cannot be told which column is meant
    """
    table = table_of(path)
    header = [name.strip() for name in table.rows[0]]
    form = format_of(header, path)
    at = _column(header, form, lesson, column, path)
    asked = questions(source_notebook(course.coursedir, lesson, lesson))
    _check_most(table, header, form, at, sum(q.points for q in asked), path)
    filled = _fill(course, lesson, table, form, at)
    try:
        write_whole(path, table.content())
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    return filled


def _fill(course: NbgraderCourse, lesson: str, table: TextTable, form: Format, at: int) -> Filled:
    reckon_penalties(course, [lesson])
    with connected(course.coursedir.db_url) as connection:
        records, sheets = load(connection, lesson), read_sheets(connection, lesson)
        known = people(connection, lesson)
    if not (records or sheets):
        raise CommandError(
            f"Nothing of {lesson} is graded. Run `python -m autograder grade {lesson}` first."
        )
    rows = people_rows(table, form, at)
    of_learner, reasons = matched(rows, known, form.platform)
    filled = Filled(form.platform, table.rows[0][at])
    comma = _has_decimal_commas(table, form, at)
    for one in known:
        record, sheet = records.get(one.student), sheets.get(one.student)
        score = total(sheet) if shows_grades(record, sheet) else None
        row = of_learner.get(one.student)
        if row is None:
            if shows_grades(record, sheet):
                filled.unmatched[one.student] = reasons[one.student]
        elif score is None:
            filled.ungraded[one.student] = said_status(record, sheet)
        else:
            value = f"{score:.10g}".replace(".", "," if comma else ".")
            before = table.rows[row.index][at].strip()
            filled.changed += bool(before) and _number(before) != score
            filled.filled.append(one.student)
            if _number(before) != score:
                table.replace(row.index, at, value)
    taken = {row.index for row in of_learner.values()}
    filled.strangers = [row.said for row in rows if row.index not in taken]
    return filled


def _column(header: list[str], form: Format, lesson: str, wanted: str, path: Path) -> int:
    """Return which column is meant."""
    titles = {
        i: found["title"] for i, name in enumerate(header) if (found := form.grades.fullmatch(name))
    }
    if form.most:
        wanted = ""  # a worksheet is of one assignment
        able = list(titles)
    elif wanted:
        able = [i for i, title in titles.items() if wanted in (title, header[i])]
    else:
        able = _named_as(lesson, titles)
    if len(able) == 1:
        return able[0]
    names = ", ".join(f"{shown(title)!r}" for title in titles.values()) or "none"
    asked = f"is called {wanted!r}" if wanted else f"is called as {lesson}"
    raise CommandError(
        f"{path} has {len(able) or 'no'} column{'s' if len(able) > 1 else ''} that {asked}. "
        f"Its assignments: {names}. Name the one that is meant with --column."
    )


def _named_as(lesson: str, titles: dict[int, str]) -> list[int]:
    """Return the columns that have the lesson's title or topic in their name, else its number."""
    known = next((one for one in LESSONS if one.name == lesson), None)
    number, _, topic = lesson.partition("_")
    names = {squashed(topic), squashed(known.title if known else topic)}
    able = [i for i, title in titles.items() if any(n and n in squashed(title) for n in names)]
    return able or [i for i, title in titles.items() if number in re.findall(r"\w+", title)]


def _check_most(
    table: TextTable, header: list[str], form: Format, at: int, points: float, path: Path
) -> None:
    """Refuse a column in which the points would mean something else."""
    said = form.grades.fullmatch(header[at]).groupdict().get("points") or ""
    if form.most:
        place = next((i for i, name in enumerate(header) if name in form.most), None)
        said = next((row[place] for row in table.rows[1:] if len(row) > place and row[place]), "")
    elif form.most_row:
        rows = [row for row in table.rows[1:] if row[0].strip() == form.most_row]
        said = next((row[at] for row in rows if len(row) > at), "")
    most = _number(said)
    if most is not None and most != points:
        raise CommandError(
            f"{path} gives at most {most:g} points for this assignment, the lesson {points:g}. Set "
            f"the assignment's points to {points:g} in {form.platform} and export the table again."
        )


def _has_decimal_commas(table: TextTable, form: Format, at: int) -> bool:
    """Whether the table's numbers have a comma before their fraction."""
    header = [name.strip() for name in table.rows[0]]
    places = [at, *(i for i, name in enumerate(header) if name in form.most)]
    values = [row[i].strip() for row in table.rows[1:] for i in places if len(row) > i]
    return any(re.fullmatch(r"\d+,\d+", value) for value in values)


def _number(text: str) -> float | None:
    """Return a number that has a point or a comma before its fraction, None where it is none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
