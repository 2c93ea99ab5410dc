"""Does the judge get the next learners' notebooks as nbgrader will ask for them, and no others?"""

import os

import pytest
from tiny_course import LESSON, RIGHT, fake_judge

# nbgrader adds each new submission to its database session a step late, and says so each time.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")
WRONG = RIGHT | {"square": "def square(x):\n    return x * 3"}
JUDGE = "autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept"


@pytest.fixture
def asked(monkeypatch):
    """Collect, for each notebook that is judged, itself and the ones that are said to come next."""
    calls = []

    def judge(source, notebook, *, ahead, **rest):
        calls.append((notebook, list(ahead)))
        return fake_judge(source, notebook, **rest)

    monkeypatch.setattr(JUDGE, judge)
    return calls


def test_what_comes_next_comes_as_it_was_said(asked, hand_in, nbgrader):
    """Is each notebook, repaired and written down, the one that was expected in its place?"""
    names = ("ann", "bob", "cat", "dan")
    for name in names:
        hand_in(name, **(RIGHT if name < "c" else WRONG))
    assert nbgrader("autograde", LESSON) == 0
    notebooks = [notebook for notebook, _ in asked]
    assert len(notebooks) == len(names)
    assert notebooks[0] != notebooks[-1]
    for number, (_, ahead) in enumerate(asked):
        assert ahead == notebooks[number + 1 :]


def test_what_nbgrader_leaves_out_is_not_expected(asked, hand_in, nbgrader, root):
    """Are learners whose work stands, is excluded or cannot be read not judged beforehand?"""
    for name in ("ann", "bob", "dan"):
        hand_in(name, **RIGHT)
    assert nbgrader("autograde", LESSON) == 0
    asked.clear()
    for name in ("abe", "cat", "eve", "fay"):
        hand_in(name, **WRONG)
    path = root / "submitted" / "eve" / LESSON / f"{LESSON}.ipynb"
    path.write_text("no notebook")
    nbgrader("autograde", LESSON, "--CourseDirectory.student_id_exclude=fay")
    assert [len(ahead) for _, ahead in asked] == [1, 0]
    (first, [second]), (other, _) = asked
    assert second == other
    assert os.listdir(root / "autograded" / "cat") == [LESSON]
    assert first.cells


def test_a_later_hand_in_is_expected_again(asked, hand_in, nbgrader, root):
    """Is work with a newer time stamp than the graded one among what comes next?"""
    stamps = {"ann": "2026-03-01 10:00:00 UTC", "bob": "2026-03-01 11:00:00 UTC"}
    for day in ("01", "02"):
        for name, stamp in stamps.items():
            hand_in(name, **RIGHT)
            folder = root / "submitted" / name / LESSON
            (folder / "timestamp.txt").write_text(stamp.replace("-01 ", f"-{day} "))
        asked.clear()
        assert nbgrader("autograde", LESSON) == 0
        assert [len(ahead) for _, ahead in asked] == [1, 0]
