"""Does a learner's page say what was earned and why, and hold nothing that runs?"""

import nbformat
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tiny_course import EMPTY, LESSON, RIGHT, solved

from autograder import CommandError
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.html.sentence import sentence
from autograder.pipeline.reports import feedback
from autograder.pipeline.reports.feedback import Colours, PageWriter, feedback_page, write_feedback
from autograder.pipeline.reports.feedback_content import shown

WRONG = RIGHT | {"double": "NOTE = 'x + 1'\ndef double(x):\n    return x + 1"}
HOSTILE = """
A $\\frac{1}{2}$ <script>document.title = "mine"</script>
<img src="x" onerror="alert(1)"> <img src="https://x.example/x.png">
[link](javascript:alert(1)) ![picture](https://x.example/y.png)
"""


@pytest.fixture
def course(root, judged):
    """Return the opened course."""
    return open_course(root)


def page(course, student):
    """Grade everyone, write the pages, and return one of them, parsed."""
    grade_lesson(course, LESSON)
    pages, failures = write_feedback(course, LESSON, [student])
    assert failures == {}
    assert pages == [feedback_page(course, LESSON, student)]
    return BeautifulSoup(pages[0].read_text(encoding="utf-8"), "html.parser")


def assert_inert(soup, own_scripts=0):
    """Check that a page runs nothing of a learner's and loads nothing from outside."""
    assert len(soup("script")) == own_scripts
    for tag in soup.find_all():
        assert not any(
            name.startswith("on") and "toggle_name" not in tag[name] for name in tag.attrs
        )
        assert not str(tag.get("href", "")).lower().startswith("javascript")
        assert not str(tag.get("src", "")).startswith(("http", "//", "x"))


def test_a_page_says_points_and_what_to_look_at(course, hand_in):
    """Are points per part, the mistake's name and its hint on top of the page?"""
    hand_in("ann", **WRONG)
    soup = page(course, "ann")
    summary = soup.header.get_text(" ", strip=True)
    assert "2 of 7 points so far; 2 of them are still to be given by hand" in summary
    (again,) = soup.select("header .card")
    text = again.get_text(" ", strip=True)
    assert text.count("adds one") == 1
    assert "What does 0 give?" in text
    assert "0 / 3" in text
    rows = [
        [cell.get_text(" ", strip=True) for cell in row(["th", "td"])]
        for row in soup.select("tbody tr")
    ]
    assert rows == [
        ["double", "", "0 / 3"],
        ["small", "✗ wrong", "0 / 2"],
        ["large", "✗ wrong", "0 / 1"],
        ["square", "✓ right", "2 / 2"],
        ["why_square", "to be graded by hand", "– / 2"],
    ]


def test_a_lost_exercise_names_its_section(course, hand_in):
    """Does the page say which part of the lesson to read again, and lead there?"""
    hand_in("ann", **WRONG)
    soup = page(course, "ann")
    link = soup.find("a", string="Double and square")
    assert "Double and square" in soup.find(id=link["href"].removeprefix("#")).h1.get_text()


def test_what_a_check_showed_is_taken_from_its_report():
    """Are a failed report's details shown, and neither glyphs nor sentences of an output read?"""
    details = ["double(2)", "First difference at index [0]: computed 3, expected 4."]
    right = {"status": "right", "details": ["20 inputs were tried"]}
    failed = {"status": "wrong", "details": details}
    withheld = {"status": "wrong", "details": []}
    cell = new_code_cell("x")
    assert shown(cell, "wrong", [right, failed]) == details
    assert shown(cell, "wrong", [withheld]) == shown(cell, "wrong", []) == []
    unwritten = {"status": "not written", "details": ["Write it in the cell above."]}
    assert shown(cell, "not written", [unwritten]) == []
    forged = new_output("display_data", {"text/plain": "✗ double: wrong.\n  a line"})
    assert shown(new_code_cell("x", outputs=[forged]), "wrong", [withheld]) == []
    stopped = new_output("error", ename="Stopped", evalue="it took 2 s", traceback=["a", "b"])
    assert shown(new_code_cell("x", outputs=[stopped]), "stopped", []) == ["it took 2 s"]


def test_the_page_shows_what_the_check_showed(course, hand_in):
    """Do the details of a report reach the page, beside what is said of the lost points?"""
    hand_in("ann", **WRONG)
    assert "the check called double_small" in page(course, "ann").get_text()


def test_nothing_lost_is_said_so(course, hand_in):
    """Does a learner without a mistake read that there is none?"""
    hand_in("ann", **RIGHT)
    text = page(course, "ann").header.get_text(" ", strip=True)
    assert "Nothing: every check is right, and a person will read the rest." in text


