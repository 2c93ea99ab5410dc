"""What one output of a stack of layers can see (lesson 12).

A stack is a list of (kernel, stride, padding, dilation), the layer next to the input first.
"""

import math

import numpy as np

from autograder.reference.gradients_1d import conv1d_backward
from autograder.reference.signals import output_length

Layer = tuple[int, int, int, int]


def receptive_field(layers: list[Layer]) -> tuple[int, int]:
    """Add up what each layer adds: size += d (k - 1) jump, then jump *= s.

    Parameters
    ----------
    layers : list of (kernel, stride, padding, dilation), input side first

    Returns
    -------
    (size, jump) : pixels that one output spans, and from one output's field to the next one's

    Raises
    ------
    ValueError
        If a setting of a layer is out of range.

    Notes
    -----
    Formula: Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks
    (2019), solved from the input side, with the kernel's extent d (k - 1) + 1.

    Examples
    --------
    >>> receptive_field([(5, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 2)])
    (14, 2)
    """
    size = jump = 1
    for k, s, _, d in _checked(layers):
        size += d * (k - 1) * jump
        jump *= s
    return size, jump


def receptive_region(layers: list[Layer], i: int) -> tuple[int, int]:
    """Walk from output i down: its window reads from first s - p to last s - p + d (k - 1).

    Parameters
    ----------
    layers : list of (kernel, stride, padding, dilation), input side first
    i : index of an output on one axis

    Returns
    -------
    (first, last) : inclusive input indices on that axis; negative ones lie in the padding

    Raises
    ------
    ValueError
        If a setting of a layer is out of range.

    Examples
    --------
    >>> receptive_region([(3, 1, 1, 1), (3, 2, 1, 1)], 0)
    (-2, 2)
    """
    first = last = i
    for k, s, p, d in reversed(_checked(layers)):
        first = first * s - p
        last = last * s - p + d * (k - 1)
    return first, last


def empirical_receptive_field(layers: list[Layer], n: int, i: int) -> np.ndarray:
    """Send a one-hot gradient back from output i and see which inputs it reaches.

    Parameters
    ----------
    layers : list of (kernel, stride, padding, dilation), input side first
    n : inputs on the axis
    i : index of an output on that axis

    Returns
    -------
    (n,) bool, which inputs reach output i

    Raises
    ------
    ValueError
        If a kernel does not fit, or there is no output i.

    Examples
    --------
    >>> empirical_receptive_field([(3, 1, 0, 2)], 7, 1).astype(int)
    array([0, 1, 0, 1, 0, 1, 0])
    """
    sizes = [n]
    for k, s, p, d in layers:
        sizes.append(output_length(sizes[-1], k, s, p, d))
    if not 0 <= i < sizes[-1]:
        raise ValueError(f"i has to be an output from 0 to {sizes[-1] - 1}, but {i} came in")
    reached = np.zeros(sizes[-1], bool)
    reached[i] = True
    for (k, s, p, d), size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        # Kernels of ones: no two paths cancel, so that a gradient of 0 means no path.
        one_hot, w = reached.astype(np.float64), np.ones(k)
        dx, _, _ = conv1d_backward(one_hot, np.zeros(size), w, s, p, d)
        reached = dx > 0
    return reached


def effective_width(layers: list[Layer]) -> float:
    """Return the spread of one output's influence through layers that average their taps.

    Parameters
    ----------
    layers : list of (kernel, stride, padding, dilation), input side first

    Returns
    -------
    standard deviation of the effective receptive field, pixels

    Raises
    ------
    ValueError
        If a setting of a layer is out of range.

    Notes
    -----
    A path takes one of k taps in each layer, all alike, and its steps are d times the jump apart:
    the variance of a layer is that of a uniform draw from k neighbours, (k^2 - 1) / 12, times
    (d jump)^2, and variances add: Luo, Li, Urtasun and Zemel, Understanding the Effective Receptive
    Field in Deep Convolutional Neural Networks (2016), section 2.  Paths that end in the padding
    count as well.

    Examples
    --------
    >>> round(effective_width([(3, 1, 1, 1)] * 40), 2)
    5.16
    """
    variance, jump = 0.0, 1
    for k, s, _, d in _checked(layers):
        variance += (k * k - 1) / 12 * (d * jump) ** 2
        jump *= s
    return math.sqrt(variance)


def wide_stack(width: int, depth: int) -> list[Layer]:
    """Widen a field threefold with each layer of 3 taps, and leave no pixel out.

    Parameters
    ----------
    width : pixels that one output has to span at least
    depth : layers that may be used

    Returns
    -------
    list of (3, 1, d, d), d = 1, 3, 9, ...: as many layers as it takes

    Raises
    ------
    ValueError
        If `depth` layers of 3 taps cannot span `width` pixels without a hole.

    Notes
    -----
    Two outputs whose fields are 3^l pixels long and lie 3^l apart touch without an overlap.

    Examples
    --------
    >>> wide_stack(9, 2)
    [(3, 1, 1, 1), (3, 1, 3, 3)]
    """
    if width > 3**depth:
        raise ValueError(f"{depth} layers of 3 taps span at most {3**depth} pixels, not {width}")
    layers, size = [], 1
    while size < width:
        layers.append((3, 1, size, size))
        size *= 3
    return layers


def _checked(layers: list[Layer]) -> list[Layer]:
    for k, s, p, d in layers:
        if min(k, s, d) < 1 or p < 0:
            raise ValueError(
                f"kernel, stride and dilation must be at least 1 and padding at least 0, but "
                f"the layer {(k, s, p, d)} came in"
            )
    return list(layers)
