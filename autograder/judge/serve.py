"""Answer requests from a warm judge, each in a fork of its own.

``python -m autograder.judge.serve N`` is what `autograder.judge.kept` starts, with a socket.  The
workers of a class serve in the same way, see `autograder.pipeline.grading.worker`.

All imports are done, the lesson is read, a learner's process stands ready.  Each submission is
judged in a fork of this process, which is made beforehand and ends with its answer.  So nothing of
one submission is left for the next, and a notebook can harm only the process that judges it.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable

from autograder.judge import cores
from autograder.judge.inside import kernel
from autograder.judge.inside.channel import Channel, Closed
from autograder.judge.launch import address_space
from autograder.startup import skip_address_grammars

FRAME_BYTES = 512 << 20
MEMORY = 1 << 30  # bytes that judging one submission may take
_NO_MORE, _NOT_RUN = 3, 4  # exit codes of a fork: no request came; nothing in it was to run

Answer = Callable[[dict, list[bytes]], tuple[dict, list[bytes]]]


def opened() -> Channel:
    """Return the channel of the socket whose number is the first argument."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), FRAME_BYTES)
    _end_with_parent()
    os.environ["MPLBACKEND"] = "agg"
    gc.disable()  # what is imported is no garbage, and each fork of this process is soon over
    return channel


def serve(channel: Channel, judge, answer: Answer) -> int:
    """Answer requests until the other end is gone; return this process's exit code.

    Parameters
    ----------
    judge : a `autograder.judge.warm.WarmJudge`, with which `answer` judges
    """
    isolation = judge.wait()
    channel.send({"sandboxed": isolation.sandboxed, "sandbox": isolation.line})
    gc.collect()
    gc.freeze()
    while True:
        judge.prepare()
        pid = os.fork()
        if pid == 0:
            _answer_one(channel, judge, answer)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == _NOT_RUN:
            continue
        judge.let_go()
        if code:
            # Who asked starts another process, and tries this submission there once more.
            return 0 if code == _NO_MORE else 1


def _answer_one(channel: Channel, judge, answer: Answer) -> None:
    """Wait for one request and answer it.  Never returns."""
    try:
        _end_with_parent()
        message, blobs = channel.receive()
        # The tests' own functions may be called with whatever a learner's code gives.
        kernel.set_limits({"AS": address_space(os.getpid()) + MEMORY})
        cores.stay()
        channel.send(*answer(message, blobs))
    except Closed:
        os._exit(_NO_MORE)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(_NOT_RUN if judge.is_prepared else 0)


def _end_with_parent() -> None:
    if sys.platform.startswith("linux"):
        kernel.die_with_parent(signal.SIGKILL)


def main() -> int:
    """Judge notebooks of one lesson: JSON of a submission in, JSON of `job.answer` out."""
    channel = opened()
    message, (secret, source, blank) = channel.receive()

    from autograder import CommandError
    from autograder.judge.api import judged
    from autograder.judge.limits import Limits
    from autograder.judge.warm import WarmJudge

    lesson = json.loads(source)

    def found(submission: bytes) -> dict:
        choice = {"secret": secret, "require_sandbox": message["require_sandbox"]}
        return judge.answer(lesson, json.loads(submission), **choice)

    try:
        judge = WarmJudge(message["lesson"], Limits(**message["limits"]), secret)
        judge.wait()
        # The first submission loads what judging needs and draws the lesson's own figures.
        first = found(blank)
        if "verdict" not in first:
            judged(first)  # raises, and says why nobody can be graded
        judge.keep_figures(lesson)
    except CommandError as error:
        channel.send({"broken": str(error)})
        return 0
    return serve(channel, judge, lambda _, blobs: ({}, [json.dumps(found(blobs[0])).encode()]))


if __name__ == "__main__":
    skip_address_grammars()
    sys.exit(main())