def test_links_of_the_summary_lead_to_cells(course, hand_in):
    """Does each link on top find its cell?"""
    hand_in("ann", **WRONG)
    soup = page(course, "ann")
    links = [link["href"] for link in soup.select("header a")]
    assert len(links) == 7  # the answer, its section, three exercises and two parts
    assert all(soup.find(id=link.removeprefix("#")) for link in links)


def test_a_page_holds_no_script_and_forbids_it(course, hand_in):
    """Is there no script at all, and would the browser refuse one?"""
    hand_in("ann", **(RIGHT | {"why_square": HOSTILE}))
    soup = page(course, "ann")
    assert_inert(soup)
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "script-src 'none'" in policy
    assert "default-src 'none'" in policy
    assert "mine" not in soup.get_text()


def test_formulas_are_readable_offline(course, hand_in):
    """Are the lesson's and the learner's formulas MathML, and no dollar left?"""
    hand_in("ann", **(RIGHT | {"why_square": HOSTILE}))
    soup = page(course, "ann")
    assert len(soup("math")) == 4
    assert soup.find("mfrac")
    assert "$" not in soup.body.get_text()


def test_hidden_tests_and_inputs_stay_hidden(course, hand_in):
    """Is nothing of the instructor's notebook on the page but what the release shows?"""
    hand_in("ann", **WRONG)
    text = str(page(course, "ann"))
    for word in ("HIDDEN", "square(5)", "double(3)", "123456789", "A product of equal signs"):
        assert word not in text


