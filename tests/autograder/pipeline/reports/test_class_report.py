"""Does a class report count rightly, say where nothing can be said, and hold nothing that runs?"""

import csv
import math

import nbformat
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from tiny_course import EMPTY, LESSON, RIGHT, tiny_source

from autograder import CommandError
from autograder.pipeline.gradebook.questions import Question, headings, places, questions
from autograder.pipeline.gradebook.verdicts import where_wrong
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.records import GRADED, Cell, Record
from autograder.pipeline.reports import class_summary as summary
from autograder.pipeline.reports.charts import histogram
from autograder.pipeline.reports.class_report import write_report
from autograder.pipeline.reports.export import export_questions
from autograder.pipeline.reports.tables import inert

WRONG = RIGHT | {"double": "NOTE = 'x + 1'\ndef double(x):\n    return x + 1"}
ODD = RIGHT | {"square": "def square(x):\n    return 9"}


@pytest.fixture
def course(root, judged):
    """Return the opened course."""
    return open_course(root)


def report(course):
    """Write the report and return its page, parsed, with the tables beside it."""
    path = write_report(course, LESSON)
    tables = {}
    for table in path.parent.glob("*.csv"):
        with table.open(newline="", encoding="utf-8-sig") as stream:
            tables[table.stem] = list(csv.DictReader(stream))
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"), tables


def words(soup):
    """Return the text of a page or of a part of it, on one line."""
    return " ".join(soup.get_text(" ").split())


def assert_inert(soup):
    """Check that a page runs nothing and loads nothing."""
    assert not soup(["script", "link", "iframe", "object", "form"])
    for tag in soup.find_all():
        assert not any(name.startswith("on") for name in tag.attrs)
        assert not tag.get("src")
        assert not str(tag.get("href", "#")).lower().startswith(("http", "javascript"))
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": True})["content"]


def test_parts_and_exercises_are_counted(course, hand_in):
    """Do pass rates stand beside each part, and is an exercise right only with all its parts?"""
    for student, answers in {"ann": RIGHT, "bob": WRONG, "cy": ODD, "dan": {}}.items():
        hand_in(student, **answers)
    grade_lesson(course, LESSON)
    soup, tables = report(course)
    rows = [
        [words(cell) for cell in row(["th", "td"])]
        for row in soup.select("table")[0].select("tbody tr")
    ]
    assert [[row[0], *row[2:]] for row in rows] == [
        ["double", "50 %", "2", "1", "1", "0"],
        ["small (2)", "50 %", "2", "1", "1", "0"],
        ["large (1)", "50 %", "2", "1", "1", "0"],
        ["square (2)", "50 %", "2", "1", "1", "0"],
    ]
    assert soup.select("svg.bar")[0]["aria-label"] == "50 % right, 25 % wrong, 25 % not written"
    assert [row["pass rate"] for row in tables["parts"]] == ["0.5"] * 3
    assert [row["wrong"] for row in tables["parts"]] == ["1"] * 3


def test_mistakes_are_named_with_hint_and_place(course, hand_in):
    """Does an instructor read what to explain, to how many, and where the lesson treats it?"""
    for student, answers in {"ann": RIGHT, "bob": WRONG, "cy": WRONG, "dan": ODD}.items():
        hand_in(student, **answers)
    grade_lesson(course, LESSON)
    soup, tables = report(course)
    cards = [words(card) for card in soup.select(".card")]
    assert "50 % · 2 learners" in cards[0]
    assert "adds one" in cards[0]
    assert "double (small, large)" in cards[0]
    assert "“Double and square”" in cards[0]
    assert "What does 0 give?" in cards[0]
    assert "square : wrong in a way that no check recognises" in cards[1]
    assert tables["mistakes"][0] == {
        "misconception": "adds-one",
        "name": "adds one",
        "learners": "2",
        "share": "0.5",
        "seen in": "double: small, large",
        "hint": "What does `0` give?",
        "treated in": "Double and square",
    }


def test_who_is_not_graded_is_told_why(course, hand_in):
    """Is everyone who was expected on the page, and nobody's name a tag?"""
    hand_in("ann", **RIGHT)
    hand_in("<b>bob", b"")
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("eve", first_name="<script>alert(1)</script>")
    grade_lesson(course, LESSON)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("zoë", first_name="=1+1", last_name="名前")
    soup, tables = report(course)
    assert_inert(soup)
    text = words(soup)
    assert "1 of 4 graded" in text
    assert f"<b>bob unreadable {EMPTY}" in text
    assert "eve <script>alert(1)</script> missing" in text
    assert "zoë =1+1 名前 missing nothing was handed in" in text
    by_name = {row["student_id"]: row for row in tables["learners"]}
    assert by_name["zoë"]["name"] == "'=1+1 名前"
    assert by_name["<b>bob"]["automatic points"] == ""
    assert by_name["ann"]["automatic points"] == "5"


