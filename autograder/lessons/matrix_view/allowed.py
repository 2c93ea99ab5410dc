"""Lesson 07: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import conv_matrix, conv_transpose2d, tie_gradient

ALLOWED = {
    "conv_matrix": conv_matrix,
    "tie_gradient": tie_gradient,
    "conv_transpose2d": conv_transpose2d,
}
