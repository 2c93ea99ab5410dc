"""Say what the sandbox can hold on this machine: ``python -m autograder doctor``."""

import argparse
import os
import platform
import sys
import time

from autograder.judge.inside import seccomp
from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits, amount, duration
from autograder.judge.process import Lost, Process
from autograder.judge.users import CannotIsolate
from autograder.judge.view import inside

# Asked from inside, by the learner's own process: (what holds, an expression that says so).
_PROBES = (
    ("it is an ordinary user", "os.getuid() != 0"),
    ("it has no capabilities", "not any(_capabilities())"),
    ("it sees no other process", "os.getpid() == 1 and not os.path.exists('/proc/2')"),
    ("it has no network, loopback included", "_unreachable()"),
    ("it sees nothing of this repository", "not os.path.exists(ROOT + '/autograder')"),
    ("it cannot import the tests", "_no_module('autograder')"),
    ("it can import course", "not _no_module('course')"),
    ("it can write to its own folder alone", "_writable() == {'/scratch'}"),
    ("it cannot make namespaces (seccomp)", "_libc.unshare(0x10000000) != 0"),
)
_HELPERS = """
import ctypes, importlib.util, os, socket
ROOT = {root!r}
_libc = ctypes.CDLL(None)
def _capabilities():
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    _libc.capget(head, data)
    return list(data)
def _unreachable():
    try:
        server = socket.create_server(('127.0.0.1', 0))
        socket.create_connection(server.getsockname(), 1)
    except OSError:
        return True
    return False
def _no_module(name):
    return importlib.util.find_spec(name) is None
def _writable():
    tops = ['/' + name for name in os.listdir('/')]
    return {{top for top in tops if not os.path.islink(top) and os.access(top, os.W_OK)}}
"""
_LOST = """Without a sandbox the learner's code runs as you, on your files and your network:
  it can read source/, solutions/, the gradebook and other submissions, and write to them;
  it can reach the network; a process that it leaves behind may outlive the grading.
  Time, memory and file limits, and the judge's separate process, still hold.
  `--require-sandbox` refuses to grade like that.
What usually helps:
  Linux, ordinary user: user namespaces have to be allowed
    (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone,
    kernel.apparmor_restrict_unprivileged_userns); kernel 5.12 or later
  in a container: it needs CAP_SYS_ADMIN, or user namespaces of its own
  macOS and Windows have no namespaces: grade in a Linux machine or virtual machine"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--inside", action="store_true", help="list what a learner's process sees, and no more"
    )


def run(args: argparse.Namespace) -> int:
    """Print what holds and what does not; return 1 where something is missing."""
    if args.inside:
        try:
            print(inside(Limits()), end="")
        except (CannotIsolate, Lost, OSError) as error:
            print(f"MISSING: the sandbox cannot be built here: {error}")
            return 1
        return 0
    print(f"{platform.system()} {platform.release()}, {platform.machine()}, ", end="")
    print(f"Python {platform.python_version()}, user id {_uid()}")
    limits = Limits()
    started = time.monotonic()
    try:
        with Zygote(limits, sandbox=True) as zygote:
            zygote.wait()
            ready = time.monotonic()
            holds = _probe(Process.fresh(zygote, limits))
            print(f"the sandbox can be built: {_spaces(zygote)}")
            print(
                f"  started in {ready - started:.2f} s, one process more in {_fork(zygote):.3f} s"
            )
    except (CannotIsolate, Lost, OSError) as error:
        print(f"MISSING: the sandbox cannot be built here: {error}")
        print(_LOST)
        return 1
    for what, held in holds.items():
        print(f"  {'yes' if held else 'NO '}  {what}")
    if not seccomp.available():
        print(f"  NO   seccomp: no filter is written for {platform.machine()}")
    print("limits of one submission:")
    print(
        f"  {duration(limits.cell_seconds)} a cell, {duration(limits.call_seconds)} a call, ",
        end="",
    )
    print(
        f"{duration(limits.test_seconds)} a test, {duration(limits.submission_seconds)} all cells"
    )
    print(f"  {amount(limits.memory)} of memory, {limits.processes} processes, ", end="")
    print(
        f"{amount(limits.tmp_bytes)} of files, {amount(limits.output_bytes)} of output a cell, ",
        end="",
    )
    print(f"{amount(limits.shown_bytes)} all cells, {amount(limits.answer_bytes)} an answer")
    return 0 if all(holds.values()) else 1


def _probe(process: Process) -> dict[str, bool]:
    """Ask a learner's process what it can do."""
    from autograder.judge.host import ROOT

    questions = ", ".join(f"bool({expression})" for _, expression in _PROBES)
    code = _HELPERS.format(root=str(ROOT)) + f"print([{questions}])"
    try:
        reply = process.ask("run", {"code": code}, time.monotonic() + 20.0)
    finally:
        process.close()
    text = "".join(output.get("text", "") for output in reply["outputs"])
    answers = [word == "True" for word in text.strip().strip("[]").split(", ")]
    if len(answers) != len(_PROBES):
        raise CannotIsolate(f"the probes gave {reply['outputs']}")
    return {what: answer for (what, _), answer in zip(_PROBES, answers, strict=True)}


def _fork(zygote: Zygote) -> float:
    started = time.monotonic()
    Process.fresh(zygote, Limits()).close()
    return time.monotonic() - started


def _spaces(zygote: Zygote) -> str:
    first = "user, " if zygote.user_namespace else ""
    return f"namespaces ({first}net, pid, mount, ipc, uts)"


def _uid() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else sys.platform
