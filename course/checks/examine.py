"""Try an answer on cases and report the outcome."""

import inspect
import time
from typing import Any

import numpy as np

from course.checks import steady
from course.checks.again import KEPT, LAID_OUT, ONE_BUFFER, once_more, one_buffer
from course.checks.barred import barred_calls, is_stub
from course.checks.cases import Case, PartCases, Spec
from course.checks.compare import Difference
from course.checks.explain import explain
from course.checks.faults import call_text, fault, told_first
from course.checks.report import Report
from course.checks.run import Outcome, run
from course.checks.sealed import Sealed
from course.checks.withheld import in_our_words
from course.checks.words import describe, describe_type


def examine(
    spec: Spec,
    answer: Any,
    parts: list[PartCases],
    *,
    withheld: bool = False,
    located: bool = True,
    known: dict[int, Outcome] | None = None,
) -> Report:
    """Try `answer` on every case of `parts` and report.

    Parameters
    ----------
    spec : the exercise
    answer : the learner's function, class or predicted value
    parts : the parts to try
    withheld : whether the cases are the grader's own, whose inputs must stay unseen
    located : whether to look for the line and the setting where no name fits, up to 1.5 s
    known : what came of cases before, by their `id`; what it lacks is added
    """
    known = {} if known is None else known
    report = _examined(spec, answer, parts, located and not withheld, known)
    return in_our_words(report) if withheld else report


def _examined(
    spec: Spec, answer: Any, parts: list[PartCases], located: bool, known: dict[int, Outcome]
) -> Report:
    asked = parts[0].name if len(parts) == 1 and spec.kind != "prediction" else ""
    report = Report(spec.name, asked, "wrong", "")
    if spec.kind == "prediction":
        if answer is None or answer is ...:
            return _not_written(report, spec)
        answer = _whole_numbers(answer)
    if spec.kind in ("function", "class") and not callable(answer):
        report.headline = f"a {spec.kind} is expected, and {describe_type(answer)} came in."
        report.details = [f"Pass the {spec.kind} itself, without calling it."]
        return report
    if spec.barred and (found := barred_calls(answer, spec.barred)):
        return _barred(report, found)
    if spec.kind == "function" and (wrong := _wrong_parameters(spec, answer)):
        report.headline = wrong
        return report

    cases = [case for part in parts for case in part.cases]
    outcomes: list[Outcome] = []
    started = time.monotonic()
    for case in cases:
        try:
            outcome = known.get(id(case)) or run(answer, case)
        except KeyboardInterrupt:
            return _stopped(report, spec, case, time.monotonic() - started)
        if isinstance(outcome.error, NotImplementedError):
            if is_stub(answer, spec.name):
                return _not_written(report, spec)
            return _left_over(report, outcome)
        known[id(case)] = outcome
        outcomes.append(outcome)

    faults = [fault(spec, case, outcome) for case, outcome in zip(cases, outcomes, strict=True)]
    failed = [i for i, found in enumerate(faults) if found]
    if not failed:
        try:
            if _wrong_once_more(report, spec, answer, cases, outcomes):
                return report
        except KeyboardInterrupt:
            return _stopped(report, spec, cases[0], time.monotonic() - started)
        return _right(report, spec, parts, len(cases))
    first = told_first(failed, faults)
    report.headline, report.fault = _headline(spec, len(failed), len(cases)), faults[first].kind
    if _is_word(cases[0].expected):
        report.headline = "not the right word."
    if spec.kind == "prediction":
        _report_prediction(report, answer, cases[0].expected, faults[first])
    else:
        report.details = [
            call_text(spec, cases[first]),
            faults[first].what,
            *faults[first].numbers,
        ]
    explain(report, spec, answer, cases, outcomes, located)
    return report


