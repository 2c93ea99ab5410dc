"""Is the course's secret made once, kept private and renewed on demand?"""

import stat

import pytest

from autograder import CommandError
from autograder.pipeline.secret import course_secret, renew_secret, secret_file


def test_the_secret_is_made_once_and_stays(tmp_path):
    """Do all graders of a course draw the same withheld cases?"""
    first = course_secret(tmp_path)
    assert len(first) == 32
    assert course_secret(tmp_path) == first
    assert [path.name for path in secret_file(tmp_path).parent.iterdir()] == ["secret"]


def test_only_its_owner_can_read_it(tmp_path):
    """Is the file private from its first moment, renewed or not?"""
    for make in (course_secret, renew_secret):
        make(tmp_path)
        assert stat.S_IMODE(secret_file(tmp_path).stat().st_mode) == 0o600


def test_a_new_secret_differs(tmp_path):
    """Does renewing change the secret, and two courses have two?"""
    first = course_secret(tmp_path / "a")
    assert course_secret(tmp_path / "b") != first
    assert renew_secret(tmp_path / "a") != first
    assert course_secret(tmp_path / "a") != first


def test_an_empty_secret_is_refused(tmp_path):
    """Is nobody graded with withheld cases that anybody could draw?"""
    course_secret(tmp_path)
    secret_file(tmp_path).write_bytes(b"")
    with pytest.raises(CommandError, match="is empty"):
        course_secret(tmp_path)
    assert len(renew_secret(tmp_path)) == 32
