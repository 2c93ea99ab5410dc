"""Find calls of what does an exercise's work ready-made, in the answer and in what it reaches.

A dotted name is a library's function; one without a dot is a function of the notebook itself, given
to check or compare answers with.  A courtesy, not a security boundary: it follows imports and plain
aliases in the syntax tree.
"""

import ast
import functools
import inspect
import linecache
import sys
import textwrap
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

from course.checks.families import members
from course.protocol import AnswerText, text_of

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef)
NAMED = (ast.Name, ast.Attribute, ast.Lambda)  # what another name for a function is bound to


def barred_calls(answer: Any, barred: tuple[str, ...]) -> list[str]:
    """Return the names of `barred` that the answer reaches, in order of appearance.

    What counts is the answer's own function or class and what it reaches in the notebook: helpers
    and other names for a function.  The rest of its cell does not count.  A name without a dot is
    found where it is read, unless the answer's cell defines it anew, or a cell above defines
    another function of that name, with another number of parameters.

    Examples
    --------
    >>> from course.protocol import AnswerText, set_text
    >>> def f(x, w): ...
    >>> cell = "def f(x, w):\\n    return np.convolve(x, w)"
    >>> set_text(f, AnswerText(cell, ("import numpy as np",), "f"))
    >>> barred_calls(f, ("numpy.convolve",))
    ['numpy.convolve']
    """
    barred = members(barred)
    inner = getattr(answer, "func", answer)  # functools.partial
    given = [name for name in barred if "." not in name]
    itself = [name for name in barred if inner is not None and _loaded(name) is inner]
    itself += [name for name in given if getattr(inner, "__name__", "") == name]
    if itself:
        return itself[:1]
    if text := text_of(answer):
        return list(_barred_in_text(text, barred))
    return list((_barred_in_module if _in_a_module(inner) else _barred_in_cell)(inner, barred))


def _barred_in_cell(answer: Any, barred: tuple[str, ...]) -> list[str]:
    name = getattr(answer, "__name__", "")
    cells = _tree(_cell_of(answer)), _cells_beside(answer)
    return _barred_in(name, *cells, _held(answer, barred), barred)


# A module stays as it was imported; a notebook's names may change between two checks.
_barred_in_module = functools.lru_cache(maxsize=256)(_barred_in_cell)


@functools.lru_cache(maxsize=16)  # every part's visible and withheld cases ask about one answer
def _barred_in_text(text: AnswerText, barred: tuple[str, ...]) -> tuple[str, ...]:
    others = [_tree(cell) for cell in text.others]
    return tuple(_barred_in(text.name, _tree(text.cell), others, {}, barred))


def _barred_in(
    name: str,
    cell: ast.Module,
    others: list[ast.Module],
    held: dict[str, str],
    barred: tuple[str, ...],
) -> list[str]:
    """Follow an answer through its notebook, from name to name.

    Given functions are not entered: they are barred themselves, or free to use.

    Parameters
    ----------
    others : the notebook's other cells in their order; the answer's own may stand among them
    held : what names stand for where Python itself knows; "" for what is not barred
    """
    before = others[: others.index(cell)] if cell in others else others
    after = others[len(before) :]
    own, given = _bound(cell), {entry for entry in barred if "." not in entry}
    anew = {entry for entry in given if not held and _is_another(entry, before)}
    mine = set().union(*(_binds(node) for node in cell.body))
    names = {entry: entry for entry in given - anew - mine}
    # A cell below may import over the answer's own function before the test runs, but what it
    # defines anew takes nothing back: the test may have run before.
    below = {key: of for tree in after for key, of in _imported([tree], barred).items()}
    names = below | names | _imported([*before, cell], barred)
    names |= {key: of for key, of in below.items() if of in barred}
    names |= held
    bound: dict[str, ast.stmt] = {}
    for tree in [*after, *before]:
        bound |= _bound(tree)
    bound = {key: node for key, node in bound.items() if names.get(key) not in given} | own
    # An answer that came from elsewhere: all of its cell is the answer.
    nodes = [bound.pop(name)] if name in own else list(cell.body)
    found = []
    for node in nodes:  # grows while it is gone through
        # Another name for a function may have been given before the function was replaced.
        early = dict.fromkeys(anew - mine) if isinstance(node, ast.Assign) else {}
        for root, path in _reads(node, barred):
            dotted = root if root in early else names.get(root, "") + path if root else path
            if dotted in barred and dotted not in found:
                found.append(dotted)
            if name in own and root in bound:
                nodes.append(bound.pop(root))
    return found


def _is_another(name: str, cells: list[ast.Module]) -> bool:
    """Tell whether the last function of this name is not the one that is given, the first.

    With as many parameters it may be a new version of an exercise's answer, which is barred, too.
    """
    kind = ast.FunctionDef
    found = [n for tree in cells for n in tree.body if isinstance(n, kind) and n.name == name]
    return len(found) > 1 and _parameters(found[0]) != _parameters(found[-1])


