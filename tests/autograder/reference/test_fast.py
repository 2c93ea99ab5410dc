"""The fast twins against the plain loops, on every path they choose between."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import reference
from autograder.reference import fast
from autograder.reference.fast import convolution
from tests.autograder.reference.geometries import G, Layer, assert_same, layers, torch_layer, tried

EVERYTHING = 10**9


@pytest.fixture(params=["small maps", "large maps, one block", "large maps, image by image"])
def path(request, monkeypatch):
    """Send every geometry down one path, whatever its size."""
    small, block = {
        "small maps": (EVERYTHING, EVERYTHING),
        "large maps, one block": (0, EVERYTHING),
        "large maps, image by image": (0, 1),
    }[request.param]
    monkeypatch.setattr(convolution, "SMALL_MAP", small)
    monkeypatch.setattr(convolution, "BLOCK", block)


@pytest.mark.usefixtures("path")
def test_the_layer_and_its_gradients_are_those_of_the_loops():
    """Do y, dx, dw and db agree on every path, with padding, dilation and groups?"""

    @tried(50)
    @given(layers())
    def agree(layer):
        x, w, b, dy = layer.arrays()
        settings = (layer.stride, layer.padding, layer.dilation, layer.groups)
        assert_same(fast.conv2d(x, w, b, *settings), reference.conv2d(x, w, b, *settings))
        computed = fast.conv2d_backward(dy, x, w, *settings)
        expected = reference.conv2d_backward(dy, x, w, *settings)
        for mine, theirs in zip(computed, expected, strict=True):
            assert_same(mine, theirs)

    agree()


LARGE = [
    *G,
    Layer(37, 2, 9, 7, 4, (3, 2), (2, 1), ((1, 1), (0, 1))),  # more images than a cache line
    Layer(5, 2, 20, 17, 5, (3, 2), (1, 1), ((1, 1), (1, 1))),
    Layer(5, 4, 20, 17, 3, (3, 2), (1, 1), ((1, 1), (1, 1))),  # F <= 2 C: dx as a convolution
    Layer(2, 4, 24, 21, 3, (3, 3), (1, 1), ((2, 1), (0, 2)), (2, 1)),
    Layer(2, 4, 20, 21, 3, (2, 2), (1, 1), ((2, 2), (0, 0))),  # padding above k - 1
    Layer(3, 3, 43, 40, 4, (5, 4), (2, 2), ((2, 2), (1, 1))),
    Layer(3, 6, 17, 19, 4, (1, 1)),
    Layer(3, 2, 17, 19, 6, (1, 1)),  # F > 2 C: dx by sums
    Layer(3, 4, 18, 19, 6, (3, 3), padding=((1, 1), (1, 1)), groups=2),
]


@pytest.mark.parametrize("layer", LARGE)
def test_the_path_that_it_picks_is_pytorchs(layer):
    """Do small and large maps agree, float64 closely and float32 in single precision?"""
    settings = (layer.stride, layer.padding, layer.dilation, layer.groups)
    for dtype, tolerance in ((np.float64, 1e-10), (np.float32, 1e-4)):
        arrays = x, w, b, dy = layer.arrays(dtype)
        computed = [fast.conv2d(x, w, b, *settings), *fast.conv2d_backward(dy, x, w, *settings)]
        for mine, theirs in zip(computed, torch_layer(layer, *arrays), strict=True):
            assert_same(mine, theirs, tolerance)
            assert mine.dtype == dtype


@pytest.mark.usefixtures("path")
def test_integers_stay_exact_and_arguments_unchanged():
    """Do the digits of P2 come out of bytes, and stay what they were?"""
    x = np.arange(1, 10, dtype=np.int16).reshape(1, 1, 3, 3)
    w = np.array([[[[1, 2], [3, 4]]]], np.int8)
    dy = np.array([[[[1, 10], [100, 1000]]]], np.int16)
    kept = [array.copy() for array in (dy, x, w)]
    assert fast.conv2d(x, w, np.array([0]))[0, 0].tolist() == [[37, 47], [67, 77]]
    dx, dw, db = fast.conv2d_backward(dy, x, w)
    assert dx[0, 0].tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]
    assert dw.ravel().tolist() == [5421, 6532, 8754, 9865]
    assert db.tolist() == [1111]
    for array, before in zip((dy, x, w), kept, strict=True):
        np.testing.assert_array_equal(array, before)


def test_settings_may_be_lists_and_are_checked_like_any():
    """Is a list read as the pair it is, and what is no pair refused, remembered or not?"""
    x, w, b, _ = G[0].arrays()
    y = fast.conv2d(x, w, b, [2, 1], [[1, 0], [0, 1]])
    assert_same(y, reference.conv2d(x, w, b, (2, 1), ((1, 0), (0, 1))))
    fast.conv2d(x, w, b, 1)
    for stride in (1.0, np.array([1, 1]), 0, "1"):
        with pytest.raises(ValueError, match="stride has to be"):
            fast.conv2d(x, w, b, stride)


@pytest.mark.usefixtures("path")
def test_an_empty_batch_gives_empty_results():
    """Are all shapes right where there is no image?"""
    x, w = np.zeros((0, 3, 6, 8)), np.ones((4, 3, 3, 2))
    y = fast.conv2d(x, w, np.zeros(4), 2, 1)
    assert y.shape == (0, 4, 3, 5)
    dx, dw, db = fast.conv2d_backward(y, x, w, 2, 1)
    assert (dx.shape, dw.any(), db.tolist()) == ((0, 3, 6, 8), False, [0.0] * 4)
    assert fast.im2col(x, 3).shape == (27, 0)
    assert fast.col2im(np.zeros((27, 0)), x.shape, 3).shape == x.shape


@tried(60)
@given(layers(grouped=False))
def test_columns_and_images_from_them_are_those_of_the_loops(layer):
    """Do im2col and col2im agree?"""
    x = layer.arrays()[0]
    settings = (layer.kernel, layer.stride, layer.padding, layer.dilation)
    columns = reference.im2col(x, *settings)
    np.testing.assert_array_equal(fast.im2col(x, *settings), columns)
    columns = np.random.default_rng(layer.seed).normal(size=columns.shape)
    assert_same(
        fast.col2im(columns, x.shape, *settings), reference.col2im(columns, x.shape, *settings)
    )


@tried(60)
@given(layers(grouped=False, dilated=False))
def test_the_channels_last_twins_are_those_of_the_loops(layer):
    """Do columns, y, dx, dw and db agree?"""
    x, w, b, dy = layer.arrays()
    x, dy = x.transpose(0, 2, 3, 1), dy.transpose(0, 2, 3, 1)
    w = w.transpose(0, 2, 3, 1).reshape(layer.F, -1)
    settings = (layer.kernel, layer.stride, layer.padding)
    assert_same(fast.conv2d_nhwc(x, w, b, *settings), reference.conv2d_nhwc(x, w, b, *settings))
    computed = fast.conv2d_backward_nhwc(dy, x, w, *settings)
    expected = reference.conv2d_backward_nhwc(dy, x, w, *settings)
    for mine, theirs in zip(computed, expected, strict=True):
        assert_same(mine, theirs)
    padded = np.pad(x, ((0, 0), *layer.padding, (0, 0)))
    np.testing.assert_array_equal(
        fast.im2col_nhwc(padded, layer.kernel, layer.stride),
        reference.im2col_nhwc(padded, layer.kernel, layer.stride),
    )


@tried(60)
@given(st.tuples(*[st.integers(1, 3)] * 4, *[st.integers(0, 4)] * 2, st.integers(0, 9999)))
def test_pooling_is_that_of_the_loops_ties_included(sizes):
    """Do values and gradients agree where windows overlap, leave gaps, and hold equal maxima?"""
    KH, KW, sh, sw, more_h, more_w, seed = sizes
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, size=(2, 3, KH + more_h, KW + more_w)).astype(float)
    pool = reference.MaxPool2D((KH, KW), (sh, sw))
    y, places = fast.max_pool2d(x, (KH, KW), (sh, sw))
    assert_same(y, pool.forward(x))
    dy = rng.normal(size=y.shape)
    computed = fast.max_pool2d_backward(dy, places, x.shape, (KH, KW), (sh, sw))
    assert_same(computed, pool.backward(dy))
    default, _ = fast.max_pool2d(x, (KH, KW))
    assert_same(default, reference.MaxPool2D((KH, KW)).forward(x))


@pytest.mark.parametrize(
    "call",
    [
        lambda x, w, b: fast.conv2d(x, w, b[:3]),
        lambda x, w, b: fast.conv2d(x, w[:, :2], b),
        lambda x, w, b: fast.conv2d(x, w, b, groups=2),
        lambda x, w, b: fast.conv2d_backward(np.zeros((2, 4, 4, 6)), x, w),
        lambda x, w, b: fast.im2col(x[0], 2),
        lambda x, w, b: fast.im2col(x, 7),
        lambda x, w, b: fast.col2im(np.zeros((5, 5)), x.shape, 2),
        lambda x, w, b: fast.max_pool2d(x[0], 2),
        lambda x, w, b: fast.max_pool2d_backward(x, x, x.shape, 2),
        lambda x, w, b: fast.im2col_nhwc(x[0], 2),
        lambda x, w, b: fast.conv2d_nhwc(x, np.zeros((4, 17)), b, 2),
        lambda x, w, b: fast.conv2d_nhwc(x, np.zeros((4, 32)), b[:3], 2),
        lambda x, w, b: fast.conv2d_backward_nhwc(x, x, np.zeros((4, 32)), 2),
    ],
)
def test_the_twins_refuse_what_the_loops_refuse(call):
    """Is bad input a ValueError here, too?"""
    with pytest.raises(ValueError, match="came in|does not fit|has to span"):
        call(np.zeros((2, 3, 6, 8)), np.zeros((4, 3, 3, 2)), np.zeros(4))
