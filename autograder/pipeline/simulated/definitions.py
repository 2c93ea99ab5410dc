"""Find the definition of a function, lambda or class, and what it reads from outside."""

import ast
import dis
import functools
import inspect
import linecache
import types
from collections.abc import Callable
from typing import Any


def outside_of(function: types.FunctionType) -> dict[str, Any]:
    """Return what a function reads from around it: closure and module, builtins left out."""
    names = _global_names(function.__code__)
    found = {name: function.__globals__[name] for name in names if name in function.__globals__}
    closure = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return found | {name: cell.cell_contents for name, cell in closure if name != "__class__"}


def _global_names(code: types.CodeType) -> set[str]:
    reads = ("LOAD_GLOBAL", "LOAD_NAME")
    names = {i.argval for i in dis.get_instructions(code) if i.opname in reads}
    inner = (const for const in code.co_consts if isinstance(const, types.CodeType))
    return names.union(*map(_global_names, inner))


def functions_of(made: type) -> list[types.FunctionType]:
    """Return the functions that a class defines, those of properties included."""
    held = vars(made).values()
    plain = [getattr(item, "fget", None) or getattr(item, "__func__", item) for item in held]
    return [item for item in plain if isinstance(item, types.FunctionType)]


def definition_of(answer: Callable) -> Any:
    """Return the syntax tree of a function, lambda or class.

    Raises
    ------
    TypeError : when it stands in no file
    """
    found = _class_nodes(answer) if isinstance(answer, type) else _function_nodes(answer.__code__)
    if not found:
        raise TypeError(f"the text of {answer!r} is not found")
    return found[-1]


def _class_nodes(made: type) -> list[ast.ClassDef]:
    lines = {method.__code__.co_firstlineno for method in functions_of(made)}
    named = [
        node
        for node in _nodes(inspect.getfile(made))
        if isinstance(node, ast.ClassDef) and node.name == made.__name__
    ]
    return [node for node in named if lines <= {_first_line(n) for n in _methods(node)}]


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]


def _function_nodes(code: types.CodeType) -> list[ast.AST]:
    """Return the definitions that fit, of lambdas within each other the innermost last."""
    nodes = _nodes(code.co_filename)
    if code.co_name == "<lambda>":
        around = [node for node in nodes if isinstance(node, ast.Lambda) and _is_around(node, code)]
        return sorted(around, key=lambda node: (node.lineno, node.col_offset))
    wanted = code.co_name, code.co_firstlineno
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return [node for node in functions if (node.name, _first_line(node)) == wanted]


@functools.cache
def _nodes(file: str) -> list[ast.AST]:
    tree = ast.parse("".join(linecache.getlines(file)))
    kinds = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _is_around(node: ast.Lambda, code: types.CodeType) -> bool:
    """Return whether all that `code` does stands in a lambda; several may stand on one line."""
    body = node.body
    first, last = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
    return node.lineno == code.co_firstlineno and all(
        first <= (line, column) and (end_line, end_column) <= last
        for line, end_line, column, end_column in code.co_positions()
        if None not in (line, end_line, column, end_column) and end_column  # no place: its start
    )
