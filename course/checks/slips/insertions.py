"""What may be missing: a term, a factor, an argument, a line.  Tried as repairs only."""

import ast
from collections.abc import Iterator

from course.checks.slips.scope import Scope
from course.checks.slips.sites import Site, Slip, at, binary, called, constant, name

MOST = 8  # names that are tried at one place


def terms(site: Site, scope: Scope) -> Iterator[Slip]:
    """Add, subtract or multiply by a name that exists there, or by 2."""
    node = site.node
    if not isinstance(node, (ast.Name, ast.BinOp, ast.Subscript, ast.Call, ast.Attribute)):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    if isinstance(site.owner, (ast.Attribute, ast.Starred)) or site.field == "func":
        return
    if isinstance(site.owner, ast.Subscript) and site.field == "value":
        return
    if isinstance(site.owner, (ast.For, ast.comprehension)):
        return
    for other in scope.all(node.lineno)[:MOST]:
        if other == getattr(node, "id", None):
            continue
        news = [binary(node, op, name(other)) for op in (ast.Add, ast.Sub, ast.Mult)]
        yield from site.replaced("a missing term", *news)
    news = [
        binary(constant(2), ast.Mult, node),
        binary(node, ast.Add, constant(1)),
        binary(node, ast.Sub, constant(1)),
        binary(node, ast.FloorDiv, constant(2)),
    ]
    yield from site.replaced("a missing term", *news)


def reversals(site: Site, scope: Scope) -> Iterator[Slip]:
    """Turn an array round, transpose it, or sum it."""
    node = site.node
    if not isinstance(node, (ast.Name, ast.Subscript)) or not isinstance(node.ctx, ast.Load):
        return
    if isinstance(site.owner, ast.Attribute) or site.field == "func":
        return
    back = ast.Slice(None, None, constant(-1))
    both = ast.Tuple([ast.Constant(...), back, back], ast.Load())
    yield from site.replaced(
        "a missing reversal",
        ast.Subscript(node, back, ast.Load()),
        ast.Subscript(node, both, ast.Load()),
    )
    yield from site.replaced("a missing transposition", ast.Attribute(node, "T", ast.Load()))


def steps_of_slices(site: Site, scope: Scope) -> Iterator[Slip]:
    """Give a slice a bound or a step that it has not."""
    node = site.node
    if not isinstance(node, ast.Slice):
        return
    for other in scope.all(node.lineno)[:MOST] if node.step is None else ():
        yield site.slip("a slice's step", (node, "step", at(node, name(other))))
    for field in ("lower", "upper"):
        for other in scope.all(node.lineno)[:MOST] if getattr(node, field) is None else ():
            yield site.slip("a slice's bound", (node, field, at(node, name(other))))


def missing_arguments(site: Site, scope: Scope) -> Iterator[Slip]:
    """Give a call one more argument: a name, or an axis."""
    node = site.node
    used = called(node)
    if not used:
        return
    if used == "range" and len(node.args) == 2:
        for other in scope.all(node.lineno)[:MOST]:
            yield site.slip("a range's step", (node, "args", [*node.args, at(node, name(other))]))
    elif isinstance(node.func, ast.Name) and used not in ("range", "len", "int", "float"):
        for other in scope.all(node.lineno)[:MOST]:
            more = [*node.args, at(node, name(other))]
            yield site.slip("a missing argument", (node, "args", more))
    if used in ("sum", "max", "mean", "argmax", "any", "all") and not node.keywords:
        for axis in (0, 1, -1, (0, 2, 3), (1, 2, 3), (2, 3)):
            keyword = ast.keyword("axis", ast.Constant(axis))
            yield site.slip("an axis", (node, "keywords", [at(node, keyword)]))


def lines(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write a line that may have been lost: a bias added, a counter raised, a crop."""
    node = site.node
    if not isinstance(node, ast.stmt) or site.index is None:
        return
    if not isinstance(node, (ast.Return, ast.For, ast.AugAssign, ast.Assign)):
        return
    items = list(getattr(site.owner, site.field))
    existing = scope.all(node.lineno)
    for target in [n for n in scope.assigned if n in existing][:4]:
        for other in existing[:MOST]:
            if other != target:
                add = ast.AugAssign(ast.Name(target, ast.Store()), ast.Add(), name(other))
                new = [*items[: site.index], at(node, add), *items[site.index :]]
                yield site.slip("a missing line", (site.owner, site.field, new))
