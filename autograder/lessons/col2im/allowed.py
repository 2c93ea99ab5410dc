"""Lesson 09: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import adjoint_gap, col2im, conv2d_backward, coverage

ALLOWED = {
    "coverage": coverage,
    "col2im": col2im,
    "adjoint_gap": adjoint_gap,
    "conv2d_backward_im2col": conv2d_backward,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"conv2d_backward_im2col": 600}
