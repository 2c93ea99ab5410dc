"""Tests here set limits for the process, as a worker does; each is lifted afterwards."""

import resource
import signal
import sys

import pytest
from numpy.lib import stride_tricks

from autograder.mutation.guard import guard, within_bounds


@pytest.fixture(autouse=True)
def limits():
    """Let no endless mutant hold the tests up, and leave the process as it was."""
    memory, alarm = resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)
    strided = stride_tricks.as_strided
    guard()
    yield
    resource.setrlimit(resource.RLIMIT_AS, memory)
    signal.signal(signal.SIGALRM, alarm)
    for module in list(sys.modules.values()):
        if getattr(module, "as_strided", None) is within_bounds:
            module.as_strided = strided
