"""What an exercise's cases have to show, so that no slip hides: declared beside its parts.

A property is shown when one case at least has it.  Visible cases and withheld ones both have to
show every property of their exercise; `missing` names those that no case shows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.reference import output_length, output_shape
from autograder.reference.gradients_1d import conv1d_backward
from course.checks import drive
from course.checks.cases import Case, Raised

SETTINGS = (("stride", 1), ("padding", 0), ("dilation", 1))


@dataclass(frozen=True)
class Property:
    """Something that a case may show; `text` completes "no case with ..."."""

    text: str
    shown_by: Callable[["Call"], bool]


@dataclass(frozen=True)
class Call:
    """One case as properties see it.

    Attributes
    ----------
    args : the arguments by the names of the parameters, those left out missing
    expected : the right outcome
    """

    args: dict[str, Any]
    expected: Any

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arguments that are arrays."""
        return {name: a for name, a in self.args.items() if isinstance(a, np.ndarray)}

    @property
    def results(self) -> list[np.ndarray]:
        """The arrays of the expected outcome."""
        outcome = self.expected
        if isinstance(outcome, dict):
            outcome = tuple(outcome.values())
        found = outcome if isinstance(outcome, (tuple, list)) else [outcome]
        found = [a for a in found if not isinstance(a, (tuple, list))]  # a shape among others
        return [a for a in map(np.asarray, found) if a.dtype.kind in "iuf"]


def missing(
    properties: Iterable[Property], cases: Iterable[Case], parameters: list[str]
) -> list[str]:
    """Return the texts of the properties that no case shows.

    Parameters
    ----------
    properties : what the cases have to show
    cases : the cases of all parts of an exercise, visible or withheld
    parameters : the names of the exercise's parameters, in order
    """
    calls = [Call(_by_name(case, parameters), case.expected) for case in cases]
    calls = [call for call in calls if not isinstance(call.expected, Raised)]
    return [p.text for p in properties if not any(map(p.shown_by, calls))]


def _by_name(case: Case, parameters: list[str]) -> dict[str, Any]:
    """Name a case's arguments, and what the constructor of a class takes among them."""
    args = dict(zip(drive.parameters(case.how, parameters), case.args, strict=False))
    settings = zip(parameters, args.get("settings", ()), strict=False)
    return args | dict(settings)


def numbers(*names: str, result: bool = True) -> tuple[Property, ...]:
    """Say that each of these arrays holds fractions alone, whole numbers alone, and both signs.

    Then an array that is made with the type of one argument, or a result whose sign or last digits
    are lost, is seen.  A `result` that is no array of signed numbers is left out.
    """
    found = []
    for name in names:
        if len(names) > 1:
            found.append(Property(f"fractions in {name} alone", _fractions_alone(name)))
            found.append(Property(f"whole numbers in {name} alone", _whole_alone(name)))
        found.append(Property(f"a negative number in {name}", _negative(name)))
    if not result:
        return tuple(found)
    return (
        *found,
        Property("a negative number in the result", lambda call: any(map(_below_0, call.results))),
        Property("a result that float32 cannot hold", lambda call: any(map(_fine, call.results))),
    )


def oblong(*names: str, axes: tuple[int, int] = (-2, -1)) -> tuple[Property, ...]:
    """Say that rows and columns of each array differ in number, either way round, both above 1.

    Parameters
    ----------
    names : of arrays, or of shapes; "result" stands for the expected outcome's arrays
    axes : where an array has its rows and its columns
    """
    return tuple(
        Property(
            f"{name} {'higher than wide' if high else 'wider than high'}",
            _oblong(name, high, axes),
        )
        for name in names
        for high in (True, False)
    )


def uneven_outputs(images: str, kernel: str = "kernel_size") -> tuple[Property, ...]:
    """Say that the windows along the two axes differ in number, either way round, both above 1.

    Parameters
    ----------
    images : the argument with the images (N, C, H, W), or with their shape
    kernel : the argument with the kernel's size, or with the kernels (F, C, KH, KW)
    """

    def shown(call: Call, high: bool) -> bool:
        found = call.args[images], call.args[kernel]
        hw, size = (np.shape(a) if isinstance(a, np.ndarray) else a for a in found)
        settings = (call.args.get(key, default) for key, default in SETTINGS)
        OH, OW = output_shape(hw[2:], size[2:] if kernel == "w" else size, *settings)
        return min(OH, OW) > 1 and OH != OW and (OH > OW) == high

    return tuple(
        Property(f"more windows {where}", lambda call, high=high: shown(call, high))
        for high, where in ((True, "down than across"), (False, "across than down"))
    )


def several(name: str, *axes: int) -> Property:
    """Say that these axes of an array are above 1 and of different lengths."""
    places = " and ".join(map(str, axes))

    def shown(call: Call) -> bool:
        array = call.args.get(name)
        if not isinstance(array, np.ndarray) or array.ndim <= max(axes):
            return False
        sizes = [array.shape[axis] for axis in axes]
        return min(sizes) > 1 and len(set(sizes)) == len(sizes)

    return Property(f"{name} with axes {places} above 1 and different", shown)


