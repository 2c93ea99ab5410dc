"""Does a person see how far it is, and a log one line a learner?"""

import io
import re

from autograder.pipeline.gradebook.results import Result
from autograder.pipeline.grading.progress import progress
from autograder.pipeline.records import Record

FINE = Result("ann", Record("graded"), 5.0, 7.0, 1)
BAD = Result("bob", Record("unreadable", "[bold]x.ipynb[/bold] is empty"))


class Terminal(io.StringIO):
    """A terminal as far as Python can tell."""

    def isatty(self):
        """Say so."""
        return True


def shown(out, total=3):
    """Grade two learners, a third one's grade stands; return what was written."""
    with progress(total, out) as show:
        show.graded(FINE)
        show.unchanged(1)
        show.graded(BAD)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())


def test_a_log_gets_one_line_a_learner():
    """Is every line whole, numbered, and nothing drawn over?"""
    assert shown(io.StringIO()).splitlines() == [
        "[1/3] ann: graded | 5 / 7 (1 by hand)",
        "[3/3] bob: unreadable ([bold]x.ipynb[/bold] is empty)",
    ]


def test_a_terminal_gets_a_bar_with_rate_and_time_left(monkeypatch):
    """Are count, rate and time left drawn, and only who needs a look named above the bar?"""
    monkeypatch.setenv("TERM", "xterm")
    text = shown(Terminal())
    assert "3/3" in text
    assert re.search(r"\d+ a minute", text)
    assert re.search(r"\d:\d\d:\d\d", text)
    assert "bob: unreadable ([bold]x.ipynb[/bold] is empty)" in text
    assert "ann" not in text


def test_a_stream_without_end_is_counted():
    """Is there a number where no total is known?"""
    assert shown(Terminal(), total=None).startswith("[1] ann")
