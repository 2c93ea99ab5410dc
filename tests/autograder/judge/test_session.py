"""Grading whole notebooks of the small lesson."""

import re
from dataclasses import replace

import pytest

from autograder.judge.job import run_job
from tests.autograder.judge import kit


def test_untouched_release_scores_nothing(grade):
    """Does a notebook without answers earn no point, and is each test called not written?"""
    verdict = grade(kit.release())
    assert kit.score(verdict) == 0
    told = kit.outcomes(verdict)
    assert told.pop("guess_value") == "wrong"  # None is a value to a plain assert
    assert set(told.values()) == {"not written"}


def test_solution_scores_everything(grade):
    """Do right answers earn every automatic point, without a reason to explain?"""
    verdict = grade(kit.solved())
    assert kit.score(verdict) == kit.POINTS
    assert (verdict["status"], verdict["reason"]) == ("graded", "")
    assert set(kit.outcomes(verdict).values()) == {"right"}


def test_a_wrong_answer_loses_its_own_points(grade):
    """Does one wrong function cost its tests and no others?"""
    verdict = grade(kit.solved(total="def total(x):\n    return x[0]"))
    assert kit.score(verdict) == kit.POINTS - 2
    assert verdict["cells"]["total_values"]["outcome"] == "wrong"


def test_a_hidden_failure_shows_no_hidden_line(grade):
    """Does the error of a withheld test keep the test's own code to itself?"""
    wrong = "def total(x):\n    return 6.0"
    verdict = grade(kit.solved(total=wrong))
    cell = verdict["cells"]["total_values"]
    assert cell["score"] == 0
    assert "linspace" not in repr(cell["outputs"])
    assert "linspace" not in repr(verdict["notebook"])


def test_an_answer_cannot_quote_what_was_withheld(grade):
    """Is the message of the learner's own exception left out where a withheld test met it?"""
    quoting = (
        "def total(x):\n"
        "    if len(x) == 3: return 6\n"
        "    said = f'saw_{len(x)}'\n"
        "    raise type(said, (ValueError,), {})(said)"
    )
    verdict = grade(kit.solved(total=quoting))
    text = repr(verdict["cells"]["total_values"]["outputs"])
    assert "a withheld test did not pass" in text
    assert not {"ValueError", "saw_11"} & set(re.findall(r"\w+", text))


def test_a_withheld_test_says_what_stands_in_it_alone(grade):
    """Does an assertion's message reach the learner where nothing was put into it?"""
    wrong = "def total(x):\n    return 6.0"
    told = repr(grade(kit.solved(total=wrong))["cells"]["total_values"]["outputs"])
    assert "the withheld sum differs" in told
    hidden = "assert f(9) == 3, f'f gave {f(9)}'"
    test = f"assert f(1) == 1\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    rest = {"source": kit.one_test(test), "names": {"f": "function"}}
    verdict = grade(kit.one_test("assert f(1) == 1", "def f(x):\n    return x"), **rest)
    assert "f gave" not in repr(verdict)
    assert kit.score(verdict) == 0


def test_cells_that_run_again_have_no_more_time_than_the_limits_say(grade):
    """Does a notebook whose cells sleep only on their second run end in time?"""
    slow = "import time\nif get_ipython().without_pictures: time.sleep(1.2)"
    submission = kit.solved(scale=LOOP.replace("total(x)", "scale(x, k)"))
    for _ in range(12):
        submission = kit.inserted(submission, slow)
    verdict = grade(submission, replace(kit.QUICK, submission_seconds=4.0))
    assert verdict["seconds"] < 2 * 4 + 2
    assert verdict["status"] == "graded"
    assert kit.outcomes(verdict)["scale_values"] == "stopped"


def test_the_error_names_the_learners_line(grade):
    """Does a crash inside the answer say where in the answer it was?"""
    wrong = "def total(x):\n    y = []\n    return y[3]"
    verdict = grade(kit.solved(total=wrong))
    text = repr(verdict["cells"]["total_values"]["outputs"])
    assert "IndexError" in text
    assert "return y[3]" in text
    assert "line 3" in text


LOOP = "def total(x):\n    while True:\n        pass"
CRASH = "def total(x):\n    import os\n    os._exit(3)"


