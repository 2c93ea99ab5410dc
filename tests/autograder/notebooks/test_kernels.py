"""Tests of autograder.notebooks.kernels and .kernel_server: a forked kernel is a fresh one."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

from autograder.notebooks import kernels
from autograder.notebooks.execute import ENVIRONMENT

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
forked = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux forks kernels")
STATE = """
import os, random, sys
import matplotlib.pyplot as plt
import numpy as np
kept = os.environ.get("LEFT"), plt.rcParams["lines.linewidth"], "/left" in sys.path
print(os.listdir(), *kept, plt.get_fignums(), hasattr(np, "left"))
print(random.random(), np.random.random())
"""
CHANGES = """
os.environ["LEFT"], plt.rcParams["lines.linewidth"], np.left = "here", 9, 1
sys.path.append("/left"); random.seed(0); np.random.seed(0); plt.figure(); open("left", "w").close()
"""
LONG = """
import os, time
open("pid", "w").write(str(os.getpid()))
time.sleep(100)
"""


def shown(folder, *codes, **environment):
    """Run cells in a kernel that listens in a folder, and return what they print."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    (folder / "empty").mkdir(exist_ok=True)
    resources = {"metadata": {"path": str(folder / "empty")}}
    manager = kernels.kernel_manager(folder)
    client = NotebookClient(notebook, km=manager, timeout=60, resources=resources)
    plain = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)}
    client.execute(env={**plain, **environment}, cleanup_kc=True)
    return ["".join(o.text for o in cell.outputs if "text" in o) for cell in notebook.cells]


def parent(folder):
    """Return the name of the program whose process a new kernel is a child of."""
    code = "import os; print(open(f'/proc/{os.getppid()}/cmdline').read())"
    return shown(folder, code)[0].split("\0")[-2]


def test_one_kernel_leaves_nothing_to_the_next(tmp_path):
    """Are environment, settings, paths, figures and random numbers as they are in a new process?"""
    (tmp_path / "second").mkdir()
    first = shown(tmp_path, STATE, CHANGES, STATE)
    fresh, numbers = first[0].splitlines()
    assert fresh == "[] None 1.5 False [] False"
    assert first[2].splitlines()[0].startswith("['left'] here 9.0 True [")
    again, others = shown(tmp_path / "second", STATE)[0].splitlines()
    assert again == fresh
    assert not set(numbers.split()) & set(others.split())


@forked
def test_a_kernel_is_forked(tmp_path):
    """Is the kernel a child of the warm process, and has it imported nothing of the course?"""
    assert parent(tmp_path) == str(kernels.PROGRAM)
    code = "import sys; print([name for name in sys.modules if name.split('.')[0] in NAMES])"
    assert shown(tmp_path, f"NAMES = 'course', 'autograder', 'nbclient'\n{code}") == ["[]\n"]


def test_where_nothing_can_be_forked_a_kernel_starts_as_usual(tmp_path, monkeypatch):
    """Does a build go on when the warm process ends at once?"""
    monkeypatch.setattr(kernels, "PROGRAM", tmp_path / "missing.py")
    monkeypatch.setattr(kernels, "_server", kernels._server.__wrapped__)
    assert shown(tmp_path, "print(6 * 7)") == ["42\n"]


def test_what_numpy_reads_at_its_import_is_the_kernels_own(tmp_path):
    """Does another setting of threads get another warm process, and reach OpenBLAS?"""
    code = "import numpy, threadpoolctl; print(threadpoolctl.threadpool_info()[0]['num_threads'])"
    assert shown(tmp_path, code, OPENBLAS_NUM_THREADS="1") == ["1\n"]
    if (os.cpu_count() or 1) > 1:
        assert shown(tmp_path, code, OPENBLAS_NUM_THREADS="2") == ["2\n"]


@forked
def test_a_kernel_ends_with_the_process_that_asked_for_it(tmp_path):
    """Does nothing run on when a build is killed in the middle of a lesson?"""
    code = f"from {__name__} import *; shown(Path({str(tmp_path)!r}), LONG)"
    pid = tmp_path / "empty/pid"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as build:
        while not (pid.exists() and pid.read_text()):
            assert build.poll() is None
            time.sleep(0.05)
        build.send_signal(signal.SIGKILL)
    ends = time.monotonic() + 60
    while Path(f"/proc/{pid.read_text()}").exists():
        assert time.monotonic() < ends
        time.sleep(0.1)


async def ended_twice(folder):
    """Start a kernel, kill it, and end it in both ways once it is gone; is it alive then?"""
    manager = kernels.kernel_manager(folder)
    await manager.start_kernel(env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)})
    kernel = manager.provisioner
    os.killpg(kernel.pid, signal.SIGKILL)
    while Path(f"/proc/{kernel.pid}").exists():
        await asyncio.sleep(0.05)
    await kernel.terminate()
    await kernel.kill()
    alive = await manager.is_alive()
    await manager.shutdown_kernel(now=True)
    return alive


@forked
def test_a_kernel_that_has_just_ended_can_be_ended(tmp_path):
    """Does a build go on where a kernel ends while it is being ended?"""
    assert run_sync(ended_twice)(tmp_path) is False
