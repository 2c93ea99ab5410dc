"""Is a shown figure cut to its ink, with nothing of it lost, and can it be read without eyes?"""

import base64
import io
from unittest.mock import MagicMock

import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib import image

from course.figures import show
from course.figures.show import _shows_photographs


@pytest.fixture
def shown(monkeypatch):
    """Return a function that shows a figure in a notebook's shell: its pixels, and the rest."""
    given = []
    shell = MagicMock(without_pictures=False)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda *args, **rest: given.append((args, rest)))

    def pixels_of(figure, alt="A figure."):
        show(figure, alt=alt)
        ((bundle,), _) = given.pop()
        (picture,) = BeautifulSoup(bundle["text/html"], "html.parser")("img")
        png = base64.b64decode(picture["src"].removeprefix("data:image/png;base64,"))
        return image.imread(io.BytesIO(png)), bundle["text/plain"], picture["alt"]

    return pixels_of


def line(**rest):
    """Return a figure of 2 by 1 inches with nothing but one black line from corner to corner."""
    figure = plt.figure(figsize=(2, 1))
    figure.add_artist(plt.Line2D([0.25, 0.75], [0.5, 0.5], color="black", linewidth=1, **rest))
    return figure


def dark(pixels):
    return np.argwhere(pixels.min(axis=2) < 0.5)


def test_a_figure_is_cut_to_its_ink(shown):
    pixels, _, _ = shown(line())
    (top, left), (bottom, right) = dark(pixels).min(axis=0), dark(pixels).max(axis=0)
    height, width = pixels.shape[:2]
    assert abs(right - left - 110) <= 4  # an inch
    for room in (top, left, height - 1 - bottom, width - 1 - right):
        assert 10 <= room <= 13


@pytest.mark.parametrize("height", [1.5, 1.95])  # inside the margin, and over its edge
def test_what_stands_outside_the_figure_is_kept(shown, height):
    figure = line()
    figure.text(0.5, height, "a title", ha="center")
    pixels, _, _ = shown(figure)
    title = dark(pixels)[:, 0] < 30
    assert title.sum() > 20
    assert pixels.shape[0] > 110 * (height - 0.5)


def test_an_empty_figure_keeps_its_size(shown):
    pixels, _, _ = shown(plt.figure(figsize=(2, 1)))
    assert pixels.shape[:2] == (110, 220)


def test_the_words_go_with_the_picture_and_the_figure_is_closed(shown):
    figure = line()
    words = 'One line, "thin" & short.'
    assert shown(figure, words)[1:] == (words, words)
    assert not plt.fignum_exists(figure.number)


def test_where_nobody_looks_nothing_is_drawn(monkeypatch):
    """Is a figure closed, and no time spent on it, in a run that is not shown?"""
    monkeypatch.setattr("IPython.get_ipython", lambda: MagicMock(without_pictures=True))
    monkeypatch.setattr("IPython.display.display", lambda *args, **rest: pytest.fail("shown"))
    figure = line()
    monkeypatch.setattr(figure, "savefig", lambda *args, **rest: pytest.fail("drawn"))
    show(figure, alt="One line.")
    assert not plt.fignum_exists(figure.number)


def test_without_a_notebook_the_words_are_printed(capsys):
    show(line(), alt="One line.")
    assert capsys.readouterr().out == "One line.\n"


@pytest.mark.parametrize(
    ("cmap", "pixels", "kind"),
    [
        ("PuOr", np.eye(2), "drawing"),
        ("gray", np.eye(2), "photograph"),
        (None, np.ones((2, 2, 3)), "photograph"),
    ],
)
def test_a_photograph_is_told_from_a_drawing(cmap, pixels, kind):
    """Would a dark page turn what only is colour, and leave what was seen by a camera?"""
    figure, axes = plt.subplots()
    axes.imshow(pixels, cmap=cmap)
    assert _shows_photographs(figure) == (kind == "photograph")
    plt.close(figure)
