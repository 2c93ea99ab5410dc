"""Lesson 03 in several styles."""

import numpy as np

from autograder.lessons.register import solves


@solves("numerical_gradient")
def _index_loop(f, x, dy, h=0.1):
    x = x.astype(float)
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = np.sum(f(x) * dy)
        x[index] = old - h
        below = np.sum(f(x) * dy)
        x[index] = old
        grad[index] = (above - below) / (2 * h)
    return grad


@solves("numerical_gradient")
def _unit_steps(f, x, dy, h=0.1):
    grad = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        grad.append(np.vdot((f(x + step) - f(x - step)) / (2 * h), dy))
    return np.array(grad).reshape(x.shape)


@solves("numerical_gradient")
def _nditer(function, point, upstream, width=0.1):
    point = np.array(point, dtype=np.float64)
    slope = np.empty(point.shape)
    it = np.nditer(point, flags=["multi_index"])
    for _ in it:
        up, down = point.copy(), point.copy()
        up[it.multi_index] += width
        down[it.multi_index] -= width
        slope[it.multi_index] = ((function(up) - function(down)) * upstream).sum() / (2 * width)
    return slope


@solves("numerical_gradient")
def _flat_copy(f, x, dy, h=0.1):
    flat = x.astype(np.float64).ravel()

    def loss(values):
        return float((f(values.reshape(x.shape)) * dy).sum())

    grad = np.zeros(flat.size)
    for i, unit in enumerate(np.eye(flat.size)):
        grad[i] = (loss(flat + h * unit) - loss(flat - h * unit)) / h / 2
    return grad.reshape(x.shape)


@solves("relative_error")
def _formula(a, b, floor=1e-8):
    if a.size == 0:
        return 0.0
    return np.abs(a - b).max() / max(floor, (np.abs(a) + np.abs(b)).max())


@solves("relative_error")
def _initial(a, b, floor=1e-8):
    return np.max(np.abs(a - b), initial=0) / np.max(np.abs(a) + np.abs(b), initial=floor)


@solves("relative_error")
def _loop(a, b, floor=1e-8):
    top, bottom = 0.0, floor
    for p, q in zip(a.ravel(), b.ravel(), strict=True):
        top, bottom = max(top, abs(p - q)), max(bottom, abs(p) + abs(q))
    return float(top / bottom)


@solves("relative_error")
def _lists(a, b, floor=1e-8):
    pairs = list(zip(a.ravel().tolist(), b.ravel().tolist(), strict=True))
    top = max((abs(p - q) for p, q in pairs), default=0)
    return top / max([floor, *(abs(p) + abs(q) for p, q in pairs)])


@solves("first_mismatch")
def _argwhere(a, b, tol=1e-9):
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} is not {b.shape}")
    found = np.argwhere(~(np.abs(a - b) <= tol))
    return tuple(found[0]) if len(found) else None


@solves("first_mismatch")
def _entries(a, b, tol=1e-9):
    if np.shape(a) != np.shape(b):
        raise ValueError("shapes")
    for index in np.ndindex(a.shape):
        if not abs(a[index] - b[index]) <= tol:
            return index
    return None


@solves("first_mismatch")
def _unravel(a, b, tol=1e-9):
    if a.shape != b.shape:
        raise ValueError("shapes")
    wrong = (np.abs(a - b) > tol) | np.isnan(a) | np.isnan(b)
    if not wrong.any():
        return
    return tuple(int(i) for i in np.unravel_index(wrong.argmax(), wrong.shape))


@solves("first_mismatch")
def _nonzero(left, right, tolerance=1e-9):
    assert_shapes = left.shape == right.shape
    if not assert_shapes:
        raise ValueError
    places = np.nonzero(np.logical_not(np.isclose(left, right, rtol=0, atol=tolerance)))
    return tuple(axis[0] for axis in places) if places[0].size else None


# Styles that are seldom seen ---------------------------------------------------------------------


