"""The kernel lab in Python: its pictures, its output, its messages, its tables."""

import io
import json
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autograder.reference import conv2d, correlate2d
from course.data import photograph
from course.widgets import KernelLab
from tests.course.widgets.cells import rows_of, value_of

SMALL = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])


def test_the_output_is_the_references():
    """On random shapes and settings, grey, colour and turned, is it `autograder.reference`'s?"""
    rng = np.random.default_rng(5)
    for turn in range(24):
        x = rng.integers(0, 256, (3, *rng.integers(5, 12, 2)))
        w = rng.integers(-8, 9, rng.integers(1, 4, 2)) / 4
        stride, padding, dilation = rng.integers((1, 0, 1), (4, 3, 3), (2, 3)).T.tolist()
        setting = {"stride": stride, "padding": padding, "dilation": dilation}
        lab = KernelLab(x, w, flip=turn % 2 == 1, **setting)
        used = w[::-1, ::-1] if turn % 2 else w
        planes = conv2d(x[:, None], used[None, None], np.zeros(1), **setting)[:, 0]
        np.testing.assert_allclose(lab.output, planes, rtol=1e-12, atol=1e-10)
        lab.channels = "grey"
        np.testing.assert_array_equal(lab.image, x.sum(axis=0) / 3)
        np.testing.assert_allclose(lab.output, planes.mean(axis=0), rtol=1e-12, atol=1e-10)


def test_image_and_kernel_are_read_as_they_were_set():
    """Do arrays come back unchanged, fractions too, and do names stand for their pictures?"""
    lab = KernelLab(channels="colour")
    np.testing.assert_array_equal(lab.image, photograph())
    for image in (SMALL, SMALL / 7, photograph()[:, :9, :5], photograph() - 12.5):
        lab.image = image
        np.testing.assert_array_equal(lab.image, image)
    lab.kernel = np.array([[0.1, 1 / 3]])
    assert lab.kernel.tolist() == [[0.1, 1 / 3]]
    lab.image = "impulse"
    assert np.argwhere(lab.image).tolist() == [[7, 7]]


def test_an_output_of_ones_own_is_kept_until_something_changes():
    """Is it read back, shown, and dropped with the next kernel, picture or setting?"""
    lab = KernelLab(SMALL, [[1, 2], [3, 4]])
    right = lab.output
    assert right.tolist() == [[37, 47], [67, 77]]
    for name, value in [("kernel", [[1, 2], [3, 5]]), ("padding", 1), ("flip", True)]:
        lab.output = lab.output + 1
        own = KernelLab(SMALL, lab.kernel, padding=lab.padding).output
        np.testing.assert_array_equal(lab.output, own + 1)
        np.testing.assert_array_equal(lab.difference, np.ones(own.shape))
        setattr(lab, name, value)
        assert lab.given is None
    lab.output = np.zeros(lab.output.shape)
    lab.output = None
    assert lab.output.any()
    assert not lab.difference.any()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"image": "tower"}, "image is 'tower'; expected one of 'photograph', 'digit', 'pattern'"),
        ({"image": None}, "image is None; expected one of"),
        ({"image": [[1, 2], [3]]}, "image has rows of different lengths; expected an array (H, W)"),
        ({"image": [["1"]]}, "image is [['1']]; expected one of"),
        ({"image": [1, 2]}, "image has shape (2,); expected (H, W) or (3, H, W)."),
        ({"image": np.ones((9, 9, 3))}, "Channels come first: image.transpose(2, 0, 1)."),
        ({"image": np.ones((4, 9, 9))}, "image has shape (4, 9, 9); expected (H, W) or (3, H, W)."),
        ({"image": np.ones((257, 3))}, "image has 257 rows and 3 columns; this figure draws 1 to"),
        ({"image": [[0, np.nan]]}, "image[0, 1] is nan; expected a finite number, at most 999999"),
        ({"image": [[1, 2], [3, 4]]}, "the kernel spans 3 rows (3 entries, dilation 1) and the im"),
        ({"kernel": np.ones((8, 3))}, "kernel has 8 rows; this figure draws 1 to 7."),
        ({"kernel": 3}, "kernel has 0 axes; expected 2"),
        ({"channels": "rgb"}, "channels is 'rgb'; expected 'grey' or 'colour'."),
        ({"flip": 1}, "flip is 1; expected True or False."),
        ({"selection": 15876}, "selection is 15876; the outputs are 0 to 15875."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        KernelLab(**settings)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (np.ones((2, 3)), "output has shape (2, 3); expected (2, 2), that of this figure's output"),
        (np.ones((3, 2, 2)), "output has shape (3, 2, 2); expected (2, 2)"),
        ("37", "output is '37'; expected an array (H, W) or (3, H, W)."),
        ([[1, 2], [3, np.inf]], "output[1, 1] is inf; expected a finite number"),
    ],
)
def test_a_wrong_output_is_refused(output, message):
    """Does a ValueError show both shapes, and does the figure keep its own?"""
    lab = KernelLab(SMALL, [[1, 2], [3, 4]])
    with pytest.raises(ValueError, match=re.escape(message)):
        lab.output = output
    assert lab.given is None


