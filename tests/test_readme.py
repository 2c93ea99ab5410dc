"""Does the README say what the course does?"""

import re
from pathlib import Path

import numpy as np
import pytest

from course.checks import CheckFailed, check

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_the_wrong_answer_on_the_first_screen_is_told_what_stands_there():
    """Does the check say of the README's answer what the README shows?"""
    code, shown = re.findall(r"```(?:python)?\n(.*?)```", README, re.DOTALL)[:2]
    with pytest.raises(CheckFailed) as failed:
        exec(code, {"np": np, "check": check})
    assert str(failed.value) == shown.strip()
