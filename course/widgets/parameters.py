"""The parameters of lesson 13's network, checked, and packed for a page."""

import base64
from itertools import product

import numpy as np

from course.widgets.base import BadValue

LARGEST = 64  # filters of a layer
BOUND = 1e30  # far inside float32


def shapes_of(filters):
    """Return the shape of each parameter of a network with (F1, F2) filters."""
    first, second = filters
    return {
        "w1": (first, 1, 3, 3),
        "b1": (first,),
        "w2": (second, first, 3, 3),
        "b2": (second,),
        "w3": (10, 4 * second),
        "b3": (10,),
    }


NAMES = tuple(shapes_of((1, 1)))
FORM = "w1 (F1, 1, 3, 3), b1 (F1,), w2 (F2, F1, 3, 3), b2 (F2,), w3 (10, 4 F2), b3 (10,)"


def packed(name, value):
    """Check a network's parameters, and pack them for the page: filters, and float32 in base64."""
    if isinstance(value, dict) and set(value) == {"filters", "numbers"}:
        return value  # it comes back from the page as it went there
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        value = value[0]  # what `train` returns: (params, losses)
    if not isinstance(value, dict):
        raise BadValue(
            f"params is a {type(value).__name__}; expected the dict that train returns: {FORM}."
        )
    if set(value) != set(NAMES):
        raise BadValue(
            f"params has the keys {', '.join(map(str, value)) or 'of an empty dict'}; expected "
            f"{', '.join(NAMES)}: {FORM}."
        )
    arrays = {key: np.asarray(value[key]) for key in NAMES}
    filters = likely_filters(arrays)
    expected = shapes_of(filters)
    wrong = [key for key in NAMES if arrays[key].shape != expected[key]]
    if wrong or not 1 <= min(filters) <= max(filters) <= LARGEST:
        came = ", ".join(f"{key} {arrays[key].shape}" for key in NAMES)
        hint = f"with F1 = {filters[0]} and F2 = {filters[1]}, "
        hint += " and ".join(f"{key} has to be {expected[key]}" for key in wrong)
        if not wrong:
            hint = f"F1 and F2 from 1 to {LARGEST}"
        raise BadValue(f"params has {came}; expected {FORM}; {hint}.")
    for key, array in arrays.items():
        if array.dtype.kind not in "iuf" or not np.all(np.abs(array) < BOUND):
            raise BadValue(
                f"params[{key!r}] has a value that is no finite number, as nan; expected numbers "
                f"below {BOUND:g} in size. If training has run away, train with a smaller lr."
            )
    numbers = np.concatenate([arrays[key].ravel() for key in NAMES]).astype("<f4")
    return {"filters": filters, "numbers": base64.b64encode(numbers.tobytes()).decode()}


def likely_filters(arrays):
    """Return the (F1, F2) with which the fewest arrays have a wrong shape."""

    def right(pair):
        return sum(arrays[key].shape == shape for key, shape in shapes_of(pair).items())

    first, second = (
        sorted({len(arrays[key]) for key in keys if arrays[key].ndim})
        for keys in (("w1", "b1"), ("w2", "b2"))
    )
    return max(product(first, second), key=right, default=(0, 0))


def unpacked(value):
    """Return the parameters as arrays, in the shapes of `shapes_of`."""
    numbers = np.frombuffer(base64.b64decode(value["numbers"]), "<f4").astype(np.float64)
    arrays, at = {}, 0
    for key, shape in shapes_of(value["filters"]).items():
        arrays[key] = numbers[at : at + np.prod(shape)].reshape(shape)
        at += np.prod(shape)
    return arrays
