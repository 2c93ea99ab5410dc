"""Lesson 08: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import conv2d_loops, im2col, im2col_indices

ALLOWED = {
    "im2col": im2col,
    "conv2d_im2col": conv2d_loops,
    "im2col_indices": im2col_indices,
}
