"""A small exercise for the tests of the checks: double an array, refuse an empty one."""

import numpy as np

from course.checks.cases import Case, PartCases, Raised, Spec

X = np.array([1.0, 2.0, 4.0])

SPEC = Spec(
    name="double",
    kind="function",
    signature="(x)",
    barred=("numpy.convolve",),
    fresh=True,
    parts=(
        PartCases(
            "values",
            2,
            "short arrays",
            (
                Case((X,), 2 * X, {"squares": (X**2,), "adds-two": (X + 2,)}),
                Case(
                    (X[:2] + 1,),
                    2 * (X[:2] + 1),
                    {"squares": ((X[:2] + 1) ** 2,), "adds-two": (X[:2] + 3,)},
                ),
            ),
        ),
        PartCases("refuse", 1, "an empty array", (Case((X[:0],), Raised("ValueError"), {}),)),
    ),
    misconceptions={
        "squares": ("the entries are squared", "What is 1 times 2?"),
        "adds-two": ("2 is added", "What is 4 times 2?"),
    },
)
VALUES = [SPEC.parts[0]]


def double(x):
    """Answer rightly."""
    if not len(x):
        raise ValueError("empty")
    return 2 * x
