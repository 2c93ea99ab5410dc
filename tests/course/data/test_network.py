"""The bundled network of `course.data`: its shapes, and what it knows."""

import numpy as np

from autograder.digit_network import accuracy
from course.data import network
from course.data.digits import digits, digits_apart


def test_it_reads_digits_that_it_has_not_seen():
    """Has it the shapes of the docstring, and are 98 of 100 test digits right?"""
    params = network()
    shapes = {name: value.shape for name, value in params.items()}
    assert shapes == {
        **{"w1": (16, 1, 3, 3), "b1": (16,), "w2": (32, 16, 3, 3)},
        **{"b2": (32,), "w3": (10, 128), "b3": (10,)},
    }
    assert {value.dtype for value in params.values()} == {np.dtype(np.float64)}
    assert accuracy(params, *digits_apart()["test"]) >= 0.98


def test_the_three_sets_are_all_digits_each_once():
    """Is every digit in one of the sets, with its own label?"""
    images, labels = (np.concatenate(parts) for parts in zip(*digits_apart().values(), strict=True))
    all_images, all_labels = digits()
    order, expected = (np.lexsort(each.reshape(1797, 64).T) for each in (images, all_images))
    np.testing.assert_array_equal(images[order], all_images[expected])
    np.testing.assert_array_equal(labels[order], all_labels[expected])
