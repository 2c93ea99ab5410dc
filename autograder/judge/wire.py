"""Write the judge's values for the learner's process, and check every value that comes back."""

import builtins
import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from autograder.judge.inside.codec import Decoder, Encoder, Uncodable, dtype_of, shape_of
from autograder.judge.limits import Limits, amount
from course.protocol import CellLine, set_line

TEXT = 2000
VIEW_BYTES, VIEW_TIMES = 1 << 20, 100  # how much larger a view may be than its argument


class Foreign:
    """An object of the learner's that is no plain data; its type's name says what it was."""

    def __init__(self, text: str):
        self._text = text

    def __repr__(self) -> str:
        return self._text


def foreign(type_name: str, text: str) -> Foreign:
    """Return a placeholder whose type is called `type_name`."""
    return type(printable(type_name, 60) or "object", (Foreign,), {})(printable(text, 200))


class Standins(Protocol):
    """What this module needs of the one who makes the stand-ins."""

    limits: Limits

    def own(self, value: Any) -> dict | None:
        """Return what the learner's side knows a stand-in by."""

    def is_class(self, name: Any) -> bool:
        """Return whether an exercise that is a class, or a given layer, has this name."""

    def instance(self, class_name: str, number: int) -> Any:
        """Return the stand-in of an instance."""

    def function_of(self, number: int, name: str) -> Callable:
        """Return a stand-in for a function that the learner's code gave."""


class Outgoing(Encoder):
    """The judge's values on their way to the learner, numbered where they can be changed."""

    def __init__(self, learner: Standins):
        super().__init__()
        self.learner = learner
        self.sent: list[Any] = []
        self.callbacks: dict[int, Callable] = {}

    def special(self, value: Any, depth: int) -> Any:
        own = self.learner.own(value)
        if own is not None:
            return {"t": "own", **own}
        if isinstance(value, np.random.Generator):
            bits = value.bit_generator
            return {"t": "rng", "of": type(bits).__name__, **self.drawing(bits, depth)}
        return None

    def note(self, value: Any) -> dict:
        self.sent.append(value)
        number = {"k": len(self.sent) - 1}
        if isinstance(value, np.ndarray) and value.flags.c_contiguous | value.flags.f_contiguous:
            number["a"] = 1
        return number

    def other(self, value: Any) -> Any:
        if not callable(value):
            raise TypeError(f"a test cannot pass {type(value).__name__} to a learner's function")
        self.callbacks[len(self.callbacks)] = value
        name = str(getattr(value, "__name__", "function"))
        return {"t": "fn", "id": len(self.callbacks) - 1, "name": name}


class Incoming(Decoder):
    """What the learner's side sent; every value is checked before it is used."""

    def __init__(self, learner: Standins, blobs: list[bytes], sent: Outgoing):
        super().__init__(blobs)
        self.learner, self.sent = learner, sent.sent
        self.left = learner.limits.answer_bytes  # for views together

    def special(self, kind: str, data: dict, depth: int) -> Any:
        if kind == "foreign":
            return foreign(str(data["type"]), str(data["text"]))
        if kind == "arg":
            return self.sent[_index(data["k"])]
        if kind == "view":
            return self._view(data)
        if kind == "fn":
            return self.learner.function_of(_index(data["id"]), str(data["name"]))
        if kind == "obj":
            if not self.learner.is_class(data["class"]):
                return foreign(str(data["class"]), str(data["text"]))
            return self.learner.instance(data["class"], _index(data["id"]))
        return super().special(kind, data, depth)

    def apply(self, changed: Any) -> None:
        """Write what the learner's code changed in place into the test's own objects."""
        if not isinstance(changed, list):
            raise Uncodable("changes that are none")
        for entry in changed:
            if not isinstance(entry, list) or len(entry) != 2:
                raise Uncodable("a change that is none")
            number, data = entry
            try:
                self._change(self.sent[_index(number)], data)
            except (IndexError, KeyError, TypeError, ValueError):
                raise Uncodable("a change that does not fit") from None

    def _change(self, target: Any, data: Any) -> None:
        if isinstance(target, np.ndarray):
            value = self.array(data)
            fits = value.shape == target.shape and value.dtype == target.dtype
            if fits and target.flags.writeable:
                np.copyto(target, value)
        elif isinstance(target, dict):
            self.count_keys(data)
            pairs = {self.decode(key): self.decode(value) for key, value in data}
            target.clear()
            target.update(pairs)
        else:
            target[:] = [self.decode(item) for item in data]

    def _view(self, data: dict) -> np.ndarray:
        """Build the array that lies in an argument's memory as the learner's does in its copy."""
        base = self.sent[_index(data["k"])]
        contiguous = isinstance(base, np.ndarray) and (
            base.flags.c_contiguous or base.flags.f_contiguous
        )
        strides = data["st"]
        if not contiguous or not isinstance(strides, list) or len(strides) > 32:
            raise Uncodable("a view of nothing")
        if not all(type(stride) is int and abs(stride) < 1 << 40 for stride in strides):
            raise Uncodable("a view with strides that are none")
        raw = base.reshape(-1, order="A").view(np.uint8)
        # numpy checks that every element lies within the buffer, and raises ValueError.
        shape, offset, dtype = shape_of(data["s"]), _index(data["o"]), dtype_of(data["d"])
        # One whose elements lie on each other is large without any data behind it.
        size = math.prod(shape) * dtype.itemsize
        self.left -= size
        if self.left < 0 or size > VIEW_BYTES + VIEW_TIMES * base.nbytes:
            raise Uncodable("views much larger than what they show")
        return np.ndarray(shape, dtype, raw, offset, tuple(strides))


def _index(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 1 << 40:
        raise Uncodable("an index that is none")
    return number


def exception_of(message: dict, limits: Limits) -> Exception:
    """Return the learner's exception: of the same builtin type, or the nearest there is."""
    name = printable(str(message.get("type")), 60)
    text = printable(str(message.get("message")), TEXT)
    if name == "MemoryError":
        text = text or f"more than {amount(limits.memory)} of memory"
    # A class of the learner's own is raised as the builtin class that it is derived from; its name,
    # which can say anything, goes where the message goes.
    base = getattr(builtins, str(message.get("base"))[:60], None)
    kind = base if _is_exception(base) else RuntimeError
    if name != kind.__name__:
        text = f"{name}: {text}" if text else name
    try:
        error = kind(text)
    except TypeError:  # one that takes more than a message
        error = RuntimeError(text)
    line = message.get("line")
    number = line if type(line) is int and 0 <= line < 1_000_000 else 0
    set_line(error, CellLine(number, printable(str(message.get("text")), 200)))
    return error


def _is_exception(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


def printable(text: str, longest: int) -> str:
    kept = "".join(c for c in text[: 4 * longest] if c.isprintable() or c in "\n\t")
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"
