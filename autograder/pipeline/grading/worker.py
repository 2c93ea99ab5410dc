"""A warm process that grades; `autograder.pipeline.grading.pool` starts it with a socket.

Each submission is graded in a fork of its own, see `autograder.judge.serve`.

What is slow to import is imported in functions here: the learner's side starts before that.
"""

import pickle
import sys
from dataclasses import asdict, replace
from datetime import datetime

from autograder.judge.serve import opened, serve
from autograder.startup import skip_address_grammars


def main() -> int:
    """Serve the pool at the socket whose number is the first argument."""
    channel = opened()
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
        judge.wait()
        grader.warm_up()
        judge.keep_figures(grader.source)
    except CommandError as error:
        channel.send({"broken": str(error)})
        return 0

    def answer(message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        return sent(grader.grade(work_of(message, blobs)))

    return serve(channel, judge, answer)


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
