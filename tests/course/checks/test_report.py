"""Is a report safe and readable in a notebook, and without a traceback?"""

from dataclasses import replace

import numpy as np
import pytest

from course.checks import check, shown
from course.checks import report as reports
from course.checks.report import CheckFailed, Report
from course.checks.seen import brief
from course.protocol import collected, collector

REPORT = Report(
    "correlate1d",
    "values",
    "wrong",
    "not right yet: <script>alert(1)</script> differs.",
    ["correlate1d(x=[1, 2])", "`code`"],
    "flips-the-kernel",
    "the kernel is flipped",
    "Which entry meets `x[0]`?",
)


def test_every_text_in_the_card_is_escaped():
    """Can a learner's value put a script into the page?"""
    card = REPORT.html()
    assert "<script" not in card
    assert "&lt;script&gt;" in card
    assert "<code>x[0]</code>" in card


def test_the_plain_text_holds_everything():
    """Does a terminal show as much as a notebook?"""
    text = REPORT.text()
    for piece in (REPORT.headline, *REPORT.details, REPORT.name, REPORT.hint):
        assert piece in text


def test_a_report_is_plain_data():
    """Can the grader store it?"""
    assert REPORT.as_dict()["misconception"] == "flips-the-kernel"


@pytest.mark.parametrize("shown", [True, False])
def test_ipython_shows_no_traceback(shown):
    """Does a failed check show the inside of the checks?"""
    from IPython.testing.globalipapp import get_ipython, start_ipython

    shell = start_ipython() or get_ipython()
    lines = CheckFailed(REPORT, shown)._render_traceback_()
    assert not any("Traceback" in line or "raise " in line for line in lines)
    if not shown:
        assert "\n".join(lines) == REPORT.text()
    assert shell is not None


def test_reports_are_collected_instead_of_shown(capsys):
    """Does a grader get them as data, the inner one of two first, and is nothing printed?"""
    with collected() as outer:
        with collected() as inner:
            assert reports.show(REPORT) is False
        reports.show(REPORT)
    assert inner == outer == [REPORT]
    assert capsys.readouterr().out == ""
    assert collector() is None


class Kernel:
    """A kernel of a notebook, with a person before it or none."""

    def __init__(self, person: bool):
        self._allow_stdin = person


@pytest.mark.parametrize("person", [True, False])
def test_an_unwritten_answer_is_no_error_where_a_person_reads(monkeypatch, person):
    """Does a person get a card alone, and a program that grades an error?"""
    cards = []
    monkeypatch.setattr(reports, "_kernel", lambda: Kernel(person))
    monkeypatch.setattr("IPython.display.display", lambda data, **_: cards.append(data))
    if person:
        check("last_output", None)
        assert "not written yet" in cards[0]["text/html"]
    else:
        with pytest.raises(CheckFailed, match="not written yet"):
            check("last_output", None)


def flipped():
    """Make a new answer that flips the kernel: of one that is known less is told."""

    def correlate1d(x, w):
        k = len(w)
        if k > len(x):
            raise ValueError("too long")
        return np.array([x[i : i + k] @ w[::-1] for i in range(len(x) - k + 1)])

    return correlate1d


@pytest.mark.parametrize("person", [True, False])
def test_a_failed_case_comes_in_a_figure_where_a_person_reads(monkeypatch, person):
    """Does a person get the folded figure under the card, and a program the card alone?"""
    cards = []
    monkeypatch.setattr(reports, "_kernel", lambda: Kernel(person))
    monkeypatch.setattr("IPython.display.display", lambda data, **_: cards.append(data))
    with pytest.raises(CheckFailed) as failed:
        check("correlate1d", flipped(), "values")
    (card,) = cards
    assert card["text/html"].startswith(failed.value.report.html())
    assert ("Show this case in the figure" in card["text/html"]) == person
    assert card["text/plain"] == failed.value.report.text()


def test_a_failing_figure_leaves_the_message_alone(monkeypatch):
    """Where no figure can be made, is the card shown as if there were none for it?"""
    cards = []
    monkeypatch.setattr(reports, "_kernel", lambda: Kernel(True))
    monkeypatch.setattr("IPython.display.display", lambda data, **_: cards.append(data))
    monkeypatch.setattr(shown, "failed_case", lambda *_: 1 / 0)
    with pytest.raises(CheckFailed) as failed:
        check("correlate1d", flipped(), "lengths")
    assert [one["text/html"] for one in cards] == [failed.value.report.html()]


def test_one_mistake_is_told_at_length_once():
    """Is it one line under the next part, and told at length again of a new answer?"""
    first, second = replace(REPORT, exercise="e", part="a"), replace(REPORT, exercise="e", part="b")
    answer, other = object(), object()
    assert brief(first, answer) is first
    assert brief(second, answer).details == ["As under part a: the kernel is flipped."]
    assert brief(second, answer).hint == ""
    assert brief(first, answer) is first
    assert brief(second, other) is second