@pytest.mark.parametrize(
    ("answer", "says"), [(LOOP, "longer than 1 s"), (CRASH, "exit code 3")], ids=["loop", "crash"]
)
def test_a_call_that_gives_nothing_costs_only_its_test(grade, answer, says):
    """Does a looping or crashing call leave every other test as it would have been?"""
    verdict = grade(kit.solved(total=answer), kit.QUICK)
    assert kit.score(verdict) == kit.POINTS - 2
    assert verdict["cells"]["total_values"]["outcome"] == "stopped"
    assert says in repr(verdict["cells"]["total_values"]["outputs"])
    assert verdict["status"] == "graded"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("while True:\n    pass", "took longer than 1.5 s and was stopped"),
        ("import os\nos._exit(0)", "ended the learner's process (exit code 0)"),
        ("import os\nos.kill(os.getpid(), 11) or os.abort()", "crashed the learner's process"),
    ],
    ids=["loop", "exit", "signal"],
)
@pytest.mark.parametrize("after", ["setup", "total", "why"])
def test_a_cell_that_has_to_be_stopped_costs_only_itself(grade, bad, says, after):
    """Is everything else graded, wherever the cell stands, and is it named by its number?"""
    submission = kit.inserted(kit.solved(), bad, after)
    verdict = grade(submission, kit.QUICK)
    number = kit.index_of(submission, after) + 2
    assert kit.score(verdict) == kit.POINTS
    assert verdict["status"] == "partly graded"
    assert verdict["reason"].startswith(f"cell {number} {says}")
    assert "this cell " in repr(verdict["notebook"]["cells"][number - 1]["outputs"])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("%%timeit -n1 -r1\ndef total(x):\n    return x.sum()", "defines no total"),
        ("%%writefile mine.py\ndef total(x):\n    return x.sum()", "defines no total"),
        ("def Total(x):\n    return x.sum()", "defines no total"),
        ("def total(x):\n    return x.sum()\ndel total", "which is gone when its test runs"),
        ("# def total(x):\n#     return x.sum()", ""),
        ("", ""),
    ],
)
def test_an_answer_that_is_not_defined_is_told(grade, answer, says):
    """Does the reason say why a name has no value, unless nothing is written?"""
    verdict = grade(kit.solved(total=answer))
    assert kit.score(verdict) == kit.POINTS - 2
    assert says in verdict["reason"]
    assert bool(says) == ("(total) defines" in verdict["reason"])


def test_a_module_that_a_cell_writes_is_found(grade):
    """Does an import look into the folder of the cells, as in Jupyter?"""
    module = "%%writefile mine.py\ndef twice(f, x):\n    return f(f(x))"
    made = kit.solved(apply_twice="from mine import twice as apply_twice")
    assert kit.score(grade(kit.inserted(made, module))) == kit.POINTS


def test_all_cells_together_show_no_more_than_the_limit(grade):
    """Is what one cell too many shows cut, said once, and every point kept?"""
    made = kit.solved()
    for _ in range(20):
        made = kit.inserted(made, "print('x' * 900)")
    verdict = grade(made, replace(kit.CALM, output_bytes=1000, shown_bytes=5000))
    assert kit.score(verdict) == kit.POINTS
    assert 4500 < kit.shown(verdict).count("x") < 5500
    assert "all cells may show" in kit.shown(verdict)
    assert verdict["reason"].count("those below show less") == 1


def test_an_ordinary_exception_is_no_crash(grade):
    """Does a cell that raises show its error and let the rest run?"""
    verdict = grade(kit.inserted(kit.solved(), "print('before')\n1 / 0"))
    assert kit.score(verdict) == kit.POINTS
    assert verdict["status"] == "graded"
    assert "ZeroDivisionError" in kit.shown(verdict)
    assert "before" in kit.shown(verdict)


def test_tests_see_names_as_they_are_where_they_stand(grade):
    """Does a name used for something else further down leave the test above as it was?"""
    verdict = grade(kit.inserted(kit.solved(), "scale = total = Layer = 7", "why"))
    assert kit.score(verdict) == kit.POINTS


def test_no_cell_sees_what_a_test_asked(grade):
    """Can an answer pass a withheld input on to a cell below, whose output is shown?"""
    spy = (
        "ASKED = []\n"
        "def total(x):\n"
        "    ASKED.append(len(x))\n"
        "    open('asked.txt', 'a').write(str(len(x)))\n"
        "    return sum(x)"
    )
    look = "import os\nprint('asked', ASKED, os.path.exists('asked.txt'))"
    verdict = grade(kit.inserted(kit.solved(total=spy), look, "guess_value"))
    assert kit.score(verdict) == kit.POINTS
    assert "asked [] False" in kit.shown(verdict)


def test_one_tests_damage_does_not_reach_the_next(grade):
    """Are constants and the learner's own state fresh for each test cell?"""
    greedy = "def scale(x, k):\n    y = x * k\n    x[:] = 0\n    return y"
    verdict = grade(kit.solved(scale=greedy))
    assert kit.outcomes(verdict)["total_values"] == "right"
    assert kit.outcomes(verdict)["layer_backward"] == "right"


def test_a_crash_below_the_last_cell_costs_only_its_test(grade):
    """With all tests below the last cell, is each still asked in a process of its own?"""
    made = kit.solved(total=CRASH)
    made["cells"] = [
        c for c in made["cells"] if not c["metadata"].get("nbgrader", {}).get("points")
    ]
    told = kit.outcomes(grade(made))
    assert told.pop("total_values") == "stopped"
    assert set(told.values()) == {"right"}


