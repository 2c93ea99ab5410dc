"""Which later cells may change what a test asks for."""

import nbformat
import pytest

from autograder.judge import align
from autograder.judge.api import plain, registered
from autograder.judge.changes import Changes, own_figures, places_to_copy
from autograder.notebooks.layout import notebook_path, this_course

COURSE = this_course()
LESSON = "01_sliding_window"

SETUP = "import numpy as np\nfrom math import *\nX = np.arange(3)\nseen = []\n"
HELPER = "def helper(x):\n    return np.sum(x)\n"
ANSWER = "def total(x):\n    y = helper(x)\n    return y\n"
GUESS = "guess = 6\n"
STATEFUL = "def total(x):\n    seen.append(x)\n    return len(seen)\n"
GLOBAL = "def total(x):\n    return (x * X).sum()\n"
WRAPPED = (
    "def twice(f):\n    return lambda x: helper(f(x))\n\n@twice\ndef total(x):\n    return x\n"
)
DERIVED = (
    "class Base:\n    def go(self):\n        return helper(1)\n\nclass total(Base):\n    pass\n"
)


@pytest.mark.parametrize(
    "later",
    [
        "print(total(X), helper(X), guess)",
        "x, y = X, total(X)\nfor i in range(3):\n    y = y + i",
        "def other(helper, np):\n    total = helper\n    return total",
        "X = np.ones(4)",
        "y = np.zeros(3)\ny[0] = total(X)\ny += 1",
        "[total for total in range(3)]",
        "%%time\ntotal(X)",
        "%matplotlib inline\n%timeit total(X)",
        "# total = 1\n'total = 2'",
        "import matplotlib.pyplot as plt\nplt.rcParams['font.size'] = 12",
    ],
)
def test_uses_do_not_matter(later):
    """May a later cell call and mention what is tested, and have names of its own?"""
    assert not Changes([SETUP, HELPER, ANSWER, later]).matter(2, {"total"})


@pytest.mark.parametrize(
    "later",
    [
        "total = 1",
        "def total(x):\n    return 0",
        "class total: pass",
        "helper = total",
        "for total in range(3): pass",
        "with open('f') as helper: pass",
        "try:\n    1 / 0\nexcept Exception as helper:\n    pass",
        "print(helper := 3)",
        "del helper",
        "import math as helper",
        "from math import *",
        "import numpy as np",
        "np.sum = max",
        "np.seterr(all='raise')",
        "total.calls = 3",
        "setattr(helper, 'calls', 3)",
        "def change():\n    global helper\n    helper = 3\nchange()",
        "exec('total = 1')",
        "globals()['total'] = 1",
        "get_ipython().run_cell('total = 1')",
        "%reset -f",
        "%time helper = 3",
        "%run other.py",
        "sum = total = total?",
        "match X:\n    case [helper, *_]:\n        pass",
        "len = sum = 3\nhelper, a = 1, 2",
    ],
)
def test_changes_matter(later):
    """Is each way seen in which a cell can give another meaning to what is tested?"""
    assert Changes([SETUP, HELPER, ANSWER, "print(1)", later]).matter(2, {"total"})
    assert not Changes([SETUP, HELPER, ANSWER, later]).matter(3, {"total"})  # it stands above


@pytest.mark.parametrize("depth", [500, 900, 1500, 9000])
def test_deeply_nested_code_is_read_or_counts_as_a_change(depth):
    """Is code that no reader can follow a reason to copy, and never to fail?"""
    later = "total = " + "lambda: " * depth + "0"
    assert Changes([SETUP, HELPER, ANSWER, later]).matter(2, {"total"})


@pytest.mark.parametrize(
    ("answer", "later", "matters"),
    [
        (GUESS, "total = 1", False),
        (GUESS, "print(guess)", True),
        (GUESS, "guess += 1", True),
        (STATEFUL, "total(3)", True),
        (STATEFUL, "print(seen)", True),
        (STATEFUL, "print(X)", False),
        (GLOBAL, "X[0] = 5", True),
        (GLOBAL, "X = X + 1", True),
        (GLOBAL, "print(np.ones(3))", False),
        (WRAPPED, "helper = 1", True),
        (WRAPPED, "print(helper(1))", False),
        (DERIVED, "helper = 1", True),
        (DERIVED, "Base.go = 1", True),
        ("total = lambda x: helper(x)", "helper = 1", True),
    ],
)
def test_data_and_helpers_are_followed(answer, later, matters):
    """Are the data and the functions known that an answer needs, however it is written?"""
    asked = {"guess"} if answer is GUESS else {"total"}
    assert Changes([SETUP, HELPER, answer, later]).matter(2, asked) is matters