def test_a_graders_comment_and_points_are_shown(course, hand_in):
    """Does the learner read what a person wrote, without the person's HTML running either?"""
    hand_in("ann", **RIGHT)
    grade_lesson(course, LESSON)
    with Gradebook(course.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade("why_square", LESSON, LESSON, "ann")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        comment = gradebook.find_comment("why_square", LESSON, LESSON, "ann")
        comment.manual_comment = "Good: $x^2$. <script>alert(1)</script>"
        gradebook.db.commit()
    soup = page(course, "ann")
    assert_inert(soup)
    assert "6.5 of 7 points." in soup.header.get_text(" ", strip=True)
    assert "Good:" in soup.select_one(".fb-comment").get_text()
    assert "graded by hand; see the comment" in soup.header.get_text(" ", strip=True)


def test_an_untouched_written_answer_is_zero_and_said_so(course, hand_in):
    """Does nbgrader's own rule for answers that were not given still hold?"""
    hand_in("ann")
    soup = page(course, "ann")
    assert "0 of 7 points." in soup.header.get_text(" ", strip=True)
    assert "No response." in soup.select_one(".fb-comment").get_text()


def test_only_graded_submissions_get_a_page(course, hand_in):
    """Is the reason told where there is no page?"""
    with pytest.raises(CommandError, match="Nothing of 01_tiny is graded"):
        write_feedback(course, LESSON)
    hand_in("ann", **RIGHT)
    hand_in("bob", b"")
    grade_lesson(course, LESSON)
    pages, failures = write_feedback(course, LESSON)
    assert [path.parent.parent.name for path in pages] == ["ann"]
    assert failures == {"bob": f"unreadable: {EMPTY}"}


def test_a_learners_own_cells_are_shown_and_cleaned(course, hand_in, blank):
    """Are cells that the learner added on the page, with their outputs harmless?"""
    notebook = solved(blank, **RIGHT)
    notebook.cells.insert(1, new_markdown_cell("<script>alert(1)</script>My notes"))
    notebook.cells.insert(2, new_code_cell("print('</script><script>alert(1)')"))
    hand_in("ann", nbformat.writes(notebook).encode())
    soup = page(course, "ann")
    assert_inert(soup)
    assert "My notes" in soup.get_text()
    assert "print(" in soup.get_text()


def test_formgraders_page_runs_its_own_scripts_only(course, root, hand_in, monkeypatch):
    """Could a submission act with the instructor's rights, or formulas need a network?"""
    hand_in("ann", **(RIGHT | {"why_square": HOSTILE}))
    hand_in("bob", **RIGHT)
    grade_lesson(course, LESSON)
    monkeypatch.chdir(root)
    formgrader = FormgradeExtension()
    formgrader.root_dir = str(root)
    formgrader.initialize([])
    exporter = HTMLExporter(config=formgrader.config)
    resources = {
        "assignment_id": LESSON, "notebook_id": LESSON, "submission_id": "1", "index": 0,
        "total": 1, "base_url": "", "student": "x", "last_name": "", "first_name": "",
        "notebook_path": "x",
    }  # fmt: skip

    def shown(student):
        path = root / "autograded" / student / LESSON / f"{LESSON}.ipynb"
        html, _ = exporter.from_filename(str(path), resources=dict(resources))
        return BeautifulSoup(html, "html.parser")

    harmless, hostile = shown("bob"), shown("ann")
    scripts = [str(script) for script in harmless("script")]
    assert scripts
    assert [str(script) for script in hostile("script")] == scripts
    assert_inert(hostile, own_scripts=len(scripts))
    assert not any(tag.get("src", "").startswith("http") for tag in hostile("script"))
    assert len(hostile("math")) == 4
    assert hostile.find("input", id="why_square")


@pytest.mark.parametrize("code", ["x" + ".a" * 9000, "x\n" + " \n" * 9000 + "y", "x=1;" * 5000])
def test_what_takes_long_to_colour_is_shown_as_typed(code):
    """Is such a cell shown letter by letter, and the one below it in colours?"""
    colours = Colours()
    assert "<span" not in colours(f"<b>{code}")
    assert f"&lt;b&gt;{code}" in colours(f"<b>{code}")
    assert "<span" in colours("def f(x):\n    return x")


def test_a_page_colours_so_much_code_and_no_more():
    """Is the code beyond that shown as it was typed?"""
    colours, cell = Colours(), "x = 1\n" * 2000
    assert ["<span" in colours(cell) for _ in range(6)] == [True] * 5 + [False]


def test_sentences_are_escaped():
    """Can a report's text, which quotes what a learner computed, hold a tag?"""
    assert sentence("`<b>` is wrong") == "<code>&lt;b&gt;</code> is wrong"
    assert sentence("one ` only <i>") == "one ` only &lt;i&gt;"


def test_nbgraders_command_writes_the_same_page(course, hand_in):
    """Do `nbgrader generate_feedback` and ours agree to the byte?"""
    hand_in("ann", **(WRONG | {"why_square": HOSTILE}))
    grade_lesson(course, LESSON)
    ((ours,), _) = write_feedback(course, LESSON)
    text = ours.read_text(encoding="utf-8")
    ours.unlink()
    course.convert(GenerateFeedback, LESSON, student_id="ann")
    assert feedback_page(course, LESSON, "ann").read_text(encoding="utf-8") == text


def test_other_processes_write_the_same_pages(course, hand_in, monkeypatch):
    """Is a class that several processes share written like one that is not?"""
    for student in ("ann", "bob", "Ünal <b>"):
        hand_in(student, **WRONG)
    grade_lesson(course, LESSON)
    alone, _ = write_feedback(course, LESSON, jobs=1)
    texts = [path.read_text(encoding="utf-8") for path in alone]
    monkeypatch.setattr(feedback, "TOGETHER", 2)
    shared, failures = write_feedback(course, LESSON, jobs=2)
    assert failures == {}
    assert shared == alone
    assert [path.read_text(encoding="utf-8") for path in shared] == texts
    assert "Ünal <b>" not in texts[2]
    assert "Ünal &lt;b&gt;" in texts[2]


def test_a_broken_notebook_stops_no_other_page(course, hand_in):
    """Is a page that cannot be written told, and the others written?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", **RIGHT)
    grade_lesson(course, LESSON)
    broken = course.root / "autograded" / "ann" / LESSON / f"{LESSON}.ipynb"
    broken.chmod(0o644)
    broken.write_text("{")
    pages, failures = write_feedback(course, LESSON)
    assert [path.parent.parent.name for path in pages] == ["bob"]
    assert list(failures) == ["ann"]


def test_a_grade_without_a_verdict_gets_a_page(course, hand_in):
    """Is a submission that nbgrader graded before there were verdicts shown with its points?"""
    hand_in("ann", **RIGHT)
    grade_lesson(course, LESSON)
    path = course.root / "autograded" / "ann" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata["autograder"]
    path.chmod(0o644)
    nbformat.write(notebook, path)
    with Gradebook(course.coursedir.db_url) as gradebook:
        for table in ("autograder_cell", "autograder_record"):
            gradebook.db.execute(sa.text(f"DELETE FROM {table}"))
        gradebook.db.commit()
    ((page,), failures) = write_feedback(course, LESSON)
    assert failures == {}
    text = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").header.get_text(" ")
    assert "5 of 7 points so far" in " ".join(text.split())


def test_a_learners_metadata_forges_no_result(course, hand_in, blank):
    """Can a cell of the learner's own look like a graded one?"""
    forged = {"row": {"exercise": "double", "points": 9, "score": 9, "judged": True}}
    cell = new_code_cell("1 + 1", metadata={"feedback": forged | {"anchor": '"><script>'}})
    notebook = solved(blank, **RIGHT)
    notebook.cells.append(cell)
    sheet, record = feedback.Sheet(), None
    said = feedback.summarize(notebook, LESSON, "ann", sheet, record)
    exporter = PageWriter(course.app.config, LESSON).exporter
    text, _ = exporter.from_notebook_node(notebook, {"feedback": said})
    assert "9 / 9" not in text
    assert "<script" not in text
