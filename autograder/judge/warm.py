"""A warm judge: imports are done, cases are drawn, and a learner's process has started."""

from typing import Any

from autograder.judge.api import judged, plain, registered
from autograder.judge.figures import solved_figures
from autograder.judge.job import answer
from autograder.judge.limits import Limits
from autograder.judge.side import Isolation, Side
from autograder.judge.verdict import Verdict


class WarmJudge:
    """Judges many submissions of one lesson in the process that holds it, or in forks of it.

    Parameters
    ----------
    secret : the course's, from which withheld cases are drawn

    Notes
    -----
    Tests run in this process; a learner's code never does.  Whoever wants nothing at all to be
    left of a submission forks for each one, and ends with `os._exit`.
    """

    def __init__(self, lesson: str, limits: Limits, secret: bytes):
        self._names = registered(lesson)
        self._limits = limits
        self._source: tuple[Any, dict] = (None, {})  # the last one, and the same as plain dicts
        self._drawn: dict[str, list] = {}  # figures that many submissions share
        self._last_drawn: dict[str, list] = {}
        self._side = Side(limits)
        # These imports run while the learner's side does its own.
        from autograder import hidden_tests
        from autograder.judge import session  # noqa: F401
        from autograder.judge.lines import Found

        self._found = Found()  # shared with every fork
        hidden_tests.set_seed(secret)
        hidden_tests.draw_all(lesson)

    def wait(self) -> Isolation:
        """Return what holds a learner's process, once one can be forked."""
        return self._side.wait()

    def keep_figures(self, source: Any) -> None:
        """Draw no figure again that the lesson's own cells show with the instructor's answers.

        What the last submission showed is kept as well: it may be more, see `solved_figures`.
        """
        solved = solved_figures(plain(source), self._side.zygote, self._limits)
        self._drawn = {**solved, **self._last_drawn}

    def prepare(self) -> None:
        """Have a learner's process ready for the next submission."""
        self._side.zygote.prepare(self._limits)

    @property
    def is_prepared(self) -> bool:
        """Whether such a process is there and no submission has run in it."""
        return self._side.zygote.has_spare

    def let_go(self) -> None:
        """Leave that process to a fork of this one, which has graded with it."""
        self._side.zygote.let_go()

    def close(self) -> None:
        """End the learner's side."""
        self._side.close()

    def judge(self, source: Any, submission: Any, *, lesson: str, **choice: Any) -> Verdict:
        """Do what `autograder.judge.judge_notebook` does, without starting anything.

        Raises
        ------
        CommandError
            If the sandbox is required and missing, or the source's own cells do not run.
        """
        return judged(self.answer(source, submission, **choice))

    def answer(
        self,
        source: Any,
        submission: Any,
        *,
        secret: bytes,
        limits: Limits | None = None,
        require_sandbox: bool = False,
    ) -> dict:
        """Return the same as plain data, see `autograder.judge.job.answer`."""
        if self._source[0] is not source:
            self._source = (source, plain(source))
        job = {
            "source": self._source[1],
            "submission": plain(submission),
            "names": self._names,
            "secret": secret,
            "limits": (limits or self._limits).as_dict(),
            "require_sandbox": require_sandbox,
        }
        self._last_drawn = dict(self._drawn)
        return answer(job, self._side, self._last_drawn, self._found)
