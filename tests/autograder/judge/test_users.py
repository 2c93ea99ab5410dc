"""When is the sandbox built in a user namespace?"""

import os
import sys

import pytest

from autograder.judge import users


@pytest.mark.parametrize(
    ("uid", "available", "wanted"), [(0, "0", False), (0, "96365", True), (1000, "0", True)]
)
def test_only_root_does_without_a_user_namespace(monkeypatch, tmp_path, uid, available, wanted):
    """Does root build the sandbox without one where the kernel gives none?"""
    (tmp_path / "how_many").write_text(available)
    monkeypatch.setattr(users, "HOW_MANY", str(tmp_path / "how_many"))
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert users.user_namespaces() is wanted


@pytest.mark.skipif(not os.path.exists("/proc/self/ns/user"), reason="no user namespaces here")
def test_the_kernel_says_how_many_there_may_be():
    """Is the file there that the choice is read from?"""
    assert sys.platform == "linux"
    with open(users.HOW_MANY) as file:
        assert int(file.read()) >= 0
