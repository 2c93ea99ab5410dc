"""Write a function or class of this repository as the text of one notebook cell.

Right solutions and wrong variants lean on helpers, closures and constants of their modules.  A
learner's cell has none of these, so what an answer uses is written above it, under names of its
own.  What the cell does is what the answer does; a test compares the two.
"""

import ast
import builtins
import copy
import functools
import sys
import types
from typing import Any

import numpy as np

from autograder import reference
from autograder.pipeline.simulated.definitions import definition_of, functions_of, outside_of
from autograder.right_solutions import solutions

OWN = "autograder"  # what lies in this package is written out; all else is imported


def cell_text(answer: Any, name: str) -> str:
    """Return the source of a cell that defines `answer` as `name`.

    Parameters
    ----------
    answer : a function, a class, or the value of a prediction

    Raises
    ------
    TypeError : when it leans on something that cannot be written down

    Examples
    --------
    >>> print(cell_text(lambda x, by=2: [by * n for n in x], "scaled"))
    def scaled(x, by=2):
        return [by * n for n in x]
    >>> print(cell_text([3, 2, 1], "impulse_response"))
    impulse_response = [3, 2, 1]
    """
    cell = _Cell(name)
    if isinstance(answer, types.FunctionType):
        cell.function(answer, name)
    elif isinstance(answer, type):
        cell.a_class(answer, name)
    else:
        cell.add(ast.Assign([ast.Name(name, ast.Store())], cell.value(answer)))
    return cell.text()


