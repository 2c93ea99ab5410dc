"""Are single slips made in every way, and undone?"""

import ast

import pytest

from course.checks.slips import KINDS_OF_REPAIR, changes, slips
from course.checks.slips.places import is_place

FUNCTION = """
def f(x, w, oh, ow, stride=1):
    y = np.zeros((oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = x[i : i + 2, j : j + 2]
            y[i, j] += (window * w).sum(axis=0, keepdims=True) - 1
    if oh > 2 and not ow:
        raise ValueError("no")
    return y[::-1].reshape(oh, -1)
"""

LAYER = """
class Layer(object):
    def __init__(self, k, *sizes, **settings):
        self.k, self.sizes = k, sizes
        self.settings = dict(k=k, **settings)

    def forward(self, x):
        self.x = np.einsum("ncij,fc->nfij", x, self.k, optimize=True)
        return self.x.T.transpose(0, 2, 1).sum(axis=0) if self.k else -x

    def backward(self, dy):
        for step in (int(n) for n in dy):
            if step < 0:
                continue
            print(step)
        return np.full((2, 3), 0.5, dtype=dy.dtype).ravel()[::2] + np.pad(dy, ((1, 1), (0, 0)))
"""


def texts(source: str) -> set[str]:
    """List the changes of a source, as they read."""
    return {slip.text() for slip in slips(ast.parse(source))}


@pytest.mark.parametrize(
    "change",
    [
        "y = np.zeros((ow, oh), x.dtype)",
        "y = np.zeros((oh, oh), x.dtype)",
        "y = np.zeros((oh, ow), dtype=int)",
        "y = np.zeros((oh, ow), dtype=w.dtype)",
        "y = np.zeros((oh, ow), dtype=np.float32)",
        "y = kept_from_the_first_call(np.zeros((oh, ow), x.dtype))",
        "for i in range(ow):",
        "for i in range(oh - 1):",
        "for i in range(1, oh):",
        "window = x[j:i + 2, j:j + 2]",
        "window = x[i:i + 3, j:j + 2]",
        "window = x[i:, j:j + 2]",
        "window = x[j:j + 2, i:i + 2]",
        "y[j, i] += (window * w).sum(axis=0, keepdims=True) - 1",
        "y[i, j] = (window * w).sum(axis=0, keepdims=True) - 1",
        "y[i, j] -= (window * w).sum(axis=0, keepdims=True) - 1",
        "y[i, j] += (window + w).sum(axis=0, keepdims=True) - 1",
        "y[i, j] += (window * w).sum(axis=1, keepdims=True) - 1",
        "y[i, j] += (window * w).sum(keepdims=True) - 1",
        "y[i, j] += (window * w).sum(axis=0) - 1",
        "y[i, j] += (window * w).sum() - 1",
        "y[i, j] += (window * w).max(axis=0, keepdims=True) - 1",
        "y[i, j] += (window * w).sum(axis=0, keepdims=True)",
        "if oh >= 2 and (not ow):",
        "if oh > 2 or not ow:",
        "if oh > 2 and ow:",
        "if not ow:",
        "return y.reshape(oh, -1)",
        "return y[::-1].reshape(-1, oh)",
        "return y[::-1].reshape(oh, -1, order='F')",
        "return np.abs(y[::-1].reshape(oh, -1))",
        "return np.maximum(y[::-1].reshape(oh, -1), 0)",
        "return -y[::-1].reshape(oh, -1)",
        "def f(x, w, oh, ow, stride=0):",
        "(dropped)",
    ],
)
def test_every_kind_of_slip_is_made(change):
    """Is this one among the changes of a function that holds a bit of everything?"""
    assert any(text.endswith(f"->  {change}") for text in texts(FUNCTION)), change


def test_a_loop_can_end_after_its_first_round():
    """Is the line after a loop also tried one step deeper, and a `break` at a loop's end?"""
    source = "def f(x):\n    for i in x:\n        a += i\n    return a"
    found = []
    tree = ast.parse(source)
    for slip in slips(tree):
        with slip.made():
            found.append(ast.unparse(tree))
    assert "def f(x):\n    for i in x:\n        a += i\n        return a" in found
    assert "def f(x):\n    for i in x:\n        a += i\n        break\n    return a" in found


def test_state_that_stays_is_among_the_slips_of_a_class():
    """Is an attribute kept once it is set, added to, or shared by all objects?"""
    found = texts("class A:\n    def forward(self, x):\n        self.x = x\n        return x")
    assert any("self.x = getattr(self, 'x', x)" in text for text in found)
    assert any("type(self).x = x" in text for text in found)


@pytest.mark.parametrize("kinds", KINDS_OF_REPAIR, ids=["other", "added", "inserted"])
def test_every_change_is_undone(kinds):
    """Is the tree afterwards what it was before?"""
    tree = ast.parse(FUNCTION)
    before = ast.dump(tree)
    made = 0
    for slip in changes(tree, kinds):
        with slip.made():
            made += ast.dump(tree) != before
        assert ast.dump(tree) == before
    assert made > 20


def test_a_change_is_undone_where_the_block_fails():
    """Does an exception leave the tree changed?"""
    tree = ast.parse(FUNCTION)
    before = ast.dump(tree)
    slip = next(slips(tree))
    with pytest.raises(KeyError), slip.made():
        raise KeyError
    assert ast.dump(tree) == before


def test_places_are_told_in_a_learners_words():
    """Is the kind of place what stands there?"""
    places = {slip.text().split("->  ")[1]: slip.place for slip in slips(ast.parse(FUNCTION))}
    assert places["y[j, i] += (window * w).sum(axis=0, keepdims=True) - 1"] == (
        "the order of the indices"
    )
    assert places["y = np.zeros((oh, ow), dtype=int)"] == "the type of the new array"
    assert places["for i in range(oh - 1):"] == "a range's end"
    assert places["window = x[i:i + 3, j:j + 2]"] == "a slice's bound"
    assert places["y[i, j] += (window * w).sum(axis=1, keepdims=True) - 1"] == "an axis"


@pytest.mark.parametrize("source", [FUNCTION, LAYER], ids=["function", "class"])
def test_every_place_is_a_known_one(source):
    """Would a grader pass on every place that a search may tell?"""
    tree = ast.parse(source)
    places = {slip.place for kinds in KINDS_OF_REPAIR for slip in changes(tree, kinds)}
    assert len(places) > 20
    assert {place for place in places if not is_place(place, source)} == set()


@pytest.mark.parametrize(
    "text", ["an index or an index or a sign", "an index.", "the call of `exec`", "", 7, None]
)
def test_no_other_text_is_a_place(text):
    """Is whatever else a learner's process says refused?"""
    assert not is_place(text, FUNCTION)


def test_how_numbers_are_written_is_never_changed():
    """Is the format of an f-string left alone?"""
    tree = ast.parse('def f(x):\n    return f"{x[0]:.6f}"')
    formats = [n for n in ast.walk(tree) if isinstance(n, ast.FormattedValue)]
    parts = {id(n) for one in formats for n in ast.walk(one.format_spec)}
    found = [slip for kinds in KINDS_OF_REPAIR for slip in changes(tree, kinds)]
    assert found
    assert not any(id(node) in parts for slip in found for node, *_ in slip.edits)
    assert not any(field == "format_spec" for slip in found for _, field, _ in slip.edits)
