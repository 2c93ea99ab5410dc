"""Functions that a case can name, so that a case whose argument is a function is still data.

None of them is an exercise's answer; `encode` writes the name, `decode` looks it up here.  Each
returns one expression of its argument, so that a message can show it as a lambda.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Seed:
    """Stands in a case for a new ``numpy.random.default_rng(number)``."""

    number: int


def double(x):
    """Multiply every entry by 2."""
    return 2 * x


def cube(x):
    """Raise every entry to its third power."""
    return x * x * x  # a power would differ between processors in its last digit


def running_sum(x):
    """Add up the entries in reading order, keeping each sum."""
    return np.cumsum(x)


def sum_from_the_end(x):
    """Add up the entries from the last one backwards, keeping each sum."""
    return np.cumsum(x[::-1])[::-1]


def from_the_end(x):
    """Read a signal from its end; what comes out is a view of it."""
    return x[::-1]


def steps(x):
    """Subtract from each entry the one before it; one entry fewer comes out."""
    return x[1:] - x[:-1]


def row_sums(x):
    """Add up each row of a matrix."""
    return x.sum(axis=1)


def neighbours_multiplied(x):
    """Multiply each entry by the next one; one entry fewer comes out."""
    return x[1:] * x[:-1]


def row_products(x):
    """Multiply up each row of a matrix."""
    return x.prod(axis=1)


def rotate(x):
    """Move every entry one place on; the last comes first."""
    return np.roll(x, 1)


def rotate_back(x):
    """Move every entry one place back; the first comes last."""
    return np.roll(x, -1)


def repeat_thrice(x):
    """Write a signal three times, as the rows of a matrix."""
    return np.stack([x, x, x])


def column_sums(x):
    """Add up each column of a matrix."""
    return x.sum(axis=0)


def column_means(x):
    """Average each column of a matrix."""
    return x.mean(axis=0)


def first_row(x):
    """Take the first row of a matrix."""
    return x[0]


FUNCTIONS: dict[str, Callable] = {
    function.__name__: function
    for function in (
        double,
        cube,
        running_sum,
        sum_from_the_end,
        from_the_end,
        steps,
        row_sums,
        neighbours_multiplied,
        row_products,
        rotate,
        rotate_back,
        repeat_thrice,
        column_sums,
        column_means,
        first_row,
    )
}

# Read once, at import: a learner's process in the grader may open no file later.
_DEFINITIONS = ast.parse(Path(__file__).read_text(encoding="utf-8")).body
_LAMBDAS = {
    node.name: f"lambda x: {ast.unparse(node.body[-1].value)}"
    for node in _DEFINITIONS
    if isinstance(node, ast.FunctionDef) and node.name in FUNCTIONS
}


def as_lambda(function: Callable) -> str:
    """Write one of these functions so that it works in any cell, with numpy alone.

    Examples
    --------
    >>> as_lambda(running_sum), as_lambda(column_sums)
    ('lambda x: np.cumsum(x)', 'lambda x: x.sum(axis=0)')
    """
    return _LAMBDAS[function.__name__]
