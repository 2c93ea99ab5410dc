"""Tests of autograder.notebooks.leaks: an answer is found wherever students can read it."""

import json

import pytest

from autograder.notebooks.leaks import find_leaks, find_site_leaks, secret_lines
from autograder.notebooks.text import read_lesson

HALVING = """# %% [markdown]
# # Halve

# %% role="given"
def double(x):
    doubled_signal = x + x
    return doubled_signal

# %% role="answer" exercise="halve"
def halve(x):
    ### BEGIN SOLUTION
    doubled_signal = x + x
    halved_signal = double(x) / 4
    return halved_signal
    ### END SOLUTION
"""


@pytest.fixture
def course(author):
    """Two lessons, the second of which gives the first one's answer; releases are empty."""
    author.course.text_path("02_halving").write_text(HALVING, "utf-8")
    for name in ("01_doubling", "02_halving"):
        release(author.course, name, "")
    return author.course


def release(course, name, source):
    """Write a release of one cell."""
    path = course.root / f"release/{name}/{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [source]}]}))


def test_only_lines_of_substance_are_secret(course):
    """Are idioms, and what an earlier lesson solved, no secrets?"""
    texts = [read_lesson(course.text_path(name)) for name in course.written_lessons()]
    secrets = secret_lines(texts)
    assert secrets["01_doubling"] == {
        "doubled_signal=x+x",
        "return doubled_signal",
        "Because addition is multiplication by two.",
    }
    assert secrets["02_halving"] == {"halved_signal=double(x)/4", "return halved_signal"}


@pytest.mark.parametrize(
    ("name", "source", "leaks"),
    [
        ("01_doubling", "    doubled_signal  =  x+x", 1),
        ("01_doubling", "halved_signal = double(x) / 4  # in lesson 02", 1),
        ("01_doubling", "Hint: `doubled_signal = x + x`", 1),
        ("02_halving", "halved_signal = double( x )/4", 1),
        ("02_halving", "doubled_signal = x + x", 0),
        ("01_doubling", "other_signal = x + x", 0),
    ],
)
def test_a_release_may_show_earlier_answers_only(course, name, source, leaks):
    """Is a line of this lesson's or a later solution found, however it is laid out?"""
    release(course, name, source)
    found = find_leaks(course)
    assert len(found) == leaks
    assert all(leak.startswith(f"release/{name}/{name}.ipynb shows") for leak in found)


@pytest.mark.parametrize(
    ("file", "leaks"),
    [("figures/halve.py", 1), ("widgets/static/halve.js", 1), ("checks/cases/halve.json", 0)],
)
def test_the_students_package_may_show_no_answer(course, file, leaks):
    """Is an answer found in the package's code, and are the cases, which are data, left out?"""
    path = course.root / "course" / file
    path.parent.mkdir(parents=True)
    path.write_text("halved_signal = double(x) / 4\n")
    assert len(find_leaks(course)) == leaks


@pytest.mark.parametrize(
    ("page", "text", "leaks"),
    [
        ("lessons/01_doubling", "<p>Two signals are one.</p>", 0),
        ("lessons/01_doubling", '<pre><span class="n">doubled_signal</span> = x + x</pre>', 1),
        ("lessons/01_doubling", "<p><em>Because</em> addition is multiplication by two.</p>", 1),
        ("lessons/01_doubling", "<pre>from autograder.hidden_tests import doubling</pre>", 1),
        ("lessons/02_halving", "<pre>doubled_signal = x + x</pre>", 0),
        ("docs/proof", "<pre>halved_signal = double(x) / 4</pre>", 1),
        ("docs/proof", "<pre>python -m autograder proof</pre>", 0),
        ("index", "<script>doubled_signal = x + x</script>", 0),
    ],
)
def test_a_page_of_the_site_may_show_what_its_release_may(course, tmp_path, page, text, leaks):
    """Is an answer found between tags, and the instructor's word on lessons' pages only?"""
    path = tmp_path / f"site/{page}.html"
    path.parent.mkdir(parents=True)
    path.write_text(f"<!doctype html><title>A page</title>{text}", "utf-8")
    found = find_site_leaks(course, tmp_path / "site")
    assert len(found) == leaks, found
    assert all(leak.startswith(f"{page}.html s") for leak in found)
