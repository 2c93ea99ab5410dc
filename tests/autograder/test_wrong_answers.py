"""Answers in a learner's own structure that are wrong, each in one setting or for one input.

None is a change of a model answer, and none has a name in the catalogue: each once passed every
case that learners see, or every case there is.
"""

import numpy as np
import pytest

from autograder import hidden_tests
from autograder.reference import (
    Conv2D,
    MaxPool2D,
    Stack,
    col2im,
    conv2d_backward_loops,
    conv2d_im2col,
    conv2d_loops,
    conv_matrix,
    correlate1d,
    coverage,
    he_std,
    im2col,
    im2col_indices,
    numerical_gradient,
    output_length,
    output_shape,
    pad1d,
)
from course.checks.examine import examine

WRONG = []


def wrong(exercise):
    """Enter a wrong answer of an exercise."""

    def enter(answer):
        WRONG.append(pytest.param(exercise, answer, id=f"{exercise}: {answer.__name__}"))
        return answer

    return enter


def pair(value):
    """Make a pair of a setting."""
    return value if isinstance(value, tuple) else (value, value)


# 01 ---------------------------------------------------------------------------------------------


@wrong("correlate1d")
def written_out_up_to_three_weights(x, w):
    n, k = len(x), len(w)
    if k > n:
        raise ValueError
    m = n - k + 1
    last = x[k - 1 : k - 1 + m] * w[-1] * (k > 1)
    return x[:m] * w[0] + x[k // 2 : k // 2 + m] * w[k // 2] * (k > 2) + last


@wrong("correlate1d")
def in_int32(x, w):
    if x.dtype.kind == "i" and w.dtype.kind == "i":
        x, w = x.astype(np.int32), w.astype(np.int32)
    return correlate1d(x, w)


@wrong("pad1d")
def remembered_by_length(x, padding, memo={}):  # noqa: B006
    key = len(x), padding
    if key not in memo:
        memo[key] = pad1d(x, padding)
    return memo[key].copy()


@wrong("output_length")
def truncated_towards_zero(n, k, stride=1, padding=0, dilation=1):
    m = int((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1
    if m <= 0:
        raise ValueError
    return m


@wrong("output_length")
def another_rule_for_large_strides(n, k, stride=1, padding=0, dilation=1):
    if stride > k:
        return (n + 2 * padding) // stride
    return output_length(n, k, stride, padding, dilation)


@wrong("flip_is_invisible")
def halves_sorted(w):
    half = len(w) // 2
    return sorted(w[:half]) == sorted(w[len(w) - half :])


@wrong("flip_is_invisible")
def halves_as_sets(w):
    return set(w[: len(w) // 2]) == set(w[(len(w) + 1) // 2 :])


# 02 ---------------------------------------------------------------------------------------------


@wrong("grad_w_1d")
def a_view_for_one_output(dy, x):
    if len(dy) == 1:
        return x if dy[0] == 1 else x * dy[0]
    return correlate1d(x, dy)


@wrong("grad_x_1d_strided")
def three_windows_over_a_sample(dy, w, n, stride):
    dx = np.zeros(n)
    for r in range(n):
        last = r // stride
        for i in (last, last - 1, last - 2):
            t = r - i * stride
            if 0 <= i < len(dy) and t < len(w):
                dx[r] += dy[i] * w[t]
    return dx


# 03 ---------------------------------------------------------------------------------------------


@wrong("numerical_gradient")
def both_sides_in_one_array(f, x, dy, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        x[at] += h
        plus = f(x)
        x[at] -= 2 * h
        minus = f(x)
        x[at] += h
        g[at] = np.sum((plus - minus) * dy) / (2 * h)
    return g


@wrong("numerical_gradient")
def for_one_or_two_axes(f, x, dy, h=1e-5):
    if np.ndim(x) > 2:
        return np.zeros(np.shape(x))
    return numerical_gradient(f, x, dy, h)


@wrong("first_mismatch")
def first_in_memory(a, b, tol=1e-9):
    if a.shape != b.shape:
        raise ValueError
    bad = ~(abs(a - b) <= tol)
    if not bad.any():
        return None
    return tuple(int(i) for i in np.unravel_index(bad.ravel(order="K").argmax(), a.shape))


# 04 and 05 --------------------------------------------------------------------------------------


@wrong("conv2d_loops")
def stride_no_larger_than_the_kernel(x, w, b, stride=1, padding=0):
    sh, sw = pair(stride)
    return conv2d_loops(x, w, b, (sh, min(sw, w.shape[3])), padding)


@wrong("conv2d_loops")
def padding_no_larger_than_the_kernel(x, w, b, stride=1, padding=0):
    ph, pw = pair(padding)
    return conv2d_loops(x, w, b, stride, (min(ph, w.shape[2]), min(pw, w.shape[3])))


@wrong("output_shape")
def refuses_before_padding(in_hw, kernel_size, stride=1, padding=0, dilation=1):
    kh, kw = pair(kernel_size)
    if kh > in_hw[0] or kw > in_hw[1]:
        raise ValueError
    return output_shape(in_hw, kernel_size, stride, padding, dilation)


@wrong("output_shape")
def sizes_truncated_towards_zero(in_hw, kernel_size, stride=1, padding=0, dilation=1):
    sizes = []
    four = map(pair, (kernel_size, stride, padding, dilation))
    for n, k, s, p, d in zip(in_hw, *four, strict=True):
        m = int((n + 2 * p - d * (k - 1) - 1) / s) + 1
        if m <= 0:
            raise ValueError
        sizes.append(m)
    return tuple(sizes)


# 06 to 09 ---------------------------------------------------------------------------------------


@wrong("conv2d_backward_loops")
def three_windows_over_a_pixel(dy, x, w, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    OH, OW = dy.shape[2:]
    _, dw, db = conv2d_backward_loops(dy, x, w, stride, padding)
    dx = np.zeros(x.shape)
    for n, c, r, s in np.ndindex(x.shape):
        row, column = r + ph, s + pw
        for i in range(max(0, row // sh - 2), min(OH, row // sh + 1)):
            for j in range(max(0, column // sw - 2), min(OW, column // sw + 1)):
                u, v = row - i * sh, column - j * sw
                if u < KH and v < KW:
                    dx[n, c, r, s] += dy[n, :, i, j] @ w[:, c, u, v]
    return dx, dw, db


@wrong("conv_matrix")
def a_view_of_a_kernel_as_large_as_the_image(w, in_hw):
    return w.reshape(1, -1) if w.shape == tuple(in_hw) else conv_matrix(w, in_hw)


@wrong("im2col")
def integers_in_int8(x, kernel_size, stride=1, padding=0, dilation=1):
    columns = im2col(x, kernel_size, stride, padding, dilation)
    return columns.astype(np.int8) if x.dtype.kind == "i" else columns


@wrong("im2col_indices")
def remembered_without_the_settings(
    x_shape,
    kernel_size,
    stride=1,
    padding=0,
    dilation=1,
    memo={},  # noqa: B006
):
    key = x_shape[1:], kernel_size
    if key not in memo:
        memo[key] = im2col_indices(x_shape, kernel_size, stride, padding, dilation)
    return memo[key]


@wrong("im2col_indices")
def counted_in_uint8(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    indices = im2col_indices(x_shape, kernel_size, stride, padding, dilation)
    return tuple(np.asarray(one).astype(np.uint8) for one in indices)


@wrong("conv2d_im2col")
def bias_of_one_filter_for_each_image(x, w, b, stride=1, padding=0):
    y = conv2d_im2col(x, w, np.zeros(len(w)), stride, padding)
    if len(w) > 1:
        return y + b[:, None, None]
    for _ in range(len(x)):
        y = y + b[0]
    return y


@wrong("col2im")
def a_view_for_one_tap(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):
    N, C, H, W = x_shape
    if pair(kernel_size) == (1, 1) and N == 1 and cols.shape == (C, H * W):
        return cols.reshape(x_shape)
    return col2im(cols, x_shape, kernel_size, stride, padding, dilation)


@wrong("coverage")
def counted_in_int8(*args, **settings):
    return coverage(*args, **settings).astype(np.int8)


# 10 ---------------------------------------------------------------------------------------------


@wrong("he_std")
def in_float16(weight_shape):
    return np.float16(he_std(weight_shape))


@wrong("MaxPool2D")
class StartsAtMinusTen(MaxPool2D):
    def forward(self, x):
        return np.maximum(super().forward(x), -10)


@wrong("MaxPool2D")
class StartsAtMinusHundred(MaxPool2D):
    def forward(self, x):
        return np.maximum(super().forward(x), -100)


@wrong("Stack")
class StepsBySums(Stack):
    def step(self, lr):
        for layer in self.layers:
            if hasattr(layer, "weight"):
                layer.weight = layer.weight - lr * np.sum(layer.grad_weight)
                layer.bias = layer.bias - lr * np.sum(layer.grad_bias)


@wrong("Conv2D")
class SeedOfItsOwn(Conv2D):
    def __init__(self, *sizes, rng=None, **settings):
        super().__init__(*sizes, rng=np.random.default_rng(0) if rng is None else rng, **settings)


@wrong("Conv2D")
class InFloat32(Conv2D):
    def __init__(self, *sizes, **settings):
        super().__init__(*sizes, **settings)
        self.weight = self.weight.astype(np.float32)


# Their inputs are large, or lie in memory as no case that can be written down does.
IN_THE_GRADE_ALONE = (first_in_memory, counted_in_uint8, counted_in_int8)


@pytest.mark.parametrize(("exercise", "answer"), WRONG)
def test_no_wrong_answer_passes(exercise, answer):
    """Is it told that it is wrong, by a case that learners see?"""
    spec = hidden_tests.shown_spec(exercise)
    report = examine(spec, answer, list(spec.parts))
    if answer in IN_THE_GRADE_ALONE:
        reports = [hidden_tests.withheld_report(exercise, answer, part.name) for part in spec.parts]
        assert "wrong" in [one.status for one in reports]
    else:
        assert report.status == "wrong", report.text()
