"""What was written for rows and not for columns: a missing entry, bound or line with a twin.

The twin of ``i : i + kh`` is ``j : j + kw``.  Tried as repairs only.
"""

import ast
import copy
from collections.abc import Iterator

from course.checks.slips.scope import AXES, Scope, exchanged_name
from course.checks.slips.sites import FUEL, Site, Slip, at, place_of


def twins(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write an entry's twin in its neighbour's place."""
    node = site.node
    if isinstance(node, (ast.Tuple, ast.List)):
        several, field = node.elts, "elts"
        place = "an index" if isinstance(site.owner, ast.Subscript) else "an entry of a tuple"
    elif isinstance(node, ast.Call) and not getattr(node, "counts_fuel", False):
        several, field, place = node.args, "args", place_of(site, "an argument")
    else:
        return
    for i, old in enumerate(several):
        for other in (*several[:i], *several[i + 1 :]):
            for new in twins_of(other, scope):
                if ast.dump(new) != ast.dump(old):
                    entries = [*several[:i], at(old, new), *several[i + 1 :]]
                    yield site.slip(place, (node, field, entries), line=old.lineno)


def missing_twins(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write the twin of a line after it, or before it."""
    node = site.node
    if not isinstance(node, (ast.Assign, ast.AugAssign)) or site.index is None:
        return
    items = list(getattr(site.owner, site.field))
    for new in twins_of(node, scope):
        for place in (site.index + 1, site.index):
            body = [*items[:place], at(node, new), *items[place:]]
            yield site.slip("a missing line beside it", (site.owner, site.field, body))


def twins_of(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """Yield a node with every name, and every axis of a shape, exchanged for its twin."""
    for step in (1, -1):
        new = _Twin(scope, step).visit(copy.deepcopy(node))
        if ast.dump(new) != ast.dump(node):
            yield new


class _Twin(ast.NodeTransformer):
    def __init__(self, scope: Scope, step: int):
        self._scope, self._step = scope, step

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id == FUEL:
            return node
        return ast.copy_location(
            ast.Name(twin_of(node.id, self._scope, self._step), node.ctx), node
        )

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        index = node.slice
        if isinstance(index, ast.Constant) and type(index.value) is int:
            if index.value + self._step >= 0:
                node.slice = ast.copy_location(ast.Constant(index.value + self._step), index)
            return node  # of another axis, and of the same array
        self.generic_visit(node)
        return node


def twin_of(name: str, scope: Scope, step: int) -> str:
    """Return the name that a name's twin has, or the name itself.

    Examples
    --------
    >>> from course.checks.slips.scope import scope_of
    >>> tree = ast.parse("def f(kh, kw, x): n, height, w = x.shape")
    >>> twin_of("kh", scope_of(tree), 1), twin_of("height", scope_of(tree), 1)
    ('kw', 'w')
    """
    known = scope.read | set(scope.all())
    for a, b in AXES:
        one, other = (a, b) if step > 0 else (b, a)
        for new in (
            exchanged_name(name, one, other),
            exchanged_name(name, one.upper(), other.upper()),
        ):
            if new != name and new in known:
                return new
    for group in scope.groups:
        if name in group and 0 <= group.index(name) + step < len(group):
            return group[group.index(name) + step]
    return name
