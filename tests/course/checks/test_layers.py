"""Are the layers of the cases those of lesson 10, and new for each call?"""

import ast
from pathlib import Path

import numpy as np

from course.checks.cases import Case
from course.checks.drive import stack_step
from course.checks.layers import Layers, Line
from course.checks.run import run

ROOT = Path(__file__).parents[3]
LAYERS = Layers((("Line", 2, -1), ("ReLU",)))


def classes(path):
    """Return the classes Line and ReLU of a file, as their syntax trees."""
    found = ast.parse((ROOT / path).read_text()).body
    return {n.name: ast.dump(n) for n in found if getattr(n, "name", "") in ("Line", "ReLU")}


def test_the_lesson_defines_the_same_layers():
    """Can a learner paste a failing call of a stack and get the same numbers?"""
    lesson, ours = classes("source/10_conv2d_layer.py"), classes("course/checks/layers.py")
    assert set(lesson) == {"Line", "ReLU"}
    assert lesson == ours


def test_layers_read_as_the_calls_that_make_them():
    """Is what a message shows Python that makes the same layers?"""
    assert LAYERS.description == "Line(2, -1), ReLU()"
    first, second = LAYERS.made(None), LAYERS.made(None)
    assert isinstance(first[0], Line)
    assert first[0] is not second[0]


def test_a_step_reports_every_parameter():
    """Are all weights and biases compared, of layers that have them?"""

    class Still:
        def __init__(self, *layers):
            self.layers = layers

        def forward(self, x):
            return x

        def backward(self, dy):
            return dy

        def step(self, lr):
            self.layers[0].bias = self.layers[0].bias - lr

    x = np.array([1.0, 2.0])
    outcome = run(Still, Case((LAYERS, x, x, 0.5), None, how="stack_step"))
    assert outcome.error is None
    assert outcome.changed == []
    assert {key: value.tolist() for key, value in outcome.value.items()} == {
        "weight of layer 0": [2.0],
        "bias of layer 0": [-1.5],
    }
    assert stack_step(Still, LAYERS, x, x, 2)["bias of layer 0"].tolist() == [-3.0]
