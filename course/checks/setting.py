"""Find the setting: the one property that every failed case has and no passed one."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.checks import drive
from course.checks.cases import Case, Raised, Spec

CHANNELS_LAST = ("im2col_nhwc", "conv2d_nhwc", "conv2d_backward_nhwc")
SETTINGS = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}


@dataclass(frozen=True)
class Trait:
    """What a case may have: the words for those that have it, and for the others."""

    having: str
    lacking: str


@dataclass
class Facts:
    """What the arguments of one call say.

    Attributes
    ----------
    given : arguments by the name of their parameter; a layer's settings among them
    image, kernel : sizes on the axes that a window slides along, () where unknown
    steps : stride, padding, dilation and groups, each as a tuple of its numbers
    arrays : every array among the arguments
    expected : what is to come out
    """

    given: dict[str, Any]
    expected: Any
    image: tuple[int, ...] = ()
    kernel: tuple[int, ...] = ()
    steps: dict[str, tuple[int, ...]] = field(default_factory=dict)
    arrays: list[np.ndarray] = field(default_factory=list)


def setting(spec: Spec, failed: list[Case], passed: list[Case]) -> Trait | None:
    """Return the one property that every failed case has and no passed one has, or None.

    Examples
    --------
    Right while the padding is 0, wrong where it is above 0: ``Trait("the padding is above 0",
    "the padding is 0")``.
    """
    if not failed or not passed:
        return None
    tried = [_properties(facts(spec, case)) for case in failed]
    others = [_properties(facts(spec, case)) for case in passed]
    found = [
        entry
        for entry in tried[0]
        if all(has.get(entry) for has in tried) and not any(has.get(entry, True) for has in others)
    ]
    return found[0] if len(found) == 1 else None


def smallest(cases: list[Case]) -> Case:
    """Return the case that is computed by hand most easily: the one with the fewest numbers."""
    return min(cases, key=lambda case: sum(a.size for a in _arrays(case.args)))


def facts(spec: Spec, case: Case) -> Facts:
    """Read a case's arguments."""
    names = drive.parameters(case.how, spec.parameters)
    given = dict(zip(names, case.args, strict=False))
    if "settings" in given:
        given |= dict(zip(spec.parameters, given["settings"], strict=False))
    read = Facts(given, case.expected, arrays=list(_arrays(case.args)))
    last = spec.name in CHANNELS_LAST
    read.image, read.kernel = _image(given, last), _kernel(given, last)
    for name, default in SETTINGS.items():
        if name in spec.parameters:
            value = given.get(name, default)
            value = default if value is None else value
            read.steps[name] = value if isinstance(value, tuple) else (value,)
    return read


def _image(given: dict[str, Any], last: bool) -> tuple[int, ...]:
    for name in ("x_shape", "hw", "in_hw"):
        if name in given:
            return tuple(given[name])[-2:]
    x = given.get("x", given.get("y"))
    if isinstance(x, np.ndarray) and x.ndim:
        return x.shape[1:3] if last else x.shape[-2:]
    return (given["n"],) if isinstance(given.get("n"), int) else ()


def _kernel(given: dict[str, Any], last: bool) -> tuple[int, ...]:
    size = given.get("kernel_size", given.get("k"))
    if size is not None:
        return size if isinstance(size, tuple) else (size, size)
    w = given.get("w", given.get("weight"))
    return w.shape[-2:] if isinstance(w, np.ndarray) and not last else ()


def _arrays(item: Any) -> Iterator[np.ndarray]:
    if isinstance(item, np.ndarray):
        yield item
    elif isinstance(item, (tuple, list)):
        for inner in item:
            yield from _arrays(inner)
    elif isinstance(item, dict):
        yield from _arrays(list(item.values()))


def _properties(read: Facts) -> dict[Trait, bool]:
    """Tell for each property that can be asked of a case whether it has it, and its opposite."""
    answers: dict[Trait, bool] = {}
    for having, lacking, ask in PROPERTIES:
        known = ask(read)
        if known is not None:
            answers[Trait(having, lacking)] = known
            answers[Trait(lacking, having)] = not known
    return answers


Ask = Callable[[Facts], bool | None]


def _above(name: str) -> Ask:
    def ask(read: Facts) -> bool | None:
        if name not in read.steps:
            return None
        return any(step > SETTINGS[name] for step in read.steps[name])

    return ask


def _unequal(name: str) -> Ask:
    def ask(read: Facts) -> bool | None:
        return len(set(read.steps[name])) > 1 if name in read.steps else None

    return ask


def _square(field_name: str) -> Ask:
    def ask(read: Facts) -> bool | None:
        sizes = getattr(read, field_name)
        return sizes[0] != sizes[1] if len(sizes) == 2 else None

    return ask


def _count(axis: int, *names: str) -> Ask:
    def ask(read: Facts) -> bool | None:
        for name in names:
            value = read.given.get(name)
            shape = value if name == "x_shape" else getattr(value, "shape", ())
            if shape is not None and len(shape) == 4:
                return shape[axis] > 1
        return None

    return ask


