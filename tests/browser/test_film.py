"""A figure's film: a frame for each step, which the figure's own Step has made."""

import numpy as np
import pytest
from PIL import Image

from course.widgets import PaddingAndStride
from course.widgets.film import executable, frames
from course.widgets.gallery import filmed, main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(executable() is None, reason="no Chromium: install Debian's chromium"),
]


@pytest.mark.parametrize(
    ("name", "steps"),
    [("flip_and_slide", 3), ("DrawDigit", 4)],
)
def test_a_gif_steps_through_a_figure_and_starts_over(tmp_path, monkeypatch, capsys, name, steps):
    """Has it a frame for each step, each another picture, shown as long as Play does, for ever?"""
    monkeypatch.chdir(tmp_path)
    assert main(["--gif", name]) == 0
    (path,) = tmp_path.iterdir()
    assert path.name.replace("_", "") == f"{name.lower().replace('_', '')}.gif"
    assert capsys.readouterr().out.startswith(f"{path.name}: {steps} steps of ")
    seen = set()
    with Image.open(path) as film:
        assert film.n_frames == steps
        assert film.info["loop"] == 0
        for at in range(steps):
            film.seek(at)
            assert film.info["duration"] == 900
            seen.add(film.convert("RGB").tobytes())
    assert len(seen) == steps
    assert path.stat().st_size < 1_000_000


def test_a_film_of_the_kernel_lab_has_few_steps():
    """Is a picture filmed that has an output for each step that one watches, not the photograph?"""
    assert filmed("KernelLab").output.size == 36


def test_frames_are_of_one_size_and_have_no_controls():
    """Is each as high as the one with the most words, and is nothing in it to be pressed?"""
    settings = {"image": np.ones((3, 3)), "kernel": np.ones((2, 2)), "padding": 1, "stride": 2}
    full = frames(PaddingAndStride(**settings))
    without = frames(PaddingAndStride(**settings, controls=()))
    assert len(full) == 4
    assert len({picture.size for picture in full}) == 1
    for one, other in zip(full, without, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