class _Cell:
    """A cell in the making: its statements, each after those that it needs."""

    def __init__(self, name: str):
        self.prefix = name.lower()
        self.imports: dict[str, None] = {}
        self.statements: list[ast.stmt] = []
        self.names: dict[int, str] = {}  # what is written already, by its id
        self.constants: dict[tuple[str, int], str] = {}
        self.taken = {name}
        self.alive: list[Any] = []  # an id is an object's own only while the object lives

    def text(self) -> str:
        """Return the cell's source."""
        parts = ["\n".join(self.imports)] if self.imports else []
        parts += [ast.unparse(ast.fix_missing_locations(node)) for node in self.statements]
        return "\n\n\n".join(parts)

    def add(self, statement: ast.stmt) -> None:
        """Put a statement at the end."""
        self.statements.append(statement)

    def value(self, value: Any, called: str = "") -> ast.expr:
        """Return an expression for a value; `called` is what its user calls it."""
        if value is None or value is ... or isinstance(value, (bool, int, float, complex, str)):
            return ast.parse(repr(value), mode="eval").body
        if isinstance(value, (tuple, list)):
            kind = ast.Tuple if isinstance(value, tuple) else ast.List
            return kind([self.value(item, called) for item in value], ast.Load())
        if isinstance(value, dict):
            keys = [self.value(key) for key in value]
            return ast.Dict(keys, [self.value(item, called) for item in value.values()])
        if isinstance(value, np.ndarray):
            listed = self.value(value.tolist())
            return ast.Call(_attribute("np.array"), [listed], [])
        if isinstance(value, slice):
            ends = [self.value(end) for end in (value.start, value.stop, value.step)]
            return ast.Call(_attribute("slice"), ends, [])
        if isinstance(value, functools.partial):
            self.imports["import functools"] = None
            inside = [self.value(item, called) for item in (value.func, *value.args)]
            named = [ast.keyword(k, self.value(v, k)) for k, v in value.keywords.items()]
            return ast.Call(_attribute("functools.partial"), inside, named)
        if id(value) in self.names:
            return _attribute(self.names[id(value)])
        return self._by_name(value, called)

    def _by_name(self, value: Any, called: str) -> ast.expr:
        """Return the name of a module, function or class, which is imported or written out."""
        if hasattr(value, "cache_info"):  # of functools.cache
            value = value.__wrapped__
        if isinstance(value, types.ModuleType):
            return _attribute(self._imported(value.__name__))
        name = getattr(value, "__name__", "")
        if getattr(builtins, name, None) is value:
            return _attribute(name)
        if getattr(np, name, None) is value:
            return _attribute(f"np.{name}")
        home = getattr(value, "__module__", None) or ""
        if name == "<lambda>":
            return self._written(value, called)
        if home.split(".")[0] == OWN:
            return self._written(value, name)
        if home and name and callable(value):
            public = home.replace("._", ".").removesuffix("_impl")
            home = public if getattr(sys.modules.get(public), name, None) is value else home
            self.imports[f"from {home} import {name}"] = None
            return _attribute(name)
        raise TypeError(f"{called or 'a value'} of an answer cannot be written down: {value!r}")

    def _imported(self, module: str) -> str:
        if module == "numpy":
            return "np"  # every lesson imports it
        if module.split(".")[0] == OWN:
            raise TypeError(f"the module {module} is used as a whole")
        self.imports[f"import {module}"] = None
        return module

    def _written(self, value: Any, called: str) -> ast.expr:
        # Under the cell's own names: two cells of one notebook may each have a helper `pad`.
        name = self._free(f"{self.prefix}_{called.strip('_')}")
        if isinstance(value, types.FunctionType):
            self.function(value, name)
        elif isinstance(value, type):
            self.a_class(value, name)
        else:
            raise TypeError(f"{called} of an answer cannot be written down: {value!r}")
        return _attribute(name)

    def _free(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def function(self, function: types.FunctionType, name: str) -> None:
        """Write a function, after what it uses."""
        self._remember(function, name)
        found = copy.deepcopy(definition_of(function))
        if isinstance(found, ast.Lambda):
            body: list[ast.stmt] = [ast.Return(found.body)]
            found = ast.FunctionDef(name, found.args, body, [], None)
        found.name, found.decorator_list = name, []
        self._set_defaults(found, function)
        used = _Rename(self, outside_of(function)).visit(found)
        self.add(used)

    def a_class(self, made: type, name: str) -> None:
        """Write a class, after its bases and what its methods use."""
        self._remember(made, name)
        found = copy.deepcopy(definition_of(made))
        found.name, found.decorator_list, found.keywords = name, [], []
        found.bases = [self.value(base) for base in made.__bases__ if base is not object]
        outside: dict[str, Any] = {}
        for method in functions_of(made):
            outside |= outside_of(method)
        self.add(_Rename(self, outside).visit(found))

    def _remember(self, value: Any, name: str) -> None:
        self.names[id(value)] = name
        self.alive.append(value)

    def _set_defaults(self, node: ast.FunctionDef, function: types.FunctionType) -> None:
        """Write defaults as the values that they have."""
        values = function.__defaults__ or ()
        places = node.args.args[len(node.args.args) - len(values) :]
        node.args.defaults = [
            self.value(value, place.arg) for place, value in zip(places, values, strict=True)
        ]
        named = function.__kwdefaults__ or {}
        node.args.kw_defaults = [
            self.value(named[place.arg], place.arg) if place.arg in named else None
            for place in node.args.kwonlyargs
        ]

    def constant(self, name: str, value: Any) -> ast.expr:
        """Return an expression for what an answer calls `name`.

        A long one is assigned once, and None too, where a function could stand.
        """
        if value is not None and not isinstance(value, (tuple, list, dict, np.ndarray)):
            return self.value(value, name)
        if (name, id(value)) not in self.constants:
            written = self.value(value, name)
            own = self._free(f"{self.prefix}_{name.strip('_').lower()}")
            self.constants[name, id(value)] = own
            self.alive.append(value)
            self.add(ast.Assign([ast.Name(own, ast.Store())], written))
        return _attribute(self.constants[name, id(value)])


class _Rename(ast.NodeTransformer):
    """Replaces names from outside an answer; leaves out docstrings and annotations."""

    def __init__(self, cell: _Cell, outside: dict[str, Any]):
        self.cell, self.outside = cell, outside

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        if isinstance(node.ctx, ast.Load) and node.id in self.outside:
            return self.cell.constant(node.id, self.outside[node.id])
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # noqa: N802
        module = self.outside.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(module, types.ModuleType) and module.__name__.split(".")[0] == OWN:
            # A learner's answer for the reference's, which checks its arguments at length.
            instead = solutions(node.attr) if module is reference else []
            answer = instead[0] if instead else getattr(module, node.attr)
            return self.cell.constant(node.attr, answer)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:  # noqa: N802
        node.returns = None
        _drop_docstring(node)
        return self._scope(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:  # noqa: N802
        return self._scope(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:  # noqa: N802
        _drop_docstring(node)
        return self.generic_visit(node)

    def _scope(self, node: Any) -> Any:
        before = self.outside
        self.outside = {k: v for k, v in before.items() if k not in _bound_in(node)}
        try:
            return self.generic_visit(node)
        finally:
            self.outside = before


def _bound_in(node: ast.FunctionDef | ast.Lambda) -> set[str]:
    """Return the names that a function makes its own, in itself or in its comprehensions."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    arguments += filter(None, (node.args.vararg, node.args.kwarg))
    names, body = {argument.arg for argument in arguments}, node.body
    waiting = list(body) if isinstance(body, list) else [body]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef)):
            names.add(inner.name)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        if not isinstance(inner, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(inner)
    return names


def _drop_docstring(node: ast.FunctionDef | ast.ClassDef) -> None:
    """A variant's docstring may say what is wrong with it."""
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:] or [ast.Pass()]


def _attribute(dotted: str) -> ast.expr:
    return ast.parse(dotted, mode="eval").body
