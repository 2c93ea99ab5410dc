"""Is what was lost tried as a repair: a line, an index, a twin?"""

import ast

import pytest

from course.checks.slips import KINDS_OF_REPAIR, changes
from course.checks.slips.scope import scope_of
from course.checks.slips.twins import twin_of

CROP = "def f(x, p):\n    y = x + 1\n    return y"
LAYER = """
class Layer:
    def forward(self, x):
        y = x + 1
        return y

    def backward(self, dy):
        return dy * self.x
"""


def repaired(source: str) -> set[str]:
    """Write a source after each of its repairs."""
    tree, found = ast.parse(source), set()
    for slip in (slip for kinds in KINDS_OF_REPAIR for slip in changes(tree, kinds)):
        with slip.made():
            try:
                found.add(ast.unparse(ast.fix_missing_locations(tree)))
            except Exception:  # no Python
                continue
    return found


@pytest.mark.parametrize(
    ("wrong", "lost", "right"),
    [
        (CROP, "return y", "y = y[p:-p]\n    return y"),
        (CROP, "return y", "y = y[..., ::-1, ::-1]\n    return y"),
        (CROP, "return y", "y += x\n    return y"),
        ("def f(x):\n    y = x + 1", "y = x + 1", "y = x + 1\n    return y"),
        (LAYER, "        y = x + 1", "        self.x = x\n        y = x + 1"),
        ("for i in x:\n    for j in x:\n        y[i] = 1", "y[i]", "y[i, j]"),
        ("def f(x, w, i):\n    return x[i:]", "x[i:]", "x[i:i + len(w)]"),
        ("def f(d, k):\n    return d - 1", "d - 1", "d * (k - 1) - 1"),
        (
            "def f(x):\n    return (int(i) for i in x)",
            "(int(i) for i in x)",
            "tuple(int(i) for i in x)",
        ),
        (
            "def f(x, i, j, kh, kw):\n    return x[i:, j:j + kw]",
            "x[i:, j:j + kw]",
            "x[i:i + kh, j:j + kw]",
        ),
        (
            "def f(h, w, kh, kw):\n    return np.zeros((h - kh, 1))",
            "(h - kh, 1)",
            "(h - kh, w - kw)",
        ),
        (
            "def f(x, w):\n    oh = x.shape[0] - 1\n    return oh, ow",
            "oh = x.shape[0] - 1",
            "oh = x.shape[0] - 1\n    ow = x.shape[1] - 1",
        ),
    ],
)
def test_what_was_lost_is_tried(wrong, lost, right):
    """Is the right text among those that are tried?"""
    normal = ast.unparse(ast.parse(wrong.replace(lost, right)))
    assert normal in repaired(wrong)


def test_the_twin_is_the_name_of_the_other_axis():
    """Are names bound together taken for twins, and all others left as they are?"""
    scope = scope_of(ast.parse("def f(kh, kw, x): n, height, w = x.shape"))
    assert [twin_of(name, scope, 1) for name in ("kh", "height", "x")] == ["kw", "w", "x"]
    assert twin_of("kw", scope, -1) == "kh"
