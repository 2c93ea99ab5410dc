"""Frames over a socket: a little JSON and raw blocks of bytes, each with a cap.  Never pickle.

A frame is ``(length of the JSON, number of blobs)`` as two 32-bit numbers, the length of each
blob as one, the JSON, the blobs.  The judge's end trusts nothing that it reads: sizes are checked
before anything is allocated, and whatever does not fit raises `Malformed` or `Oversized`.
"""

import itertools
import json
import select
import socket
import struct
import time

MAX_BLOBS = 4096
MAX_JSON = 4 << 20
MAX_NODES = 300_000
SMALL = 1 << 16


class ChannelError(Exception):
    """The other end cannot be understood or is gone; the channel is of no more use."""


class Closed(ChannelError):
    """The other end is gone."""


class Malformed(ChannelError):
    """What came in is not a frame."""


class Oversized(ChannelError):
    """A frame is larger than allowed."""


class TimedOut(ChannelError):
    """Nothing came in time."""


class Channel:
    """One end of a connected Unix socket that carries frames and, now and then, sockets."""

    def __init__(self, end: socket.socket, max_bytes: int):
        self.socket = end
        self.max_bytes = max_bytes
        self.values = 0  # in the message that came last

    def close(self) -> None:
        """Close this end."""
        self.socket.close()

    def send(self, message: dict, blobs: list[bytes] = (), deadline: float | None = None) -> None:
        """Send one frame.

        Raises
        ------
        Oversized
            Before anything is sent, if the frame is larger than `max_bytes`.
        """
        text = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
        if len(text) > MAX_JSON:
            raise Oversized(f"{len(text)} bytes of values, more than {MAX_JSON}")
        total = len(text) + sum(len(blob) for blob in blobs)
        if total > self.max_bytes or len(blobs) > MAX_BLOBS:
            raise Oversized(f"{total} bytes, more than {self.max_bytes}")
        header = struct.pack("=II", len(text), len(blobs))
        header += struct.pack(f"={len(blobs)}I", *(len(blob) for blob in blobs))
        # In one piece, the other end wakes up once; a large one is not worth the copy.
        blocks = [header + text, *blobs] if total > SMALL else [b"".join((header, text, *blobs))]
        try:
            for block in blocks:
                self._write(block, deadline)
        except OSError as error:
            raise Closed(str(error)) from None

    def receive(self, deadline: float | None = None) -> tuple[dict, list[bytes]]:
        """Wait for one frame and return its message and its blobs.

        Parameters
        ----------
        deadline : time.monotonic() after which `TimedOut` is raised; None waits for ever
        """
        text_length, count = struct.unpack("=II", self._exactly(8, deadline))
        if count > MAX_BLOBS or text_length > MAX_JSON:
            raise Malformed("the frame's header makes no sense")
        lengths = struct.unpack(f"={count}I", self._exactly(4 * count, deadline))
        total = text_length + sum(lengths)
        if total > self.max_bytes:
            raise Oversized(f"{total} bytes, more than {self.max_bytes}")
        body = self._exactly(total, deadline)
        ends = itertools.accumulate(lengths, initial=text_length)
        blobs = [body[start:end] for start, end in itertools.pairwise(ends)]
        message = _parsed(body[:text_length])
        self.values = _count(message)
        return message, blobs

    def ready(self, seconds: float) -> bool:
        """Wait so long at most for something to read; return whether there is."""
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(min(max(0.0, seconds), 1e6) * 1000))

    def send_sockets(self, *ends: socket.socket) -> None:
        """Hand file descriptors to the other end."""
        socket.send_fds(self.socket, [b"+"], [end.fileno() for end in ends])

    def receive_sockets(self, count: int) -> list[socket.socket]:
        """Take `count` sockets that the other end hands over."""
        _, descriptors, _, _ = socket.recv_fds(self.socket, 1, count)
        return [socket.socket(fileno=descriptor) for descriptor in descriptors]

    def _write(self, block: bytes, deadline: float | None) -> None:
        if deadline is None:
            self.socket.sendall(block)
            return
        view = memoryview(block)
        while view:
            try:
                view = view[self.socket.send(view[: 1 << 20], socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        if count == 0:
            return b""
        block = bytearray(count)
        view, got = memoryview(block), 0
        flags = 0 if deadline is None else socket.MSG_DONTWAIT
        while got < count:
            try:
                received = self.socket.recv_into(view[got:], 0, flags)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if received == 0:
                raise Closed("the other end closed the channel")
            got += received
        return bytes(block)

    def _wait(self, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(self.socket, event)
        left = deadline - time.monotonic()
        # Even past the deadline, what has come in already is taken.
        if not poll.poll(min(max(0.0, left), 1e6) * 1000):
            raise TimedOut("no answer in time")


def _parsed(text: bytes) -> dict:
    try:
        message = json.loads(text.decode("utf-8"), parse_constant=_refused)
    except (ValueError, RecursionError, MemoryError):
        raise Malformed("the frame's text is not JSON") from None
    if not isinstance(message, dict):
        raise Malformed("the frame's text is not an object")
    return message


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _count(message: dict) -> int:
    """Return how many objects a text unfolds into; refuse very many."""
    seen, waiting = 0, [message]
    while waiting:
        node = waiting.pop()
        inner = node.values() if isinstance(node, dict) else node
        seen += len(node)
        if seen > MAX_NODES:
            raise Oversized(f"more than {MAX_NODES} values in one message")
        waiting.extend(item for item in inner if isinstance(item, (dict, list)))
    return seen
