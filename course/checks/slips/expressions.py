"""Slips in expressions: an operator, a term, a sign, a number, a comparison, a name."""

import ast
from collections.abc import Iterator

from course.checks.slips.scope import Scope
from course.checks.slips.sites import (
    Site,
    Slip,
    binary,
    called,
    constant,
    name,
    place_of,
)

OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.FloorDiv, ast.Mult),
    ast.FloorDiv: (ast.Div, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult, ast.Pow)
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def operators(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write another operator, leave out a term, or exchange the two operands."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    place = place_of(site, "an operator")
    for other in OPERATORS.get(type(node.op), ()):
        yield site.slip(place, (node, "op", other()))
    yield from site.replaced(place_of(site, "a term too many"), node.left, node.right)
    if isinstance(node.op, ORDERED):
        turned = ast.BinOp(node.right, node.op, node.left)
        yield from site.replaced("the order of two operands", turned)
    yield from _regrouped(site)


def _regrouped(site: Site) -> Iterator[Slip]:
    """Set brackets otherwise: (a + b) * c for a + b * c and back."""
    node = site.node
    for side, other in (("left", "right"), ("right", "left")):
        inner, outer = getattr(node, side), getattr(node, other)
        if not isinstance(inner, ast.BinOp) or type(inner.op) is type(node.op):
            continue
        if side == "left":
            new = ast.BinOp(inner.left, inner.op, ast.BinOp(inner.right, node.op, outer))
        else:
            new = ast.BinOp(ast.BinOp(outer, node.op, inner.left), inner.op, inner.right)
        yield from site.replaced("the brackets of a formula", new)


def signs(site: Site, scope: Scope) -> Iterator[Slip]:
    """Lose a minus or a `not`."""
    node = site.node
    if isinstance(node, ast.UnaryOp):
        place = "a sign" if isinstance(node.op, ast.USub) else "a condition"
        yield from site.replaced(place_of(site, place), node.operand)


def more_signs(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write a minus too many."""
    node = site.node
    whole = isinstance(site.owner, (ast.Return, ast.Assign, ast.AugAssign))
    whole = whole and site.field == "value"
    if whole and isinstance(node, (ast.BinOp, ast.Call, ast.Name, ast.Subscript)):
        yield from site.replaced("a sign", ast.UnaryOp(ast.USub(), node))


def numbers(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write a number that is one more or less, twice or half as much; True for False."""
    node = site.node
    if not isinstance(node, ast.Constant) or isinstance(site.owner, ast.Expr):
        return
    value, place = node.value, place_of(site, "a number")
    if isinstance(value, bool):
        yield from site.replaced(place_of(site, "True or False"), constant(not value))
    elif isinstance(value, int):
        others = {value + 1, value - 1, 0, 1, -value} - {value}
        yield from site.replaced(place, *map(constant, sorted(others)))
    elif isinstance(value, float):
        others = {value * 2, value / 2, value * 10, value / 10, -value, 0.0, 1.0} - {value}
        yield from site.replaced(place, *map(constant, sorted(others)))
    elif isinstance(value, str) and called(site.owner) == "einsum":
        yield from site.replaced(place, *map(constant, _other_letters(value)))
    elif isinstance(value, str) and value[-1:] in "123" and len(value) <= 3:
        others = [value[:-1] + d for d in "123" if d != value[-1]]
        yield from site.replaced("a key", *map(constant, others))


def _other_letters(subscripts: str) -> Iterator[str]:
    """Exchange two neighbouring letters of one operand."""
    for i, (a, b) in enumerate(zip(subscripts, subscripts[1:], strict=False)):
        if a.isalpha() and b.isalpha() and a != b:
            yield subscripts[:i] + b + a + subscripts[i + 2 :]


def comparisons(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write another comparison, or lose one condition of several."""
    node = site.node
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            for other in COMPARISONS.get(type(operator), ()):
                ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
                yield site.slip("a comparison", (node, "ops", ops))
        if len(node.ops) == 1:
            turned = ast.Compare(node.comparators[0], node.ops, [node.left])
            if not isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
                yield from site.replaced("a comparison", turned)
        else:
            first = ast.Compare(node.left, node.ops[:1], node.comparators[:1])
            rest = ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
            yield from site.replaced("a condition", first, rest)
    elif isinstance(node, ast.BoolOp):
        other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield site.slip("a condition", (node, "op", other))
        for i in range(len(node.values)):
            rest = node.values[:i] + node.values[i + 1 :]
            yield from site.replaced(
                "a condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            )
    elif isinstance(node, ast.IfExp):
        turned = ast.IfExp(node.test, node.orelse, node.body)
        yield from site.replaced("a condition", node.body, node.orelse, turned)


def names(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write another name: a relative of the right one."""
    node = site.node
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if isinstance(site.owner, ast.Call) and site.field == "func":
            return
        if node.id in scope.since:
            others = scope.near(node.id)
            yield from site.replaced(place_of(site, "a name"), *map(name, others))
    elif isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
        if isinstance(site.owner, ast.Call) and site.field == "func":
            return
        for other in scope.attributes:
            if other != node.attr:
                yield site.slip("an attribute", (node, "attr", other))


def other_names(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write any other name that exists there, relatives left out."""
    node = site.node
    of_a_name = isinstance(node, ast.Name) and isinstance(site.owner, ast.Attribute)
    if of_a_name and node.id != "self" and "self" in scope.since:
        yield from site.replaced("a name", name("self"))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope.since:
        close = {node.id, *scope.near(node.id)}
        others = [n for n in scope.all(node.lineno) if n not in close]
        yield from site.replaced(place_of(site, "a name"), *map(name, others))


def steps(site: Site, scope: Scope) -> Iterator[Slip]:
    """Be off by one in a bound, an index, or the argument of a range."""
    node = site.node
    if isinstance(node, ast.Constant) or not isinstance(node, ast.expr):
        return
    within = isinstance(site.owner, ast.Slice) or (
        isinstance(site.owner, ast.Subscript) and site.field == "slice"
    )
    counted = isinstance(site.owner, ast.Call) and site.field == "args"
    counted = counted and called(site.owner) in ("range", "arange", "ndindex", "zeros")
    listed = isinstance(site.owner, ast.Tuple) and isinstance(site.owner.ctx, ast.Load)
    if not (within or counted or listed):
        return
    if isinstance(node, (ast.Slice, ast.Tuple, ast.Starred, ast.List)):
        return
    place = place_of(site, "a number that is off by one")
    one = ast.Constant(1)
    yield from site.replaced(place, binary(node, ast.Add, one), binary(node, ast.Sub, one))
