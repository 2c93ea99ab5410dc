"""Show that the checks tell right answers from wrong ones: ``python -m autograder proof``."""

import argparse
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import (
    CommandError,
    any_secret,
    exercises,
    hidden_tests,
    misconceptions,
    right_solutions,
)
from autograder.mutation import COLUMNS as COLUMNS_OF_TALLY
from autograder.mutation import Tally
from autograder.mutation import table as mutants
from autograder.mutation import tried_exercises as changed_exercises
from autograder.mutation.told import COLUMNS as COLUMNS_OF_TOLD
from autograder.mutation.told import Told
from autograder.omissions import unproven
from course.checks.examine import examine
from course.checks.report import Report
from course.checks.run import Outcome
from course.checks.run import run as run_case

Known = dict[int, Outcome]  # what came of cases, by their `id`

PAGE = Path(__file__).parent.parent / "docs" / "proof.md"

INTRODUCTION = """# Proof: what the checks catch

Written by `python -m autograder proof --write`; do not edit.

Each exercise is answered with every wrong variant of its catalogue and with right solutions in
several styles. A variant counts as caught when it loses points in at least one part. It counts as
named when some check gives its own name and hint; silence is no fault, a wrong name is.
Variants that only change an argument, return a view, or end in an exception are told so in words
and carry no name.
"""

COLUMNS = (
    "lesson",
    "exercise",
    "wrong variants",
    "caught by visible checks",
    "caught by hidden tests",
    "named rightly",
    "named wrongly",
    "right solutions that pass",
)


@dataclass
class Row:
    """What came of one exercise.

    Attributes
    ----------
    wrong, visible, hidden, named, misnamed : numbers of wrong variants
    right, passed : numbers of right solutions
    faults : sentences, one for each thing that must not be
    unseen : variants that the visible checks let through
    unnamed : variants that no check names
    """

    exercise: exercises.Exercise
    wrong: int = 0
    visible: int = 0
    hidden: int = 0
    named: int = 0
    misnamed: int = 0
    right: int = 0
    passed: int = 0
    faults: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """Return the row's entries in the order of `COLUMNS`."""
        counts = (self.wrong, self.visible, self.hidden, self.named, self.misnamed)
        passed = f"{self.passed} of {self.right}" if self.right else "-"
        return [self.exercise.lesson, self.exercise.name, *map(str, counts), passed]


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument(
        "names", nargs="*", metavar="LESSON_OR_EXERCISE", help="what to try; all when left out"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="write the tables to docs/proof.md; with names, their rows alone",
    )
    parser.add_argument(
        "--details", action="store_true", help="list what is unseen, unnamed or let through"
    )
    parser.add_argument("--mutants", action="store_true", help="try single slips alone")
    parser.add_argument("--quick", action="store_true", help="try a sample of the single slips")
    parser.add_argument(
        "--secrets",
        type=int,
        metavar="N",
        help="instead, try all on the hidden tests of N secrets",
    )


