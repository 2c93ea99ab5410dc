"""The learner's process: it runs cells and answers calls, and holds no test and no answer."""

import builtins
import importlib
import os
import signal
import time
import traceback
from typing import Any

import numpy as np

from .channel import Channel, ChannelError, Oversized
from .codec import Decoder, Encoder, Uncodable
from .received import Received
from .shell import GradedShell, Recorder

TEXT = 2000  # characters of a message
LAYERS = "course.checks.layers"  # imported for the one lesson whose tests make layers
_run_cell = GradedShell.run_cell  # as it is before a cell can replace it


class _In(Decoder):
    def __init__(self, learner: "Learner", blobs: list[bytes], received: Received):
        super().__init__(blobs)
        self.learner, self.received = learner, received

    def noted(self, data: dict, value: Any) -> None:
        if "k" in data:
            self.received.hold(data["k"], value, bool(data.get("a")))

    def special(self, kind: str, data: dict, depth: int) -> Any:
        if kind == "own":
            return self.learner.target(data)
        if kind == "fn":
            return self.learner.callback(data["id"], data["name"], self.received)
        if kind == "rng":
            return self.generator(getattr(np.random, data["of"]), data, depth)
        return super().special(kind, data, depth)


class _Out(Encoder):
    def __init__(self, learner: "Learner", received: Received, called: Any = None):
        super().__init__()
        self.learner, self.received, self.called = learner, received, called

    def special(self, value: Any, depth: int) -> Any:
        if type(value) is self.called:  # a new object, even one of a class derived from list
            return self._object(value)
        number = self.received.number_of(value)
        if number is not None:
            # One level down this is an entry of a container; at the top, the argument itself.
            return {"t": "arg", "k": number}
        if isinstance(value, np.ndarray):
            return self.received.view_of(value)
        return None

    def other(self, value: Any) -> Any:
        kind = type(value)
        if isinstance(value, np.ndarray):
            text = f"array of dtype {value.dtype}, shape {value.shape}"
            return {"t": "foreign", "type": f"{value.dtype.name} array", "text": text}
        if kind.__module__ == "__main__" and not isinstance(value, type):
            return self._object(value)
        if callable(value):
            name = str(getattr(value, "__name__", kind.__name__))[:200]
            return {"t": "fn", "id": self.learner.keep(value), "name": name}
        return {"t": "foreign", "type": kind.__name__, "text": _text(value)}

    def _object(self, value: Any) -> dict:
        name, number = type(value).__name__, self.learner.keep(value)
        return {"t": "obj", "id": number, "class": name, "text": _text(value)}


