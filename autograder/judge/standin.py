"""Stand-ins: what a test sees instead of the learner's functions, classes and objects.

A stand-in passes calls over the channel.  What comes back is plain data, another stand-in, or a
`Foreign`, which says what it was and can do nothing.
"""

import builtins
import time
from collections.abc import Callable
from typing import Any

from autograder.judge.inside.codec import Uncodable
from autograder.judge.limits import Limits, amount, duration
from autograder.judge.lines import LineSearch
from autograder.judge.process import Lost, Process
from autograder.judge.wire import TEXT, Incoming, Outgoing, exception_of, printable
from course.checks.layers import LAYERS
from course.protocol import AnswerText, Repair, set_layers, set_text

MAX_NESTING = 20
FEW, MANY = 100, 200_000  # values of a message that are not counted; of all others in a test
MARGIN = 2.0  # seconds that a test has to have left for a search of the line


class AnswerStopped(BaseException):
    """An answer that gave no result: it looped, crashed, or sent what is no value.

    Not an `Exception`: no test mistakes it for one that the learner's function raised.
    """


class Instance:
    """An object in the learner's process; `RemoteLearner` makes a subclass for each class there.

    Attributes
    ----------
    _of : the class's name
    _kind : "name" for an exercise of the learner's, "layer" for a class of `course.checks.layers`
    """

    _learner: "RemoteLearner"
    _of: str
    _kind: str

    def __init__(self, *args: Any, **kwargs: Any):
        made = self._learner.call({self._kind: self._of}, self._of, args, kwargs)
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