def _parameters(function: ast.FunctionDef) -> int:
    return sum(isinstance(node, ast.arg) for node in ast.walk(function.args))


@functools.lru_cache(maxsize=512)
def _bound(tree: ast.Module) -> dict[str, ast.stmt]:
    """Map each function, class and other name for one, bound by a cell, to its statement."""
    found: dict[str, ast.stmt] = {}
    for node in _statements(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.value, NAMED):
            stored = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
            found |= {n.id: node for n in stored if isinstance(n.ctx, ast.Store)}
    return found


def _imported(trees: list[ast.Module], barred: tuple[str, ...]) -> dict[str, str]:
    """Map the names that cells import to what they stand for, unless a later line binds them."""
    names: dict[str, str] = {}
    for tree in trees:
        for node in _statements(tree):
            names |= _imports(node, barred)
            if node in tree.body:  # a line inside `if` or `try` need not run
                for name in _binds(node):
                    names.pop(name, None)
    return names


def _imports(node: ast.AST, barred: tuple[str, ...]) -> dict[str, str]:
    """Map each name that an import binds to what it stands for."""
    names = {}
    if isinstance(node, ast.Import):
        for name in node.names:
            bound = name.asname or name.name.split(".")[0]
            names[bound] = name.name if name.asname else bound
    elif isinstance(node, ast.ImportFrom) and node.module:
        for name in node.names:
            if name.name == "*":
                starred = [b for b in barred if b.rpartition(".")[0] == node.module]
                names |= {b.rpartition(".")[2]: b for b in starred}
            else:
                names[name.asname or name.name] = f"{node.module}.{name.name}"
    return names


def _binds(node: ast.stmt) -> set[str]:
    """Return the names that a definition or an assignment binds."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else []
    stored = (n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
    return {n.id for n in stored if isinstance(n.ctx, ast.Store)}


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield a cell's statements, also those inside if, for, while, try and with."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.expr)):
            yield from _statements(node)


def _reads(node: ast.AST, barred: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what code reads: a name of the notebook, and the attribute of it, as in ".convolve".

    What a function imports itself comes with "" for the name and its full path.
    """
    waiting: list[tuple[ast.AST, dict[str, str]]] = [(node, {})]
    while waiting:
        # Beside it, the names of the functions around it: what an import stands for, or "".
        node, local = waiting.pop()
        if isinstance(node, (ast.Name, ast.Attribute)):
            root, path = _path(node)
            if local.get(root):
                yield "", local[root] + path
            elif root and root not in local:
                yield root, path
        inner = _names_of(node, local, barred) if isinstance(node, SCOPES) else local
        # A class's methods do not see its names.
        hidden = FUNCTIONS if isinstance(node, ast.ClassDef) else ()
        children = [(n, local if isinstance(n, hidden) else inner) for n in _children(node)]
        if isinstance(node, COMPREHENSIONS):
            children.append((node.generators[0].iter, local))
        elif isinstance(node, FUNCTIONS):
            defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            children += [(default, local) for default in defaults]
        waiting += reversed(children)


def _children(node: ast.AST) -> list[ast.AST]:
    return list(ast.iter_child_nodes(node))


def _path(node: ast.expr) -> tuple[str, str]:
    """Return the name that an expression such as ``np.fft.fft2`` reads, and ".fft.fft2"."""
    path = ""
    while isinstance(node, ast.Attribute):
        path = f".{node.attr}{path}"
        node = node.value
    return (node.id, path) if isinstance(node, ast.Name) and _is_read(node) else ("", "")


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _names_of(scope: ast.AST, local: dict[str, str], barred: tuple[str, ...]) -> dict[str, str]:
    """Add the names that a function, a class or a comprehension binds to those around it."""
    mine, imported, elsewhere = set(), {}, set()
    for node in _inside(scope):
        if isinstance(node, ast.Name) and not _is_read(node):
            mine.add(node.id)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            elsewhere |= set(node.names)
        elif isinstance(node, ast.arg):
            mine.add(node.arg)
        elif isinstance(node, (*DEFINITIONS, ast.ExceptHandler, ast.MatchAs)) and node.name:
            mine.add(node.name)
        imported |= _imports(node, barred)
    return local | dict.fromkeys(mine - elsewhere, "") | imported


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope, but not those of the scopes in it."""
    waiting = _children(scope)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, SCOPES):
            waiting += _children(node)


def answer_source(answer: Any) -> str:
    """Return the text of the cell that holds the answer, or "" where it cannot be had."""
    text = text_of(answer)
    return _cell_of(answer) if text is None else text.cell


def is_stub(answer: Any, name: str) -> bool:
    """Tell whether the answer called `name` is still the stub: a docstring and one raise.

    An answer whose text cannot be had counts as one.
    """
    for node in ast.walk(_tree(answer_source(answer))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return any(
                isinstance(inner, ast.FunctionDef) and _only_raises(inner)
                for inner in ast.walk(node)
            )
    return True


def _only_raises(function: ast.FunctionDef) -> bool:
    body = [s for s in function.body if not (isinstance(s, ast.Expr) and _is_text(s.value))]
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _loaded(dotted: str) -> Any:
    """Return the function of this dotted name, if its module has been imported."""
    module, _, leaf = dotted.rpartition(".")
    return getattr(sys.modules.get(module), leaf, None)


@functools.lru_cache(maxsize=512)  # every check reads the same cells of one notebook
def _tree(source: str) -> ast.Module:
    """Parse a cell; lines of IPython magic are left out, and what cannot be read is empty.

    Nobody may change the tree: it is kept.
    """
    plain = "\n".join("" if line.lstrip()[:1] in "%!" else line for line in source.split("\n"))
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _cell_of(answer: Any) -> str:
    """Return the text of the cell that defines a function or class, or its own text in a module."""
    if _in_a_module(answer):
        # A module may hold much besides the answer; a cell's text is the answer's own.
        return _source_in_module(answer)
    return "".join(linecache.getlines(_file_of(answer)))


def _in_a_module(answer: Any) -> bool:
    """Tell whether a function or class comes from a file of Python, and not from a cell."""
    return not _is_a_cell(_file_of(answer))


def _is_a_cell(file: str) -> bool:
    return not file.endswith(".py") or "ipykernel" in file


def _file_of(answer: Any) -> str:
    """Return the name of the file or cell that defines a function or class, or ""."""
    return getattr(_code_of(answer), "co_filename", "")


def _code_of(answer: Any) -> CodeType | None:
    """Return the code of a function, or of a class's first method."""
    functions = [answer, *vars(answer).values()] if inspect.isclass(answer) else [answer]
    for function in functions:
        code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
        if code is not None:
            return code
    return None


