"""Do the links and files for other hosts say what those hosts can do?"""

import dataclasses
import json
import re

import pytest
import yaml

from autograder.notebooks.layout import this_course
from autograder.site.build import links
from autograder.site.hosts import addresses

ROOT = this_course().root
LESSON = "08_im2col"


def test_a_lesson_is_launched_where_the_course_has_an_address():
    """Are there no dead links before a repository is named, and one for each host after?"""
    known = dataclasses.replace(addresses(ROOT), repository="")
    assert re.findall(r">([^<]+)</a>", links(LESSON, known, lite=False)) == [
        "Download the notebook",
        "How to run it",
    ]
    named = dataclasses.replace(known, repository="kim/convolution")
    line = links(LESSON, named, lite=True)
    assert re.findall(r">([^<]+)</a>", line) == [
        "Open in this browser",
        "Download the notebook",
        "Binder",
        "Codespaces",
        "Colab",
        "How to run it",
    ]
    launched = re.findall(r'href="(https://[^"]+)"', line)
    assert all("kim/convolution" in address for address in launched)
    assert [address.count(LESSON) for address in launched] == [2, 0, 2]


@pytest.mark.parametrize("name", [".github/workflows/site.yml", ".gitlab-ci.yml"])
def test_a_workflow_builds_with_make(name):
    """Is the file YAML whose commands are goals that make knows, the site among them?"""
    text = (ROOT / name).read_text("utf-8")
    assert yaml.safe_load(text)
    goals = re.findall(r"\bmake (\S+)", text)
    assert "site" in goals
    rules = (ROOT / "instructor.mk").read_text("utf-8")
    assert all(re.search(rf"^{re.escape(goal)}:", rules, re.MULTILINE) for goal in goals)


def test_a_container_installs_what_learners_have():
    """Does the container run a goal of the students' Makefile, and point at its environment?"""
    text = (ROOT / ".devcontainer/devcontainer.json").read_text("utf-8")
    container = json.loads(re.sub(r"^//.*\n", "", text, flags=re.MULTILINE))
    goal = container["postCreateCommand"].removeprefix("make ")
    assert f"\n{goal}:" in (ROOT / "Makefile").read_text("utf-8")
    python = container["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert python.endswith("/.venv/bin/python")
