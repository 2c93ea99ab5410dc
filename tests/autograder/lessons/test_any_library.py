"""Lesson 11's optional section: does one layer run on every array library that it names?"""

import contextlib
import io
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder import reference
from autograder.notebooks.layout import notebook_path
from tests.autograder.reference.geometries import torch_or_skip

ROOT = Path(__file__).parents[3]
NAME = "11_layouts_and_speed"
SECTION = ("def layer_of_any_library", "def at_hand", "from types import")
X = np.random.default_rng(3).normal(size=(2, 3, 6, 8))
W = np.random.default_rng(4).normal(size=(4, 3, 3, 2))
B = np.random.default_rng(5).normal(size=4)
SETTINGS = {"stride": (1, 2), "padding": (2, 1)}


@pytest.fixture(scope="module")
def lesson():
    """The solved lesson's names after its setup, its answers and the section; what it printed."""
    cells = nbformat.read(ROOT / notebook_path("solutions", NAME), as_version=4).cells
    wanted = ("import os", "def pair", "def im2col_nhwc", "def conv2d_nhwc", *SECTION)
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in cells:
            if cell.cell_type == "code" and cell.source.startswith(wanted):
                exec(cell.source, names)
    return names, printed.getvalue()


def strict(array):
    return pytest.importorskip("array_api_strict").asarray(array)


def tensor(array):
    return torch_or_skip().asarray(array)


@pytest.mark.parametrize("made_by", [np.asarray, strict, tensor])
def test_the_layer_runs_on_the_standards_functions_alone(lesson, made_by):
    """Does it agree with the reference, also on a library that has the array API alone?"""
    names, _ = lesson
    y = names["layer_of_any_library"](*map(made_by, (X, W, B)), **SETTINGS)
    assert type(y) is type(made_by(X))
    right = reference.conv2d_loops(X, W, B, **SETTINGS)
    np.testing.assert_allclose(np.asarray(y), right, rtol=0, atol=1e-12)


def test_the_model_answer_runs_unchanged_on_tensors(lesson):
    """Does conv2d_nhwc, with `np` read as PyTorch, give a tensor with the right numbers?"""
    names, _ = lesson
    xp = names["array_namespace"](tensor(X))
    _, layer = names["with_library"](xp, names["im2col_nhwc"], names["conv2d_nhwc"])
    rows = W.transpose(0, 2, 3, 1).reshape(4, -1)
    y = layer(tensor(X.transpose(0, 2, 3, 1)), tensor(rows), tensor(B), (3, 2), (1, 2), (2, 1))
    assert type(y) is type(tensor(X))
    right = reference.conv2d_loops(X, W, B, **SETTINGS).transpose(0, 2, 3, 1)
    np.testing.assert_allclose(np.asarray(y), right, rtol=0, atol=1e-12)


def test_an_answer_with_calls_of_numpy_alone_is_told_what_is_missing(lesson):
    """Is the first call that the library does not know named, and does the section go on?"""
    names, _ = lesson
    tensor(X)
    source = "def conv2d_nhwc(x, w, b, size, stride, padding):\n    return np.pad(x, padding)"
    last = next(cell for cell in section() if cell.startswith("from types import"))
    own = {**names}
    exec(source, own)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(last, own)
    assert "PyTorch: your layer stops with AttributeError" in printed.getvalue()
    assert "pad" in printed.getvalue()


def test_what_is_skipped_is_said(lesson, monkeypatch):
    """Without PyTorch, CuPy and a GPU, does each get a sentence, and numpy its turn?"""
    names, _ = lesson
    for library in ("torch", "cupy"):
        monkeypatch.setitem(sys.modules, library, None)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert list(dict(names["at_hand"]())) == ["numpy"]
    assert [line.partition(" is ")[0] for line in printed.getvalue().splitlines()] == [
        "PyTorch",
        "CuPy",
    ]


def test_without_the_package_the_section_says_so_and_goes_on(lesson, monkeypatch):
    """Is one sentence all that happens where array-api-compat is missing?"""
    names, _ = lesson
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in section():
            exec(cell, {**names})
    assert "This section is skipped: it needs the package array-api-compat." in printed.getvalue()


def section():
    """Return the code of the section's cells."""
    cells = nbformat.read(ROOT / notebook_path("release", NAME), as_version=4).cells
    return [cell.source for cell in cells if cell.source.startswith(SECTION)]
