"""Are calls of what does the exercise's work found, and only in the answer?"""

import functools
import linecache

import pytest

from course.checks.barred import barred_calls
from course.protocol import AnswerText, set_text

BARRED = ("numpy.convolve", "scipy.signal.convolve", "torch.nn.functional.conv2d")


def _answer(source, *others, name="f"):
    answer = type("Answer", (), {})
    set_text(answer, AnswerText(source, others, name))
    return answer


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("def f(x, w): return np.convolve(x, w)", "import numpy as np"),
        ("def f(x, w): return numpy.convolve(x, w)", "import numpy"),
        ("from numpy import convolve\ndef f(x, w): return convolve(x, w)", ""),
        ("def f(x, w): return slide(x, w)", "from numpy import convolve as slide"),
        ("def f(x, w):\n    import numpy as n\n    return n.convolve(x, w)", ""),
        ("c = np.convolve\ndef f(x, w): return c(x, w)", "import numpy as np"),
        ("def f(x, w): return F.conv2d(x, w)", "import torch.nn.functional as F"),
        ("def f(x, w): return signal.convolve(x, w)", "from scipy import signal"),
        ("from numpy import *\ndef f(x, w): return convolve(x, w)", ""),
        ("%time\ndef f(x, w): return np.convolve(x, w)", "import numpy as np"),
    ],
)
def test_a_barred_call_is_found_through_its_aliases(source, imports):
    """Is the call found however it was imported?"""
    assert len(barred_calls(_answer(source, imports), BARRED)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, w): return np.einsum('i,i->i', x, w)",
        "def f(x, w): 'as np.convolve does'\n",
        "def convolve(x, w): return x\ndef f(x, w): return convolve(x, w)",
        "def f(x: this is no Python",
        "",
    ],
)
def test_everything_else_is_welcome(source):
    """Is a learner's own work ever called barred?"""
    assert barred_calls(_answer(source, "import numpy as np"), BARRED) == []


def test_the_function_itself_is_no_answer():
    """Can np.convolve be handed in as the answer?"""
    import numpy as np

    assert barred_calls(np.convolve, BARRED) == ["numpy.convolve"]


GIVEN = ("numpy.convolve", "oracle")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, w): return oracle(f, x, w)",
        "o = oracle\ndef f(x, w): return o(x, w)",
        "def f(x, w):\n    ask = oracle\n    return ask(x, w)",
        "class f:\n    def backward(self, dy): return oracle(self.forward, self.x, dy)",
        "f = oracle",
    ],
)
def test_a_call_of_what_the_notebook_gives_is_found(source):
    """Is a bare call of a given function found, and through a plain alias too?"""
    assert barred_calls(_answer(source), GIVEN) == ["oracle"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, w): 'checked with oracle'\n",
        "def f(x, w): return x  # oracle(f, x, w) says the same",
        "def oracle(x, w): return x\ndef f(x, w): return oracle(x, w)",
        "def f(x, oracle): return oracle + x",
        "def f(x, w):\n    oracle = x + w\n    return oracle",
        "class f:\n    def f(self, x): return self.oracle(x)",
        "def f(x, w): return my_oracle(x, w)",
    ],
)
def test_a_name_of_the_learners_own_is_welcome(source):
    """Is a function or a variable of the learner's, under the same name, left alone?"""
    assert barred_calls(_answer(source), GIVEN) == []


def test_the_given_function_is_no_answer():
    """Can the given function be handed in as it is, or with a parameter filled in?"""

    def oracle(x, w):
        return x

    assert barred_calls(oracle, GIVEN) == ["oracle"]
    assert barred_calls(functools.partial(oracle, w=1), GIVEN) == ["oracle"]


REACHED = {
    "a helper in another cell": ("def f(x): return help(x)", "def help(x): return oracle(x)"),
    "a helper's helper": (
        "def f(x): return one(x)",
        "def one(x): return two(x)",
        "def two(x):\n    return [oracle(y) for y in x]",
    ),
    "another name in another cell": ("def f(x): return ng(x)", "ng = oracle"),
    "another name for another name": ("def f(x): return b(x)", "a = oracle", "b = a"),
    "a lambda in another cell": ("def f(x): return g(x)", "g = lambda x: oracle(x)"),
    "a helper class": ("def f(x): return Help().go(x)", "class Help:\n    go = oracle"),
    "a name bound in a try": ("def f(x): return g(x)", "try:\n    g = oracle\nexcept: pass"),
}


