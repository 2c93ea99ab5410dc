"""Run one submission: the learner's code in a sandbox, the tests outside it.

>>> from autograder.judge import Limits
>>> Limits().call_seconds
10.0
"""

from autograder.judge.api import judge_notebook
from autograder.judge.limits import Limits
from autograder.judge.verdict import CellVerdict, Verdict

__all__ = ["CellVerdict", "Limits", "Verdict", "judge_notebook"]
