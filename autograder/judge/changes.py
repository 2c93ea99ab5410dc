"""What cells may change, as read from their code.

A test has to see the learner's names as they were at its place in the notebook.  A copy of the
process, made at that place, always gives this, but takes time and memory.  Where no later cell can
change anything that the test depends on, the test uses the process as it is at the end.

A figure of the lesson that depends on nothing of a learner's is the same for the whole class, and
one that depends on answers alone is the same for all whose answers are right: these are drawn once.
In doubt, the process is copied and the figure is drawn.
"""

import ast
import functools
import symtable
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.judge.code import parsed, python_lines

if TYPE_CHECKING:
    from autograder.judge.align import Plan

# Whoever uses one of these can reach every name without writing it.
_REACHES_ALL = {"exec", "eval", "globals", "locals", "vars", "get_ipython"}
_HARMLESS_MAGICS = {"%time", "%timeit", "timeit", "matplotlib"}  # not "time": it runs its line
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What a statement runs before its other parts, and after them: a value is there before its name.
_RUNS = {"value": 0, "iter": 0, "generators": 0, "elt": 2, "key": 2, "body": 2, "orelse": 3}
_SETTINGS = {"seterr", "seterrcall", "setbufsize"}  # of numpy, which every function feels


@dataclass
class CellNames:
    """What a cell does to the names of the notebook.

    Attributes
    ----------
    binds : names it gives a value, each with the notebook's names that this value needs
    data : those of them that are plain data, not a function, a class or a module
    changes : names whose parts it sets
    mentions : the notebook's names that it, or a function in it, uses
    needs : those whose value from before the cell matters to it
    reaches_all : whether it may do anything to any name
    """

    binds: dict[str, set[str]] = field(default_factory=dict)
    data: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)
    reaches_all: bool = False

    def bind(self, name: str, needs: set[str]) -> None:
        """Add a name that gets a value."""
        self.binds[name] = self.binds.get(name, set()) | needs


class Changes:
    """What the cells of a notebook do to its names.

    Parameters
    ----------
    codes : the cells' code in order, None for a cell that does not run
    """

    def __init__(self, codes: list[str | None]):
        self._cells = [CellNames() if code is None else read_cell(code) for code in codes]

    def matter(self, at: int, asked: set[str]) -> bool:
        """Return whether a cell below `at` may change what `asked` stands for after cell `at`."""
        above, below = self._cells[: at + 1], self._cells[at + 1 :]
        needs: dict[str, set[str]] = {}
        for cell in above:
            for name, needed in cell.binds.items():
                needs[name] = needs.get(name, set()) | needed
        used = _all_needed(asked, needs)
        data = used & set().union(*(cell.data for cell in above))
        # A function that needs data may change it when it is called.
        users: dict[str, set[str]] = {}
        for name, needed in needs.items():
            for other in needed:
                users.setdefault(other, set()).add(name)
        reach = _all_needed(data, users)
        return any(
            cell.reaches_all or (cell.binds.keys() | cell.changes) & used or cell.mentions & reach
            for cell in below
        )


def places_to_copy(plan: "Plan", names: Collection[str]) -> set[int]:
    """Return the entries of `plan` after which a test needs the names as they are there.

    Parameters
    ----------
    names : the exercises of the lesson
    """
    changes = Changes([entry.code for entry in plan.entries])
    places = set()
    for entry in plan.entries:
        if entry.role == "test":
            asked = plan.asked(entry.key, names)
            if changes.matter(entry.after, asked):
                places.add(entry.after)
    return places


def own_figures(plan: "Plan", source: dict, names: Collection[str]) -> dict[int, set[str]]:
    """Return the entries of `plan` that show a figure of the lesson's own, with what it needs.

    What it needs are answers: without any, it is the same in every submission, else in those in
    which these answers are right.  No other cell of a learner's has a part in it, and it may be
    drawn below all cells, too.

    Parameters
    ----------
    source : the instructor's notebook as a plain dict
    names : the exercises of the lesson
    """
    own = {
        cell["source"]
        for cell in source["cells"]
        if cell["cell_type"] == "code"
        and not (cell["metadata"].get("nbgrader") or {}).get("solution")
    }
    codes = [entry.code for entry in plan.entries]
    cells = [CellNames() if code is None else read_cell(code) for code in codes]
    lessons = {i for i, code in enumerate(codes) if code in own}
    same = _untouched(cells, lessons)
    alone = _untouched(cells, lessons, frozenset(names))
    needs: dict[str, set[str]] = {}
    for i in alone:
        for name, needed in cells[i].binds.items():
            needed = cells[i].needs if name in cells[i].data else needed
            needs[name] = needs.get(name, set()) | needed
    changes, figures = Changes(codes), {}
    for i in alone:
        cell = cells[i]
        if "show" not in cell.mentions:
            continue
        answers = _all_needed(cell.needs, needs) & set(names)
        twice = not cell.needs & (cell.binds.keys() | cell.changes)
        if i in same:
            figures[i] = set()
        elif answers and twice and not changes.matter(i, cell.needs):
            figures[i] = answers
    return figures


