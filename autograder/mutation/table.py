"""Run the changes of many exercises on all cores, and set the outcome as a table."""

import functools
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from autograder import CommandError, right_solutions
from autograder.mutation import QUICK, Tally, tally
from autograder.mutation.told import Told, told

INTRODUCTION = """## Single slips

Each right solution is also changed in one place, in every way that `course/checks/slips` knows: an
operator, an index or a name for its neighbour, a number by one, a lost statement, bound or keyword,
exchanged arguments, axes or entries of a pair, a new array of another type, what is kept between
calls, and others. A change is wrong where the reference differs from it on one of up to 2,000
random allowed inputs, which share nothing with the cases of the checks; the others change nothing
and do not count.
"""

SAMPLED = f"""
This table is of a sample, at most {QUICK} changes of each solution, drawn with `--quick`.
"""

PAIRED = 2  # of an exercise's solutions: nearly every search for a repair takes all its time

WHOLE = "Write it whole: python -m autograder proof --write"

OF_TOLD = """## What is said of them

A sample of the wrong changes, handed to the check as a learner's cell: how many get a name, how
many a line (a change there makes every visible case pass), how many the setting in which they go
wrong, how many only which part of the results is wrong or where they end, and of how many nothing
is said but the numbers.
"""

OF_PAIRS = """## What is said of two slips at once

Another slip is made in each answer of the sample's first two solutions. One change repairs no such
answer, unless the other slip changes nothing or has a name.
"""


def tallies(names: list[str], quick: bool) -> Iterator[Tally]:
    """Change every right solution of these exercises; yield each exercise once it is done."""
    return _of_each(names, functools.partial(tally, quick=quick), Tally)


def all_told(names: list[str], twice: bool = False) -> Iterator[Told]:
    """Check a sample of the wrong changes, or of two at once; yield each exercise once done."""
    return _of_each(names, functools.partial(told, twice=twice), Told, PAIRED if twice else None)


def _of_each(
    names: list[str], task: Callable, total: Callable, solutions: int | None = None
) -> Iterator:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = {
            name: [
                pool.submit(task, name, place)
                for place in range(len(right_solutions.solutions(name)[:solutions]))
            ]
            for name in names
        }
        try:
            for name, futures in running.items():
                counts = total(name)
                for future in futures:
                    counts.add(future.result())
                yield counts
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def markdown(rows: list[Tally] | list[Told], columns: tuple[str, ...]) -> str:
    """Set the rows as a table, the sums last."""
    everything = type(rows[0])("all")
    for row in rows:
        everything.add(row)
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1)]
    lines += [row.cells() for row in (*rows, everything)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def merged(page: str, tables: list[str]) -> str:
    """Put new rows in place of a page's rows of the same exercises, and add up anew.

    Parameters
    ----------
    page : a text with tables
    tables : for each of them in turn, the new rows with header and sums, as `markdown` sets them;
        "" where there is none

    Raises
    ------
    CommandError
        If the page is of a sample, or its tables are others.
    """
    parts = re.split(r"((?:^\|.*\n)+)", page, flags=re.MULTILINE)  # texts and tables in turn
    old = parts[1::2]
    if SAMPLED in page or len(old) != len(tables):
        raise CommandError(f"The page holds other tables. {WHOLE}")
    pairs = zip(old, tables, strict=True)
    parts[1::2] = [_merged_table(table, new) if new else table for table, new in pairs]
    return "".join(parts)


def _merged_table(old: str, new: str) -> str:
    head, rule, *rows, _ = _cells(old)
    new_head, _, *fresh, _ = _cells(new)
    name = head.index("exercise")
    known = {row[name]: row for row in rows}
    if head != new_head or any(row[name] not in known for row in fresh):
        raise CommandError(f"The page has other rows. {WHOLE}")
    known |= {row[name]: row for row in fresh}
    columns = list(zip(*known.values(), strict=True))[name + 1 :]
    sums = [*[""] * name, "all", *map(_sum, columns)]
    lines = [head, rule, *known.values(), sums]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(table: str) -> list[list[str]]:
    return [line[2:-2].split(" | ") for line in table.splitlines()]


def _sum(column: tuple[str, ...]) -> str:
    """Add up "3" and "4", or "3 of 4" and "5 of 5"; a line in place of a number is nothing."""
    pairs = [cell.split(" of ") for cell in column if cell != "-"]
    return " of ".join(str(sum(map(int, numbers))) for numbers in zip(*pairs, strict=True))


def times(rows: list[Told]) -> str:
    """Say how long the checks took that gave no name."""
    seconds = sorted(second for row in rows for second in row.seconds)
    if not seconds:
        return "No check took time."
    middle, late = (seconds[int(len(seconds) * part)] for part in (0.5, 0.95))
    return f"Processor time of a check without a name: median {middle:.2f} s, p95 {late:.2f} s."
