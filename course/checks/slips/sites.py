"""Places of a syntax tree in which a slip can happen, and the slip itself: one undoable change."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

FUEL, NUMPY, KEPT = "__fuel__", "__np__", "__kept__"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Slip:
    """One change of a tree.

    Attributes
    ----------
    line : the line it changes, counted as the tree counts
    place : what stands there in a learner's words, such as "an index"
    statement : the statement in which it lies
    edits : (node, field, new value) for each field that it changes
    """

    line: int
    place: str
    statement: ast.AST
    edits: tuple[tuple[ast.AST, str, Any], ...]

    @contextmanager
    def made(self) -> Iterator[None]:
        """Change the tree for as long as the block runs."""
        old = [(node, field, getattr(node, field)) for node, field, _ in self.edits]
        for node, field, new in self.edits:
            setattr(node, field, new)
        try:
            yield
        finally:
            for node, field, before in reversed(old):
                setattr(node, field, before)

    def text(self) -> str:
        """Return the line before and after the change, for those who mend the cases."""
        before = _lines(self.statement)
        with self.made():
            after = _lines(self.statement)
        if before == after:  # the statement as a whole is another one, lost, or elsewhere
            return f"{_brief(before[:1])}  ->  {self._come()}"
        start = next(
            (i for i, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]),
            min(len(before), len(after)),
        )
        end = 0
        while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
            end += 1
        gone, come = before[start : len(before) - end], after[start : len(after) - end]
        return f"{_brief(gone) or '(nothing)'}  ->  {_brief(come) or '(dropped)'}"

    def _come(self) -> str:
        """Return the statement that stands in a list for the first time, or a word about it."""
        node, field, new = self.edits[0]
        old = getattr(node, field)
        if not isinstance(new, list) or not isinstance(old, list):
            return f"({self.place})"
        known = {id(statement) for statement in old}
        come = [statement for statement in new if id(statement) not in known]
        if not come:
            return f"({self.place})"
        return "(dropped)" if isinstance(come[0], ast.Pass) else _brief(_lines(come[0]))


def _lines(node: ast.AST) -> list[str]:
    text = re.sub(rf"{FUEL}\.over\((.*?)\)(?= (?:for|if)|[\])}}])", r"\1", ast.unparse(node))
    text = re.sub(rf"{KEPT}\('.*?', ", "kept_from_the_first_call(", text.replace(NUMPY, "np"))
    lines = [line.strip() for line in text.split("\n")]
    return [line for line in lines if line != f"{FUEL}()"]


def _brief(lines: list[str]) -> str:
    return "; ".join(lines)[:160]


@dataclass(frozen=True)
class Site:
    """One node and where it hangs: ``owner.field``, at `index` where that is a list."""

    node: ast.AST
    owner: ast.AST
    field: str
    index: int | None
    above: tuple["Site", ...]

    @property
    def statement(self) -> ast.AST:
        """Return the innermost statement around the node, itself included."""
        if isinstance(self.node, (ast.stmt, ast.Lambda)):
            return self.node
        inner = next((s for s in reversed(self.above) if isinstance(s.node, ast.stmt)), None)
        return inner.node if inner else self.above[0].owner if self.above else self.owner

    def swapped(self, new: ast.AST) -> tuple[ast.AST, str, Any]:
        """Return the edit that puts `new` in the node's place."""
        place = at(self.node, new)
        if self.index is None:
            return self.owner, self.field, place
        items = list(getattr(self.owner, self.field))
        items[self.index] = place
        return self.owner, self.field, items

    def slip(self, place: str, *edits: tuple[ast.AST, str, Any], line: int | None = None) -> Slip:
        """Return the slip that makes these edits."""
        return Slip(line or self.node.lineno, place, self.statement, edits)

    def replaced(self, place: str, *news: ast.AST) -> Iterator[Slip]:
        """Yield one slip for each node that could stand here instead."""
        for new in news:
            yield self.slip(place, self.swapped(new))


