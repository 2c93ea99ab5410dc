"""What a lesson can hide of a figure, in Python: names, messages, tables."""

import json
import re
from html import unescape

import pytest

from course import widgets
from course.widgets import FlipAndSlide, ReceptiveField
from tests.course.widgets.cells import tables_of

FIGURES = [getattr(widgets, name) for name in widgets.__all__]


@pytest.mark.parametrize("figure", FIGURES)
def test_every_control_is_named_in_the_docstring(figure):
    """Do the names that raise no error stand in the text that help() shows, and no others?"""
    line = re.search(r"controls : sequence of {(.*)}, or None", figure.__doc__)[1]
    names = re.findall(r'"(\w+)"', line)
    assert figure(controls=names).controls == tuple(names)
    with pytest.raises(ValueError, match=re.escape(", ".join(map(repr, names)))):
        figure(controls=["colour"])


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"controls": "mode"}, "controls is 'mode'; expected a list of 'show', 'mode', "),
        ({"controls": ["order"]}, "controls has 'order'; expected a list of 'show', 'mode', "),
        ({"controls": 3}, "controls is 3; expected a list of 'show', 'mode', "),
        ({"rule": 0}, "rule is 0; expected True or False."),
    ],
)
def test_a_wrong_option_says_what_would_do(setting, message):
    """Does it say what came in, and what was expected?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        FlipAndSlide(**setting)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_fallback_carries_the_options(figure):
    """Does the page without a kernel get the same controls and rule?"""
    state = re.search(r'data-state="([^"]*)"', figure(controls=[], rule=False).html())[1]
    options = json.loads(unescape(state))
    assert (options["controls"], options["rule"]) == ([], False)


@pytest.mark.parametrize("figure", FIGURES)
def test_only_what_shows_its_input_as_cells_can_be_edited(figure):
    """Is `editable` off unless asked for, and unknown where there is nothing to type?"""
    if figure.__name__ in {"DrawDigit", "KernelLab", "Layout", "ReceptiveField"}:
        with pytest.raises(TypeError, match="no setting 'editable'"):
            figure(editable=True)
        return
    assert figure().editable is False
    assert figure(editable=True).editable is True
    with pytest.raises(ValueError, match=re.escape("editable is 1; expected True or False.")):
        figure(editable=1)


def test_without_a_selection_the_tables_show_no_field():
    """Do a receptive field's tables leave out what no output has been chosen for?"""
    assert list(tables_of(ReceptiveField("Dilated"))) == ["The layers, from the input on"]
    assert len(tables_of(ReceptiveField("Dilated", selection=0))) == 2
