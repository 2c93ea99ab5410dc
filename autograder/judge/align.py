"""Find the source's cells in a submission, and plan which cells run in which order.

The source decides what is graded and how; the submission decides what the learner wrote.  Cells
are found by their grade id, then by their cell id, then by what is in them, so that a notebook
whose metadata another editor dropped, and one with cells moved, doubled or deleted, is graded as
its author meant it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from autograder.judge.code import defines, may_define, mentioned
from autograder.judge.find import Wanted, found_in, is_given, wanted_cells
from autograder.judge.when import Needs
from autograder.marks import released, without_hidden_tests


@dataclass
class Entry:
    """One cell of the autograded notebook.

    Attributes
    ----------
    cell : the cell as it will stand there, without outputs
    role : "learner", "setup", "test" or "text"
    code : what the learner's process runs, or None
    key : the source's cell that this is, or ""
    after : for a test, the index of the last entry whose code has to have run before it
    """

    cell: dict
    role: str
    code: str | None = None
    key: str = ""
    after: int = -1


@dataclass
class Plan:
    """What to run: `entries` in the notebook's order; `tests`, the source's, in its order."""

    entries: list[Entry]
    tests: dict[str, str]  # key -> code, hidden tests included
    setup: list[str]
    sources: dict[str, str] = field(default_factory=dict)  # exercise -> the learner's answer cell
    cells: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()  # the lesson's own cells that are free to change

    def asked(self, test: str, names: Collection[str]) -> set[str]:
        """Return the exercises that a test asks."""
        return mentioned(self.tests[test]) & set(names)


def plan(source: dict, submission: dict, names: dict[str, str]) -> Plan:
    """Lay out a submission.

    Parameters
    ----------
    source, submission : notebooks as plain dicts, nbformat 4
    names : kind of each exercise of the lesson, by name
    """
    wanted = wanted_cells(source, names)
    cells = submission["cells"]
    chosen, doubles = found_in(wanted, cells, source)
    placed = {index: key for key, index in chosen.items()}
    entries: list[Entry] = []
    for index, cell in enumerate(cells):
        if index in placed:
            entries.append(_entry(wanted[placed[index]], cell))
        elif index in doubles and is_given(wanted[doubles[index]], cell):
            continue
        else:
            entries.append(_extra(cell))
    moved_to_end = [key for key in wanted if key not in chosen and wanted[key].role == "test"]
    for want in wanted.values():
        if want.key not in chosen and want.role != "answer":
            _insert(entries, want, wanted)
    _put_setup_first(entries, wanted)
    _leave_stubs_out(entries, wanted)
    made = Plan(entries, _tests(wanted), _setup(wanted))
    answers = _answers(entries, wanted, names)
    _say_when(made, answers, names, set(moved_to_end))
    made.sources = {name: entries[i].code or "" for name, i in answers.items()}
    made.given = frozenset(cell["source"] for cell in source["cells"])
    made.cells = tuple(entry.code for entry in entries if entry.code is not None)
    return made


def _entry(want: Wanted, cell: dict) -> Entry:
    made = dict(want.cell)
    if want.role in ("answer", "written"):
        made["source"] = cell["source"]
        made["attachments"] = cell.get("attachments", {})
        is_code = made["cell_type"] == "code"
        code = made["source"] if is_code else None
        return Entry(made, "learner" if is_code else "text", code, want.key)
    return _locked(want, made)


def _locked(want: Wanted, made: dict) -> Entry:
    if made["cell_type"] != "code":
        return Entry(made, "text", None, want.key)
    if want.role == "test":
        made["source"] = without_hidden_tests(made["source"])
        return Entry(made, "test", None, want.key)
    return Entry(made, "setup", made["source"], want.key)


def _extra(cell: dict) -> Entry:
    made = {"cell_type": cell["cell_type"], "source": cell["source"], "metadata": {}}
    made |= {key: cell[key] for key in ("id", "attachments") if key in cell}
    if cell["cell_type"] == "code":
        return Entry(made, "learner", cell["source"])
    return Entry(made, "text")


def _insert(entries: list[Entry], want: Wanted, wanted: dict[str, Wanted]) -> None:
    """Put back a cell that is missing, after the nearest cell that stands before it."""
    before = [i for i, entry in enumerate(entries) if entry.key and wanted[entry.key].at < want.at]
    made = dict(want.cell)
    if want.role == "written":
        made["source"] = released(made["source"], made["cell_type"])
        entry = Entry(made, "text", None, want.key)
    else:
        entry = _locked(want, made)
    entries.insert(before[-1] + 1 if before else 0, entry)


def _put_setup_first(entries: list[Entry], wanted: dict[str, Wanted]) -> None:
    """Move each setup cell up to where the source has it: above the cells that may need it."""
    for want in wanted.values():
        at = next((i for i, entry in enumerate(entries) if entry.key == want.key), None)
        if want.role != "setup" or at is None:
            continue
        below = (i for i, e in enumerate(entries[:at]) if e.key and wanted[e.key].at > want.at)
        place = next(below, at)
        while place < at and place > 0 and not entries[place - 1].key:
            place -= 1
        entries.insert(place, entries.pop(at))


def _leave_stubs_out(entries: list[Entry], wanted: dict[str, Wanted]) -> None:
    """Do not run an untouched answer's cell whose names other cells of the learner's define."""
    for entry in entries:
        want = wanted.get(entry.key)
        if want is None or want.role != "answer" or not is_given(want, entry.cell):
            continue
        others = [e.code for e in entries if e is not entry and e.role == "learner" and e.code]
        elsewhere = [any(defines(code, name) for code in others) for name in want.defines]
        if elsewhere and all(elsewhere):
            entry.code = None


def _answers(entries: list[Entry], wanted: dict[str, Wanted], names: Collection[str]) -> dict:
    """Return where each exercise's answer stands."""
    answers: dict[str, int] = {}
    empty: dict[str, int] = {}
    for i, entry in enumerate(entries):
        if entry.key and entry.code is not None and wanted[entry.key].role == "answer":
            for name in wanted[entry.key].defines:
                (answers if may_define(entry.code, name) else empty)[name] = i
    for name in set(names) - set(answers):
        for i, entry in enumerate(entries):
            if entry.role == "learner" and entry.code and defines(entry.code, name):
                answers[name] = i
    return empty | answers


def _say_when(made: Plan, answers: dict[str, int], names: Collection[str], at_end: set) -> None:
    """Set when each test may run: where it stands, and not before what its answers need."""
    runs = [i for i, entry in enumerate(made.entries) if entry.code is not None]
    needs = Needs([entry.code for entry in made.entries], answers)
    for i, entry in enumerate(made.entries):
        if entry.role != "test":
            continue
        asked = made.asked(entry.key, names)
        latest = len(made.entries) if entry.key in at_end else needs.latest(i, asked)
        entry.after = max((run for run in runs if run <= latest), default=-1)


def _tests(wanted: dict[str, Wanted]) -> dict[str, str]:
    return {w.key: w.cell["source"] for w in wanted.values() if w.role == "test"}


def _setup(wanted: dict[str, Wanted]) -> list[str]:
    cells = [w.cell for w in wanted.values() if w.role == "setup"]
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]
