"""What a test can do with stand-ins, and what it sees of the learner's side."""

import numpy as np
import pytest

from autograder.judge.inside.codec import Uncodable
from autograder.judge.wire import Foreign, Incoming, Outgoing, exception_of, foreign
from tests.autograder.judge import kit

NAMES = {"f": "function", "g": "function", "Box": "class", "value": "prediction"}


@pytest.fixture
def try_out(grade):
    """A function that runs a test against an answer cell and returns the test's verdict."""

    def run(answer: str, test: str) -> dict:
        submission = kit.one_test(test, answer)
        verdict = grade(submission, names=NAMES, source=kit.one_test(test))
        return verdict["cells"]["f_test"]

    return run


# Each test must pass against the learner's code as it would in the same process.
ALIKE = {
    "keyword arguments": ("def f(a, b=1): return a - b", "assert f(b=5, a=7) == 2"),
    "default arguments": ("def f(a, b=1): return a - b", "assert f(7) == 6"),
    "tuples stay tuples": ("def f(x): return (x, [x])", "assert f(1) == (1, [1])"),
    "booleans": ("def f(x): return x > 1", "assert f(2) is True"),
    "numpy booleans": ("def f(x): return np.bool_(x > 1)", "assert type(f(2)) is np.bool_"),
    "types of numbers": (
        "def f(x): return x.astype(np.float32), np.float64(2), 3",
        "a, b, c = f(np.ones(2))\n"
        "assert (a.dtype, type(b), type(c)) == (np.float32, np.float64, int)",
    ),
    "dicts of arrays": (
        "def f(p): return {k: 2 * v for k, v in p.items()}",
        "assert np.array_equal(f({'w': np.ones(2)})['w'], [2, 2])",
    ),
    "argument changed in place": (
        "def f(x): x += 1",
        "x = np.zeros(3)\nf(x)\nassert np.array_equal(x, np.ones(3))",
    ),
    "argument left alone": (
        "def f(x): return x + 1",
        "x = np.zeros(3)\nf(x)\nassert np.array_equal(x, np.zeros(3))",
    ),
    "strided argument changed in place": (
        "def f(x): x[:] = 7",
        "x = np.zeros((4, 4))\nf(x[::2, 1:3])\nassert x.sum() == 28 and x[0, 1] == 7",
    ),
    "an object that is a list": (
        "class Box(list):\n    def __init__(self, *items): super().__init__(items)\n"
        "    def last(self): return self[-1]\ndef f(): return Box(1, 2)",
        "assert Box(3, 4).last() == 4",
    ),
    "list changed in place": (
        "def f(x): x.append(4); x[0] = 'a'",
        "x = [1, 2]\nf(x)\nassert x == ['a', 2, 4]",
    ),
    "dict changed in place": (
        "def f(p): p['w'] = p['w'] + 1; p['n'] = 5; p['v'] -= 1",
        "p = {'w': np.zeros(2), 'v': np.zeros(2)}\nv = p['v']\nf(p)\n"
        "assert p['w'].sum() == 2 and p['n'] == 5 and v.sum() == -2 and p['v'] is v",
    ),
    "changed before it raised": (
        "def f(x):\n    x[0] = 9\n    raise ValueError('late')",
        "x = np.zeros(2)\ntry:\n    f(x)\nexcept ValueError:\n    assert x[0] == 9",
    ),
    "read-only argument": (
        "def f(x):\n    x[0] = 1",
        "x = np.zeros(2)\nx.flags.writeable = False\n"
        "try:\n    f(x)\n    assert False\nexcept ValueError:\n    pass",
    ),
    "the argument itself comes back": (
        "def f(x): return x",
        "x = np.zeros(2)\nassert f(x) is x",
    ),
    "a view comes back as one": (
        "def f(x): return x[::-1][:2]",
        "x = np.arange(4.0)\ny = f(x)\nassert np.shares_memory(x, y)\n"
        "assert np.array_equal(y, [3, 2])\nx[3] = 10\nassert y[0] == 10",
    ),
    "a transposed view comes back as one": (
        "def f(x): return x.T",
        "x = np.arange(6.0).reshape(2, 3)\ny = f(x)\n"
        "assert np.shares_memory(x, y) and y.shape == (3, 2) and y[2, 1] == 5",
    ),
    "a view of windows": (
        "def f(x): return np.lib.stride_tricks.sliding_window_view(x, 2)",
        "x = np.arange(4.0)\nassert np.shares_memory(f(x), x)\n"
        "assert np.array_equal(f(x), [[0, 1], [1, 2], [2, 3]])",
    ),
    "a copy is no view": (
        "def f(x): return x[::-1].copy()",
        "x = np.arange(4.0)\nassert not np.shares_memory(x, f(x))",
    ),
    "a view in a tuple": (
        "def f(x): return x[1:], x.sum()",
        "x = np.arange(4.0)\nassert np.shares_memory(x, f(x)[0])",
    ),
    "builtin exceptions": (
        "def f(x): raise KeyError(x)",
        "try:\n    f('a')\n    assert False\nexcept KeyError as e:\n    assert 'a' in str(e)",
    ),
    "exceptions derived from builtin ones": (
        "class TooBig(ValueError): pass\ndef f(x): raise TooBig('no')",
        "try:\n    f(1)\n    assert False\nexcept ValueError as e:\n    assert 'no' in str(e)",
    ),
    "where it was raised": (
        "def f(x):\n    y = 1\n    return x / 0",
        "from course.protocol import line_of\ntry:\n    f(1)\nexcept ZeroDivisionError as e:\n"
        "    assert line_of(e) == (3, 'return x / 0')",
    ),
    "function passed in": (
        "def f(g, x): return [g(v) for v in x]",
        "assert f(lambda v: v * v, [1, 2, 3]) == [1, 4, 9]",
    ),
    "function passed in sees changes": (
        "def f(g, x):\n    x[0] = 5\n    return g(x)",
        "x = np.zeros(2)\nassert f(lambda v: v is x and float(x[0]), x) == 5.0",
    ),
    "exception out of a function passed in": (
        "def f(g):\n    try:\n        g()\n    except ZeroDivisionError:\n        return 'caught'",
        "assert f(lambda: 1 / 0) == 'caught'",
    ),
    "the learner's function passed to another": (
        "def f(g, x): return g(x)\ndef g(x): return x + 1",
        "assert f(g, 1) == 2",
    ),
    "test's function that calls the learner's": (
        "def f(h, x): return h(x)\ndef g(x): return x + 1",
        "assert f(lambda v: g(v) * 10, 1) == 20",
    ),
    "function given back": (
        "def f(k): return lambda x: k * x",
        "double = f(2)\nassert double(4) == 8 and double(np.ones(2)).sum() == 4",
    ),
    "random generator passed in": (
        "def f(rng): return rng.normal(size=3)",
        "assert np.array_equal(f(np.random.default_rng(3)),"
        " np.random.default_rng(3).normal(size=3))",
    ),
    "random generator that spawns others": (
        "def f(rng): return [one.normal() for one in rng.spawn(2)]",
        "assert f(np.random.default_rng(3)) =="
        " [one.normal() for one in np.random.default_rng(3).spawn(2)]",
    ),
    "a tuple whose entries have names": (
        "from collections import namedtuple\ndef f(): return namedtuple('Pair', 'a b')(1, 2)",
        "assert f() == (1, 2)",
    ),
    "attributes": (
        "class Box:\n    def __init__(self, n): self.n = n; self.w = np.ones(n)\n"
        "    def sum(self): return self.w.sum() + self.n",
        "b = Box(2)\nassert b.n == 2 and b.sum() == 4\nb.w = np.zeros(2)\nb.n = 7\n"
        "assert b.sum() == 7 and b.w.sum() == 0 and isinstance(b, Box)",
    ),
    "two instances": (
        "class Box:\n    def __init__(self, n): self.n = n",
        "a, b = Box(1), Box(2)\nassert (a.n, b.n) == (1, 2)",
    ),
    "instances that meet": (
        "class Box:\n    def __init__(self, n): self.n = n\n"
        "    def join(self, other): return Box(self.n + other.n)",
        "c = Box(1).join(Box(2))\nassert c.n == 3 and type(c) is Box",
    ),
    "missing attribute": (
        "class Box: pass",
        "try:\n    Box().nothing\n    assert False\nexcept AttributeError:\n    pass",
    ),
    "values": ("value = [3, 2, 1]", "assert value == [3, 2, 1]"),
    "missing value": ("", "assert value is None"),
    "names": (
        "def f(): pass\nclass Box: pass",
        "assert f.__name__ == 'f' and Box.__name__ == 'Box'",
    ),
    "answer's own text": (
        "import math\ndef f(): return math.pi",
        "from course.protocol import text_of\ncell, others, name, _ = text_of(f)\n"
        "assert 'math.pi' in cell and cell in others and name == 'f'",
    ),
    "what it prints is not shown": ("def f(): print('noise')", "assert f() is None"),
}


