"""Slips in indices, slices, pairs and ranges."""

import ast
import itertools
from collections.abc import Iterator

from course.checks.slips.scope import Scope
from course.checks.slips.sites import RANGES, Site, Slip, at, called, constant, place_of


def slices(site: Site, scope: Scope) -> Iterator[Slip]:
    """Lose a bound or the step of a slice, or read it backwards."""
    node = site.node
    if not isinstance(node, ast.Slice):
        return
    for field, place in (
        ("lower", "a slice's bound"),
        ("upper", "a slice's bound"),
        ("step", "a slice's step"),
    ):
        if getattr(node, field) is not None:
            yield site.slip(place, (node, field, None))
    if node.lower is not None and node.upper is not None:
        yield site.slip("a slice's bound", (node, "lower", node.upper), (node, "upper", node.lower))
    if node.step is None:
        backwards = ast.Slice(node.lower, node.upper, constant(-1))
        if node.lower is None and node.upper is None:
            yield from site.replaced("the direction of a slice", backwards)
    elif node.lower is None:
        yield from site.replaced("a slice's bound", ast.Slice(constant(1), node.upper, node.step))


def subscripts(site: Site, scope: Scope) -> Iterator[Slip]:
    """Lose an index, or a reversal such as ``[::-1]``."""
    node = site.node
    if isinstance(node, ast.Subscript):
        if isinstance(node.ctx, ast.Load):
            yield from site.replaced("an index", node.value)
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1:
            for i in range(len(node.slice.elts)):
                rest = node.slice.elts[:i] + node.slice.elts[i + 1 :]
                kept = rest[0] if len(rest) == 1 else ast.Tuple(rest, ast.Load())
                new = ast.Subscript(node.value, kept, node.ctx)
                yield from site.replaced("an index", new)
                whole = [*node.slice.elts[:i], ast.Slice(), *node.slice.elts[i + 1 :]]
                new = ast.Subscript(node.value, ast.Tuple(whole, ast.Load()), node.ctx)
                if not isinstance(node.slice.elts[i], ast.Slice):
                    yield from site.replaced("an index", new)


def orders(site: Site, scope: Scope) -> Iterator[Slip]:
    """Exchange two entries of a pair, a shape, an index, a list or a call."""
    node = site.node
    if isinstance(node, (ast.Tuple, ast.List)):
        place = "the order of a pair" if len(node.elts) == 2 else "the order of the entries"
        if isinstance(site.owner, ast.Subscript):
            place = "the order of the indices"
        elif isinstance(site.owner, ast.keyword) or called(site.owner) in ("transpose", "reshape"):
            place = place_of(site, place)
        for entries in exchanged(node.elts):
            yield site.slip(place, (node, "elts", entries))
        if len(node.elts) > 1 and isinstance(node.ctx, ast.Load):
            for i in range(len(node.elts)):
                entries = node.elts[:i] + node.elts[i + 1 :]
                if isinstance(site.owner, ast.keyword) or called(site.owner) in ("sum", "max"):
                    yield site.slip(place_of(site, "an axis"), (node, "elts", entries))
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        place = "the order of the arguments"
        if called(node) in ("transpose", "swapaxes", "moveaxis"):
            place = "the order of the axes"
        elif called(node) in RANGES:
            place = "a range's end"
        for entries in exchanged(node.args):
            yield site.slip(place, (node, "args", entries))


def exchanged(items: list, most: int = 6) -> Iterator[list]:
    """Yield the list with two entries exchanged, all pairs of the first `most` entries."""
    for i, j in itertools.combinations(range(min(len(items), most)), 2):
        if ast.dump(items[i]) != ast.dump(items[j]):
            turned = list(items)
            turned[i], turned[j] = items[j], items[i]
            yield turned


def ranges(site: Site, scope: Scope) -> Iterator[Slip]:
    """Begin a range at 1, lose its start or its step."""
    node = site.node
    if called(node) not in ("range", "arange") or not node.args:
        return
    if len(node.args) == 1:
        yield site.slip("a range's start", (node, "args", [at(node, constant(1)), *node.args]))
    for i in range(len(node.args)) if len(node.args) > 1 else ():
        if i != 1 or len(node.args) == 2:
            rest = node.args[:i] + node.args[i + 1 :]
            yield site.slip("a range's step" if i == 2 else "a range's end", (node, "args", rest))