def _wrong_once_more(
    report: Report,
    spec: Spec,
    answer: Any,
    cases: list[Case],
    outcomes: list[Outcome],
) -> bool:
    """Report the first further call that is wrong; return whether there is one."""
    if one_buffer(outcomes):
        report.headline, why = ONE_BUFFER
        report.details = [why]
        return True
    before = {id(case): outcome for case, outcome in zip(cases, outcomes, strict=True)}
    for case, outcome, said in once_more(answer, cases):
        if found := fault(spec, case, outcome):
            if said is LAID_OUT and steady.unsteady(answer, [(case, before[id(case)])], [], None):
                said = KEPT
            report.headline, why = said
            report.details = [call_text(spec, case), found.what, *found.numbers, why]
            return True
    return False


def _whole_numbers(answer: Any) -> Any:
    """Take 26.0 for 26 in a prediction, alone or in a list: the number is what counts."""
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if isinstance(answer, (list, tuple)):
        return [_whole_numbers(item) if not isinstance(item, list) else item for item in answer]
    if isinstance(answer, (float, np.floating)) and float(answer).is_integer():
        return int(answer)
    return answer


def _report_prediction(report: Report, answer: Any, expected: Any, fault: Difference) -> None:
    """Say what is wrong with a predicted value, without saying the right one."""
    report.details = [f"Your prediction: {describe(answer)}."]
    if isinstance(expected, list):
        wanted = f"a list of {len(expected)} numbers"
    else:
        wanted = "a word in quotes" if _is_word(expected) else "one number"
    if fault.kind in ("type", "shape"):
        report.headline = f"{wanted} is expected, and {describe_type(answer)} came in."
        if fault.kind == "shape":
            report.headline = f"{wanted} is expected, and there are {len(answer)}."
        if isinstance(answer, str):
            report.details.append("Write it without the quotes.")


def _is_word(expected: Any) -> bool:
    return isinstance(expected, Sealed) and expected.kind == "word"


def _wrong_parameters(spec: Spec, answer: Any) -> str:
    """Say so where the function cannot be called with the exercise's parameters."""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(*spec.parameters)
    except TypeError:
        asked = f"({', '.join(spec.parameters)})"
        return f"it has to take {asked}, by position; yours takes {signature}."
    return ""


def _left_over(report: Report, outcome: Outcome) -> Report:
    report.headline = "your code raised NotImplementedError."
    if outcome.line:
        report.details.append(f"It was raised at {outcome.line}")
    report.details.append(
        "If that line is left over from the stub, delete it; if it belongs to another exercise, "
        "write that one first."
    )
    return report


def _not_written(report: Report, spec: Spec) -> Report:
    report.status = "not written"
    report.headline = "not written yet."
    verb = "Write your prediction" if spec.kind == "prediction" else "Write your answer"
    report.details = [f"{verb} in the cell above, run it, then run this cell again."]
    return report


def _barred(report: Report, found: list[str]) -> Report:
    report.status = "barred"
    name, other = f"`{found[0]}`", "the library"
    report.headline = f"the answer's cell uses {name}, which does this exercise's work."
    if "." not in found[0]:
        other = "it"
        report.headline = (
            f"{name} is given to check answers with; a call of it in the answer does not count."
        )
    report.details = [
        "The point is to build it: loops, slices, sums and einsum are all welcome.",
        f"To compare with {other}, call it in a cell of its own.",
    ]
    return report


def _stopped(report: Report, spec: Spec, case: Case, seconds: float) -> Report:
    report.status = "stopped"
    report.headline = f"stopped by hand after {seconds:.0f} s."
    report.details = [
        f"It was running {call_text(spec, case)}",
        "Does a loop's condition ever become false?",
    ]
    return report


def _right(report: Report, spec: Spec, parts: list[PartCases], tried: int) -> Report:
    report.status = "right"
    if spec.kind == "prediction":
        report.headline = "right, as you predicted."
    else:
        what = "; ".join(part.tries for part in parts)
        report.headline = f"right. Tried: {what} ({tried} {_cases(tried)})."
    return report


def _headline(spec: Spec, failed: int, tried: int) -> str:
    if spec.kind == "prediction":
        return "not what comes out."
    return f"not right yet: {failed} of {tried} {_cases(tried)} {_differ(failed)}."


def _cases(count: int) -> str:
    return "case" if count == 1 else "cases"


def _differ(count: int) -> str:
    return "differs" if count == 1 else "differ"