@pytest.mark.parametrize("lesson", COURSE.written_lessons())
def test_the_lessons_own_cells_rarely_change_what_is_tested(lesson):
    """Can a right solution of each lesson but two be tested without any copy?"""
    source, solution = (
        plain(nbformat.read(COURSE.root / notebook_path(step, lesson), as_version=4))
        for step in ("source", "solutions")
    )
    names = registered(lesson)
    places = places_to_copy(align.plan(source, solution, names), names)
    # 11 runs the learner's layer among another library's names; 13 trains with another layer in its
    # place, and puts it back.
    assert bool(places) is (lesson in ("11_layouts_and_speed", "13_capstone"))


FIGURE = "import plots\nplots.plot(X)\nshow(plots.figure(), alt='the same')"
PLOTTING = SETUP + "import plots\nfrom course.figures import show"


CALLING = "plots.plot(total(X))\nshow(plots.figure(), alt='it depends')"


def figures(*codes, own=(PLOTTING, FIGURE)):
    """Return which cells of a notebook show a figure of the lesson's, with what they need."""
    source = {"cells": [{"cell_type": "code", "source": code, "metadata": {}} for code in own]}
    entries = [align.Entry({}, "learner", code) for code in codes]
    return own_figures(align.Plan(entries, {}, []), source, ("total", "guess"))


@pytest.mark.parametrize("other", [ANSWER, HELPER, "x, y = 3, np.ones(3)", "figure = 3"])
def test_a_figure_is_the_same_whatever_a_learner_answers(other):
    """Is a lesson's figure known to be everybody's where no other cell touches what it needs?"""
    assert figures(PLOTTING, other, FIGURE) == {2: set()}


@pytest.mark.parametrize(
    "other",
    [
        "X = 3",
        "X[0] = 3",
        "X.sort()",
        "np.sum = max",
        "plots.style = 'dark'",
        "def show(figure, alt): pass",
        "exec('X = 3')",
        "%run other.py",
        "def change():\n    global X\n    X = 3\nchange()",
    ],
)
def test_a_figure_is_the_learners_where_a_cell_has_a_part_in_it(other):
    """Is it drawn again where a cell of the learner's may change it?"""
    own = PLOTTING, FIGURE + "\nprint(np.ones(3))"
    assert figures(own[0], other, own[1], own=own) == {}
    own = PLOTTING, CALLING + "\nprint(np.ones(3))"
    assert figures(own[0], ANSWER, other, own[1], own=own) == {}


def test_a_figure_that_was_edited_is_the_learners():
    """Is what the lesson's author did not write drawn for each?"""
    assert figures(PLOTTING, FIGURE.replace("same", "mine")) == {}
    assert figures(PLOTTING.replace("3", "4"), FIGURE) == {}


def test_a_figure_that_answers_alone_decide_is_known_with_them():
    """Is it told which answers a figure needs, through cells of the lesson's own as well?"""
    assert figures(PLOTTING, ANSWER, CALLING, own=(PLOTTING, CALLING)) == {2: {"total"}}
    through = "sums = total(X)", CALLING.replace("total(X)", "sums, guess")
    own = (PLOTTING, *through)
    assert figures(PLOTTING, ANSWER, GUESS, *through, own=own) == {4: {"total", "guess"}}


@pytest.mark.parametrize("later", [ANSWER, "total = max", "total.calls = 3"])
def test_a_figure_is_drawn_at_once_where_a_cell_below_changes_the_answer(later):
    """Does a figure show the answer as it stands there, and not as it is at the end?"""
    assert figures(PLOTTING, ANSWER, CALLING, later, own=(PLOTTING, CALLING)) == {}
    counting = CALLING + "\nX = X + 1"
    assert figures(PLOTTING, ANSWER, counting, own=(PLOTTING, counting)) == {}


def test_a_solution_is_no_figure_of_the_lessons():
    """Does an answer that equals the author's own count as the learner's?"""
    marked = {"cell_type": "code", "source": FIGURE, "metadata": {"nbgrader": {"solution": True}}}
    entries = [align.Entry({}, "learner", FIGURE)]
    assert own_figures(align.Plan(entries, {}, []), {"cells": [marked]}, ()) == {}


def test_figures_of_a_lesson_are_known_with_their_answers():
    """Is a picture of lesson 04 drawn once a class, and another once for all right answers?"""
    lesson = "04_conv2d_loops"
    source, release = (
        plain(nbformat.read(COURSE.root / notebook_path(step, lesson), as_version=4))
        for step in ("source", "release")
    )
    plan = align.plan(source, release, registered(lesson))
    found = own_figures(plan, source, registered(lesson))
    shown = {plan.entries[place].code: needs for place, needs in found.items()}
    free = [code for code, needs in shown.items() if not needs]
    assert any("figure, panel = plt.subplots" in code for code in free)
    assert not any("correlate2d(" in code for code in free)
    assert any("correlate2d(" in code for code, needs in shown.items() if "correlate2d" in needs)
