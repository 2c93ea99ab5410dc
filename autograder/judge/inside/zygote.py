"""The process from which every learner's process is forked, with all imports done.

It builds the sandbox once, imports what lessons use, and then, for each start that the judge
asks for, forks a keeper.  The keeper (outside the learner's process namespace) forks the learner's
process, ends it when the judge says so or goes away, and reports how it ended.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys

from . import kernel, root, seccomp
from .channel import Channel, ChannelError

CONFIG_BYTES = 16 << 20
NICE = 5  # so that the judge gets its turn however many processes a learner's code starts


def main() -> None:
    """Serve the judge at the socket whose number is the second argument."""
    control = Channel(socket.socket(fileno=int(sys.argv[2])), CONFIG_BYTES)
    config, _ = control.receive()
    kernel.set_limits({"CORE": 0})
    gc.disable()  # what is imported is no garbage
    if config["sandbox"]:
        _enter(control, config)
    _import_all(config)
    shell, recorder = _warm_shell(config["output_bytes"])
    if config["sandbox"]:
        root.freeze()
    gc.collect()
    gc.freeze()  # a child that never touches these pages never copies them
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send({"op": "ready", "seccomp": seccomp.available()})
    while True:
        try:
            job, _ = control.receive()
            ends = control.receive_sockets(2)
        except ChannelError:
            os._exit(0)
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep(job, *ends, config, shell, recorder)
        for end in ends:
            end.close()


def _enter(control: Channel, config: dict) -> None:
    """Create the namespaces that all submissions can share, and the root that they see."""
    flags = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
    if config["user_namespace"]:
        flags |= kernel.CLONE_NEWUSER
    kernel.unshare(flags)
    control.send({"op": "unshared"})
    control.receive()  # the judge has written the map of user ids
    with contextlib.suppress(AttributeError, OSError):
        socket.sethostname("sandbox")
    root.enter(config)
    # From here on this package's own files are where the root has them.
    sys.modules[__package__].__path__[:] = [config["package"]]


def _import_all(config: dict) -> None:
    """Import what lessons use, so that a fork has it at once."""
    # The last one is the folder of the cells, in which they may write a module.
    sys.path[:] = [*config["sys_path"], ""]
    os.environ.clear()
    os.environ.update(config["environment"])
    home = config["environment"]["HOME"]
    with contextlib.suppress(OSError):
        os.makedirs(home, exist_ok=True)
        os.chdir(home)
    for name in config["imports"]:
        # A package that is not installed is the notebook's business.
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _warm_shell(max_output_bytes: int):
    """Make the shell and take it once through what is slow the first time."""
    from . import learner  # noqa: F401  (imported before the fork)
    from .shell import make_shell

    shell, recorder = make_shell(max_output_bytes)
    with contextlib.suppress(ImportError):
        shell.enable_matplotlib("inline")
    shell.run_cell("import matplotlib.pyplot as plt\nplt.plot([0, 1]); plt.show()")
    shell.run_cell("from course.widgets import FlipAndSlide\nFlipAndSlide()")
    shell.run_cell("1/0")
    shell.run_cell("def f(): pass\nf")
    shell.run_cell("from course.checks.cases import names\nnames()")  # reads all visible cases
    shell.reset(new_session=True)
    shell.execution_count = 1
    return shell, recorder


def _keep(job: dict, end: socket.socket, report: socket.socket, config: dict, *inside) -> None:
    """Fork the learner's process, watch over it and report its end.  Never returns."""
    try:
        if config["sandbox"]:
            kernel.die_with_parent(signal.SIGKILL)
            kernel.unshare(kernel.CLONE_NEWPID | kernel.CLONE_NEWNS)
            root.private_tmp(job["tmp_bytes"])
        pid = os.fork()
        if pid == 0:
            report.close()
            _become_learner(job, end, config, *inside)
        end.close()
        report.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        status = _wait_for_end(pid, report)
        if not config["sandbox"]:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        if status is None:
            _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        report.sendall(json.dumps({"ended": code}).encode() + b"\n")
    except BaseException as error:
        with contextlib.suppress(OSError):
            text = f"{type(error).__name__}: {error}"
            report.sendall(json.dumps({"failed": text}).encode() + b"\n")
    finally:
        os._exit(0)


def _wait_for_end(pid: int, report: socket.socket) -> int | None:
    """Wait until the process ends; end it when the judge closes `report` or writes to it.

    Returns
    -------
    int or None
        The process's status where it has been collected.
    """
    ended = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
    poll = select.poll()
    poll.register(report, select.POLLIN)
    if ended is not None:
        poll.register(ended, select.POLLIN)
    while True:
        ready = [descriptor for descriptor, _ in poll.poll(50 if ended is None else None)]
        if report.fileno() in ready:
            os.kill(pid, signal.SIGKILL)
            return None
        if ended is not None and ended in ready:
            return None
        if ended is None:  # this system has no descriptor for a process: look now and then
            collected, status = os.waitpid(pid, os.WNOHANG)
            if collected:
                return status


def _become_learner(job: dict, end: socket.socket, config: dict, shell, recorder) -> None:
    """Give up every right that a learner's code does not need, then serve.  Never returns."""
    from .learner import Learner, run_to_the_end

    try:
        # A signal to the process group, kill(0, ...), knows no namespaces: without a group of its
        # own this process could end the judge and whoever called it.
        os.setsid()
        if config["sandbox"]:
            kernel.become(config["uid"], config["uid"])
            kernel.die_with_parent(signal.SIGKILL)
        else:
            if config["drop_to"]:
                kernel.become(config["drop_to"], config["drop_to"])
        os.chdir(config["environment"]["HOME"])
        _silence(end)
        kernel.set_limits(job["limits"])
        os.nice(NICE)
        if config["sandbox"] and config["seccomp"]:
            seccomp.install()
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        channel = Channel(end, job["answer_bytes"])
        learner = Learner(channel, shell, recorder)
        channel.send({"op": "hello"})
    except BaseException as error:
        with contextlib.suppress(BaseException):
            text = f"{type(error).__name__}: {error}"
            Channel(end, CONFIG_BYTES).send({"op": "failed", "text": text})
        os._exit(71)
    run_to_the_end(learner)


def _silence(end: socket.socket) -> None:
    """Keep no open file but the channel: not the zygote's control socket, not its log."""
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    low = end.fileno()
    os.closerange(3, low)
    os.closerange(low + 1, 1024)
