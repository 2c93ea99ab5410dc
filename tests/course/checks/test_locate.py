"""Is the line found, and nothing else touched?"""

import itertools
import linecache

import numpy as np
import pytest

from course.checks import cases
from course.checks import locate as locating
from course.checks import search as searching
from course.checks.examine import examine
from course.checks.faults import fault
from course.checks.locate import locate
from course.checks.run import run
from course.checks.search import Search
from course.checks.slips import KINDS_OF_REPAIR, changes
from course.checks.source import source_of
from course.protocol import Repair

CORRELATE = cases.spec("correlate1d")


def wrong_sign(x, w):
    """A slip that two lines could mend."""
    refused(x, w)
    sign = -1
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        for k in range(len(w)):
            y[i] += sign * x[i + k] * w[k]
    return y


SEEN = []


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """Give searches more processor time: a busy machine counts more of it for the same work."""
    monkeypatch.setattr(searching, "SECONDS", 20)


def found(answer, spec=CORRELATE) -> Repair | None:
    """Locate the slip of an answer."""
    tried = [case for part in spec.parts for case in part.cases]
    return locate(spec, answer, {id(case): run(answer, case) for case in tried})


def refused(x, w):
    if len(w) > len(x):
        raise ValueError("too long")


def one_too_few(x, w):
    refused(x, w)
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        for k in range(len(w) - 1):
            y[i] += x[i + k] * w[k]
    return y


def wrong_index(x, w):
    refused(x, w)
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        for k in range(len(w)):
            y[i] += x[i] * w[k]
    return y


def lost_minus(x, w):
    refused(x, w)
    n = len(x) + len(w) + 1
    return np.array([x[i : i + len(w)] @ w for i in range(n)])


def wrong_twice(x, w):
    y = np.zeros(len(x) - len(w))
    for i in range(len(y)):
        y[i] = x[i : i + len(w)] @ w[::-1] + 1
    return y


def flipped_and_short(x, w):
    refused(x, w)
    y = np.zeros(len(x) - len(w))
    for i in range(len(y)):
        y[i] = x[i : i + len(w)] @ w[::-1]
    return y


def flipped_without_a_loop(x, w):
    refused(x, w)
    windows = np.lib.stride_tricks.sliding_window_view(x, len(w))
    return windows[: len(x) - len(w)] @ w[::-1]


def talks_and_counts(x, w):
    print("hello")
    SEEN.append(len(x))
    return one_too_few_again(x, w)


def one_too_few_again(x, w):
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w))])


def refused_with_an_empty_array(x, w):
    n = len(x) - len(w) + 1
    if n <= 0:
        return np.array([])
    return np.array([x[i : i + len(w)] @ w for i in range(n)])


def refused_too_seldom(x, w):
    if len(w) > len(x) + 1:
        raise ValueError("too long")
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])


def writes(x, w):
    open("never-written", "w").close()
    return x


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (one_too_few, "for k in range(len(w) - 1):"),
        (wrong_index, "y[i] += x[i] * w[k]"),
        (lost_minus, "n = len(x) + len(w) + 1"),
        (refused_too_seldom, "if len(w) > len(x) + 1:"),
    ],
)
def test_a_single_slip_is_located(answer, text):
    """Is it the line of the slip, and its number that in the learner's own text?"""
    line = found(answer)
    assert line.text == text
    with open(__file__, encoding="utf-8") as own:
        assert own.readlines()[line.number - 1].strip() == text


def test_an_error_that_numpy_raises_refuses_nothing():
    """Is `bool` of an empty array, which raises by accident, no repair beside `raise`?"""
    line = found(refused_with_an_empty_array)
    assert (line.text, line.place) == ("return np.array([])", "`raise`")


def test_every_visible_case_passes_where_a_line_is_told():
    """Is there a change of that line that cures everything?"""
    line = found(one_too_few)
    source = source_of(one_too_few)
    cured = False
    for slip in changes(source.node, KINDS_OF_REPAIR[0]):
        if slip.line == line.number:
            with slip.made():
                try:
                    answer = source.make()
                except Exception:
                    continue
            tried = [case for part in CORRELATE.parts for case in part.cases]
            cured |= not any(fault(CORRELATE, case, run(answer, case)) for case in tried)
    assert cured


@pytest.mark.parametrize("asks", ["_quietly", "fault", "digest"])
def test_a_change_that_asks_for_all_memory_is_no_repair(monkeypatch, asks):
    """Does the search go on after a change whose arrays do not fit, or are too large to compare?"""

    def too_large(*_):
        raise MemoryError

    source = source_of(one_too_few)
    search = Search(CORRELATE, source, [CORRELATE.parts[0].cases[0]], None)
    monkeypatch.setattr(searching, asks, too_large)
    case = search._cases[0]
    search._rounds[id(case)] = 1000
    assert not search._passes(one_too_few, case, None)


