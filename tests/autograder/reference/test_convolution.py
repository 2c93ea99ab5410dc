"""Two-dimensional forwards against SciPy and PyTorch."""

import numpy as np
import pytest
from hypothesis import given

from autograder.reference import conv2d, conv2d_im2col, conv2d_loops, correlate2d
from tests.autograder.reference.geometries import G, assert_same, layers, torch_layer, tried


@pytest.fixture(scope="module")
def signal():
    """Return scipy.signal, which takes a second to import."""
    return pytest.importorskip("scipy.signal", reason="SciPy is not installed")


@tried(40)
@given(layers(grouped=False, dilated=False))
def test_one_map_is_scipys_correlation(signal, layer):
    """Do the four loops give scipy.signal.correlate2d?"""
    x, w, _, _ = layer.arrays()
    x = np.pad(x[0, 0], layer.padding)
    assert_same(correlate2d(x, w[0, 0]), signal.correlate2d(x, w[0, 0], "valid"))


@tried(60)
@given(layers())
def test_the_layer_is_pytorchs(layer):
    """Does it agree with stride, asymmetric padding, dilation and groups?"""
    arrays = x, w, b, _ = layer.arrays()
    y = torch_layer(layer, *arrays)[0]
    assert_same(conv2d(x, w, b, layer.stride, layer.padding, layer.dilation, layer.groups), y)


@pytest.mark.parametrize("forward", [conv2d_loops, conv2d_im2col])
def test_the_seven_loops_and_the_columns_are_pytorchs(forward):
    """Do the other two ways to compute the layer give the same?"""

    @tried(25)
    @given(layers(most=2, grouped=False, dilated=False))
    def agree(layer):
        arrays = x, w, b, _ = layer.arrays()
        assert_same(forward(x, w, b, layer.stride, layer.padding), torch_layer(layer, *arrays)[0])

    agree()


@pytest.mark.parametrize("layer", G)
def test_the_layer_is_scipys_correlation_summed_over_channels(signal, layer):
    """Does it agree with SciPy, strides and gaps made by slicing and stretching?"""
    x, w, b, _ = layer.arrays()
    (sh, sw), (dh, dw) = layer.stride, layer.dilation
    _, depth, KH, KW = w.shape
    stretched = np.zeros((layer.F, depth, dh * (KH - 1) + 1, dw * (KW - 1) + 1))
    stretched[:, :, ::dh, ::dw] = w
    padded = np.pad(x, ((0, 0), (0, 0), *layer.padding))
    y = np.zeros((layer.N, layer.F, *layer.out))
    for n, f in np.ndindex(layer.N, layer.F):
        first = f // (layer.F // layer.groups) * depth
        maps = [
            signal.correlate2d(padded[n, first + c], stretched[f, c], "valid")[::sh, ::sw]
            for c in range(depth)
        ]
        y[n, f] = np.sum(maps, axis=0) + b[f]
    assert_same(conv2d(x, w, b, layer.stride, layer.padding, layer.dilation, layer.groups), y)


FORWARDS = [conv2d, conv2d_loops, conv2d_im2col]


@pytest.mark.parametrize("forward", FORWARDS)
def test_an_empty_batch_gives_an_empty_output(forward):
    """Is the shape right where there is no image?"""
    y = forward(np.zeros((0, 3, 6, 8)), np.zeros((4, 3, 3, 2)), np.zeros(4), 2, 1)
    assert y.shape == (0, 4, 3, 5)


@pytest.mark.parametrize("forward", FORWARDS)
@pytest.mark.parametrize(
    ("dtype", "expected"), [(np.uint8, np.int64), (np.float32, np.float32), (float, float)]
)
def test_the_dtype_is_kept_and_integers_do_not_overflow(forward, dtype, expected):
    """Do 200 times 2 make 400 in bytes, float32 stay single, and arguments stay as they were?"""
    x = np.full((1, 1, 2, 3), 200, dtype)
    w, b = np.full((1, 1, 1, 2), 2, dtype), np.array([3], dtype)
    y = forward(x, w, b, padding=(0, 1))
    assert y.dtype == expected
    assert y.tolist() == [[[[403, 803, 803, 403]] * 2]]
    assert x.tolist() == [[[[200] * 3] * 2]]


@pytest.mark.parametrize("forward", FORWARDS)
@pytest.mark.parametrize(
    "change",
    [
        {"x": np.zeros((3, 6, 8))},
        {"x": np.zeros((2, 3, 6, 8), object)},
        {"x": np.zeros((2, 4, 6, 8))},
        {"x": [[[[0.0]]]]},
        {"x": np.zeros((2, 3, 2, 8))},
        {"w": np.zeros((4, 3, 7, 2))},
        {"w": np.zeros((4, 3, 3))},
        {"b": np.zeros(3)},
        {"b": 0.0},
        {"stride": 0},
        {"stride": (1, -1)},
        {"stride": 1.5},
        {"padding": -1},
    ],
)
def test_bad_input_is_refused(forward, change):
    """Is every mismatch a ValueError that says what came in?"""
    given = {"x": np.zeros((2, 3, 6, 8)), "w": np.zeros((4, 3, 3, 2)), "b": np.zeros(4)} | change
    with pytest.raises(ValueError, match="came in|does not fit|has to span|its dtype"):
        forward(**given)


def test_bad_groups_and_dilation_are_refused():
    """Are groups that do not divide, and dilation 0, refused?"""
    x, w, b = np.zeros((2, 4, 6, 8)), np.zeros((6, 2, 3, 2)), np.zeros(6)
    with pytest.raises(ValueError, match="groups=4 came in"):
        conv2d(x, w, b, groups=4)
    with pytest.raises(ValueError, match="dilation has to be"):
        conv2d(x, w, b, dilation=0, groups=2)


def test_correlate2d_refuses_what_does_not_fit():
    """Are a kernel too wide and an image of three axes refused?"""
    with pytest.raises(ValueError, match="does not fit"):
        correlate2d(np.zeros((5, 2)), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="came in"):
        correlate2d(np.zeros((1, 5, 5)), np.zeros((2, 3)))
