"""Can an instructor grade in Formgrader and a learner read the feedback, with nothing running?

A submission with a script in its written answer goes the whole way: graded by the judge, opened
in Formgrader inside JupyterLab, graded by hand there, and read by the learner as a page.
"""

import pytest

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.run import grade_lesson
from autograder.pipeline.reports.class_report import write_report
from autograder.pipeline.reports.feedback import write_feedback
from autograder.pipeline.simulated.course import make_course
from autograder.pipeline.simulated.learners import LESSON, class_of
from tests.browser.axe import barriers
from tests.browser.jupyter import serve

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect  # noqa: E402


@pytest.fixture(scope="module")
def course(chromium, tmp_path_factory):
    """A course in which one learner, with a script in the written answer, is graded."""
    ravi = [learner for learner in class_of(LESSON) if learner.who == "ravi"]
    root = make_course(tmp_path_factory.mktemp("class") / "demo", ravi)
    course = NbgraderCourse(root)
    grade_lesson(course, LESSON)
    return course


@pytest.fixture(scope="module")
def jupyter(course, tmp_path_factory):
    """JupyterLab at the course's root, as `make teach` opens it."""
    with serve(course.root, tmp_path_factory.mktemp("private")) as server:
        yield server


def assert_figures_are_tables(page):
    """A figure could be forged by a learner: it is its tables, and no script of it runs."""
    sums = page.locator("table", has_text="Every output of the correlation").first
    expect(sums.get_by_role("row", name="y[0] 1·1 + 2·2 + 3·3 14")).to_be_visible()
    assert page.locator("[data-row]").count() == 0
    assert page.get_by_role("grid").count() == 0


def test_formgrader_lists_shows_and_grades(course, jupyter, local_page):
    """Do its lists, its page and its points work offline, and the learner's script not?"""
    errors = []
    local_page.on("pageerror", lambda error: errors.append(str(error)))
    local_page.goto(jupyter.url("api/me"))  # the token logs in here as in JupyterLab
    local_page.goto(jupyter.url(f"formgrader/gradebook/{LESSON}/{LESSON}"))
    local_page.locator("td a", has_text="Submission #1").click()
    expect(local_page.locator("#correlate1d_values")).to_have_attribute("placeholder", "2")
    assert local_page.title() == LESSON
    assert local_page.locator("math").first.bounding_box()["width"] > 10

    assert_figures_are_tables(local_page)

    written = local_page.locator("#why_flip")
    written.fill("1.5")
    with local_page.expect_response(lambda answer: answer.request.method == "PUT") as answer:
        written.press("Tab")
    assert answer.value.ok
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(LESSON, "ravi").score == 18 + 1.5
    assert errors == []


def test_the_feedback_page_reads_offline_and_runs_nothing(course, blank_page):
    """Does the page show its formulas and points by itself, and no script get a chance?"""
    (path,), failures = write_feedback(course, LESSON)
    assert failures == {}
    page = blank_page()
    page.set_content(path.read_text(encoding="utf-8"))
    assert page.title().startswith("Slide a kernel along a signal: feedback for ravi")
    assert page.locator("math").first.bounding_box()["width"] > 10
    expect(page.locator(".fb-points")).to_contain_text("output_length")
    assert page.locator("script").count() == 0
    assert_figures_are_tables(page)
    link = page.locator(".fb-points a", has_text="why_flip")
    link.click()
    expect(page.locator(link.get_attribute("href"))).to_be_in_viewport()
    assert barriers(page) == []


def test_the_class_report_shuts_nobody_out(course, open_offline):
    """Does axe-core find no serious barrier in it, and does it ask for nothing?"""
    assert barriers(open_offline(write_report(course, LESSON))) == []