@functools.lru_cache(maxsize=256)  # each of a module's functions, looked up for every answer
def _source_in_module(answer: Any) -> str:
    if inspect.isclass(answer):
        return _class_in_module(answer)
    try:
        return textwrap.dedent(inspect.getsource(answer))
    except (OSError, TypeError):
        return ""


def _class_in_module(answer: type) -> str:
    """Return a class's text; `inspect` parses the whole file for it, each time."""
    code = _code_of(answer)
    lines = linecache.getlines(code.co_filename)
    for node in _classes("".join(lines)):
        if node.name == answer.__name__ and node.lineno < code.co_firstlineno <= node.end_lineno:
            first = min(part.lineno for part in (node, *node.decorator_list))
            return textwrap.dedent("".join(lines[first - 1 : node.end_lineno]))
    return ""


@functools.lru_cache(maxsize=64)
def _classes(source: str) -> list[ast.ClassDef]:
    return [node for node in ast.walk(_tree(source)) if isinstance(node, ast.ClassDef)]


def _held(answer: Any, barred: tuple[str, ...]) -> dict[str, str]:
    """Say what the names in the answer's own namespace stand for, "" for what is not barred."""
    given = {name for name in barred if "." not in name}
    targets = {id(_loaded(dotted)): dotted for dotted in barred if _loaded(dotted) is not None}
    own, found = _cell_of(answer), {}
    for name, held in _globals_of(answer).items():
        called = name if name in given else getattr(held, "__name__", "")
        if isinstance(held, ModuleType):
            found[name] = held.__name__
        elif called in given and not _is_own(called, held, own):
            found[name] = called  # perhaps another name for what the notebook gives
        else:
            found[name] = targets.get(id(held), "")
    return found


def _is_own(name: str, held: Any, cell: str) -> bool:
    """Tell whether what is called like a given function comes from the answer's cell, or is new."""
    if not callable(held):
        return True
    text = "" if _in_a_module(held) else _cell_of(held)
    return bool(text) and (text == cell or _is_another(name, [*_cells_run(), _tree(text)]))


def _cells_run() -> list[ast.Module]:
    """Return every cell that Python has run, in the order of their first runs."""
    files = [file for file in linecache.cache if _is_a_cell(file)]
    return [_tree("".join(linecache.getlines(file))) for file in files]


def _globals_of(answer: Any) -> dict[str, Any]:
    function = answer
    if inspect.isclass(answer):
        function = next((v for v in vars(answer).values() if inspect.isfunction(v)), None)
    return dict(getattr(function, "__globals__", {}))


def _cells_beside(answer: Any) -> list[ast.Module]:
    """Return the cells that define the other functions and classes of the answer's notebook."""
    own, seen = _cell_of(answer), {}
    for held in _globals_of(answer).values():
        if inspect.isfunction(held) or inspect.isclass(held):
            if getattr(held, "__module__", None) != getattr(answer, "__module__", None):
                continue
            text = _cell_of(held)
            if text and text != own:
                seen[text] = _file_of(held)
    order = list(linecache.cache)  # of two functions of one name the later one counts
    texts = sorted(seen, key=lambda text: order.index(seen[text]) if seen[text] in order else -1)
    return [_tree(text) for text in texts]
