"""Does the comparison of graders count what it says, and refuse to compare different grades?"""

import subprocess
import sys
from dataclasses import replace

import pytest

from benchmarks import processor
from benchmarks.grading import Latency, Timing, agree, hand_in, page, table
from benchmarks.processor import account

STOCK = Timing("stock", 10, 60.0, 20.0, {"ada000": 18.0, "ben000": 12.0}, 0.5)
OURS = Timing("ours", 20, 6.0, None, {"ada000": 18.0, "ben000": 12.0, "ada001": 18.0}, 1.25)


def test_rates_and_ratios():
    """Are 20 in 6 s twenty times as many as 10 in 60 s?"""
    rows = table([STOCK, OURS]).splitlines()[2:]
    assert rows[0] == "| stock | 10 | 60.0 | 10 | **1.0** | 2.00 s | 0.5 |"
    assert rows[1] == "| ours | 20 | 6.0 | 200 | **20.0** | not counted | 1.2 |"
    assert "grading adds 80 ms" in page([STOCK, OURS], Latency(0.2, 0.19, 0.12))


def test_different_grades_are_not_compared():
    """Does a way that is fast because it grades wrongly, or not everyone, stop the comparison?"""
    agree([STOCK, OURS])
    for scores in ({"ada000": 18.0, "ben000": 13.0}, {"ada000": 18.0}):
        with pytest.raises(SystemExit, match="ours gave other points"):
            agree([STOCK, replace(OURS, scores=scores)])


def test_the_class_is_handed_in_as_often_as_asked(tmp_path):
    """Are there as many folders as were counted, each with a notebook?"""
    assert hand_in(tmp_path, 2) == 20 == len(list(tmp_path.glob("submitted/*/*/*.ipynb")))


def test_processor_time_of_descendants_counts(monkeypatch, tmp_path):
    """Is a grandchild counted that nobody collects, and nothing where there is no group?"""
    spin = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
    ignored = "import os, signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\npid = os.fork()\n"
    waited = "try:\n    pid and os.waitpid(pid, 0)\nexcept ChildProcessError:\n    pass\n"
    with account() as used:
        if used.seconds is None:
            pytest.skip("no control group can be made here")
        command = [sys.executable, "-c", ignored + spin + waited]
        subprocess.run(used.wrapped(command), check=True, capture_output=True)
        assert used.seconds > 0.55
    monkeypatch.setattr(processor, "GROUPS", tmp_path / "none")
    with account() as used:
        assert used.seconds is None
        assert used.wrapped(["x"]) == ["x"]
