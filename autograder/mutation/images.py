"""Allowed inputs of the exercises on images, columns and matrices."""

import numpy as np

from autograder.lessons.inputs import Inputs, given
from autograder.mutation.draw import (
    Shape,
    numbers,
    one_or_pair,
    pick,
    shape,
    whole,
    without_defaults,
)


def correlate2d(rng) -> Inputs:
    """Draw (x, w); now and then a kernel that does not fit on one axis."""
    kernel = whole(rng, 1, 3), whole(rng, 1, 3)
    size = [k + whole(rng, 0, 3) for k in kernel]
    if rng.random() < 0.06:
        axis = whole(rng, 0, 1)
        size[axis] = kernel[axis] - 1
        if not size[axis]:
            return given(numbers(rng, 2, 4), numbers(rng, 3, 1))
    return given(numbers(rng, *size), numbers(rng, *kernel))


def _plain(rng, s: Shape, *arrays) -> Inputs:
    return given(*without_defaults(rng, (*arrays, s.stride, s.padding), 1, 0))


def conv2d_loops(rng) -> Inputs:
    """Draw (x, w, b, stride, padding)."""
    s = shape(rng)
    return _plain(rng, s, numbers(rng, *s.x), numbers(rng, *s.w), numbers(rng, s.filters))


def output_shape(rng) -> Inputs:
    """Draw (hw, kernel_size, stride, padding, dilation); some do not fit."""
    s = shape(rng, dilated=True)
    hw = s.size
    if rng.random() < 0.1:
        hw = pick(rng, (1, hw[1]), (hw[0], 1), (1, 1))
    args = hw, s.kernel_size, s.stride, s.padding, s.dilation
    return given(*without_defaults(rng, args, 1, 0, 1))


def same_padding(rng) -> Inputs:
    """Draw (n, k, stride, dilation)."""
    args = whole(rng, 1, 12), whole(rng, 1, 7), pick(rng, 1, 1, 2, 3, 4), pick(rng, 1, 1, 2, 3)
    return given(*without_defaults(rng, args, 1, 1))


def choose_layer(rng) -> Inputs:
    """Draw (n, m) with room for m windows two pixels apart."""
    m = whole(rng, 1, 12)
    return given(2 * m + whole(rng, 0, 25), m, how="layer_settings")


def pad2d(rng) -> Inputs:
    """Draw (x, padding)."""
    s = shape(rng)
    return given(numbers(rng, *s.x), s.padding)


def conv2d(rng) -> Inputs:
    """Draw (x, w, b, stride, padding, dilation, groups); some have to be refused."""
    s = shape(rng, dilated=True, grouped=True)
    w_shape, x_shape, groups = list(s.w), list(s.x), s.groups
    refuse = rng.random()
    if refuse < 0.03:
        x_shape[1] += 1
    elif refuse < 0.06:
        groups = s.channels + 1
    elif refuse < 0.1:
        w_shape[whole(rng, 2, 3)] += 9
    args = numbers(rng, *x_shape), numbers(rng, *w_shape), numbers(rng, s.filters)
    args = *args, s.stride, s.padding, s.dilation, groups
    return given(*without_defaults(rng, args, 1, 0, 1, 1))


def conv2d_backward(rng) -> Inputs:
    """Draw (dy, x, w, stride, padding)."""
    s = shape(rng)
    return _plain(rng, s, numbers(rng, *s.y), numbers(rng, *s.x), numbers(rng, *s.w))


def dilate2d(rng) -> Inputs:
    """Draw (dy, stride)."""
    s = shape(rng)
    return given(numbers(rng, *s.y), s.stride)


def grad_x_as_convolution(rng) -> Inputs:
    """Draw (dy, w, x_shape, stride, padding)."""
    s = shape(rng)
    return _plain(rng, s, numbers(rng, *s.y), numbers(rng, *s.w), s.x)


def conv_matrix(rng) -> Inputs:
    """Draw (w, in_hw, stride)."""
    kernel = whole(rng, 1, 3), whole(rng, 1, 3)
    hw, (stride, _) = tuple(k + whole(rng, 0, 4) for k in kernel), one_or_pair(rng, 1, 3)
    return given(*without_defaults(rng, (numbers(rng, *kernel), hw, stride), 1))


def tie_gradient(rng) -> Inputs:
    """Draw (G, kernel_size, in_hw)."""
    kernel_size, kernel = one_or_pair(rng, 1, 3)
    hw = tuple(k + whole(rng, 0, 3) for k in kernel)
    outputs = np.prod([n - k + 1 for n, k in zip(hw, kernel, strict=True)])
    return given(numbers(rng, int(outputs), hw[0] * hw[1]), kernel_size, hw)