def test_time_of_all_cells_is_limited(grade):
    """Are cells past the notebook's time left out and named, and is what ran before graded?"""
    limits = kit.Limits(cell_seconds=9, call_seconds=1, test_seconds=5, submission_seconds=2.5)
    late = kit.inserted(kit.solved(), "import time\ntime.sleep(9)", "total_values")
    verdict = grade(late, limits)
    assert kit.outcomes(verdict)["scale_values"] == "right"
    assert kit.outcomes(verdict)["total_values"] == "right"
    assert kit.outcomes(verdict)["guess_value"] == "wrong"
    assert "the notebook took longer than 2.5 s" in verdict["reason"]


def test_many_stopped_tests_do_not_use_up_the_others_time(grade):
    """With every function looping, is each test stopped on its own account?"""
    loop = "def {}(*a):\n    while True:\n        pass"
    names = ("scale", "total", "apply_twice")
    verdict = grade(kit.solved(**{name: loop.format(name) for name in names}), kit.QUICK)
    told = kit.outcomes(verdict)
    assert told["scale_values"] == told["scale_shape"] == told["total_values"] == "stopped"
    assert told["layer_forward"] == told["guess_value"] == "right"


FIGURE = (
    "import matplotlib.pyplot as plt\nfrom course.figures import show\n"
    "show(plt.figure(figsize=(1, 1)), alt='nothing yet')"
)


def with_figure(made, text=FIGURE):
    """Return a notebook with a cell that shows a figure."""
    return kit.inserted(made, text)


def figure_of(verdict):
    """Return the figure that the autograded notebook shows."""
    (data,) = (
        output["data"]
        for cell in verdict["notebook"]["cells"]
        for output in cell.get("outputs", [])
        if "data:image/png" in output.get("data", {}).get("text/html", "")
    )
    return data


def test_a_lessons_own_figure_is_drawn_once(side):
    """Does the second learner get the first one's picture, and a figure of her own stay hers?"""
    drawn = {}
    source = with_figure(kit.source())

    def figure(text):
        job = kit.job(with_figure(kit.solved(), text), source=source)
        return figure_of(run_job(job, side, drawn))

    first = figure(FIGURE)
    assert first["text/plain"] == "nothing yet"
    assert list(drawn) == [FIGURE]
    drawn[FIGURE][0]["data"] = {**first, "text/plain": "drawn before"}
    assert figure(FIGURE) == {**first, "text/plain": "drawn before"}
    own = figure(FIGURE.replace("nothing yet", "mine"))
    assert own["text/plain"] == "mine"
    assert own["text/html"] == first["text/html"].replace("nothing yet", "mine")
    assert list(drawn) == [FIGURE]


IMPORTS, PAINTING = FIGURE.rsplit("\n", 1)
PAINTING = PAINTING.replace("alt='nothing yet'", "alt=f'it is {total([1, 2])}'")


def test_a_figure_of_right_answers_is_the_authors_and_of_wrong_ones_the_learners(side):
    """Is it drawn anew exactly where an answer that it needs is wrong, whatever the style?"""

    def painting(made):
        return kit.inserted(kit.inserted(made, IMPORTS), PAINTING, after="total")

    source = painting(kit.source())
    known = {"output_type": "display_data", "data": {"text/plain": "drawn once"}, "metadata": {}}

    def shown(**answers):
        drawn = {PAINTING: [known]}
        verdict = run_job(kit.job(painting(kit.solved(**answers)), source=source), side, drawn)
        assert drawn == {PAINTING: [known]}
        return verdict, kit.shown(verdict)

    for answers in ({}, {"total": "def total(x):\n    return sum(x, 0.0)"}):
        assert "drawn once" in shown(**answers)[1]
        assert "it is 3.0" not in shown(**answers)[1]
    # Its figure shows nothing of what a test asked: it is drawn as if there had been none.
    wrong = "asked = 0\ndef total(x):\n    global asked\n    asked += 1\n    return asked"
    verdict, text = shown(total=wrong)
    assert "drawn once" not in text
    assert figure_of(verdict)["text/plain"] == "it is 2"
    text = shown(total="import os\ndef total(x):\n    os._exit(3) if len(x) > 2 else None")[1]
    assert "drawn once" not in text
    assert "not drawn: a test ended the process" in text


def test_a_figure_that_fails_says_so_although_it_was_drawn_before(side):
    """Does a learner see the error of her own run?"""
    source = with_figure(kit.source())
    drawn = {FIGURE: [{"output_type": "stream", "name": "stdout", "text": "drawn before"}]}
    blocked = kit.inserted(with_figure(kit.solved()), "import course.figures as c\ndel c.show")
    shown = kit.shown(run_job(kit.job(blocked, source=source), side, drawn))
    assert "TypeError" in shown
    assert "drawn before" not in shown


def test_cells_that_run_again_for_a_lost_test_show_what_they_showed(grade):
    """Are outputs those of the first run, and is each cell's name there for the next test?"""
    counting = "import os\nruns = globals().get('runs', 0) + 1\nprint('run', runs)"
    made = kit.inserted(kit.solved(total="def total(x):\n    os._exit(3)"), counting)
    verdict = grade(made)
    assert kit.score(verdict) == kit.POINTS - 2
    assert verdict["cells"]["total_values"]["outcome"] == "stopped"
    assert kit.shown(verdict).count("run 1") == 1
