"""What the benchmark compares, and how it sums up; its speeds are no test's business."""

import numpy as np
import pytest

from autograder import reference
from benchmarks import convolution
from benchmarks.rivals import course, index_arrays, product, pytorch
from benchmarks.shapes import SHAPES, Shape
from tests.autograder.reference.geometries import torch_or_skip

SMALL = Shape("small", (2, 3, 6, 8), (4, 3, 3, 2), 2, 1)
DILATED = Shape("dilated", (2, 3, 9, 8), (4, 3, 3, 2), 1, 2, 2)


@pytest.mark.parametrize("shape", [SMALL, DILATED])
@pytest.mark.parametrize("rival", [course, pytorch, index_arrays])
def test_every_rival_computes_the_layer(rival, shape):
    """Are y, dx, dw and db those of the loops, so that equal work is timed?"""
    if rival is pytorch:
        torch_or_skip()
    x, w, b, dy = arrays = shape.arrays(np.float64)
    forward, backward = rival(shape, arrays)
    results = [forward(), *backward()]
    expected = [
        reference.conv2d(x, w, b, *shape.settings),
        *reference.conv2d_backward(dy, x, w, *shape.settings),
    ]
    for mine, theirs in zip(results, expected, strict=True):
        mine = mine.detach().numpy() if hasattr(mine, "detach") else mine
        np.testing.assert_allclose(mine, theirs, atol=1e-10)


def test_the_plain_product_has_the_layers_sizes():
    """Are its three products those of kernels, columns and upstream gradient?"""
    forward, backward = product(SMALL, SMALL.arrays(np.float64))
    assert forward().shape == (4, 2 * 3 * 5)
    assert [result.shape for result in backward()] == [(4, 18), (18, 2 * 3 * 5)]


def test_output_sizes_are_the_references():
    """Does the table's arithmetic agree with `output_shape` on all ten layers?"""
    for shape in SHAPES:
        assert shape.out == reference.output_shape(shape.x[2:], shape.w[2:], *shape.settings)


def _result():
    times = {"course": 6.0, "PyTorch": 3.0, "product": 2.0, "index arrays": 12.0}
    row = {name: {"forward": t, "backward": 2 * t, "peak": 2**20} for name, t in times.items()}
    epoch = {"course": 0.01, "PyTorch": 0.02}
    return {
        "kernels": "numpy: A; PyTorch: B",
        "rows": {s.name: row for s in SHAPES},
        "epoch": epoch,
    }


def test_ratios_and_means_are_ours_over_theirs():
    """Is 6 over 3 written as 2, in every row and in the mean?"""
    result = _result()
    assert convolution.means(result["rows"], "PyTorch") == pytest.approx([2.0, 2.0, 2.0])
    table = convolution.table(result)
    assert table.count("| 18000.00 | 2.00 | 3.00 | 0.50 | 1.0 | 1.0 |") == len(SHAPES)
    assert "| geometric mean, both | | **2.00** | **3.00** | **0.50** | | |" in table


def test_the_page_names_the_kernels_and_the_epoch():
    """Does a section say what computed, and how an epoch compares?"""
    text = convolution.section(convolution.RUNS[0], _result())
    assert "numpy: A; PyTorch: B." in text
    assert "takes 10 ms, 0.50 times PyTorch's" in text


def test_two_threads_are_not_timed_on_a_busy_machine(monkeypatch):
    """Does the page say so, instead of a number that other programs made?"""
    monkeypatch.setattr(convolution.os, "getloadavg", lambda: (5.1, 4.0, 4.0))
    one, two = convolution.RUNS[:2]
    assert convolution.busy(one) == ""
    text = convolution.section(two, convolution.measure(two, repeats=1))
    assert "Not measured" in text
    assert "(load 5.1 on" in text
    monkeypatch.setattr(convolution.os, "getloadavg", lambda: (1.0, 4.0, 4.0))
    assert convolution.busy(two) == ""


def test_the_picture_is_small(tmp_path):
    """Is a PNG of less than 60 kB drawn?"""
    convolution.plot(_result(), tmp_path / "speed.png")
    data = (tmp_path / "speed.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) < 60_000
