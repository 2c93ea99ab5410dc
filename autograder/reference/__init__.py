"""The reference: every exercise's right answer, under its own name, in plain loops.

>>> from autograder import reference
>>> reference.correlate1d(np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]))
array([14, 20, 26])
"""

import numpy as np  # noqa: F401  (the example above uses it)

from autograder.reference.backward import (
    conv2d_backward,
    conv2d_backward_loops,
    dilate2d,
    grad_x_as_convolution,
)
from autograder.reference.columns import (
    adjoint_gap,
    col2im,
    conv2d_backward_im2col,
    conv2d_im2col,
    coverage,
    im2col,
    im2col_indices,
)
from autograder.reference.convolution import conv2d, conv2d_loops, correlate2d
from autograder.reference.fields import (
    effective_width,
    empirical_receptive_field,
    receptive_field,
    receptive_region,
    wide_stack,
)
from autograder.reference.geometry import choose_layer, output_shape, pad2d, same_padding
from autograder.reference.gradient_check import first_mismatch, numerical_gradient, relative_error
from autograder.reference.gradients_1d import (
    conv1d,
    conv1d_backward,
    grad_b_1d,
    grad_convolve1d,
    grad_w_1d,
    grad_x_1d,
    grad_x_1d_strided,
)
from autograder.reference.layers import Conv2D, MaxPool2D, Stack, he_std
from autograder.reference.matrix import conv_matrix, conv_transpose2d, tie_gradient
from autograder.reference.network import (
    NETWORK_LAYERS,
    forward,
    initial_params,
    loss_and_gradients,
    train,
)
from autograder.reference.nhwc import conv2d_backward_nhwc, conv2d_nhwc, im2col_nhwc
from autograder.reference.signals import (
    convolve1d,
    correlate1d,
    flip_is_invisible,
    output_length,
    pad1d,
)
from autograder.reference.training import (
    linear,
    linear_backward,
    momentum_step,
    relu,
    relu_backward,
    softmax_cross_entropy,
)

__all__ = [
    "NETWORK_LAYERS",
    "Conv2D",
    "MaxPool2D",
    "Stack",
    "adjoint_gap",
    "col2im",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv2d_backward_im2col",
    "conv2d_backward_loops",
    "conv2d_backward_nhwc",
    "conv2d_im2col",
    "conv2d_loops",
    "conv2d_nhwc",
    "conv_matrix",
    "conv_transpose2d",
    "coverage",
    "convolve1d",
    "correlate1d",
    "correlate2d",
    "dilate2d",
    "effective_width",
    "empirical_receptive_field",
    "first_mismatch",
    "flip_is_invisible",
    "forward",
    "grad_b_1d",
    "grad_convolve1d",
    "grad_w_1d",
    "grad_x_1d",
    "grad_x_1d_strided",
    "grad_x_as_convolution",
    "he_std",
    "im2col",
    "im2col_indices",
    "im2col_nhwc",
    "initial_params",
    "linear",
    "linear_backward",
    "loss_and_gradients",
    "momentum_step",
    "numerical_gradient",
    "output_length",
    "output_shape",
    "pad1d",
    "choose_layer",
    "pad2d",
    "receptive_field",
    "receptive_region",
    "relative_error",
    "relu",
    "relu_backward",
    "same_padding",
    "softmax_cross_entropy",
    "tie_gradient",
    "train",
    "wide_stack",
]
