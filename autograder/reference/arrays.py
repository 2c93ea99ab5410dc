"""Check the arrays of every reference function, and choose the number type in which it sums."""

from typing import Any

import numpy as np


def check_array(name: str, array: Any, axes: str) -> None:
    """Raise unless `array` is a numpy array of real numbers with these axes.

    Parameters
    ----------
    name : what the array is called in the message
    array : anything
    axes : the axes expected, as ``"(N, C, H, W)"``

    Raises
    ------
    ValueError
        If it is no array, not of integers or floats, or has another number of axes.

    Examples
    --------
    >>> check_array("x", np.zeros((2, 3)), "(N, C, H, W)")
    Traceback (most recent call last):
    ...
    ValueError: x has to be an array of shape (N, C, H, W), but one of shape (2, 3) came in
    """
    expected = f"{name} has to be an array of shape {axes}"
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{expected}, but a {type(array).__name__} came in")
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{expected} of integers or floats, but its dtype is {array.dtype}")
    if array.ndim != axes.count(", ") + 1:
        raise ValueError(f"{expected}, but one of shape {array.shape} came in")


def check_shape(name: str, array: Any, axes: str, shape: tuple[int, ...]) -> None:
    """Raise unless `array` passes `check_array` and has exactly this shape.

    Examples
    --------
    >>> check_shape("b", np.zeros(3), "(F,)", (2,))
    Traceback (most recent call last):
    ...
    ValueError: b has to be an array of shape (F,) = (2,), but one of shape (3,) came in
    """
    check_array(name, array, axes)
    if array.shape != shape:
        raise ValueError(
            f"{name} has to be an array of shape {axes} = {shape}, "
            f"but one of shape {array.shape} came in"
        )


def check_channels(x: np.ndarray, w: np.ndarray, groups: int = 1) -> None:
    """Raise unless kernels w fit the channels of images x in this many groups.

    Parameters
    ----------
    x : (N, C, H, W) images
    w : (F, C // groups, KH, KW) kernels
    groups : int that divides C and F

    Examples
    --------
    >>> check_channels(np.zeros((1, 3, 5, 5)), np.zeros((2, 4, 3, 3)))
    Traceback (most recent call last):
    ...
    ValueError: w (2, 4, 3, 3) has to span 3 channels of x (1, 3, 5, 5) with groups=1, not 4
    """
    check_array("x", x, "(N, C, H, W)")
    check_array("w", w, "(F, C // groups, KH, KW)")
    channels, filters = x.shape[1], w.shape[0]
    if groups < 1 or channels % groups or filters % groups:
        raise ValueError(
            f"groups has to divide the {channels} channels of x {x.shape} and "
            f"the {filters} filters of w {w.shape}, but groups={groups} came in"
        )
    if w.shape[1] != channels // groups:
        raise ValueError(
            f"w {w.shape} has to span {channels // groups} channels of x {x.shape} "
            f"with groups={groups}, not {w.shape[1]}"
        )


def alike(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the arrays in one dtype in which sums of their products are safe.

    Floats keep their width; integers become 64 bits wide, so that small ones cannot overflow.

    Examples
    --------
    >>> x, w = alike(np.array([200], np.uint8), np.array([2], np.uint8))
    >>> x * w
    array([400])
    """
    dtype = np.result_type(*arrays)
    if dtype.kind in "iu":
        dtype = np.dtype(np.int64)
    return tuple(array.astype(dtype, copy=False) for array in arrays)
