"""Start kernels by forking a warm process: importing takes longer than many a lesson."""

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner

PROGRAM = Path(__file__).with_name("kernel_server.py")
# Read when numpy, matplotlib or Python start: another value needs another warm process.
READ_AT_START = ("MPL", "NPY_", "OMP_", "OPENBLAS_", "PYTHON")


def kernel_manager(folder: Path) -> AsyncKernelManager:
    """Return a manager of kernels that run this interpreter and listen in `folder` only.

    A kernelspec called python3 in the home folder may name another interpreter.
    """
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )
    if os.name == "posix":
        manager.transport = "ipc"
        manager.connection_file = str(folder / "kernel.json")
    if hasattr(os, "pidfd_open"):
        manager.provisioner = WarmProvisioner(kernel_spec=manager.kernel_spec, parent=manager)
    return manager


class WarmProvisioner(LocalProvisioner):
    """Fork a kernel from the warm process of this one; where that fails, start it as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs) -> dict:
        """Start a kernel with the connection file, environment and folder that it asks for."""
        environment = kwargs["env"]
        settings = {
            name: value
            for name, value in environment.items()
            if name.startswith(READ_AT_START) and name != "PYTHONPATH"
        }
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.cwd = kwargs.get("cwd") or os.getcwd()
        request = {"environment": environment, "folder": self.cwd, "arguments": arguments}
        try:
            self.process = _server(tuple(sorted(settings.items()))).fork(request)
        except (OSError, ValueError):
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        return self.connection_info


@functools.cache
def _server(settings: tuple[tuple[str, str], ...]) -> "_Server":
    """Return the warm process that was started with these settings; there is one for each."""
    return _Server(dict(settings))


class _Server:
    """A warm process, which ends with this one."""

    def __init__(self, settings: dict[str, str]):
        plain = {k: v for k, v in os.environ.items() if not k.startswith(READ_AT_START)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROGRAM.parent,  # no matplotlibrc lies here
            env={**plain, **settings},
            text=True,
            start_new_session=True,  # Ctrl-C is the caller's to handle
        )
        atexit.register(self._close)

    def fork(self, request: dict) -> "_Forked":
        """Return a fresh kernel.

        Raises
        ------
        OSError : when the warm process has ended
        ValueError : when it has ended without an answer
        """
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return _Forked(int(self._process.stdout.readline()))

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._process.communicate()


class _Forked:
    """A process that another process has forked, with what LocalProvisioner asks of a Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        self._fd = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None as long as it runs, and then 0: its exit code is its parent's to know."""
        return 0 if select.select([self._fd], [], [], 0)[0] else None

    def wait(self) -> int:
        """Return when it has ended."""
        select.select([self._fd], [], [])
        os.close(self._fd)
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal, none to what has ended; the provisioner tries its whole group first."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._fd, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
