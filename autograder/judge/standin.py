"""Stand-ins: what a test sees in the place of the learner's functions, classes and objects.

A stand-in passes calls over the channel.  What comes back is plain data, another stand-in, or a
`Foreign`, which says what it was and can do nothing.
"""

import builtins
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judge.inside.codec import BadValue, Decoder, Encoder, dtype_of, shape_of
from autograder.judge.limits import Limits, amount, duration
from autograder.judge.process import Lost, Process

MAX_NESTING = 20
TEXT = 2000


class AnswerStopped(BaseException):
    """An answer that gave no result: it looped, crashed, or sent what is no value.

    Not an `Exception`: no test mistakes it for one that the learner's function raised.
    """


class Foreign:
    """An object of the learner's that is no plain data; its type's name says what it was."""

    def __init__(self, text: str):
        self._text = text

    def __repr__(self) -> str:
        return self._text


def foreign(type_name: str, text: str) -> Foreign:
    """Return a placeholder whose type is called `type_name`."""
    return type(_printable(type_name, 60) or "object", (Foreign,), {})(_printable(text, 200))


class Instance:
    """An instance of one of the learner's exercise classes.  Subclasses are made by `Learner`."""

    _learner: "Learner"
    _of: str

    def __init__(self, *args: Any, **kwargs: Any):
        made = self._learner.call({"name": self._of}, self._of, args, kwargs)
        if type(made) is not type(self):
            raise TypeError(f"{self._of}(...) gave {type(made).__name__}, not an object of its own")
        object.__setattr__(self, "_number", made._number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_number":
            # Python and numpy ask objects for these; a learner's object does not get to answer.
            raise AttributeError(name)
        return self._learner.attribute(self._number, f"{self._of}.{name}", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._learner.assign(self._number, f"{self._of}.{name}", name, value)


class Learner:
    """The learner's side as a test sees it.

    Parameters
    ----------
    process : where the cells have run
    classes : names of the exercises that are classes
    sources : the learner's answer cell, by exercise
    imports : the import statements of the other cells
    deadline : time.monotonic() after which every call stops
    late : what to say then
    """

    def __init__(
        self,
        process: Process,
        limits: Limits,
        *,
        classes: set[str],
        sources: dict[str, str],
        imports: str,
        deadline: float,
        late: str,
    ):
        self.process, self.limits, self.deadline, self.late = process, limits, deadline, late
        self._sources, self._imports = sources, imports
        self._classes = {name: self._make_class(name) for name in classes}
        self._nesting = 0
        self._callbacks_left = limits.callbacks

    def standin(self, name: str, kind: str, held: str) -> Any:
        """Return what stands for an exercise's name.

        Parameters
        ----------
        kind : what the exercise asks for: "function", "class" or "prediction"
        held : what the learner's name holds: "function", "class", "value" or "missing"
        """
        if held == "missing":
            return None if kind == "prediction" else self._named(name, _missing(name))
        if held == "value" or kind == "prediction":
            return self._value(name)
        if held == "class" and name in self._classes:
            return self._classes[name]
        return self._named(name, self._function({"name": name}, name))

    def call(self, target: dict, name: str, args: tuple, kwargs: dict) -> Any:
        """Call something of the learner's and return what comes of it."""
        out = _Out(self)
        data = {"target": target, "args": [out.encode(arg) for arg in args]}
        data["kwargs"] = {key: out.encode(value) for key, value in kwargs.items()}
        return self._request("call", data, name, out)

    def attribute(self, number: int, name: str, attribute: str) -> Any:
        """Read an attribute."""
        data = {"target": {"id": number}, "name": attribute}
        return self._request("get", data, name, _Out(self))

    def assign(self, number: int, name: str, attribute: str, value: Any) -> None:
        """Assign an attribute."""
        out = _Out(self)
        data = {"target": {"id": number}, "name": attribute, "value": out.encode(value)}
        self._request("set", data, name, out)

    def _value(self, name: str) -> Any:
        return self._request("value", {"name": name}, name, _Out(self))

    def _request(self, op: str, data: dict, name: str, out: "_Out") -> Any:
        if self._nesting >= MAX_NESTING:
            raise RecursionError("calls between the test and the answer are nested too deeply")
        deadline = time.monotonic() + self.limits.call_seconds
        late = f"{name} took longer than {duration(self.limits.call_seconds)} and was stopped"
        if deadline > self.deadline:
            deadline, late = self.deadline, self.late
        self._nesting += 1
        answered = False
        try:
            number = self.process.send(op, data, out.blobs, deadline)
            while not answered:
                message, blobs = self.process.reply(number, deadline)
                decoder = _In(self, blobs, out)
                decoder.apply(message.get("changed", []))
                if message.get("op") == "callback":
                    self._answer_callback(message, decoder, out, deadline)
                else:
                    answered = True
            return self._result(message, name, decoder)
        except Lost as lost:
            text = late if lost.late else f"{name} {lost}"
            raise AnswerStopped(text) from None
        except BadValue as error:
            answered = False
            raise AnswerStopped(f"{name} sent something that is no answer ({error})") from None
        finally:
            self._nesting -= 1
            if not answered:
                self.process.close()  # in the midst of a call it is of no more use

    def _result(self, message: dict, name: str, decoder: "_In") -> Any:
        op = message.get("op")
        if op == "result":
            return decoder.decode(message.get("value"))
        if op == "raised":
            raise _exception(message, self.limits) from None
        if op == "failed":
            why = _printable(str(message.get("text")), 200)
            if message.get("why") == "oversized":
                cap = amount(self.limits.answer_bytes)
                raise AnswerStopped(f"{name} gave an answer that is too large: more than {cap}")
            raise AnswerStopped(f"{name} gave an answer that cannot be read: {why}")
        raise BadValue("a reply of no kind")

    def _answer_callback(self, message: dict, decoder: "_In", out: "_Out", deadline: float):
        """Call the test's function for the learner's code."""
        number, arguments = message.get("id"), message.get("args")
        if type(number) is not int or number not in out.callbacks:
            raise BadValue("a call of a function that was not passed")
        if not isinstance(arguments, list) or not isinstance(message.get("kwargs"), dict):
            raise BadValue("a call without arguments")
        self._callbacks_left -= 1
        if self._callbacks_left < 0:
            raise AnswerStopped(f"more than {self.limits.callbacks} calls of a function passed")
        reply = _Out(self)
        try:
            args = [decoder.decode(arg) for arg in arguments]
            kwargs = {key: decoder.decode(arg) for key, arg in message["kwargs"].items()}
            answer = {"op": "answer", "value": reply.encode(out.callbacks[number](*args, **kwargs))}
        except BadValue:
            raise
        except Exception as error:
            kind = type(error).__name__
            known = isinstance(getattr(builtins, kind, None), type)
            text = str(error)[:TEXT] if known else f"{kind}: {error}"[:TEXT]
            answer = {"op": "answer", "raised": kind if known else "RuntimeError", "text": text}
            reply.blobs = []
        self.process.tell(answer, reply.blobs, deadline)

    def _function(self, target: dict, name: str) -> Callable:
        def standin(*args: Any, **kwargs: Any) -> Any:
            return self.call(target, name, args, kwargs)

        standin.__name__ = standin.__qualname__ = name
        standin.__judge_target__ = target
        return standin

    def _named(self, name: str, function: Callable) -> Callable:
        function.__answer_source__ = self._sources.get(name, "")
        function.__answer_imports__ = self._imports
        return function

    def _make_class(self, name: str) -> type:
        body = {"_learner": self, "_of": name, "__module__": "__main__"}
        body["__answer_source__"] = self._sources.get(name, "")
        body["__answer_imports__"] = self._imports
        return type(name, (Instance,), body)

    def own(self, value: Any) -> dict | None:
        """Return what the learner's side knows a stand-in by."""
        if isinstance(value, Instance):
            return {"id": value._number}
        if isinstance(value, type) and issubclass(value, Instance):
            return {"name": value._of}
        return getattr(value, "__judge_target__", None) if callable(value) else None

    def instance(self, class_name: str, number: int) -> Any:
        """Return the stand-in of an instance."""
        made = object.__new__(self._classes[class_name])
        object.__setattr__(made, "_number", number)
        return made

    def is_class(self, name: Any) -> bool:
        """Return whether an exercise that is a class has this name."""
        return isinstance(name, str) and name in self._classes

    def function_of(self, number: int, name: str) -> Callable:
        """Return a stand-in for a function that the learner's code gave."""
        return self._function({"id": number}, _printable(name, 60) or "function")


class _Out(Encoder):
    """The judge's values on their way to the learner, numbered where they can be changed."""

    def __init__(self, learner: Learner):
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
            state = self.encode(bits.state, depth + 1)
            return {"t": "rng", "of": type(bits).__name__, "v": state}
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


class _In(Decoder):
    """What the learner's side sent, read with suspicion."""

    def __init__(self, learner: Learner, blobs: list[bytes], sent: _Out):
        super().__init__(blobs)
        self.learner, self.sent = learner, sent.sent

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
            raise BadValue("changes that are none")
        for entry in changed:
            if not isinstance(entry, list) or len(entry) != 2:
                raise BadValue("a change that is none")
            number, data = entry
            try:
                self._change(self.sent[_index(number)], data)
            except (IndexError, KeyError, TypeError, ValueError):
                raise BadValue("a change that does not fit") from None

    def _change(self, target: Any, data: Any) -> None:
        if isinstance(target, np.ndarray):
            value = self.array(data)
            fits = value.shape == target.shape and value.dtype == target.dtype
            if fits and target.flags.writeable:
                np.copyto(target, value)
        elif isinstance(target, dict):
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
            raise BadValue("a view of nothing")
        if not all(type(stride) is int and abs(stride) < 1 << 40 for stride in strides):
            raise BadValue("a view with strides that are none")
        raw = base.reshape(-1, order="A").view(np.uint8)
        # numpy checks that every element lies within the buffer, and raises ValueError.
        shape, offset = shape_of(data["s"]), _index(data["o"])
        return np.ndarray(shape, dtype_of(data["d"]), raw, offset, tuple(strides))


def _index(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 1 << 40:
        raise BadValue("an index that is none")
    return number


def _missing(name: str) -> Callable:
    def missing(*_args: Any, **_kwargs: Any) -> Any:
        raise NotImplementedError(f"{name} is not defined: its cell is missing or did not run")

    missing.__name__ = missing.__qualname__ = name
    return missing


def _exception(message: dict, limits: Limits) -> Exception:
    """Return the learner's exception: of the same builtin type, or a RuntimeError."""
    name = _printable(str(message.get("type")), 60)
    text = _printable(str(message.get("message")), TEXT)
    if name == "MemoryError":
        text = text or f"more than {amount(limits.memory)} of memory"
    kind = getattr(builtins, name, None)
    if not _is_exception(kind):
        # A class of the learner's own still is what it is derived from.
        base = getattr(builtins, str(message.get("base"))[:60], None)
        base = base if _is_exception(base) else RuntimeError
        kind = type(name or "Error", (base,), {"__module__": "__main__"})
    try:
        error = kind(text)
    except TypeError:  # one that takes more than a message
        error = RuntimeError(f"{name}: {text}" if text else name)
    line = message.get("line")
    number = line if type(line) is int and 0 <= line < 1_000_000 else 0
    error.learner_frame = (number, _printable(str(message.get("text")), 200))
    return error


def _is_exception(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


def _printable(text: str, longest: int) -> str:
    kept = "".join(c for c in text[: 4 * longest] if c.isprintable() or c in "\n\t")
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"