@pytest.mark.parametrize(("answer", "test"), ALIKE.values(), ids=ALIKE.keys())
def test_a_standin_behaves_like_the_thing_itself(try_out, answer, test):
    """Would a test notice that the answer lives in another process?"""
    told = try_out(answer, test)
    assert told["outcome"] == "right", told["outputs"]


# What `course.protocol` reads of a stand-in is not there.
ORDINARY = {
    name: (answer, test) for name, (answer, test) in ALIKE.items() if "course.protocol" not in test
}


@pytest.mark.parametrize(("answer", "test"), ORDINARY.values(), ids=ORDINARY.keys())
def test_the_same_test_passes_in_one_process(answer, test):
    """Is what is asked of stand-ins true of ordinary functions?  (Else the test above is wrong.)"""
    names = {"np": np, "value": None}
    exec(answer, names)
    exec(test, names)


NOT_VALUES = {
    "generator": "(i for i in [])",
    "object array": "np.array([None])",
    "dates": "np.zeros(2, 'M8[D]')",
    "Odd": "Odd()",
    "range": "range(3)",
}


@pytest.mark.parametrize("name", NOT_VALUES)
def test_other_objects_say_what_they_were(try_out, name):
    """Does a test see the type's name of what is no plain data?"""
    kind = {"dates": "datetime64[D] array"}.get(name, name)
    kind = {"object array": "object array"}.get(kind, kind)
    told = try_out(
        f"class Odd: pass\ndef f(): return {NOT_VALUES[name]}",
        f"assert type(f()).__name__ == {kind!r}, type(f()).__name__",
    )
    assert told["outcome"] == "right", told["outputs"]


