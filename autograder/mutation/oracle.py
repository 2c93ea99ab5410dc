"""Tell wrong changes of a right answer from those that change nothing: ask the reference."""

import contextlib
import functools
import signal
import warnings
import zlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from autograder import exercises, hidden_tests, lessons
from autograder.hidden_tests.cases import computed_case
from autograder.lessons.inputs import Inputs
from course.checks.cases import Case, Raised, Spec
from course.checks.drive import copied
from course.checks.faults import fault
from course.checks.run import run
from course.checks.source import OutOfFuel, Tank

INPUTS = 2000  # that are asked of a change before it counts as no change
ROUNDS = 200_000  # of an answer's loops on one input
SECONDS = 5  # of the processor's time that one input may take at most
LAYOUTS = ("as made", "as made", "by columns", "every second", "read-only", "backwards")


def allowed(exercise: str) -> Callable[[np.random.Generator], Inputs | None] | None:
    """Return the function of a lesson's room that draws an allowed input, or None without one."""
    return _room(exercise).ALLOWED.get(exercise)


def _room(exercise: str) -> ModuleType:
    return lessons.load(exercises.lesson(exercises.EXERCISES[exercise].lesson), "allowed")


class Oracle:
    """An exercise's random allowed inputs, each with the reference's outcome."""

    def __init__(self, exercise: str):
        self.spec: Spec = hidden_tests.shown_spec(exercise)
        self._right = hidden_tests.reference_of(exercise)
        self._draw = allowed(exercise)
        self._rng = np.random.default_rng(zlib.crc32(exercise.encode()))
        self._refuses = any(part.name == "refuse" for part in self.spec.parts)
        self._left = getattr(_room(exercise), "FEWER", {}).get(exercise, INPUTS)
        self._pool: list[tuple[Case, str]] = []

    def witness(self, answer: Any, tank: Tank) -> Case | None:
        """Return an allowed input on which the answer is wrong, or None where there is none."""
        place = 0
        while place < len(self._pool) or self._left > 0:
            if place == len(self._pool):
                self._left -= 1
                drawn = self._next()
                if drawn is None:
                    continue
                self._pool.append(drawn)
            case, layout = self._pool[place]
            if is_wrong(self.spec, answer, case, tank, laid(case.args, layout)):
                self._pool.insert(0, self._pool.pop(place))  # it may tell of the next one, too
                return case
            place += 1
        return None

    def _next(self) -> tuple[Case, str] | None:
        inputs = self._draw(self._rng)
        layout = LAYOUTS[int(self._rng.integers(len(LAYOUTS)))]
        if inputs is None:
            return None
        case = computed_case(inputs, self._right, {})
        return None if isinstance(case.expected, Raised) and not self._refuses else (case, layout)


@functools.cache
def oracle(exercise: str) -> Oracle:
    """Return the exercise's oracle, which keeps what it has drawn."""
    return Oracle(exercise)


def is_wrong(spec: Spec, answer: Any, case: Case, tank: Tank, given: tuple | None = None) -> bool:
    """Tell whether the answer fails a case by the check's own rules; endless loops fail."""
    try:
        with limited(tank), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fault(spec, case, run(answer, case, given)) is not None
    except (OutOfFuel, MemoryError):
        return True


@contextlib.contextmanager
def limited(tank: Tank) -> Iterator[None]:
    """Allow the calls of one input `ROUNDS` rounds and `SECONDS` of the processor's time.

    Raises
    ------
    OutOfFuel : when they take more
    """
    tank.fill(ROUNDS)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def laid(item: Any, layout: str) -> Any:
    """Copy arguments, their arrays laid out in memory in another way."""
    if isinstance(item, list):
        return [laid(inner, layout) for inner in item]
    if isinstance(item, tuple):
        return tuple(laid(inner, layout) for inner in item)
    if isinstance(item, dict):
        return {key: laid(inner, layout) for key, inner in item.items()}
    if not isinstance(item, np.ndarray) or item.ndim == 0:
        return copied(item)
    if layout == "by columns":
        return item.copy(order="F")
    if layout == "every second":
        return np.repeat(item, 2, axis=-1)[..., ::2]
    if layout == "backwards":
        return item[::-1].copy()[::-1]
    array = item.copy()
    array.flags.writeable = layout != "read-only"
    return array
