"""Grade one submission in this process: plain data in, plain data out."""

import time
from typing import Any

from autograder.judge import align
from autograder.judge.limits import Limits
from autograder.judge.notebook import SetupFailed, assembled
from autograder.judge.side import Side
from autograder.judge.users import CannotIsolate


class SandboxRequired(Exception):
    """The host cannot build the sandbox, and the caller wants no less."""


def answer(
    job: dict, side: Side | None = None, drawn: dict | None = None, found: Any = None
) -> dict:
    """Grade one submission and return what crosses to another process; see `run_job`.

    Returns
    -------
    dict
        ``{"verdict": ...}`` as `run_job` gives it; or ``{"refused": why}`` where a sandbox is
        required and missing, ``{"broken": why}`` where this judge can grade nobody.
    """
    try:
        return {"verdict": run_job(job, side, drawn, found)}
    except SandboxRequired as error:
        return {"refused": str(error)}
    except CannotIsolate as error:
        return {"broken": f"the learner's side does not start: {error}"}
    except SetupFailed as error:
        return {"broken": str(error)}


def run_job(
    job: dict, side: Side | None = None, drawn: dict | None = None, found: Any = None
) -> dict:
    """Grade one submission.

    Parameters
    ----------
    job : ``source`` and ``submission`` (notebooks as plain dicts), ``names`` (kind of each
        exercise), ``secret`` (hex), ``limits`` (fields of `Limits`), ``require_sandbox``
    side : a warm learner's side to fork from; one is started for this job if None
    drawn : what the lesson's own cells show with right answers, by their code, so that it need
        not be drawn again; what needs no answer and is not in it is added
    found : lines of wrong answers that were found before, a `lines.Found`; what it lacks is added

    Returns
    -------
    dict
        The fields of `Verdict`, as plain data.

    Raises
    ------
    SandboxRequired
        If the job requires a sandbox and the host has none.
    """
    started = time.monotonic()
    limits = Limits(**job["limits"])
    if side is None:
        with Side(limits) as own:
            return _graded(job, limits, own, started, drawn, found)
    return _graded(job, limits, side, started, drawn, found)


def _graded(
    job: dict, limits: Limits, side: Side, started: float, drawn: dict | None, found: Any
) -> dict:
    # These imports run while the learner's side does its own.
    from autograder.hidden_tests import set_seed
    from autograder.judge.changes import own_figures
    from autograder.judge.session import Session

    secret = job["secret"]
    set_seed(secret)
    layout = align.plan(job["source"], job["submission"], job["names"])
    isolation = side.wait()
    if job["require_sandbox"] and not isolation.sandboxed:
        raise SandboxRequired(isolation.line)
    figures = own_figures(layout, job["source"], job["names"])
    session = Session(layout, job["names"], secret, side.zygote, limits, figures, drawn, found)
    session.run()
    return _verdict(session, job, limits, isolation.line, time.monotonic() - started)


def _verdict(session, job: dict, limits: Limits, line: str, seconds: float) -> dict:
    status = "partly graded" if session.stopped else "graded"
    places = {e.key: i for i, e in enumerate(session.plan.entries) if e.role == "test"}
    points = {
        e.key: float(e.cell["metadata"]["nbgrader"].get("points") or 0)
        for e in session.plan.entries
        if e.role == "test"
    }
    shown = dict(session.shown)
    for index, what in session.stopped.items():
        if index not in shown:
            text = f"this cell {what}"
            error = {"output_type": "error", "ename": "Stopped", "evalue": text}
            shown[index] = [{**error, "traceback": [text]}]
    cells = {}
    for key, result in session.results.items():
        shown[places[key]] = result.outputs
        cells[key] = {
            "grade_id": key,
            "score": result.score,
            "points": points[key],
            "outcome": result.outcome,
            "reports": result.reports,
            "outputs": result.outputs,
        }
    notebook = assembled(session.plan, job["source"], shown, limits.file_bytes)
    summary = {
        key: {
            "score": cell["score"],
            "points": cell["points"],
            "outcome": cell["outcome"],
        }
        for key, cell in cells.items()
    }
    head = {"status": status, "reason": session.reason(), "sandbox": line, "seconds": seconds}
    notebook["metadata"]["autograder"] = {**head, "cells": summary}
    return {**head, "cells": cells, "notebook": notebook}
