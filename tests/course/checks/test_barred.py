"""Are calls of what does the exercise's work found, and only in the answer?"""

import functools

import pytest

from course.checks.barred import barred_calls
from course.protocol import AnswerText, set_text

BARRED = ("numpy.convolve", "scipy.signal.convolve", "torch.nn.functional.conv2d")


def _answer(source, imports=""):
    answer = type("Answer", (), {})
    set_text(answer, AnswerText(source, imports))
    return answer


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("def f(x, w): return np.convolve(x, w)", "import numpy as np"),
        ("def f(x, w): return numpy.convolve(x, w)", "import numpy"),
        ("from numpy import convolve\ndef f(x, w): return convolve(x, w)", ""),
        ("def f(x, w): return slide(x, w)", "from numpy import convolve as slide"),
        ("def f(x, w):\n    import numpy as n\n    return n.convolve(x, w)", ""),
        ("c = np.convolve\ndef f(x, w): return c(x, w)", "import numpy as np"),
        ("def f(x, w): return F.conv2d(x, w)", "import torch.nn.functional as F"),
        ("def f(x, w): return signal.convolve(x, w)", "from scipy import signal"),
        ("from numpy import *\ndef f(x, w): return convolve(x, w)", ""),
        ("%time\ndef f(x, w): return np.convolve(x, w)", "import numpy as np"),
    ],
)
def test_a_barred_call_is_found_through_its_aliases(source, imports):
    """Is the call found however it was imported?"""
    assert len(barred_calls(_answer(source, imports), BARRED)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, w): return np.einsum('i,i->i', x, w)",
        "def f(x, w): 'as np.convolve does'\n",
        "def convolve(x, w): return x\ndef f(x, w): return convolve(x, w)",
        "def f(x: this is no Python",
        "",
    ],
)
def test_everything_else_is_welcome(source):
    """Is a learner's own work ever called barred?"""
    assert barred_calls(_answer(source, "import numpy as np"), BARRED) == []


def test_the_function_itself_is_no_answer():
    """Can np.convolve be handed in as the answer?"""
    import numpy as np

    assert barred_calls(np.convolve, BARRED) == ["numpy.convolve"]


GIVEN = ("numpy.convolve", "oracle")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, w): return oracle(f, x, w)",
        "o = oracle\ndef f(x, w): return o(x, w)",
        "def f(x, w):\n    ask = oracle\n    return ask(x, w)",
        "class F:\n    def backward(self, dy): return oracle(self.forward, self.x, dy)",
        "f = oracle",
    ],
)
def test_a_call_of_what_the_notebook_gives_is_found(source):
    """Is a bare call of a given function found, and through a plain alias too?"""
    assert barred_calls(_answer(source), GIVEN) == ["oracle"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, w): 'checked with oracle'\n",
        "def f(x, w): return x  # oracle(f, x, w) says the same",
        "def oracle(x, w): return x\ndef f(x, w): return oracle(x, w)",
        "def f(x, oracle): return oracle + x",
        "def f(x, w):\n    oracle = x + w\n    return oracle",
        "class F:\n    def f(self, x): return self.oracle(x)",
        "def f(x, w): return my_oracle(x, w)",
    ],
)
def test_a_name_of_the_learners_own_is_welcome(source):
    """Is a function or a variable of the learner's, under the same name, left alone?"""
    assert barred_calls(_answer(source), GIVEN) == []


def test_the_given_function_is_no_answer():
    """Can the given function be handed in as it is, or with a parameter filled in?"""

    def oracle(x, w):
        return x

    assert barred_calls(oracle, GIVEN) == ["oracle"]
    assert barred_calls(functools.partial(oracle, w=1), GIVEN) == ["oracle"]
