"""Grade hostile and honest notebooks, print what came of each (--write: into docs/attacks.md)."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from autograder.judge.host import ROOT
from autograder.judge.job import run_job
from autograder.judge.side import Side
from tests.attacks import archives, harmful, hostile, leaks
from tests.attacks.hand_ins import HandIns
from tests.attacks.honest import KINDS
from tests.attacks.loads import LOADS, MIB, SECONDS, cost_of
from tests.attacks.test_leaks import leaks_of
from tests.attacks.ways import WAYS
from tests.autograder.judge import kit

PAGE = Path(__file__).parents[2] / "docs" / "attacks.md"
GROUPS = {
    "Fool the interpreter": hostile.FOOL_THE_INTERPRETER,
    "Fool the comparison": hostile.FOOL_THE_COMPARISON,
    "Pretend": hostile.PRETEND,
    "Forge the channel": harmful.CHANNEL,
    "Reach what is not theirs": harmful.REACH,
    "Use more than they may": harmful.EXHAUST,
}
INTRO = """# Hostile notebooks and what came of them

`python -m tests.attacks --write` graded each notebook below and wrote this page; `make test`
grades them again, and more: edited tests and points, scripts in outputs, processes that outlive
their submission.  Each notebook holds no answer, so that every point it gained would be stolen.
After each one, an honest submission was graded in the same judge.
"""


def submission_of(attack: hostile.Attack) -> dict:
    """Return the blank notebook with the attack in it."""
    made = kit.blank(**attack.answers)
    return (
        kit.inserted(made, attack.payload.replace("{ROOT}", str(ROOT))) if attack.payload else made
    )


def limits_of(attack: hostile.Attack):
    """Return little time for what never ends, the usual limits for the rest."""
    return kit.QUICK if "longer than" in attack.says else kit.CALM


def main(argv: list[str] | None = None) -> int:
    """Print the table; exit 1 if an attack gained a point or harmed the next submission."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/attacks.md")
    args = parser.parse_args(argv)
    lines, tally = [INTRO], Counter()
    honest = kit.one_test("assert f(20) == 40", "def f(x):\n    return 2 * x")
    with Side(kit.CALM) as side:
        isolation = side.wait()
        lines.append(f"Isolation in force: {isolation.line}.\n")
        for group, attacks in GROUPS.items():
            lines += [f"## {group}\n", "| attack | points gained | status | next learner |"]
            lines.append("|---|---|---|---|")
            for attack in attacks:
                verdict = run_job(kit.job(submission_of(attack), limits_of(attack)), side)
                alone = {"source": kit.one_test("assert f(20) == 40"), "names": {"f": "function"}}
                after = kit.score(run_job(kit.job(honest, kit.CALM, **alone), side))
                gained, unharmed = kit.score(verdict), after == 1
                tally["attacks"] += 1
                tally["gained"] += gained > 0
                tally["harmed"] += not unharmed
                status = verdict["status"]
                told = "unharmed" if unharmed else "HARMED"
                lines.append(
                    f"| {attack.name} | {gained:g} of {kit.POINTS:g} | {status} | {told} |"
                )
                print(f"{attack.name:60} {gained:g}  {status:14} {told}", flush=True)
            lines.append("")
    lines += [
        "## Say what was withheld\n",
        "Right on every visible case; on a withheld one each tries to say its inputs. All that is",
        "said, kept and counted of it is compared for two secrets.\n",
        "| attack | depends on what was withheld |",
        "|---|---|",
    ]
    with Side(kit.CALM) as side:
        for name, answer in leaks.answers().items():
            leaked = leaks_of(answer, side)
            tally["attacks"] += 1
            tally["leaked"] += leaked
            told = "LEAKED" if leaked else "nothing"
            lines.append(f"| {name} | {told} |")
            print(f"{name:60} -  {told}", flush=True)
    lines.append("")
    lines += [
        "## Hand in an archive\n",
        "| attack | status | the others' notebooks |",
        "|---|---|---|",
    ]
    for attack in archives.ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            status, _, unharmed = archives.tried(attack, Path(folder))
        tally["attacks"] += 1
        tally["harmed"] += not unharmed
        told = "unharmed" if unharmed else "HARMED"
        lines.append(f"| {attack.name} | {status} | {told} |")
        print(f"{attack.name:60} -  {status:14} {told}", flush=True)
    lines.append("")
    with HandIns() as hand_ins:
        lines += _loads(hand_ins, tally)
        lines += _honest(hand_ins, tally)
    total = (
        f"{tally['attacks']} attacks and faults: {tally['gained']} gained a point, "
        f"{tally['harmed']} harmed the next submission, {tally['leaked']} said what was withheld, "
        f"{tally['costly']} cost more than {SECONDS:g} s or {MIB} MiB. "
        f"{tally['honest']} honest hand-ins: {tally['lost']} lost a point or got no sentence."
    )
    lines.append(total)
    print(total)
    if args.write:
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")
    # What a load costs depends on the machine; it is printed, and fails nothing.
    return 1 if any(tally[key] for key in ("gained", "harmed", "leaked", "lost")) else 0


def _loads(hand_ins: HandIns, tally: Counter) -> list[str]:
    """Grade notebooks that have a lot of something; return the table of what that costs."""
    lines = [
        "## Hand in a lot of something\n",
        "As much as the limits let through, a megabyte for most. The seconds are those of grading",
        "and of writing the page; the memory is what they need beyond a process that is ready.\n",
        "| what | status | seconds | MiB |",
        "|---|---|---:|---:|",
    ]
    for load in LOADS:
        cost = cost_of(load, hand_ins)
        tally["attacks"] += 1
        tally["costly"] += cost.seconds > SECONDS or cost.mib > MIB
        status = cost.status.partition(":")[0]
        lines.append(f"| {load.name} | {status} | {cost.seconds:.1f} | {cost.mib:.0f} |")
        print(f"{load.name:60} -  {cost.seconds:.1f} s, {cost.mib:.0f} MiB", flush=True)
    return [*lines, ""]


def _honest(hand_ins: HandIns, tally: Counter) -> list[str]:
    """Grade honest notebooks in disorder; return the table of what they lost."""
    lines = [
        "## Hand in honest work, in disorder\n",
        "What learners do to a notebook, and how it arrives. Each has right answers, of which some",
        "were changed or left out where the first column says so; none may lose another point.\n",
        "| what the learner did | how it arrives | points lost | what is said |",
        "|---|---|---:|---|",
    ]
    for kind in KINDS:
        for way in WAYS:
            told = hand_ins.tried(kind, way)
            tally["honest"] += 1
            tally["lost"] += bool(told.lost or told.wrong)
            said = (told.wrong or told.said or "-").replace("|", "\\|")
            lines.append(f"| {kind.name} | {way.name} | {told.lost:g} | {said} |")
            print(f"{kind.name[:40]:40} {way.name[:30]:30} {told.lost:g} {told.wrong}", flush=True)
    return [*lines, ""]


if __name__ == "__main__":
    sys.exit(main())