@pytest.mark.parametrize("students", [[], ["ann"]])
def test_a_class_of_nobody_graded_has_a_report(course, hand_in, students):
    """Is there a page for an empty class, and for one in which nothing could be graded?"""
    for student in students:
        hand_in(student, b"{")
    course.register(LESSON)
    if students:
        grade_lesson(course, LESSON)
    soup, tables = report(course)
    assert_inert(soup)
    assert "Nobody is graded yet" in words(soup)
    assert f"0 of {len(students)} graded" in words(soup)
    assert tables["mistakes"] == []
    assert [row["pass rate"] for row in tables["parts"]] == ["", "", ""]
    assert [row["student_id"] for row in tables["learners"]] == students


def test_one_learner_is_a_class(course, hand_in):
    """Does the page hold for one learner, for whom no correlation can be computed?"""
    hand_in("ann", **RIGHT)
    grade_lesson(course, LESSON)
    soup, _ = report(course)
    text = words(soup)
    assert "1 of 1 graded" in text
    assert "Automatic points of 1 learner;" in text
    assert "Nothing stands out" in text
    assert "Nothing is said of 3 parts" in text


def test_points_of_a_person_have_a_line(course, hand_in):
    """Is it said how many written answers wait, and what the others got?"""
    for student in ("ann", "bob", "cy"):
        hand_in(student, **RIGHT)
    grade_lesson(course, LESSON)
    with Gradebook(course.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade("why_square", LESSON, LESSON, "ann")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    text = words(report(course)[0])
    assert "why_square 1 2 1.5 of 2" in text
    assert "2 answers wait for a person" in text


def test_a_lesson_without_written_answers(root, judged, hand_in, blank):
    """Does the report leave out what the lesson does not have?"""
    source = tiny_source()
    source.cells = [c for c in source.cells if c.id not in ("prompt", "why-square")]
    (root / "gradebook.db").unlink()
    nbformat.write(source, root / "source" / LESSON / f"{LESSON}.ipynb")
    hand_in("ann", **RIGHT)
    course = open_course(root)
    grade_lesson(course, LESSON)
    assert "Graded by a person" not in words(report(course)[0])
    assert export_questions(course, [LESSON], root / "questions.csv")[0] == 1
    with (root / "questions.csv").open(encoding="utf-8-sig") as stream:
        (row,) = csv.DictReader(stream)
    assert row[f"{LESSON} score (5)"] == "5"


def test_grades_without_records_are_counted(course, hand_in):
    """Does an older gradebook, in which nbgrader alone has graded, have a report?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", **WRONG)
    grade_lesson(course, LESSON)
    with Gradebook(course.coursedir.db_url) as gradebook:
        for table in ("autograder_cell", "autograder_record"):
            gradebook.db.execute(sa.text(f"DELETE FROM {table}"))
        gradebook.db.commit()
    soup, tables = report(course)
    assert "2 of 2 graded" in words(soup)
    assert [row["pass rate"] for row in tables["parts"]] == ["0.5", "0.5", "1"]
    assert tables["mistakes"][0]["name"] == "wrong in a way that no check recognises"


def test_hidden_tests_stay_hidden(course, hand_in):
    """Does nothing withheld reach the page or its tables?"""
    hand_in("ann", **WRONG)
    grade_lesson(course, LESSON)
    folder = write_report(course, LESSON).parent
    for path in folder.iterdir():
        for word in ("HIDDEN", "square(5)", "double(3)", "123456789", "equal signs"):
            assert word not in path.read_text(encoding="utf-8"), path


def judged_class(rights, elsewhere):
    """Return records in which one part is right or not, and another exercise earns points."""
    return {
        f"s{number}": Record(
            "graded",
            cells=(
                Cell("a_x", "a", "x", 1.0 * right, 1, "right" if right else "wrong"),
                Cell("a_y", "a", "y", 5.0 * right, 5, "right" if right else "wrong"),
                Cell("b_x", "b", "x", score, 9, "wrong"),
            ),
        )
        for number, (right, score) in enumerate(zip(rights, elsewhere, strict=True))
    }


def test_separation_is_a_correlation_with_the_other_exercises():
    """Is it Pearson's, by hand: right for the upper half of 0..39 gives sqrt(0.75 n^2/(n^2-1))?"""
    question = Question("a_x", "a", "x", 1, False)
    n = 40
    found = summary.separation(
        question, judged_class([i >= n // 2 for i in range(n)], [float(i) for i in range(n)])
    )
    r = math.sqrt(0.75 * n * n / (n * n - 1))
    assert found.r == pytest.approx(r)
    assert found.low == pytest.approx(math.tanh(math.atanh(r) - 1.96 / math.sqrt(n - 3)))
    assert found.low < found.r < found.high


@pytest.mark.parametrize(
    ("rights", "elsewhere"),
    [
        ([True] * 14 + [False] * 15, list(range(29))),
        ([True] * 91 + [False] * 9, list(range(100))),
        ([True] * 50 + [False] * 50, [3.0] * 100),
    ],
    ids=["few learners", "few of them wrong", "all alike elsewhere"],
)
def test_separation_is_silent_where_it_would_guess(rights, elsewhere):
    """Is nothing said of small classes and lopsided parts?"""
    question = Question("a_x", "a", "x", 1, False)
    assert summary.separation(question, judged_class(rights, elsewhere)) is None


def test_one_learner_counts_once_for_a_mistake():
    """Are learners counted, not lost parts, and what is named not counted as unnamed as well?"""
    named = ("flips", "flips it", "Which way?")
    record = Record(
        "graded",
        cells=(
            Cell("a_x", "a", "x", 0, 1, "wrong", *named),
            Cell("a_y", "a", "y", 0, 1, "wrong"),
            Cell("b_x", "b", "x", 0, 1, "wrong", *named),
            Cell("c_x", "c", "x", 0, 1, "stopped"),
            Cell("d_x", "d", "x", 0, 1, "not written"),
        ),
    )
    first, second = summary.mistakes({"ann": record, "bob": record})
    assert (first.id, len(first.learners), first.where) == ("flips", 2, {"a": ["x"], "b": ["x"]})
    assert (second.id, len(second.learners), second.where) == ("", 2, {"c": ["x"]})


def test_places_are_headings_above_the_answers():
    """Are third-level headings, which name the exercise, and the learner's own text passed over?"""
    assert headings("# A\n~~~\n## no\n~~~\n## $x$ and `y` ##") == [(1, "A"), (2, "x and y")]
    notebook = tiny_source()
    notebook.cells[-2].source = "## Signs\n\n### Exercise 3"
    assert {name: place.section for name, place in places(notebook).items()} == {
        "double": "Double and square",
        "square": "Double and square",
        "why_square": "Signs",
    }
    assert [q.title for q in questions(notebook)][-1] == "why_square"


def test_a_histogram_has_axes_and_words():
    """Is each bar as high as its count, with the counts told to those who do not see them?"""
    soup = BeautifulSoup(histogram([("0", 2), ("1", 0), ("2", 4)], 2, 2), "html.parser")
    assert soup.svg["aria-label"] == "Histogram: 2 with 0, 4 with 2 points"
    heights = [float(bar["height"]) for bar in soup("rect")]
    assert heights[0] == pytest.approx(heights[2] / 2)
    assert heights[1] == 0
    labels = [text.get_text() for text in soup("text")]
    assert {"automatic points", "learners", "0", "1", "2", "4"} <= set(labels)


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@a", " =1", "＝1"])
def test_no_text_is_a_formula(value):
    """Does every beginning of a formula get an apostrophe, and a number none?"""
    assert inert(value) == f"'{value}"
    assert inert(-1.5) == -1.5


def test_control_characters_are_escaped_in_tables():
    """Does a tab or a line end before a formula come out as the two characters that name it?"""
    assert [inert(value) for value in ("\t=1", "\r=1")] == ["\\t=1", "\\r=1"]


def test_a_lesson_has_to_be_built(root):
    """Is the way out told where there is no lesson to report on?"""
    with pytest.raises(CommandError, match="build"):
        write_report(open_course(root), "02_nothing")


def test_what_has_no_name_is_grouped_by_place_and_setting():
    """Are two learners with one kind of place one row, and another setting another row?"""
    said = {
        "ann": {"line": 7, "place": "an index"},
        "bob": {"line": 3, "place": "an index"},
        "cy": {"setting": "the padding is above 0"},
    }
    judged = {
        student: Record(
            GRADED,
            cells=(Cell("e_values", "e", "values", 0, 2, "wrong", name=where_wrong(report)),),
        )
        for student, report in said.items()
    }
    assert [(found.name, len(found.learners)) for found in summary.mistakes(judged)] == [
        ("one line has to change: an index", 2),
        ("wrong where the padding is above 0", 1),
    ]
