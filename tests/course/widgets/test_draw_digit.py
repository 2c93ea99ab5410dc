"""Draw a digit in Python: the parameters it takes, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference.network import forward, initial_params
from course.data import network
from course.data.digits import digits_apart
from course.widgets import DrawDigit
from tests.course.widgets.cells import rows_of

RNG = np.random.default_rng(5)


def drawn_params(filters, seed=0):
    """Draw a network whose biases are not 0."""
    rng = np.random.default_rng(seed)
    params = initial_params(rng, filters)
    return {name: value + 0.1 * rng.normal(size=value.shape) for name, value in params.items()}


PARAMS = drawn_params((3, 5))


def test_what_train_returns_is_taken():
    """Are a dict, and the pair (params, losses), taken and given back in float32's precision?"""
    for given in (PARAMS, (PARAMS, [2.3, 1.9])):
        kept = DrawDigit(given).params
        assert list(kept) == list(PARAMS)
        for name, value in PARAMS.items():
            np.testing.assert_allclose(kept[name], value, rtol=1e-6)
            assert kept[name].shape == value.shape
    figure = DrawDigit()
    np.testing.assert_array_equal(figure.params["w2"], network()["w2"])
    figure.params = PARAMS
    assert figure.params["w2"].shape == (5, 3, 3, 3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1, 2], "params is a list; expected the dict that train returns"),
        ({"w1": 1}, "params has the keys w1; expected w1, b1, w2, b2, w3, b3"),
        (
            PARAMS | {"w2": np.zeros((5, 4, 3, 3))},
            "w2 (5, 4, 3, 3), b2 (5,), w3 (10, 20), b3 (10,); expected w1 (F1, 1, 3, 3), b1 (F1,), "
            "w2 (F2, F1, 3, 3), b2 (F2,), w3 (10, 4 F2), b3 (10,); with F1 = 3 and F2 = 5, "
            "w2 has to be (5, 3, 3, 3).",
        ),
        (PARAMS | {"w2": PARAMS["w1"]}, "with F1 = 3 and F2 = 5, w2 has to be (5, 3, 3, 3)."),
        (PARAMS | {"b3": 7.0}, "with F1 = 3 and F2 = 5, b3 has to be (10,)."),
        (PARAMS | {"w1": np.full((3, 1, 3, 3), np.nan)}, "params['w1'] has a value that is no fin"),
        (PARAMS | {"b1": np.array(["a", "b", "c"])}, "params['b1'] has a value that is no finite"),
        (drawn_params((65, 1)), "F1 and F2 from 1 to 64."),
    ],
)
def test_wrong_parameters_say_which_shapes_came_and_which_are_expected(given, message):
    """Is a network that does not fit together refused, with what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        DrawDigit(given)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"image": 100}, "image is 100; the test digits are 0 to 99."),
        ({"image": np.zeros((3, 8))}, "image has shape (3, 8); expected (8, 8), as digits()[0][0]"),
        ({"image": np.full((8, 8), 0.5)}, "image[0][0] is 0.5; expected ink in whole numbers"),
        ({"image": np.full((8, 8), 17)}, "image[0][0] is 17; expected ink in whole numbers from 0"),
        ({"image": np.full((8, 8), np.nan)}, "image[0][0] is nan; expected ink in whole numbers"),
        ({"selection": ("a4", 1)}, "selection is ('a4', 1); expected ('x', row, column), ('a1',"),
        ({"selection": ("a1", 16, 0, 0)}, "('a1', 16, 0, 0), and a1 has shape (16, 4, 4); count"),
        ({"fit": 1}, "fit is 1; expected True or False."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(setting, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        DrawDigit(**setting)


def test_a_picture_comes_as_the_data_or_the_lesson_have_it():
    """Are an array of the data, one with a channel, and a test digit's number one picture?"""
    image = digits_apart()["test"][0][7]
    for given in (image, image.tolist(), image[np.newaxis], image.astype(float), 7, np.int64(7)):
        assert DrawDigit(image=given).image == tuple(map(tuple, image.tolist()))
    assert not np.array(DrawDigit().image).any()


def test_the_tables_are_those_of_the_reference():
    """Are a test digit's picture and probabilities right, and those of another network left out?"""
    for at in (0, 42, 99):
        figure = DrawDigit(image=at)
        logits = forward(network(), np.array(figure.image)[np.newaxis, np.newaxis] / 16)[0]
        expected = np.exp(logits) / np.exp(logits).sum()
        shown = [row[1].removesuffix(" %") for row in rows_of(figure, "What the network")[1:]]
        np.testing.assert_allclose(np.array(shown, float), 100 * expected, atol=0.051)
        image = digits_apart()["test"][0][at].astype(str).tolist()
        assert [row[1:] for row in rows_of(figure, "The picture")] == image
    for figure in (DrawDigit(drawn_params((3, 5), 0), image=0), DrawDigit()):
        assert "What the network" not in figure.tables()


def test_a_smaller_network_keeps_the_selection_inside():
    """Does a selection past the new network's maps move to its last one?"""
    figure = DrawDigit(selection=("a2", 31, 3, 2))
    figure.params = PARAMS
    assert figure.selection == ("a2", 4, 3, 2)


def test_the_text_is_short():
    """Are 6,090 numbers left out of what a cell prints, and the picture told from test digits?"""
    assert repr(DrawDigit(image=3)).startswith("DrawDigit(params of (16, 32) filters, ")
    assert len(repr(DrawDigit())) < 500
    assert "a test digit: it is 9" in DrawDigit(image=3).tables()


def test_values_from_the_page_never_raise():
    """Is a drawing from the page taken over, a test digit's number too, and nonsense left out?"""
    figure = DrawDigit()
    drawn = RNG.integers(0, 17, (8, 8)).tolist()
    figure.set_state({"image": drawn, "selection": ["p", 3]})
    assert (np.array(figure.image).tolist(), figure.selection) == (drawn, ("p", 3))
    figure.set_state({"image": 2, "network": figure.network})
    assert figure.image == DrawDigit(image=2).image
    figure.set_state({"image": [[1]], "fit": False})
    assert (figure.image, figure.fit) == (DrawDigit(image=2).image, False)
