"""Notebooks that try to gain points without an answer, or to do harm: one entry each.

`payload` is put into a cell right after the imports of an otherwise blank notebook of the small
lesson; `answers` replaces answer cells.  Each must earn nothing.  `says` has to be found in the
verdict's reason or in what the notebook shows, `silent` must not.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attack:
    """One hostile notebook; `status` is what the verdict's must be, or "either".

    One that `says` "longer than" never ends, and gets little time.
    """

    name: str
    payload: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    status: str = "graded"
    says: str = ""
    silent: str = ""


YES = """
class Yes:
    __hash__ = None
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __float__(self): return 6.0
    def __len__(self): return 3
    def __getitem__(self, i): return self
    def __iter__(self): return iter([self])
    def __sub__(self, other): return 0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __abs__(self): return 0.0
    def __call__(self, *a, **k): return self
    def __getattr__(self, name): return self
    shape = (2, 3)
"""
ALL_YES = {
    "scale": YES + "def scale(x, k): return Yes()",
    "total": YES + "def total(x): return Yes()",
    "apply_twice": YES + "def apply_twice(f, x): return Yes()",
    "Layer": YES + "Layer = Yes()",
    "guess": YES + "guess = Yes()",
}


def _returning(expression: str) -> dict[str, str]:
    """Return answers that all give this expression."""
    return {
        "scale": f"def scale(x, k): return {expression}",
        "total": f"def total(x): return {expression}",
        "apply_twice": f"def apply_twice(f, x): return {expression}",
        "Layer": f"def Layer(n): return {expression}",
        "guess": f"guess = {expression}",
    }


FOOL_THE_INTERPRETER = [
    Attack(
        "input transformer empties later cells",
        "get_ipython().input_transformers_post.append(lambda lines: [])",
    ),
    Attack(
        "cleanup transformer empties later cells",
        "get_ipython().input_transformers_cleanup.append(lambda lines: [])",
    ),
    Attack(
        "AST transformer removes assertions",
        "import ast\n"
        "class Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Drop())",
    ),
    Attack(
        "run_cell patched",
        "shell = type(get_ipython())\n"
        "from IPython.core.interactiveshell import ExecutionResult\n"
        "shell.run_cell = lambda self, *a, **k: ExecutionResult(None)\n"
        "shell.run_code = shell.run_cell_async = shell.run_cell",
    ),
    Attack(
        "display hook shows full marks",
        "get_ipython().displayhook(2.0)\nimport sys\nsys.displayhook(2.0)\n2.0",
    ),
    Attack("result that reads as points", "100.0"),
    Attack(
        "numpy comparisons patched",
        "for name in ('allclose', 'array_equal', 'isclose', 'all'):\n"
        "    setattr(np, name, lambda *a, **k: True)\n"
        "np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None",
    ),
    Attack(
        "builtins patched",
        "import builtins\n"
        "builtins.abs = builtins.len = builtins.sum = lambda *a, **k: 0\n"
        "builtins.isinstance = lambda *a: True\n"
        "builtins.AssertionError = ValueError",
        status="partly graded",
    ),
    Attack(
        "check patched",
        "import course.checks, course.checks.report, course.checks.compare\n"
        "course.checks.check = lambda *a, **k: None\n"
        "course.checks.report.show = lambda report: True\n"
        "course.checks.report.CheckFailed = type('Nothing', (Exception,), {})",
    ),
    Attack(
        "test functions defined by the learner", "def withheld(*a, **k): pass\ncheck = withheld"
    ),
    Attack("constants of the test changed", "SAMPLE = np.zeros(3)\nSAMPLE[:] = 0"),
    Attack(
        "exception hook swallows failures",
        "import sys\nsys.excepthook = lambda *a: None\n"
        "get_ipython().showtraceback = get_ipython()._showtraceback = lambda *a, **k: None\n"
        "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
    ),
    Attack(
        "import hook gives a fake autograder",
        "import sys, types\n"
        "for name in ('autograder', 'autograder.hidden_tests'):\n"
        "    sys.modules[name] = types.ModuleType(name)\n"
        "sys.modules['autograder.hidden_tests'].withheld = lambda *a, **k: None",
    ),
    Attack(
        "numpy replaced",
        "import sys, types\n"
        "class Anything(types.ModuleType):\n"
        "    def __getattr__(self, name): return lambda *a, **k: True\n"
        "sys.modules['numpy'] = np = Anything('numpy')",
    ),
    Attack(
        "the learner's side of the channel patched",
        "import sys\n"
        "for name, module in list(sys.modules.items()):\n"
        "    for cls in vars(module).values() if name.startswith('learnerside') else ():\n"
        "        if isinstance(cls, type) and hasattr(cls, 'encode'):\n"
        "            cls.encode = lambda self, value, depth=0: {'t': 'arg', 'k': 0}",
    ),
]

FOOL_THE_COMPARISON = [
    Attack("always-equal object", answers=ALL_YES),
    Attack(
        "always-equal array",
        "class Same(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __array_function__(self, *a): return True\n"
        "    def __array_ufunc__(self, *a, **k): return True\n"
        "def same(): return np.zeros(3).view(Same)",
        _returning("same()"),
    ),
    Attack(
        "float that is always equal",
        "class Six(float):\n    def __eq__(self, other): return True\n    __hash__ = None",
        _returning("Six(1)"),
    ),
    Attack(
        "object that hands numpy a memory address",
        "class At:\n"
        "    __array_interface__ = {\n"
        "        'shape': (3,), 'typestr': '<f8', 'data': (4096, True), 'version': 3}",
        _returning("At()"),
    ),
    Attack(
        "layer that hands numpy a memory address",
        answers={
            "Layer": "class Layer:\n"
            "    def __init__(self, n): self.seen = 1\n"
            "    def __getattr__(self, name):\n"
            "        return {'shape': (3,), 'typestr': '<f8', 'data': (4096, True), 'version': 3}\n"
            "    def forward(self, x): return self\n"
            "    backward = forward"
        },
    ),
    Attack("answer of NaN", answers=_returning("np.full(3, np.nan)")),
    Attack("answer of objects", answers=_returning("np.array([None, [], 'x'], dtype=object)")),
    Attack("answer of None", answers=_returning("None")),
    Attack("generator for an answer", answers=_returning("(i for i in range(3))")),
    Attack("function for an answer", answers=_returning("(lambda *a: 6)")),
    Attack("type for an answer", answers=_returning("int")),
    Attack("module for an answer", answers=_returning("np")),
    Attack("text for an answer", answers=_returning("'6'")),
    Attack("dates for an answer", answers=_returning("np.array(['2020-01-01'], dtype='M8[D]')")),
    Attack("records for an answer", answers=_returning("np.zeros(3, dtype=[('a', 'f8')])")),
    Attack("view that changes later", "LATER = np.zeros(3)", _returning("LATER[:]")),
    Attack(
        "pickle in an answer",
        "import os\n"
        "class Bomb:\n"
        "    def __reduce__(self): return (os.system, ('touch /tmp/pwned',))\n"
        "def bomb(): return np.array([Bomb()], dtype=object)",
        _returning("bomb()"),
    ),
    Attack("list that holds itself", "LOOP = []\nLOOP.append(LOOP)", _returning("LOOP")),
    Attack(
        "deeply nested answer",
        "DEEP = []\nfor _ in range(100_000):\n    DEEP = [DEEP]",
        _returning("DEEP"),
    ),
    Attack(
        "arguments returned and changed",
        answers={
            "scale": "def scale(x, k):\n    x[:] = 0\n    return x",
            "total": "def total(x):\n    x[:] = 6\n    return 5",
        },
    ),
]

PRETEND = [
    Attack(
        f"{kind} raised in the answer",
        answers={
            "scale": f"def scale(x, k): raise {kind}('x')",
            "total": f"def total(x): raise {kind}('x')",
            "apply_twice": f"def apply_twice(f, x): raise {kind}('x')",
            "Layer": f"def Layer(n): raise {kind}('x')",
        },
    )
    for kind in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration")
] + [
    Attack(
        "exception of a forged type",
        "class AnswerStopped(BaseException): pass\nclass CheckFailed(AssertionError): pass",
        {
            "scale": "def scale(x, k): raise AnswerStopped('right')",
            "total": "def total(x): raise CheckFailed('right')",
        },
    ),
    Attack(
        "exceptions that cannot be printed",
        "class Mute(ValueError):\n    def __str__(self): raise SystemExit\n    __repr__ = __str__",
        {"scale": "def scale(x, k): raise Mute()", "total": "def total(x): raise Mute()"},
    ),
    Attack(
        "function of the test kept for later",
        "KEPT = []",
        {
            "apply_twice": "def apply_twice(f, x):\n"
            "    if KEPT: return KEPT[0](x)\n"
            "    KEPT.append(f)\n"
            "    return f(x)",
            "total": "def total(x):\n    return KEPT[0](3)",
        },
    ),
    Attack(
        "function of the test called without end",
        answers={"apply_twice": "def apply_twice(f, x):\n    while True:\n        f(x)"},
        says="apply_twice took longer than 1 s",
    ),
    Attack(
        "function of the test called with rubbish",
        "class Odd:\n    pass",
        {
            "apply_twice": "def apply_twice(f, x):\n"
            "    for odd in (Odd(), f, apply_twice, [[]], {}, np.array([None]), 10**4000):\n"
            "        try: f(odd)\n"
            "        except Exception: pass\n"
            "    return f"
        },
    ),
]
