"""What a lesson's own cells show when the instructor's answers stand above them."""

import time

from autograder.judge import outputs
from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits
from autograder.judge.process import Lost, Process

SECONDS = 10.0  # a lesson that computes for longer has the figures below that drawn for everybody


def solved_figures(source: dict, zygote: Zygote, limits: Limits) -> dict[str, list[dict]]:
    """Run the instructor's notebook and return what its own cells with pictures show, by code.

    Parameters
    ----------
    source : the notebook as a plain dict, with its answers
    """
    deadline, found = time.monotonic() + SECONDS, {}
    process = Process.fresh(zygote, limits)
    try:
        for cell in source["cells"]:
            marks = cell["metadata"].get("nbgrader") or {}
            answer = bool(marks.get("solution"))
            if cell["cell_type"] != "code" or marks.get("grade") and not answer:
                continue
            request = {"code": cell["source"], "without_pictures": answer}
            reply = process.ask("run", {**request, "most": limits.output_bytes}, deadline)
            if reply.get("error"):
                break
            shown = outputs.sanitised(reply.get("outputs"), limits.output_bytes)
            if not answer and any("data" in output for output in shown):
                found[cell["source"]] = shown
    except Lost:
        pass
    finally:
        process.close()
    return found
