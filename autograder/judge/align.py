"""Find the source's cells in a submission, and plan which cells run in which order.

The source decides what is graded and how; the submission decides what the learner wrote.  Cells
are found by their grade id, then by their cell id, then by what is in them, so that a notebook
whose metadata another editor dropped, and one with cells moved, doubled or deleted, is graded as
its author meant it.
"""

from dataclasses import dataclass, field

from autograder.judge.find import (
    Wanted,
    defines,
    found_in,
    is_copy,
    mentioned,
    wanted_cells,
)
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
        elif index in doubles and is_copy(wanted[doubles[index]], cell):
            continue
        else:
            entries.append(_extra(cell))
    moved_to_end = [key for key in wanted if key not in chosen and wanted[key].role == "test"]
    for want in wanted.values():
        if want.key not in chosen and want.role != "answer":
            _insert(entries, want, wanted)
    made = Plan(entries, _tests(wanted), _setup(wanted))
    _say_when(made, wanted, names, set(moved_to_end))
    _gather_sources(made, wanted, names)
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


def _say_when(made: Plan, wanted: dict, names: dict[str, str], at_end: set[str]) -> None:
    """Set when each test may run: where it stands, and not before the answers it asks for."""
    runs = [i for i, entry in enumerate(made.entries) if entry.code is not None]
    answers = {}
    for i, entry in enumerate(made.entries):
        if entry.key and wanted[entry.key].role == "answer":
            answers |= dict.fromkeys(wanted[entry.key].defines, i)
    for i, entry in enumerate(made.entries):
        if entry.role != "test":
            continue
        asked = mentioned(made.tests[entry.key]) & set(names)
        latest = max([i, *(answers[name] for name in asked if name in answers)])
        if entry.key in at_end:
            latest = len(made.entries)
        entry.after = max((run for run in runs if run <= latest), default=-1)


def _gather_sources(made: Plan, wanted: dict, names: dict[str, str]) -> None:
    answers = {}
    for i, entry in enumerate(made.entries):
        if entry.key and wanted[entry.key].role == "answer":
            answers |= dict.fromkeys(wanted[entry.key].defines, i)
    for name in names:
        if name not in answers:
            hits = [
                i
                for i, entry in enumerate(made.entries)
                if entry.role == "learner" and entry.code and defines(entry.code, name)
            ]
            answers |= {name: hits[-1]} if hits else {}
    made.sources = {name: made.entries[i].code or "" for name, i in answers.items()}
    made.cells = tuple(entry.code for entry in made.entries if entry.code is not None)


def _tests(wanted: dict[str, Wanted]) -> dict[str, str]:
    return {w.key: w.cell["source"] for w in wanted.values() if w.role == "test"}


def _setup(wanted: dict[str, Wanted]) -> list[str]:
    cells = [w.cell for w in wanted.values() if w.role == "setup"]
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]
