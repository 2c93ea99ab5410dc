"""Warm processes side by side, each with a thread that waits for it, and the queue before them.

A request that ends its process is tried once more, in a new one.
"""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from autograder import CommandError
from autograder.judge.inside.channel import ChannelError
from autograder.judge.warm_process import WarmProcess

TRIES = 2
Found = TypeVar("Found")


class WarmSeat:
    """A place for one warm process, which is replaced when it ends.

    Parameters
    ----------
    start : starts the process; called again for the next one
    """

    def __init__(self, start: Callable[[], WarmProcess]):
        self._start = start
        self._closed = self._warm = False
        self._process = start()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.process.pid

    def wait(self) -> None:
        """Return when the process is warm; see `WarmProcess` for what it may raise."""
        if not self._warm:
            self._process.wait()
            self._warm = True

    def ask(
        self, message: dict, blobs: list[bytes], read: Callable[[dict, list[bytes]], Found]
    ) -> Found:
        """Send one request and return what `read` makes of the answer.

        Raises
        ------
        CommandError : when the request ended two processes, or none can be started
        """
        why = ""
        for _ in range(TRIES):
            try:
                return read(*self._process.ask(message, blobs))
            except (ChannelError, OSError, ValueError, KeyError, TypeError) as error:
                if self._closed:
                    raise CommandError("grading was stopped") from None
                why = self._last_words() or str(error)
                self._replace()
        raise CommandError(f"its worker ended: {why}")

    def close(self) -> None:
        """End the process."""
        self._closed = True
        self._process.close()

    def _last_words(self) -> str:
        try:
            return self._process.last_words()
        except (OSError, ValueError):  # closed meanwhile
            return ""

    def _replace(self) -> None:
        with contextlib.suppress(OSError):
            self._process.close()
        self._warm = False
        try:
            self._process = self._start()
            if self._closed:
                self._process.close()
                raise CommandError("grading was stopped")
            self.wait()
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None


class WarmPool:
    """Seats that take requests from one queue."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue = queue.SimpleQueue()
        self._closed = False
        self.seats: list[WarmSeat] = []

    def add(self, seat: WarmSeat) -> None:
        """Have one more seat take requests once its process is warm, in a thread of its own."""
        self.seats.append(seat)
        threading.Thread(target=self._serve, args=(seat,), daemon=True).start()

    def submit(self, task: Callable[[WarmSeat], Found]) -> "Future[Found]":
        """Queue what is to be done with a seat; the future may hold a `CommandError`."""
        future: Future[Found] = Future()
        self._queue.put((task, future))
        return future

    def close(self) -> None:
        """End all processes at once; what they are at is lost."""
        self._closed = True
        for seat in self.seats:
            self._queue.put(None)
            seat.close()

    def _serve(self, seat: WarmSeat) -> None:
        try:
            seat.wait()
        except (CommandError, OSError, ValueError):  # closed, or the other seats do its work
            return
        while (item := self._queue.get()) is not None and not self._closed:
            task, future = item
            try:
                found = task(seat)
            except CommandError as error:
                if not self._closed:
                    future.set_exception(error)
            else:
                if not self._closed:
                    future.set_result(found)
