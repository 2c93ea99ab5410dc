"""Does a process keep one warm judge, judge as the cold one does, and leave nothing behind?"""

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from autograder import CommandError
from autograder.judge import kept
from autograder.judge.api import judge_notebook
from autograder.judge.kept import KeptJudges
from autograder.judge.limits import Limits
from autograder.judge.warm_process import WarmProcess
from tests.autograder.judge import kit

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
LESSON = "01_sliding_window"
SECRET = b"s" * 32


def notebook(folder):
    """Return the lesson as it lies in a folder."""
    return nbformat.read(ROOT / folder / LESSON / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def blank():
    """Return the lesson as learners get it."""
    return notebook("release")


@pytest.fixture(scope="module")
def source():
    """Return the instructor's notebook."""
    return notebook("source")


@pytest.fixture(scope="module")
def small():
    """Return a lesson of one cell, for what is the same with any: a judge of it starts sooner."""
    return nbformat.from_dict(kit.one_test("pass"))


@pytest.fixture(scope="module")
def keeper():
    """Return a judge that keeps its process for the next test that asks for the same."""
    judge = KeptJudges()
    yield judge
    judge.close()


def scores(verdict):
    """Return status and points of a verdict."""
    return verdict.status, {name: cell.score for name, cell in verdict.cells.items()}


def test_one_warm_process_judges_as_a_cold_one(keeper, source, blank):
    """Do two notebooks get the verdicts of a cold judge from one process, each as if the first?"""
    choice = {"lesson": LESSON, "secret": SECRET}
    right, changed = notebook("solutions"), notebook("solutions")
    for cell in changed.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "correlate1d":
            cell.source = "np.dot = None\nraise SystemExit"
    warm = keeper.judge(source, changed, blank=blank, **choice)
    pids = keeper._judges.pids
    cold = judge_notebook(source, changed, **choice)
    assert scores(warm) == scores(cold)
    assert warm.sandbox == cold.sandbox
    assert [c.source for c in warm.notebook.cells] == [c.source for c in cold.notebook.cells]
    after = keeper.judge(source, right, blank=blank, **choice)
    assert keeper._judges.pids == pids
    assert len(pids) == 1
    assert all(cell.score == cell.points for cell in after.cells.values())


def test_what_comes_next_is_judged_meanwhile(keeper, source, blank, monkeypatch):
    """Do judges side by side find the same, and is what nobody asks for again forgotten?"""
    monkeypatch.setattr(kept.cores, "usable", lambda: 2)
    choice = {"blank": blank, "lesson": LESSON, "secret": SECRET}
    right = notebook("solutions")
    whole, none = (scores(keeper.judge(source, text, **choice)) for text in (right, blank))
    assert whole != none
    assert len(keeper._judges.pids) == 1
    assert scores(keeper.judge(source, blank, ahead=[right, blank], **choice)) == none
    assert len(set(keeper._judges.pids)) == 2
    first, second = (future for _, future in keeper._judges._asked)
    assert scores(keeper.judge(source, right, ahead=[blank, blank, right], **choice)) == whole
    assert first.done()
    # Two who hand in the same are judged twice, and what was begun is not begun again.
    assert [future is second for _, future in keeper._judges._asked] == [True, False]
    assert scores(keeper.judge(source, right, **choice)) == whole
    assert keeper._judges._asked == []


def test_a_judge_can_be_ended_by_two_at_once(monkeypatch):
    """Does its owner end it while who waits for its answer does?"""
    inside, alone = threading.Lock(), []

    class Log:
        def close(self):
            alone.append(inside.acquire(blocking=False))
            time.sleep(0.2)
            inside.release()

    process = WarmProcess("autograder.judge.serve", {}, [], Limits())
    process._log.close()
    monkeypatch.setattr(process, "_log", Log())
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: process.close(), range(2)))
    assert alone == [True, True]


def test_an_idle_judge_is_let_go(keeper, small, monkeypatch):
    """Does it end when nobody asks, and does the next submission get another?"""
    with monkeypatch.context() as soon:
        soon.setattr(kept, "IDLE_SECONDS", 0.2)
        keeper.judge(small, small, blank=small, lesson=LESSON, secret=SECRET)
    pid = keeper._timer.args[0].pids[0]
    until = time.monotonic() + 20
    while keeper._judges is not None or _alive(pid):
        assert time.monotonic() < until
        time.sleep(0.01)
    verdict = keeper.judge(small, small, blank=small, lesson=LESSON, secret=SECRET)
    assert verdict.status == "graded"


def test_what_the_grade_depends_on_asks_for_another_process(keeper, small, monkeypatch):
    """Does a new secret, or a mended test, get a new process?"""
    pids = []

    def judged(secret):
        keeper.judge(small, small, blank=small, lesson=LESSON, secret=secret)
        pids.append(keeper._judges.pids[0])

    judged(SECRET)
    judged(b"t" * 32)
    monkeypatch.setattr(kept, "code_stamp", lambda: ("a test was mended",))
    judged(b"t" * 32)
    assert len(set(pids)) == 3
    assert [Path(f"/proc/{pid}").exists() for pid in pids] == [False, False, True]


def test_a_lesson_that_cannot_be_judged_says_why(keeper, small):
    """Is an error in the instructor's own setup told, and told again the next time?"""
    broken = nbformat.from_dict(small)
    broken.cells[0].source += "\nraise RuntimeError('no such data')"
    for _ in range(2):
        with pytest.raises(CommandError, match="no such data"):
            keeper.judge(broken, small, blank=small, lesson=LESSON, secret=SECRET)


KEEPS = """
import sys
from autograder.startup import skip_address_grammars
skip_address_grammars()
import nbformat
from autograder.judge import kept
small = nbformat.read(sys.argv[1], as_version=4)
kept.judge_kept(small, small, blank=small, lesson="01", secret=b"s" * 32)
print(kept._kept._judges.pids[0], flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["SIGKILL", ""])
def test_nothing_is_left_when_the_process_ends(end, small, tmp_path):
    """Is the judge gone with who keeps it, a killed server and one that stops by itself?"""
    nbformat.write(small, tmp_path / "small.ipynb")
    with subprocess.Popen(
        [sys.executable, "-c", KEEPS, str(tmp_path / "small.ipynb")], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as keeping:  # fmt: skip
        pid = int(keeping.stdout.readline())
        group = _descendants(pid) | {pid}
        assert len(group) > 1
        if end:
            keeping.send_signal(getattr(signal, end))
        else:
            keeping.stdin.close()
        keeping.wait(timeout=60)
    until = time.monotonic() + 20
    while any(_alive(one) for one in group):
        assert time.monotonic() < until, "the judge outlives the process that kept it"
        time.sleep(0.01)


def _descendants(pid):
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended, as the forks of a learner's side do
        return set()
    return {int(child) for child in children}.union(*(_descendants(int(c)) for c in children))


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
