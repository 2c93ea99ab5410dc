"""Run the changes of many exercises on all cores, and set the outcome as a table."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from autograder import right_solutions
from autograder.mutation import COLUMNS, Tally, tally

INTRODUCTION = """## Single slips

Each right solution is also changed in one place, in every way that `course/checks/slips` knows: an
operator, an index or a name for its neighbour, a number by one, a lost statement, bound or keyword,
exchanged arguments, axes or entries of a pair, a new array of another type, what is kept between
calls, and others. A change is wrong where the reference differs from it on one of up to 2,000
random allowed inputs, which share nothing with the cases of the checks; the others change nothing
and do not count.
"""


def tallies(names: list[str], quick: bool) -> Iterator[Tally]:
    """Change every right solution of these exercises; yield each exercise once it is done."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = {
            name: [
                pool.submit(tally, name, place, quick)
                for place in range(len(right_solutions.solutions(name)))
            ]
            for name in names
        }
        try:
            for name, futures in running.items():
                counts = Tally(name)
                for future in futures:
                    counts.add(future.result())
                yield counts
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def markdown(rows: list[Tally]) -> str:
    """Set the tallies as a table, the sums last."""
    everything = Tally("all")
    for row in rows:
        everything.add(row)
    lines = [COLUMNS, ["---"] + ["---:"] * (len(COLUMNS) - 1)]
    lines += [row.cells() for row in (*rows, everything)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
