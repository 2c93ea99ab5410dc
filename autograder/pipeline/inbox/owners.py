"""Tell which learner each file belongs to, by the names that the platform gave."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from autograder.pipeline import records
from autograder.pipeline.inbox import gradescope
from autograder.pipeline.inbox.found import File
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.platforms import Named, blackboard_name, named
from autograder.pipeline.inbox.reader import Unreadable
from autograder.pipeline.inbox.timestamps import known_as
from autograder.pipeline.inbox.unpack import is_hidden
from autograder.pipeline.names import composed
from autograder.pipeline.records import Account, Handed

LIST_BYTES = 200 << 20  # of Gradescope's list, which holds what every test said
ABOUT_BYTES = 1 << 20


@dataclass(frozen=True)
class HandedFile:
    """One file: whose it is, and what tells it from others of the same learner.

    Attributes
    ----------
    parts : its name in parts, from the entry at the top that it is or lies in; whoever made the
        archive named that one, and no learner
    said : what the name of that entry tells
    named : whether the file has the lesson's name
    """

    file: File
    parts: tuple[str, ...]
    account: Account
    said: Named
    named: bool

    @property
    def inner(self) -> str:
        """The learner's own name of the file, with the folders that it lies in."""
        return "/".join(self.parts[1:]) or self.said.file or self.parts[0]

    @property
    def is_hidden(self) -> bool:
        """Whether the learner's own name of it says so; what the platform named never is."""
        return is_hidden("/".join(self.parts[1:]) or self.said.file)

    @property
    def newest(self) -> tuple:
        """The larger, the later."""
        return (self.said.order, self.named, self.file.when, self.file.name)


def entries_of(
    files: Iterable[File], lesson: str, around: list[str], assignment: str
) -> tuple[list[HandedFile], list[str]]:
    """Return each file with its owner, and the names of those that are nobody's.

    Parameters
    ----------
    around : the folders that lie around the learners' entries
    assignment : GitHub Classroom's name of the assignment, before each learner's in their folder
    """
    inside = "".join(f"{folder}/" for folder in around)
    left = [file.name for file in files if not file.name.startswith(inside)]
    files = [file for file in files if file.name.startswith(inside)]
    split = [tuple(file.name[len(inside) :].split("/")) for file in files]
    tops = {parts[0] for parts in split}
    # Two entries whose names differ in the spelling of an accent are two all the same.
    tops = {top: top if composed(top) in tops else composed(top) for top in tops}
    split = [(tops[top], *map(composed, inner)) for top, *inner in split]
    groups = {}
    for file, parts in zip(files, split, strict=True):
        if parts == (gradescope.LIST,):
            groups = gradescope.submitters(_text(file, LIST_BYTES))
    entries = []
    for file, parts in zip(files, split, strict=True):
        said = named(parts[0], lesson, is_folder=len(parts) > 1)
        own = parts[-1] if len(parts) > 1 else said.file or parts[0]
        is_lessons = re.fullmatch(rf"{re.escape(lesson)}(-\d+)?\.ipynb", own) is not None
        owners = _accounts(parts, said, groups, assignment)
        entries += [HandedFile(file, parts, account, said, is_lessons) for account in owners]
        if not owners:
            left.append("/".join(parts))
    return _with_logins(entries), left


def _accounts(
    parts: tuple[str, ...], said: Named, groups: dict[str, list[Account]], assignment: str
) -> list[Account]:
    """Return whose a file is; one at the top that nothing names, such as a README, is nobody's.

    So is a setting in a hidden folder that nothing names.
    """
    top = parts[0]
    if len(parts) > 1 and groups.get(top):
        return groups[top]
    if said.account:
        return [said.account]
    if len(parts) > 1 and assignment and top.startswith(f"{assignment}-"):
        login = top.removeprefix(f"{assignment}-")
        return [Account("GitHub", login, login)]
    if top.startswith(".") and not NAMED.search(parts[-1]):
        return []
    if len(parts) > 1 or NAMED.search(top):
        return [Account("", "", top if len(parts) > 1 else NAMED.sub("", top) or top)]
    return []


def _with_logins(entries: list[HandedFile]) -> list[HandedFile]:
    """Give Blackboard's learners the names that its texts about their attempts tell."""
    people: dict[str, Account] = {}
    for entry in entries:
        if entry.said.about:
            before = _before(entry)
            login, name = blackboard_name(_text(entry.file, ABOUT_BYTES), before)
            if login:
                people[before] = replace(entry.account, number=login, name=name)
    return [replace(e, account=people.get(_before(e), e.account)) for e in entries]


def _before(entry: HandedFile) -> str:
    is_blackboards = entry.account.platform == "Blackboard"
    return entry.parts[0].split("_attempt_")[0] if is_blackboards else ""


def _text(file: File, most: int) -> str:
    try:
        return file.read(most=most).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except Unreadable:
        return ""


def clash(student: str, entries: list[HandedFile]) -> Callable[[], Handed] | None:
    """Return a status for a name that two entries have, where no number tells them apart."""
    places = sorted({e.parts[0] for e in entries if not e.account.number})
    if len(places) < 2 and not (places and len({e.parts[0] for e in entries}) > 1):
        return None
    reason = (
        f"{len({e.parts[0] for e in entries})} entries are this learner's by their "
        f"names, such as {places[0]!r}; nobody's grade is written on a guess. Rename them."
    )
    return partial(Handed, known_as(student), status=records.UNREADABLE, reason=reason)


def last_attempt(entries: list[HandedFile]) -> tuple[list[HandedFile], str]:
    """Return the files of a learner's last attempt that holds a notebook, and what is left."""
    attempts = sorted({entry.said.attempt for entry in entries}, reverse=True)

    def of(attempt: str) -> list[HandedFile]:
        return [e for e in entries if e.said.attempt == attempt and not e.said.about]

    def holds_a_notebook(attempt: str) -> bool:
        return any(NAMED.search(e.inner) or e.inner.lower().endswith(".zip") for e in of(attempt))

    best = next((a for a in attempts if holds_a_notebook(a)), None)
    best = best or next((a for a in attempts if of(a)), attempts[0])
    others = len(attempts) - 1
    note = f"{others} other attempt{'s' if others > 1 else ''} not graded" if others else ""
    return of(best) or entries, note
