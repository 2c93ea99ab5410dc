"""The digits of `course.data`, compared with those that scikit-learn carries."""

import numpy as np

from course.data import digits


def test_every_pixel_is_scikit_learns():
    """Are images and labels, and their order, those of `load_digits`?"""
    from sklearn.datasets import load_digits

    expected = load_digits()
    images, labels = digits()
    np.testing.assert_array_equal(images, expected.images)
    np.testing.assert_array_equal(labels, expected.target)


def test_what_the_docstring_says_holds():
    """Are shapes, types and the range of the ink as stated, on machines without scikit-learn?"""
    images, labels = digits()
    assert (images.shape, images.dtype) == ((1797, 8, 8), np.uint8)
    assert (images.min(), images.max()) == (0, 16)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(labels).tolist() == counts


def test_the_caller_may_change_what_came():
    """Does every call give arrays of its own?"""
    images, labels = digits()
    images[:], labels[:] = 0, 0
    assert digits()[0].any()
    assert digits()[1].any()
