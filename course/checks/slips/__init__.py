"""Single slips, written once for both directions.

Made in a right solution, a slip gives a wrong answer, which the checks have to catch
(`autograder.mutation`).  Tried on a learner's wrong answer, the same change may be its repair, and
tells the line (`course.checks.locate`).
"""

import ast
from collections.abc import Callable, Iterator

from course.checks.slips import calls, expressions, insertions, statements, subscripts
from course.checks.slips.scope import Scope, scope_of
from course.checks.slips.sites import Site, Slip, sites

__all__ = ["Slip", "repairs", "slips"]

SLIPS: tuple[Callable[[Site, Scope], Iterator[Slip]], ...] = (
    expressions.operators,
    expressions.signs,
    expressions.comparisons,
    expressions.names,
    expressions.numbers,
    expressions.steps,
    subscripts.slices,
    subscripts.subscripts,
    subscripts.orders,
    subscripts.ranges,
    calls.functions,
    calls.arguments,
    calls.axes,
    calls.new_arrays,
    calls.arrays_read,
    calls.results,
    statements.assignments,
    statements.dropped,
    statements.depths,
    statements.swapped,
    statements.state,
    statements.defaults,
)
# Slips that nobody repairs by making them: a result rounded, an array kept.
NO_REPAIRS = (calls.arrays_read, calls.results, statements.state)
REPAIRS = (
    *(kind for kind in SLIPS if kind not in NO_REPAIRS),
    calls.conversions,
    expressions.other_names,
    insertions.reversals,
    insertions.terms,
    insertions.steps_of_slices,
    insertions.missing_arguments,
    insertions.lines,
)


def slips(tree: ast.AST) -> Iterator[Slip]:
    """Yield every single slip of the function or class below `tree`, in the order of the text.

    Examples
    --------
    >>> tree = ast.parse("def last(x):\\n    return x[-1]")
    >>> sorted({slip.place for slip in slips(tree)})[:3]
    ['a sign', 'a statement too many', 'an index']
    """
    yield from _changes(tree, SLIPS)


def repairs(tree: ast.AST) -> Iterator[Slip]:
    """Yield every single change that may repair the function or class below `tree`."""
    yield from _changes(tree, REPAIRS)


def _changes(tree: ast.AST, kinds) -> Iterator[Slip]:
    scope = scope_of(tree)
    places = list(sites(tree))
    for kind in kinds:
        for site in places:
            yield from kind(site, scope)
