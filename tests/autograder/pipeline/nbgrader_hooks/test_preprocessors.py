"""Do nbgrader's own commands give the judge's scores?"""

import json

import nbformat
import pytest
from nbgrader.api import Gradebook
from tiny_course import LESSON, RIGHT, fake_judge, solved

from autograder.pipeline.gradebook.database import read_record
from autograder.pipeline.grading.run import grade_lesson, open_course

# nbgrader adds each new submission to its database session a step late, and says so each time.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")

WRONG = RIGHT | {"square": "def square(x):\n    return x * 3"}


def grades(root, student):
    """Return one learner's grades in the gradebook: name -> (automatic, needs a person)."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        notebook = gradebook.find_submission_notebook(LESSON, LESSON, student)
        return {g.name: (g.auto_score, g.needs_manual_grade) for g in notebook.grades}


def autograded(root, student):
    """Return one learner's autograded notebook."""
    return nbformat.read(root / "autograded" / student / LESSON / f"{LESSON}.ipynb", as_version=4)


@pytest.mark.usefixtures("all_connections_are_closed")
def test_nbgrader_autograde_gives_the_judges_scores(root, judged, hand_in, nbgrader):
    """Does the stock command, configured by the course, write the verdict into the gradebook?"""
    hand_in("ann", **WRONG)
    assert nbgrader("autograde", LESSON) == 0
    assert grades(root, "ann") == {
        "double_small": (2.0, False),
        "double_large": (1.0, False),
        "square_values": (0.0, False),
        "why_square": (None, True),
    }
    assert read_record(f"sqlite:///{root}/gradebook.db", LESSON, "ann").status == "graded"


def test_a_score_does_not_come_from_an_output(root, judged, hand_in, nbgrader, blank):
    """Does a saved output, an edited point or an edited test change the score?"""
    notebook = solved(blank)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 100
            cell.source = "2.0"
            if cell.cell_type == "code":
                data = {"text/plain": "100.0"}
                cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    hand_in("ann", nbformat.writes(notebook).encode())
    assert nbgrader("autograde", LESSON) == 0
    scores = grades(root, "ann")
    assert [scores[name][0] for name in ("double_small", "double_large", "square_values")] == [
        0
    ] * 3


def test_grade_and_nbgrader_agree(root, judged, hand_in, nbgrader):
    """Do both commands write the same grades and the same notebook?"""
    for student, answers in (("ann", RIGHT), ("bob", WRONG), ("cy", {})):
        hand_in(student, **answers)
    grade_lesson(open_course(root), LESSON)
    ours = {s: (grades(root, s), autograded(root, s)) for s in ("ann", "bob", "cy")}
    assert nbgrader("autograde", LESSON, "--force") == 0
    assert {s: (grades(root, s), autograded(root, s)) for s in ours} == ours


def test_a_lesson_that_the_gradebook_does_not_know_is_entered(root, judged, hand_in, nbgrader):
    """Does a fresh clone need generate_assignment, which would write the release again?"""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.remove_assignment(LESSON)
    hand_in("ann", **RIGHT)
    assert nbgrader("autograde", LESSON) == 0
    assert grades(root, "ann")["double_small"] == (2.0, False)
    assert not (root / "release").exists()


def test_the_autograded_notebook_shows_no_hidden_test(root, judged, hand_in, nbgrader):
    """Could a learner read the hidden tests in what comes back?"""
    hand_in("ann", **WRONG)
    nbgrader("autograde", LESSON)
    text = json.dumps(autograded(root, "ann"))
    for word in ("HIDDEN", "square(5)", "123456789", "A product of equal signs"):
        assert word not in text


def test_the_verdict_stays_with_the_notebook(root, judged, hand_in, nbgrader):
    """Can feedback and reports find what the checks said?"""
    hand_in("ann", **WRONG)
    nbgrader("autograde", LESSON)
    verdict = autograded(root, "ann").metadata.autograder
    assert verdict.status == "graded"
    (report,) = verdict.cells.square_values.reports
    assert report.headline == "`square_values` is wrong"
    assert report.details == ["the check called square_values"]
    assert "withheld" not in report


def test_a_test_without_a_verdict_is_an_error_not_full_points(
    root, judged, hand_in, nbgrader, monkeypatch
):
    """Would nbgrader's rule, no error means full points, fill a gap in the verdict?"""

    def forgetful(*args, **kwargs):
        verdict = fake_judge(*args, **kwargs)
        del (
            verdict.cells["double_small"],
            verdict.notebook.metadata.autograder.cells["double_small"],
        )
        return verdict

    monkeypatch.setattr("autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept", forgetful)
    hand_in("ann", **RIGHT)
    assert nbgrader("autograde", LESSON) == 1
    assert grades(root, "ann")["double_small"][0] is None


def test_the_graders_points_survive_grading_again(root, judged, hand_in, nbgrader):
    """Is a person's grade kept, and marked to be looked at again?"""
    hand_in("ann", **WRONG)
    nbgrader("autograde", LESSON)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for name, points in (("why_square", 1.5), ("square_values", 1.0)):
            grade = gradebook.find_grade(name, LESSON, LESSON, "ann")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    hand_in("ann", **RIGHT)
    nbgrader("autograde", LESSON, "--force")
    assert grades(root, "ann")["square_values"] == (2.0, True)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        assert gradebook.find_submission(LESSON, "ann").score == 3 + 1.0 + 1.5
