"""The fork that judges one submission."""

import os
import socket
import sys

import numpy as np
import pytest

from autograder.judge import serve
from autograder.judge.inside.channel import Channel


class _Judge:
    is_prepared = False


def _takes(message, _):
    try:
        np.empty(message["bytes"], np.uint8)
    except MemoryError:
        return {"fits": False}, []
    return {"fits": True}, []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="macOS has no such limit")
@pytest.mark.parametrize(
    ("size", "fits"), [(serve.MEMORY * 3 // 4, True), (serve.MEMORY * 5 // 4, False)]
)
def test_judging_one_submission_takes_limited_memory(size, fits):
    """Is much memory a `MemoryError` in the fork that judges, and a large answer none?"""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        serve._answer_one(Channel(theirs, serve.FRAME_BYTES), _Judge, _takes)
    theirs.close()
    channel = Channel(ours, serve.FRAME_BYTES)
    channel.send({"bytes": size})
    answer, _ = channel.receive()
    assert os.waitpid(pid, 0)[1] == 0
    channel.close()
    assert answer["fits"] is fits
