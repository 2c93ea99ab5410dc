"""Write a changed right solution as a learner's cell, to see what a check says of it."""

import ast
import itertools
import linecache
from typing import Any

import numpy as np

from course.checks.slips import Slip
from course.checks.slips.sites import KEPT, NUMPY
from course.checks.source import FACTORY, Source

_numbers = itertools.count(1)


def written(source: Source, slip: Slip) -> tuple[Any, set[int]]:
    """Return the changed function or class as a cell defines it, and the lines that differ.

    Parameters
    ----------
    source : a solution taken apart without counting its loops
    slip : one of its slips

    Raises
    ------
    ValueError
        If the change cannot be written, such as an array that stays between calls.
    Exception
        Whatever the cell raises when it is run.
    """
    right = ast.unparse(source.node).split("\n")
    with slip.made():
        ast.fix_missing_locations(source.node)
        text = ast.unparse(source.node).replace(NUMPY, "np")
    if KEPT in text:
        raise ValueError("no learner can write this change")
    lines = text.split("\n")
    name = f"<cell {next(_numbers)}>"
    namespace = dict(source.outside) | source.closure | {"np": np}
    definition = text
    if isinstance(source.node, ast.Lambda):
        definition, lines = f"{FACTORY} = {text}", [f"{FACTORY} = {text}"]
        right = [f"{FACTORY} = {right[0]}"]
    linecache.cache[name] = (len(definition), None, [f"{line}\n" for line in lines], name)
    exec(compile(definition, name, "exec", dont_inherit=True), namespace)
    answer = namespace[FACTORY if isinstance(source.node, ast.Lambda) else source.node.name]
    return answer, _differing(right, lines)


def _differing(right: list[str], lines: list[str]) -> set[int]:
    """Return the numbers of the lines from the first to the last that differ."""
    start = next(
        (i for i, (a, b) in enumerate(zip(right, lines, strict=False)) if a != b),
        min(len(right), len(lines)),
    )
    end = 0
    while end < min(len(right), len(lines)) - start and right[-1 - end] == lines[-1 - end]:
        end += 1
    # A lost line is missed on the lines around it.
    return set(range(start, max(len(lines) - end, start + 1) + 1)) | {start + 1}
