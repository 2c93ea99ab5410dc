"""Enter the people of a platform's table into the gradebook, where nbgrader has its class list."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Student
from sqlalchemy.orm import Session

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import connected, prepare
from autograder.pipeline.gradebook.people import keep_accounts, people
from autograder.pipeline.inbox.timestamps import is_student
from autograder.pipeline.names import composed
from autograder.pipeline.records import Account
from autograder.pipeline.reports.match import PlatformRow, cell_of, matched, people_rows
from autograder.pipeline.reports.platform_tables import Format, format_of
from autograder.pipeline.reports.text_table import table_of
from autograder.pipeline.who import Person, student_name


@dataclass
class Entered:
    """What became of a list.

    Attributes
    ----------
    platform : whose list it is, "" for one made by hand
    new, known : nbgrader's ids of those who were entered, and of those who were there
    unclear : who was left out, and why
    absent : those in the gradebook whom the list does not have
    """

    platform: str
    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unclear: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    """What a row says of somebody, "" where it says nothing."""

    first_name: str
    last_name: str
    email: str
    login: str
    number: str

    @property
    def id(self) -> str:
        """What nbgrader may call them: their login, else their name."""
        return self.login or student_name(f"{self.first_name} {self.last_name}")


def enter_class_list(course: NbgraderCourse, path: Path) -> Entered:
    """Enter everybody of a table, and complete those whom the gradebook knows already.

    Nobody is removed, and no name or address that is there is replaced.

    Raises
    ------
    CommandError : when it is no table of people
    """
    table = table_of(path)
    header = [name.strip() for name in table.rows[0]]
    form = format_of(header, path)
    rows = [row for row in people_rows(table, form) if row.said not in form.not_people]
    entries = {row.index: _entry(table.rows[row.index], header, form) for row in rows}
    prepare(course.coursedir.db_url)
    with (
        connected(course.coursedir.db_url) as connection,
        Session(connection) as session,
        session.begin(),
    ):
        known = people(session.connection(), "")
        found, _ = matched(rows, known, form.platform)
        owners = {row.index: student for student, row in found.items()}
        entered = Entered(form.platform, known=sorted(found))
        new, entered.unclear = _new(
            [row for row in rows if row.index not in owners], entries, known
        )
        entered.new = sorted(new.values())
        session.add_all(Student(id=student) for student in new.values())
        session.flush()
        owners |= new
        for index, student in owners.items():
            _complete(session.get_one(Student, student), entries[index])
        session.flush()
        if not form.one_lesson:
            accounts = [
                (owners[row.index], Account(form.platform, entries[row.index].number, row.said))
                for row in rows
                if row.index in owners and form.platform
            ]
            keep_accounts(session.connection(), accounts)
    entered.absent = sorted({one.student for one in known} - found.keys())
    return entered


def _entry(row: list[str], header: list[str], form: Format) -> _Entry:
    first, last = (cell_of(row, header, names) for names in (form.first, form.last))
    whole = cell_of(row, header, form.name)
    if whole and not (first or last):
        last, _, first = (part.strip() for part in whole.partition(","))
    number = form.around_number.sub("", cell_of(row, header, form.number))
    login = cell_of(row, header, form.login).lstrip("#")
    texts = (first, last, cell_of(row, header, form.email), login, number)
    return _Entry(*map(composed, texts))


def _new(
    rows: list[PlatformRow], entries: dict[int, _Entry], known: list[Person]
) -> tuple[dict[int, str], dict[str, str]]:
    """Return ids for those whom the gradebook does not know, and who cannot be entered, and why."""
    names = {row.index: entries[row.index].id for row in rows}
    taken, many = {one.student for one in known}, Counter(names.values())
    new, unclear = {}, {}
    for row in rows:
        entry, name = entries[row.index], names[row.index]
        alike = [one.student for one in known if one.names & row.names and not entry.login]
        if many[name] > 1 or name in taken:
            name = f"{name}_{entry.number or entry.email}"
        if alike:
            unclear[row.said] = f"may be {' or '.join(alike)}; enter them by hand"
        elif not is_student(name) or name in taken:
            unclear[row.said] = "no id can be made of this row"
        else:
            new[row.index] = name
            taken.add(name)
    return new, unclear


def _complete(student: Student, entry: _Entry) -> None:
    """Fill in what nbgrader's class list does not say yet."""
    if not (student.first_name or student.last_name):
        student.first_name, student.last_name = entry.first_name or None, entry.last_name or None
    student.email = student.email or entry.email or None
