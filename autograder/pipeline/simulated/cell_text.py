"""Write a function or class of this repository as the text of one notebook cell.

Right solutions and wrong variants use helpers, closures and constants of their modules.  A
learner's cell has none of these, so they are written into a function around the answer.  What the
cell does is what the answer does; a test compares the two.
"""

import ast
import builtins
import dis
import functools
import types
from collections.abc import Iterator
from itertools import count
from textwrap import indent
from typing import Any

import numpy as np

from autograder import reference
from autograder.right_solutions import solutions
from course.checks.source import definition_of

OWN = "autograder"  # what lies in this package is written out; all else is imported
PLAIN = (bool, int, float, complex, str, types.NoneType, types.EllipsisType, slice)


def cell_text(answer: Any, name: str) -> str:
    """Return the source of a cell that defines `answer` as `name`.

    Parameters
    ----------
    answer : a function, a class, or the value of a prediction

    Raises
    ------
    TypeError : when it uses something that cannot be written down

    Examples
    --------
    >>> print(cell_text(lambda x, by=2: [by * n for n in x], "scaled"))
    def scaled(x, by=2):
        return [by * n for n in x]
    >>> print(cell_text([3, 2, 1], "impulse_response"))
    impulse_response = [3, 2, 1]
    """
    own = isinstance(answer, (types.FunctionType, type))
    return "\n".join((_definition if own else _bound)(name, answer, count(1)))


def _bound(name: str, value: Any, numbers: Iterator[int]) -> list[str]:
    """Return the statements that bind `name` to a value."""
    if hasattr(value, "cache_info"):  # of functools.cache
        value = value.__wrapped__
    if _is_own(value):
        return _definition(name, value, numbers)
    before: list[str] = []
    written = _expression(value, before, numbers)
    return before if written == name else [*before, f"{name} = {written}"]


def _is_own(value: Any) -> bool:
    written = isinstance(value, (types.FunctionType, type))
    return written and (value.__module__.split(".")[0] == OWN or value.__name__ == "<lambda>")


def _expression(value: Any, before: list[str], numbers: Iterator[int]) -> str:
    """Return an expression for a value; what has to stand before it is put into `before`."""

    def inner(item: Any) -> str:
        return _expression(item, before, numbers)

    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, (tuple, list)):
        opening, closing = ("(", ",)") if isinstance(value, tuple) else "[]"
        return opening + ", ".join(map(inner, value)) + (closing if len(value) else closing[-1])
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {inner(v)}" for k, v in value.items()) + "}"
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r})"
    if isinstance(value, functools.partial):
        before.append("import functools")
        given = [*map(inner, (value.func, *value.args))]
        given += [f"{key}={inner(item)}" for key, item in value.keywords.items()]
        return f"functools.partial({', '.join(given)})"
    if isinstance(value, types.ModuleType) and value.__name__.split(".")[0] != OWN:
        before.append(f"import {value.__name__}")
        return value.__name__
    name, home = getattr(value, "__name__", ""), getattr(value, "__module__", None) or ""
    for module, prefix in ((builtins, ""), (np, "np.")):
        if name and getattr(module, name, None) is value:
            return prefix + name
    if home and callable(value):
        if not _is_own(value):
            before.append(f"from {home.replace('._', '.').removesuffix('_impl')} import {name}")
            return name
        helper = f"part_{next(numbers)}"
        before += _definition(helper, value, numbers)
        return helper
    raise TypeError(f"an answer uses what cannot be written down: {value!r}")


def _definition(name: str, answer: Any, numbers: Iterator[int]) -> list[str]:
    """Define a function or class, inside a function that holds what it uses."""
    node = definition_of(answer)
    if node is None:
        raise TypeError(f"the text of {answer!r} is not found")
    if isinstance(node, ast.Lambda):
        node = ast.FunctionDef(name, node.args, [ast.Return(node.body)], [])
    bindings: list[str] = []
    is_class = isinstance(node, ast.ClassDef)
    outside = _outside(answer)
    inside = node.name if outside.pop(node.name, None) is answer else name
    node.name, node.decorator_list = inside, []
    if is_class:
        node.keywords = []
        bases = [base for base in answer.__bases__ if base is not object]
        node.bases = [_parsed(_expression(base, bindings, numbers)) for base in bases]
    else:
        _write_defaults(node, answer, bindings, numbers)
    _leave_out_words(node)
    for key, value in outside.items():
        if isinstance(value, types.ModuleType) and value.__name__.split(".")[0] == OWN:
            bindings += _used_of(key, value, node, numbers)
        elif value is not np:  # every lesson imports it
            bindings += _bound(key, value, numbers)
    text = ast.unparse(ast.fix_missing_locations(node))
    if not bindings and inside == name:
        return text.split("\n")
    body = indent("\n".join([*bindings, text, f"return {inside}"]), "    ")
    return [f"def _{name}():", *body.split("\n"), f"{name} = _{name}()"]


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _used_of(called: str, module: Any, node: ast.AST, numbers: Iterator[int]) -> list[str]:
    """Bind what is used of one of this package's modules."""
    uses = [n for n in ast.walk(node) if isinstance(n, ast.Attribute)]
    names = {n.attr: None for n in uses if isinstance(n.value, ast.Name) and n.value.id == called}
    held: list[str] = []
    for name in names:
        # A learner's answer for the reference's, which checks its arguments at length.
        instead = solutions(name) if module is reference else []
        held += _bound(name, [*instead, getattr(module, name)][0], numbers)
    given = ", ".join(f"{name}={name}" for name in names)
    return ["import types", *held, f"{called} = types.SimpleNamespace({given})"]


def _outside(answer: Any) -> dict[str, Any]:
    """Return what a function or a class's methods read from around them, builtins left out."""
    functions = [answer]
    if isinstance(answer, type):
        held = [
            getattr(v, "fget", None) or getattr(v, "__func__", v) for v in vars(answer).values()
        ]
        functions = [item for item in held if isinstance(item, types.FunctionType)]
    found = {}
    for function in functions:
        names = sorted(_names(function.__code__))
        found |= {n: function.__globals__[n] for n in names if n in function.__globals__}
        closure = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        found |= {name: cell.cell_contents for name, cell in closure if name != "__class__"}
    return found


def _names(code: types.CodeType) -> set[str]:
    reads = ("LOAD_GLOBAL", "LOAD_NAME")
    names = {i.argval for i in dis.get_instructions(code) if i.opname in reads}
    inner = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    return names.union(*map(_names, inner))


def _write_defaults(node: ast.FunctionDef, function: Any, before: list[str], numbers) -> None:
    """Write defaults as the values that they have."""
    node.args.defaults = [
        _parsed(_expression(value, before, numbers)) for value in function.__defaults__ or ()
    ]
    named = function.__kwdefaults__ or {}
    node.args.kw_defaults = [
        _parsed(_expression(named[place.arg], before, numbers)) if place.arg in named else None
        for place in node.args.kwonlyargs
    ]


def _leave_out_words(tree: ast.AST) -> None:
    """Drop annotations, and docstrings: a variant's may say what is wrong with it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            node.returns = None
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