class RemoteLearner:
    """The learner's side as a test sees it.

    Parameters
    ----------
    process : where the cells have run
    classes : names of the exercises that are classes
    sources : the learner's answer cell, by exercise
    cells : the code of every cell that ran
    lines : where wrong answers have to change
    deadline : time.monotonic() after which every call stops
    late : what to say then
    undefined : why an exercise's name has no value, where its cell failed
    lent : functions that stand in other exercises' places while the answer is called
    """

    def __init__(
        self,
        process: Process,
        limits: Limits,
        *,
        classes: set[str],
        sources: dict[str, str],
        cells: tuple[str, ...],
        lines: LineSearch,
        deadline: float,
        late: str,
        undefined: dict[str, str],
        lent: dict[str, Callable] | None = None,
    ):
        self.process, self.limits, self.deadline, self.late = process, limits, deadline, late
        self._undefined, self._lent = undefined, lent or {}
        self._sources, self._cells, self._lines = sources, cells, lines
        self._classes = {name: self._make_class(name, "name") for name in classes}
        self._layers = {name: self._make_class(name, "layer") for name in LAYERS}
        self._nesting = 0
        self._callbacks_left = limits.callbacks
        self._values_left = MANY

    def standin(self, name: str, kind: str, held: str) -> Any:
        """Return what stands for an exercise's name.

        Parameters
        ----------
        kind : what the exercise asks for: "function", "class" or "prediction"
        held : what the learner's name holds: "function", "class", "value" or "missing"
        """
        if held == "missing" and name in self._undefined:
            raise AnswerStopped(f"{name} is not defined: {self._undefined[name]}")
        if held == "missing":
            return None if kind == "prediction" else self._named(name, _missing(name))
        if held == "value" or kind == "prediction":
            return self._value(name)
        if held == "class" and name in self._classes:
            return self._named(name, self._classes[name])
        return self._named(name, self._function({"name": name}, name))

    def call(self, target: dict, name: str, args: tuple, kwargs: dict) -> Any:
        """Call something of the learner's and return what comes of it."""
        out = Outgoing(self)
        data = {"target": target, "args": [out.encode(arg) for arg in args]}
        data["kwargs"] = {key: out.encode(value) for key, value in kwargs.items()}
        data["lent"] = {key: out.other(function) for key, function in self._lent.items()}
        return self._request("call", data, name, out)

    def attribute(self, number: int, name: str, attribute: str) -> Any:
        """Read an attribute."""
        data = {"target": {"id": number}, "name": attribute}
        return self._request("get", data, name, Outgoing(self))

    def assign(self, number: int, name: str, attribute: str, value: Any) -> None:
        """Assign an attribute."""
        out = Outgoing(self)
        data = {"target": {"id": number}, "name": attribute, "value": out.encode(value)}
        self._request("set", data, name, out)

    def _value(self, name: str) -> Any:
        return self._request("value", {"name": name}, name, Outgoing(self))

    def _request(self, op: str, data: dict, name: str, out: "Outgoing") -> Any:
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
                self._count_values(name)
                decoder = Incoming(self, blobs, out)
                decoder.apply(message.get("changed", []))
                if message.get("op") == "callback":
                    self._answer_callback(message, decoder, out, deadline)
                else:
                    answered = True
            return self._result(message, name, decoder)
        except Lost as lost:
            text = late if lost.late else f"{name} {lost}"
            raise AnswerStopped(text) from None
        except Uncodable as error:
            answered = False
            raise AnswerStopped(f"{name} sent something that is no answer ({error})") from None
        finally:
            self._nesting -= 1
            if not answered:
                self.process.close()  # in the midst of a call it is of no more use

    def _count_values(self, name: str) -> None:
        """Stop an answer that keeps the judge itself busy with what it gives."""
        self._values_left -= max(0, self.process.channel.values - FEW)
        if self._values_left < 0:
            raise AnswerStopped(f"{name} gave more than {MANY} values outside arrays in one test")

    def _result(self, message: dict, name: str, decoder: "Incoming") -> Any:
        op = message.get("op")
        if op == "result":
            return decoder.decode(message.get("value"))
        if op == "raised":
            raise exception_of(message, self.limits) from None
        if op == "failed":
            why = printable(str(message.get("text")), 200)
            if message.get("why") == "oversized":
                cap = amount(self.limits.answer_bytes)
                raise AnswerStopped(f"{name} gave an answer that is too large: more than {cap}")
            raise AnswerStopped(f"{name} gave an answer that cannot be read: {why}")
        raise Uncodable("a reply of no kind")

    def _answer_callback(
        self, message: dict, decoder: "Incoming", out: "Outgoing", deadline: float
    ):
        """Call the test's function for the learner's code."""
        number, arguments = message.get("id"), message.get("args")
        if type(number) is not int or number not in out.callbacks:
            raise Uncodable("a call of a function that was not passed")
        if not isinstance(arguments, list) or not isinstance(message.get("kwargs"), dict):
            raise Uncodable("a call without arguments")
        self._callbacks_left -= 1
        if self._callbacks_left < 0:
            raise AnswerStopped(f"more than {self.limits.callbacks} calls of a function passed")
        reply = Outgoing(self)
        try:
            args = [decoder.decode(arg) for arg in arguments]
            kwargs = {key: decoder.decode(arg) for key, arg in message["kwargs"].items()}
            answer = {"op": "answer", "value": reply.encode(out.callbacks[number](*args, **kwargs))}
        except Uncodable:
            raise
        except Exception as error:
            kind = type(error).__name__
            known = getattr(builtins, kind, None) is type(error)
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
        set_text(function, self._text(name))
        set_layers(function, self._layers)
        return function

    def _text(self, name: str) -> AnswerText:
        return AnswerText(
            self._sources.get(name, ""), self._cells, name, lambda: self._repair(name)
        )

    def _repair(self, name: str) -> Repair | None:
        """Find the line to change, where the test has time left for it."""
        if name not in self._sources or self.deadline - time.monotonic() < MARGIN:
            return None
        return self._lines.repair(name, self._sources[name], self.deadline - MARGIN / 2)

    def _make_class(self, name: str, kind: str) -> type:
        body = {"_learner": self, "_of": name, "_kind": kind, "__module__": "__main__"}
        return type(name, (Instance,), body)

    def own(self, value: Any) -> dict | None:
        """Return what the learner's side knows a stand-in by."""
        if isinstance(value, Instance):
            return {"id": value._number}
        if isinstance(value, type) and issubclass(value, Instance):
            return {value._kind: value._of}
        return getattr(value, "__judge_target__", None) if callable(value) else None

    def instance(self, class_name: str, number: int) -> Any:
        """Return the stand-in of an instance."""
        made = object.__new__({**self._layers, **self._classes}[class_name])
        object.__setattr__(made, "_number", number)
        return made

    def is_class(self, name: Any) -> bool:
        """Return whether an exercise that is a class, or a given layer, has this name."""
        return isinstance(name, str) and (name in self._classes or name in self._layers)

    def function_of(self, number: int, name: str) -> Callable:
        """Return a stand-in for a function that the learner's code gave."""
        return self._function({"id": number}, printable(name, 60) or "function")


def _missing(name: str) -> Callable:
    def missing(*_args: Any, **_kwargs: Any) -> Any:
        raise NotImplementedError(f"{name} is not defined: its cell is missing or did not run")

    missing.__name__ = missing.__qualname__ = name
    return missing
