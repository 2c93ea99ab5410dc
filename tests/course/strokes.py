"""Digits as strokes of a pen, and how a drawing becomes 8 by 8 counts, for tests of DrawDigit."""

import numpy as np


def arc(cx, cy, rx, ry, start, end, count=24):
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