def test_an_answer_that_cannot_be_made_again_is_left_alone(monkeypatch):
    """Does a class body that raises the second time end the search in silence?"""
    monkeypatch.setattr(locating.Source, "make", lambda self: 1 // 0)
    assert found(wrong_index) is None


def test_two_slips_are_not_located():
    """Is nothing said where no single change cures every case?"""
    assert found(wrong_twice) is None


def test_one_slip_beside_a_catalogued_mistake_is_told_with_it():
    """Are both told, the mistake by its name and the slip by its line?"""
    report = examine(CORRELATE, flipped_and_short, list(CORRELATE.parts))
    assert report.misconception == "flips-the-kernel"
    assert report.name == CORRELATE.misconceptions["flips-the-kernel"][0]
    text = report.text()
    assert "y = np.zeros(len(x) - len(w))" in text
    assert "Every case passes" not in text


@pytest.mark.parametrize("answer", [flipped_and_short, flipped_without_a_loop])
def test_what_is_told_does_not_depend_on_the_clock(monkeypatch, answer):
    """Is it the same line and name, however long each case takes?"""
    clocks = np.random.default_rng(1)
    told = set()
    for _ in range(3):
        monkeypatch.setattr(searching.time, "perf_counter", clocks.random)
        told.add(found(answer))
    assert len(told) == 1


def test_the_mended_code_is_never_said():
    """Does a report quote the line as it is, and the place?"""
    text = examine(CORRELATE, lost_minus, list(CORRELATE.parts)).text()
    assert "n = len(x) + len(w) + 1" in text
    assert "an operator" in text
    assert "len(x) - len(w)" not in text


def test_nothing_is_printed_and_nothing_outside_changes(capsys):
    """Do the changed answers work in silence, on copies?"""
    SEEN.clear()
    tried = [case for part in CORRELATE.parts for case in part.cases]
    noted = {id(case): run(talks_and_counts, case) for case in tried}
    before, state = list(SEEN), np.random.get_state()[1].tolist()
    capsys.readouterr()
    locate(CORRELATE, talks_and_counts, noted)
    assert "hello" not in capsys.readouterr().out
    assert before == SEEN
    assert np.random.get_state()[1].tolist() == state


def test_an_answer_that_writes_files_is_not_tried(monkeypatch):
    """Is an answer that opens files run no further?"""
    monkeypatch.setattr(locating, "Search", None)  # a search would fail
    assert locate(CORRELATE, writes, {}) is None


def test_an_answer_whose_helper_reads_memory_at_will_is_not_tried(monkeypatch):
    """Is a helper of the notebook looked through, too?"""
    monkeypatch.setattr(locating, "Search", None)
    namespace = {}
    lines = [
        "def helper(x):\n",
        "    return as_strided(x)\n",
        "def f(x, w):\n",
        "    return helper(x)\n",
    ]
    monkeypatch.setitem(linecache.cache, "<t>", (1, None, lines, "<t>"))
    exec(compile("".join(lines), "<t>", "exec"), namespace)
    assert locate(CORRELATE, namespace["f"], {}) is None


def test_a_search_by_hand_stopped_gives_the_plain_message(monkeypatch):
    """Does Ctrl-C end the search alone?"""

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, "_repairs", stop)
    report = examine(CORRELATE, lost_minus, list(CORRELATE.parts))
    assert report.status == "wrong"
    assert report.line == 0


def test_the_search_ends_with_its_budget(monkeypatch):
    """Is nothing tried once the time is over?"""
    monkeypatch.setattr(searching, "SECONDS", 0.0)
    assert found(wrong_index) is None


@pytest.mark.parametrize("answer", [one_too_few, wrong_sign])
def test_a_shorter_search_tells_nothing_else(monkeypatch, answer):
    """Is it the line of the whole search or none, wherever the time ends?"""

    def found_within(most):
        calls = itertools.count()
        monkeypatch.setattr(
            searching.time, "process_time", lambda: 1e9 if next(calls) > most else 0.0
        )
        return found(answer), next(calls)

    whole, needed = found_within(10**9)
    told = {found_within(most)[0] for most in np.linspace(0, needed, 40, dtype=int)}
    assert told == {whole, None}


def test_a_long_search_says_so_and_takes_the_words_away(monkeypatch, capsys):
    """Does a line appear on a terminal where it takes a while, and nothing stay of it?"""
    monkeypatch.setattr(searching, "SLOW", 0.0)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    found(one_too_few)
    words = "Looking for the line ..."
    assert capsys.readouterr().out == f"{words}\r{' ' * len(words)}\r"


def test_nothing_is_written_into_a_file(monkeypatch, capsys):
    """Is a program's output without words that nobody reads?"""
    monkeypatch.setattr(searching, "SLOW", 0.0)
    found(one_too_few)
    assert capsys.readouterr().out == ""
