"""Layers with state: what a layer keeps between forward and backward (lesson 10)."""

import math

import numpy as np

from autograder.reference.arrays import check_array, check_shape
from autograder.reference.backward import conv2d_backward
from autograder.reference.convolution import conv2d
from autograder.reference.geometry import Windows, pair


def he_std(weight_shape: tuple[int, int, int, int]) -> float:
    """Return sqrt(2 / fan-in), the fan-in being the C KH KW inputs that one output reads.

    Parameters
    ----------
    weight_shape : (F, C, KH, KW)

    Returns
    -------
    standard deviation of the initial weights

    Notes
    -----
    Formula: He, Zhang, Ren and Sun, Delving Deep into Rectifiers (2015), equation 10.

    Examples
    --------
    >>> round(he_std((10, 3, 3, 3)), 3)
    0.272
    """
    return math.sqrt(2 / math.prod(weight_shape[1:]))


class Conv2D:
    """A convolution layer that remembers its input.

    Parameters
    ----------
    in_channels, out_channels : C and F
    kernel_size, stride : int or pair, pixels
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros
    rng : generator that draws the weights; a new one when None

    Attributes
    ----------
    weight, grad_weight : (F, C, KH, KW), drawn from a normal distribution of He's spread
    bias, grad_bias : (F,), 0 at first
        Each backward overwrites the gradients; they are None before the first.

    Examples
    --------
    >>> layer = Conv2D(3, 10, kernel_size=3, padding=1, rng=np.random.default_rng(0))
    >>> layer.backward(layer.forward(np.ones((5, 3, 10, 10)))).shape, layer.grad_weight.shape
    ((5, 3, 10, 10), (10, 3, 3, 3))
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        rng = np.random.default_rng() if rng is None else rng
        shape = (out_channels, in_channels, *pair(kernel_size, "kernel_size"))
        self.weight = rng.normal(0.0, he_std(shape), shape)
        self.bias = np.zeros(out_channels)
        self.stride, self.padding = stride, padding
        self.grad_weight = self.grad_bias = self.x = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, F, OH, OW) for images x (N, C, H, W), and keep x for `backward`."""
        y = conv2d(x, self.weight, self.bias, self.stride, self.padding)
        self.x = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx (N, C, H, W) for dy (N, F, OH, OW), and set both `grad_` attributes."""
        if self.x is None:
            raise ValueError("backward needs the images of a forward, and there was none")
        dx, self.grad_weight, self.grad_bias = conv2d_backward(
            dy, self.x, self.weight, self.stride, self.padding
        )
        return dx


class MaxPool2D:
    """The largest entry of each window, map by map; the first of equal ones takes the gradient.

    Parameters
    ----------
    kernel_size : int or pair, pixels
    stride : int or pair, pixels; the kernel size when None

    Examples
    --------
    >>> pool = MaxPool2D(2)
    >>> pool.forward(np.array([[[[1, 5, 2], [4, 3, 9]]]]))[0, 0]
    array([[5]])
    >>> pool.backward(np.array([[[[7]]]]))[0, 0]
    array([[0, 7, 0],
           [0, 0, 0]])
    """

    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.x = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, C, OH, OW) for images x (N, C, H, W), and keep x for `backward`."""
        check_array("x", x, "(N, C, H, W)")
        windows = Windows.over(x.shape[2:], self.kernel_size, self.stride)
        y = np.zeros((*x.shape[:2], *windows.out), x.dtype)
        for n, c, i, j in np.ndindex(y.shape):
            y[n, c, i, j] = x[n, c, *windows.at(i, j)].max()
        self.x = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx (N, C, H, W) for dy (N, C, OH, OW): each dy goes where its maximum stood."""
        if self.x is None:
            raise ValueError("backward needs the images of a forward, and there was none")
        windows = Windows.over(self.x.shape[2:], self.kernel_size, self.stride)
        check_shape("dy", dy, "(N, C, OH, OW)", (*self.x.shape[:2], *windows.out))
        dx = np.zeros(self.x.shape, dy.dtype)
        for n, c, i, j in np.ndindex(dy.shape):
            rows, columns = windows.at(i, j)
            window = self.x[n, c, rows, columns]
            u, v = np.unravel_index(window.argmax(), window.shape)  # row-major: the first
            dx[n, c, rows, columns][u, v] += dy[n, c, i, j]
        return dx


class Stack:
    """Layers one after the other, used as one layer.

    Parameters
    ----------
    *layers : from the first to the last
        Each has ``forward(x)`` and ``backward(dy)``; one with parameters has ``weight`` and
        ``bias``, and ``grad_weight`` and ``grad_bias`` after a backward.

    Examples
    --------
    >>> stack = Stack(MaxPool2D(2), MaxPool2D((1, 2)))
    >>> stack.forward(np.array([[[[1, 5, 2, 0], [4, 3, 9, 1]]]])).item()
    9
    >>> stack.backward(np.array([[[[7]]]]))[0, 0]
    array([[0, 0, 0, 0],
           [0, 0, 7, 0]])
    """

    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Send x through all layers, from the first to the last."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Send dy back through all layers, from the last to the first; return the first's dx."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def step(self, lr: float) -> None:
        """Move each parameter by ``-lr`` times its gradient."""
        for layer in self.layers:
            if hasattr(layer, "weight"):
                layer.weight = layer.weight - lr * layer.grad_weight
                layer.bias = layer.bias - lr * layer.grad_bias
