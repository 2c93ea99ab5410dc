"""One colour photograph, small enough for loops, in one small file."""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("photograph.npz")


def photograph() -> np.ndarray:
    """Return a photograph of a tower with tiled roofs, above trees and a lake.

    Returns
    -------
    (3, 128, 128) uint8, brightness from 0 to 255 in the channels red, green, blue

    Notes
    -----
    Author: danielbuechele.  Source: https://www.flickr.com/photos/danielbuechele/6061409035/
    Licence: Creative Commons Attribution 2.0 (CC BY 2.0),
    https://creativecommons.org/licenses/by/2.0/
    Changes: a square of 384 by 384 pixels was cut out and every 3 by 3 pixels averaged.  The file
    was made from the copy that scikit-learn carries, ``load_sample_image("china.jpg")``, which
    `tests/course/data/test_photograph.py` does again.

    Examples
    --------
    >>> photograph().shape
    (3, 128, 128)
    """
    with np.load(FILE, allow_pickle=False) as data:
        return data["image"]
