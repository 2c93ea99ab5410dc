"""Change right solutions in one place each, and see which wrong ones the checks let pass.

The changes are those of `course.checks.slips`; a changed solution counts as wrong where the
reference differs from it on some allowed input (`autograder.mutation.oracle`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from types import CodeType
from typing import Any

from autograder import exercises, hidden_tests, right_solutions
from autograder.mutation.guard import guard
from autograder.mutation.oracle import is_wrong, limited, oracle
from course.checks.again import ONCE, once_more, one_buffer
from course.checks.cases import Case
from course.checks.faults import call_text, fault
from course.checks.run import run
from course.checks.slips import Slip, slips
from course.checks.source import OutOfFuel, Source, source_of

SAMPLE = {"train": 25}  # mutants of each solution, where one takes seconds
QUICK = 12  # of each solution, in a sample


@dataclass
class Tally:
    """What came of the mutants of one exercise, or of one solution.

    Attributes
    ----------
    made, wrong, visible, hidden : numbers of mutants: all, wrong ones, those the checks catch
    accepted, later : lines about those that pass both, and those that fail hidden tests alone
    faults : sentences, one for each right solution that the oracle finds wrong
    """

    exercise: str
    made: int = 0
    wrong: int = 0
    visible: int = 0
    hidden: int = 0
    accepted: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add the counts and lines of another tally to this one."""
        for name, value in vars(other).items():
            if name != "exercise":
                setattr(self, name, getattr(self, name) + value)

    def cells(self) -> list[str]:
        """Return the row's entries in the order of `COLUMNS`."""
        counts = (self.made, self.wrong, self.visible, self.hidden)
        return [self.exercise, *map(str, (*counts, len(self.accepted), len(self.later)))]


COLUMNS = (
    "exercise",
    "changes",
    "wrong ones",
    "caught by visible checks",
    "caught by hidden tests",
    "accepted by both",
    "failed by hidden tests alone",
)


def tried_exercises() -> list[str]:
    """List the exercises whose solutions can be changed: functions and classes."""
    return [e.name for e in exercises.EXERCISES.values() if e.kind in ("function", "class")]


def tally(exercise: str, place: int, quick: bool = False) -> Tally:
    """Change one right solution of an exercise in every way, or in a sample of the ways."""
    solution = right_solutions.solutions(exercise)[place]
    guard()  # after what the solution's module imports
    counts = Tally(exercise)
    source = source_of(solution)
    style = getattr(solution, "__name__", "?")
    if source is None:
        counts.faults.append(f"{exercise}: the text of the right solution {style} is not found")
        return counts
    asked = oracle(exercise)
    witness = asked.witness(source.make(), source.tank)
    if witness is not None:
        text = call_text(asked.spec, witness)
        counts.faults.append(f"{exercise}: the right solution {style} is not the reference: {text}")
        return counts
    shown, withheld = _cases(exercise)
    if any(_fails(source, source.compiled(), asked.spec, cases) for cases in (shown, withheld)):
        counts.faults.append(f"{exercise}: the right solution {style} fails as changed ones do")
        return counts
    most = QUICK if quick else SAMPLE.get(exercise)
    for slip, code in mutants(source, most, seed=f"{exercise}/{place}"):
        _count(counts, source, slip, code, f"{style}, line {slip.line}")
    return counts


def mutants(source: Source, most: int | None, seed: str) -> Iterator[tuple[Slip, CodeType]]:
    """Yield each slip whose tree compiles to something new, and what it compiles to."""
    found = list(slips(source.node))
    if most is not None:
        Random(seed).shuffle(found)
    seen = {_meaning(source.compiled())}
    for slip in found:
        with slip.made():
            try:
                code = source.compiled()
            except (SyntaxError, ValueError, TypeError):
                continue
            meaning = _meaning(code)
            if meaning in seen:
                continue
        seen.add(meaning)
        yield slip, code
        if most is not None and len(seen) > most:
            return


def _meaning(code: CodeType) -> tuple:
    """Return what a code object does, without the lines it stands in."""
    held = tuple(
        _meaning(c) if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts
    )
    return code.co_code, code.co_names, code.co_varnames, code.co_argcount, held


def _count(counts: Tally, source: Source, slip: Slip, code: CodeType, where: str) -> None:
    counts.made += 1
    spec, (shown, withheld) = oracle(counts.exercise).spec, _cases(counts.exercise)
    seen = _fails(source, code, spec, shown)
    caught = _fails(source, code, spec, withheld)
    if not (seen and caught):
        witness = oracle(counts.exercise).witness(_made(source, code), source.tank)
        if not (seen or caught or witness):
            return
        text = f"{where}: {slip.text()}"
        text += f"\n        wrong on {call_text(spec, witness)}" if witness else ""
        if not seen:
            (counts.later if caught else counts.accepted).append(text)
    counts.wrong += 1
    counts.visible += seen
    counts.hidden += caught


def _cases(exercise: str) -> tuple[list[Case], list[Case]]:
    """Return the cases of the visible checks and of the hidden tests."""
    parts = exercises.EXERCISES[exercise].parts
    withheld = [hidden_tests.withheld_cases(exercise, part.name) for part in parts]
    shown = [part.cases for part in oracle(exercise).spec.parts]
    return list(chain.from_iterable(shown)), list(chain.from_iterable(withheld))


def _fails(source: Source, code: CodeType, spec: Any, cases: list[Case]) -> bool:
    answer = _made(source, code)
    if any(is_wrong(spec, answer, case, source.tank) for case in cases):
        return True
    outcomes = []
    try:
        with limited(source.tank):
            if any(fault(spec, case, outcome) for case, outcome, _ in once_more(answer, cases)):
                return True
        for case in (case for case in cases if case.how not in ONCE):
            with limited(source.tank):
                outcomes.append(run(answer, case))
    except (OutOfFuel, MemoryError):
        return True
    return one_buffer(outcomes)


def _made(source: Source, code: CodeType) -> Any:
    """Make a mutant; one that cannot even be made raises when it is called."""
    source.tank.fill(10_000)
    try:
        return source.make(code)
    except (Exception, OutOfFuel) as error:
        broken = error

        def raises(*args: Any) -> Any:
            raise TypeError(f"not made: {broken}")

        return raises


__all__ = ["COLUMNS", "Tally", "tally", "tried_exercises"]
