"""Mistakes that follow from another answer: a part that is right once that other answer is.

An answer that calls another exercise's function is tried once more with the reference in that
function's place.  No point depends on it, and the process that has called the reference ends.
"""

from collections.abc import Callable

from autograder import reference
from autograder.judge.align import Plan
from autograder.judge.code import mentioned
from autograder.judge.lines import needed_cells
from autograder.judge.testcell import CellResult


def causes(plan: Plan, names: dict[str, str], results: dict[str, CellResult]) -> dict[str, dict]:
    """Return the right functions with which each wrong part is to be tried once more.

    Parameters
    ----------
    names : kind of each exercise of the lesson
    results : of each test, by its grade id

    Returns
    -------
    dict
        Grade id of a wrong part -> the functions that its answer uses and that are not right
        themselves, by their names.
    """
    asked = {key: plan.asked(key, names) for key in results}
    unright = {
        n for key, result in results.items() if result.outcome != "right" for n in asked[key]
    }
    found: dict[str, dict[str, Callable]] = {}
    for key, result in results.items():
        if result.outcome not in ("wrong", "not written"):
            continue
        used = {
            word
            for name in asked[key]
            for cell in needed_cells(plan.cells, plan.sources.get(name, ""))
            for word in mentioned(cell)
        }
        others = {
            name: getattr(reference, name)
            for name in sorted(used & unright - asked[key])
            if names[name] == "function" and hasattr(reference, name)
        }
        if others:
            found[key] = others
    return found


def tell(result: CellResult, title: str, others: list[str]) -> None:
    """Say of a part that it is right once other answers are, in place of a mistake of its own."""
    said = " and ".join(f"`{name}`" for name in others)
    sentence = f"`{title}` is right once {said} {'is' if len(others) == 1 else 'are'}."
    nothing = {"misconception": None, "name": "", "hint": "", "line": 0, "place": ""}
    nothing |= {"setting": "", "extent": ""}
    for report in result.reports:
        if report["status"] != "right":
            report |= {"headline": sentence, **nothing}
    text = {"text/plain": sentence.replace("`", "")}
    rest = [output for output in result.outputs if output["output_type"] != "display_data"]
    result.outputs = [{"output_type": "display_data", "data": text, "metadata": {}}, *rest]
