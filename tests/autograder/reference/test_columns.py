"""Columns against PyTorch's unfold and fold, and against each other."""

import numpy as np
import pytest
from hypothesis import given

from autograder.reference import adjoint_gap, col2im, coverage, im2col, im2col_indices
from tests.autograder.reference.geometries import assert_same, layers, torch_or_skip, tried


def _settings(layer):
    return layer.kernel, layer.stride, layer.padding, layer.dilation


def _torch_settings(layer):
    (ph, _), (pw, _) = layer.padding
    return {"padding": (ph, pw), "dilation": layer.dilation, "stride": layer.stride}


@tried(40)
@given(layers(grouped=False, asymmetric=False))
def test_columns_are_pytorchs_with_the_image_index_fastest(layer):
    """Does unfold give the same columns, but for their order?"""
    torch = torch_or_skip()
    x = layer.arrays()[0]
    theirs = torch.nn.functional.unfold(torch.tensor(x), layer.kernel, **_torch_settings(layer))
    rows = theirs.shape[1]
    assert_same(im2col(x, *_settings(layer)), theirs.numpy().transpose(1, 2, 0).reshape(rows, -1))


@tried(40)
@given(layers(grouped=False, asymmetric=False))
def test_images_from_columns_are_pytorchs(layer):
    """Does fold give the same sums?"""
    torch = torch_or_skip()
    x = layer.arrays()[0]
    cols = np.random.default_rng(layer.seed).normal(size=im2col(x, *_settings(layer)).shape)
    theirs = np.ascontiguousarray(cols.reshape(len(cols), -1, layer.N).transpose(2, 0, 1))
    image = torch.nn.functional.fold(
        torch.tensor(theirs), (layer.H, layer.W), layer.kernel, **_torch_settings(layer)
    )
    assert_same(col2im(cols, x.shape, *_settings(layer)), image.numpy())


@tried(40)
@given(layers(grouped=False))
def test_the_indices_read_the_columns(layer):
    """Does fancy indexing of the padded image, image index moved last, give im2col?"""
    x = layer.arrays()[0]
    where = im2col_indices(x.shape, *_settings(layer))
    places, windows = layer.C * layer.kernel[0] * layer.kernel[1], layer.out[0] * layer.out[1]
    assert [a.shape for a in where] == [(places, 1), (places, windows), (places, windows)]
    padded = np.pad(x, ((0, 0), (0, 0), *layer.padding))
    columns = padded[:, *where].transpose(1, 2, 0).reshape(places, -1)
    np.testing.assert_array_equal(im2col(x, *_settings(layer)), columns)


@tried(40)
@given(layers(grouped=False))
def test_the_coverage_is_pytorchs_fold_of_ones(layer):
    """Do ones, folded into one image, count the windows over each pixel?"""
    torch = torch_or_skip()
    hw = tuple(max(n, k) for n, k in zip((layer.H, layer.W), layer.kernel, strict=True))
    over = coverage(hw, layer.kernel, layer.stride)
    ones = torch.nn.functional.unfold(torch.ones(1, 1, *hw), layer.kernel, stride=layer.stride)
    folded = torch.nn.functional.fold(ones, hw, layer.kernel, stride=layer.stride)[0, 0]
    np.testing.assert_array_equal(over, folded.numpy())


@tried(40)
@given(layers(grouped=False))
def test_the_two_are_adjoint(layer):
    """Is <im2col(x), c> = <x, col2im(c)>, asymmetric padding included?"""
    x = layer.arrays()[0]
    settings = _settings(layer)
    cols = np.random.default_rng(layer.seed).normal(size=im2col(x, *settings).shape)
    gap = adjoint_gap(
        lambda x: im2col(x, *settings), lambda c: col2im(c, x.shape, *settings), x, cols
    )
    assert gap < 1e-10 * max(1.0, np.abs(cols).sum())


def test_the_gap_of_maps_that_are_not_adjoint_is_measured():
    """Is <Ax, c> - <x, Bc> computed with its size, never below 0?"""
    x, cols = np.array([1.0, 2.0]), np.array([10.0, 1.0])
    assert adjoint_gap(lambda x: x, lambda c: 2 * c, x, cols) == 12.0
    assert adjoint_gap(lambda x: 2 * x, lambda c: c, x, cols) == 12.0


def test_dtypes_are_kept_and_an_empty_batch_allowed():
    """Are columns of bytes bytes, and those of no image empty?"""
    assert im2col(np.ones((1, 2, 3, 4), np.uint8), 2).dtype == np.uint8
    columns = im2col(np.zeros((0, 2, 3, 4)), 2)
    assert columns.shape == (8, 0)
    assert col2im(columns, (0, 2, 3, 4), 2).shape == (0, 2, 3, 4)


def test_shapes_that_do_not_belong_together_are_refused():
    """Does each function say what it expected?"""
    with pytest.raises(ValueError, match="does not fit"):
        im2col_indices((1, 1, 2, 5), 3)
    with pytest.raises(ValueError, match="x has to be"):
        im2col(np.zeros((3, 4)), 2)
    with pytest.raises(ValueError, match=r"cols has to be .* = \(8, 12\)"):
        col2im(np.zeros((8, 6)), (2, 2, 3, 4), 2)
