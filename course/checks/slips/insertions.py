"""What may be missing: a term, a factor, an argument, a line.  Tried as repairs only."""

import ast
from collections.abc import Iterator

from course.checks.slips.scope import Scope
from course.checks.slips.sites import Site, Slip, at, binary, call, called, constant, name, place_of

MOST = 8  # names that are tried at one place
USUAL = ("zeros", "array", "sum", "abs", "exp", "log", "sqrt", "flip", "arange", "floor")


def terms(site: Site, scope: Scope) -> Iterator[Slip]:
    """Join a name that exists there, or a term of another line, on either side."""
    node = site.node
    if isinstance(node, ast.Slice) and node.lower is not None and node.upper is None:
        for other in scope.ingredients(node.lineno):
            end = at(node, binary(node.lower, ast.Add, other))
            yield site.slip("a slice's bound", (node, "upper", end))
    if not _is_value(site) or isinstance(node, ast.Constant):
        return
    own = ast.dump(node)
    for other in scope.ingredients(node.lineno):
        if ast.dump(other) == own:
            continue
        less = binary(other, ast.Sub, constant(1))
        news = [binary(node, op, other) for op in (ast.Add, ast.Sub, ast.Mult, ast.MatMult)]
        news += [binary(other, op, node) for op in (ast.Sub, ast.MatMult)]
        news.append(binary(node, ast.Mult, less))
        yield from site.replaced("a missing term", *news)
    news = [
        binary(constant(2), ast.Mult, node),
        binary(node, ast.Add, constant(1)),
        binary(node, ast.Sub, constant(1)),
        binary(node, ast.FloorDiv, constant(2)),
    ]
    yield from site.replaced("a missing term", *news)


def _is_value(site: Site) -> bool:
    """Tell whether a value stands here to which another may be joined."""
    node, owner = site.node, site.owner
    kinds = (ast.Name, ast.BinOp, ast.Subscript, ast.Call, ast.Attribute, ast.Constant)
    if not isinstance(node, kinds) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(owner, (ast.Attribute, ast.Starred, ast.For, ast.comprehension, ast.Expr)):
        return False
    return site.field != "func" and not (isinstance(owner, ast.Subscript) and site.field == "value")


def indices(site: Site, scope: Scope) -> Iterator[Slip]:
    """Take an entry of what stands there as a whole, or write one index more."""
    node = site.node
    written = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    if not (_is_value(site) or written):
        return
    for other in (*map(name, scope.loops[:6]), *map(constant, (0, 1, -1, 2, 3))):
        if not written:
            yield from site.replaced("a missing index", ast.Subscript(node, other, ast.Load()))
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        held = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for other in (*map(name, scope.loops[:6]), ast.Slice()):
            for place in range(len(held) + 1):
                entries = [*held[:place], other, *held[place:]]
                new = ast.Subscript(node.value, ast.Tuple(entries, ast.Load()), node.ctx)
                yield from site.replaced("a missing index", new)
    elif isinstance(node, (ast.Constant, ast.Name)):
        yield from site.replaced(place_of(site, "a name"), *scope.terms[:10])


def missing_calls(site: Site, scope: Scope) -> Iterator[Slip]:
    """Call a function of another line, or a usual one, with what stands there."""
    node = site.node
    if isinstance(node, ast.GeneratorExp):
        for function in ("tuple", "list", "sum"):
            yield from site.replaced("a missing call", ast.Call(name(function), [node], []))
    indexed = isinstance(node, ast.Call) and isinstance(site.owner, ast.Subscript)
    if not (_is_value(site) or indexed) or isinstance(node, ast.Constant):
        return
    usual = [name(f) for f in ("len", "int", "sum")]
    usual += [call(f"np.{f}", node).func for f in USUAL]
    for function in (*scope.functions[:6], *usual):
        yield from site.replaced("a missing call", ast.Call(function, [node], []))
    for method in ("copy", "ravel"):
        called_on = ast.Attribute(node, method, ast.Load())
        yield from site.replaced("a missing call", ast.Call(called_on, [], []))