def pairs(*names: str) -> tuple[Property, ...]:
    """Say that each of these settings comes as an unequal pair, either way round."""
    return tuple(
        Property(f"{name} with its {which} number larger", _pair(name, first))
        for name in names
        for first, which in ((True, "first"), (False, "second"))
    )


def above(name: str, value: Any = 1) -> Property:
    """Say that a setting is above a value, in one number of a pair at least."""
    return Property(
        f"{name} above {value}", lambda call: name in call.args and np.max(call.args[name]) > value
    )


def layered(*settings: str) -> tuple[Property, ...]:
    """Say that in some stack of several layers each setting is above the least, and differs.

    Parameters
    ----------
    settings : of "kernel", "stride", "padding" and "dilation"
    """
    places = {"kernel": (0, 1), "stride": (1, 1), "padding": (2, 0), "dilation": (3, 1)}
    return (
        Property("a stack without layers", lambda call: call.args.get("layers") == []),
        *(
            Property(f"layers with different {name}s above {least}", _layered(place, least))
            for name, (place, least) in ((name, places[name]) for name in settings)
        ),
    )


def sees_nothing() -> tuple[Property, ...]:
    """Say that an output sees no pixel, at the near end and at the far end of a stack."""
    return tuple(
        Property(f"an output at the {end} end that sees nothing but padding", _unseeing(near))
        for end, near in (("near", True), ("far", False))
    )


def paths_cancel() -> Property:
    """Say that the paths to some pixel cancel where the taps weigh 1, -1, 1, ... by turns."""
    return Property("a pixel whose paths cancel with weights 1 and -1", _paths_cancel)


def _paths_cancel(call: Call) -> bool:
    layers, sizes = call.args["layers"], [call.args["n"]]
    for layer in layers:
        sizes.append(output_length(sizes[-1], *layer))
    weights = np.zeros(sizes[-1])
    weights[call.args["i"]] = 1
    for (k, *settings), size in zip(reversed(layers), sizes[-2::-1], strict=True):
        by_turns = (-1.0) ** np.arange(k)
        weights, _, _ = conv1d_backward(weights, np.zeros(size), by_turns, *settings)
    return bool((call.expected & (weights == 0)).any())


def _layered(place: int, least: int) -> Callable[[Call], bool]:
    def shown(call: Call) -> bool:
        found = {layer[place] for layer in call.args.get("layers", ())}
        return len(found) > 1 and max(found) > least

    return shown


def _unseeing(near: bool) -> Callable[[Call], bool]:
    return lambda call: not np.any(call.expected) and (call.args["i"] == 0) == near


def left_out(*names: str) -> tuple[Property, ...]:
    """Say that each of these parameters is left to its default in some case."""
    return tuple(Property(f"{name} left out", _left_out(name)) for name in names)


def _left_out(name: str) -> Callable[[Call], bool]:
    return lambda call: name not in call.args


def _fractions_alone(name: str) -> Callable[[Call], bool]:
    def shown(call: Call) -> bool:
        others = [array for key, array in call.arrays.items() if key != name]
        return _has_fractions(call.arrays.get(name)) and all(a.dtype.kind in "iu" for a in others)

    return shown


def _whole_alone(name: str) -> Callable[[Call], bool]:
    def shown(call: Call) -> bool:
        array = call.arrays.get(name)
        others = [other for key, other in call.arrays.items() if key != name]
        return array is not None and array.dtype.kind in "iu" and any(map(_has_fractions, others))

    return shown


def _negative(name: str) -> Callable[[Call], bool]:
    return lambda call: name in call.arrays and _below_0(call.arrays[name])


def _oblong(name: str, high: bool, axes: tuple[int, int]) -> Callable[[Call], bool]:
    def shown(call: Call) -> bool:
        found = call.results if name == "result" else [call.args.get(name, ())]
        shapes = [np.shape(a) if isinstance(a, np.ndarray) else a for a in found]
        sizes = [(s[axes[0]], s[axes[1]]) for s in shapes if len(s) >= 2]
        return any(min(hw) > 1 and (hw[0] > hw[1]) == high and hw[0] != hw[1] for hw in sizes)

    return shown


def _pair(name: str, first: bool) -> Callable[[Call], bool]:
    def shown(call: Call) -> bool:
        value = call.args.get(name)
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            return False
        return value[0] > value[1] if first else value[1] > value[0]

    return shown


def _has_fractions(array: np.ndarray | None) -> bool:
    return array is not None and array.dtype.kind == "f" and bool((array % 1 != 0).any())


def _below_0(array: np.ndarray) -> bool:
    return array.dtype.kind in "if" and bool((array < 0).any())


def _fine(array: np.ndarray) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return array.dtype == np.float64 and bool((array.astype(np.float32) != array).any())
