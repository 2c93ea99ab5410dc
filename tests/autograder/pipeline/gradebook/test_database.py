"""Do records come back as they were written, and in step with the gradebook?"""

import pickle
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from nbgrader.api import Gradebook, Student
from sqlalchemy.exc import IntegrityError
from tiny_course import LESSON, REPOSITORY

from autograder.pipeline.gradebook.database import read_record, read_records, write_records
from autograder.pipeline.records import Cell, Record

CELL = Cell("a_shape", "a", "shape", 1.0, 2.0, "wrong", "flips", "flips it", "Why?", "`a` is wrong")
RECORD = Record(
    status="partly graded",
    reason="cell 3 took longer than 3 s",
    sandbox="namespaces",
    key="k",
    seconds=0.25,
    graded_at=datetime(2026, 3, 1, 12, 30, 5, 250000, UTC),
    score=1.0,
    points=4.0,
    cells=(CELL, replace(CELL, grade_id="a_values", part="values", misconception="")),
)


def enter(db_url, names):
    """Enter learners into nbgrader's class list."""
    with Gradebook(db_url) as gradebook:
        gradebook.db.add_all(Student(id=name) for name in names)
        gradebook.db.commit()


@pytest.fixture
def db_url(root):
    """Return the address of a gradebook that knows the lesson and some learners."""
    url = f"sqlite:///{root}/gradebook.db"
    enter(url, ["ann", "bob", "cy", "zoë 'x'"])
    return url


def test_a_record_comes_back_whole(db_url):
    """Are status, times, points and every cell, in order, what was written?"""
    write_records(db_url, LESSON, {"zoë 'x'": RECORD, "ann": Record("missing")})
    found = read_records(db_url, LESSON)
    assert list(found) == ["ann", "zoë 'x'"]
    assert found["zoë 'x'"] == RECORD
    assert (found["ann"].score, found["ann"].cells) == (None, ())
    assert found["ann"].graded_at.tzinfo is UTC


def test_the_latest_record_counts(db_url):
    """Does a second record take the place of the first one, its cells too, and of no other?"""
    write_records(db_url, LESSON, {"ann": RECORD, "bob": RECORD})
    write_records(db_url, "02_other", {"ann": RECORD})
    write_records(db_url, LESSON, {"ann": Record("unreadable", "it is empty")})
    assert read_record(db_url, LESSON, "ann").said == "unreadable: it is empty"
    assert read_record(db_url, LESSON, "ann").cells == ()
    assert read_records(db_url, LESSON, ["bob"]) == {"bob": RECORD}
    assert read_record(db_url, "02_other", "ann") == RECORD


def test_a_class_of_thousands_is_written_and_read_at_once(db_url):
    """Does no statement hold more values than a database takes?"""
    names = [f"s{number:04}" for number in range(2600)]
    enter(db_url, names)
    write_records(db_url, LESSON, dict.fromkeys(names, RECORD))
    write_records(db_url, LESSON, dict.fromkeys(names, RECORD))
    assert read_records(db_url, LESSON, names) == dict.fromkeys(names, RECORD)


def test_all_or_none_are_written(db_url):
    """Does one record that cannot be kept leave the earlier ones as they were?"""
    write_records(db_url, LESSON, {"ann": RECORD})
    with pytest.raises(IntegrityError):
        write_records(
            db_url, LESSON, {"ann": Record("missing"), "bob": replace(RECORD, sandbox=None)}
        )
    assert read_records(db_url, LESSON) == {"ann": RECORD}


def test_reading_makes_nothing(tmp_path, db_url):
    """Is there simply no record where none was ever written?"""
    assert read_records(db_url, LESSON) == {}
    assert read_records(f"sqlite:///{tmp_path}/nowhere.db", LESSON) == {}
    assert not (tmp_path / "nowhere.db").exists()


def test_a_new_gradebook_is_complete(tmp_path):
    """Does nbgrader find its own tables and its version where a record was written first?"""
    url = f"sqlite:///{tmp_path}/new.db"
    write_records(url, LESSON, {"ann": RECORD})
    with Gradebook(url) as gradebook:
        tables = sa.inspect(gradebook.engine).get_table_names()
        gradebook.update_or_create_student("ann")
    assert {"alembic_version", "grade", "autograder_record"} <= set(tables)
    assert read_record(url, LESSON, "ann") == RECORD


WRITER = """
import pickle, sys
from dataclasses import replace
sys.path.insert(0, {repository!r})
from autograder.startup import skip_address_grammars
skip_address_grammars()
from autograder.pipeline.gradebook.database import write_records
RECORD = pickle.loads({record!r})
for number in range(1_000_000):
    record = replace(RECORD, key=str(number))
    write_records({url!r}, "lesson", dict.fromkeys(("ann", "bob", "cy"), record))
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 2, 5])
def test_killed_at_any_moment(db_url, after):
    """Is what was written there after kill -9, and what was half written not?"""
    settings = {"repository": str(REPOSITORY), "record": pickle.dumps(RECORD), "url": db_url}
    code = WRITER.format(**settings)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
        said = [int(writer.stdout.readline()) for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        said += [int(line) for line in writer.stdout.read().splitlines()]
    found = read_records(db_url, "lesson")
    keys = {int(record.key) for record in found.values()}
    assert sorted(found) == ["ann", "bob", "cy"]
    assert len(keys) == 1
    assert keys <= {said[-1], said[-1] + 1}
    assert all(len(record.cells) == 2 for record in found.values())
