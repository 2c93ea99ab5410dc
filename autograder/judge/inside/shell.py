"""IPython's shell without a kernel around it: cells run, and what they show is recorded."""

import base64
import builtins
import io
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

NO_INPUT = "input() has nobody to answer it while a notebook is graded: use a constant instead"
NO_SHELL = "(shell commands do not run while a notebook is graded)\n"


class Recorder:
    """What the cell at hand has shown so far, up to a number of bytes.

    Nothing is recorded between cells: what a test's call prints is nobody's output.
    """

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        self.outputs: list[dict] = []
        self.left = 0
        self.cut = False
        self.on = False

    def start(self, most: int | None = None) -> None:
        """Begin with the next cell, which may show `most` bytes where that is less than usual."""
        self.left = self.max_bytes if most is None else min(most, self.max_bytes)
        self.outputs, self.cut, self.on = [], False, True

    def stop(self) -> list[dict]:
        """End with this cell and return what it showed."""
        self.on = False
        return self.outputs

    def stream(self, name: str, text: str) -> None:
        """Add to what was printed."""
        if not self.on or not text:
            return
        if len(text) > self.left:
            self.cut, text = True, text[: self.left]
        self.left -= len(text)
        last = self.outputs[-1] if self.outputs else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(text)
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def add(self, output: dict) -> None:
        """Add a display, a result or an error."""
        if not self.on:
            return
        size = sum(len(str(part)) for part in output.get("data", {}).values())
        size += sum(len(line) for line in output.get("traceback", ()))
        if size > self.left:
            self.cut = True
            return
        self.left -= size
        self.outputs.append(output)


class _Stream(io.TextIOBase):
    def __init__(self, recorder: Recorder, name: str):
        self._recorder, self._name = recorder, name

    def write(self, text: str) -> int:
        self._recorder.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:
        return "utf-8"


def _as_text(data: dict) -> dict:
    """Pictures come from some libraries as bytes; in a notebook they are base64."""
    return {
        kind: base64.b64encode(part).decode() if isinstance(part, bytes) else part
        for kind, part in data.items()
        if isinstance(part, (str, bytes))
    }


class _Publisher(DisplayPublisher):
    recorder: Any = None

    def publish(self, data, metadata=None, **_unused):
        output = {"output_type": "display_data", "data": _as_text(data), "metadata": {}}
        self.recorder.add(output)

    def clear_output(self, wait=False):
        self.recorder.outputs.clear()


class _Results(DisplayHook):
    recorder: Any = None

    def start_displayhook(self):
        pass

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        output = {"output_type": "execute_result", "data": _as_text(format_dict), "metadata": {}}
        self.recorder.add(output)

    def finish_displayhook(self):
        pass


class GradedShell(InteractiveShell):
    """A shell in which honest notebooks run as in JupyterLab, without anybody at the keyboard."""

    display_pub_class = _Publisher
    displayhook_class = _Results
    without_pictures = False  # whether `course.figures.show` need not draw

    def mend_streams(self) -> None:
        """Put back a stream that a cell left unusable: IPython could not run the next one."""
        for name in ("stdout", "stderr"):
            try:
                stream = getattr(sys, name)
                stream.write = stream.write  # IPython sets it for each cell
                stream.write("")
            except BaseException:
                setattr(sys, name, _Stream(self.display_pub.recorder, name))

    def enable_gui(self, gui=None):
        """Do without an event loop."""

    def ask_exit(self):
        """Go on after ``quit()`` and ``exit()``: the cells below still count."""

    def system(self, cmd):
        """Say that there is no command line here."""
        sys.stdout.write(NO_SHELL)
        self.user_ns["_exit_code"] = 1

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        """Say that there is no command line here."""
        sys.stdout.write(NO_SHELL)
        return [] if split else ""

    def _showtraceback(self, etype, evalue, stb):
        message = _safe_text(evalue)
        error = {"output_type": "error", "ename": etype.__name__, "evalue": message}
        self.display_pub.recorder.add({**error, "traceback": [str(line) for line in stb]})


def _safe_text(value: Any) -> str:
    try:
        return str(value)
    except BaseException:
        return ""


def _no_input(prompt: object = "") -> str:
    raise RuntimeError(NO_INPUT)


def make_shell(max_output_bytes: int) -> tuple[GradedShell, Recorder]:
    """Return a shell and the recorder of what its cells show; ``sys.stdout`` goes there too."""
    config = Config()
    config.HistoryManager.enabled = False  # no thread, no file
    config.InteractiveShell.xmode = "Plain"  # short, and quick to make
    config.InteractiveShell.colors = "nocolor"
    shell = GradedShell.instance(config=config)
    recorder = Recorder(max_output_bytes)
    shell.display_pub.recorder = shell.displayhook.recorder = recorder
    sys.stdout, sys.stderr = _Stream(recorder, "stdout"), _Stream(recorder, "stderr")
    builtins.input = _no_input
    return shell, recorder
