"""See what a check says of wrong answers: a name, a line, a setting, an extent, or nothing."""

import contextlib
import io
import signal
import time
import warnings
from dataclasses import dataclass, field
from typing import Any

from autograder import right_solutions
from autograder.mutation import mutants
from autograder.mutation.guard import guard
from autograder.mutation.learner import written
from course.checks import cases
from course.checks.examine import examine
from course.checks.source import OutOfFuel, source_of

SAMPLE = 6  # wrong answers made of each right solution
FEWER = {"train": 1}
SECONDS = 20  # of the processor's time that one check may take before the answer counts as endless


@dataclass
class Told:
    """What was said of one exercise's wrong answers.

    Attributes
    ----------
    caught, named, located, changed, apart : numbers of wrong answers: caught, told by a name, by a
        line, by the very line that was changed (of those located), by a setting
    part : told in words which part of the results is wrong, or what else is, and no more
    seconds : processor time of each check that gave no name
    silent : lines about those of which nothing was said
    """

    exercise: str
    caught: int = 0
    named: int = 0
    located: int = 0
    changed: int = 0
    apart: int = 0
    part: int = 0
    seconds: list[float] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def add(self, other: "Told") -> None:
        """Add the counts and lines of another one to this one."""
        for name, value in vars(other).items():
            if name != "exercise":
                setattr(self, name, getattr(self, name) + value)

    def cells(self) -> list[str]:
        """Return the row's entries in the order of `COLUMNS`."""
        counts = (self.caught, self.named, self.located, self.changed, self.apart, self.part)
        return [self.exercise, *map(str, counts), str(len(self.silent))]


COLUMNS = (
    "exercise",
    "caught",
    "named",
    "located",
    "on the changed line",
    "set apart",
    "told the wrong part",
    "silent",
)


def told(exercise: str, place: int, twice: bool = False) -> Told:
    """Check a sample of the wrong answers made of one right solution by a slip, or by two."""
    solution = right_solutions.solutions(exercise)[place]
    guard()  # after what the solution's module imports
    spec, counts = cases.spec(exercise), Told(exercise)
    source = source_of(solution, counted=False)
    if source is None or source.scatters:  # `np.add.at` may end the process on a wrong answer
        return counts
    most = FEWER.get(exercise, SAMPLE)
    for slip, _ in mutants(source, most, seed=f"told/{exercise}/{place}"):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        started = time.process_time()
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                answer, lines = written(source, slip)
                if twice:
                    answer, lines = _slipped_again(answer, lines, slip.text())
                report = examine(spec, answer, list(spec.parts))
        except (Exception, OutOfFuel):  # no Python any more, endless, or no second slip
            continue
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if report.status != "wrong":
            continue
        counts.caught += 1
        counts.named += bool(report.misconception)
        if report.line and not report.misconception:
            counts.located += 1
            counts.changed += report.line in lines
        counts.apart += bool(report.setting)
        if not report.misconception:
            counts.seconds.append(time.process_time() - started)
            alone = not (report.line or report.setting)
            # What is wrong only when it is called again, or changes its argument, is told so.
            in_words = bool(report.extent) or report.fault in ("", "changed", "view")
            counts.part += alone and in_words
            if alone and not in_words:
                counts.silent.append(f"{getattr(solution, '__name__', '?')}: {slip.text()}")
    return counts


def _slipped_again(answer: Any, lines: set[int], seed: str) -> tuple[Any, set[int]]:
    """Change a changed answer once more; return it with the lines of both changes."""
    source = source_of(answer, counted=False)
    slip, _ = next(mutants(source, 1, seed))
    answer, more = written(source, slip)
    return answer, lines | more
