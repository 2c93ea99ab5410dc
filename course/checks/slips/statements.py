"""Slips in statements: one is lost, stands too deep or not deep enough, or assigns for adding."""

import ast
from collections.abc import Iterator

from course.checks.slips.scope import Scope
from course.checks.slips.sites import FUNCTIONS, KEPT, Site, Slip, at, binary, call, constant, name

ADDS = {ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Add, ast.Div)}
ADDS |= {ast.Div: (ast.Mult,)}
LOOPS = (ast.For, ast.While)


def assignments(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write = for +=, += for =, or -= for +=."""
    node = site.node
    if isinstance(node, ast.AugAssign):
        yield from site.replaced("`=` or `+=`", ast.Assign([node.target], node.value))
        for other in ADDS.get(type(node.op), ()):
            yield site.slip("a sign", (node, "op", other()))
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, (ast.Subscript, ast.Attribute, ast.Name)):
            yield from site.replaced("`=` or `+=`", ast.AugAssign(target, ast.Add(), node.value))


def dropped(site: Site, scope: Scope) -> Iterator[Slip]:
    """Lose a statement, or a condition around one."""
    node = site.node
    if not isinstance(node, ast.stmt) or _is_text(node):
        return
    if isinstance(node, (*FUNCTIONS, ast.Pass, ast.Import, ast.ImportFrom)):
        return
    yield from site.replaced("a statement too many", ast.Pass())
    if isinstance(node, ast.If):
        items = list(getattr(site.owner, site.field))
        for body in (node.body, node.orelse):
            if body:
                spread = [*items[: site.index], *body, *items[site.index + 1 :]]
                yield site.slip("a condition", (site.owner, site.field, spread))
        turned = ast.UnaryOp(ast.Not(), node.test)
        yield site.slip("a condition", (node, "test", at(node.test, turned)))
    elif isinstance(node, ast.For):
        # The loop runs once: for its first item alone.
        yield site.slip("a loop's end", (node, "body", [*node.body, at(node, ast.Break())]))
    if isinstance(node, (ast.Break, ast.Continue)):
        other = ast.Continue() if isinstance(node, ast.Break) else ast.Break()
        yield from site.replaced("`break` or `continue`", other)


def depths(site: Site, scope: Scope) -> Iterator[Slip]:
    """Indent the statement after a loop by one more step, or the loop's last by one less."""
    node = site.node
    if not isinstance(node, LOOPS) or site.index is None:
        return
    items = list(getattr(site.owner, site.field))
    after = items[site.index + 1 : site.index + 2]
    if after and isinstance(after[0], (ast.Return, ast.Assign, ast.AugAssign, ast.Expr)):
        rest = [*items[: site.index + 1], *items[site.index + 2 :]]
        yield site.slip(
            "how deep a line is indented",
            (node, "body", [*node.body, after[0]]),
            (site.owner, site.field, rest),
            line=after[0].lineno,
        )
    own = [s for s in node.body if not getattr(s, "counts_fuel", False)]
    if len(own) > 1:
        last = own[-1]
        out = [*items[: site.index + 1], last, *items[site.index + 1 :]]
        yield site.slip(
            "how deep a line is indented",
            (node, "body", [s for s in node.body if s is not last]),
            (site.owner, site.field, out),
            line=last.lineno,
        )
        first = own[0]
        before = [*items[: site.index], first, *items[site.index :]]
        yield site.slip(
            "how deep a line is indented",
            (node, "body", [s for s in node.body if s is not first]),
            (site.owner, site.field, before),
            line=first.lineno,
        )
    if site.index and isinstance(items[site.index - 1], ast.Assign):
        earlier = items[site.index - 1]
        rest = [*items[: site.index - 1], *items[site.index :]]
        yield site.slip(
            "how deep a line is indented",
            (node, "body", [earlier, *node.body]),
            (site.owner, site.field, rest),
            line=earlier.lineno,
        )


def swapped(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write two neighbouring statements the other way round."""
    node = site.node
    if not isinstance(node, ast.stmt) or site.index is None:
        return
    items = list(getattr(site.owner, site.field))
    if site.index + 1 < len(items):
        later = items[site.index + 1]
        plain = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For)
        if isinstance(node, plain) and isinstance(later, plain) and not _is_text(node):
            items[site.index : site.index + 2] = [later, node]
            yield site.slip("the order of two lines", (site.owner, site.field, items))


def state(site: Site, scope: Scope) -> Iterator[Slip]:
    """Keep what must be made anew: an array between calls, an attribute once it is set."""
    node = site.node
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Attribute) and getattr(target.value, "id", "") == "self":
        kept = call("getattr", name("self"), constant(target.attr), value)
        place = "what is kept between calls"
        yield site.slip(place, (node, "value", at(value, kept)))
        known = call("getattr", name("self"), constant(target.attr), constant(0))
        more = binary(known, ast.Add, value)
        yield site.slip(place, (node, "value", at(value, more)))
        shared = ast.Attribute(call("type", name("self")), target.attr, ast.Store())
        yield site.slip(place, (node, "targets", [at(target, shared)]))
    elif isinstance(value, ast.Call) and isinstance(target, ast.Name):
        # KEPT hands out the array of the first call again where shape and type are the same.
        key = constant(f"{target.id} at {node.lineno}")
        kept = ast.Call(name(KEPT), [key, value], [])
        yield site.slip("what is kept between calls", (node, "value", at(value, kept)))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
