"""Single slips, written once for both directions.

Made in a right solution, a slip gives a wrong answer, which the checks have to catch
(`autograder.mutation`).  Tried on a learner's wrong answer, the same change may be its repair, and
tells the line (`course.checks.locate`).
"""

import ast
from collections.abc import Callable, Iterator

from course.checks.slips import calls, expressions, insertions, statements, subscripts, twins
from course.checks.slips.scope import Scope, scope_of
from course.checks.slips.sites import Site, Slip, sites

__all__ = ["KINDS_OF_REPAIR", "Slip", "changes", "slips"]

Kind = Callable[[Site, Scope], Iterator[Slip]]

SLIPS: tuple[Kind, ...] = (
    expressions.operators,
    expressions.signs,
    expressions.more_signs,
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
)
# Slips that nobody repairs by making them: a result rounded, an array kept.
NO_REPAIRS = (calls.arrays_read, calls.results, statements.state)
ADDED = (expressions.more_signs, calls.axes, calls.conversions, insertions.reversals)
ADDED += (expressions.other_names, insertions.refusals)
# Repairs in the order in which they are tried; one that is found keeps the later ones from it.
KINDS_OF_REPAIR = (
    tuple(kind for kind in SLIPS if kind not in (*NO_REPAIRS, *ADDED)),
    ADDED,
    (
        twins.twins,
        insertions.indices,
        insertions.steps_of_slices,
        insertions.missing_arguments,
        insertions.missing_calls,
        insertions.lines,
        twins.missing_twins,
        insertions.terms,
    ),
)


def slips(tree: ast.AST) -> Iterator[Slip]:
    """Yield every single slip of the function or class below `tree`, kind by kind.

    Examples
    --------
    >>> tree = ast.parse("def last(x):\\n    return x[-1]")
    >>> sorted({slip.place for slip in slips(tree)})[:3]
    ['a sign', 'a statement too many', 'an index']
    """
    return changes(tree, SLIPS)


def changes(tree: ast.AST, kinds: tuple[Kind, ...]) -> Iterator[Slip]:
    """Yield the changes of these kinds below `tree`, kind by kind."""
    scope = scope_of(tree)
    places = list(sites(tree))
    for kind in kinds:
        for site in places:
            yield from kind(site, scope)