@pytest.mark.parametrize("cells", REACHED.values(), ids=REACHED)
def test_what_the_answer_reaches_counts(cells):
    """Is a barred call found in helpers and under other names, wherever they stand?"""
    given = "def oracle(f, x): return x"
    assert barred_calls(_answer(*cells, given), GIVEN) == ["oracle"]


WELCOME = {
    "a test below the answer": "def f(x): return x\n\nprint(oracle(f, 1), np.convolve([1], [2]))",
    "an assertion below it": "def f(x): return x\nassert oracle(f, 3) == 3",
    "another function of the cell": "def f(x): return x\ndef try_it(): return oracle(f, 1)",
    "a variable called like one of the notebook's": "def f(x):\n    y = x + 1\n    return y",
    "a number that was checked with it": "def f(x): return x * SCALE",
    "an import that is not used": "from numpy import convolve\ndef f(x): return x",
}


@pytest.mark.parametrize("cell", WELCOME.values(), ids=WELCOME)
def test_the_rest_of_the_cell_is_free(cell):
    """May a learner compare with the oracle and the library below the answer?"""
    others = "import numpy as np", "def oracle(f, x): return np.convolve(x, x)"
    others += ("y, x = oracle(f, 1), np.convolve([1], [2])\nSCALE = oracle(f, 2)",)
    assert barred_calls(_answer(cell, *others), GIVEN) == []


def test_a_live_answer_is_followed_through_the_notebook():
    """Are helpers and other names found where Python itself knows them?"""
    names = {}
    cells = {
        "<cell 1>": "import numpy as np\ndef oracle(f, x): return x\nng = oracle",
        "<cell 2>": "def helper(x): return np.convolve(x, x)",
        "<cell 3>": "def f(x): return helper(x)\nprint(oracle(f, [1]))",
        "<cell 4>": "def g(x): return ng(x, x)",
        "<cell 5>": "def h(x): return x\nng(h, 1)",
    }
    for file, text in cells.items():
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        exec(compile(text, file, "exec"), names)
    assert barred_calls(names["f"], GIVEN) == ["numpy.convolve"]
    assert barred_calls(names["g"], GIVEN) == ["oracle"]
    assert barred_calls(names["h"], GIVEN) == []


COMPARED = "from numpy import convolve\nprint(convolve([1], [2]))"
OWN = {
    "a variable": "def f(x, w):\n    convolve = []\n    convolve.append(x)\n    return convolve",
    "a function inside": "def f(x):\n    def convolve(i): return i\n    return convolve(x)",
    "a lambda's parameter": "def f(x): return (lambda convolve: convolve + 1)(x)",
    "a helper's parameter": "def f(x): return g(x)\ndef g(convolve): return convolve + 1",
    "a loop's variable": "def f(x):\n    for convolve in x: print(convolve)",
    "a comprehension's variable": "def f(x): return [convolve + 1 for convolve in x]",
    "a variable of the function around": (
        "def f(x):\n    convolve = 1\n    def g(): return convolve\n    return g()"
    ),
    "a function of the cell": "def convolve(x, w): return x\ndef f(x, w): return convolve(x, w)",
    "one below an import of all": (
        "from numpy import *\ndef convolve(x, w): return x\ndef f(x, w): return convolve(x, w)"
    ),
    "a method": "class f:\n    def convolve(self): 1\n    def g(self): return self.convolve()",
}


@pytest.mark.parametrize("cell", OWN.values(), ids=OWN)
@pytest.mark.parametrize("live", [False, True])
def test_a_name_that_another_cell_imports_may_be_the_answers_own(cell, live):
    """Is an answer's own name no library function where a cell to compare imports one?"""
    assert barred_calls(_ran(COMPARED, cell) if live else _answer(cell, COMPARED), BARRED) == []


def test_a_helper_below_an_import_of_its_name_is_the_notebooks():
    """Does the cell that comes last before the answer say what a name stands for?"""
    cells = COMPARED, "def convolve(x, w): return x", "def f(x, w): return convolve(x, w)"
    assert barred_calls(_answer(cells[2], *cells), BARRED) == []
    assert barred_calls(_ran(*cells), BARRED) == []
    assert barred_calls(_answer(cells[2], cells[1], cells[0], cells[2]), BARRED) != []
    assert barred_calls(_answer(cells[2], cells[0], cells[2], cells[1]), BARRED) != []


