"""A real signal for the lessons in one dimension: the Earth's temperature, year by year."""

import numpy as np

FIRST_YEAR = 1880

# Hundredths of a degree, ten years a line.
ANOMALIES = """
-17 -9 -11 -17 -28 -33 -32 -37 -18 -11
-36 -23 -28 -32 -31 -24 -12 -12 -28 -18
-9 -16 -29 -38 -48 -27 -23 -39 -43 -49
-44 -45 -37 -35 -16 -14 -36 -46 -30 -28
-28 -19 -28 -27 -27 -22 -11 -22 -20 -36
-16 -9 -16 -28 -12 -20 -14 -3 0 -2
12 19 7 9 20 9 -7 -3 -11 -11
-17 -7 1 8 -13 -14 -19 5 6 3
-2 6 3 5 -20 -11 -6 -2 -8 5
3 -8 1 16 -7 -1 -10 18 7 17
26 32 14 31 16 12 18 32 39 27
44 40 22 23 31 44 33 46 60 38
39 53 63 62 53 68 64 66 54 66
72 61 64 67 75 90 101 92 85 98
101 85 89 117
"""


def temperatures() -> tuple[np.ndarray, np.ndarray]:
    """Return how much warmer each year was than the average of 1951 to 1980, over the whole Earth.

    Returns
    -------
    years : (144,) int, 1880 to 2023
    warming : (144,) float64, degrees Celsius, with two digits

    Notes
    -----
    NASA Goddard Institute for Space Studies, *GISS Surface Temperature Analysis* (GISTEMP v4),
    annual means over land and sea, https://data.giss.nasa.gov/gistemp/, in the public domain;
    copied from https://github.com/datasets/global-temp and rounded to hundredths.

    Examples
    --------
    >>> years, warming = temperatures()
    >>> years[-1].item(), warming[-1].item()
    (2023, 1.17)
    """
    warming = np.array([int(number) for number in ANOMALIES.split()]) / 100
    return FIRST_YEAR + np.arange(len(warming)), warming
