"""Slips in calls: another function, a lost argument, the type of a new array, a result's shape."""

import ast
from collections.abc import Iterator

from course.checks.slips.scope import Scope
from course.checks.slips.sites import (
    MAKERS,
    NUMPY,
    Site,
    Slip,
    at,
    binary,
    call,
    called,
    constant,
    name,
    place_of,
)

# Functions that are taken for one another.
TWINS = (
    ("max", "min", "sum", "mean"),
    ("argmax", "argmin"),
    ("maximum", "minimum"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
    ("all", "any"),
    ("std", "var"),
    ("sum", "prod"),
    ("exp", "log"),
    ("flipud", "fliplr"),
    ("repeat", "tile"),
    ("vstack", "hstack"),
    ("repeat", "resize"),
    ("append", "extend"),
    ("outer", "multiply"),
    ("permutation", "arange"),
)
NEW_ARRAYS = ("zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like")


def functions(site: Site, scope: Scope) -> Iterator[Slip]:
    """Call a function's twin, or leave the call out and keep what it was given."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    used = called(node)
    field = "attr" if isinstance(node.func, ast.Attribute) else "id"
    for twin in {t for group in TWINS if used in group for t in group} - {used, ""}:
        if field == "attr" or twin in ("max", "min", "sum", "all", "any"):
            yield site.slip("a function", (node.func, field, twin))
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield from site.replaced(f"the call of `{used}`", node.func.value)
    elif node.args and used not in ("range", "ndindex", "enumerate", "zip", "len", "super"):
        first = node.args[0]
        if not isinstance(first, ast.Starred):
            yield from site.replaced(f"the call of `{used}`", first)


def _is_module(node: ast.expr) -> bool:
    head = getattr(node, "id", "")
    if isinstance(node, ast.Attribute):
        return _is_module(node.value) and node.attr in ("add", "random", "linalg", "lib", "fft")
    return head in ("np", "numpy", "math", NUMPY)


def arguments(site: Site, scope: Scope) -> Iterator[Slip]:
    """Lose an argument of a call, a keyword, or all keywords."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    used = called(node)
    if used not in ("range", "arange", "ndindex") and len(node.args) > 1:
        for i in range(1, len(node.args)):
            rest = node.args[:i] + node.args[i + 1 :]
            place = "the type of the new array" if used in MAKERS else f"an argument of `{used}`"
            yield site.slip(place, (node, "args", rest))
    method = isinstance(node.func, ast.Attribute) and not _is_module(node.func.value)
    if method and node.args and used in ("sum", "max", "mean", "any"):
        yield site.slip("an axis", (node, "args", []))
    for i, keyword in enumerate(node.keywords):
        rest = node.keywords[:i] + node.keywords[i + 1 :]
        named = f"the argument `{keyword.arg}`" if keyword.arg else "an argument"
        place = {"axis": "an axis", "dtype": "the type of the new array"}.get(keyword.arg, named)
        yield site.slip(place, (node, "keywords", rest))
    if len(node.keywords) > 1:
        yield site.slip(f"the arguments of `{used}`", (node, "keywords", []))


def axes(site: Site, scope: Scope) -> Iterator[Slip]:
    """Keep an axis, sum over another one, read in another order, transpose or do not."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield from site.replaced("a transposition", node.value)
    used = called(node)
    kept = any(k.arg == "keepdims" for k in getattr(node, "keywords", ()))
    if used in ("sum", "max", "min", "mean", "argmax") and not kept:
        more = [*node.keywords, at(node, ast.keyword("keepdims", constant(True)))]
        yield site.slip("the argument `keepdims`", (node, "keywords", more))
    if used in ("reshape", "ravel", "flatten") and not node.keywords:
        in_columns = [at(node, ast.keyword("order", constant("F")))]
        yield site.slip(f"the order in which `{used}` reads", (node, "keywords", in_columns))
    if isinstance(site.owner, ast.BinOp) and isinstance(site.owner.op, ast.MatMult):
        yield from site.replaced("a transposition", ast.Attribute(node, "T", ast.Load()))
    if used == "argmax" and len(node.args) + len(node.keywords) == 0:
        yield site.slip("an axis", (node, "args", [at(node, constant(0))]))


def new_arrays(site: Site, scope: Scope) -> Iterator[Slip]:
    """Make a new array of another type: whole numbers, float32, or that of one argument."""
    node = site.node
    used = called(node)
    if used not in NEW_ARRAYS or not node.args:
        return
    place = "the type of the new array"
    fixed = [name("int"), ast.Attribute(name(NUMPY), "float32", ast.Load()), name("float")]
    likes = [ast.Attribute(name(p), "dtype", ast.Load()) for p in scope.parameters if p != "self"]
    like = used.endswith("_like")
    kept = node.args[:1] if used != "full" else node.args[:2]
    for kind in [*fixed, *likes]:
        keyword = at(node, ast.keyword("dtype", kind))
        yield site.slip(place, (node, "args", kept), (node, "keywords", [keyword]))
    if like:
        others = [p for p in scope.parameters if p != "self"]
        for other in others:
            yield site.slip(place, (node, "args", [at(node, name(other))]), (node, "keywords", []))


def results(site: Site, scope: Scope) -> Iterator[Slip]:
    """Send a result through abs, ReLU, rounding, float32, or another axis order."""
    returned = isinstance(site.owner, ast.Return) or _entry_of_return(site)
    lambda_body = isinstance(site.owner, ast.Lambda) and site.field == "body"
    stored = isinstance(site.owner, ast.Assign) and isinstance(
        site.owner.targets[0], (ast.Attribute, ast.Subscript)
    )
    if not (returned or lambda_body or (stored and site.field == "value")):
        return
    node = site.node
    if isinstance(node, (ast.Tuple, ast.Dict, ast.Constant)) or not isinstance(node, ast.expr):
        return
    place = "what becomes of the result"
    yield from site.replaced(
        place,
        call("np.abs", node),
        call("np.maximum", node, constant(0)),
        call("np.round", node, constant(2)),
        call("np.round", node, constant(8)),
        call("np.float32", node),
        call("np.trunc", node),
        binary(node, ast.Add, constant(1)),
        binary(node, ast.Sub, constant(1)),
        binary(node, ast.Mult, constant(2)),
    )


def _entry_of_return(site: Site) -> bool:
    return (
        isinstance(site.owner, ast.Tuple)
        and bool(site.above)
        and isinstance(site.above[-1].owner, ast.Return)
    )


def conversions(site: Site, scope: Scope) -> Iterator[Slip]:
    """Forget to convert what comes out, or to copy it (tried as a repair)."""
    if isinstance(site.owner, ast.Return) and isinstance(site.node, ast.expr):
        node = site.node
        yield from site.replaced(
            "the type of the result",
            call("float", node),
            call("int", node),
            call("bool", node),
            call("np.array", node),
            call("tuple", node),
            ast.Call(ast.Attribute(node, "copy", ast.Load()), [], []),
        )


def arrays_read(site: Site, scope: Scope) -> Iterator[Slip]:
    """Read an array backwards, as whole numbers, in float32, or by its size."""
    node = site.node
    if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
        return
    if node.id not in scope.parameters or isinstance(site.owner, ast.Attribute):
        return
    if isinstance(site.owner, ast.Subscript) and site.field == "value":
        return
    whole = ast.Slice(None, None, constant(-1))
    yield from site.replaced(
        place_of(site, "the direction of an array"), ast.Subscript(node, whole, ast.Load())
    )
    yield from site.replaced("the type of an array", call("np.abs", node), call("np.float32", node))
