"""Tell which row of a platform's table is whose: by number, by login or e-mail, then by name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.pipeline.names import name_keys
from autograder.pipeline.reports.platform_tables import Format, Header
from autograder.pipeline.reports.text_table import TextTable
from autograder.pipeline.who import Person, lowered
from autograder.words import shown


@dataclass(frozen=True)
class PlatformRow:
    """One person of a platform's table.

    Attributes
    ----------
    index : the row's
    number : the platform's own in small letters, "" where the table has none
    ids : logins, e-mail addresses and numbers of the school, in small letters
    names : see `autograder.pipeline.names.name_keys`
    said : the name as the table has it
    """

    index: int
    number: str
    ids: frozenset[str]
    names: frozenset[str]
    said: str


def people_rows(table: TextTable, form: Format, at: int = 0) -> list[PlatformRow]:
    """Return the people of a table; rows of another kind are left out.

    Parameters
    ----------
    at : a column that each of them has
    """
    header = [name.strip() for name in table.rows[0]]
    found = []
    for index, row in enumerate(table.rows[1:], start=1):
        if len(row) <= at or (form.most_row and row[0].strip() == form.most_row):
            continue
        number = form.around_number.sub("", cell_of(row, header, form.number))
        halves = [cell_of(row, header, half) for half in (form.last, form.first)]
        name = cell_of(row, header, form.name) or ", ".join(filter(None, halves))
        ids = lowered(one.lstrip("#") for one in cells_of(row, header, form.ids))
        if number or ids:
            found.append(
                PlatformRow(index, number.casefold(), ids, name_keys(name), shown(name, 100))
            )
    return found


def cells_of(row: list[str], header: list[str], names: Header) -> list[str]:
    """Return what a row has below some headers."""
    return [cell.strip() for cell, name in zip(row, header, strict=False) if name in names]


def cell_of(row: list[str], header: list[str], names: Header) -> str:
    """Return what a row has below the first of some headers, "" where there is none of them."""
    return "".join(cells_of(row, header, names)[:1])


def matched(
    rows: Iterable[PlatformRow], people: Iterable[Person], platform: str
) -> tuple[dict[str, PlatformRow], dict[str, str]]:
    """Return the row of each learner, and why others have none.

    A pair counts where each fits only the other.  A name that two rows or two learners have is
    nobody's, also where one of them is known by number: the other row may be a third person's.
    """
    rows, people = list(rows), list(people)
    numbers = {one.student: _numbers(one, platform) for one in people}
    found: dict[str, PlatformRow] = {}
    reasons: dict[str, str] = {}
    for of_person, of_row in (
        (lambda one: numbers[one.student], lambda row: [row.number] if row.number else []),
        (lambda one: one.ids, lambda row: row.ids),
        (lambda one: one.names, lambda row: row.names),
    ):
        having: dict[str, list[PlatformRow]] = {}
        for row in rows:
            for key in of_row(row):
                having.setdefault(key, []).append(row)
        fits = {
            one.student: {
                row.index: row
                for key in of_person(one)
                for row in having.get(key, ())
                if not _is_another(numbers[one.student], row)
            }
            for one in people
        }
        claims = Counter(index for able in fits.values() for index in able)
        taken = {row.index for row in found.values()}
        for student, able in fits.items():
            [index] = able if len(able) == 1 else [-1]
            if student not in found and claims[index] == 1 and index not in taken:
                found[student] = able[index]
            reasons[student] = _reason(len(able), max((claims[i] for i in able), default=0))
    for one in people:  # by now the rows are told by their names
        if not fits[one.student] and one.names & having.keys():
            reasons[one.student] = "the row of this name has another number"
    return found, {student: why for student, why in reasons.items() if student not in found}


def _is_another(numbers: set[str], row: PlatformRow) -> bool:
    """Whether the platform has another number for this learner than for that row."""
    return bool(numbers and row.number) and row.number not in numbers


def _numbers(one: Person, platform: str) -> set[str]:
    """Return the numbers of a learner on one platform, in small letters."""
    numbers = {a.number.casefold() for a in one.accounts if a.platform == platform}
    return numbers | ({one.number} if platform == "Canvas" and one.number else set())


def _reason(rows: int, learners: int) -> str:
    if rows > 1:
        return f"{rows} rows have this name"
    if learners > 1:
        return f"{learners} learners have this name"
    return "no row has this name, login or number"
