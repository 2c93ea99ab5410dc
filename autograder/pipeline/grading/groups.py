"""Groups that hand in one notebook together, as ``groups.csv`` at the course's root names them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nbgrader.utils import parse_utc

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.people import read_people
from autograder.pipeline.inbox.found import Inbox
from autograder.pipeline.inbox.timestamps import is_student
from autograder.pipeline.lesson import is_meant
from autograder.pipeline.names import composed
from autograder.pipeline.records import Handed
from autograder.pipeline.reports.match import cell_of, matched, people_rows
from autograder.pipeline.reports.platform_tables import format_of
from autograder.pipeline.reports.text_table import table_of
from autograder.words import shown

FILE = "groups.csv"
LESSON = ("lesson",)


def groups_of(course: NbgraderCourse, lesson: str) -> dict[str, list[str]]:
    """Return the members of each group that hands in `lesson` together; {} without a file.

    The file has a row for each learner, with headers ``student`` and ``group`` and perhaps
    ``lesson``, where groups change; or it is Moodle's list of participants or Canvas's of groups.

    Raises
    ------
    CommandError : when the file is none of these, or a learner is in two groups
    """
    path = course.root / FILE
    if not path.exists():
        return {}
    table = table_of(path)
    header = [name.strip() for name in table.rows[0]]
    form = format_of(header, path)
    rows = people_rows(table, form)
    people = read_people(course.coursedir.db_url, lesson)
    found, _ = matched(rows, people, form.platform)
    known = {row.index: student for student, row in found.items()}
    groups: dict[str, list[str]] = {}
    for row in rows:
        cells = table.rows[row.index]
        group = composed(cell_of(cells, header, form.group))
        wanted = cell_of(cells, header, LESSON)
        if group and (not wanted or is_meant(lesson, wanted)):
            groups.setdefault(group, []).append(known.get(row.index, composed(row.said)))
    for student, count in Counter(sum(groups.values(), [])).items():
        if count > 1:
            raise CommandError(
                f"{path} has {shown(student)!r} {count} times for {lesson}. Expected each learner "
                "once; a column `lesson` tells the groups of different lessons apart."
            )
    return groups


def share(inbox: Inbox, groups: dict[str, list[str]]) -> None:
    """Give each member of a group its notebook, unless they handed in one of their own.

    The group's is the latest of what lies under its own name and what members handed in.
    """
    for group, members in groups.items():
        entries = {name: inbox[name] for name in (group, *members) if name in inbox}
        if group not in members:
            inbox.pop(group, None)
            inbox.accounts.pop(group, None)
        if entries:
            for name in filter(is_student, members):
                inbox[name] = partial(_handed, name, entries)


def sharing_with(student: str, groups: dict[str, list[str]]) -> list[str]:
    """Return every member of the groups that are called `student` or have them as a member."""
    shared = [members for group, members in groups.items() if student in (group, *members)]
    return sorted({name for members in shared for name in members if is_student(name)})


def _handed(student: str, entries: dict[str, Callable[[], Handed]]) -> Handed:
    """Return what a member handed in, else what the group did."""
    own = entries[student]() if student in entries else None
    if own and own.content is not None:
        return own
    of_group = {name: read() for name, read in entries.items() if name != student}
    able = {name: one for name, one in of_group.items() if one.content is not None}
    if not able:
        return own or replace(next(iter(of_group.values())), student=student)
    latest = max(able, key=lambda name: _order(able[name]))
    note = "; ".join(filter(None, (f"handed in by {latest}", able[latest].note)))
    return replace(able[latest], student=student, note=note)


def _order(handed: Handed) -> float:
    return parse_utc(handed.timestamp.strip()).timestamp() if handed.timestamp else float("-inf")
