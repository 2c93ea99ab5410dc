"""Tell which learner of the gradebook an account of a platform is: by its number, then by its name.

One person on two roads is one learner, two people of one name are two; a name that could be
several people's is nobody's.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.pipeline.names import composed, name_keys, sortable_keys, squashed
from autograder.pipeline.records import Account

# Platforms whose number is the school's login or a checked e-mail address.  On GitHub everybody
# takes the login that they like, also one that is somebody else's at school.
LOGINS = ("Blackboard", "Gradescope")
# What Moodle calls everyone while it hides their names.
HIDDEN = ("participant", "teilnehmerin", "participante", "deelnemer")


@dataclass(frozen=True)
class Person:
    """A learner as the gradebook knows them.

    Attributes
    ----------
    student : nbgrader's id of the learner
    names : what their name has in common with other spellings of it, see `names.name_keys`
    ids : that id, their e-mail address, logins and numbers of the school, in small letters
    number : the platform's, as nbgrader's class list has it; "" where it has none
    accounts : what platforms call them
    """

    student: str
    names: frozenset[str]
    ids: frozenset[str]
    number: str = ""
    accounts: tuple[Account, ...] = ()


def person(
    student: str,
    full_name: str = "",
    email: str = "",
    number: str = "",
    accounts: Iterable[Account] = (),
) -> Person:
    """Return what is known of a learner.

    Parameters
    ----------
    full_name : with a comma behind the last name; "" where only platforms know it
    """
    accounts = tuple(accounts)
    names = [account_keys(account) for account in accounts]
    if full_name or not accounts:
        names.append(name_keys(full_name or student))
    known = [email, *(a.number for a in accounts if a.platform in LOGINS)]
    if ("GitHub", student) not in {(a.platform, a.number) for a in accounts}:
        known.append(student)
    return Person(student, frozenset().union(*names), lowered(known), number, accounts)


def lowered(ids: Iterable[str]) -> frozenset[str]:
    """Return ids in small letters and one spelling, empty ones left out."""
    return frozenset(composed(one).strip().casefold() for one in ids if one and one.strip())


def account_keys(account: Account) -> frozenset[str]:
    """Return the keys of an account's name; none where it is no name of a person."""
    hidden = squashed(account.name) in HIDDEN or account.name.startswith("anon_")
    if hidden or account.platform == "GitHub":
        return frozenset()
    return (sortable_keys if account.platform == "Canvas" else name_keys)(account.name)


def students_of(accounts: Iterable[Account], people: Iterable[Person]) -> dict[Account, str]:
    """Return nbgrader's id of the learner behind each account; new ones get one from their name."""
    people, accounts = list(people), sorted(set(accounts), key=lambda a: (a.name, a.key))
    numbers = {account.key: one.student for one in people for account in one.accounts}
    by_id: dict[str, set[str]] = {}
    for one in people:
        for known in (*one.ids, f"#{one.number}"):
            by_id.setdefault(known, set()).add(one.student)
    found: dict[Account, str] = {}
    for account in accounts:
        is_login = account.platform in LOGINS
        [number] = lowered([account.number]) or [""]
        able = by_id.get(number if is_login else f"#{account.number}", set())
        if account.number and account.key in numbers:
            found[account] = numbers[account.key]
        elif account.number and not account.lesson and len(able) == 1:
            found |= dict.fromkeys([account], *able)
    _by_name([a for a in accounts if a not in found], people, found)
    _new([a for a in accounts if a not in found], people, found)
    return found


def _by_name(accounts: list[Account], people: list[Person], found: dict[Account, str]) -> None:
    """Give a learner's id to the one account that can be theirs by its name."""
    students = {one.student for one in people}
    owners: dict[str, list[Person]] = {}
    for one in people:
        for key in one.names:
            owners.setdefault(key, []).append(one)
    claims = []
    for account in accounts:
        if not account.platform and account.name in students:
            found[account] = account.name
            continue
        able = {
            one.student
            for key in account_keys(account)
            for one in owners.get(key, ())
            if not _is_another(account, one)
        }
        if len(able) == 1:
            claims.append((account, able.pop()))
    claimed = Counter(student for _, student in claims)
    found |= {a: s for a, s in claims if claimed[s] == 1 and s not in found.values()}


def _is_another(account: Account, one: Person) -> bool:
    """Whether the platform has another number for a learner of that name."""
    if not account.platform:
        return False
    others = {a.number for a in one.accounts if (a.platform, a.lesson) == account.key[:2]}
    return bool(others) and account.number not in others


def _new(accounts: list[Account], people: list[Person], found: dict[Account, str]) -> None:
    """Name learners whom the gradebook does not know, with the number where a name is taken."""
    taken = {one.student for one in people}
    names = {a: student_name(a.name) if a.platform else a.name for a in accounts}
    many = Counter(names.values())
    for account, name in names.items():
        hidden = squashed(account.name) in HIDDEN
        if account.number and (many[name] > 1 or name in taken or hidden):
            name = f"{name}_{account.number}"
        found[account] = name


def student_name(name: str) -> str:
    """Return a name as a folder and nbgrader's id can have it: none of these is hidden.

    Examples
    --------
    >>> student_name("Kim Lee/Park "), student_name(". Budi")
    ('Kim Lee-Park', 'Budi')
    """
    plain = re.sub(r"[/\\]", "-", composed(name)).strip()
    return plain.lstrip(". ") or plain
