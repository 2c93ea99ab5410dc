"""Who is in the gradebook, and what platforms call them."""

from collections.abc import Iterable
from dataclasses import astuple, fields

import sqlalchemy as sa
from nbgrader.api import Student
from sqlalchemy.engine import Connection

from autograder.pipeline.gradebook.database import ACCOUNTS, connected, is_there
from autograder.pipeline.records import Account
from autograder.pipeline.who import Person, person

KEY = ("platform", "lesson", "number")


def read_people(db_url: str, lesson: str) -> list[Person]:
    """Return everyone in the gradebook; [] where there is no gradebook yet.

    Parameters
    ----------
    lesson : accounts that hold for another one alone are left out, their names are not
    """
    if not is_there(db_url):
        return []
    with connected(db_url) as connection:
        return people(connection, lesson)


def people(connection: Connection, lesson: str) -> list[Person]:
    """Do what `read_people` does in the transaction of an open connection."""
    tables = set(sa.inspect(connection).get_table_names())
    if Student.__tablename__ not in tables:
        return []
    accounts: dict[str, list[Account]] = {}
    kept = connection.execute(sa.select(ACCOUNTS)) if ACCOUNTS.name in tables else ()
    for student, *values in kept:
        accounts.setdefault(student, []).append(Account(*values))
    columns = (Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    known = {row[0]: row[1:] for row in connection.execute(sa.select(Student.id, *columns))}
    return [
        _person(student, accounts.get(student, []), known[student], lesson)
        for student in sorted(known)
    ]


def _person(student: str, accounts: list[Account], row: sa.Row, lesson: str) -> Person:
    first, last, email, number = row
    full_name = f"{last}, {first}" if first and last else last or first or ""
    valid = [
        a if a.lesson in ("", lesson) else Account("", "", a.name)  # the name is known all the same
        for a in accounts
    ]
    return person(student, full_name, email or "", number or "", valid)


def keep_accounts(connection: Connection, owners: Iterable[tuple[str, Account]]) -> None:
    """Keep which learner each account is, in place of what was known of the same number."""
    names = [field.name for field in fields(Account)]
    rows = {
        account.key: {"student": student, **dict(zip(names, astuple(account), strict=True))}
        for student, account in owners
        if account.number
    }
    if not rows:
        return
    same = [ACCOUNTS.c[name] == sa.bindparam(f"old_{name}") for name in KEY]
    old = [{f"old_{name}": row[name] for name in KEY} for row in rows.values()]
    connection.execute(sa.delete(ACCOUNTS).where(*same), old)
    connection.execute(sa.insert(ACCOUNTS), list(rows.values()))
