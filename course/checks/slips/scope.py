"""Names in scope at a place, the nearest relatives first."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from course.checks.slips.sites import FUEL, FUNCTIONS

# Names of one kind for the two axes of an image.
AXES = (("h", "w"), ("i", "j"), ("u", "v"), ("r", "q"), ("s", "t"), ("a", "b"))
AXES += (("rows", "columns"), ("row", "column"), ("height", "width"))
# Names that are taken for one another: those, counters of one kind, arrays.
PAIRS = (*AXES, ("n", "c"), ("c", "f"), ("n", "f"), ("x", "w"), ("x", "y"), ("x", "dy"))
PAIRS += (("dx", "dw"), ("dw", "db"), ("first", "last"))
PAIRS += (("stride", "padding"), ("stride", "dilation"), ("padding", "dilation"))


@dataclass
class Scope:
    """What a function has of its own.

    Attributes
    ----------
    parameters, loops, assigned : names by how they come to be, in the order of the text
    groups : names that are bound together, as in ``n, c, h, w = x.shape``
    since : the line from which on each name exists
    read : every name that is read, lost ones included
    attributes : those of the class that are read or set through `self`
    unset : those of them that are never set
    terms : short expressions that stand somewhere, such as ``w.shape[0]``, ``len(x)``, ``y[i]``
    functions : what is called somewhere, such as ``np.eye``
    """

    parameters: list[str] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)
    assigned: list[str] = field(default_factory=list)
    groups: list[list[str]] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    attributes: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    terms: list[ast.expr] = field(default_factory=list)
    functions: list[ast.expr] = field(default_factory=list)

    def near(self, name: str) -> list[str]:
        """Return the names that are easily written for this one."""
        found = [n for n in self.all() if _look_alike(name, n)]
        for group in (*self.groups, self.loops, self.parameters):
            if name in group:
                found += group
        return [n for n in dict.fromkeys(found) if n not in (name, "self")]

    def all(self, line: int | None = None) -> list[str]:
        """Return all names; with a line, those that exist before it."""
        names = dict.fromkeys([*self.loops, *self.assigned, *self.parameters])
        return [n for n in names if n != "self" and (line is None or self.since[n] <= line)]

    def ingredients(self, line: int, names: int = 8, terms: int = 10) -> list[ast.expr]:
        """Return what a lost operand may have been: names that exist, and terms of other lines."""
        known = [ast.Name(n, ast.Load()) for n in self.all(line)[:names]]
        arrays = [ast.Name(p, ast.Load()) for p in self.parameters[:3] if p != "self"]
        shapes = [ast.Attribute(array, "shape", ast.Load()) for array in arrays]
        lengths = [ast.Call(ast.Name("len", ast.Load()), [array], []) for array in arrays]
        return known + _distinct([*self.terms[:terms], *shapes, *lengths])


def scope_of(tree: ast.AST) -> Scope:
    """Collect the names of a function or class, those of functions inside it included."""
    scope = Scope()
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            held = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            _enter(scope, scope.parameters, [a.arg for a in held], node.lineno)
        elif isinstance(node, (ast.For, ast.comprehension)):
            line = getattr(node, "lineno", None) or node.target.lineno
            _enter(scope, scope.loops, _bound(node.target, scope), line)
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                _enter(scope, scope.assigned, _bound(target, scope), node.end_lineno + 1)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            scope.read.add(node.id)
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
            scope.attributes.append(node.attr)
    scope.attributes = list(dict.fromkeys(scope.attributes))
    scope.unset = [name for name in scope.attributes if name not in _kept(tree)]
    scope.terms = _distinct(n for n in ast.walk(tree) if _is_term(n))
    scope.functions = _distinct(n.func for n in ast.walk(tree) if _is_plain_call(n))
    return scope


def _kept(tree: ast.AST) -> set[str]:
    """Return the attributes that are set, and the methods."""
    nodes = list(ast.walk(tree))
    methods = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    stored = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    return methods | stored


def _enter(scope: Scope, kind: list[str], names: list[str], line: int) -> None:
    for name in names:
        if name not in kind:
            kind.append(name)
        scope.since[name] = min(line, scope.since.get(name, line))


def _bound(target: ast.AST, scope: Scope) -> list[str]:
    names = [
        n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    ]
    if len(names) > 1:
        scope.groups.append(names)
    return names


def _look_alike(one: str, other: str) -> bool:
    if one == other:
        return False
    if one.lower() == other.lower():
        return True
    for pair in PAIRS:
        for a, b in (pair, pair[::-1]):
            if (
                exchanged_name(one, a, b) == other
                or exchanged_name(one, a.upper(), b.upper()) == other
            ):
                return True
    return one.rstrip("0123456789") == other.rstrip("0123456789") != ""


def exchanged_name(name: str, a: str, b: str) -> str:
    """Write b for an a at the end of a name, or at its beginning."""
    if name.endswith(a):
        return name[: len(name) - len(a)] + b
    return b + name[len(a) :] if name.startswith(a + "_") else name


def _is_term(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        slices = any(isinstance(inner, ast.Slice) for inner in ast.walk(node))
        return not slices and isinstance(node.value, (ast.Name, ast.Attribute))
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "dtype", "size") and isinstance(node.value, ast.Name)
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len"


def _is_plain_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or getattr(node, "counts_fuel", False):
        return False
    head = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return isinstance(head, ast.Name) and head.id not in ("self", "range", "super", FUEL)


def _distinct(nodes: Iterable[ast.expr]) -> list[ast.expr]:
    return list({ast.dump(node): node for node in nodes}.values())
