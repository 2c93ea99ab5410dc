"""Build the autograded notebook from the planned cells and their outputs."""

import re

from autograder.judge.align import Entry, Plan
from autograder.judge.outputs import attachments

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_METADATA = ("kernelspec", "language_info")


class SetupFailed(Exception):
    """A trusted cell of the source does not run: the lesson's fault, not the learner's."""


def assembled(plan: Plan, source: dict, shown: dict[int, list[dict]], max_bytes: int) -> dict:
    """Return the notebook as a plain dict.

    Parameters
    ----------
    shown : outputs of each entry, by its index: the learner's sanitised, the judge's own
    max_bytes : cap of a markdown cell's attached pictures
    """
    cells, ids, count = [], set(), 0
    for index, entry in enumerate(plan.entries):
        cell = _text_cell(entry, max_bytes)
        if cell["cell_type"] == "code":
            count += 1
            cell |= {"outputs": shown.get(index, []), "execution_count": count}
            for output in cell["outputs"]:
                if output["output_type"] == "execute_result":
                    output["execution_count"] = count
        cell["id"] = _unused_id(cell.get("id"), index, ids)
        cells.append(cell)
    # The submission's own metadata may hold anything, a widget's saved page included.
    metadata = {key: source["metadata"][key] for key in _METADATA if key in source["metadata"]}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _text_cell(entry: Entry, max_bytes: int) -> dict:
    cell = dict(entry.cell)
    found = cell.pop("attachments", {})
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    if cell["cell_type"] == "markdown":
        pictures = attachments(found, max_bytes)
        if pictures:
            cell["attachments"] = pictures
    elif cell["cell_type"] != "code":
        # Converters copy raw cells into a page as they are, scripts and all.
        fence = "`" * (3 + max((len(run) for run in re.findall("`+", cell["source"])), default=0))
        cell = {**cell, "cell_type": "markdown", "source": f"{fence}\n{cell['source']}\n{fence}"}
    return cell


def _unused_id(wanted: object, index: int, taken: set[str]) -> str:
    found = wanted if isinstance(wanted, str) and _ID.fullmatch(wanted) else f"cell-{index}"
    while found in taken:
        found = f"{found[:50]}-{index}"
        index += 1
    taken.add(found)
    return found
