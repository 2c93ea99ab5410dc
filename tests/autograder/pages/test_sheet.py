"""Is the sheet that learners keep right, whole, and the one that its text gives?"""

import re
from pathlib import Path

import numpy as np
import pytest

from autograder import CommandError, misconceptions, reference
from autograder.pages.sheet import SHEET, TEXT, sheet_bytes

ROOT = Path(__file__).parents[3]
X, W, DY = np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]), np.array([1, 10, 100])
IMAGE = np.arange(1.0, 10).reshape(1, 1, 3, 3)
KERNEL, UPSTREAM = np.array([[[[1, 2], [3, 4]]]]), np.array([[[[1, 10], [100, 1000]]]])


def row(beginning):
    """Return the numbers in each pair of brackets of the sheet's row that begins like this."""
    text = (ROOT / TEXT).read_text("utf-8")
    [line] = [line for line in text.split("\n") if line.startswith(f"| {beginning}")]
    cells = line.split("|", 2)[2]
    return [[float(n) for n in found.split(",")] for found in re.findall(r"\[([\d., ]+)\]", cells)]


def test_the_committed_sheet_fits_its_text():
    """Was the sheet built after the last change of its text?"""
    assert (ROOT / SHEET).read_bytes() == sheet_bytes(ROOT)


def test_every_formula_could_be_set():
    """Is no formula left as LaTeX, and does nothing come from outside?"""
    page = sheet_bytes(ROOT).decode()
    assert "<math" in page
    assert "\\" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_the_probes_are_what_the_reference_computes():
    """Are P1, P2 and P4 right?"""
    x, w, dy, y, dx, dw = row("P1")
    assert (x, w, dy) == (X.tolist(), W.tolist(), DY.tolist())
    assert y == reference.correlate1d(X, W).tolist()
    assert dx == reference.grad_x_1d(DY, W).tolist()
    assert dw == reference.grad_w_1d(DY, X).tolist()
    w0, w1, dy0, dy1, y, dw = row("P2")
    assert [w0, w1] == KERNEL[0, 0].tolist()
    assert [dy0, dy1] == UPSTREAM[0, 0].tolist()
    assert y == reference.conv2d_loops(IMAGE, KERNEL, np.zeros(1)).ravel().tolist()
    gradients = reference.conv2d_backward_loops(UPSTREAM, IMAGE, KERNEL)
    assert gradients[0][0, 0, 1, 1] == 1234
    assert dw == gradients[1].ravel().tolist()
    *_, dx = row("P4")
    assert dx == reference.grad_x_1d_strided(DY, W, 7, 2).tolist()
    assert reference.grad_x_1d_strided(DY, W, 8, 2)[-1] == 0


def test_the_mistakes_show_as_the_sheet_says():
    """Do the wrong numbers come out of the wrong answers?"""
    flipped, flipped_2d = row("kernel flipped")
    assert flipped == reference.convolve1d(X, W).tolist()
    turned = KERNEL[..., ::-1, ::-1]
    assert flipped_2d == reference.conv2d_loops(IMAGE, turned, np.zeros(1)).ravel().tolist()
    assert row("kernel not turned")[0] == np.convolve(DY, W[::-1]).tolist()
    assert row("`dw` read")[0] == reference.grad_w_1d(DY, X)[::-1].tolist()
    wrong, right = row("bias once")
    assert right == reference.conv2d_loops(IMAGE, KERNEL, np.array([0.5])).ravel().tolist()
    assert wrong == (np.array(right) + 3 * 0.5).tolist()
    lost = np.zeros(7)
    for i in range(3):
        lost[2 * i : 2 * i + 3] = DY[i] * W
    assert row("`=` for `+=`")[0] == lost.tolist()
    assert "flips-the-kernel" in misconceptions.CATALOGUE


def test_a_text_without_a_title_is_refused(tmp_path):
    """Does the message say what a sheet begins with?"""
    (tmp_path / "source").mkdir()
    with pytest.raises(CommandError, match="missing"):
        sheet_bytes(tmp_path)
    (tmp_path / TEXT).write_text("no title\n")
    with pytest.raises(CommandError, match="begins with '# '"):
        sheet_bytes(tmp_path)
