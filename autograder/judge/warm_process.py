"""A warm process that answers one request after the other, seen from who started it."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

from autograder import CommandError
from autograder.judge.api import python_path
from autograder.judge.host import ROOT
from autograder.judge.inside.channel import Channel, ChannelError
from autograder.judge.limits import Limits
from autograder.judge.serve import FRAME_BYTES

START_SECONDS = 120.0


class WarmProcess:
    """One process that keeps a warm judge.  It ends with this one, however that ends.

    Parameters
    ----------
    module : what it runs; see `autograder.judge.serve`
    first, blobs : the frame that it is started with
    limits : what each submission may use

    Raises
    ------
    CommandError : from `wait`, when it cannot grade anybody: no sandbox where one is required, or
        a lesson whose own cells do not run
    """

    def __init__(
        self,
        module: str,
        first: dict,
        blobs: list[bytes],
        limits: Limits,
        require_sandbox: bool = False,
    ):
        self._limits, self._require_sandbox = limits, require_sandbox
        self._ending = threading.Lock()  # who waits for it may end it while its owner does
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours, FRAME_BYTES)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `close`)
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with theirs:
            self.process = subprocess.Popen(
                # Never from the caller's folder: numpy.py may lie there.
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                cwd=ROOT,
                env={**os.environ, **single, "PYTHONPATH": python_path()},
                start_new_session=True,  # Ctrl-C is the caller's to handle
            )
        with contextlib.suppress(ChannelError):  # it has ended already: `wait` says why
            self._channel.send(first, blobs)

    def wait(self) -> None:
        """Return when it is warm."""
        try:
            message, _ = self._channel.receive(time.monotonic() + START_SECONDS)
        except ChannelError as error:
            why = self.last_words() or str(error)
            self.close()
            raise CommandError(f"A worker did not start: {why}") from None
        if "broken" in message:
            self.close()
            raise CommandError(message["broken"])
        if self._require_sandbox and not message["sandboxed"]:
            self.close()
            raise CommandError(
                f"A sandbox is required, and this machine has none: {message['sandbox']}. "
                "`python -m autograder doctor` says what is missing."
            )

    def ask(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        """Send one request and return the answer.

        Raises
        ------
        ChannelError : when it has ended or says nothing; it is of no more use then
        """
        # Cells and tests have their own time; beyond twice that, something is broken.
        deadline = time.monotonic() + START_SECONDS + 4 * self._limits.submission_seconds
        self._channel.send(message, blobs, deadline)
        return self._channel.receive(deadline)

    def last_words(self) -> str:
        """End it, and return the last line that it wrote to its log."""
        with self._ending:
            self.process.kill()
            self.process.wait()
            self._log.seek(0)
            lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """End it, with the learner's side and all that runs there."""
        with self._ending:
            self.process.kill()
            self.process.wait()
            self._channel.close()
            self._log.close()
