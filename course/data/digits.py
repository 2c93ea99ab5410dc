"""The 1,797 handwritten digits, in one small file."""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("digits.npz")


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return images of handwritten digits and what they show.

    Each image was a bitmap of 32 by 32 pixels; one pixel here counts the black ones among 4 by 4.

    Returns
    -------
    images : (1797, 8, 8) uint8, ink from 0 (none) to 16 (all)
    labels : (1797,) int64, the digits from 0 to 9

    Notes
    -----
    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository (1998), doi 10.24432/C50P49, of which this is the test set: 13 people
    wrote it.  Licence: Creative Commons Attribution 4.0 (CC BY 4.0).  The file holds the numbers
    of scikit-learn's ``load_digits`` in its order; they are unchanged.

    Examples
    --------
    >>> images, labels = digits()
    >>> images.shape, labels[:5].tolist()
    ((1797, 8, 8), [0, 1, 2, 3, 4])
    """
    with np.load(FILE, allow_pickle=False) as data:
        return data["images"], data["labels"].astype(np.int64)


def digits_apart() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Cut the digits into three sets, as lesson 13 does.

    Returns
    -------
    dict of "train" (1137), "validation" (300) and "test" (360)
        Images (N, 8, 8) uint8 and labels (N,) int64 of each.

    Examples
    --------
    >>> {name: len(labels) for name, (_, labels) in digits_apart().items()}
    {'train': 1137, 'validation': 300, 'test': 360}
    """
    images, labels = digits()
    order = np.random.default_rng(0).permutation(len(images))
    parts = {"train": order[:1137], "validation": order[1137:1437], "test": order[1437:]}
    return {name: (images[places], labels[places]) for name, places in parts.items()}
