"""Lesson 03: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.signals import first_mismatch, numerical_gradient, relative_error

ALLOWED = {
    "numerical_gradient": numerical_gradient,
    "relative_error": relative_error,
    "first_mismatch": first_mismatch,
}
