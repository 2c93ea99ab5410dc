"""Honest notebooks of lesson 01 in disorder: what a learner did, and what it has to earn."""

import copy
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass

from autograder.judge.host import ROOT
from autograder.marks import unmarked

LESSON = "01_sliding_window"
POINTS = 18.0
ESSAY = "The flip only renames the weights: training learns the flipped kernel as well."


@dataclass(frozen=True)
class Kind:
    """One thing that learners do.

    Attributes
    ----------
    change : does it to a solved notebook
    points : what the right answers in it are worth
    says : part of what is told of it, "" where there is nothing to tell
    again : part of what is told at an exercise, "" where there is nothing to tell
    nameless : what is told instead where no metadata and no ids are left
    """

    name: str
    change: Callable[[dict], None]
    points: float = POINTS
    says: str = ""
    again: str = ""
    nameless: str = ""


@functools.cache
def _built(folder: str) -> str:
    return (ROOT / folder / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")


def released() -> dict:
    """Return the lesson as learners get it, each cell's source as one text."""
    made = json.loads(_built("release"))
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"])
    return made


def solved() -> dict:
    """Return the lesson with right answers and a written one."""
    made = released()
    answers = {c["id"]: "".join(c["source"]) for c in json.loads(_built("source"))["cells"]}
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = unmarked(answers[cell["id"]], "SOLUTION")
    of(made, "why_flip")["source"] = ESSAY
    return made


def of(made: dict, grade_id: str) -> dict:
    """Return the cell with a grade id."""
    return next(c for c in made["cells"] if _grade_id(c) == grade_id)


def _grade_id(cell: dict) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def _stub(made: dict, grade_id: str) -> str:
    """Put an answer's stub back; return the answer."""
    cell, text = of(made, grade_id), of(made, grade_id)["source"]
    cell["source"] = of(released(), grade_id)["source"]
    return text


def _own(text: str, kind: str = "code") -> dict:
    made = {"cell_type": kind, "id": f"own-{abs(hash(text)) % 10**9}", "metadata": {}}
    made |= {"outputs": [], "execution_count": None} if kind == "code" else {}
    return made | {"source": text}


def _beside(made: dict, grade_id: str, text: str, kind: str = "code", below: int = 1) -> None:
    made["cells"].insert(made["cells"].index(of(made, grade_id)) + below, _own(text, kind))


def _sections(made: dict) -> list[list[dict]]:
    found: list[list[dict]] = [[]]
    for cell in made["cells"]:
        if cell["cell_type"] == "markdown" and cell["source"].startswith("## "):
            found.append([])
        found[-1].append(cell)
    return found


def _reverse_sections(made):
    made["cells"] = [cell for section in reversed(_sections(made)) for cell in section]


def _move_a_section(made):
    sections = _sections(made)
    sections.insert(1, sections.pop(-4))
    made["cells"] = [cell for section in sections for cell in section]


def _answers_at_the_end(made):
    for name in ("correlate1d", "pad1d", "output_length"):
        made["cells"].append(_own(_stub(made, name)))


def _answers_above(made):
    for name in ("correlate1d", "flip_is_invisible"):
        _beside(made, name, _stub(made, name), below=0)


def _all_in_one_cell(made):
    names = ("correlate1d", "convolve1d", "flip_is_invisible", "pad1d", "output_length")
    made["cells"].append(_own("\n\n\n".join(_stub(made, name) for name in names)))


def _all_in_one_cell_above(made):
    _all_in_one_cell(made)
    made["cells"].insert(2, made["cells"].pop())


def _answers_below_emptied_cells(made):
    left = ("", "# TODO", "print('see below')", "HALF = 2")
    for name, text in zip(
        ("pad1d", "correlate1d", "output_length", "convolve1d"), left, strict=True
    ):
        answer, cell = of(made, name)["source"], of(made, name)
        cell["source"] = text
        made["cells"].append(_own(answer))


def _answers_below_stubs_with_comments(made):
    for name in ("pad1d", "output_length"):
        answer = _stub(made, name)
        of(made, name)["source"] += "\n# see above and below"
        _beside(made, name, answer, below=0 if name == "pad1d" else 1)


def _answers_in_each_others_cells(made):
    one, other = of(made, "correlate1d"), of(made, "pad1d")
    one["source"], other["source"] = other["source"], one["source"]


def _two_answers_in_one_cell(made):
    of(made, "pad1d")["source"] += "\n\n\n" + of(made, "output_length")["source"]
    of(made, "output_length")["source"] = "# in the cell of pad1d"


def _helper_below(made):
    text = of(made, "pad1d")["source"].replace("pad1d", "my_pad")
    of(made, "pad1d")["source"] = "def pad1d(x, padding):\n    return my_pad(x, padding)"
    made["cells"].append(_own(text))


def _add_to_setup(made):
    of(made, "setup")["source"] += "\nimport math as m\n\ndef ones(k):\n    return np.ones(k)"
    line = "\n    assert m.sqrt(4) == 2 and len(ones(3)) == 3\n"
    cell = of(made, "correlate1d")
    cell["source"] = cell["source"].replace('    """\n', f'    """{line}', 1)
    assert line in cell["source"]


def _answer_in_a_check(made):
    test = of(made, "correlate1d_values")
    test["source"] = _stub(made, "correlate1d") + "\n\n" + test["source"]


def _write_below(made):
    _stub(made, "why_flip")
    _beside(made, "why_flip", ESSAY, "markdown")


def _write_as_comments(made):
    _stub(made, "why_flip")
    _beside(made, "why_flip", "# The flip only\n# renames the weights.")


def _delete_checks(made):
    made["cells"] = [c for c in made["cells"] if not c["source"].startswith("check(")]


def _delete_setup(made):
    made["cells"].remove(of(made, "setup"))


def _double_every_cell(made):
    made["cells"] = [copy.deepcopy(cell) for cell in made["cells"] for _ in range(2)]


def _tries(made):
    for text in ("1 / 0", "undefined + 1", "def broken(:", "quit()", "%time 1\n!ls", "input()"):
        _beside(made, "correlate1d_values", text)


def _prints(made):
    _beside(made, "setup", "for i in range(20_000):\n    print('step', i, 'x' * 90)")


def _settings(made):
    text = "np.random.seed(0)\nnp.set_printoptions(precision=1)\nnp.seterr(all='raise')"
    _beside(made, "setup", text)


def _older_attempt(made):
    wrong = "def correlate1d(x, w):\n    return np.zeros(len(x) - len(w) + 1)"
    made["cells"].insert(made["cells"].index(of(made, "correlate1d")), _own(wrong))


def _own_names(made):
    cell = of(made, "correlate1d")
    cell["source"] = (
        "def correlate1d(signal: np.ndarray, kernel: np.ndarray) -> np.ndarray:\n"
        "    # größe = 'Länge' ✓\n"
        "    k = len(kernel)\n"
        "    if k > len(signal):\n"
        "        raise ValueError('zu lang')\n"
        "    return np.array([signal[i : i + k] @ kernel for i in range(len(signal) - k + 1)])"
    )


def _cut_short(made):
    made["cells"] = made["cells"][: made["cells"].index(of(made, "convolve1d_values")) + 1]


def _delete_an_answer(made):
    made["cells"].remove(of(made, "pad1d"))


def _missing_quote(made):
    of(made, "correlate1d")["source"] += "\nname = 'abc"


def _missing_module(made):
    of(made, "pad1d")["source"] = "@numba.njit\n" + of(made, "pad1d")["source"]
    _beside(made, "setup", "import numba")


def _colab(made):
    mount = "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive"
    made["cells"].insert(0, _own(f"{mount}\n!pip install -q numpy\n%pip install scipy"))
    made["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "ir"}}


def _write_a_module(made):
    _beside(made, "setup", "%%writefile mine.py\nimport numpy as np\n" + _pad("pad_by"))
    of(made, "pad1d")["source"] = "from mine import pad_by as pad1d"


def _pad(name):
    return of(solved(), "pad1d")["source"].replace("pad1d", name)


def _measure_the_answer(made):
    of(made, "pad1d")["source"] = "%%timeit -n1 -r1\n" + of(made, "pad1d")["source"]


def _rename_the_answer(made):
    of(made, "pad1d")["source"] = _pad("Pad1D")


def _time_the_answer(made):
    of(made, "pad1d")["source"] = "%%time\n" + of(made, "pad1d")["source"]


def _wrap_the_answer(made):
    wrap = "import functools\n\ndef said(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n"
    wrap += "        print('called')\n        return f(*a, **k)\n    return g\n\n@said\n"
    of(made, "pad1d")["source"] = wrap + of(made, "pad1d")["source"]


def _from_the_future(made):
    of(made, "pad1d")["source"] = "from __future__ import annotations\n" + _pad("pad1d")


def _answer_as_text(made):
    cell = of(made, "pad1d")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _paste_as_text(made):
    text = f"My answer:\n\n```python\n{_stub(made, 'pad1d')}\n```"
    _beside(made, "pad1d", text, "markdown")


def _spaces_of_a_page(made):
    cell = of(made, "pad1d")
    cell["source"] = cell["source"].replace("    ", "\u00a0" * 4)


def _play_below(made):
    for text in ("def pad1d(x, p):\n    return x", "from numpy import *", "correlate1d = 3"):
        made["cells"].append(_own(text))


def _strict(made):
    _beside(made, "setup", "import warnings\nwarnings.simplefilter('error')\n%autosave 5\n%pdb on")


def _at_once(made):
    text = "import asyncio, threading, time\nawait asyncio.sleep(0)\n"
    text += "from multiprocessing import Pool\nwith Pool(2) as p:\n    print(p.map(abs, [-1]))\n"
    text += "threading.Thread(target=time.sleep, args=(600,)).start()"
    _beside(made, "setup", text)


def _mistake_that_follows(made):
    of(made, "correlate1d")["source"] = (
        "def correlate1d(x, w):\n"
        "    k = len(w)\n"
        "    if k > len(x):\n"
        "        raise ValueError('the kernel does not fit')\n"
        "    return np.array([x[i : i + k] @ w[::-1] for i in range(len(x) - k + 1)])"
    )
    of(made, "convolve1d")["source"] = "def convolve1d(x, w):\n    return correlate1d(x, w[::-1])"


KINDS = [
    Kind("solves the lesson", lambda made: None),
    Kind("puts the sections into the opposite order", _reverse_sections),
    Kind("moves a section up", _move_a_section),
    Kind("answers in cells at the end", _answers_at_the_end),
    Kind("answers in cells above", _answers_above),
    Kind("answers all in one cell at the end", _all_in_one_cell),
    Kind("answers all in one cell at the top", _all_in_one_cell_above),
    Kind("answers below emptied cells", _answers_below_emptied_cells),
    Kind("answers beside stubs with comments", _answers_below_stubs_with_comments),
    Kind("answers in each other's cells", _answers_in_each_others_cells),
    Kind(
        "answers two exercises in one cell",
        _two_answers_in_one_cell,
        nameless="the cell of output_length is not in the notebook",
    ),
    Kind("defines a helper at the end", _helper_below),
    Kind("adds to the locked first cell", _add_to_setup),
    Kind("answers in a locked check", _answer_in_a_check),
    Kind("writes in a cell below", _write_below),
    Kind("writes in comments below", _write_as_comments),
    Kind("deletes every check", _delete_checks),
    Kind("deletes the first cell", _delete_setup),
    Kind("has every cell twice", _double_every_cell),
    Kind("leaves tries that fail", _tries),
    Kind("prints 2 MB", _prints, says="showed more than 1 MiB, which is cut"),
    Kind("changes numpy's settings", _settings),
    Kind("keeps an older attempt above", _older_attempt),
    Kind("renames arguments, writes in other letters", _own_names),
    Kind("saves half of the notebook", _cut_short, 9.0, "the notebook ends after convolve1d"),
    Kind("deletes an answer", _delete_an_answer, 16.0, "the cell of pad1d is not in the notebook"),
    Kind(
        "forgets a quote",
        _missing_quote,
        9.0,
        "(correlate1d) failed: SyntaxError: unterminated string literal",
        again="convolve1d` is right once `correlate1d` is",
    ),
    Kind("imports what is not there", _missing_module, 16.0, "No module named 'numba'"),
    Kind("mounts a drive and installs, in Colab", _colab),
    Kind("writes a module and imports it", _write_a_module),
    Kind("times an answer's cell", _time_the_answer),
    Kind("wraps an answer in a decorator that prints", _wrap_the_answer),
    Kind("imports from __future__ in an answer", _from_the_future),
    Kind("turns an answer's cell into text", _answer_as_text),
    Kind("plays with the answers' names at the end", _play_below),
    Kind("turns warnings into errors", _strict),
    Kind("leaves threads and starts processes", _at_once),
    Kind("measures an answer's cell", _measure_the_answer, 16.0, "(pad1d) defines no pad1d"),
    Kind(
        "gives an answer another name",
        _rename_the_answer,
        16.0,
        "(pad1d) defines no pad1d",
        nameless="the cell of pad1d is not in the notebook",
    ),
    Kind("pastes an answer into text", _paste_as_text, 16.0, "pad1d: written in a cell of text"),
    Kind("copies spaces from a web page", _spaces_of_a_page, 16.0, "character U+00A0 in line 2"),
    Kind(
        "flips the kernel, and calls that",
        _mistake_that_follows,
        9.0,
        again="`convolve1d` is right once `correlate1d` is",
    ),
]
