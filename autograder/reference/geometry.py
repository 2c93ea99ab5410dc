"""Where the windows of a layer lie: sizes, padding and positions in two dimensions (lesson 05)."""

from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import Any

import numpy as np

from autograder.reference.arrays import check_array
from autograder.reference.signals import output_length

Pair = tuple[int, int]


def pair(value: Any, name: str, least: int = 1) -> Pair:
    """Return (value, value) for an int, and a pair as it is.

    Parameters
    ----------
    value : int, or a pair of ints, (for rows, for columns)
    name : what the value is called in the message
    least : smallest int allowed

    Raises
    ------
    ValueError
        If it is neither, or smaller than `least`.

    Examples
    --------
    >>> pair(3, "stride"), pair((1, 2), "stride")
    ((3, 3), (1, 2))
    """
    try:
        both = tuple(map(index, value if isinstance(value, (tuple, list)) else (value, value)))
    except TypeError:
        both = ()
    if len(both) != 2 or min(both) < least:
        raise ValueError(
            f"{name} has to be an int or a pair of ints, each at least {least}, "
            f"but {value!r} came in"
        )
    return both


def padding_pairs(padding: Any) -> tuple[Pair, Pair]:
    """Return the padding as ((top, bottom), (left, right)).

    Parameters
    ----------
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros

    Examples
    --------
    >>> padding_pairs((1, 2))
    ((1, 1), (2, 2))
    >>> padding_pairs(((0, 1), (2, 3)))
    ((0, 1), (2, 3))
    """
    if isinstance(padding, (tuple, list)) and all(isinstance(p, (tuple, list)) for p in padding):
        if len(padding) != 2:
            raise ValueError(
                f"padding has to be ((top, bottom), (left, right)), but {padding!r} came in"
            )
        return pair(padding[0], "padding", 0), pair(padding[1], "padding", 0)
    ph, pw = pair(padding, "padding", 0)
    return (ph, ph), (pw, pw)


def output_shape(hw, kernel_size, stride=1, padding=0, dilation=1) -> Pair:
    """Count the windows that fit on each axis: floor((n + 2p - d(k - 1) - 1) / s) + 1.

    Parameters
    ----------
    hw : (H, W) pixels
    kernel_size, stride, dilation : int or pair, pixels
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (OH, OW)

    Raises
    ------
    ValueError
        If the kernel, with its gaps, does not fit in the padded image, or a setting is none.

    Examples
    --------
    >>> output_shape((8, 11), 3, stride=2, padding=(1, 0))
    (4, 5)
    """
    sizes, kernel = pair(hw, "the image size", 0), pair(kernel_size, "kernel_size")
    steps, gaps, zeros = pair(stride, "stride"), pair(dilation, "dilation"), padding_pairs(padding)
    padded = (sizes[0] + sum(zeros[0]), sizes[1] + sum(zeros[1]))
    try:
        oh, ow = (
            output_length(n, k, s, dilation=d)
            for n, k, s, d in zip(padded, kernel, steps, gaps, strict=True)
        )
    except ValueError as error:
        raise ValueError(
            f"a {kernel} kernel with dilation {gaps} does not fit in a {sizes} image, "
            f"{padded} with its padding {padding}: {error}"
        ) from error
    return oh, ow


