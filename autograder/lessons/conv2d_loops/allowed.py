"""Lesson 04: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import conv2d_loops, correlate2d

ALLOWED = {
    "correlate2d": correlate2d,
    "conv2d_loops": conv2d_loops,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"conv2d_loops": 600}
