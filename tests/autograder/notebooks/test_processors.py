"""Tests that what is committed depends on no processor: other vectors, kernels and threads.

The cases of lessons are computed here under three settings.  `test_built_files.py` builds every
lesson as the oldest processor would, and `test_proof.py` computes the cases as this one does.
A setting that cannot be tried on this machine is skipped by its name: numpy's OpenBLAS may have no
kernels of it, or the processor cannot run them.
"""

import subprocess
import sys

import numpy as np
import pytest

from autograder import hidden_tests
from autograder.exercises import EXERCISES, LESSONS
from autograder.notebooks.layout import cases_path
from autograder.startup import START
from course.checks.sealed import seal
from tests.autograder.notebooks.processors import OTHERS, ROOT, environment_of, fits


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_another_processor_computes_what_is_committed(name, tmp_path):
    """Do the visible cases come out the same, so that a build leaves their files alone?

    Lesson 13 trains networks, which alone is work for two threads: it comes with these.
    """
    setting = OTHERS[name]
    environment = environment_of(setting)
    if environment is None:
        pytest.skip(f"OpenBLAS has no {setting.kernels} kernels here")
    lessons = [one for one in LESSONS if one.number != "13" or setting.threads == 2]
    command = [sys.executable, "-c", START, "tests.autograder.notebooks.elsewhere", str(tmp_path)]
    done = subprocess.run(
        [*command, *(lesson.number for lesson in lessons)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    changed = []
    for lesson in lessons:
        path = cases_path(lesson.name)
        if not fits(path, (tmp_path / f"{lesson.name}.json").read_bytes()):
            changed.append(path)
    assert changed == []


@pytest.mark.parametrize("name", [e.name for e in EXERCISES.values() if e.kind == "prediction"])
def test_a_predicted_value_is_recognised_however_its_last_digits_round(name):
    """Is a sealed number the same one when it comes out larger or smaller by a few roundings?"""
    value = hidden_tests.reference_of(name)()
    for number in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(number, (float, np.floating)):
            rounded = {seal(float(number) * (1 + by), name) for by in (-1e-14, 0, 1e-14)}
            assert len(rounded) == 1
