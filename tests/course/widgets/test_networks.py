"""The networks that can be named: are their fields the published ones, through all branches?"""

import numpy as np
import pytest

from autograder.reference import (
    empirical_receptive_field,
    output_length,
    receptive_field,
    receptive_region,
)
from course.widgets.networks import NETWORKS

N = 1024  # inputs, so many that the field of output 16 lies inside
OUTPUT = 16

# Layers as in the papers' tables, a residual block or a module as a list of its branches.
STEM = [(7, 2, 3, 1), (3, 2, 1, 1)]
THREE, ONE, POOL = (3, 1, 1, 1), (1, 1, 0, 1), (3, 2, 1, 1)
INCEPTION = [[ONE], [ONE, THREE], [ONE, (5, 1, 2, 1)], [THREE, ONE]]


def residual(stride, *branch):
    """Return a block with its shortcut: nothing, or where it strides a convolution of 1x1."""
    return [list(branch), [] if stride == 1 else [(1, stride, 0, 1)]]


def basic(stride):
    return residual(stride, (3, stride, 1, 1), THREE)


def bottleneck(stride):
    return residual(stride, (1, stride, 0, 1), THREE, ONE)


def stages(block, counts):
    strides = [
        s for stage, count in enumerate(counts) for s in [1 + (stage > 0)] + [1] * (count - 1)
    ]
    return STEM + [block(stride) for stride in strides]


WITH_BRANCHES = {
    "GoogLeNet": [*STEM, ONE, THREE, POOL]
    + [INCEPTION] * 2
    + [POOL]
    + [INCEPTION] * 5
    + [POOL]
    + [INCEPTION] * 2,
    "ResNet-18": stages(basic, (2, 2, 2, 2)),
    "ResNet-34": stages(basic, (3, 4, 6, 3)),
    "ResNet-50": stages(bottleneck, (3, 4, 6, 3)),
}


def length_after(network, n):
    """Count the outputs of layers and blocks, whose branches have to agree."""
    for part in network:
        if isinstance(part, tuple):
            n = output_length(n, *part)
        else:
            (n,) = {length_after(branch, n) for branch in part}
    return n


def seen_by(network, n, output):
    """Find the inputs from which any path through any branch leads to an output: (n,) bool."""
    reached = np.zeros(length_after(network, n), bool)
    reached[output] = True
    return back(network, n, reached)


def back(network, n, reached):
    """Follow all paths from the outputs that are reached back to n inputs."""
    for at in reversed(range(len(network))):
        size, part = length_after(network[:at], n), network[at]
        if isinstance(part, tuple):
            k, s, p, d = part
            read = (np.flatnonzero(reached)[:, None] * s - p + d * np.arange(k)).ravel()
            reached = np.zeros(size, bool)
            reached[read[(read >= 0) & (read < size)]] = True
        else:
            reached = np.any([back(branch, size, reached) for branch in part], axis=0)
    return reached


@pytest.mark.parametrize(
    ("name", "size", "layers"),
    [
        ("VGG-16", 212, 18),  # these three in Araujo, Norris and Sim (2019)
        ("ResNet-50", 483, 50),
        ("MobileNet", 315, 27),
        ("GoogLeNet", 27 + 4 * 8 * 2 + 2 * 8 + 4 * 16 * 5 + 2 * 16 + 4 * 32 * 2, 25),
        ("ResNet-18", 11 + 8 * 4 + (8 + 16 * 3) + (16 + 32 * 3) + (32 + 64 * 3), 18),
        ("ResNet-34", 11 + 8 * 6 + (8 + 16 * 7) + (16 + 32 * 11) + (32 + 64 * 5), 34),
    ],
)
def test_size_and_jump_are_those_that_are_known(name, size, layers):
    """Are size and jump the published ones, or those added up by hand, and are there 7 outputs?"""
    stack, n, _ = NETWORKS[name]
    assert receptive_field(list(stack)) == (size, 32)
    assert len(stack) == layers
    assert length_after(stack, n) == 7


@pytest.mark.parametrize("name", WITH_BRANCHES)
def test_no_branch_sees_what_the_stack_does_not(name):
    """Followed through all branches and shortcuts, is the field that of the figure's layers?"""
    stack = list(NETWORKS[name][0])
    seen = seen_by(WITH_BRANCHES[name], N, OUTPUT)
    first, last = receptive_region(stack, OUTPUT)
    assert np.flatnonzero(seen)[[0, -1]].tolist() == [first, last]
    assert np.array_equal(seen, seen_by(stack, N, OUTPUT))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_gradient_reaches_the_same_pixels(name):
    """On a small input, does a gradient through kernels of ones reach what paths reach?"""
    stack, n = list(NETWORKS[name][0]), 65
    for output in range(length_after(stack, n)):
        seen = seen_by(stack, n, output)
        assert np.array_equal(seen, empirical_receptive_field(stack, n, output))


def test_where_a_library_puts_the_stride_of_resnet_50():
    """With the stride in the 3x3 of a block, as libraries have it, is the size 427?"""
    moved = stages(lambda s: residual(s, ONE, (3, s, 1, 1), ONE), (3, 4, 6, 3))
    seen = np.flatnonzero(seen_by(moved, N, OUTPUT))
    assert seen[-1] - seen[0] + 1 == 427
