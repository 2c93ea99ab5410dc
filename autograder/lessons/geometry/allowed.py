"""Lesson 05: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.images import choose_layer, conv2d, output_shape, pad2d, same_padding

ALLOWED = {
    "output_shape": output_shape,
    "same_padding": same_padding,
    "choose_layer": choose_layer,
    "pad2d": pad2d,
    "conv2d": conv2d,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"conv2d": 600}
