"""Start the process from which every learner's process is forked."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from autograder.judge import host, users
from autograder.judge.forked import START_SECONDS, Forked
from autograder.judge.inside.channel import Channel, ChannelError
from autograder.judge.limits import Limits
from autograder.judge.users import CannotIsolate

_BOOT = (
    "import sys, types; p = types.ModuleType('learnerside'); p.__path__ = [sys.argv[1]]; "
    "sys.modules['learnerside'] = p; from learnerside.zygote import main; main()"
)


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
        self.counts_processes = sandbox
        self._spare: tuple[Limits, Forked] | None = None
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
        self.user_namespace = sandbox and users.user_namespaces()
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
            "uid": users.INSIDE if self.user_namespace else users.NOBODY,
            "drop_to": 0 if self.sandbox else users.plain_user(),
        }
        cache = host.font_cache()
        if self.sandbox:
            binds, links = host.binds_and_links()
            config |= {"binds": binds, "links": links, "cache": cache, "package": host.PACKAGE}
            config["sys_path"] = [host.COURSE, *host.import_paths()]
            config["environment"] = host.environment(host.HOME, "/cache" if cache else host.HOME)
        else:
            config |= self._plain_folder(cache, config["drop_to"])
            self.counts_processes = config["drop_to"] > 0
        self.control.send(config)
        if self.sandbox:
            self._expect("unshared")
            if self.user_namespace:
                users.map_ids(self.process.pid)
            self.control.send({"op": "mapped"})

    def wait(self) -> None:
        """Return when the imports are done and processes can be forked."""
        ready = self._expect("ready")
        self.seccomp = ready["seccomp"]

    def _plain_folder(self, cache: str, owner: int) -> dict:
        """Make a folder outside the repository from which a plain process sees `course` alone."""
        self.folder = tempfile.mkdtemp(prefix="judge-")
        os.mkdir(os.path.join(self.folder, "lib"))
        os.symlink(host.ROOT / "course", os.path.join(self.folder, "lib", "course"))
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        if owner:
            os.chmod(self.folder, 0o755)
            os.chown(home, owner, owner)
        paths = [os.path.join(self.folder, "lib"), *host.import_paths()]
        return {"sys_path": paths, "environment": host.environment(home, cache or home)}

    def prepare(self, limits: Limits) -> None:
        """Have a process ready for the next `fork`, in this process or in a fork of it."""
        if self._spare is None:
            self._spare = limits, self._start(limits)

    @property
    def has_spare(self) -> bool:
        """Whether a process is ready that no `fork` has taken."""
        return self._spare is not None

    def let_go(self) -> None:
        """Leave the process that is ready, if there is one, to the fork that has taken it."""
        if self._spare is not None:
            self._spare[1].let_go()
            self._spare = None

    def fork(self, limits: Limits) -> Forked:
        """Return a learner's process, as fresh as the zygote."""
        spare, self._spare = self._spare, None
        if spare is not None:
            if spare[0] == limits and not spare[1].channel.ready(0):  # else it has ended
                return spare[1]
            spare[1].end()
        return self._start(limits)

    def _start(self, limits: Limits) -> Forked:
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
            "AS": address_space(self.process.pid) + limits.memory,
            "CPU": int(limits.submission_seconds) + 10,
            "FSIZE": limits.file_bytes,
            "NOFILE": 64,  # each may be a socket whose buffer is counted nowhere
            "CORE": 0,
            "MEMLOCK": 0,
            "MSGQUEUE": 0,
        }
        if self.counts_processes:
            # Elsewhere this would count all that the user runs on the machine.
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
        self.let_go()
        self.control.close()
        self.process.kill()
        self.process.wait()
        self._log.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def address_space(pid: int) -> int:
    """Return the bytes of address space that the imports take already."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 30  # no /proc here: a guess on the safe side
