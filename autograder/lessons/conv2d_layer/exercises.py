"""The exercises of lesson 10, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import left_out, numbers, oblong, pairs, several
from autograder.lessons.shapes import KERNEL, PADDING, STRIDE

EXERCISES = (
    prediction("10", "last_forward", "a number: a weight's gradient after two forwards"),
    prediction("10", "columns_ratio", "a number: how many times larger columns are than x"),
    prediction("10", "tenth_layer", "a whole number: what half the scale costs in ten layers"),
    Exercise(
        "10",
        "he_std",
        "function",
        (Part("values", 1, "kernels of several shapes"),),
        "(weight_shape)",
        {"weight_shape": "(F, C, KH, KW) ints"},
        "float, the standard deviation of He's initialisation",
    ),
    Exercise(
        "10",
        "Conv2D",
        "class",
        (
            Part("initial", 2, "shapes, zero bias and the scale of the initial weights"),
            Part("forward", 1, "the layer's output"),
            Part("backward", 2, "dx, grad_weight and grad_bias"),
            Part("again", 1, "gradients overwritten by each backward"),
            Part("geometry", 1, "strides, padding, nothing square"),
        ),
        "(in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None)",
        {
            "in_channels": "int, C",
            "out_channels": "int, F",
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
            "rng": "numpy Generator, or None for a new one",
        },
        "a layer: forward(x) -> y, backward(dy) -> dx, weight, bias, grad_weight, grad_bias",
        (*BARRED_2D, *ORACLE),
        fresh=True,
        shows=(
            *numbers("x", "weight", "bias", "dy"),
            *oblong("x", "weight", "dy"),
            several("x", 0, 1),
            several("weight", 0, 1),
            *pairs("kernel_size", "stride", "padding"),
            *left_out("stride", "padding"),
        ),
    ),
    prediction("10", "pooled_centre", "a number: dx of a pixel that wins four windows"),
    Exercise(
        "10",
        "MaxPool2D",
        "class",
        (
            Part("forward", 1, "windows side by side"),
            Part("overlap", 2, "overlapping windows, forward and backward"),
            Part("ties", 1, "equal maxima: the first takes the gradient"),
            Part("geometry", 1, "remainders, nothing square"),
        ),
        "(kernel_size, stride=None)",
        {"kernel_size": KERNEL, "stride": STRIDE + "; the kernel size when None"},
        "a layer: forward(x) -> y, backward(dy) -> dx",
        (*BARRED_2D, *ORACLE),
        fresh=True,
        shows=(
            *numbers("x", "dy"),
            *oblong("x", "dy"),
            several("x", 0, 1),
            *pairs("kernel_size", "stride"),
            *left_out("stride"),
        ),
    ),
    Exercise(
        "10",
        "Stack",
        "class",
        (
            Part("forward", 1, "the stack's output"),
            Part("backward", 1, "dx, and the gradients of all layers"),
            Part("step", 1, "all parameters after a step"),
        ),
        "(*layers)",
        {"layers": "layers, from the first to the last"},
        "a layer: forward(x) -> y, backward(dy) -> dx, step(lr)",
        (*BARRED_2D, *ORACLE),
        shows=numbers("x", "dy"),
    ),
    written("10", "what_the_layer_keeps", 2),
)