@solves("numerical_gradient")
def _ndenumerate(f, x, dy, h=0.1):
    point = np.asarray(x, dtype=float)
    slope = np.zeros(point.shape)
    for place, value in np.ndenumerate(point):
        moved = point.copy()
        moved[place] = value + h
        slope[place] += np.sum(dy * f(moved))
        moved[place] = value - h
        slope[place] -= np.sum(dy * f(moved))
    return slope / (2 * h)


@solves("numerical_gradient")
def _helper(f, x, dy, h=0.1):
    def loss(place, by):
        moved = x.astype("float64")
        moved[place] += by
        return np.tensordot(f(moved), dy, axes=np.ndim(dy))

    places = list(np.ndindex(x.shape))
    slopes = [(loss(place, h) - loss(place, -h)) / (h + h) for place in places]
    return np.array(slopes, dtype=float).reshape(x.shape)


@solves("numerical_gradient")
def _unravelled(function, start, weights, step=0.1):
    start = np.array(start, np.float64)
    result = np.empty_like(start)
    for number in range(start.size):
        place = np.unravel_index(number, start.shape)
        values = []
        for sign in (1, -1):
            there = start.copy()
            there[place] += sign * step
            values.append((function(there) * weights).sum())
        result[place] = (values[0] - values[1]) / 2 / step
    return result


@solves("numerical_gradient")
def _flat_view(f, x, dy, h=0.1):
    moved = np.array(x, dtype=float, order="C")
    flat, gradient = moved.reshape(-1), np.zeros(moved.size)
    for place in range(flat.size):
        kept = flat[place]
        for sign in (-1.0, 1.0):
            flat[place] = kept + sign * h
            gradient[place] += sign * np.einsum("i,i", np.ravel(f(moved)), np.ravel(dy)) / (2 * h)
        flat[place] = kept
    return gradient.reshape(moved.shape)


@solves("relative_error")
def _sorted(a, b, floor=1e-8):
    apart = np.sort(np.abs(np.subtract(a, b)), axis=None)
    sizes = np.sort(np.abs(a) + np.abs(b), axis=None)
    return apart[-1] / max(sizes[-1], floor) if apart.size else 0.0


@solves("relative_error")
def _reduce(a, b, floor=1e-8):
    sizes = np.maximum.reduce(np.absolute(a) + np.absolute(b), axis=None, initial=floor)
    return float(np.maximum.reduce(np.absolute(a - b), axis=None, initial=0.0) / sizes)


@solves("relative_error")
def _infinity_norm(left, right, smallest=1e-8):
    if not left.size:
        return 0.0
    apart = np.linalg.norm(np.ravel(left - right), np.inf)
    return apart / max(np.linalg.norm(np.ravel(abs(left) + abs(right)), np.inf), smallest)


@solves("relative_error")
def _nested(a, b, floor=1e-8):
    top, bottom = 0, floor
    for place in np.ndindex(a.shape):
        top = max(top, abs(a[place] - b[place]))
        bottom = max(bottom, abs(a[place]) + abs(b[place]))
    return top / bottom


@solves("first_mismatch")
def _ndenumerate_mismatch(a, b, tol=1e-9):
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape}")
    for place, value in np.ndenumerate(a):
        if abs(value - b[place]) <= tol:
            continue
        return place
    return None


@solves("first_mismatch")
def _generator(a, b, tol=1e-9):
    if a.shape != b.shape:
        raise ValueError("other shapes")
    found = (place for place in np.ndindex(*a.shape) if not -tol <= a[place] - b[place] <= tol)
    return next(found, None)


@solves("first_mismatch")
def _flat_nonzero(a, b, tol=1e-9):
    if a.shape != b.shape:
        raise ValueError("other shapes")
    equal = np.less_equal(np.abs(a - b), tol)
    places = np.flatnonzero(~equal)
    if places.size == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(places.min(), a.shape))


@solves("first_mismatch")
def _lists_of_tuples(left, right, allowed=1e-9):
    if left.shape != right.shape:
        raise ValueError("other shapes")
    close = (abs(left - right) <= allowed).tolist()
    places = [p for p in np.ndindex(left.shape) if not np.array(close)[p]]
    return min(places) if places else None
