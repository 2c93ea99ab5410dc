"""Max-pooling by slices: one comparison for every place in the window."""

import numpy as np

from autograder.reference.arrays import check_array, check_shape
from autograder.reference.geometry import Windows


def max_pool2d(x: np.ndarray, kernel_size, stride=None) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest entry of each window, and its place in it.

    Parameters
    ----------
    x : (N, C, H, W) images
    kernel_size : int or pair, pixels
    stride : int or pair, pixels; the kernel size when None

    Returns
    -------
    (y, places) : both (N, C, OH, OW); a place is u KW + v, the first of equal maxima

    Examples
    --------
    >>> y, places = max_pool2d(np.array([[[[1, 5, 2], [4, 3, 5]]]]), (2, 3))
    >>> int(y.item()), int(places.item())
    (5, 1)
    """
    check_array("x", x, "(N, C, H, W)")
    windows = _windows(x.shape, kernel_size, stride)
    y = x[:, :, *windows.tap(0, 0)].copy(order="K")
    places = np.zeros_like(y, dtype=np.intp)
    for place, (_, _, rows, columns) in enumerate(windows.taps):
        entries = x[:, :, rows, columns]
        larger = entries > y
        np.copyto(y, entries, where=larger)
        np.copyto(places, place, where=larger)
    return y, places


def max_pool2d_backward(
    dy: np.ndarray,
    places: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel_size,
    stride=None,
) -> np.ndarray:
    """Add each dy to the entry that was the largest of its window.

    Parameters
    ----------
    dy : (N, C, OH, OW) upstream gradient
    places : (N, C, OH, OW) as `max_pool2d` returns them
    x_shape : (N, C, H, W)
    kernel_size, stride : as in `max_pool2d`

    Returns
    -------
    (N, C, H, W) gradient of the images

    Examples
    --------
    >>> places = np.array([[[[1]]]])
    >>> max_pool2d_backward(np.array([[[[7]]]]), places, (1, 1, 2, 3), (2, 3))[0, 0]
    array([[0, 7, 0],
           [0, 0, 0]])
    """
    windows = _windows(x_shape, kernel_size, stride)
    check_shape("dy", dy, "(N, C, OH, OW)", (*x_shape[:2], *windows.out))
    N, C, H, W = x_shape
    dx = np.zeros((C, H, W, N), dy.dtype).transpose(3, 0, 1, 2)
    for place, (_, _, rows, columns) in enumerate(windows.taps):
        dx[:, :, rows, columns] += dy * (places == place)
    return dx


def _windows(x_shape, kernel_size, stride) -> Windows:
    return Windows.over(x_shape[2:], kernel_size, kernel_size if stride is None else stride)
