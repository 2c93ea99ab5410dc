"""What simulated learners get wrong in lesson 01, and how often: texts like those that come in."""

from dataclasses import dataclass

from autograder.pipeline.simulated_answers import (
    BARRED,
    EINSUM,
    FLIPS,
    FORGETS_ONE,
    LENGTH,
    LOOPS,
    MISSES_LAST,
    REFUSE,
    SLICES,
    WINDOWS,
)


@dataclass(frozen=True)
class Wrong:
    """One wrong answer.

    Attributes
    ----------
    says : the misconception that the checks have to name, or the outcome where none has a name
    share : how often it is met, next to the exercise's other mistakes
    keeps : points that it still earns
    """

    says: str
    text: str
    share: float
    keeps: float = 0.0


# Right answers that need no other answer of the learner's, so that each stands or falls alone.
RIGHT = {
    "correlate1d": [style["correlate1d"] for style in (LOOPS, SLICES, WINDOWS, EINSUM)],
    "convolve1d": [
        LOOPS["convolve1d"],
        """
def convolve1d(x, w):
    flipped = w[::-1]
    return np.array([x[i : i + len(w)] @ flipped for i in range(len(x) - len(w) + 1)])
""",
        """
def convolve1d(signal, kernel):
    from numpy.lib.stride_tricks import sliding_window_view

    return sliding_window_view(signal, len(kernel)) @ np.flip(kernel)
""",
    ],
    "flip_is_invisible": [style["flip_is_invisible"] for style in (LOOPS, SLICES, WINDOWS)],
    "pad1d": [style["pad1d"] for style in (LOOPS, SLICES, EINSUM)],
    "output_length": [
        LENGTH,
        """
def output_length(n, k, stride=1, padding=0, dilation=1):
    extent = dilation * (k - 1) + 1
    if extent > n + 2 * padding:
        raise ValueError(f"{extent} samples do not fit into {n + 2 * padding}")
    return len(range(0, n + 2 * padding - extent + 1, stride))
""",
    ],
}


def _correlate(body: str) -> str:
    return f"def correlate1d(x, w):\n{REFUSE}{body}"


_SUMS = """
    y = np.zeros(len(x) - len(w) + 1{dtype})
    for i in range(len(y)):
        for t in range(len(w)):
            y[i] {sum} x[{sample}] * w[t]{after}
    return y
"""


def _loops(dtype="", sum="+=", sample="i + t", after="") -> str:
    return _correlate(_SUMS.format(dtype=dtype, sum=sum, sample=sample, after=after).lstrip("\n"))


_CONVOLVE = "def convolve1d(x, w):\n    return {}\n"
_PAD = "def pad1d(x, padding):\n    return {}\n"
_INVISIBLE = "def flip_is_invisible(w):\n    return {}\n"

WRONG = {
    "correlate1d": [
        Wrong("flips-the-kernel", FLIPS, 5),
        Wrong("misses-the-last-window", MISSES_LAST, 5),
        Wrong("integer-output", _loops(dtype=", dtype=int"), 3),
        Wrong("keeps-the-last-product", _loops(sum="="), 2),
        Wrong("reads-one-sample", _loops(sample="i"), 2),
        Wrong("stays-in-the-first-window", _loops(sample="t"), 1),
        Wrong("returns-too-early", _loops(after="\n        return y"), 2),
        Wrong("barred", BARRED, 2),
        Wrong("wrong", SLICES["correlate1d"].replace(REFUSE, ""), 4, keeps=5),
    ],
    "convolve1d": [
        Wrong(
            "kernel-not-flipped",
            _CONVOLVE.format(
                "np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])"
            ),
            6,
        ),
        Wrong(
            "windows-hang-over",
            """
def convolve1d(x, w):
    x = np.pad(x, len(w) - 1)
    return np.array([x[i : i + len(w)] @ w[::-1] for i in range(len(x) - len(w) + 1)])
""",
            2,
        ),
        Wrong(
            "output-backwards",
            _CONVOLVE.format(
                "np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])[::-1]"
            ),
            1,
        ),
    ],
    "flip_is_invisible": [
        Wrong("compares-the-ends", _INVISIBLE.format("bool(w[0] == w[-1])"), 4, keeps=1),
        Wrong("answers-the-opposite", _INVISIBLE.format("list(w) != list(w[::-1])"), 1),
        Wrong(
            "ignores-the-sign",
            _INVISIBLE.format("np.array_equal(abs(w), abs(w[::-1]))"),
            1,
            keeps=1,
        ),
        Wrong("nearly-equal-is-equal", _INVISIBLE.format("np.allclose(w, w[::-1])"), 2, keeps=1),
    ],
    "pad1d": [
        Wrong("pads-one-side", _PAD.format("np.append(x, np.zeros(padding))"), 3),
        Wrong("splits-the-padding", _PAD.format("np.pad(x, padding // 2)"), 2),
        Wrong("repeats-the-edge", _PAD.format('np.pad(x, padding, mode="edge")'), 1),
        Wrong("adds-instead-of-joining", _PAD.format("[0] * padding + x + [0] * padding"), 2),
        Wrong("wrong", _PAD.format("np.pad(x, padding) if padding else x"), 2, keeps=1),
    ],
    "output_length": [
        Wrong("forgets-the-first-window", FORGETS_ONE, 4),
        Wrong("padding-on-one-side", LENGTH.replace("2 * padding", "padding"), 3, keeps=1),
        Wrong("divides-to-a-float", LENGTH.replace("//", "/"), 2),
        Wrong("rounds-up", LENGTH.replace("room // stride", "-(-room // stride)"), 2, keeps=3),
        Wrong("ignores-the-dilation", LENGTH.replace("dilation * (k - 1) - 1", "k"), 3, keeps=3),
        Wrong(
            "dilation-times-kernel",
            LENGTH.replace("dilation * (k - 1) - 1", "dilation * k"),
            3,
            keeps=4,
        ),
        Wrong(
            "size-of-a-kernel-that-does-not-fit",
            LENGTH.replace("    if room < 0:\n", "").replace(
                '        raise ValueError("the kernel does not fit")\n', ""
            ),
            4,
            keeps=4,
        ),
    ],
}