def refusals(site: Site, scope: Scope) -> Iterator[Slip]:
    """Raise a ValueError."""
    node = site.node
    if isinstance(node, ast.Raise) and node.exc is not None:
        yield site.slip("what is raised", (node, "exc", at(node.exc, name("ValueError"))))
    elif isinstance(node, ast.Return) and isinstance(site.owner, ast.If):
        yield from site.replaced("`raise`", ast.Raise(name("ValueError"), None))
    elif isinstance(node, ast.Call) and called(node) == "print" and site.field == "value":
        statement = ast.Raise(name("ValueError"), None)
        yield from site.above[-1].replaced("`raise`", statement)


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
    elif used not in ("range", "len", "int", "float", "over"):
        for other in scope.ingredients(node.lineno):
            yield site.slip("a missing argument", (node, "args", [*node.args, at(node, other)]))
    if used in ("sum", "max", "mean", "argmax", "any", "all") and not node.keywords:
        for axis in (0, 1, -1, (0, 2, 3), (1, 2, 3), (2, 3)):
            keyword = ast.keyword("axis", ast.Constant(axis))
            yield site.slip("an axis", (node, "keywords", [at(node, keyword)]))


def lines(site: Site, scope: Scope) -> Iterator[Slip]:
    """Write a line that may have been lost: a bias added, a crop, what `self` keeps, a result."""
    node = site.node
    if not isinstance(node, ast.stmt) or site.index is None:
        return
    existing = scope.all(node.lineno)
    if isinstance(node, (ast.Return, ast.For, ast.AugAssign, ast.Assign)):
        for target in [n for n in scope.assigned if n in existing][:4]:
            for other in existing[:MOST]:
                if other != target:
                    add = ast.AugAssign(ast.Name(target, ast.Store()), ast.Add(), name(other))
                    yield _before(site, add)
    if isinstance(node, ast.Return) or site.index == 0:
        inside = any(isinstance(around.node, ast.FunctionDef) for around in site.above)
        for attribute in scope.unset[:3] if inside else ():
            for other in existing[:MOST]:
                target = ast.Attribute(name("self"), attribute, ast.Store())
                yield _before(site, ast.Assign([target], name(other)))
    if isinstance(node, ast.Return):
        for target in existing[:MOST]:
            for new in _crops(target, existing):
                yield _before(site, ast.Assign([ast.Name(target, ast.Store())], new))
    if isinstance(site.owner, ast.FunctionDef) and node is site.owner.body[-1]:
        for other in (*scope.assigned, *scope.parameters):
            if other != "self" and not isinstance(node, ast.Return):
                body = [*site.owner.body, at(node, ast.Return(name(other)))]
                yield site.slip("a missing line after it", (site.owner, site.field, body))


def _before(site: Site, statement: ast.stmt) -> Slip:
    items = list(getattr(site.owner, site.field))
    body = [*items[: site.index], at(site.node, statement), *items[site.index :]]
    return site.slip("a missing line before it", (site.owner, site.field, body))


def _crops(target: str, existing: list[str]) -> Iterator[ast.expr]:
    """Yield parts of an array: reversed, turned by 180 degrees, or cut at each end."""
    back = ast.Slice(None, None, constant(-1))
    yield ast.Subscript(name(target), back, ast.Load())
    both = ast.Tuple([ast.Constant(...), back, back], ast.Load())
    yield ast.Subscript(name(target), both, ast.Load())
    for other in existing[:MOST]:
        if other != target:
            inner = ast.Slice(name(other), ast.UnaryOp(ast.USub(), name(other)), None)
            yield ast.Subscript(name(target), inner, ast.Load())
            both = ast.Tuple([ast.Constant(...), inner, inner], ast.Load())
            yield ast.Subscript(name(target), both, ast.Load())
            yield ast.Subscript(name(target), ast.Slice(None, None, name(other)), ast.Load())
