"""Processor seconds of a command with all its descendants, which other programs hardly change.

The kernel counts them for a control group.  Where none can be made (no rights, another system)
there is no count; no other counter sees processes that their parents do not wait for.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")


def _versions() -> list[tuple[Path, str, Callable[[str], float]]]:
    """Return, for both versions of control groups: folder, counter's file, text -> seconds."""
    return [
        (GROUPS / "cpuacct", "cpuacct.usage", lambda text: int(text) / 1e9),
        (GROUPS, "cpu.stat", lambda text: int(text.split()[1]) / 1e6),
    ]


class Account:
    """A control group: start commands with `wrapped`, then read `seconds`."""

    def __init__(self, folder: Path | None, read: Callable[[], float | None]):
        self._folder, self._read = folder, read

    def wrapped(self, command: list[str]) -> list[str]:
        """Return a command that runs in the group."""
        if self._folder is None:
            return command
        script = 'echo $$ > "$0"; exec "$@"'
        return ["/bin/sh", "-c", script, str(self._folder / "cgroup.procs"), *command]

    @property
    def seconds(self) -> float | None:
        """Processor seconds so far, of processes that have ended too; None where not counted."""
        return self._read()


@contextlib.contextmanager
def account() -> Iterator[Account]:
    """Make a control group for as long as the block lasts."""
    for root, counter, seconds in _versions():
        folder = root / f"benchmark-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            path = folder / counter
            if path.is_file() and (folder / "cgroup.procs").is_file():
                yield Account(folder, lambda path=path, seconds=seconds: seconds(path.read_text()))
                return
        finally:
            with contextlib.suppress(OSError):  # what still runs in it keeps it
                folder.rmdir()
    yield Account(None, lambda: None)
