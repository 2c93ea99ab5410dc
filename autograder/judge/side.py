"""The learner's side as a whole: the best isolation there is, and one line that says which."""

from dataclasses import dataclass

from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits
from autograder.judge.users import CannotIsolate


@dataclass(frozen=True)
class Isolation:
    """What holds a learner's process, and one line that says so."""

    sandboxed: bool
    line: str


class Side:
    """The learner's side with the best isolation that this host allows.

    It starts at once and imports while the caller does other things; `wait` returns when it is
    ready.  Many submissions can be graded from one, each in processes of its own.
    """

    def __init__(self, limits: Limits):
        self._limits = limits
        self._why = ""
        self.isolation: Isolation | None = None
        self.zygote = self._best()

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        """End it with all that was forked from it."""
        self.zygote.close()

    def wait(self) -> Isolation:
        """Return what holds a learner's process, once one can be forked."""
        if self.isolation is None:
            try:
                self.zygote.wait()
                if self.zygote.sandbox:
                    # The last steps of the sandbox are taken in each fork: try them.
                    self.zygote.fork(self._limits).end()
            except CannotIsolate as error:
                if not self.zygote.sandbox:
                    raise
                self.zygote.close()
                self._why = str(error)
                self.zygote = Zygote(self._limits, sandbox=False)
                self.zygote.wait()
            self.isolation = self._described()
        return self.isolation

    def _best(self) -> Zygote:
        try:
            return Zygote(self._limits, sandbox=True)
        except CannotIsolate as error:
            self._why = str(error)
            return Zygote(self._limits, sandbox=False)

    def _described(self) -> Isolation:
        if not self.zygote.sandbox:
            line = f"NO SANDBOX ({self._why}): a plain process with limits, see `doctor`"
            return Isolation(False, line)
        spaces = "user, " if self.zygote.user_namespace else ""
        line = f"namespaces ({spaces}net, pid, mount, ipc, uts), no capabilities"
        line += ", seccomp" if self.zygote.seccomp else ""
        return Isolation(True, line + ", limits")
