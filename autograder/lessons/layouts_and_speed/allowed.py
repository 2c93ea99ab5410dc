"""Lesson 11: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import conv2d_backward_nhwc, conv2d_nhwc, im2col_nhwc

ALLOWED = {
    "im2col_nhwc": im2col_nhwc,
    "conv2d_nhwc": conv2d_nhwc,
    "conv2d_backward_nhwc": conv2d_backward_nhwc,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"conv2d_backward_nhwc": 600}