def same_padding(n: int, k: int, stride: int = 1, dilation: int = 1) -> Pair:
    """Split the zeros that give ceil(n / stride) outputs; the odd one comes after.

    Parameters
    ----------
    n : pixels on the axis
    k : taps on the axis
    stride, dilation : pixels

    Returns
    -------
    (before, after) zeros, never negative

    Notes
    -----
    Rule: TensorFlow's 'SAME' padding, as its documentation of `tf.nn` states it.

    Examples
    --------
    >>> same_padding(224, 7, stride=2)
    (2, 3)
    """
    if min(n, k, stride, dilation) < 1:
        raise ValueError(
            f"n, k, stride and dilation must be at least 1, but "
            f"n={n}, k={k}, stride={stride}, dilation={dilation} came in"
        )
    outputs = -(-n // stride)
    zeros = max(0, (outputs - 1) * stride + dilation * (k - 1) + 1 - n)
    return zeros // 2, zeros - zeros // 2


def choose_layer(n: int, m: int) -> tuple[int, int, int]:
    """Choose settings (k, s, p) of one axis that take n pixels to m outputs; many others do.

    Parameters
    ----------
    n : pixels on the axis
    m : outputs, 1 or more, with 2 * m <= n

    Returns
    -------
    (k, s, p) an odd kernel, a stride, and a padding below k, with which every pixel is read

    Notes
    -----
    The stride is the largest that leaves room for m windows, each of at least s pixels; the last
    window ends with the last pixel.  Where k would be even it takes one zero in, and the zero at
    the other end is left over.

    Examples
    --------
    >>> choose_layer(8, 4), choose_layer(9, 4)
    ((3, 2, 1), (3, 2, 0))
    """
    if m < 1 or 2 * m > n:
        raise ValueError(f"m must be from 1 to n // 2, but n={n} and m={m} came in")
    s = n // m
    k = n - (m - 1) * s
    return (k, s, 0) if k % 2 else (k + 1, s, 1)


def pad2d(x: np.ndarray, padding) -> np.ndarray:
    """Put zeros around every image.

    Parameters
    ----------
    x : (N, C, H, W) images
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (N, C, top + H + bottom, left + W + right) new array

    Examples
    --------
    >>> pad2d(np.ones((1, 1, 1, 2), int), (1, 0))[0, 0]
    array([[0, 0],
           [1, 1],
           [0, 0]])
    """
    check_array("x", x, "(N, C, H, W)")
    (top, bottom), (left, right) = padding_pairs(padding)
    N, C, H, W = x.shape
    padded = np.zeros((N, C, top + H + bottom, left + W + right), x.dtype)
    padded[:, :, top : top + H, left : left + W] = x
    return padded


def crop2d(padded: np.ndarray, padding) -> np.ndarray:
    """Take the zeros away that `pad2d` put around; a padding of 0 takes nothing.

    Examples
    --------
    >>> crop2d(pad2d(np.ones((2, 3, 4, 5)), (0, 1)), (0, 1)).shape
    (2, 3, 4, 5)
    """
    (top, bottom), (left, right) = padding_pairs(padding)
    height, width = padded.shape[2:]
    return padded[:, :, top : height - bottom, left : width - right].copy()


@dataclass(frozen=True)
class Windows:
    """The windows of one layer over one padded image.

    Attributes
    ----------
    kernel : (KH, KW) taps
    stride : (sh, sw) pixels from one window to the next
    dilation : (dh, dw) pixels from one tap to the next
    out : (OH, OW) windows
    """

    kernel: Pair
    stride: Pair
    dilation: Pair
    out: Pair

    @classmethod
    def over(cls, hw, kernel_size, stride=1, padding=0, dilation=1) -> "Windows":
        """Lay windows over an (H, W) image; settings and errors are those of `output_shape`."""
        out = output_shape(hw, kernel_size, stride, padding, dilation)
        kernel = pair(kernel_size, "kernel_size")
        return cls(kernel, pair(stride, "stride"), pair(dilation, "dilation"), out)

    def at(self, i: int, j: int) -> tuple[slice, slice]:
        """Return the rows and columns of the padded image that window (i, j) reads.

        Examples
        --------
        >>> Windows.over((9, 9), kernel_size=3, stride=2, dilation=2).at(1, 0)
        (slice(2, 7, 2), slice(0, 5, 2))
        """
        (KH, KW), (sh, sw), (dh, dw) = self.kernel, self.stride, self.dilation
        rows = slice(i * sh, i * sh + dh * (KH - 1) + 1, dh)
        columns = slice(j * sw, j * sw + dw * (KW - 1) + 1, dw)
        return rows, columns

    def tap(self, u: int, v: int) -> tuple[slice, slice]:
        """Return the rows and columns that kernel entry (u, v) meets, over all windows.

        Examples
        --------
        >>> Windows.over((9, 9), kernel_size=3, stride=2, dilation=2).tap(1, 0)
        (slice(2, 7, 2), slice(0, 5, 2))
        """
        (OH, OW), (sh, sw), (dh, dw) = self.out, self.stride, self.dilation
        rows = slice(u * dh, u * dh + sh * (OH - 1) + 1, sh)
        columns = slice(v * dw, v * dw + sw * (OW - 1) + 1, sw)
        return rows, columns

    @cached_property
    def taps(self) -> list[tuple[int, int, slice, slice]]:
        """(u, v, rows, columns) of every kernel entry, row by row, as `tap` gives them."""
        return [(u, v, *self.tap(u, v)) for u, v in np.ndindex(self.kernel)]
