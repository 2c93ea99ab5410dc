"""One learner's process as the judge holds it: a channel, and a keeper that reports its end."""

import json
import select
import socket
import time

from autograder.judge.inside.channel import Channel, ChannelError, Closed
from autograder.judge.users import CannotIsolate

START_SECONDS = 60.0
_OWN_END_SECONDS = 1.0


class Forked:
    """One learner's process: the channel to it, and the report of its keeper."""

    def __init__(self, channel: Channel, report: socket.socket):
        self.channel = channel
        self._report = report
        self._text = b""
        self.ended = False
        try:
            self.pid = self._line(START_SECONDS).get("pid")
            hello, _ = channel.receive(time.monotonic() + START_SECONDS)
            if hello.get("op") != "hello":
                raise CannotIsolate(str(hello.get("text")))
        except ChannelError as error:
            self.end()
            raise CannotIsolate(f"the learner's process did not start: {error}") from None
        except CannotIsolate:
            self.end()
            raise

    def end(self, *, by_itself: bool = False) -> int | None:
        """End the process with all that it started; return its exit code, negative for a signal.

        Parameters
        ----------
        by_itself : whether it seems to have ended already, so that the code is its own

        Returns
        -------
        int or None
            None where its keeper could not tell.
        """
        if self.ended:
            return None
        self.ended = True
        self.channel.close()
        try:
            line = self._line(_OWN_END_SECONDS) if by_itself else None
        except (OSError, Closed, CannotIsolate):
            line = None
        try:
            self._report.shutdown(socket.SHUT_WR)
            line = line or self._line(START_SECONDS)
            return line.get("ended")
        except (OSError, Closed, CannotIsolate):
            return None
        finally:
            self._report.close()

    def let_go(self) -> None:
        """Close this end; the process ends with the last one that holds it."""
        self.channel.close()
        self._report.close()

    def _line(self, seconds: float) -> dict:
        deadline = time.monotonic() + seconds
        while b"\n" not in self._text:
            poll = select.poll()
            poll.register(self._report, select.POLLIN)
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise Closed("the keeper says nothing")
            more = self._report.recv(4096)
            if not more:
                raise Closed("the keeper is gone")
            self._text += more
        line, _, self._text = self._text.partition(b"\n")
        message = json.loads(line)
        if "failed" in message:
            raise CannotIsolate(message["failed"])
        return message
