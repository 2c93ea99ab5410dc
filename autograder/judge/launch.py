"""Start the learner's side, fork processes from it, and end them."""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from autograder.judge import host
from autograder.judge.inside.channel import Channel, ChannelError, Closed
from autograder.judge.limits import Limits

START_SECONDS = 60.0
_OWN_END_SECONDS = 1.0
NOBODY = 65534
_INSIDE_UID = 1000
_BOOT = (
    "import sys, types; p = types.ModuleType('learnerside'); p.__path__ = [sys.argv[1]]; "
    "sys.modules['learnerside'] = p; from learnerside.zygote import main; main()"
)


class CannotIsolate(Exception):
    """The kernel refused a part of the sandbox; the message says which."""


@dataclass(frozen=True)
class Isolation:
    """What holds a learner's process, and one line that says so."""

    sandboxed: bool
    line: str


class Zygote:
    """The warm process on the learner's side.  Use it as a context manager.

    Parameters
    ----------
    limits : the output cap is fixed here, the others with each fork
    sandbox : whether to build namespaces; `CannotIsolate` is raised where the host refuses
    """

    def __init__(self, limits: Limits, *, sandbox: bool):
        self.sandbox = sandbox
        self.limits = limits
        self.folder = ""
        ours, theirs = socket.socketpair()
        self.control = Channel(ours, 16 << 20)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `close`)
        command = [sys.executable, "-E", "-P", "-c", _BOOT, str(host.INSIDE), str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                cwd="/",
                env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
            )
        self.user_namespace = sandbox and _user_namespaces()
        try:
            self._configure()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def _configure(self) -> None:
        config = {
            "sandbox": self.sandbox,
            "user_namespace": self.user_namespace,
            "output_bytes": self.limits.output_bytes,
            "imports": host.IMPORTS,
            "seccomp": True,
            "uid": _INSIDE_UID if self.user_namespace else NOBODY,
            "drop_to": 0,
        }
        cache = host.font_cache()
        if self.sandbox:
            binds, links = host.binds_and_links()
            config |= {"binds": binds, "links": links, "cache": cache, "package": host.PACKAGE}
            config["sys_path"] = [host.COURSE, *host.import_paths()]
            config["environment"] = host.environment(host.HOME, "/cache" if cache else host.HOME)
        else:
            config |= self._plain_folder(cache)
        self.control.send(config)
        if self.sandbox:
            self._expect("unshared")
            if self.user_namespace:
                _map_ids(self.process.pid)
            self.control.send({"op": "mapped"})

    def wait(self) -> None:
        """Return when the imports are done and processes can be forked."""
        ready = self._expect("ready")
        self.seccomp = ready["seccomp"]

    def _plain_folder(self, cache: str) -> dict:
        """Make a folder outside the repository from which a plain process sees `course` alone."""
        self.folder = tempfile.mkdtemp(prefix="judge-")
        os.mkdir(os.path.join(self.folder, "lib"))
        os.symlink(host.ROOT / "course", os.path.join(self.folder, "lib", "course"))
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        paths = [os.path.join(self.folder, "lib"), *host.import_paths()]
        return {"sys_path": paths, "environment": host.environment(home, cache or home)}

    def fork(self, limits: Limits) -> "Forked":
        """Start a learner's process, as fresh as the zygote."""
        ours, theirs = socket.socketpair()
        report, keeper = socket.socketpair()
        job = {
            "tmp_bytes": limits.tmp_bytes,
            "answer_bytes": limits.answer_bytes,
            "limits": self._resource_limits(limits),
        }
        with theirs, keeper:
            self.control.send(job)
            self.control.send_sockets(theirs, keeper)
        return Forked(Channel(ours, limits.answer_bytes), report)

    def _resource_limits(self, limits: Limits) -> dict[str, int]:
        found = {
            "AS": _address_space(self.process.pid) + limits.memory,
            "CPU": int(limits.submission_seconds) + 10,
            "FSIZE": limits.file_bytes,
            "NOFILE": 256,
            "CORE": 0,
            "MEMLOCK": 0,
            "MSGQUEUE": 0,
        }
        if self.sandbox:
            # Without a user namespace this would count all that the user runs on the machine.
            found["NPROC"] = limits.processes
        return found

    def _expect(self, op: str) -> dict:
        try:
            message, _ = self.control.receive(time.monotonic() + START_SECONDS)
        except ChannelError as error:
            self.process.kill()
            self.process.wait()
            self._log.seek(0)
            text = self._log.read().decode("utf-8", "replace").strip()
            raise CannotIsolate(text.splitlines()[-1] if text else str(error)) from None
        if message["op"] != op:
            raise CannotIsolate(f"expected {op!r}, and {message} came")
        return message

    def close(self) -> None:
        """End the zygote and, with it, everything that was forked from it."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        self._log.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class Forked:
    """One learner's process: the channel to it, and the report of its keeper."""

    def __init__(self, channel: Channel, report: socket.socket):
        self.channel = channel
        self._report = report
        self._text = b""
        self.ended = False
        try:
            self.pid = self._line(START_SECONDS).get("pid")
            hello, _ = channel.receive(time.monotonic() + START_SECONDS)
            if hello.get("op") != "hello":
                raise CannotIsolate(str(hello.get("text")))
        except ChannelError as error:
            self.end()
            raise CannotIsolate(f"the learner's process did not start: {error}") from None
        except CannotIsolate:
            self.end()
            raise

    def end(self, *, by_itself: bool = False) -> int | None:
        """End the process with all that it started; return its exit code, negative for a signal.

        Parameters
        ----------
        by_itself : whether it seems to have ended already, so that the code is its own

        Returns
        -------
        int or None
            None where its keeper could not tell.
        """
        if self.ended:
            return None
        self.ended = True
        self.channel.close()
        try:
            line = self._line(_OWN_END_SECONDS) if by_itself else None
        except (OSError, Closed, CannotIsolate):
            line = None
        try:
            self._report.shutdown(socket.SHUT_WR)
            line = line or self._line(START_SECONDS)
            return line.get("ended")
        except (OSError, Closed, CannotIsolate):
            return None
        finally:
            self._report.close()

    def _line(self, seconds: float) -> dict:
        deadline = time.monotonic() + seconds
        while b"\n" not in self._text:
            poll = select.poll()
            poll.register(self._report, select.POLLIN)
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise Closed("the keeper says nothing")
            more = self._report.recv(4096)
            if not more:
                raise Closed("the keeper is gone")
            self._text += more
        line, _, self._text = self._text.partition(b"\n")
        message = json.loads(line)
        if "failed" in message:
            raise CannotIsolate(message["failed"])
        return message


