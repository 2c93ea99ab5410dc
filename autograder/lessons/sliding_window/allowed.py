"""Lesson 01: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.signals import fitting, output_length, pad1d, signal_and_kernel, symmetric

ALLOWED = {
    "correlate1d": signal_and_kernel,
    "convolve1d": fitting,
    "flip_is_invisible": symmetric,
    "pad1d": pad1d,
    "output_length": output_length,
}
