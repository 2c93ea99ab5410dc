"""Tests that what is committed depends on no processor: other vectors, kernels and threads."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder import hidden_tests
from autograder.exercises import EXERCISES, LESSONS
from autograder.notebooks.build import kept
from autograder.notebooks.layout import cases_path, notebook_path
from autograder.startup import START
from course.checks.sealed import seal

ROOT = Path(__file__).parents[3]
# What this processor has beyond the least that numpy needs: X86_V4, AVX512_ICL, ...
EXTENSIONS = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
WIDEST = [name for name in EXTENSIONS if "512" in name or name == "X86_V4"]
ARM = platform.machine() in ("arm64", "aarch64")
# Kernels of OpenBLAS, numpy's extensions that are switched off, threads, and whether lessons run.
SETTINGS = {
    "older kernels, no extensions": ("ARMV8" if ARM else "Nehalem", EXTENSIONS, 1, True),
    "common kernels, no wide vectors": ("NEOVERSEN1" if ARM else "Haswell", WIDEST, 2, False),
}
# Lesson 13 trains a learner's own layer for minutes.
PRINTED = [lesson.name for lesson in LESSONS if lesson.number != "13"]


def can_run(kernels, environment):
    """Tell whether a product in a process with this environment runs on these kernels."""
    code = "import numpy, threadpoolctl as t; numpy.ones((9, 9)) @ numpy.ones((9, 9)); "
    code += "print(*(pool.get('architecture') for pool in t.threadpool_info()))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return kernels.lower() in done.stdout.lower().split()


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_another_processor_computes_what_is_committed(setting, tmp_path):
    """Do cases and printed numbers come out the same, and does a build leave the files alone?"""
    kernels, without, threads, lessons = SETTINGS[setting]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "PYTHONPATH": str(ROOT)}
    environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(without)
    environment["OPENBLAS_CORETYPE"] = kernels
    if not can_run(kernels, environment):
        pytest.skip(f"this processor cannot run OpenBLAS's {kernels} kernels")
    command = [sys.executable, "-c", START, "tests.autograder.notebooks.elsewhere", str(tmp_path)]
    done = subprocess.run(
        [*command, *(PRINTED if lessons else ())],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    changed = []
    for lesson in LESSONS:
        path = cases_path(lesson.name)
        built = (tmp_path / f"{lesson.name}.json").read_bytes()
        if kept(ROOT, {path: built})[path] != (ROOT / path).read_bytes():
            changed.append(path)
    assert changed == []
    texts = json.loads((tmp_path / "printed.json").read_text("utf-8"))
    assert sum(map(len, texts.values())) >= (40 if lessons else 0)
    for name, cells in texts.items():
        notebook = json.loads((ROOT / notebook_path("solutions", name)).read_text("utf-8"))
        for number, text in cells.items():
            outputs = notebook["cells"][int(number)]["outputs"]
            committed = [o["text"] for o in outputs if o["output_type"] == "stream"]
            assert text == "".join("".join(part) for part in committed), (name, number)


@pytest.mark.parametrize("name", [e.name for e in EXERCISES.values() if e.kind == "prediction"])
def test_a_predicted_value_is_recognised_however_its_last_digits_round(name):
    """Is a sealed number the same one when it comes out larger or smaller by a few roundings?"""
    value = hidden_tests.reference_of(name)()
    for number in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(number, (float, np.floating)):
            rounded = {seal(float(number) * (1 + by), name) for by in (-1e-14, 0, 1e-14)}
            assert len(rounded) == 1
