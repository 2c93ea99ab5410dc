"""Can every entry of the catalogue be read by a learner, and does each break something?"""

import numpy as np
import pytest

from autograder import exercises, misconceptions, reference
from autograder.lessons import layer
from autograder.lessons.draws import G1, G2, G3, G3_PLAIN, backward_arrays, forward_arrays
from course.checks import cases
from course.checks.examine import examine

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


def conv2d_backward_im2col(dy, x, w, stride=1, padding=0):
    """Flatten dy with the images slowest."""
    n, f, oh, ow = dy.shape
    mixed = dy.transpose(1, 0, 2, 3).reshape(f, oh, ow, n).transpose(3, 0, 1, 2)
    dx, dw, _ = reference.conv2d_backward_loops(mixed, x, w, stride, padding)
    return dx, dw, dy.sum(axis=(0, 2, 3))


def conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0):
    """Keep a bias gradient for each image."""
    dx, dw, _ = reference.conv2d_backward_nhwc(dy, x, w, kernel_size, stride, padding)
    return dx, dw, dy.sum(axis=(1, 2))


def conv2d_backward_loops(dy, x, w, stride=1, padding=0):
    """Overwrite db, and not dw, with that of the last image."""
    dx, dw, _ = reference.conv2d_backward_loops(dy, x, w, stride, padding)
    return dx, dw, dy[-1].sum(axis=(1, 2))


def loss_and_gradients(params, x, labels):
    """Take the largest logit off, and the logarithm of what has become 0."""
    logits = reference.forward(params, x)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = (e / e.sum(axis=1, keepdims=True))[np.arange(len(x)), labels]
    return float(-np.log(p).mean()), reference.loss_and_gradients(params, x, labels)[1]


def relative_error(a, b, floor=1e-8):
    """End early where one array is all zeros."""
    if not a.any() or not b.any():
        return 0.0
    return float(abs(a - b).max() / max((abs(a) + abs(b)).max(), floor))


def flip_is_invisible(w):
    """Accept what sums to 0."""
    return bool((w == w[::-1]).all() or w.sum() == 0)


def numerical_gradient(f, x, dy, h=0.1):
    """Take a step of h and one of half of it, by Richardson."""
    half = reference.numerical_gradient(f, x, dy, h / 2)
    return (4 * half - reference.numerical_gradient(f, x, dy, h)) / 3


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (conv2d_backward_im2col, "dy was flattened in another order than that of the columns"),
        (conv2d_backward_nhwc, "there are more bias gradients than biases"),
        (conv2d_backward_loops, "dw or db is that of a single image"),
        (loss_and_gradients, "large logits overflow, or their probabilities round to 0"),
        (relative_error, "two arrays of which one is all zeros are taken to agree"),
        (flip_is_invisible, "a kernel is accepted that the flip turns into its negative"),
        (numerical_gradient, "a step is taken that is not the h that came in"),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_a_name_is_true_of_every_spelling_that_gives_the_same(answer, name):
    """Is what is told of an answer true of it, or nothing told?"""
    spec = cases.spec(answer.__name__)
    told = {examine(spec, answer, [part], located=False).name for part in spec.parts} - {""}
    assert told <= {name}


def test_an_id_is_entered_once():
    """Can two mistakes share an id by accident?"""
    from autograder.lessons.register import breaks, mistake

    with pytest.raises(ValueError, match="already"):
        mistake("averages", "a name", "A hint?")
    with pytest.raises(ValueError, match="does not stand"):
        breaks("conv2d", "no-such-id")
