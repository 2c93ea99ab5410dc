"""Grading where the host has no sandbox."""

import pytest

from autograder.judge import launch, side
from autograder.judge.host import ROOT
from autograder.judge.job import SandboxRequired, run_job
from autograder.judge.users import CannotIsolate
from tests.autograder.judge import kit


class _NoSandbox(launch.Zygote):
    def __init__(self, limits, *, sandbox):
        if sandbox:
            raise CannotIsolate("unshare: Operation not permitted")
        super().__init__(limits, sandbox=sandbox)


@pytest.fixture(scope="module")
def plain():
    """A learner's side on a host that refuses namespaces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(side, "Zygote", _NoSandbox)
        with side.Side(kit.QUICK) as made:
            made.wait()
            yield made


def test_it_says_so(plain):
    """Does the verdict say that there was no sandbox, and why?"""
    verdict = run_job(kit.job(kit.solved()), plain)
    assert verdict["sandbox"].startswith("NO SANDBOX (unshare: Operation not permitted)")
    assert kit.score(verdict) == kit.POINTS


def test_require_sandbox_refuses(plain):
    """Does a caller who asks for a sandbox get none without?"""
    with pytest.raises(SandboxRequired, match="NO SANDBOX"):
        run_job(kit.job(kit.solved(), require_sandbox=True), plain)


@pytest.mark.parametrize("bad", ["while True: pass", "import os; os._exit(1)"])
def test_limits_hold(plain, bad):
    """Does a stopped cell cost only itself here too?"""
    verdict = run_job(kit.job(kit.inserted(kit.solved(), bad), kit.QUICK), plain)
    assert kit.score(verdict) == kit.POINTS
    assert verdict["status"] == "partly graded"


def test_the_tests_are_not_importable(plain):
    """Is the repository off the learner's import path all the same?"""
    cell = "import autograder"
    verdict = run_job(kit.job(kit.inserted(kit.solved(), cell)), plain)
    assert "ModuleNotFoundError" in kit.shown(verdict)


def test_the_working_folder_is_neutral_and_removed(plain):
    """Do files land in a temporary folder that is gone with the learner's side?"""
    cell = "import os\nprint(os.getcwd())\nopen('left', 'w').write('x')"
    shown = kit.shown(run_job(kit.job(kit.inserted(kit.solved(), cell)), plain))
    assert "judge-" in shown
    assert str(ROOT) not in shown