STILL = {
    "a comprehension's variable elsewhere": (
        "def f(x, w): return [convolve for convolve in x], convolve(x, w)"
    ),
    "a comprehension over it": "def f(x, w): return [convolve for convolve in convolve(x, w)]",
    "a default": "def f(x, w, convolve=convolve): return convolve(x, w)",
    "a variable of another function": (
        "def f(x, w):\n    def g(convolve): return convolve\n    return g(convolve(x, w))"
    ),
    "a name of a class": (
        "class f:\n    convolve = None\n    def g(self, x): return convolve(x, x)"
    ),
    "a global name": "def f(x, w):\n    global convolve\n    return convolve(x, w)",
    "a function that need not be there": (
        "try:\n    from numpy import convolve\nexcept ImportError:\n"
        "    def convolve(x, w): return x\ndef f(x, w): return convolve(x, w)"
    ),
    "an import below the function": (
        "def convolve(x, w): return x\nfrom numpy import *\ndef f(x, w): return convolve(x, w)"
    ),
    "an import inside": "def f(x, w):\n    from numpy import convolve\n    return convolve(x, w)",
    "an import in the function around": (
        "def f(x, w):\n    import numpy as n\n    def g(): return n.convolve(x, w)\n    return g()"
    ),
    "a long sum": "def f(x, w): return " + "1 + " * 1500 + "convolve(x, w)",
}


@pytest.mark.parametrize("cell", STILL.values(), ids=STILL)
@pytest.mark.parametrize("live", [False, True])
def test_a_name_of_another_scope_hides_nothing(cell, live):
    """Is a library function still found where the same name stands for something else nearby?"""
    found = barred_calls(_ran(COMPARED, cell) if live else _answer(cell, COMPARED), BARRED)
    assert found == ["numpy.convolve"]


ORACLE = "def oracle(f, x): return x"
REPLACED = {
    "a number of the answer's cell": ((), "oracle = 3\ndef f(x): return oracle * x"),
    "a class of the answer's cell": (
        (),
        "class oracle:\n    def go(self): return 1\ndef f(x): return oracle().go()",
    ),
    "another function": ((), "def oracle(a, b, c): return a", "def f(x): return oracle(x, x, x)"),
    "one that computes by the library": (
        ("numpy.convolve",),
        "import numpy as np\ndef oracle(x): return np.convolve(x, x)",
        "def f(x): return oracle(x)",
    ),
    "one that calls what was kept": (
        ("oracle",),
        "kept = oracle",
        "def oracle(x): return kept(x, x)",
        "def f(x): return oracle(x)",
    ),
    "a new version": (
        ("oracle",),
        "def oracle(g, x): return 2 * x",
        "def f(x): return oracle(f, x)",
    ),
    "the given one run again": (
        ("oracle",),
        "def oracle(a): return a",
        ORACLE + "  # again",
        "def f(x): return oracle(f, x)",
    ),
}


@pytest.mark.parametrize("told", REPLACED.values(), ids=REPLACED)
def test_another_function_of_a_given_name_is_the_learners_own(told):
    """Does the function count that is called, and what it reaches, and not its name?"""
    found, *cells = told
    assert barred_calls(_answer(cells[-1], ORACLE, *cells), GIVEN) == list(found)
    linecache.clearcache()
    assert barred_calls(_ran(ORACLE, *cells), GIVEN) == list(found)


def test_another_function_below_the_answer_changes_nothing():
    """Is a given function still found where its name goes to another one afterwards?"""
    cells = ORACLE, "def f(x): return oracle(f, x)", "def oracle(a): return a"
    assert barred_calls(_answer(cells[1], *cells), GIVEN) == ["oracle"]


def _ran(*cells):
    """Run the cells as a notebook does, and return its `f`."""
    names = {}
    for text in cells:
        file = f"<cell {len(linecache.cache)} {text}>"
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        exec(compile(text, file, "exec"), names)
    return names["f"]


def test_an_import_below_the_answer_takes_its_own_functions_place():
    """Is a library function found that a later cell puts in the place of the answer's helper?"""
    cell = """def correlate(x, w): ...
def f(x, w):
    return correlate(x, w)"""
    told = _answer(cell, cell, "from numpy import correlate")
    assert barred_calls(told, ("numpy.correlate",)) == ["numpy.correlate"]
