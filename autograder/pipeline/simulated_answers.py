"""What the simulated learners write: lesson 01 in four right styles, wrong ones, hostile ones."""

LENGTH = """
def output_length(n, k, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (k - 1) - 1
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1
"""
REFUSE = (
    '    if len(w) > len(x):\n        raise ValueError("the kernel is longer than the signal")\n'
)

LOOPS = {
    "last_output": "last_output = 26",
    "impulse_response": "impulse_response = [3, 2, 1]",
    "padded_length": "padded_length = 4",
    "correlate1d": f"""
def correlate1d(x, w):
{REFUSE}    y = []
    for i in range(len(x) - len(w) + 1):
        total = 0.0
        for t in range(len(w)):
            total += x[i + t] * w[t]
        y.append(total)
    return np.array(y)
""",
    "convolve1d": """
def convolve1d(x, w):
    k = len(w)
    y = np.zeros(len(x) - k + 1)
    for i in range(len(y)):
        for t in range(k):
            y[i] += x[i + t] * w[k - 1 - t]
    return y
""",
    "flip_is_invisible": """
def flip_is_invisible(w):
    for t in range(len(w)):
        if w[t] != w[len(w) - 1 - t]:
            return False
    return True
""",
    "pad1d": """
def pad1d(x, padding):
    padded = np.zeros(len(x) + 2 * padding)
    for i in range(len(x)):
        padded[i + padding] = x[i]
    return padded
""",
    "output_length": LENGTH,
    "why_flip": "Turning the kernel around makes an impulse return the kernel itself.",
}
SLICES = LOOPS | {
    "correlate1d": f"""
def correlate1d(x, w):
{REFUSE}    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])
""",
    "convolve1d": "def convolve1d(x, w):\n    return correlate1d(x, w[::-1])",
    "flip_is_invisible": "def flip_is_invisible(w):\n    return list(w) == list(w[::-1])",
    "pad1d": """
def pad1d(x, padding):
    zeros = np.zeros(padding)
    return np.concatenate([zeros, x, zeros])
""",
}
WINDOWS = SLICES | {
    "correlate1d": f"""
def correlate1d(x, w):
    from numpy.lib.stride_tricks import sliding_window_view

{REFUSE}    return sliding_window_view(x, len(w)) @ w
""",
    "flip_is_invisible": "def flip_is_invisible(w):\n    return np.array_equal(w, np.flip(w))",
}
EINSUM = WINDOWS | {
    "correlate1d": f"""
def correlate1d(signal, kernel):
    x, w = signal, kernel
{REFUSE}    places = np.arange(len(x) - len(w) + 1)[:, None] + np.arange(len(w))
    return np.einsum("ik,k->i", x[places], w)
""",
    "pad1d": "def pad1d(x, padding):\n    return np.pad(x, padding)",
}

FLIPS = (
    "def correlate1d(x, w):\n"
    + REFUSE
    + ("    return np.array([x[i : i + len(w)] @ w[::-1] for i in range(len(x) - len(w) + 1)])")
)
MISSES_LAST = (
    "def correlate1d(x, w):\n"
    + REFUSE
    + ("    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w))])")
)
FORGETS_FLIP = "def convolve1d(x, w):\n    return correlate1d(x, w)"
FORGETS_ONE = LENGTH.replace("stride + 1", "stride")
BARRED = 'def correlate1d(x, w):\n    return np.correlate(x, w, "valid")'
LOOPS_FOREVER = """
def convolve1d(x, w):
    i = 0
    while i < len(x):
        pass
"""
CHEATS = """
import builtins, sys
from pathlib import Path

import course.checks
import numpy as np

def check(*args, **kwargs):
    return None

course.checks.check = check
course.checks.CheckFailed = ZeroDivisionError
np.allclose = np.array_equal = lambda *args, **kwargs: True
builtins.AssertionError = ZeroDivisionError

class Equal:
    shape, dtype, ndim = (3,), np.dtype(float), 1
    def __eq__(self, other): return True
    def __len__(self): return 3
    def __array__(self, *args, **kwargs): return np.ones(3)

correlate1d = convolve1d = flip_is_invisible = pad1d = output_length = lambda *args: Equal()
"""
READS = """
found = []
here = Path.cwd()
for folder in [here, *here.parents]:
    for name in ("source", "solutions", "gradebook.db", "autograder"):
        try:
            place = folder / name
            files = [place] if place.is_file() else sorted(place.rglob("*.ipynb"))
            found += [file.read_bytes()[:100] for file in files]
        except OSError:
            pass
        try:
            with open(folder / "gradebook.db", "r+b") as book:
                book.write(b"mine")
        except OSError:
            pass
try:
    from autograder.reference import correlate1d, convolve1d, pad1d, output_length
except Exception:
    pass
"""
SCRIPT = """
The kernel is turned around so that an impulse returns it: $y_i = w_i$.

<script>document.title = "mine"</script>
<img src="x" onerror="document.title = 'mine'"> <a href="javascript:alert(1)">more</a>
"""