def _filters(read: Facts) -> bool | None:
    b = read.given.get("b", read.given.get("bias"))
    if isinstance(b, np.ndarray):
        return len(b) > 1
    w = read.given.get("w")
    return len(w) > 1 if isinstance(w, np.ndarray) and w.ndim > 1 and "x" in read.given else None


def _remainder(read: Facts) -> bool | None:
    if "stride" not in read.steps or not read.image or not read.kernel:
        return None
    axes = len(read.image)
    both = {k: v * (axes if len(v) == 1 else 1) for k, v in read.steps.items()}
    padding, dilation = both.get("padding", (0,) * axes), both.get("dilation", (1,) * axes)
    spans = zip(read.image, read.kernel, both["stride"], padding, dilation, strict=False)
    return any((n + 2 * p - d * (k - 1) - 1) % s for n, k, s, p, d in spans)


def _one_tap(read: Facts) -> bool | None:
    return math.prod(read.kernel) == 1 if read.kernel else None


def _even(read: Facts) -> bool | None:
    w = read.given.get("w", read.given.get("k"))
    if isinstance(w, np.ndarray) and w.ndim == 1:
        return len(w) % 2 == 0
    return w % 2 == 0 if isinstance(w, int) else None


def _whole(read: Facts) -> bool | None:
    kinds = {a.dtype.kind for a in read.arrays}
    return kinds <= {"i", "u"} if kinds else None


def _mixed(read: Facts) -> bool | None:
    if len(read.arrays) < 2:
        return None
    return len({a.dtype.kind in "iu" for a in read.arrays}) == 2


def _float32(read: Facts) -> bool | None:
    return any(a.dtype == np.float32 for a in read.arrays) if read.arrays else None


def _negative(read: Facts) -> bool | None:
    numbers = [a for a in read.arrays if a.dtype.kind in "if"]
    return any(bool((a < 0).any()) for a in numbers) if numbers else None


def _negative_result(read: Facts) -> bool | None:
    results = list(_arrays(read.expected))
    return any(bool((a < 0).any()) for a in results if a.dtype.kind in "if") if results else None


def _empty(read: Facts) -> bool | None:
    return any(a.size == 0 for a in read.arrays) if read.arrays else None


def _refused(read: Facts) -> bool | None:
    return isinstance(read.expected, Raised)


def _stacked(read: Facts) -> list[tuple] | None:
    """Return the layers of a receptive field, (kernel, stride, padding, dilation) each."""
    layers = read.given.get("layers")
    return layers if isinstance(layers, (list, tuple)) else None


def _layers(column: int, more_than: int) -> Ask:
    def ask(read: Facts) -> bool | None:
        layers = _stacked(read)
        return any(layer[column] > more_than for layer in layers) if layers else None

    return ask


def _stack(read: Facts) -> bool | None:
    layers = _stacked(read)
    return None if layers is None else len(layers) > 1


def _again(read: Facts) -> bool | None:
    return "x2" in read.given if "settings" in read.given else None


PROPERTIES: tuple[tuple[str, str, Ask], ...] = (
    ("the stride is above 1", "the stride is 1", _above("stride")),
    ("the padding is above 0", "the padding is 0", _above("padding")),
    ("the dilation is above 1", "the dilation is 1", _above("dilation")),
    ("there are several groups", "there is one group", _above("groups")),
    ("the two strides differ", "the strides are equal", _unequal("stride")),
    ("the two paddings differ", "the paddings are equal", _unequal("padding")),
    ("the two dilations differ", "the dilations are equal", _unequal("dilation")),
    ("the image is not square", "the image is square", _square("image")),
    ("the kernel is not square", "the kernel is square", _square("kernel")),
    ("a stride leaves a remainder", "the strides fit exactly", _remainder),
    ("there are several images", "there is one image", _count(0, "x", "dy", "x_shape")),
    ("there are several channels", "there is one channel", _count(1, "x", "x_shape")),
    ("there are several filters", "there is one filter", _filters),
    ("the kernel has one weight", "the kernel has several weights", _one_tap),
    ("the kernel's length is even", "the kernel's length is odd", _even),
    ("all numbers are whole", "some numbers are fractions", _whole),
    ("whole numbers stand beside fractions", "all arrays have one kind of numbers", _mixed),
    ("an array is float32", "no array is float32", _float32),
    ("a number is negative", "no number is negative", _negative),
    ("a result is negative", "no result is negative", _negative_result),
    ("an array is empty", "no array is empty", _empty),
    ("the input has to be refused", "there is a result", _refused),
    ("a layer has a kernel above 1", "every kernel is 1", _layers(0, 1)),
    ("a layer has a stride above 1", "every stride is 1", _layers(1, 1)),
    ("a layer has padding", "no layer has padding", _layers(2, 0)),
    ("a layer has a dilation above 1", "every dilation is 1", _layers(3, 1)),
    ("there are several layers", "there is one layer at most", _stack),
    ("the layer is used again", "the layer is used once", _again),
)