def _untouched(
    cells: list[CellNames], lessons: set[int], answers: frozenset[str] = frozenset()
) -> set[int]:
    """Return the cells of the lesson's that no other cell has a part in, but by an answer."""
    data = set().union(*(cell.data for cell in cells))
    same = lessons
    while True:
        others = [cell for i, cell in enumerate(cells) if i not in same]
        if any(cell.reaches_all for cell in others):
            return set()
        # What others only mention they may change if it is data.
        theirs = set().union(
            *(c.binds.keys() - answers | c.changes | c.mentions & data for c in others)
        )
        left = {i for i in same if not cells[i].needs & theirs}
        if left == same:
            return same
        same = left


def _all_needed(names: set[str], needs: dict[str, set[str]]) -> set[str]:
    found, waiting = set(names), set(names)
    while waiting:
        more = needs.get(waiting.pop(), set()) - found
        found |= more
        waiting |= more
    return found


@functools.lru_cache(maxsize=256)  # most cells of a class are the lesson's own
def read_cell(code: str) -> CellNames:
    """Read a cell's code; what cannot be read may do anything."""
    try:
        return _read_python(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # It does not run as it stands, or is more than Python: IPython may make sense of it.
        return CellNames(reaches_all=True)


def _read_python(code: str) -> CellNames:
    table = symtable.symtable(python_lines(code), "cell", "exec")
    cell = CellNames(reaches_all=_has_magic(code))
    # Python 3.12 and later list a comprehension's own variables among the cell's names.
    variables = _only_in_comprehensions(parsed(code))
    symbols = [symbol for symbol in table.get_symbols() if symbol.get_name() not in variables]
    outside = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    named = {symbol.get_name() for symbol in symbols}
    for inner in table.get_children():
        needs = _read_inner(inner, cell)
        if inner.get_name() not in named:  # a lambda, a comprehension
            outside |= needs
    cell.mentions |= outside
    for symbol in symbols:
        name = symbol.get_name()
        if symbol.is_imported():
            cell.bind(name, set())
        elif symbol.is_namespace():
            for inner in symbol.get_namespaces():
                cell.bind(name, _read_inner(inner, cell))
        elif symbol.is_assigned():
            cell.bind(name, outside)
            cell.data.add(name)
    for node in ast.walk(parsed(code)):
        _read_node(node, cell)
    cell.reaches_all |= bool(cell.mentions & _REACHES_ALL)
    cell.needs = cell.mentions & _read_first(parsed(code))
    return cell


def _read_first(tree: ast.Module) -> set[str]:
    """Return the names that a cell reads before it binds them, in the order in which it runs.

    Of two branches both run here, and loops at least once: enough for a lesson's own cells.  An
    import binds nothing new, since others may have changed the module.
    """
    bound, read = set(), set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            elif node.id not in bound:
                read.add(node.id)
            return
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            read.update({node.target.id} - bound)
        if isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        if isinstance(node, _DEFINITIONS):
            bound.add(node.name)
        before = set(bound)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            bound.update(a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg))
        fields = sorted(ast.iter_fields(node), key=lambda field: _RUNS.get(field[0], 1))
        for _, value in fields:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    visit(part)
        if isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            bound.intersection_update(before)

    visit(tree)
    return read


def _only_in_comprehensions(tree: ast.AST) -> set[str]:
    """Return the names that stand nowhere but as variables of comprehensions."""
    inside: set[ast.Name] = set()
    for node in ast.walk(tree):
        for part in getattr(node, "generators", ()):
            names = [n for n in ast.walk(part.target) if isinstance(n, ast.Name)]
            own = {name.id for name in names}
            inside |= {n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in own}
    outside = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n not in inside}
    return {name.id for name in inside} - outside


def _read_inner(table: symtable.SymbolTable, cell: CellNames) -> set[str]:
    """Return the notebook's names that a function or a class needs."""
    needs = set()
    for symbol in table.get_symbols():
        if symbol.is_global():
            needs.add(symbol.get_name())
            if symbol.is_assigned():
                cell.bind(symbol.get_name(), set())
                cell.data.add(symbol.get_name())
    for inner in table.get_children():
        needs |= _read_inner(inner, cell)
    cell.mentions |= needs
    return needs


def _read_node(node: ast.AST, cell: CellNames) -> None:
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        cell.reaches_all = True
    if isinstance(node, _DEFINITIONS) and node.name in cell.binds:
        wraps = [*node.decorator_list, *getattr(node, "bases", ())]
        cell.bind(node.name, {n.id for w in wraps for n in ast.walk(w) if isinstance(n, ast.Name)})
    sets = isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load)
    if sets or (isinstance(node, ast.Attribute) and node.attr in _SETTINGS):
        cell.changes |= _base(node)
    if isinstance(node, ast.Call) and _base(node.func) & {"setattr", "delattr"} and node.args:
        cell.changes |= _base(node.args[0])


def _base(node: ast.AST) -> set[str]:
    """Return the name that ``name.part[place]`` begins with, if it begins with one."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _has_magic(code: str) -> bool:
    """Return whether a line is IPython's own and may change names."""
    lines = (line.strip() for line in code.splitlines())
    magics = (line[1:].split() or [""] for line in lines if line.startswith("%"))
    return any(words[0] not in _HARMLESS_MAGICS for words in magics)