def conv_transpose2d(rng) -> Inputs:
    """Draw (y, w, stride)."""
    s = shape(rng)
    sizes = whole(rng, 1, 3), whole(rng, 1, 3)
    y, w = (
        numbers(rng, s.images, s.channels, *sizes),
        numbers(rng, s.channels, s.filters, *s.kernel),
    )
    return given(*without_defaults(rng, (y, w, s.stride), 1))


def im2col_indices(rng) -> Inputs:
    """Draw (x_shape, kernel_size, stride, padding, dilation)."""
    s = shape(rng, dilated=True)
    args = s.x, s.kernel_size, s.stride, s.padding, s.dilation
    return Inputs(without_defaults(rng, args, 1, 0, 1), "indices")


def im2col(rng) -> Inputs:
    """Draw (x, kernel_size, stride, padding, dilation)."""
    s = shape(rng, dilated=True)
    args = numbers(rng, *s.x), s.kernel_size, s.stride, s.padding, s.dilation
    return given(*without_defaults(rng, args, 1, 0, 1))


def coverage(rng) -> Inputs:
    """Draw (in_hw, kernel_size, stride)."""
    kernel_size, kernel = one_or_pair(rng, 1, 4)
    hw, (stride, _) = tuple(k + whole(rng, 0, 6) for k in kernel), one_or_pair(rng, 1, 4)
    return given(*without_defaults(rng, (hw, kernel_size, stride), 1))


def col2im(rng) -> Inputs:
    """Draw (cols, x_shape, kernel_size, stride, padding, dilation)."""
    s = shape(rng, dilated=True)
    rows = s.channels * s.kernel[0] * s.kernel[1]
    cols = numbers(rng, rows, s.out[0] * s.out[1] * s.images)
    args = cols, s.x, s.kernel_size, s.stride, s.padding, s.dilation
    return given(*without_defaults(rng, args, 1, 0, 1))


def _twice(x):
    return 2 * x


def _turned(x):
    return x[::-1]


def _neighbour_sums(x):
    return x[1:] + x[:-1]


def _spread_back(cols):
    return np.append(cols, 0) + np.append(0, cols)


def _stacked(x):
    return np.stack([x, 3 * x])


def _summed(cols):
    return cols[0] + 3 * cols[1]


ADJOINTS = ((_twice, _twice), (_turned, _turned), (_neighbour_sums, _spread_back))
ADJOINTS += ((_stacked, _summed),)


def adjoint_gap(rng) -> Inputs:
    """Draw (forward, adjoint, x, cols): adjoint ones on whole numbers, others on any."""
    forward, adjoint = pick(rng, *ADJOINTS)
    x = numbers(rng, whole(rng, 2, 5), kind=pick(rng, "int", "halves"))
    cols = numbers(rng, *forward(x).shape, kind=pick(rng, "int", "halves"))
    if rng.random() < 0.5:
        forward, adjoint = pick(rng, (_twice, _turned), (_turned, _twice), (_turned, np.negative))
        x, cols = numbers(rng, len(x)), numbers(rng, len(x))
    return given(forward, adjoint, x, cols)


def im2col_nhwc(rng) -> Inputs:
    """Draw (x, kernel_size, stride), x padded already."""
    s = shape(rng)
    size = [k + whole(rng, 0, 4) for k in s.kernel]
    x = numbers(rng, s.images, *size, s.channels)
    return given(*without_defaults(rng, (x, s.kernel_size, s.stride), 1))


def _rows(s: Shape) -> tuple[int, int]:
    return s.filters, s.kernel[0] * s.kernel[1] * s.channels


def conv2d_nhwc(rng) -> Inputs:
    """Draw (x, w, b, kernel_size, stride, padding)."""
    s = shape(rng)
    arrays = numbers(rng, *s.nhwc), numbers(rng, *_rows(s)), numbers(rng, s.filters)
    return _plain(rng, s, *arrays, s.kernel_size)


def conv2d_backward_nhwc(rng) -> Inputs:
    """Draw (dy, x, w, kernel_size, stride, padding)."""
    s = shape(rng)
    dy = numbers(rng, s.images, *s.out, s.filters)
    return _plain(rng, s, dy, numbers(rng, *s.nhwc), numbers(rng, *_rows(s)), s.kernel_size)
