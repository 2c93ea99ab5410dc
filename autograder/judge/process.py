"""The judge's end of a learner's process: requests with a deadline, and how each can fail."""

import signal
import socket
import time
from collections.abc import Callable

from autograder.judge import cores
from autograder.judge.forked import Forked
from autograder.judge.inside.channel import Channel, ChannelError, Closed, Oversized, TimedOut
from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits, amount
from autograder.judge.memory import holds_more

_LOOK = 0.25  # seconds between looks at the memory in use


class Lost(Exception):
    """The learner's process is of no more use; the message says why, as a predicate.

    ``f"cell 7 {lost}"`` is a sentence; where `late` is true, the caller knows which limit it was.
    """

    def __init__(self, why: str, late: bool = False):
        super().__init__(why)
        self.late = late


class Process:
    """A learner's process, or a copy that it left at some point.

    Parameters
    ----------
    channel : the judge's end
    root : id of the first process on this machine, for its memory; None where it is not known
    stop : called once to end the process, with whether it seems to have ended by itself;
        returns its exit code where it is known
    """

    def __init__(
        self, channel: Channel, limits: Limits, root: int | None, stop: Callable[[bool], int | None]
    ):
        self.channel, self.limits, self.root = channel, limits, root
        self._stop = stop
        self._number = 0
        self.lost = ""

    @classmethod
    def fresh(cls, zygote: Zygote, limits: Limits) -> "Process":
        """Fork a process in which no cell has run."""
        forked: Forked = zygote.fork(limits)
        if forked.pid is not None:
            cores.share(forked.pid)
        return cls(forked.channel, limits, forked.pid, lambda own: forked.end(by_itself=own))

    def copy(self, deadline: float) -> "Process":
        """Return a copy of this process as it is now; it ends with this one at the latest."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                number = self.send("fork", {}, [], deadline)
                try:
                    self.channel.send_sockets(theirs)
                except OSError:
                    self.lose(Closed())
            reply, _ = self.reply(number, deadline)
        except BaseException:
            ours.close()
            raise
        pid = reply.get("pid")

        def stop(by_itself: bool) -> int | None:
            return self._stop_copy(pid, by_itself) if not self.lost else None

        return Process(Channel(ours, self.channel.max_bytes), self.limits, self.root, stop)

    def ask(self, op: str, data: dict, deadline: float) -> dict:
        """Send a request without blobs and return its reply."""
        return self.reply(self.send(op, data, [], deadline), deadline)[0]

    def send(self, op: str, data: dict, blobs: list[bytes], deadline: float) -> int:
        """Send a request and return its number."""
        self._number += 1
        self.tell({"op": op, "n": self._number, **data}, blobs, deadline)
        return self._number

    def tell(self, message: dict, blobs: list[bytes], deadline: float) -> None:
        """Send a message that is no request."""
        if self.lost:
            raise Lost(self.lost)
        try:
            self.channel.send(message, blobs, deadline)
        except ChannelError as error:
            self.lose(error)

    def reply(self, number: int, deadline: float) -> tuple[dict, list[bytes]]:
        """Wait for the reply to a request, or for a callback on the way to it."""
        if self.lost:
            raise Lost(self.lost)
        try:
            while not self.channel.ready(min(_LOOK, deadline - time.monotonic())):
                if time.monotonic() >= deadline:
                    raise TimedOut()
                if self.root is not None:
                    cores.release(self.root)
                self._look_at_memory()
            message, blobs = self.channel.receive(deadline)
        except ChannelError as error:
            self.lose(error)
        if message.get("op") != "callback" and message.get("n") != number:
            self.end("sent something that is no answer")
        return message, blobs

    def lose(self, error: ChannelError) -> None:
        """End the process after a failure of the channel.

        Raises
        ------
        Lost
            Always; the message says what happened.
        """
        if isinstance(error, TimedOut):
            self.close()
            raise Lost("took too long", late=True)
        if isinstance(error, Oversized):
            self.end(f"gave more than {amount(self.channel.max_bytes)} of data")
        if not isinstance(error, Closed):
            self.end("sent something that is no answer")
        code = self._end_now(by_itself=True)
        self.lost = _how_it_ended(code)
        raise Lost(self.lost)

    def end(self, why: str) -> None:
        """End the process for a reason, which `Lost` then gives."""
        self._end_now()
        self.lost = why
        raise Lost(why)

    def close(self) -> None:
        """End the process, if it has not ended."""
        if not self.lost:
            self._end_now()
            self.lost = "has ended"

    def abandon(self) -> None:
        """Let go of a process that something else ends."""
        self.channel.close()
        self.lost = self.lost or "has ended"

    def _end_now(self, by_itself: bool = False) -> int | None:
        code = self._stop(by_itself)
        self.channel.close()
        return code

    def _stop_copy(self, pid: object, by_itself: bool) -> int | None:
        try:
            reply = self.ask("stop", {"pid": pid, "own": by_itself}, time.monotonic() + 5.0)
        except Lost:
            return None
        code = reply.get("code")
        return code if isinstance(code, int) else None

    def _look_at_memory(self) -> None:
        if self.root is not None and holds_more(self.root, self.limits.memory):
            self.end(f"used more than {amount(self.limits.memory)} of memory")


def _how_it_ended(code: int | None) -> str:
    if code is None:
        return "ended the learner's process"
    if code >= 0:
        return f"ended the learner's process (exit code {code})"
    name = signal.Signals(-code).name if -code in signal.valid_signals() else str(-code)
    return f"crashed the learner's process ({name})"