class Side:
    """The learner's side with the best isolation that this host allows.

    It starts at once and imports while the caller does other things; `wait` returns when it is
    ready.  Many submissions can be graded from one, each in processes of its own.
    """

    def __init__(self, limits: Limits):
        self._limits = limits
        self._why = ""
        self.isolation: Isolation | None = None
        self.zygote = self._best()

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        """End it with all that was forked from it."""
        self.zygote.close()

    def wait(self) -> Isolation:
        """Return what holds a learner's process, once one can be forked."""
        if self.isolation is None:
            try:
                self.zygote.wait()
                if self.zygote.sandbox:
                    # The last steps of the sandbox are taken in each fork: try them.
                    self.zygote.fork(self._limits).end()
            except CannotIsolate as error:
                if not self.zygote.sandbox:
                    raise
                self.zygote.close()
                self._why = str(error)
                self.zygote = Zygote(self._limits, sandbox=False)
                self.zygote.wait()
            self.isolation = self._described()
        return self.isolation

    def _best(self) -> Zygote:
        try:
            return Zygote(self._limits, sandbox=True)
        except CannotIsolate as error:
            self._why = str(error)
            return Zygote(self._limits, sandbox=False)

    def _described(self) -> Isolation:
        if not self.zygote.sandbox:
            line = f"NO SANDBOX ({self._why}): a plain process with limits, see `doctor`"
            return Isolation(False, line)
        spaces = "user, " if self.zygote.user_namespace else ""
        line = f"namespaces ({spaces}net, pid, mount, ipc, uts), no capabilities"
        line += ", seccomp" if self.zygote.seccomp else ""
        return Isolation(True, line + ", limits")


def _user_namespaces() -> bool:
    try:
        with open("/proc/sys/user/max_user_namespaces") as file:
            available = int(file.read()) > 0
    except (OSError, ValueError):
        available = os.path.exists("/proc/self/ns/user")
    return available or os.geteuid() != 0


def _map_ids(pid: int) -> None:
    """Write the user ids that a new user namespace knows.

    Root keeps its id inside to read the host's files and gives the learner's process another
    one; an ordinary user has one id, and with it no right over anything in the namespace.
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        try:
            _write(pid, "gid_map", f"0 0 1\n{_INSIDE_UID} {NOBODY} 1")
            _write(pid, "uid_map", f"0 0 1\n{_INSIDE_UID} {NOBODY} 1")
            return
        except OSError as error:
            raise CannotIsolate(f"user ids cannot be mapped: {error.strerror}") from None
    try:
        _write(pid, "setgroups", "deny")
        _write(pid, "gid_map", f"{_INSIDE_UID} {gid} 1")
        _write(pid, "uid_map", f"{_INSIDE_UID} {uid} 1")
    except OSError as error:
        raise CannotIsolate(f"user ids cannot be mapped: {error.strerror}") from None


def _write(pid: int, name: str, text: str) -> None:
    with open(f"/proc/{pid}/{name}", "w") as file:
        file.write(text)


def _address_space(pid: int) -> int:
    """Return the bytes of address space that the imports take already."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 30  # no /proc here: a guess on the safe side
