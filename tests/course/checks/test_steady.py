"""Is it said where a failed call gives something else when it comes again, and nothing beside?"""

import itertools

import numpy as np
import pytest

from autograder import reference
from course.checks import again, cases
from course.checks.examine import examine
from course.checks.locate import locate
from course.checks.run import run
from course.checks.steady import AGAIN, ALONE, AT_RANDOM, DRAWS, KEPT, STAYS, unsteady
from tests.course.checks.specs import SPEC, VALUES

RANDOM, KEEPS, FIRST_ONLY = f"{AGAIN} {AT_RANDOM}", f"{AGAIN} {KEPT}", f"{ALONE} {KEPT}"


def examined(answer):
    spec = cases.spec(answer.__name__)
    return examine(spec, answer, list(spec.parts))


def flip_is_invisible(w):
    """Try one x at random, and call what is nearly equal the same."""
    x = np.random.rand(len(w) + 2) - 0.5
    return bool(abs(np.convolve(x, w) - np.correlate(x, w, "full")).max() < np.random.rand())


def adjoint_gap(forward, adjoint, x, cols):
    """Try other arrays than those that came in, by a generator of its own."""
    rng = np.random.default_rng()
    x, cols = rng.normal(size=x.shape), rng.normal(size=cols.shape)
    return float(abs((forward(x) * cols).sum() - (x * adjoint(cols)).sum()))


def correlate1d(x, w, y=[]):  # noqa: B006
    """Append to a default, which stays."""
    if len(w) > len(x):
        raise ValueError
    for i in range(len(x) - len(w) + 1):
        y.append(x[i : i + len(w)] @ w)
    return np.array(y)


class Stack:
    """Keep the layers of all stacks in one list."""

    layers = []

    def __init__(self, *layers):
        for layer in layers:
            self.layers.append(layer)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in self.layers[::-1]:
            dy = layer.backward(dy)
        return dy

    def step(self, lr):
        for layer in self.layers:
            if hasattr(layer, "weight"):
                layer.weight = layer.weight - lr * layer.grad_weight
                layer.bias = layer.bias - lr * layer.grad_bias


CALLS = []


def pad1d(x, padding):
    """Pad by the number of the calls."""
    CALLS.append(padding)
    return np.pad(x, len(CALLS))


def train(params, x, labels, epochs, lr, rng, v={}):  # noqa: B006
    """Keep the velocities of an earlier training."""
    params = {key: value.copy() for key, value in params.items()}
    _, grads = reference.loss_and_gradients(params, x, labels)
    for key, grad in grads.items():
        before = v.get(key, 0) if np.shape(v.get(key, 0)) == grad.shape else 0
        v[key] = 0.5 * before + grad
        params[key] -= lr * v[key]
    return params, [0.0] * epochs


def grad_b_1d(dy, seen={}):  # noqa: B006
    """Remember the first sum of all."""
    return seen.setdefault("sum", dy.sum())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (flip_is_invisible, RANDOM),
        (adjoint_gap, RANDOM),
        (correlate1d, STAYS),
        (Stack, STAYS),
        (pad1d, KEEPS),
        (train, STAYS),
        (grad_b_1d, FIRST_ONLY),
    ],
)
def test_a_result_that_changes_is_all_that_is_told(answer, said):
    """Is neither a name, a line nor a setting told beside it, in any of some runs?"""
    for _ in range(3):
        report = examined(answer)
        assert report.details[-1] == said
        assert (report.misconception, report.line, report.setting) == (None, 0, "")


def correlate_with_draws(x, w):
    """Draw from numpy's generator, of which the wrong results show nothing."""
    np.random.permutation(len(x))
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w))])


def test_no_line_is_told_of_an_answer_that_draws_from_the_generator_of_all():
    """Is it said that it draws, where one line alone would have to change?"""
    spec = cases.spec("correlate1d")
    report = examine(spec, correlate_with_draws, list(spec.parts))
    assert report.details[-1] == DRAWS
    assert (report.misconception, report.line, report.setting) == (None, 0, "")
    tried = [case for part in spec.parts for case in part.cases]
    outcomes = {id(case): run(correlate_with_draws, case) for case in tried}
    assert locate(spec, correlate_with_draws, outcomes) is None


def test_numpys_generator_stays_as_it_was():
    """Do the calls that are made again leave what the notebook draws next?"""
    case = cases.spec("flip_is_invisible").parts[0].cases[0]
    failed = [(case, run(flip_is_invisible, case))]
    np.random.seed(3)
    unsteady(flip_is_invisible, failed, [], None)
    assert np.random.rand() == np.random.RandomState(3).rand()


def test_an_answer_that_is_not_to_be_run_again_is_not(monkeypatch):
    """Is an answer that asks for input asked once for each case?"""
    asked = []
    monkeypatch.setattr("builtins.input", lambda: asked.append(0) or str(len(asked)))

    def grad_b_1d(dy):
        return float(input())

    examined(grad_b_1d)
    assert len(asked) == len(cases.spec("grad_b_1d").parts[0].cases)


def test_words_come_again_as_they_were():
    """Is what cannot be compared as numbers taken for the same?"""

    def grad_b_1d(dy):
        return {"dy": ("no number", 1j, dy > 0, np.array(["words"]))}

    assert AGAIN not in examined(grad_b_1d).text()


def test_numbers_at_random_are_not_taken_for_a_layout(monkeypatch):
    """Is it the second call that is told where an answer is right at first by chance?"""
    calls = itertools.count()

    def double(x):
        return 2 * x + np.random.randint(1) + (next(calls) > len(cases_of_it))

    cases_of_it = VALUES[0].cases
    report = examine(SPEC, double, VALUES)
    assert report.headline == again.KEPT[0]


def equal_to_all(x, w):
    class Equal:
        def __eq__(self, other):
            return True

    return Equal()


def test_an_object_of_a_class_made_anew_is_no_other_result():
    """Is a result of which nothing is known told by its type alone?"""
    spec = cases.spec("correlate1d")
    text = examine(spec, equal_to_all, list(spec.parts)).text()
    assert "Your answer gives an Equal" in text
    assert AGAIN not in text
