"""Checks of a figure's settings: what came in, what was expected, what to do."""

from math import isfinite

from course.widgets.base import BadValue

LARGEST = 999_999  # longer numbers do not fit a cell


def numbers(most):
    """Make the check for a row of 1 to `most` numbers."""

    def check(name, value):
        shape = getattr(value, "shape", None)
        if shape is not None and len(shape) != 1:
            raise BadValue(f"{name} has shape {tuple(shape)}; expected one row of numbers, (n,).")
        value = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(value, list | tuple):
            raise BadValue(
                f"{name} is {value!r}, a {type(value).__name__}; expected a list or an array of "
                f"numbers, as [1, 2, 3]."
            )
        if not 1 <= len(value) <= most:
            raise BadValue(
                f"{name} has {len(value)} values; this figure draws 1 to {most}. "
                f"Pass a shorter piece, as {name}[:{most}]."
                if value
                else f"{name} is empty; this figure draws 1 to {most} values."
            )
        for index, one in enumerate(value):
            value_of = f"{name}[{index}] is {one!r}; expected"
            one = one.item() if hasattr(one, "item") else one
            if isinstance(one, bool) or not isinstance(one, int | float):
                raise BadValue(f"{value_of} a real number.")
            if not isfinite(one) or abs(one) > LARGEST:
                raise BadValue(f"{value_of} a finite number, at most {LARGEST} in size.")
        return tuple(one.item() if hasattr(one, "item") else one for one in value)

    return check


def whole(least, most):
    """Make the check for a whole number from `least` to `most`."""

    def check(name, value):
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise BadValue(
                f"{name} is {value!r}; expected a whole number from {least} to {most}, as "
                f"{name}={least}."
            )
        return value

    return check


def whole_or_pair(least, most):
    """Make the check for a whole number, or a pair of them, one for rows and one for columns."""
    one = whole(least, most)

    def check(name, value):
        value = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(value, list | tuple):
            return one(name, value)
        try:
            rows, columns = value
            return one(name, rows), one(name, columns)
        except ValueError as error:
            raise BadValue(
                f"{name} is {value!r}; expected a whole number from {least} to {most}, or a pair "
                f"of them, (rows, columns)."
            ) from error

    return check


def real(least, most):
    """Make the check for a number from `least` to `most`."""

    def check(name, value):
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadValue(f"{name} is {value!r}; expected a number from {least} to {most}.")
        if not least <= value <= most:
            raise BadValue(f"{name} is {value!r}; expected a number from {least} to {most}.")
        return float(value)

    return check


def one_of(*options):
    """Make the check for one of a few words."""

    def check(name, value):
        if value not in options:
            raise BadValue(
                f"{name} is {value!r}; expected {' or '.join(repr(option) for option in options)}."
            )
        return value

    return check


def some_of(*options):
    """Make the check for a list of a few words, which may be empty."""
    listed = ", ".join(repr(option) for option in options)

    def check(name, value):
        expected = f"expected a list of {listed}, as {name}=[{options[0]!r}]"
        if isinstance(value, str) or not isinstance(value, list | tuple):
            raise BadValue(f"{name} is {value!r}; {expected}.")
        for one in value:
            if one not in options:
                raise BadValue(f"{name} has {one!r}; {expected}.")
        return tuple(value)

    return check


def yes_or_no(name, value):
    """Check that a value is True or False."""
    if not isinstance(value, bool):
        raise BadValue(f"{name} is {value!r}; expected True or False.")
    return value


def or_none(check):
    """Let None through a check."""
    return lambda name, value: None if value is None else check(name, value)