def test_what_comes_from_the_page_is_taken_or_left():
    """Is a packed picture taken over, and one whose bytes do not fit its shape left out?"""
    lab = KernelLab(SMALL, [[1]])
    good = {"shape": [1, 1, 2], "kind": "uint8", "data": "AP8="}
    for bad in ({**good, "shape": [1, 2, 2]}, {**good, "kind": "int8"}, {**good, "data": "?"}):
        lab.set_state({"picture": bad})
        np.testing.assert_array_equal(lab.image, SMALL)
    lab.set_state({"picture": good, "weights": [[2]]})
    assert lab.output.tolist() == [[0, 510]]


def test_the_tables_show_pictures_kernel_and_one_sum():
    """Without scripts, are picture and output images, and is the kept window's sum in numbers?"""
    lab = KernelLab(np.arange(30).reshape(5, 6), [[0, 1], [2, 0]], selection=5, flip=True)
    pictures = re.findall(r'src="data:image/png;base64,([^"]*)"', lab.tables())
    shown, output = (np.array(Image.open(io.BytesIO(b64decode(one)))) for one in pictures)
    np.testing.assert_array_equal(shown, lab.image)
    assert output.shape == lab.output.shape
    assert rows_of(lab, "Kernel w, turned by 180°") == [["row 0", "0", "1"], ["row 1", "2", "0"]]
    (_, name, text, value) = ["", *rows_of(lab, "One output")[1]]
    assert (name, text) == ("y[1, 0]", "6·0 + 7·2 + 12·1 + 13·0")
    assert value_of(value) == lab.output[1, 0] == 26


def test_the_repr_leaves_out_a_picture_of_ones_own():
    """Is it short enough to read, with names where there are names?"""
    assert "image='photograph'" in repr(KernelLab())
    assert "image=<3 × 3 numbers>, kernel=((1,),)" in repr(KernelLab(SMALL, [[1]]))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (correlate2d, "largest difference 0.000000"),
        (lambda x, w: correlate2d(x, w[::-1, ::-1]), "largest difference [1-9]"),
        (lambda x, w: None, "it returned None. Is the line with `return` missing"),
        (lambda x, w: correlate2d(np.pad(x, 2), w), "expected .126, 126."),
    ],
)
def test_lesson_04_lays_an_answer_beside_the_figure(capsys, answer, said):
    """Does the lesson's cell say of a right and of a wrong answer what is true?"""
    lesson = "04_conv2d_loops"
    path = Path(__file__).parents[3] / "release" / lesson / f"{lesson}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    (code,) = (c for c in map("".join, (c["source"] for c in cells)) if "lab.output = y" in c)
    lab = KernelLab("photograph", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    exec(code, {"np": np, "lab": lab, "correlate2d": answer})
    assert re.search(said, capsys.readouterr().out)