def at(old: ast.AST, new: ast.AST) -> ast.AST:
    """Give a new node the place in the text that the old one has."""
    if new is not old and hasattr(old, "lineno"):
        if not hasattr(new, "lineno") and "lineno" in new._attributes:
            ast.copy_location(new, old)
        for child in ast.walk(new):
            if "lineno" in child._attributes and not hasattr(child, "lineno"):
                child.lineno, child.col_offset = old.lineno, old.col_offset
                child.end_lineno, child.end_col_offset = old.lineno, old.col_offset
    return new


def sites(tree: ast.AST) -> Iterator[Site]:
    """Yield every place below `tree` in the order of the text; what counts fuel is passed over."""
    yield from _below(tree, ())


def _below(owner: ast.AST, above: tuple[Site, ...]) -> Iterator[Site]:
    for field, value in ast.iter_fields(owner):
        if field in ("decorator_list", "annotation", "returns", "type_comment", "format_spec"):
            continue
        several = isinstance(value, list)
        for index, node in enumerate(value if several else [value]):
            if not isinstance(node, ast.AST):
                continue
            site = Site(node, owner, field, index if several else None, above)
            if getattr(node, "counts_fuel", False):
                if not isinstance(node, ast.stmt):
                    yield from _below(node, above)
                continue
            if "lineno" in node._attributes:
                yield site
            yield from _below(node, (*above, site))


def name(identifier: str) -> ast.Name:
    """Write a name that is read."""
    return ast.Name(identifier, ast.Load())


def constant(value: Any) -> ast.expr:
    """Write a number, a word, None, True or False; a number below 0 with its minus."""
    negative = isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if negative else ast.Constant(value)


def call(function: str, *args: ast.expr, **keywords: ast.expr) -> ast.Call:
    """Write a call of a function of numpy (``np.abs``) or of Python (``float``)."""
    module, _, leaf = function.rpartition(".")
    head = ast.Attribute(name(NUMPY), leaf, ast.Load()) if module else name(leaf)
    return ast.Call(head, list(args), [ast.keyword(k, v) for k, v in keywords.items()])


def binary(left: ast.expr, operator: type[ast.operator], right: ast.expr) -> ast.BinOp:
    """Write ``left operator right``."""
    return ast.BinOp(left, operator(), right)


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls: ``zeros`` of ``np.zeros(3)``, or ""."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


RANGES = ("range", "ndindex", "arange")
MAKERS = ("zeros", "ones", "empty", "full")


def place_of(site: Site, otherwise: str) -> str:
    """Say in a learner's words what stands here, judged by what is around it."""
    node = site
    for around in (*reversed(site.above), None):
        found = _inside(node)
        if found:
            return found
        if around is None or isinstance(node.node, (ast.stmt, *FUNCTIONS)):
            break
        node = around
    return otherwise


def _inside(site: Site) -> str:
    owner, field = site.owner, site.field
    if isinstance(owner, ast.Slice):
        return "a slice's step" if field == "step" else "a slice's bound"
    if isinstance(owner, ast.Subscript) and field == "slice":
        return "" if isinstance(site.node, ast.Slice) else "an index"
    if isinstance(owner, ast.arguments):
        return "a default"
    if isinstance(owner, ast.keyword) and owner.arg:
        return {"axis": "an axis", "axes": "the axes", "dtype": "the type of the new array"}.get(
            owner.arg, f"the argument `{owner.arg}`"
        )
    if isinstance(owner, (ast.If, ast.While, ast.IfExp, ast.comprehension)) and field in (
        "test",
        "ifs",
    ):
        return "a condition"
    if field == "args" and isinstance(owner, ast.Call):
        return _argument(called(owner), site.index)
    return ""


def _argument(function: str, index: int | None) -> str:
    if function in RANGES:
        return "a range's end"
    if function in MAKERS:
        return "the shape of the new array" if index == 0 else "the type of the new array"
    if function == "reshape":
        return "the shape that `reshape` is asked for"
    if function in ("transpose", "swapaxes", "moveaxis"):
        return "the order of the axes"
    if function == "einsum" and index == 0:
        return "the letters of `einsum`"
    return ""
