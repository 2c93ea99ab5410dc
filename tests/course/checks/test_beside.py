"""Is no mistake told that only a change of the answer makes?"""

import numpy as np
import pytest

from course.checks import beside, cases
from course.checks import search as searching
from course.checks.examine import examine

WRONG = []


def wrong(answer):
    """Note a wrong answer whose mistake is not in the catalogue; its name is the exercise's."""
    WRONG.append(answer)
    return answer


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """Give searches more processor time: a busy machine counts more of it for the same work."""
    monkeypatch.setattr(searching, "SECONDS", 20)


@wrong
def grad_x_1d(dy, w):
    """Read dy at negative indices, from its end."""
    dx = np.zeros(len(dy) + len(w) - 1)
    for r in range(len(dx)):
        for t in range(len(w)):
            if r - t < len(dy):
                dx[r] += dy[r - t] * w[t]
    return dx


@wrong
def grad_b_1d(dy):
    """Take three outputs for granted."""
    return dy @ np.array([1, 1, 1])


@wrong
def first_mismatch(a, b, tol=1e-9):
    """Take the smallest index on each axis alone."""
    if a.shape != b.shape:
        raise ValueError("shapes")
    w = np.where(~(np.abs(a - b) <= tol))
    if len(w[0]) == 0:
        return None
    return tuple(int(v.min()) for v in w)


@wrong
def relative_error(a, b, floor=1e-8):
    """Compute in float32."""
    a, b = np.float32(a), np.float32(b)
    if not a.size:
        return 0.0
    apart = abs(a - b).max()
    return float(apart / max((abs(a) + abs(b)).max(), floor))


@wrong
def pad2d(x, padding):
    """Pad every axis."""
    return np.pad(x, padding)


@wrong
def same_padding(n, k, stride=1, dilation=1):
    """Round halves to the even number."""
    m = -(-n // stride)
    z = max(0, (m - 1) * stride + dilation * (k - 1) + 1 - n)
    return round(z / 2), z - round(z / 2)


@wrong
def choose_layer(n, m):
    """Take the strides to fit."""
    s = n // m
    k = s + 1
    if k % 2 == 0:
        k += 1
    p = (k - 1) // 2
    return k, s, p


@wrong
def he_std(weight_shape):
    """Take a square kernel for granted."""
    F, C, k, _ = weight_shape
    return (2 / (C * k**2)) ** 0.5


@wrong
def receptive_field(layers):
    """Lose the dilation of the first layer."""
    if not layers:
        return 1, 1
    k, s, _, d = layers[0]
    r, j = k, s
    for k, s, _, d in layers[1:]:
        r += d * (k - 1) * j
        j *= s
    return r, j


@wrong
class Stack:
    """Turn the list of layers around for good."""

    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        self.layers.reverse()
        for layer in self.layers:
            dy = layer.backward(dy)
        return dy

    def step(self, lr):
        for layer in self.layers:
            if hasattr(layer, "weight"):
                layer.weight = layer.weight - lr * layer.grad_weight
                layer.bias = layer.bias - lr * layer.grad_bias


@wrong
def tie_gradient(G, kernel_size, in_hw):
    """Count the weights from 0, and so take in what is no weight."""
    (kh, kw), (h, w) = kernel_size, in_hw
    oh, ow = h - kh + 1, w - kw + 1
    M = np.zeros(G.shape, int)
    for i, j, a, b in np.ndindex(oh, ow, kh, kw):
        M[i * ow + j, (i + a) * w + j + b] = a * kw + b
    return np.array([G[k == M].sum() for k in range(kh * kw)]).reshape(kh, kw)


@pytest.mark.parametrize("answer", WRONG, ids=lambda answer: answer.__name__)
def test_no_mistake_is_told_that_a_change_makes(answer):
    """Is the answer wrong, and no catalogued mistake told for it?"""
    spec = cases.spec(answer.__name__)
    report = examine(spec, answer, list(spec.parts))
    assert report.status == "wrong"
    assert report.misconception is None


ONE, OTHER = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (ONE[:2], True),
        (OTHER, False),
        (2 * ONE, False),
        (np.array([3.0, 2.0, 3.0]), False),
        (ONE[:, None], False),
        (None, False),
    ],
)
def test_a_mistake_shows_where_its_numbers_stand(before, shown):
    """Do most of its numbers have to be there, and none that was right before?"""
    assert beside.shows([(before, ONE, OTHER)]) is shown
    inside = ({"dx": before, "db": 1}, {"dx": ONE, "db": 1}, {"dx": OTHER, "db": 1})
    assert beside.shows([inside]) is shown
    assert beside.shows([((before, 1), (ONE, 1), (OTHER, 1))]) is shown


def test_what_the_mistake_leaves_right_tells_nothing():
    """Does a case in which the mistake has no effect count for neither?"""
    assert not beside.shows([(OTHER, OTHER, OTHER)])
    assert beside.shows([(ONE, ONE, OTHER), (2 * OTHER, OTHER, OTHER)])
