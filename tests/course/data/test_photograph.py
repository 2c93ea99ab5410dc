"""Tests of the photograph: it is what its docstring says, made again from its source."""

import numpy as np

from course.data import photograph


def made_from_its_source() -> np.ndarray:
    """Cut a square of 384 pixels out of the source and average every 3 by 3 pixels.

    To write the file again: ``np.savez_compressed(FILE, image=made_from_its_source())``.
    """
    from sklearn.datasets import load_sample_image

    square = load_sample_image("china.jpg")[16:400, 14:398]  # (384, 384, 3)
    means = square.reshape(128, 3, 128, 3, 3).mean(axis=(1, 3))
    return np.round(means).astype(np.uint8).transpose(2, 0, 1)


def test_the_photograph_is_what_its_docstring_says():
    """Has the file colour, 128 by 128 pixels, and a value for dark and bright?"""
    image = photograph()
    assert image.shape == (3, 128, 128)
    assert image.dtype == np.uint8
    assert image.min() < 10
    assert image.max() > 240


def test_the_photograph_comes_from_its_source():
    """Do the steps of the docstring give the file, up to how a JPEG decoder rounds?"""
    difference = photograph().astype(int) - made_from_its_source()
    assert np.abs(difference).max() <= 3
