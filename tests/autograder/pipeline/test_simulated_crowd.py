"""Is the simulated class of any size plausible, and does each learner get what they should get?"""

from collections import Counter

import nbformat
import numpy as np
import pytest
from tiny_course import REPOSITORY

from autograder.exercises import exercises_of
from autograder.judge import judge_notebook
from autograder.pipeline.blank import blank_notebook
from autograder.pipeline.course import Course
from autograder.pipeline.repair import repair
from autograder.pipeline.simulated import LESSON, written
from autograder.pipeline.simulated_answers import LOOPS
from autograder.pipeline.simulated_crowd import DIFFICULTY, ODD, crowd, full_name
from autograder.pipeline.simulated_mistakes import RIGHT, WRONG
from autograder.pipeline.verdicts import telling

pytestmark = pytest.mark.skipif(
    not (REPOSITORY / "release" / LESSON).is_dir(), reason=f"{LESSON} is not built"
)


def read(place):
    """Return the lesson's notebook from source/ or release/."""
    return nbformat.read(REPOSITORY / place / LESSON / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def release():
    """Return the notebook that is given out."""
    return read("release")


def test_the_same_seed_gives_the_same_class(release):
    """Can a measurement be repeated, with another class for another seed?"""
    first, again, other = (
        [(learner.did, learner.hand_in(release)) for learner in crowd(40, seed)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_large_class_is_plausible():
    """Are most right, some wrong in every way, and a few broken or hostile, in their shares?"""
    learners = crowd(5000)
    assert len({learner.who for learner in learners}) == 5000
    statuses = Counter(learner.status for learner in learners)
    assert set(statuses) == {"graded", "partly graded", "unreadable", "missing", "not this lesson"}
    assert statuses["graded"] > 4700
    assert statuses["missing"] == pytest.approx(100, abs=40)
    said = Counter(words for learner in learners for words in learner.says)
    assert {wrong.says for wrongs in WRONG.values() for wrong in wrongs} <= set(said)
    full = sum(learner.points == 18 for learner in learners)
    assert 0.2 < full / 5000 < 0.6
    assert set(DIFFICULTY) == {e.name for e in exercises_of(LESSON) if e.kind == "function"}
    assert sum(ODD.values()) < 100


def test_no_two_learners_hand_in_the_same(release):
    """Could a grader that remembers equal notebooks look faster than it is?"""
    own = [learner for learner in crowd(200) if learner.did.startswith("strength")]
    assert len({learner.hand_in(release) for learner in own}) == len(own) > 150


def test_what_is_handed_in_is_a_notebook_with_the_learners_cells(release):
    """Is the release itself left alone, and the file read by nbformat without a warning?"""
    before = nbformat.writes(release)
    for learner in crowd(30):
        if learner.did.startswith("strength"):
            nbformat.validate(nbformat.reads(learner.hand_in(release).decode(), as_version=4))
    assert nbformat.writes(release) == before


def test_names_are_not_all_ascii():
    """Do exports and pages of the class meet the letters that real names have?"""
    names = {full_name(number) for number in range(300)}
    assert len(names) > 200
    assert any(not "".join(name).isascii() for name in names)


def test_each_answer_gets_what_it_is_said_to_get(release):
    """Does the judge give every right and wrong text its points and its name?"""
    source = read("source")
    blank = blank_notebook(source, Course(REPOSITORY).app.config)
    points = {exercise.name: exercise.points for exercise in exercises_of(LESSON)}
    most = max(len(RIGHT[name]) + len(WRONG[name]) for name in WRONG)
    for number in range(most):
        wanted = {}
        for name in WRONG:
            choices = [(text, points[name], "") for text in RIGHT[name]]
            choices += [(wrong.text, wrong.keeps, wrong.says) for wrong in WRONG[name]]
            wanted[name] = choices[number % len(choices)]
        answers = LOOPS | {name: text for name, (text, _, _) in wanted.items()}
        handed = nbformat.reads(written(answers)(release).decode(), as_version=4)
        verdict = judge_notebook(
            source, repair(handed, blank).notebook, lesson=LESSON, secret=b"x" * 32
        )
        for name, (text, keeps, says) in wanted.items():
            cells = [c for n, c in verdict.cells.items() if n.startswith(f"{name}_")]
            said = {
                telling(c.reports).get("misconception") or c.outcome
                for c in cells
                if c.score < c.points
            }
            assert np.isclose(sum(c.score for c in cells), keeps), text
            assert not says or says in said, text
