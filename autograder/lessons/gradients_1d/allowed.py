"""Lesson 02: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.signals import (
    grad_b_1d,
    grad_convolve1d,
    grad_w_1d,
    grad_x_1d,
    grad_x_1d_strided,
)

ALLOWED = {
    "grad_x_1d": grad_x_1d,
    "grad_w_1d": grad_w_1d,
    "grad_b_1d": grad_b_1d,
    "grad_convolve1d": grad_convolve1d,
    "grad_x_1d_strided": grad_x_1d_strided,
}
