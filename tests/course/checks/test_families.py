"""Is every library function that convolves barred, and found however it is called?"""

import contextlib
import importlib
import io
import signal
import warnings

import numpy as np
import pytest

from course.checks.barred import barred_calls
from course.checks.families import FAMILIES, members
from course.protocol import AnswerText, set_text

BARRED = sorted(set(members(tuple(FAMILIES))))
X, W = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 2, 3])
IMAGE, KERNEL = np.arange(1.0, 10).reshape(3, 3), np.array([[1.0, 2], [3, 4]])
CALLS = [(X, W), (W, X), (W, 1.0, X), (W, [1.0], X), (IMAGE, KERNEL), (KERNEL, IMAGE)]
# P1 and P2, correlated and convolved.
RESULTS = [[[14, 20, 26]], [[10, 16, 22]], [[37, 47], [67, 77]], [[23, 33], [53, 63]]]
MODULES = [
    "numpy",
    "numpy.fft",
    "numpy.lib",
    "numpy.lib.stride_tricks",
    "numpy.linalg",
    "numpy.ma",
    *(f"numpy.polynomial.{name}" for name in ("polynomial", "chebyshev", "legendre", "hermite")),
    "scipy.fft",
    "scipy.linalg",
    "scipy.ndimage",
    "scipy.signal",
]
# These read and write files, wait, or change how numpy behaves.
LEFT_OUT = {"test", "info", "save", "savetxt", "savez", "savez_compressed", "load", "loadtxt"}
LEFT_OUT |= {"fromfile", "genfromtxt", "fromregex", "memmap", "seterr", "seterrcall", "show_config"}


def exists(dotted):
    """Return what a dotted name stands for; skip where its library is not installed."""
    path, _, leaf = dotted.rpartition(".")
    pytest.importorskip(dotted.split(".")[0], reason="PyTorch is not installed")
    return getattr(importlib.import_module(path), leaf)


@pytest.mark.parametrize("dotted", BARRED)
def test_a_barred_name_is_a_function_and_is_found(dotted):
    """Is each name spelled as its library spells it, and found by module and by import?"""
    assert callable(exists(dotted))
    module, _, leaf = dotted.rpartition(".")
    for cell in (
        f"import {module}\ndef f(x, w): return {dotted}(x, w)",
        f"from {module} import {leaf} as slide\ndef f(x, w): return slide(x, w)",
        f"import {module} as m\ndef f(x, w):\n    go = m.{leaf}\n    return go(x, w)",
    ):
        answer = type("Answer", (), {})
        set_text(answer, AnswerText(cell, (), "f"))
        assert barred_calls(answer, (dotted,)) == [dotted], cell


def convolves(function):
    """Tell whether a call of a function with a signal and a kernel does the exercise's work."""
    for args in CALLS:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
                found = np.asarray(function(*given), dtype=float).ravel()
        except Exception:
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if any(all(side_by_side(found, row) for row in right) for right in RESULTS):
            return True
    return False


def side_by_side(numbers, row):
    """Tell whether a row of numbers stands somewhere in others."""
    places = range(len(numbers) - len(row) + 1)
    return any(np.allclose(numbers[i : i + len(row)], row) for i in places)


@pytest.mark.parametrize("module", MODULES)
def test_no_other_function_does_the_work(module):
    """Is each function barred that gives what lessons 01 and 04 compute by hand?"""

    def late(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    found = []
    try:
        held = importlib.import_module(module)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for name in sorted(set(dir(held)) - LEFT_OUT):
                function = getattr(held, name)
                if not name.startswith("_") and callable(function) and convolves(function):
                    found.append(f"{module}.{name}")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert set(found) <= set(BARRED)
    if module in ("numpy", "scipy.signal", "scipy.ndimage"):
        assert found  # the search sees those that are known
