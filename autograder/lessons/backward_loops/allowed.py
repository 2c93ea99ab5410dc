"""Lesson 06: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import conv2d_backward, dilate2d, grad_x_as_convolution

ALLOWED = {
    "conv2d_backward_loops": conv2d_backward,
    "dilate2d": dilate2d,
    "grad_x_as_convolution": grad_x_as_convolution,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"conv2d_backward_loops": 600, "grad_x_as_convolution": 600}
