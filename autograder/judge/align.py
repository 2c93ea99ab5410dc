"""Find the source's cells in a submission, and lay out what runs, in which order.

The source decides what is graded and how; the submission decides what the learner wrote.  Cells
are found by their grade id, then by their cell id, then by what is in them, so that a notebook
whose metadata another editor dropped, and one with cells moved, doubled or deleted, is graded as
its author meant it.
"""

import ast
import re
from copy import deepcopy
from dataclasses import dataclass, field

from autograder.judge.marks import released, without_hidden_tests


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
    imports: str = ""


@dataclass
class _Wanted:
    """One cell of the source that has to be found."""

    key: str
    cell: dict
    role: str  # "setup", "locked", "test", "answer", "written"
    defines: set[str]
    at: int  # position in the source


def plan(source: dict, submission: dict, names: dict[str, str]) -> Plan:
    """Lay out a submission.

    Parameters
    ----------
    source, submission : notebooks as plain dicts, nbformat 4
    names : kind of each exercise of the lesson, by name
    """
    wanted = _wanted(source, names)
    cells = submission["cells"]
    chosen, doubles = _find(wanted, cells, source)
    placed = {index: key for key, index in chosen.items()}
    entries: list[Entry] = []
    for index, cell in enumerate(cells):
        if index in placed:
            entries.append(_entry(wanted[placed[index]], cell))
        elif index in doubles and _is_copy(wanted[doubles[index]], cell):
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


def _wanted(source: dict, names: dict[str, str]) -> dict[str, _Wanted]:
    found = {}
    for at, cell in enumerate(source["cells"]):
        meta = cell["metadata"].get("nbgrader") or {}
        is_setup = "judge-setup" in cell["metadata"].get("tags", ())
        marks = ("grade", "solution", "locked", "task")
        if not is_setup and not any(meta.get(mark) for mark in marks):
            continue
        key = str(meta.get("grade_id") or f"cell:{cell.get('id', at)}")
        if is_setup:
            role = "setup"
        elif meta.get("task") or (meta.get("grade") and meta.get("solution")):
            role = "written"
        elif meta.get("grade"):
            role = "test" if cell["cell_type"] == "code" else "locked"
        else:
            role = "answer" if meta.get("solution") else "locked"
        defines = _defined(cell["source"]) & set(names) if role == "answer" else set()
        if role == "answer" and key in names:
            defines.add(key)
        found[key] = _Wanted(key, cell, role, defines, at)
    return found


def _find(wanted: dict, cells: list[dict], source: dict) -> tuple[dict[str, int], dict[int, str]]:
    """Return where each wanted cell is, and which other cells claim to be one."""
    claims: dict[str, list[int]] = {key: [] for key in wanted}
    taken = set()
    for index, cell in enumerate(cells):
        key = str((cell["metadata"].get("nbgrader") or {}).get("grade_id"))
        if key in claims:
            claims[key].append(index)
            taken.add(index)
    by_id = {w.cell.get("id"): w for w in wanted.values() if w.cell.get("id")}
    for index, cell in enumerate(cells):
        want = by_id.get(cell.get("id"))
        same = want and cell["cell_type"] == want.cell["cell_type"]
        if same and index not in taken and not claims[want.key]:
            claims[want.key].append(index)
            taken.add(index)
    plain = {_normal(released(cell["source"])) for cell in source["cells"]}
    for want in wanted.values():
        if not claims[want.key]:
            claims[want.key] = _by_content(want, cells, taken, plain, claims, wanted)
            taken.update(claims[want.key])
    chosen, doubles = {}, {}
    for key, indices in claims.items():
        if indices:
            first = wanted[key].role in ("setup", "locked")
            chosen[key] = indices[0] if first else indices[-1]
            doubles |= {index: key for index in indices if index != chosen[key]}
    return chosen, doubles


def _by_content(want: _Wanted, cells, taken, plain, claims, wanted) -> list[int]:
    free = [i for i in range(len(cells)) if i not in taken]
    kind = want.cell["cell_type"]
    if want.role in ("setup", "locked", "test"):
        texts = {_normal(want.cell["source"]), _normal(released(want.cell["source"]))}
        same = [i for i in free if _normal(cells[i]["source"]) in texts]
        # Two of the source's cells may read alike: each takes the first that is left.
        return same[:1]
    if want.role == "answer":
        hits = [
            i
            for i in free
            if cells[i]["cell_type"] == "code"
            and any(_defines(cells[i]["source"], name) for name in want.defines)
        ]
        return hits[-1:]
    low = max((i for k, at in claims.items() for i in at if wanted[k].at < want.at), default=-1)
    high = min((i for k, at in claims.items() for i in at if wanted[k].at > want.at), default=1e9)
    texts = [
        i
        for i in free
        if low < i < high
        and cells[i]["cell_type"] == kind
        and _normal(cells[i]["source"]) not in plain - {_normal(released(want.cell["source"]))}
    ]
    return texts[:1]


def _entry(want: _Wanted, cell: dict) -> Entry:
    made = deepcopy(want.cell)
    if want.role in ("answer", "written"):
        made["source"] = cell["source"]
        made["attachments"] = cell.get("attachments", {})
        is_code = made["cell_type"] == "code"
        code = made["source"] if is_code else None
        return Entry(made, "learner" if is_code else "text", code, want.key)
    return _locked(want, made)


def _locked(want: _Wanted, made: dict) -> Entry:
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


def _insert(entries: list[Entry], want: _Wanted, wanted: dict[str, _Wanted]) -> None:
    """Put back a cell that is missing, after the nearest cell that stands before it."""
    before = [i for i, entry in enumerate(entries) if entry.key and wanted[entry.key].at < want.at]
    made = deepcopy(want.cell)
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
        asked = _mentioned(made.tests[entry.key]) & set(names)
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
                if entry.role == "learner" and entry.code and _defines(entry.code, name)
            ]
            answers |= {name: hits[-1]} if hits else {}
    made.sources = {name: made.entries[i].code or "" for name, i in answers.items()}
    others = [entry.code for entry in made.entries if entry.code is not None]
    made.imports = "\n".join(line for code in others for line in _import_lines(code))


def _tests(wanted: dict[str, _Wanted]) -> dict[str, str]:
    return {w.key: w.cell["source"] for w in wanted.values() if w.role == "test"}


def _setup(wanted: dict[str, _Wanted]) -> list[str]:
    cells = [w.cell for w in wanted.values() if w.role == "setup"]
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def _is_copy(want: _Wanted, cell: dict) -> bool:
    """Whether a second cell of the same grade id says nothing that the source does not say."""
    if want.role in ("answer", "written"):
        return False
    texts = {_normal(want.cell["source"]), _normal(released(want.cell["source"]))}
    return _normal(cell["source"]) in texts


def _normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def parsed(code: str) -> ast.Module:
    """Parse a cell; IPython's own lines count as empty, and what cannot be read as nothing."""
    lines = ["" if line.lstrip()[:1] in ("%", "!", "?") else line for line in code.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _import_lines(code: str) -> list[str]:
    nodes = ast.walk(parsed(code))
    return [ast.unparse(n) for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom))]


def _defined(code: str) -> set[str]:
    found = set()
    for node in parsed(code).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _defines(code: str, name: str) -> bool:
    pattern = rf"^(?:async\s+def|def|class)\s+{name}\b|^{name}\s*(?::[^=\n]+)?=(?!=)"
    return re.search(pattern, code, re.MULTILINE) is not None


def _mentioned(code: str) -> set[str]:
    return {node.id for node in ast.walk(parsed(code)) if isinstance(node, ast.Name)}
