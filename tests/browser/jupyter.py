"""Real Jupyter servers for the browser tests: private folders, free ports, nothing shared."""

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from autograder.startup import START


class Jupyter:
    """A running server on a folder, `root`; `url` builds addresses on it."""

    def __init__(self, base: str, token: str, root: Path):
        self.base, self.token, self.root = base, token, root

    def url(self, path: str, **query: str) -> str:
        """Return the address of a path such as ``lab/tree/a.ipynb``, with the token."""
        extra = "".join(f"&{key}={value}" for key, value in query.items())
        return f"{self.base}/{path}?token={self.token}{extra}"

    def api(self, path: str, method: str = "GET"):
        """Call the server's REST interface."""
        request = urllib.request.Request(
            f"{self.base}/api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def shut_kernels_down(self) -> None:
        """End every session, so that one test's kernel does not slow the next."""
        for session in self.api("sessions"):
            with contextlib.suppress(OSError):
                self.api(f"sessions/{session['id']}", "DELETE")


def free_ports(count: int) -> list[int]:
    """Find ports that nobody uses, below those that the system gives to connections."""
    found = []
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("of 100 ports between 20,000 and 32,000 too few are free")


def _environment(private: Path) -> dict[str, str]:
    """Keep every setting and history in `private`, and this repository importable."""
    return {
        **os.environ,
        "HOME": str(private),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "IPYTHONDIR": str(private / "ipython"),
        "MPLCONFIGDIR": str(private / "matplotlib"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


@contextlib.contextmanager
def serve(root: Path, private: Path):
    """Run JupyterLab on `root`, and at ``notebooks/`` Notebook 7; neither looks for node."""
    (port,), token = free_ports(1), "test"
    command = [
        *("jupyterlab", "--no-browser", "--allow-root"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={root}", "--LabApp.news_url=None"),
        "--ServerApp.jpserver_extensions={'jupyter_lsp': False}",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]
    with _run(command, Jupyter(f"http://127.0.0.1:{port}", token, root), private) as server:
        yield server


@contextlib.contextmanager
def serve_voila(root: Path, private: Path):
    """Run Voila on the notebooks of `root`, which stand at ``voila/render/NAME.ipynb``."""
    (port,), token = free_ports(1), "test"
    command = ["voila", str(root), "--no-browser", f"--port={port}", f"--token={token}"]
    with _run(command, Jupyter(f"http://127.0.0.1:{port}", token, root), private) as server:
        yield server


@contextlib.contextmanager
def _run(command: list[str], server: Jupyter, private: Path):
    """Run one of the servers until the block ends; its words go to ``private/server.log``."""
    with (private / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START, *command],
            cwd=server.root,
            env=_environment(private),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_up(server, process, private / "server.log")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_up(server: Jupyter, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended at once:\n{log.read_text()[-2000:]}")
        try:
            server.api("status")
            return
        except urllib.error.HTTPError:  # Voila has no such address; it is up all the same
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not answer within 60 s:\n{log.read_text()[-2000:]}")
