"""Lesson 10: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.layers import conv_layer, he_std, pooling, stack

ALLOWED = {
    "he_std": he_std,
    "Conv2D": conv_layer,
    "MaxPool2D": pooling,
    "Stack": stack,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"Conv2D": 500, "MaxPool2D": 500}