def run(args: argparse.Namespace) -> int:
    """Print the tables; return 1 where something is not as it must be."""
    if args.write and (args.mutants or args.names and args.quick):
        raise CommandError("--write takes the whole proof: leave out --mutants and --quick.")
    chosen = _chosen(args.names)
    if args.secrets:
        return _try_secrets(chosen, args.secrets)
    rows = [] if args.mutants else _prove_all(chosen, args.details)
    names = [e.name for e in chosen if e.name in changed_exercises() and not unproven(e)]
    tallies = _change_all(names, args.quick, args.details)
    said = [] if args.quick else _tell_all(names, args.details)
    pairs = [] if args.quick or args.mutants else _tell_all(names, args.details, twice=True)
    faults = [f"{row.exercise.name}: {fault}" for row in rows for fault in row.faults]
    faults += [fault for counts in tallies for fault in counts.faults]
    accepted = sum(len(counts.accepted) for counts in tallies)
    if accepted:
        faults.append(f"{accepted} wrong changes pass every check; --details lists them")
    print("\n".join(faults), flush=True)
    if args.write and args.names:
        tables = [markdown(rows)]
        columns = COLUMNS_OF_TALLY, COLUMNS_OF_TOLD, COLUMNS_OF_TOLD
        for new, heads in zip((tallies, said, pairs), columns, strict=True):
            tables.append(mutants.markdown(new, heads) if new else "")
        PAGE.write_text(mutants.merged(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    elif args.write:
        sample = mutants.SAMPLED if args.quick else ""
        tables = markdown(rows), mutants.INTRODUCTION + sample
        tables = *tables, mutants.markdown(tallies, COLUMNS_OF_TALLY)
        if said:
            told = mutants.markdown(said, COLUMNS_OF_TOLD), f"\n{mutants.times(said)}\n"
            tables = *tables, mutants.OF_TOLD, *told
            tables = *tables, mutants.OF_PAIRS, mutants.markdown(pairs, COLUMNS_OF_TOLD)
        PAGE.write_text("\n".join((INTRODUCTION, *tables)) + "\n", encoding="utf-8")
    return int(bool(faults))


def _chosen(names: list[str]) -> list[exercises.Exercise]:
    """Return the exercises of these lessons and names; all where there are none."""
    wanted = set()
    for name in names:
        if name in exercises.EXERCISES:
            wanted.add(name)
        else:
            try:
                wanted |= {e.name for e in exercises.exercises_of(name)}
            except CommandError as error:
                raise CommandError(f"{name!r} is no exercise and no lesson. {error}") from None
    return [e for e in tried_exercises() if not names or e.name in wanted]


def _prove_all(chosen: list[exercises.Exercise], details: bool) -> list[Row]:
    rows = []
    for exercise in chosen:
        rows.append(prove(exercise.name))
        print("  ".join(rows[-1].cells()), flush=True)
        for what in ("unseen", "unnamed") if details else ():
            for label in getattr(rows[-1], what):
                print(f"    {what}: {label}")
    print(markdown(rows).splitlines()[-1])
    return rows


def _change_all(names: list[str], quick: bool, details: bool) -> list[Tally]:
    rows = []
    print("  ".join(COLUMNS_OF_TALLY))
    for counts in mutants.tallies(names, quick):
        rows.append(counts)
        print("  ".join(counts.cells()), flush=True)
        for line in counts.accepted if details else ():
            print(f"    accepted by both: {line}")
        for line in counts.later if details else ():
            print(f"    failed by hidden tests alone: {line}")
    if rows:
        print(mutants.markdown(rows, COLUMNS_OF_TALLY).splitlines()[-1])
    return rows


def _tell_all(names: list[str], details: bool, twice: bool = False) -> list[Told]:
    rows = []
    print("of two slips at once" if twice else "of one slip")
    print("  ".join(COLUMNS_OF_TOLD))
    for counts in mutants.all_told(names, twice):
        rows.append(counts)
        print("  ".join(counts.cells()), flush=True)
        for line in counts.silent if details else ():
            print(f"    silent: {line}")
    if rows:
        print(mutants.markdown(rows, COLUMNS_OF_TOLD).splitlines()[-1])
        print(mutants.times(rows))
    return rows


def _try_secrets(chosen: list[exercises.Exercise], secrets: int) -> int:
    """Print what comes of each exercise under many secrets; return 1 where there is a fault."""
    wrong = 0
    print("  ".join(any_secret.COLUMNS))
    for exercise in chosen:
        if exercise.kind == "prediction":
            continue
        unseen = [
            variant
            for spellings in misconceptions.variants(exercise.name).values()
            for variant in spellings
            if whole_report(exercise.name, variant).status == "right"
        ]
        row = any_secret.tried(exercise.name, secrets, unseen)
        print("  ".join(row.cells()), flush=True)
        for fault, count in row.faults.items():
            print(f"    {count} of {secrets}: {fault}")
        wrong += len(row.faults)
    return int(bool(wrong))


def tried_exercises() -> list[exercises.Exercise]:
    """List the exercises that checks can try: all but the written ones."""
    return [e for e in exercises.EXERCISES.values() if e.kind != "written"]


def markdown(rows: list[Row]) -> str:
    """Set the rows as a table, the sums last."""
    sums = ["", "all"]
    sums += [str(sum(getattr(r, n) for r in rows)) for n in ("wrong", "visible", "hidden")]
    sums += [str(sum(getattr(r, n) for r in rows)) for n in ("named", "misnamed")]
    sums.append(f"{sum(r.passed for r in rows)} of {sum(r.right for r in rows)}")
    lines = [COLUMNS, ["---"] * 2 + ["---:"] * 6, *(row.cells() for row in rows), sums]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def prove(name: str) -> Row:
    """Try every wrong variant and every right solution of one exercise."""
    row = Row(exercises.EXERCISES[name])
    row.faults += unproven(row.exercise)
    noted = _noted(row.exercise)
    for key, spellings in misconceptions.variants(name).items():
        for place, variant in enumerate(spellings):
            _try_wrong(row, key, place, variant, noted[key][place])
    for solution in right_solutions.solutions(name):
        _try_right(row, solution)
    return row


def _noted(exercise: exercises.Exercise) -> dict[str, list[Known]]:
    """Call every wrong variant once on each case, and let the cases name it by what came of it.

    Return the outcomes of each misconception's spellings; none of a prediction, which has no call.
    """
    variants = misconceptions.variants(exercise.name)
    noted: dict[str, list[Known]] = {key: [{} for _ in variants[key]] for key in sorted(variants)}
    if exercise.kind == "prediction":
        return noted
    parts = [part.cases for part in hidden_tests.shown_spec(exercise.name).parts]
    parts += [hidden_tests.withheld_cases(exercise.name, part.name) for part in exercise.parts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong variant may divide by 0
        for case in (case for part in parts for case in part):
            for key, spellings in noted.items():
                for known, variant in zip(spellings, variants[key], strict=True):
                    known[id(case)] = run_case(variant, case)
            case.wrong.outcomes = {
                key: tuple(
                    hidden_tests.cases.named_by(known[id(case)].value) for known in spellings
                )
                for key, spellings in noted.items()
            }
    return noted


def answer_of(exercise: exercises.Exercise, variant: Callable) -> Any:
    """Return what is handed in: a prediction is a value, a class stays as it is."""
    return variant() if exercise.kind == "prediction" else variant


def visible_reports(name: str, answer: Any, known: Known | None = None) -> list[Report]:
    """Return what the visible checks say: all parts together, then each part.

    `known` is as `examine` takes it, here and below.
    """
    parts = hidden_tests.shown_spec(name).parts
    groups = [[part] for part in parts] if len(parts) > 1 else []
    return _shown_reports(name, answer, [list(parts), *groups], known)


def whole_report(name: str, answer: Any) -> Report:
    """Return what the visible checks say of all parts together."""
    (report,) = _shown_reports(name, answer, [list(hidden_tests.shown_spec(name).parts)])
    return report


def _shown_reports(
    name: str, answer: Any, groups: list, known: Known | None = None
) -> list[Report]:
    spec, known = hidden_tests.shown_spec(name), {} if known is None else known
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong variant may divide by 0
        return [examine(spec, answer, group, located=False, known=known) for group in groups]


def hidden_reports(name: str, answer: Any, known: Known | None = None) -> list[Report]:
    """Return what the hidden tests say of each part."""
    parts = exercises.EXERCISES[name].parts
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            hidden_tests.withheld_report(name, answer, part.name, known=known) for part in parts
        ]


def _try_wrong(row: Row, key: str, place: int, variant: Callable, known: Known) -> None:
    exercise = row.exercise
    answer = answer_of(exercise, variant)
    visible = visible_reports(exercise.name, answer, known)
    hidden = hidden_reports(exercise.name, answer, known)
    label = f"{key} ({place + 1})"
    names = {report.misconception for report in visible + hidden} - {None}
    row.wrong += 1
    if visible[0].status == "right":
        row.unseen.append(label)
    else:
        row.visible += 1
    if all(report.status == "right" for report in hidden):
        row.faults.append(f"the hidden tests let {label} through")
    else:
        row.hidden += 1
    if wrongly := names - {key}:
        row.misnamed += 1
        row.faults.append(f"{label} is called {', '.join(sorted(wrongly))}")
    elif names:
        row.named += 1
    else:
        row.unnamed.append(label)


def _try_right(row: Row, solution: Any) -> None:
    row.right += 1
    name = row.exercise.name
    # Where all parts together are right, each is.
    reports = [whole_report(name, solution), *hidden_reports(name, solution)]
    failed = [report for report in reports if report.status != "right"]
    if failed:
        style = getattr(solution, "__name__", repr(solution))
        row.faults.append(f"the right solution {style} does not pass: {failed[0].text()}")
    else:
        row.passed += 1
