"""Find the source's cells in a submission: by grade id, by cell id, by what is in them."""

import ast
import functools
import re
from collections.abc import Collection
from dataclasses import dataclass

from autograder.marks import released


@dataclass
class Wanted:
    """One cell of the source that has to be found."""

    key: str
    cell: dict
    role: str  # "setup", "locked", "test", "answer", "written"
    defines: set[str]
    at: int  # position in the source


def wanted_cells(source: dict, names: Collection[str] | None = None) -> dict[str, Wanted]:
    """Return the cells of the source that have to be found, by their keys.

    Parameters
    ----------
    names : of the lesson's exercises; whatever an answer's cell defines when None
    """
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
        defines = set(_defined(cell["source"])) if role == "answer" else set()
        if names is not None:
            defines &= set(names)
            if role == "answer" and key in names:
                defines.add(key)
        found[key] = Wanted(key, cell, role, defines, at)
    return found


def found_in(
    wanted: dict, cells: list[dict], source: dict
) -> tuple[dict[str, int], dict[int, str]]:
    """Return where each wanted cell is, and which other cells claim to be one."""
    claims: dict[str, list[int]] = {key: [] for key in wanted}
    taken = set()
    for index, cell in enumerate(cells):
        key = _grade_id(cell)
        if key in claims:
            claims[key].append(index)
            taken.add(index)
    by_id = {w.cell.get("id"): w for w in wanted.values() if w.cell.get("id")}
    for index, cell in enumerate(cells):
        want = by_id.get(cell.get("id"))
        same = want and cell.get("cell_type") == want.cell["cell_type"]
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
            chosen[key] = _best(indices, wanted[key], cells)
            doubles |= {index: key for index in indices if index != chosen[key]}
    return chosen, doubles


def _grade_id(cell: dict) -> str | None:
    mark = cell["metadata"].get("nbgrader")
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return name if isinstance(name, str) else None


def _best(indices: list[int], want: Wanted, cells: list[dict]) -> int:
    """Return which of several copies counts: of answers the last one that is no longer the stub.

    Of locked cells and setup it is the first, since later cells need what it defines.
    """
    if want.role in ("setup", "locked"):
        return indices[0]
    if want.role == "test":
        return indices[-1]
    given = {
        _normal(want.cell["source"]),
        _normal(released(want.cell["source"], want.cell["cell_type"])),
    }
    written = [i for i in indices if _normal(cells[i]["source"]) not in given]
    return (written or indices)[-1]


def _by_content(want: Wanted, cells, taken, plain, claims, wanted) -> list[int]:
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
            if cells[i].get("cell_type") == "code"
            and any(defines(cells[i]["source"], name) for name in want.defines)
        ]
        return [_best(hits, want, cells)] if hits else []
    low = max((i for k, at in claims.items() for i in at if wanted[k].at < want.at), default=-1)
    high = min((i for k, at in claims.items() for i in at if wanted[k].at > want.at), default=1e9)
    if low < 0 and high == 1e9:  # nothing of the lesson is here that could tell the place
        return []
    texts = [
        i
        for i in free
        if low < i < high
        and cells[i].get("cell_type") == kind
        and _normal(cells[i]["source"]) not in plain - {_normal(released(want.cell["source"]))}
    ]
    return texts[:1]


def is_copy(want: Wanted, cell: dict) -> bool:
    """Whether a second cell of the same grade id says nothing that the source does not say."""
    if want.role in ("answer", "written"):
        return False
    texts = {_normal(want.cell["source"]), _normal(released(want.cell["source"]))}
    return _normal(cell["source"]) in texts


def _normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def python_lines(code: str) -> str:
    """Return a cell's code with IPython's own lines emptied."""
    lines = ["" if line.lstrip()[:1] in ("%", "!", "?") else line for line in code.splitlines()]
    return "\n".join(lines)


def parsed(code: str) -> ast.Module:
    """Parse a cell; IPython's own lines count as empty, and what cannot be read as nothing."""
    try:
        return ast.parse(python_lines(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


@functools.lru_cache(maxsize=256)  # most cells of a class are the lesson's own
def mentioned(code: str) -> frozenset[str]:
    """Return the names that a cell uses or sets."""
    return frozenset(node.id for node in ast.walk(parsed(code)) if isinstance(node, ast.Name))


@functools.lru_cache(maxsize=256)
def _defined(code: str) -> frozenset[str]:
    found = set()
    for node in parsed(code).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(found)


@functools.lru_cache(maxsize=256)
def bound(code: str) -> frozenset[str]:
    """Return the names that a cell imports, defines or assigns, at any depth."""
    found = set()
    for node in ast.walk(parsed(code)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return frozenset(found)


def defines(code: str, name: str) -> bool:
    pattern = rf"^(?:async\s+def|def|class)\s+{name}\b|^{name}\s*(?::[^=\n]+)?=(?!=)"
    return re.search(pattern, code, re.MULTILINE) is not None
