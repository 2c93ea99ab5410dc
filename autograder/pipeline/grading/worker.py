"""A warm process that grades; `autograder.pipeline.grading.pool` starts it with a socket.

All imports are done, the lesson is read, a learner's process stands ready.  Each submission is
graded in a fork of this process, which is made beforehand and ends with its answer.  So nothing of
one submission is left for the next, and a notebook can harm only the process that grades it.

What is slow to import is imported in functions here: the learner's side starts before that.
"""

import gc
import os
import pickle
import signal
import socket
import sys
import traceback
from dataclasses import asdict, replace
from datetime import datetime

from autograder.judge import cores
from autograder.judge.inside import kernel
from autograder.judge.inside.channel import Channel, Closed
from autograder.startup import skip_address_grammars

FRAME_BYTES = 512 << 20
_NO_MORE, _NOT_RUN = 3, 4  # exit codes of a fork: no submission came; nothing in it was to run


def main() -> int:
    """Serve the pool at the socket whose number is the first argument."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), FRAME_BYTES)
    _end_with_parent()
    os.environ["MPLBACKEND"] = "agg"
    message, (secret, setup) = channel.receive()

    from autograder import CommandError
    from autograder.judge import Limits
    from autograder.judge.warm import WarmJudge

    try:
        judge = WarmJudge(message["lesson"], Limits(**message["limits"]), secret)
        # These imports run while the learner's side does its own.
        from autograder.pipeline.grading.grader import Grader

        # What the pool sends; nothing of a learner's is ever pickled.
        grader = Grader(pickle.loads(setup), judge.judge)
        isolation = judge.wait()
        grader.warm_up()
        judge.keep_figures()
    except CommandError as error:
        channel.send({"broken": str(error)})
        return 0
    channel.send({"sandboxed": isolation.sandboxed, "sandbox": isolation.line})
    gc.collect()
    gc.freeze()
    while True:
        judge.prepare()
        pid = os.fork()
        if pid == 0:
            _grade(channel, grader, judge)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == _NOT_RUN:
            continue
        judge.let_go()
        if code:
            # The pool starts another worker, and tries this submission there once more.
            return 0 if code == _NO_MORE else 1


def _grade(channel: Channel, grader, judge) -> None:
    """Wait for one submission, grade it and send what came of it.  Never returns."""
    try:
        _end_with_parent()
        gc.disable()  # this process is soon over
        message, blobs = channel.receive()
        cores.stay()
        outcome = grader.grade(work_of(message, blobs))
        channel.send(*sent(outcome))
    except Closed:
        os._exit(_NO_MORE)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(_NOT_RUN if judge.is_prepared else 0)


def _end_with_parent() -> None:
    if sys.platform.startswith("linux"):
        kernel.die_with_parent(signal.SIGKILL)


def sent_work(work) -> tuple[dict, list[bytes]]:
    """Return a submission as a frame of the channel: its files' bytes apart from their names."""
    handed = work.handed
    there = handed.content is not None
    fields = asdict(replace(handed, content=None, others=(), pictures=()))
    del fields["content"]
    blobs = [handed.content] if there else []
    for kind in ("others", "pictures"):
        fields[kind] = [name for name, _ in getattr(handed, kind)]
        blobs += [content for _, content in getattr(handed, kind)]
    return {"handed": fields, "there": there, "known": work.known}, blobs


def work_of(message: dict, blobs: list[bytes]):
    """Return the submission of a frame."""
    from autograder.pipeline.records import Handed, Work

    fields, left = message["handed"], iter(blobs)
    content = next(left) if message["there"] else None
    files = {
        kind: tuple((name, next(left)) for name in fields[kind]) for kind in ("others", "pictures")
    }
    return Work(Handed(**{**fields, **files, "content": content}), message["known"])


def sent(outcome) -> tuple[dict, list[bytes]]:
    """Return an outcome as a frame of the channel."""
    record = outcome.record
    message = {
        "student": outcome.student,
        "timestamp": outcome.timestamp,
        "grades": outcome.grades,
        "comments": outcome.comments,
        "record": record and {**asdict(record), "graded_at": record.graded_at.isoformat()},
    }
    return message, [outcome.notebook.encode()]


def outcome_of(message: dict, blobs: list[bytes]):
    """Return the outcome of a frame."""
    from autograder.pipeline.records import Cell, GradingOutcome, Record

    record = message["record"]
    if record is not None:
        cells = tuple(Cell(**cell) for cell in record["cells"])
        when = datetime.fromisoformat(record["graded_at"])
        record = Record(**{**record, "cells": cells, "graded_at": when})
    return GradingOutcome(**{**message, "record": record, "notebook": blobs[0].decode()})


if __name__ == "__main__":
    skip_address_grammars()
    sys.exit(main())
