"""A warm process that grades; `autograder.pipeline.grading.pool` starts it with a socket.

Each submission is graded in a fork of its own, see `autograder.judge.serve`.

What is slow to import is imported in functions here: the learner's side starts before that.
"""

import pickle
import sys
from dataclasses import asdict
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
        judge.keep_figures()
    except CommandError as error:
        channel.send({"broken": str(error)})
        return 0

    def answer(message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        from autograder.pipeline.records import Work

        return sent(grader.grade(Work(handed_of(message["handed"], blobs), message["known"])))

    return serve(channel, judge, answer)


def sent_work(work) -> tuple[dict, list[bytes]]:
    """Return a submission as a frame of the channel."""
    fields = {**asdict(work.handed), "content": None}
    content = work.handed.content
    return {"handed": fields, "known": work.known}, [] if content is None else [content]


def handed_of(fields: dict, blobs: list[bytes]):
    """Return the submission of a frame."""
    from autograder.pipeline.records import Handed

    return Handed(**{**fields, "content": blobs[0] if blobs else None})


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
