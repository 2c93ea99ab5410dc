"""A film's file: its frames, their colours."""

import numpy as np
from PIL import Image

from course.widgets.film import write_gif


def test_areas_keep_their_colours(tmp_path):
    """Beside hundreds of other colours, are those of wide areas in the GIF as they are?"""
    rng = np.random.default_rng(9)
    pictures = []
    for shade in [(236, 236, 236), (84, 39, 136), (0, 104, 125)]:
        pixels = np.full((60, 80, 3), 255, np.uint8)
        pixels[20:40] = shade
        pixels[50:] = rng.integers(0, 256, (10, 80, 3))
        pixels[45:50] = (250, 248, 251)  # almost white
        pictures.append(pixels)
    path = tmp_path / "a.gif"
    write_gif([Image.fromarray(pixels) for pixels in pictures], path)
    with Image.open(path) as film:
        assert film.n_frames == 3
        for at, pixels in enumerate(pictures):
            film.seek(at)
            shown = np.asarray(film.convert("RGB"))
            np.testing.assert_array_equal(shown[:40], pixels[:40])
            far = np.abs(shown[50:].astype(int) - pixels[50:]).max(axis=2)
            assert np.median(far) < 25
