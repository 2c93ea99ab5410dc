"""Find the source's cells in a submission: by grade id, by cell id, by what is in them."""

from collections.abc import Collection
from dataclasses import dataclass

from autograder.judge.code import bound, defined, defines, may_define, normal, runs_alike
from autograder.judge.nearby import lesson_texts, texts_near
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
        defines = set(defined(cell["source"])) if role == "answer" else set()
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
    texts = lesson_texts(source)
    for want in wanted.values():
        given = [i for i in claims[want.key] if not holds(want, cells[i])]
        if len(given) == len(claims[want.key]):
            # Not there, or without an answer: a cell of the learner's own may hold it, or the
            # cell of another answer that holds none to that.
            without = {
                i
                for key, indices in claims.items()
                for i in indices
                if key != want.key and wanted[key].role == "answer" == want.role
                if not holds(wanted[key], cells[i])
            }
            free = [i for i in range(len(cells)) if i not in taken or i in without]
            hits = _by_content(want, cells, free, bool(given))
            if want.role == "written" and not given:
                found = {wanted[key].at: at[0] for key, at in claims.items() if at}
                hits = texts_near(want.at, cells, taken, texts, found)[:1] or hits
            for key in claims:
                claims[key] = [i for i in claims[key] if i not in hits]
            claims[want.key] = given + hits
            taken.update(hits)
    chosen, doubles = {}, {}
    for key, indices in claims.items():
        if indices:
            near = _near(wanted[key], wanted, claims)
            chosen[key] = _best(indices, wanted[key], cells, near)
            doubles |= {index: key for index in indices if index != chosen[key]}
    return chosen, doubles


def _grade_id(cell: dict) -> str | None:
    mark = cell["metadata"].get("nbgrader")
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return name if isinstance(name, str) else None


def _near(want: Wanted, wanted: dict[str, Wanted], claims: dict[str, list[int]]) -> range:
    """Return the places between the lesson's own cells that stand before and after a wanted one."""
    before, after = -1, None
    for key, indices in claims.items():
        other = wanted[key]
        if not indices or other.role in ("answer", "written"):
            continue
        if other.at < want.at:
            before = indices[0]
        elif other.at > want.at and after is None:
            after = indices[0]
    return range(before + 1, before + 1 if after is None else after)


def _best(indices: list[int], want: Wanted, cells: list[dict], near: range) -> int:
    """Return which of several copies counts.

    Of answers it is the last one that holds one, of those where the lesson has it if
    there are any; of locked cells and setup the first, since later cells need what it defines.

    Parameters
    ----------
    near : where the lesson has the cell
    """
    if want.role in ("setup", "locked"):
        return indices[0]
    if want.role == "test":
        return indices[-1]
    written = [i for i in indices if holds(want, cells[i])]
    return ([i for i in written if i in near] or written or indices)[-1]


def _by_content(want: Wanted, cells: list[dict], free: list[int], is_there: bool) -> list[int]:
    """Return the cells that may be the wanted one by what is in them.

    Parameters
    ----------
    free : cells that are no other wanted one by their marks
    is_there : whether the wanted cell has been found, without an answer in it
    """
    if want.role == "answer":
        code = [i for i in free if cells[i].get("cell_type") == "code"]
        found = [
            i
            for i in code
            if any(defines(cells[i]["source"], name) for name in want.defines)
            and not (is_there and is_given(want, cells[i]))
        ]
        if found or is_there:
            return found
        # It may import the name, or have been turned into a cell of text.
        found = [i for i in code if want.defines & bound(cells[i]["source"])]
        return found or [i for i in free if want.defines & defined(cells[i]["source"])][:1]
    if is_there:
        return []
    # Two of the source's cells may read alike: each takes the first that is left.
    return [i for i in free if is_given(want, cells[i])][:1]


def is_given(want: Wanted, cell: dict) -> bool:
    """Whether a cell says no more than the source's: an untouched answer, a copy of a test.

    Comments in a stub answer nothing.
    """
    text = want.cell["source"]
    given = released(text, want.cell["cell_type"])
    if normal(cell["source"]) in {normal(text), normal(given)}:
        return True
    return want.role == "answer" and runs_alike(cell["source"], given)


def holds(want: Wanted, cell: dict) -> bool:
    """Whether a cell may hold what is wanted: an emptied answer holds none, nor does a stub."""
    if is_given(want, cell):
        return False
    names = want.defines if want.role == "answer" else ()
    return not names or any(may_define(cell["source"], name) for name in names)
