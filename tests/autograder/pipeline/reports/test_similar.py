"""Are answers named that share what few others have, and no others?"""

import pytest
from tiny_course import LESSON, RIGHT

from autograder.__main__ import main
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.reports.similar import similar

ODD = """def square(x):
    # multiply without multiplying, as on a slide rule
    total, left = 0, abs(x)
    while left > 0:
        total, left = total + abs(x), left - 1
    return total if x == x else float("nan")
"""
RENAMED = ODD.replace("total", "acc").replace("left", "steps").replace("# multiply", "# my own")
OTHER = """def square(x):
    odds = [2 * k + 1 for k in range(abs(x))]
    return sum(odds, start=0)
"""
STYLES = ["return x * x", "return x**2", "return pow(x, 2)", "y = x\n    return y * x"]


@pytest.fixture
def graded(root, judged, hand_in, monkeypatch):
    """Return a function that grades answers to `square` and returns what the command prints."""
    monkeypatch.chdir(root)

    def graded(capsys, **answers):
        for name, text in answers.items():
            hand_in(name, **RIGHT | {"square": text})
        grade_lesson(open_course(root), LESSON)
        capsys.readouterr()
        assert main(["similar", LESSON]) == 0
        return capsys.readouterr().out

    return graded


def test_a_copy_is_named_and_shown_beside_the_other(root, graded, capsys):
    """Does the page hold both texts with what they share marked, and say that it is no verdict?"""
    others = {f"s{n}": f"def square(x):\n    {body}" for n, body in enumerate(STYLES)}
    said = graded(capsys, ann=ODD, bob=ODD + "    # <script>\n", cy=RENAMED, dan=OTHER, **others)
    lines = said.splitlines()
    assert lines[0].startswith("square: ann and bob share")
    assert "100 % as typed" in lines[0]
    assert {line.split(" share")[0] for line in lines[:-1]} == {
        "square: ann and bob",
        "square: ann and cy",
        "square: bob and cy",
    }
    assert "none of them a verdict" in lines[-1]
    page = (root / "reports" / LESSON / "similar.html").read_text("utf-8")
    assert page.count("<mark>") >= 6
    assert "<script" not in page
    assert "no finding that anybody copied" in page


def test_a_group_is_not_held_against_itself(root, graded, capsys):
    """Are those left out who handed in together?"""
    (root / "groups.csv").write_text("student,group\nann,1\nbob,1\n", encoding="utf-8")
    assert graded(capsys, ann=ODD, bob=ODD, dan=OTHER).splitlines()[:-1] == []


def test_what_a_short_exercise_forces_is_nobodys():
    """Are given code, the course's own ways, and what many wrote, no sign of anything?"""
    assert similar({"ann": ODD, "bob": ODD}, [ODD], "square") == []
    many = {f"s{n}": ODD for n in range(6)}
    assert similar(many, [], "square") == []
    assert len(similar(dict(list(many.items())[:5]), [], "square")) == 10
    short = {"ann": "def square(x):\n    return x * x", "bob": "def square(x):\n    return x * x"}
    assert similar(short, [], "square") == []


def test_words_are_compared_as_typed_alone():
    """Are two essays of one shape and other words left alone, and one with the same words named?"""
    words = "The kernel is flipped because convolution runs backwards through its weights, always."
    other = "The signal is padded because correlation walks forwards along its samples, mostly so."
    assert similar({"ann": words, "bob": other}, [], "why", is_code=False) == []
    [pair] = similar({"ann": words, "bob": words + " Yes."}, [], "why", is_code=False)
    assert (pair.typed, pair.renamed) == (1.0, 0.0)


def test_nothing_graded_is_told(root, monkeypatch, capsys):
    """Does the command say what to do first?"""
    monkeypatch.chdir(root)
    assert main(["similar", LESSON]) == 2
    assert "Run `python -m autograder grade" in capsys.readouterr().err