CHAIN = """
class Box:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def step(self):
        self.layers[0].weight = self.layers[0].weight - 0.5
"""


def test_layers_are_made_in_the_answers_process_and_read_from_there(try_out):
    """Can a stack be given layers, and does the test see what it did to them?"""
    test = """
from course.checks.layers import Layers
line, relu = Layers((("Line", 2, -1), ("ReLU",))).made(Box)
box = Box(line, relu)
assert box.forward(np.array([1.0, -3.0, 0.5])).tolist() == [1.0, 0.0, 0.0]
box.step()
assert line.weight.tolist() == [1.5]
assert line.bias.tolist() == [-1.0]
assert not hasattr(relu, "weight")
"""
    assert try_out(CHAIN, test)["outcome"] == "right"


def test_a_layer_of_the_learners_own_is_not_the_given_one(try_out):
    """Is a stack handed the course's layers, whatever the notebook calls Line?"""
    own = CHAIN + "class Line:\n    weight = 5\n    def __init__(self, *_): pass\n"
    test = """
from course.checks.layers import Layers
(line,) = Layers((("Line", 2, -1),)).made(Box)
assert Box(line).forward(np.array([3.0])).tolist() == [5.0]
assert line.weight.tolist() == [2.0]
"""
    assert try_out(own, test)["outcome"] == "right"


def test_a_function_kept_beyond_its_call_is_dead(try_out):
    """Can the learner call a test's function after the call that brought it?"""
    told = try_out(
        "def f(h):\n    global kept\n    kept = h\ndef g(x): return kept(x)",
        "f(lambda x: x)\nassert g(1) == 1",
    )
    assert told["outcome"] == "stopped"


def test_calls_of_a_function_passed_in_are_counted(grade):
    """Does a learner who calls a test's function for ever hit the cap?"""
    from dataclasses import replace

    test = "f(lambda: 0)"
    submission = kit.one_test(test, "def f(h):\n    for _ in range(60): h()\n    return 1")
    limits = replace(kit.CALM, callbacks=50)
    verdict = grade(submission, limits, names=NAMES, source=kit.one_test(test))
    assert "more than 50 calls" in repr(verdict["cells"]["f_test"]["outputs"])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("return [(i,) for i in range(30_000)]", "f gave more than 200000 values outside arrays"),
        ("return set(range(501))", "more than 500 entries of sets and dicts"),
    ],
)
def test_answers_that_keep_the_judge_busy_are_stopped(try_out, answer, why):
    """Do many long answers, or a large set, end the test and say what was too large?"""
    verdict = try_out(f"def f():\n    {answer}", "for _ in range(3):\n    f()")
    assert verdict["outcome"] == "stopped"
    assert why in repr(verdict["outputs"])


def test_endless_recursion_between_both_sides_ends(try_out):
    """Does a test's function that calls the learner's, which calls it, come to an end?"""
    told = try_out(
        "def f(h): return h()",
        "def h():\n    return f(h)\n"
        "try:\n    f(h)\n    assert False\nexcept RecursionError:\n    pass",
    )
    assert told["outcome"] == "right", told["outputs"]


class _NoLearner:
    limits = kit.CALM

    def own(self, value):
        return None

    def is_class(self, name):
        return False


def _sent(*values) -> Outgoing:
    out = Outgoing(_NoLearner())
    for value in values:
        out.encode(value)
    return out


