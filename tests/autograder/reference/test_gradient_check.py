"""The gradient check itself, on functions whose gradients are known."""

import numpy as np
import pytest

from autograder.reference import first_mismatch, numerical_gradient, relative_error


@pytest.mark.parametrize("h", [0.1, 1.0, 3.0])
def test_a_linear_function_is_differentiated_exactly_at_any_step(h):
    """Is the gradient of A x weighted by dy equal to A transposed times dy?"""
    rng = np.random.default_rng(0)
    A, dy, x = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3)
    dx = numerical_gradient(lambda x: A @ x, x, dy, h)
    np.testing.assert_allclose(dx, A.T @ dy, rtol=1e-12)


def test_a_curved_function_is_differentiated_to_second_order():
    """Is the error that of the central difference, h squared times the third derivative / 6?"""
    x = np.array([[0.3, -1.2], [2.0, 0.7]])
    dx = numerical_gradient(np.sin, x, np.full((2, 2), 5.0), h=0.01)
    np.testing.assert_allclose(dx, 5 * np.cos(x) * np.sin(0.01) / 0.01, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_integers_and_single_precision_are_moved_in_float64(dtype):
    """Does x = 3 give 6 for x squared, though 3 + h is no such number?"""
    x = np.array([3, -2], dtype)
    dx = numerical_gradient(lambda x: x**2, x, np.array([1, 10]), h=1e-4)
    np.testing.assert_allclose(dx, [6, -40], rtol=1e-9)
    assert dx.dtype == np.float64
    assert x.tolist() == [3, -2]


def test_the_result_need_not_be_shaped_like_x():
    """Are a scalar x and a summed f both differentiated?"""
    assert numerical_gradient(lambda x: x**2, np.array(3.0), np.array(2.0)).shape == ()
    dx = numerical_gradient(lambda x: x.sum(), np.ones((2, 3)), np.array(7.0))
    np.testing.assert_allclose(dx, np.full((2, 3), 7.0), rtol=1e-12)


def test_dy_of_another_shape_is_refused():
    """Is broadcasting, which would hide the mistake, kept out?"""
    with pytest.raises(ValueError, match=r"dy has shape \(2,\), but f\(x\) has shape \(3,\)"):
        numerical_gradient(lambda x: x, np.ones(3), np.ones(2))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([1.0, 3.0], [1.0, 2.0], 0.2),
        ([5.0], [-5.0], 1.0),
        ([0.0], [0.0], 0.0),
        ([0.0], [1e-17], 1e-9),
        ([1e-12, 100.0], [2e-12, 100.0], 5e-15),
        ([], [], 0.0),
        (np.array([200], np.uint8), np.array([201], np.uint8), 1 / 401),
    ],
)
def test_relative_error_is_one_number_over_all_entries(a, b, expected):
    """Are zeros close to near-zeros, and is nothing divided entry by entry?"""
    error = relative_error(np.array(a), np.array(b))
    assert error == pytest.approx(expected, rel=1e-3)
    assert type(error) is float


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]], None),
        ([[1, 2], [3, 4]], [[1, 9], [9, 4]], (0, 1)),
        ([0.0, 0.5], [0.0, 0.75], None),
        ([0.0, 0.5], [0.0, 0.7500001], (1,)),
        ([1.0, np.nan], [1.0, np.nan], (1,)),
        ([np.inf, -np.inf], [np.inf, np.inf], (1,)),
        (3.0, 4.0, ()),
        ([], [], None),
    ],
)
def test_first_mismatch_goes_row_by_row(a, b, expected):
    """Is a difference of exactly tol equal, NaN never, infinity to itself?"""
    assert first_mismatch(np.array(a), np.array(b), tol=0.25) == expected


def test_shapes_that_differ_are_refused():
    """Is neither comparison tempted to broadcast?"""
    for compare in (relative_error, first_mismatch):
        with pytest.raises(ValueError, match=r"\(3,\) and \(1, 3\) came in"):
            compare(np.ones(3), np.ones((1, 3)))
