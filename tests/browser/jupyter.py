"""A real JupyterLab for the browser tests: private folders, a free port, nothing shared."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


class Jupyter:
    """A running server; `url` builds addresses on it."""

    def __init__(self, base: str, token: str):
        self.base, self.token = base, token

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


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serve(root: Path, private: Path, *options: str):
    """Run JupyterLab on `root`, with every setting and history kept in `private`."""
    port, token = free_port(), "test"
    environment = {
        **os.environ,
        "HOME": str(private),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "IPYTHONDIR": str(private / "ipython"),
        "MPLCONFIGDIR": str(private / "matplotlib"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={root}", "--LabApp.news_url=None"),
        "--LabApp.expose_app_in_browser=True",
        *options,
    ]
    log = (private / "server.log").open("wb")
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    server = Jupyter(f"http://127.0.0.1:{port}", token)
    try:
        _wait_until_up(server, process, private / "server.log")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _wait_until_up(server: Jupyter, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended at once:\n{log.read_text()[-2000:]}")
        with contextlib.suppress(OSError):
            server.api("status")
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not answer within 60 s:\n{log.read_text()[-2000:]}")
