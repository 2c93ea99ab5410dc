"""Can every entry of the catalogue be read by a learner, and does each break something?"""

import numpy as np
import pytest

from autograder import exercises, misconceptions, reference
from autograder.lessons import layer
from autograder.lessons.draws import G1, G2, G3, G3_PLAIN, backward_arrays, forward_arrays

USED = {key for e in exercises.EXERCISES for key in misconceptions.variants(e)}


def test_every_misconception_breaks_some_exercise():
    """Is there an entry that no variant shows?"""
    assert set(misconceptions.CATALOGUE) - USED == set()


@pytest.mark.parametrize("entry", misconceptions.CATALOGUE.values(), ids=lambda m: m.id)
def test_names_complete_the_sentence_and_hints_end_it(entry):
    """Does "What this looks like: ..." read well, and is the hint one question or pointer?"""
    assert entry.id == entry.id.lower().replace(" ", "-")
    assert not entry.name.endswith(".")
    assert len(entry.name) < 110
    assert entry.hint[-1] in ".?"
    assert "!" not in entry.name + entry.hint
    assert not {"simply", "just", "obviously"} & set(entry.hint.lower().split())


@pytest.mark.parametrize("g", [G1, G2, G3], ids=["G1", "G2", "G3"])
def test_the_forward_pass_that_variants_are_made_from_is_right(g):
    """Are wrong variants wrong in one thing only?"""
    x, w, b = forward_arrays(np.random.default_rng(0), g)
    settings = g.stride, g.padding, g.dilation, g.groups
    right = reference.conv2d(x, w, b, *settings)
    np.testing.assert_allclose(layer.forward(x, w, b, *settings), right, rtol=1e-10)


@pytest.mark.parametrize("g", [G1, G2, G3_PLAIN], ids=["G1", "G2", "G3"])
def test_the_backward_pass_that_variants_are_made_from_is_right(g):
    """Are wrong variants wrong in one thing only?"""
    arrays = backward_arrays(np.random.default_rng(0), g)
    right = reference.conv2d_backward_loops(*arrays, g.stride, g.padding)
    for got, want in zip(layer.backward(*arrays, g.stride, g.padding), right, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


def test_many_wrong_forwards_and_backwards_are_tried():
    """Is the catalogue at least as long as what was tried by hand (26 and 24)?"""
    forwards = sum(map(len, misconceptions.variants("conv2d").values()))
    backwards = sum(map(len, misconceptions.variants("conv2d_backward_loops").values()))
    assert forwards >= 26
    assert backwards >= 24


def test_an_id_is_entered_once():
    """Can two mistakes share an id by accident?"""
    from autograder.lessons.register import breaks, mistake

    with pytest.raises(ValueError, match="already"):
        mistake("averages", "a name", "A hint?")
    with pytest.raises(ValueError, match="does not stand"):
        breaks("conv2d", "no-such-id")