BAD_VIEWS = {
    "past the end": {"s": [5], "st": [8], "o": 0},
    "past the end by its offset": {"s": [4], "st": [8], "o": 8},
    "before the start": {"s": [4], "st": [-8], "o": 0},
    "with huge strides": {"s": [2], "st": [1 << 50], "o": 0},
    "with strides that wrap around": {"s": [1 << 38, 2], "st": [1 << 39, 8], "o": 0},
    "with strides of text": {"s": [2], "st": ["8"], "o": 0},
    "of another type": {"s": [4], "st": [8], "o": 0, "d": "O"},
    "with a negative offset": {"s": [1], "st": [8], "o": -8},
    "of no argument": {"s": [1], "st": [8], "o": 0, "k": 3},
    "larger than an answer may be": {"s": [1 << 30], "st": [0], "o": 0},
    "much larger than its argument": {"s": [1 << 18], "st": [0], "o": 0},
    "with too few strides": {"s": [2, 2], "st": [8], "o": 0},
}


@pytest.mark.parametrize("layout", BAD_VIEWS.values(), ids=BAD_VIEWS.keys())
def test_forged_views_are_refused(layout):
    """Can no layout that the learner's side sends reach beyond the argument's memory?"""
    decoder = Incoming(_NoLearner(), [], _sent(np.arange(4.0)))
    with pytest.raises(Uncodable):
        decoder.decode({"t": "view", "k": 0, "d": "<f8", **layout})


def test_a_view_may_repeat_its_argument():
    """Do an argument's windows and its repetitions still cross as views?"""
    x = np.arange(4.0)
    decoder = Incoming(_NoLearner(), [], _sent(x))
    back = decoder.decode({"t": "view", "k": 0, "d": "<f8", "s": [1000, 4], "st": [0, 8], "o": 0})
    np.testing.assert_array_equal(back, np.broadcast_to(x, (1000, 4)))
    assert np.shares_memory(back, x)


BAD_CHANGES = {
    "not a list": {},
    "no number": [[None, []]],
    "an argument that was not sent": [[7, []]],
    "a list for an array": [[0, [1, 2]]],
    "an array for a dict": [[1, {"d": "<f8", "s": [1], "b": 0}]],
    "half an entry": [[0]],
    "unhashable keys": [[1, [[{"t": "list", "v": []}, 1]]]],
    "very many keys": [[1, [[0, 0]] * 501]],
}


@pytest.mark.parametrize("changed", BAD_CHANGES.values(), ids=BAD_CHANGES.keys())
def test_forged_changes_are_refused(changed):
    """Does a report of changes that does not fit the arguments change nothing?"""
    array, mapping = np.arange(2.0), {"a": 1}
    decoder = Incoming(_NoLearner(), [b"\0" * 8], _sent(array, mapping))
    with pytest.raises(Uncodable):
        decoder.apply(changed)
    assert array.tolist() == [0, 1]
    assert mapping == {"a": 1}


def test_changes_of_another_shape_are_ignored():
    """Is an argument's shape the test's own business?"""
    array = np.arange(2.0)
    decoder = Incoming(_NoLearner(), [b"\0" * 24], _sent(array))
    decoder.apply([[0, {"d": "<f8", "s": [3], "b": 0}]])
    assert array.tolist() == [0, 1]


@pytest.mark.parametrize(
    "name", ["SystemExit", "KeyboardInterrupt", "BaseException", "print", "Evil\0", "", "x" * 500]
)
def test_only_ordinary_exceptions_are_raised(name):
    """Whatever type the learner's side names, is it an `Exception` that comes out?"""
    error = exception_of({"type": name, "base": name, "message": "m"}, kit.CALM)
    assert isinstance(error, Exception)
    assert not isinstance(error, SystemExit)


@pytest.mark.parametrize(
    ("name", "base", "kind", "text"),
    [
        ("ValueError", "ValueError", ValueError, "m"),
        ("EmptySignal", "ValueError", ValueError, "EmptySignal: m"),
        ("ValueError", "Exception", Exception, "ValueError: m"),
    ],
)
def test_a_class_of_the_learners_own_comes_out_as_its_builtin_base(name, base, kind, text):
    """Is an exception of the builtin type that it is derived from, whatever it is called?"""
    error = exception_of({"type": name, "base": base, "message": "m"}, kit.CALM)
    assert (type(error), str(error)) == (kind, text)


def test_a_foreign_object_equals_nothing_and_is_no_array():
    """Does a placeholder take part in no comparison and hand numpy no memory?"""
    thing = foreign("Ma\x00gic" + "x" * 200, "<repr>")
    assert isinstance(thing, Foreign)
    assert thing != 6
    assert np.asarray(thing).dtype == object
    assert len(type(thing).__name__) <= 60
