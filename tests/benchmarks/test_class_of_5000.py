"""Does the benchmark measure what it says, and stop where a step fails?"""

import sys

import pytest

from benchmarks.class_of_5000 import OURS, STOCK, Measured, measure, table

ALLOCATE = (
    "import time; held = bytearray(200 * 2**20); held[::4096] = b'x' * 51200; time.sleep(1.5)"
)


def test_time_and_memory_of_a_commands_family_are_measured(tmp_path):
    """Is what a child of the command holds counted too?"""
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {ALLOCATE!r}])"
    measured = measure([sys.executable, "-c", child], tmp_path)
    assert measured.seconds > 1.5
    if sys.platform == "linux":
        assert 200 < measured.peak < 300


def test_a_step_that_fails_ends_the_measurement(tmp_path):
    """Would a command that breaks pass for a quick one?"""
    with pytest.raises(SystemExit, match="ended with 3:\nbroken"):
        measure([sys.executable, "-c", "print('broken'); raise SystemExit(3)"], tmp_path)


def test_rates_and_the_ratio_are_computed():
    """Are learners a minute, and how many times longer the stock export takes, right?"""
    text = table({OURS: Measured(2.0, 100.4), STOCK: Measured(60.0, None)}, 5000)
    assert f"| {OURS} | 2.0 | 150,000 | 100 |" in text
    assert f"| {STOCK} | 60.0 | 5,000 | unknown |" in text
    assert "takes 30.0 times as long" in text