class Learner:
    """Serve one end of a channel from a shell's namespace."""

    def __init__(self, channel: Channel, shell: GradedShell, recorder: Recorder):
        self.channel, self.shell, self.recorder = channel, shell, recorder
        self.kept: dict[int, Any] = {}
        self.pid = os.getpid()

    def serve(self) -> None:
        """Answer requests until the judge has no more."""
        while True:
            message, blobs = self.channel.receive()
            self.answer(message, blobs)

    def answer(self, message: dict, blobs: list[bytes]) -> None:
        """Do one request and send its reply."""
        do = getattr(self, "do_" + message["op"])
        reply, out = do(message, blobs)
        if os.getpid() != self.pid:
            os._exit(0)  # a child that the learner's code forked and left running
        try:
            self.channel.send({**reply, "n": message["n"]}, out)
        except (Oversized, ValueError) as error:
            reply = {"op": "failed", "why": "oversized", "text": str(error)[:TEXT]}
            self.channel.send({**reply, "n": message["n"]})

    def do_run(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Run a cell and return what it showed."""
        self.shell.without_pictures = bool(message.get("without_pictures"))
        self.recorder.start(message.get("most"))
        try:
            result = _run_cell(self.shell, message["code"], store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:  # by what a cell has made of the shell
            error = raised
        outputs = self.recorder.stop()
        GradedShell.mend_streams(self.shell)
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        name = type(error).__name__ if error is not None else ""
        return {"op": "ran", "outputs": outputs, "cut": self.recorder.cut, "error": name}, []

    def do_fork(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Leave a copy of this process, as it is now, at the end of a channel of its own."""
        (end,) = self.channel.receive_sockets(1)
        pid = os.fork()
        if pid == 0:
            self.channel.close()
            self.channel = Channel(end, self.channel.max_bytes)
            self.pid = os.getpid()
            run_to_the_end(self)
        end.close()
        return {"op": "forked", "pid": pid}, []

    def do_stop(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """End a copy that `do_fork` made."""
        pid, until = message["pid"], time.monotonic() + (1.0 if message["own"] else 0.0)
        try:
            ended, status = os.waitpid(pid, os.WNOHANG)
            while not ended and time.monotonic() < until:  # it closed its end, and is ending
                time.sleep(0.002)
                ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return {"op": "stopped"}, []
        except OSError:
            return {"op": "stopped"}, []
        return {"op": "stopped", "code": os.waitstatus_to_exitcode(status)}, []

    def do_names(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Say of each name what it holds."""
        kinds = {}
        for name in message["names"]:
            held = self.shell.user_ns.get(name, self)
            if held is self:
                kinds[name] = "missing"
            else:
                is_class = isinstance(held, type)
                kinds[name] = "class" if is_class else "function" if callable(held) else "value"
        return {"op": "names", "kinds": kinds}, []

    def do_locate(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Look for the line of a wrong answer that has to change; the visible cases alone tell."""
        from course.checks.locate import locate_anew

        answer = self.shell.user_ns.get(message["name"])
        try:
            with self.shell.builtin_trap:
                found = locate_anew(message["name"], answer, message["cell"])
        except BaseException:  # whatever the answer does, it is without a line then
            found = None
        reply = {"op": "located", "line": 0, "place": "", "misconception": ""}
        if found is not None:
            reply |= {"line": found.number, "place": found.place}
            reply["misconception"] = found.misconception
        return reply, []

    def do_value(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Return the value of a name."""
        return self._reply(lambda: self.shell.user_ns[message["name"]], Received())

    def do_call(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        """Call a function, a class or a method."""
        received = Received()
        decoder = _In(self, blobs, received)
        target = self.target(message["target"])
        args = [decoder.decode(item) for item in message["args"]]
        kwargs = {name: decoder.decode(item) for name, item in message["kwargs"].items()}
        # Names of other exercises that hold the judge's functions from now on.
        lent = {name: decoder.decode(item) for name, item in message["lent"].items()}
        self.shell.user_ns.update(lent)
        received.remember()
        return self._reply(lambda: target(*args, **kwargs), received, target)

    def do_get(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Return an attribute."""
        owner = self.target(message["target"])
        return self._reply(lambda: getattr(owner, message["name"]), Received())

    def do_set(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        """Assign an attribute."""
        owner = self.target(message["target"])
        value = _In(self, blobs, Received()).decode(message["value"])
        return self._reply(lambda: setattr(owner, message["name"], value), Received())

    def target(self, data: dict) -> Any:
        """Return what the judge's stand-in stands for."""
        if "id" in data:
            return self.kept[data["id"]]
        if "layer" in data:
            return getattr(importlib.import_module(LAYERS), data["layer"])
        return self.shell.user_ns[data["name"]]

    def keep(self, value: Any) -> int:
        """Keep an object that only its number crosses for."""
        self.kept[len(self.kept)] = value
        return len(self.kept) - 1

    def callback(self, number: int, name: str, received: Received) -> Any:
        """Return a function that asks the judge, for as long as the call lasts that brought it."""

        def ask(*args, **kwargs):
            out = _Out(self, received)
            data = {"op": "callback", "id": number}
            data["args"] = [out.encode(arg) for arg in args]
            data["kwargs"] = {key: out.encode(arg) for key, arg in kwargs.items()}
            data["changed"] = self._changed(received, out)
            self.channel.send(data, out.blobs)
            while True:
                message, blobs = self.channel.receive()
                if message["op"] != "answer":
                    self.answer(message, blobs)  # the judge's function calls the learner's
                    continue
                if "raised" in message:
                    kind = getattr(builtins, message["raised"], RuntimeError)
                    raise kind(message["text"])
                return _In(self, blobs, Received()).decode(message["value"])

        ask.__name__ = ask.__qualname__ = name
        return ask

    def _reply(self, do, received: Received, called: Any = None) -> tuple[dict, list[bytes]]:
        out = _Out(self, received, called)
        try:
            with self.shell.builtin_trap:
                value = do()
            reply = {"op": "result", "value": out.encode(value)}
        except Uncodable as error:
            reply = {"op": "failed", "why": "malformed", "text": str(error)}
        except ChannelError:
            raise
        except BaseException as error:
            reply = _raised(error)
        try:
            reply["changed"] = self._changed(received, out)
        except Uncodable as error:
            reply = {"op": "failed", "why": "malformed", "text": str(error)}
        return reply, out.blobs

    def _changed(self, received: Received, out: Encoder) -> list:
        """Encode what the learner's code changed in its arguments since the last look."""
        changed = []
        for number in received.changes():
            value = received.held[number]
            if isinstance(value, np.ndarray):
                data = out.raw(value)
            elif isinstance(value, dict):
                data = [[out.encode(k), out.encode(v)] for k, v in value.items()]
            else:
                data = [out.encode(item) for item in value]
            changed.append([number, data])
        if changed:
            received.remember()
        return changed


def run_to_the_end(learner: Learner) -> None:
    """Serve, and end the process when the judge closes the channel.  Never returns."""
    try:
        learner.serve()
    except ChannelError:
        os._exit(0)
    except BaseException:
        os._exit(70)
    os._exit(0)


def _raised(error: BaseException) -> dict:
    line, text = _where(error)
    base = next(k for k in type(error).__mro__ if getattr(builtins, k.__name__, None) is k)
    names = {"type": type(error).__name__, "base": base.__name__}
    return {"op": "raised", **names, "message": _text(error), "line": line, "text": text}


def _where(error: BaseException) -> tuple[int, str]:
    """Return the number and text of the last line of a cell in the exception's trace."""
    try:
        frames = traceback.extract_tb(error.__traceback__)
        for frame in reversed(frames):
            if frame.filename.startswith("<ipython-input"):
                return frame.lineno or 0, (frame.line or "")[:TEXT]
    except Exception:
        return 0, ""
    return 0, ""


def _text(value: Any) -> str:
    try:
        text = str(value) if isinstance(value, BaseException) else repr(value)
        return str(text)[:TEXT].encode("utf-8", "replace").decode()
    except BaseException:
        return ""
