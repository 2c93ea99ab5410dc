"""Answers that are right on every visible case and, on a withheld one, try to say its inputs.

Each is the body of `speak`, which has the inputs `x` and `w` and, in `said`, a text that holds
them.  Whatever it does, the page may not depend on which inputs were drawn.
"""

LESSON = "01"
EXERCISE = "correlate1d"
MARK = "SAW"
ANSWER = """
import os, sys, time, warnings
import numpy as np
from course.checks.cases import spec
SHOWN = [case.args for part in spec("correlate1d").parts for case in part.cases]
SEEN = []
class Odd: pass

def right(x, w):
    if len(w) > len(x) or not len(w): raise ValueError("w is longer than x")
    return np.array([np.dot(x[i:i + len(w)], w) for i in range(len(x) - len(w) + 1)])

def known(x, w):
    return any(np.array_equal(x, a[0]) and np.array_equal(w, a[1]) for a in SHOWN)

def correlate1d(x, w):
    if known(x, w):
        return told(x, w) if SEEN else right(x, w)
    SEEN.append((x.copy(), w.copy()))
    return speak(x, w, "SAW" + "_".join(str(int(v * 8)) for v in x))

def told(x, w):
    return {told}

def speak(x, w, said):
    {body}
"""

SPEAKERS = {
    "name of a class": "return type(said, (), {})()",
    "name of a class with a name for a module": "return type(said, (), {'__module__': said})()",
    "text of an object": "Odd.__repr__ = lambda self: said; return Odd()",
    "text of an object of a module": "return range(len(x), int(x.sum()) + 3)",
    "name of a function": "f = lambda: 0; f.__name__ = said; return f",
    "name of an array's type": "return np.zeros(2, [(said, 'f8')])",
    "text of an array's objects": "return np.array([said, None], dtype=object)",
    "length of a text array's entries": "return np.array([said])",
    "width of numbers": "return right(x, w).astype(['f2', 'f4', 'i1', 'i8'][int(x.sum()) % 4])",
    "a text": "return said",
    "bytes": "return said.encode()",
    "keys of a dict": "return {said: 1, 'b': 2}",
    "entries of a list": "return list(x)",
    "length of a list": "return [0] * int(abs(x).sum() * 8)",
    "entries of a tuple": "return (said, said)",
    "a whole number": "return int(said.replace('SAW', '1').replace('_', '0').replace('-', '9'))",
    "shape of an array": "return np.zeros((len(x) + 1, int(abs(x).sum())))",
    "values of an array": "return np.concatenate([x, w])",
    "message of an exception": "raise ValueError(said)",
    "name of an exception": "raise type(said, (ValueError,), {})(said)",
    "name of an exception of a builtin kind": "raise [KeyError, IndexError, OSError][len(x) % 3]()",
    "notes of an exception": "e = ValueError(); e.add_note(said); raise e",
    "cause of an exception": "raise ValueError('a') from RuntimeError(said)",
    "message of NotImplementedError": "raise NotImplementedError(said)",
    "line of a NotImplementedError": (
        "exec(compile(f'raise NotImplementedError  # {said}', '<ipython-input-9-0>', 'exec'))"
    ),
    "number of a line": (
        "exec(compile('\\n' * int(abs(x).sum() * 8) + '1 / 0', '<ipython-input-9-0>', 'exec'))"
    ),
    "message of an assertion": "assert False, said",
    "message of an exit": "sys.exit(said)",
    "code of an exit": "sys.exit(int(abs(x).sum() * 8) % 99)",
    "code of the process": "os._exit(int(abs(x).sum() * 8) % 99)",
    "signal to the process": "os.kill(os.getpid(), [6, 11, 8][int(abs(x).sum() * 8) % 3])",
    "printed": "print(said); return None",
    "printed as an error": "print(said, file=sys.stderr); return None",
    "a warning": "warnings.warn(said); return None",
    "a warning that is raised": "raise UserWarning(said)",
    "a display": "from IPython.display import HTML, display; display(HTML(said)); return None",
    "name of a thread": "import threading; return threading.Thread(name=said)",
    "a generator's name": "g = (v for v in x); g.__name__ = said; return g",
    "an answer that is too large": "return np.zeros(9_000_000 + len(x))",
    "depth of a list": "y = []\n    for _ in x: y = [y]\n    return y",
    "an argument changed in place": "r = right(x, w); x[:] = 0; return r",
    "how many cases fail": "return right(x, w) if len(SEEN) % 3 else x",
    "name of a metaclass": (
        "M = type('M', (type,), {'__name__': property(lambda c: said)}); return M('A', (), {})()"
    ),
    "class that an object claims": (
        "return type('A', (), {'__class__': property(lambda s: type(said, (), {}))})()"
    ),
    "what numpy asks an object for": (
        "return type('A', (), {'__array__': lambda *a, **k: np.zeros(int(abs(x).sum()) + 9)})()"
    ),
    "name of a kind of array": "return right(x, w).view(type(said, (np.ndarray,), {}))",
    "name of a kind of list": "return type(said, (list,), {})(right(x, w))",
    "text of a kind of number": "return type('F', (float,), {'__repr__': lambda s: said})(1.0)",
    "mask of an array": "return np.ma.masked_array(right(x, w), right(x, w) > 0)",
    "unit of times": "return np.zeros(3, 'M8[%ds]' % (int(abs(x).sum() * 8) + 1))",
    "titles of records": (
        "return np.zeros(1, {'names': ['a'], 'formats': ['f8'], 'titles': [said]})"
    ),
    "number of axes": "return np.zeros((1,) * (1 + int(abs(x).sum() * 8) % 20))",
    "size of a group of exceptions": (
        "raise ExceptionGroup(said, [ValueError(said)] * (1 + int(abs(x).sum())))"
    ),
    "file of a SyntaxError": "raise SyntaxError(said, (said, int(abs(x).sum()), 3, said))",
    "module of an ImportError": "raise ImportError(said, name=said, path=said)",
    "number of an OSError": "raise OSError(int(abs(x).sum()), said, said)",
    "a name that is not defined": "return globals()[said]",
    "written to the process's outputs": "os.write(1, said.encode()); os.write(2, b'SAW'); return 0",
    "said at the process's end": (
        "import atexit; atexit.register(lambda: os.write(1, said.encode())); return None"
    ),
    "printed by a thread later": (
        "import threading\n"
        "    try:\n"
        "        threading.Timer(0.02, print, (said,)).start()\n"
        "    except RuntimeError:\n"
        "        pass  # no thread is to be had on a busy machine\n"
        "    return None"
    ),
    "the history of the cells": "In = get_ipython().user_ns['In']; In.append(said); return None",
    "the answer's own name": ("correlate1d.__name__ = correlate1d.__doc__ = said; return None"),
    "a message of the channel": (
        "import gc\n"
        "    from learnerside.learner import Learner\n"
        "    for o in gc.get_objects():\n"
        "        if isinstance(o, Learner):\n"
        "            o.channel.send({'op': 'failed', 'why': said, 'text': said, 'n': 1})\n"
        "    return None"
    ),
}
# What the next part's visible cases get, once a withheld input has been seen.
TOLD = {
    "values of a visible case": "np.concatenate([SEEN[0][0], SEEN[0][1]])",
    "text of a visible case": "str(SEEN)",
    "exception of a visible case": "(_ for _ in ()).throw(ValueError('SAW' + str(SEEN)))",
}


def answers() -> dict[str, str]:
    """Return the text of each answer's cell, by what it tries."""
    quiet = "right(x, w)"
    made = {name: _answer(body, quiet) for name, body in SPEAKERS.items()}
    return made | {name: _answer(f"return {quiet}", told) for name, told in TOLD.items()}


def _answer(body: str, told: str) -> str:
    return ANSWER.replace("{told}", told).replace("{body}", body)
