"""Are the hand-made class and one of any size plausible, and what should each learner get?"""

import functools
from collections import Counter

import nbformat
import pytest
from tiny_course import REPOSITORY

from autograder.exercises import LESSONS, exercises_of
from autograder.pipeline.simulated import learners
from autograder.pipeline.simulated.answers import mistakes
from autograder.pipeline.simulated.crowd import ODD, crowd, full_name
from autograder.pipeline.simulated.learners import LESSON

class_of = functools.cache(learners.class_of)  # it finds out what each answer is worth
every_lesson = pytest.mark.parametrize("lesson", [lesson.name for lesson in LESSONS])


def read(lesson):
    """Return the notebook that is given out."""
    return nbformat.read(REPOSITORY / "release" / lesson / f"{lesson}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def release():
    """Return the notebook that is given out."""
    return read(LESSON)


@pytest.mark.slow
@every_lesson
def test_each_class_is_large_and_varied(lesson):
    """Are there enough learners, in every status, with distinct names and mistakes?"""
    learners = class_of(lesson)
    assert len({learner.who for learner in learners}) == len(learners) >= 20
    statuses = {learner.status for learner in learners}
    assert statuses == {"graded", "partly graded", "unreadable", "missing", "not this lesson"}
    assert len({learner.says for learner in learners}) >= 8


@pytest.mark.slow
@every_lesson
def test_expectations_agree_with_registry_and_catalogue(lesson):
    """Are right ones worth the registry's points, and wrong ones told of their own mistake only?"""
    graded = [e for e in exercises_of(lesson) if e.kind != "written"]
    most = sum(exercise.points for exercise in graded)
    for learner in class_of(lesson):
        if learner.says == "":
            assert learner.points == most, learner
        elif learner.did.startswith(tuple(f"{e.name}: " for e in graded)):
            exercise, mistake = learner.did.split(": ")
            said = learner.says.removeprefix(f"{exercise}: ").split(", ")
            assert set(said) <= {mistake, "wrong"}, learner
            assert 0 <= learner.points < most, learner


@pytest.mark.slow
@every_lesson
def test_what_is_handed_in_is_the_release_with_answers(lesson):
    """Is every file readable, its answers in their cells, where it is meant to be graded?"""
    release = read(lesson)
    before = nbformat.writes(release)
    names = {e.name for e in exercises_of(lesson)}
    for learner in class_of(lesson):
        content = learner.hand_in(release)
        if learner.points is None or learner.who == "sana":
            continue
        handed = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        nbformat.validate(handed)
        cells = {c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in handed.cells}
        assert names <= set(cells), learner
        stubs = [name for name in names if "NotImplementedError" in cells[name]]
        assert bool(stubs) == (learner.who in ("jonas", "noah")), learner
    assert nbformat.writes(release) == before


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
    text = "\n".join(learner.did for learner in learners)
    graded = [e for e in exercises_of(LESSON) if e.kind == "function"]
    assert all(f"{e.name}: {mistake}" in text for e in graded for mistake in mistakes(e))
    full = sum(learner.points == 18 for learner in learners)
    assert 0.2 < full / 5000 < 0.6
    assert set(ODD) <= {learner.who for learner in class_of(LESSON)}
    assert sum(ODD.values()) < 100


@pytest.mark.slow
@every_lesson
def test_a_class_of_each_lesson_is_plausible(lesson):
    """Are some right in everything and some not, and nobody told of what they did not do?"""
    most = sum(e.points for e in exercises_of(lesson) if e.kind != "written")
    drawn = [one for one in crowd(16, lesson=lesson) if one.did.startswith("strength")]
    full = [learner for learner in drawn if learner.points == most]
    assert 0 < len(full) < len(drawn)
    for learner in drawn:
        assert (learner.says == "") == (learner.points == most), learner
        assert 0 <= learner.points <= most
        if "not written" not in learner.did:
            named = {word for part in learner.says.split("; ") for word in part.split(": ")[-1:]}
            words = {word for text in named for word in text.split(", ")} - {"wrong", ""}
            assert all(word in learner.did for word in words), learner


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
