"""Is a report safe and readable in a notebook, and without a traceback?"""

import pytest

from course.checks import report as reports
from course.checks.report import CheckFailed, Report
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
