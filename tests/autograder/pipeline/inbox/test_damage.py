"""Whatever is wrong with one hand-in, is everybody else's graded?"""

import copy
import io
import json
import tempfile
import zipfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_course import LESSON, RIGHT, fake_judge, solved, tiny_source

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.grader import Grader
from autograder.pipeline.grading.run import handed_by
from autograder.pipeline.inbox.archive import from_archive
from autograder.pipeline.inbox.folders import from_tree
from autograder.pipeline.lesson import blank_notebook
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import Work
from autograder.words import shown

SOME = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MANY = settings(SOME, max_examples=100, derandomize=False)  # others in each run
STATUSES = {
    *(records.GRADED, records.PARTLY, records.UNREADABLE, records.MISSING, records.ELSEWHERE)
}
# What no notebook holds where something else is expected.
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["\ud83d", "\x00", "\u202e", "a" * 5000, 10**4000, [], {}, [[]], {"": None}]),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=3), max_leaves=20),
)


@pytest.fixture(scope="module")
def course_root(tmp_path_factory, filled_gradebook):
    """A course's folder that all tries share."""
    return filled_gradebook.parent


@pytest.fixture(scope="module")
def grader(course_root):
    """A grader that reads and repairs what was handed in and lets a stand-in judge."""
    course = NbgraderCourse(course_root)
    blank = blank_notebook(tiny_source(), course.app.config)
    right = solved(blank, **RIGHT)

    def judge(source, notebook, **rest):
        return fake_judge(source, right, **rest)

    return Grader(setup_of(course, LESSON), judge)


@pytest.fixture(scope="module")
def honest(grader):
    """A right notebook, as it comes from JupyterLab."""
    return solved(grader.blank, **RIGHT)


def places(value, path=()):
    """Yield the path of every entry in a notebook."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))


@st.composite
def odd_notebooks(draw, honest):
    """Draw a notebook in which some entries are something else."""
    made = copy.deepcopy(json.loads(nbformat.writes(honest)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(places(made), key=repr)))
        inside = made
        for key in path[:-1]:
            inside = inside[key]
        # A copy: what a later entry puts into it is no part of the next try.
        inside[path[-1]] = copy.deepcopy(draw(ODD))
    text = json.dumps(made) if draw(st.booleans()) else json.dumps(made, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


@st.composite
def damaged(draw, content):
    """Draw bytes in which some have changed, are gone or come twice."""
    made = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(made) - 1)))
        length = draw(st.integers(0, 40))
        made[at : at + length] = draw(
            st.one_of(st.binary(max_size=12), st.just(bytes(made[at : at + 2 * length])))
        )
    return bytes(made)


def graded(grader, inbox):
    """Return everybody's record, having checked that it can be kept and shown."""
    found = {}
    for name, read in inbox.items():
        outcome = grader.grade(Work(handed_by(name, read)))
        outcome.notebook.encode()
        assert outcome.record.said == shown(outcome.record.said, 3000)
        found[name] = outcome.record
    return found


def _try_a_folder(grader, honest, data):
    content = data.draw(st.one_of(odd_notebooks(honest), damaged(nbformat.writes(honest).encode())))
    stamp = data.draw(st.one_of(st.binary(max_size=60), st.just(b"2026-03-01 12:00:00 UTC")))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("eve", content), ("zoe", nbformat.writes(honest).encode())):
            place = Path(folder, name, LESSON)
            place.mkdir(parents=True)
            (place / f"{LESSON}.ipynb").write_bytes(text)
        Path(folder, "eve", LESSON, "timestamp.txt").write_bytes(stamp)
        found = graded(grader, from_tree(Path(folder), LESSON))
    assert found["zoe"].status == records.GRADED
    assert found["eve"].status in STATUSES, found["eve"].reason


def _try_an_archive(grader, honest, data):
    method = data.draw(
        st.sampled_from(
            [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
        )
    )
    buffer = io.BytesIO()
    text = nbformat.writes(honest)
    with zipfile.ZipFile(buffer, "w", method) as made:
        made.writestr(f"zoe/{LESSON}.ipynb", text)
        start = buffer.tell()
        made.writestr(f"eve/{LESSON}.ipynb", text)
        end = buffer.tell()
    content = bytearray(buffer.getvalue())
    everywhere = data.draw(st.booleans())
    places = st.integers(0, len(content) - 1) if everywhere else st.integers(start, end - 1)
    for at, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        content[at] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "class.zip")
        path.write_bytes(content)
        try:
            found = graded(grader, from_archive(path, LESSON))
        except CommandError:  # what the whole archive says of itself is damaged
            assert everywhere
            return
    if not everywhere:
        assert found["zoe"].status == records.GRADED
    assert {record.status for record in found.values()} <= STATUSES


@SOME
@given(data=st.data())
def test_a_damaged_folder_stops_nobody(grader, honest, data):
    """Is any notebook or timestamp read or told, and the next learner graded?"""
    _try_a_folder(grader, honest, data)


@SOME
@given(data=st.data())
def test_a_damaged_archive_stops_nobody(grader, honest, data):
    """Does an entry that is damaged, packed in any way, cost only its learner?"""
    _try_an_archive(grader, honest, data)


@pytest.mark.slow
@MANY
@given(data=st.data())
def test_many_damaged_folders_stop_nobody(grader, honest, data):
    """The same, on other tries in each run."""
    _try_a_folder(grader, honest, data)


@pytest.mark.slow
@MANY
@given(data=st.data())
def test_many_damaged_archives_stop_nobody(grader, honest, data):
    """The same of archives."""
    _try_an_archive(grader, honest, data)
