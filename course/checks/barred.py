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

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
NAMED = (ast.Name, ast.Attribute, ast.Lambda)  # what another name for a function is bound to


def barred_calls(answer: Any, barred: tuple[str, ...]) -> list[str]:
    """Return the names of `barred` that the answer reaches, in order of appearance.

    What counts is the answer's own function or class and what it reaches in the notebook: helpers
    and other names for a function.  The rest of its cell does not count.  A name without a dot is
    found where it is read, unless the answer's cell defines it anew.

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
    reached = _reached(name, _tree(_cell_of(answer)), _cells_beside(answer), barred)
    return _barred_in(reached, _live_aliases(answer, barred), barred)


# A module stays as it was imported; a notebook's names may change between two checks.
_barred_in_module = functools.lru_cache(maxsize=256)(_barred_in_cell)


@functools.lru_cache(maxsize=16)  # every part's visible and withheld cases ask about one answer
def _barred_in_text(text: AnswerText, barred: tuple[str, ...]) -> tuple[str, ...]:
    others = [_tree(cell) for cell in text.others]
    return tuple(_barred_in(_reached(text.name, _tree(text.cell), others, barred), {}, barred))


def _reached(
    name: str, cell: ast.Module, others: list[ast.Module], barred: tuple[str, ...]
) -> ast.Module:
    """Return the answer's definition, what it reaches by name, and the notebook's imports.

    Given functions are not entered: they are barred themselves, or free to use.
    """
    own, bound = _bound(cell), {}
    for tree in others:
        bound |= _bound(tree)
    bound = {key: node for key, node in bound.items() if key not in barred} | own
    if name not in own:  # the answer came from elsewhere: all of its cell is the answer
        return ast.Module([*_imports(others), *cell.body], [])
    reached, waiting = [], [name]
    while waiting:
        node = bound.pop(waiting.pop(), None)
        if node is not None:
            reached.append(node)
            # Its own variables are not the notebook's names.
            mine = _defined(ast.Module([node], [])) if isinstance(node, DEFINITIONS) else set()
            waiting += [
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in mine
            ]
    return ast.Module([*_imports([*others, cell]), *reached], [])


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


def _imports(trees: list[ast.Module]) -> list[ast.stmt]:
    kinds = (ast.Import, ast.ImportFrom)
    return [node for tree in trees for node in _statements(tree) if isinstance(node, kinds)]


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield a cell's statements, also those inside if, for, while, try and with."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.expr)):
            yield from _statements(node)


def _barred_in(tree: ast.Module, known: dict[str, str], barred: tuple[str, ...]) -> list[str]:
    own = _defined(tree)
    given = {name: name for name in barred if "." not in name and name not in own}
    aliases = _aliases(tree, barred, known | given)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = _dotted(node, aliases)
            if name in barred and name not in found:
                found.append(name)
    return found


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


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a cell makes its own: functions, parameters and assigned names."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _aliases(
    tree: ast.Module, barred: tuple[str, ...], known: dict[str, str] | None = None
) -> dict[str, str]:
    """Map each name bound by an import, or by a plain assignment of one, to what it stands for."""
    aliases = dict(known or {})
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                bound = name.asname or name.name.split(".")[0]
                aliases[bound] = name.name if name.asname else bound
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                if name.name == "*":
                    starred = [b for b in barred if b.rpartition(".")[0] == node.module]
                    aliases |= {b.rpartition(".")[2]: b for b in starred}
                else:
                    aliases[name.asname or name.name] = f"{node.module}.{name.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Attribute)):
            dotted = _dotted(node.value, aliases)
            if dotted in barred:
                aliases |= {t.id: dotted for t in node.targets if isinstance(t, ast.Name)}
    return aliases


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in aliases:
        return ""
    return ".".join([aliases[node.id], *reversed(parts)])


def _cell_of(answer: Any) -> str:
    """Return the text of the cell that defines a function or class, or its own text in a module."""
    if _in_a_module(answer):
        # A module may hold much besides the answer; a cell's text is the answer's own.
        return _source_in_module(answer)
    return "".join(linecache.getlines(_file_of(answer)))


def _in_a_module(answer: Any) -> bool:
    """Tell whether a function or class comes from a file of Python, and not from a cell."""
    file = _file_of(answer)
    return file.endswith(".py") and "ipykernel" not in file


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


def _live_aliases(answer: Any, barred: tuple[str, ...]) -> dict[str, str]:
    """Read the names that the answer's own namespace gives to modules and barred functions."""
    names = _globals_of(answer)
    given = {name for name in barred if "." not in name}
    aliases = {}
    for dotted in barred:
        target = _loaded(dotted)
        if target is not None:
            aliases |= {name: dotted for name, held in names.items() if held is target}
    for name, held in names.items():
        if isinstance(held, ModuleType):
            aliases[name] = held.__name__
        elif name not in given and getattr(held, "__name__", "") in given:
            aliases[name] = held.__name__  # another name for what the notebook gives
    return aliases


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
                seen[text] = _tree(text)
    return list(seen.values())
