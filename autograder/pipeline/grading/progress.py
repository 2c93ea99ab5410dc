"""Show how far a class is: a bar with rate and time left on a terminal, plain lines elsewhere."""

import sys
from collections import Counter
from time import monotonic
from typing import TextIO

from autograder.pipeline.gradebook.results import Result
from autograder.words import shown


def row_text(row: Result) -> str:
    """Return one learner's line.

    Examples
    --------
    >>> from autograder.pipeline.gradebook.database import Record
    >>> row_text(Result("ann", Record("unreadable", "it is empty")))
    'ann: unreadable (it is empty)'
    """
    record = row.record
    status = record.status + (f" ({record.reason})" if record.reason else "")
    said = filter(None, (status, row.points, row.diagnosis))
    return shown(f"{row.student}: " + " | ".join(said), 2000)


class LogLines:
    """One line a learner, for a log or a pipe."""

    def __init__(self, total: int | None, out: TextIO):
        self._total, self._out = total, out
        self._done = 0

    def __enter__(self) -> "LogLines":
        return self

    def __exit__(self, *exception) -> None:
        pass

    def graded(self, row: Result) -> None:
        """Print what is known of one learner."""
        self._done += 1
        place = f"{self._done}/{self._total}" if self._total is not None else f"{self._done}"
        print(f"[{place}] {row_text(row)}", file=self._out, flush=True)

    def unchanged(self, count: int) -> None:
        """Count learners whose grade stands, where the count has an end."""
        if self._total is not None:
            self._done += count


class Bar:
    """A bar with rate and time left; above it a line for each learner who is not simply graded."""

    def __init__(self, total: int, out: TextIO):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Left

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            Left(),
            console=Console(file=out),
            # No thread of its own: it is drawn when something has been written.
            auto_refresh=False,
        )
        self._task = self._bar.add_task("Grading", total=total, rate="")
        self._started = monotonic()
        self._count = 0

    def __enter__(self) -> "Bar":
        self._bar.start()
        self._bar.refresh()
        return self

    def __exit__(self, *exception) -> None:
        self._bar.stop()

    def graded(self, row: Result) -> None:
        """Move on by one learner."""
        if not row.record.is_graded or row.record.reason:
            self._bar.console.print(row_text(row), markup=False, highlight=False)
        self._count += 1
        rate = 60 * self._count / max(monotonic() - self._started, 1e-6)
        self._bar.update(self._task, advance=1, rate=f"{rate:.0f} a minute", refresh=True)

    def unchanged(self, count: int) -> None:
        """Move on by learners whose grade stands."""
        self._bar.update(self._task, advance=count, refresh=True)


def progress(total: int | None, out: TextIO | None = None) -> LogLines | Bar:
    """Return what shows `total` learners' progress on `out`; no total where no end is known."""
    out = out or sys.stdout
    return Bar(total, out) if total and out.isatty() else LogLines(total, out)


def summary(rows: list[Result], unchanged: int, seconds: float) -> str:
    """Return one line on a whole run.

    Examples
    --------
    >>> from autograder.pipeline.gradebook.database import Record
    >>> summary([Result("ann", Record("graded")), Result("bob", Record("missing"))], 3, 2.0)
    '1 graded, 1 missing, 3 unchanged, in 2.0 s'
    """
    counts = Counter(row.record.status for row in rows)
    words = [f"{count} {status}" for status, count in counts.items()]
    words += [f"{unchanged} unchanged"] if unchanged else []
    return f"{', '.join(words) or 'nothing to grade'}, in {seconds:.1f} s"
