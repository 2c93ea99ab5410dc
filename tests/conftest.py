"""Which tests are slow, which files start first, and a line for each reason to skip."""

import gc
from collections import Counter

import pytest

from autograder.startup import skip_address_grammars

skip_address_grammars()

LONGEST = "test_proof.py"
# Each starts a browser, a kernel, a server or a process that grades, or grades in this process.
STARTERS = {
    "built_copy",
    "chromium",
    "doubling_files",
    "filled_gradebook",
    "nbgrader",
    "packages",
    "plain",
    "scheduler",
    "server",
    "side",
    "site",
}


def pytest_configure(config):
    """Name the marker; `make quick` leaves these tests out."""
    config.addinivalue_line(
        "markers", "slow: needs a browser or a kernel, grades, tries whole classes, or trains"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage while modules are imported, and later among none of what they made.

    The search would take half of the time of collection, and then a twelfth of that of the tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Look for examples in no file of tests: it would take a sixth of the time of collection."""
    return [found for found in (yield) if type(found) is pytest.Module]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    """Leave all that is there to the end of the process: the interpreter would search it again."""
    gc.freeze()


# First of all, for xdist and -m look at what is left and marked here.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what uses a starter, and put files with slow tests first, the longest before all.

    So workers end together.
    """
    for item in items:
        if STARTERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path.name != LONGEST, item.path not in slow))


def pytest_terminal_summary(terminalreporter):
    """Say why tests were skipped, one line a reason."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.getreports("skipped")
        if isinstance(report.longrepr, tuple)
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} skipped: {reason}")
