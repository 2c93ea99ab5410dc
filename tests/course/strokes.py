"""Digits as strokes of a pen, and how a drawing becomes 8 by 8 counts, for tests of DrawDigit."""

import numpy as np


def arc(cx, cy, rx, ry, start, end, count=10):
    """Return points along an ellipse, angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, count))
    return [(cx + rx * np.cos(a), cy + ry * np.sin(a)) for a in angles]


# One usual way to write each digit, as lists of points (x, y) on a pad of 32 by 32.
STROKES = {
    0: [arc(16, 16, 6.5, 10, -90, 270)],
    1: [[(12, 10), (17, 6), (17, 26)]],
    2: [[*arc(16, 11, 6, 5, -170, 40), (9, 26), (23, 26)]],
    3: [[*arc(15, 11, 6, 5, -150, 90), *arc(15, 21, 7, 5, -90, 150)]],
    4: [[(17, 6), (9, 19), (23, 19)], [(19, 12), (19, 27)]],
    5: [[(22, 6), (12, 6), (11, 14), *arc(15, 19, 7, 6.5, -120, 140)]],
    6: [[(20, 6), (14, 11), *arc(15.5, 20, 5.5, 6, -180, 180)]],
    7: [[(9, 6), (23, 6), (15, 27)]],
    8: [[*arc(16, 11, 5, 5, 90, -270), *arc(16, 21, 6, 5.5, -90, 270)]],
    9: [[*arc(15, 11, 5.5, 5.5, 0, -360), (20, 20), (18, 27)]],
}


def by_hand(digit, rng, size=1.0):
    """Return a digit's strokes as an unsteady hand draws them: shifted, slanted, shaky, (x, y)."""
    slant, wide, tall = rng.normal(0, 0.12), rng.normal(1, 0.12), rng.normal(1, 0.08)
    shift = rng.normal(0, 1.5, 2)
    shake = [rng.normal(0, 0.25, (len(stroke), 2)) for stroke in STROKES[digit]]
    drawn = []
    for stroke, jitter in zip(STROKES[digit], shake, strict=True):
        x, y = (np.array(stroke) - 16 + jitter).T
        points = np.stack([size * (wide * x - slant * y), size * tall * y], axis=1) + 16 + shift
        drawn.append(np.clip(points, 0, 32).round(2).tolist())
    return drawn


PIXELS = np.stack(np.meshgrid(np.arange(32) + 0.5, np.arange(32) + 0.5), axis=-1)  # (32, 32, x y)


def near(strokes, pen):
    """Return which pixels' middles lie within `pen` of a line between neighbours, (32, 32) bool."""
    black = np.zeros((32, 32), bool)
    for stroke in strokes:
        ends = [*stroke[1:], stroke[-1]]
        for a, b in zip(np.array(stroke), np.array(ends), strict=True):
            along = (PIXELS - a) @ (b - a) / max((b - a) @ (b - a), 1e-30)
            nearest = a + np.clip(along, 0, 1)[..., np.newaxis] * (b - a)
            black |= ((PIXELS - nearest) ** 2).sum(axis=-1) <= pen**2
    return black


def as_the_data(strokes):
    """Place strokes as the digits' data are, and return their bitmap, (32, 32) bool.

    All 32 rows, at most 20 columns, in the middle, stretched at most fourfold and half as much
    again in width; the pen is as wide as 310 black pixels ask for, found by halving 1 to 6.
    """
    points = np.concatenate([np.array(stroke, float) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1e-30)
    least, most = 1.0, 6.0
    for _ in range(7):
        pen = (least + most) / 2
        down = min((32 - 2 * pen) / size[1], 4)
        scale = np.array([min((20 - 2 * pen) / size[0], 1.5 * down), down])
        placed = [(np.array(s, float) - (low + high) / 2) * scale + 16 for s in strokes]
        black = near(placed, pen)
        least, most = (pen, most) if black.sum() < 310 else (least, pen)
    return black


def counts(black):
    """Count the black pixels of each block of 4 by 4: (8, 8)."""
    return black.reshape(8, 4, 8, 4).sum(axis=(1, 3))
