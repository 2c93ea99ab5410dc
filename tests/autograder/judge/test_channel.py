"""Frames: what goes through, and what malformed, oversized and endless ones lead to."""

import json
import socket
import struct
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judge.inside import channel
from autograder.judge.inside.channel import Channel, Closed, Malformed, Oversized, TimedOut


@pytest.fixture
def ends():
    """A channel with caps, and the raw socket at its other end."""
    ours, theirs = socket.socketpair()
    made = Channel(ours, max_bytes=1 << 20)
    yield made, theirs
    made.close()
    theirs.close()


def soon():
    return time.monotonic() + 5.0


def frame(text: bytes, *blobs: bytes) -> bytes:
    lengths = [len(blob) for blob in blobs]
    head = struct.pack(f"=II{len(blobs)}I", len(text), len(blobs), *lengths)
    return head + text + b"".join(blobs)


@settings(deadline=None, max_examples=30)
@given(
    st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), st.integers() | st.none()),
    st.lists(st.binary(max_size=5000), max_size=5),
)
def test_what_is_sent_is_received(message, blobs):
    """Do a message and its blobs, empty ones too, come through whole?"""
    ours, theirs = socket.socketpair()
    a, b = Channel(ours, 1 << 20), Channel(theirs, 1 << 20)
    try:
        a.send(message, blobs, soon())
        assert b.receive(soon()) == (message, blobs)
    finally:
        a.close()
        b.close()


def test_more_than_the_sockets_buffer_goes_through(ends):
    """Does a large frame pass while the other end reads?"""
    ours, theirs = ends
    other = Channel(theirs, 1 << 20)
    blob = bytes(range(256)) * 3000
    got = []
    reader = threading.Thread(target=lambda: got.append(other.receive(soon())))
    reader.start()
    ours.send({"op": "x"}, [blob], soon())
    reader.join()
    assert got == [({"op": "x"}, [blob])]


def test_sockets_can_be_handed_over(ends):
    """Does a handed socket work at the other end?"""
    ours, theirs = ends
    a, b = socket.socketpair()
    ours.send_sockets(a)
    a.close()
    (received,) = Channel(theirs, 10).receive_sockets(1)
    with received, b:
        b.sendall(b"hello")
        assert received.recv(5) == b"hello"


MALFORMED = {
    "not JSON": frame(b"{nothing"),
    "a list": frame(b"[1]"),
    "a number": frame(b"7"),
    "NaN": frame(b'{"a": NaN}'),
    "not UTF-8": frame(b"\xff\xfe"),
    "very deep": frame(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "many blobs": struct.pack("=II", 2, channel.MAX_BLOBS + 1),
    "long text": struct.pack("=II", channel.MAX_JSON + 1, 0),
    "a number of many digits": frame(b'{"a": ' + b"9" * 10_000 + b"}"),
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_frames_are_named(ends, sent):
    """Does a frame that makes no sense raise `Malformed`, and nothing else?"""
    ours, theirs = ends
    threading.Thread(target=theirs.sendall, args=(sent,), daemon=True).start()
    with pytest.raises(Malformed):
        ours.receive(soon())


def test_announced_sizes_are_checked_before_anything_is_allocated(ends):
    """Does a header that announces gigabytes fail at once?"""
    ours, theirs = ends
    theirs.sendall(struct.pack("=III", 2, 1, 2**32 - 1))
    with pytest.raises(Oversized, match="more than 1048576"):
        ours.receive(soon())


def test_texts_of_very_many_values_are_refused(ends):
    """Is a small text that unfolds into a large structure refused?"""
    ours, theirs = ends
    text = json.dumps({"a": [[]] * (channel.MAX_NODES + 1)}, separators=(",", ":")).encode()
    threading.Thread(target=theirs.sendall, args=(frame(text),), daemon=True).start()
    with pytest.raises(Oversized):
        ours.receive(soon())


def test_too_much_is_not_sent(ends):
    """Does the sender refuse before the first byte, so that the channel stays in step?"""
    ours, theirs = ends
    with pytest.raises(Oversized):
        ours.send({"a": 1}, [b"x" * (1 << 21)])
    ours.send({"a": 1})
    assert Channel(theirs, 100).receive(soon()) == ({"a": 1}, [])


def test_silence_times_out(ends):
    """Does waiting end at the deadline, also in the midst of a frame?"""
    ours, theirs = ends
    with pytest.raises(TimedOut):
        ours.receive(time.monotonic() + 0.05)
    theirs.sendall(frame(b'{"a": 1}')[:9])
    with pytest.raises(TimedOut):
        ours.receive(time.monotonic() + 0.05)


def test_a_reader_that_never_reads_times_out(ends):
    """Does sending to a full socket end at the deadline?"""
    ours, _ = ends
    full = b"x" * 900_000  # more than a Unix socket holds unread
    with pytest.raises(TimedOut):
        ours.send({}, [full], time.monotonic() + 0.05)


def test_a_closed_end_is_named(ends):
    """Is the other end's going away told apart from nonsense?"""
    ours, theirs = ends
    theirs.close()
    with pytest.raises(Closed):
        ours.receive(soon())


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_message_or_a_channel_error(sent):
    """Whatever arrives, is nothing raised but the channel's own errors?"""
    ours, theirs = socket.socketpair()
    made = Channel(ours, 1 << 16)
    theirs.sendall(sent)
    theirs.close()
    try:
        made.receive(soon())
    except channel.ChannelError:
        return
    finally:
        made.close()
