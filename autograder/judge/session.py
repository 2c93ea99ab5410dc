"""Grade one submission: first all of the learner's cells, then the tests.

The cells run in order in one process; the tests ask it after the last cell has shown what it
shows.  Where a test stands whose names a later cell may change, the process leaves a copy of itself
for that test.  So no cell can show what a test asked, and a test sees the names as they were where
it stands.  After a test that loops or crashes, the cells run again for the next test, and their
outputs are dropped: such a test costs only its own points.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from autograder.judge import outputs
from autograder.judge.align import Entry, Plan
from autograder.judge.changes import places_to_copy
from autograder.judge.code import has_lines, mentioned, without
from autograder.judge.follow import causes, tell
from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits, amount, duration
from autograder.judge.lines import Found, LineSearch, needed_cells
from autograder.judge.process import Lost, Process
from autograder.judge.standin import AnswerStopped, RemoteLearner
from autograder.judge.testcell import CellResult, TestCell, setup_namespace

_NOT_DRAWN = {
    "output_type": "stream",
    "name": "stdout",
    "text": "\n(This figure is not drawn: a test ended the process that would draw it.)\n",
}


class Session:
    """The grading of one submission.

    Parameters
    ----------
    layout : what to run
    names : kind of each exercise of the lesson
    secret : what withheld cases and seeds are drawn from
    figures : entries that show a figure of the lesson's own, each with the answers that it needs
    drawn : what such cells show with right answers, by their code; what needs none is added
    found : lines of wrong answers that were found before; what it lacks is added
    """

    def __init__(
        self,
        layout: Plan,
        names: dict[str, str],
        secret: bytes,
        zygote: Zygote,
        limits: Limits,
        figures: Mapping[int, set[str]] | None = None,
        drawn: dict[str, list[dict]] | None = None,
        found: Found | None = None,
    ):
        self.plan, self.names, self.secret = layout, names, secret
        self.zygote, self.limits = zygote, limits
        self._figures, self._drawn = figures or {}, {} if drawn is None else drawn
        self._undrawn: set[int] = set()  # entries whose figure is drawn where an answer is wrong
        self._lines = LineSearch(zygote, limits, layout.cells, found or Found())
        self.deadline = time.monotonic() + limits.submission_seconds
        self.shown: dict[int, list[dict]] = {}
        self.stopped: dict[int, str] = {}  # entry -> what happened, as a predicate
        self.notes: dict[int, str] = {}  # entry -> a limit that was hit without stopping it
        self.failed: dict[int, str] = {}  # entry -> the error that its cell ended with
        self.results: dict[str, CellResult] = {}
        self._left = limits.shown_bytes  # that cells may still show
        self._lacking: dict[str, str] = {}  # name of an answer that a test missed -> why
        self._copies: dict[int, Process] = {}
        self._held: dict[Process, dict] = {}  # what each exercise's name holds there
        self._learners: dict[str, RemoteLearner] = {}  # whom each test has asked
        self._waiting = places_to_copy(layout, names)  # entries that leave a copy
        self._left_out: set[int] = set()  # entries that ended a process when they ran again
        self._again_until = 0.0  # when cells that run again have to be done
        self._unheard = self._too_late = self._given_up = self._all_shown = False

    def run(self) -> None:
        """Run everything; fill `shown`, `stopped`, `notes` and `results`."""
        self._run_cells()
        painter = None
        try:
            # A copy from before the tests: what an answer sees there no figure can show.
            painter = self._left_copy() if self._undrawn else None
            self._run_tests()
            self._draw(painter)
        finally:
            if painter is not None:
                painter.abandon()
            self._drop_copies()
            self._main.close()

    def reason(self) -> str:
        """Return in one sentence which cells hit which limit or cost points by failing, or ""."""
        told = self._costly() | self.notes | self.stopped
        sentences = [f"{self._name(i)} {what}" for i, what in sorted(told.items())]
        lacking = dict.fromkeys(self._lacking.values())
        return "; ".join([*sentences, *(said for said in lacking if said not in sentences)])

    def _costly(self) -> dict[int, str]:
        """Return the cells that failed and that an answer which is not right needs."""
        wrong = {key for key, result in self.results.items() if result.outcome != "right"}
        asked = set().union(*(mentioned(self.plan.tests[key]) for key in wrong))
        needed: set[str] = set()
        for name in asked & self.plan.sources.keys() if self.failed else ():
            needed |= set(needed_cells(self.plan.cells, self.plan.sources[name]))
        return {i: why for i, why in self.failed.items() if self.plan.entries[i].code in needed}

    def _name(self, index: int) -> str:
        entry = self.plan.entries[index]
        return f"cell {index + 1}" + (f" ({entry.key})" if entry.key in self.names else "")

    def _run_cells(self) -> None:
        """Run the cells, again without each one that has to be stopped; keep their process."""
        while True:
            self._main = Process.fresh(self.zygote, self.limits)
            if self._one_pass(self._main):
                return
            self._drop_copies()
            self._main.close()
            now = time.monotonic()
            self._again_until = self._again_until or now + self.limits.submission_seconds
            # Something ends the process, whichever cell is left out: enough is enough.
            self._given_up = now > self._again_until

    def _drop_copies(self) -> None:
        """Let go of the copies: they end with the process that left them."""
        for process in self._copies.values():
            process.abandon()
        self._copies.clear()

    def _one_pass(self, main: Process) -> bool:
        index = -1
        try:
            self._leave_copy(main, index)
            for index, entry in enumerate(self.plan.entries):
                if entry.code is not None and self._may_run(index):
                    self._run_cell(main, index, entry)
                self._leave_copy(main, index)
        except Lost as lost:
            if index < 0:
                raise
            # Something that the cell left behind may end the process after it.
            self._leave_out(index, self._why(lost, all_used=False))
            return False
        return True

    def _leave_out(self, index: int, why: str) -> None:
        """Do not run a cell again; what happened is told of the first run alone."""
        self._left_out.add(index)
        if not self._unheard:
            self.stopped.setdefault(index, why)

    def _may_run(self, index: int) -> bool:
        if index in self.stopped or index in self._left_out or self._given_up:
            return False
        if self._unheard:
            return index in self.shown  # what did not run in time is not shown after a test
        if index in self.shown or time.monotonic() < self.deadline:
            return True
        if not self._too_late:
            limit = duration(self.limits.submission_seconds)
            what = f"and those below did not run: the notebook took longer than {limit}"
            self.stopped[index] = what
            self._too_late = True
        return False

    def _run_cell(self, main: Process, index: int, entry: Entry) -> None:
        last = self._again_until if index in self.shown else self.deadline
        limit = time.monotonic() + self.limits.cell_seconds
        known = self._drawn.get(entry.code) if index in self._figures else None
        unseen = known is not None or index in self.shown
        most = min(self._left, self.limits.output_bytes)
        request = {"code": entry.code, "without_pictures": unseen, "most": most}
        try:
            reply = main.ask("run", request, min(limit, last))
        except Lost as lost:
            self._leave_out(index, self._why(lost, last < limit))
            raise
        if index in self.shown:
            return
        if reply.get("error") == "MemoryError":
            self.stopped[index] = f"needed more than {amount(self.limits.memory)} of memory"
        if reply.get("cut"):
            self._note_cut(index)
        shown = self._sanitised(reply)
        if reply.get("error") and entry.role == "learner" and entry.code not in self.plan.given:
            self.failed[index] = f"failed: {outputs.last_error(shown) or reply['error']}"
        if index in self._figures and not reply.get("error"):
            if not self._figures[index]:
                shown = self._drawn.setdefault(entry.code, shown)
            elif known is not None:
                self._undrawn.add(index)
        self.shown[index] = shown

    def _note_cut(self, index: int) -> None:
        if self._left >= self.limits.output_bytes:
            self.notes[index] = f"showed more than {amount(self.limits.output_bytes)}, which is cut"
        elif not self._all_shown:
            most = amount(self.limits.shown_bytes)
            self.notes[index] = f"and those below show less than they did: all may show {most}"
            self._all_shown = True

    def _sanitised(self, reply: dict) -> list[dict]:
        """Return what a cell showed, as far as cells may show something."""
        cap, may = self.limits.output_bytes, ""
        if self._left < cap:
            cap, may = self._left, f"all cells may show {amount(self.limits.shown_bytes)}"
        shown = outputs.sanitised(reply.get("outputs"), cap, bool(reply.get("cut")), may)
        self._left = max(0, self._left - sum(map(outputs.size_of, shown)))
        return shown

    def _why(self, lost: Lost, all_used: bool) -> str:
        if not lost.late:
            return str(lost)
        if all_used:
            limit = duration(self.limits.submission_seconds)
            return f"was stopped because the notebook took longer than {limit}"
        return f"took longer than {duration(self.limits.cell_seconds)} and was stopped"

    def _leave_copy(self, main: Process, index: int) -> None:
        if index in self._waiting:
            self._copies[index] = main.copy(time.monotonic() + self.limits.call_seconds)

    def _left_copy(self) -> Process | None:
        try:
            return self._main.copy(time.monotonic() + self.limits.call_seconds)
        except Lost:
            return None

    def _draw(self, painter: Process | None) -> None:
        """Show each figure that was left out: the author's where all is right, else the learner's.

        Parameters
        ----------
        painter : the process as the cells left it
        """
        right = {
            name
            for name in self.names
            if {"right"}
            == {
                result.outcome
                for key, result in self.results.items()
                if name in self.plan.asked(key, self.names)
            }
        }
        deadline = time.monotonic() + self.limits.cell_seconds  # for all of them
        for index in sorted(self._undrawn):
            entry = self.plan.entries[index]
            if self._figures[index] <= right:
                said = [output for output in self.shown[index] if "data" not in output]
                drawn = [output for output in self._drawn[entry.code] if "data" in output]
                self.shown[index] = said + drawn
                continue
            most = min(self._left, self.limits.output_bytes)
            request = {"code": entry.code, "without_pictures": False, "most": most}
            try:
                if painter is None:
                    raise Lost("has ended")
                reply = painter.ask("run", request, deadline)
            except Lost:
                self.shown[index].append(_NOT_DRAWN)
            else:
                self.shown[index] = self._sanitised(reply)

    def _run_tests(self) -> None:
        used = set().union(*map(mentioned, self.plan.tests.values()))
        namespace = setup_namespace(self.plan.setup, used)
        tests = {e.key: e for e in self.plan.entries if e.role == "test"}
        # The tests have as much time again: what the cells took is no reason to grade none.
        self.deadline = time.monotonic() + self.limits.submission_seconds
        self._again_until, self._unheard = self.deadline, True
        cells = {
            key: TestCell(code, namespace, key=key, points=_points(tests[key]), secret=self.secret)
            for key, code in self.plan.tests.items()
        }
        for key, cell in cells.items():
            self.results[key] = self._one_test(cell, tests[key])
        # Only now: what an answer has seen here no visible test can show.
        for key, cell in cells.items():
            if cell.waits:
                self.results[key] = self._withheld_test(cell, tests[key])
        for key, lent in causes(self.plan, self.names, self.results).items():
            again = TestCell(self.plan.tests[key], namespace, key=key, points=1, secret=self.secret)
            if self._passes_with(again, lent):
                tell(
                    self.results[key],
                    ", ".join(sorted(self.plan.asked(key, self.names))),
                    list(lent),
                )

    def _process_for(self, test: Entry) -> Process:
        """Return the process that a test asks; where it is lost, make it again in the time left."""
        process = self._copies.get(test.after, self._main)
        if (process.lost or self._main.lost) and time.monotonic() < self.deadline:
            self._drop_copies()
            self._main.close()
            self._run_cells()
            process = self._copies.get(test.after, self._main)
        return process

    def _one_test(self, cell: TestCell, entry: Entry) -> CellResult:
        """Run a test's visible lines."""
        process = self._process_for(entry)
        seconds = self._seconds_for(cell)
        if seconds <= 0:
            what = duration(self.limits.submission_seconds)
            return cell.stopped(f"the tests took longer than {what}; this one did not run")
        learner = self._learner(process, seconds)
        try:
            standins = self._standins(learner, process, mentioned(cell.code))
        except AnswerStopped as stop:
            return cell.stopped(str(stop))
        except Lost as lost:
            return cell.stopped(f"the learner's code {lost}")
        self._learners[cell.key] = learner
        return cell.run(standins, seconds)

    def _undefined(self) -> dict[str, str]:
        """Return why an exercise's name has no value, where its answer's cell ran."""
        ran = self.shown.keys() - self.stopped.keys()
        places = {self.plan.entries[i].code: i for i in [*sorted(ran), *self.failed]}
        return {
            name: f"{self._name(i)} {self.failed.get(i) or without(name, code)}"
            for name, code in self.plan.sources.items()
            if (i := places.get(code)) is not None and has_lines(code)
        }

    def _withheld_test(self, cell: TestCell, entry: Entry) -> CellResult:
        """Run a test's withheld lines, after its visible ones once more where these are lost."""
        process = self._process_for(entry)
        seconds = self._seconds_for(cell)
        if seconds <= 0:
            return cell.stopped("")
        learner = self._learners[cell.key]
        if learner.process is process:
            learner.deadline = time.monotonic() + seconds
        else:
            self._one_test(cell, entry)
            if not cell.waits:
                return cell.stopped("")
        return cell.run_withheld(self._seconds_for(cell))

    def _passes_with(self, cell: TestCell, lent: dict[str, Callable]) -> bool:
        """Return whether a test passes where other exercises' functions are right."""
        seconds = self._seconds_for(cell)
        if self._main.lost or seconds <= 0:
            return False
        process = None
        try:
            process = self._main.copy(time.monotonic() + self.limits.call_seconds)
            learner = self._learner(process, seconds, lent)
            result = cell.run(self._standins(learner, process, mentioned(cell.code)), seconds)
            if cell.waits:
                result = cell.run_withheld(self._seconds_for(cell))
        except (AnswerStopped, Lost):
            return False
        finally:
            if process is not None:
                process.close()
        return result.outcome == "right"

    def _learner(
        self, process: Process, seconds: float, lent: dict[str, Callable] | None = None
    ) -> RemoteLearner:
        """Return the learner's side as a test sees it; what is lent is not searched for lines."""
        return RemoteLearner(
            process,
            self.limits,
            classes={name for name, kind in self.names.items() if kind == "class"},
            sources={} if lent else self.plan.sources,
            cells=self.plan.cells,
            lines=self._lines,
            deadline=time.monotonic() + seconds,
            late=f"the test took longer than {duration(round(seconds, 1))} and was stopped",
            undefined=self._undefined(),
            lent=lent,
        )

    def _seconds_for(self, cell: TestCell) -> float:
        return min(self.limits.test_seconds - cell.seconds, self.deadline - time.monotonic())

    def _standins(self, learner: RemoteLearner, process: Process, used: set[str]) -> dict[str, Any]:
        if process not in self._held:
            deadline = time.monotonic() + self.limits.call_seconds
            kinds = process.ask("names", {"names": sorted(self.names)}, deadline).get("kinds")
            self._held[process] = kinds if isinstance(kinds, dict) else {}
        held = self._held[process]
        undefined = self._undefined()
        for name in used & undefined.keys():
            if held.get(name, "missing") == "missing":
                self._lacking[name] = undefined[name]
        return {
            name: learner.standin(name, self.names[name], str(held.get(name, "missing")))
            for name in sorted(used & set(self.names))
        }


def _points(entry: Entry) -> float:
    return float(entry.cell["metadata"].get("nbgrader", {}).get("points") or 0)
