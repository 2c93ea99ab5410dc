"""Does a lesson go from the instructor to two learners on a JupyterHub, and their feedback back?"""

import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest
from tiny_course import CONFIG, LESSON, REPOSITORY, RIGHT, solved

from autograder.__main__ import main
from autograder.pipeline.gradebook.results import results
from autograder.pipeline.grading.run import open_course
from autograder.startup import START
from tests.browser.jupyter import free_ports

DEPLOY = REPOSITORY / "deploy" / "hub"
PROXY = REPOSITORY / ".venv" / "proxy" / "node_modules" / ".bin"  # where `make test` puts it
PATIENCE = 120  # seconds
# Names and servers of a test, around the settings that are given to a real hub.
SETTINGS = """
exec(compile({deployed!r}, "jupyterhub_config.py", "exec"))
c.JupyterHub.ip = c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.port, c.JupyterHub.hub_port = {ports[0]}, {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.cmd = {command!r}
c.Spawner.args += ["--allow-root"]  # as whom the container's user is known outside
c.Spawner.environment |= {environment!r}
c.JupyterHub.services = [{{"name": "test", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{
        "name": "test",
        "services": ["test"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }}
]
"""
# A learner's server sees itself as a container does: its user is called jovyan, and the
# instructor's side of the repository is not there.
CONTAINER = """
mount --bind {passwd} /etc/passwd
for folder in {hidden}; do mount -t tmpfs none "$folder"; done
exec "$@"
"""
# Asked there: whether these can be imported.
SEEN = """
import importlib.util
for name in ("course", "autograder.reference", "tests.attacks"):
    try:
        print(importlib.util.find_spec(name) is not None)
    except ModuleNotFoundError:
        print(False)
"""


def _container(folder):
    """Return the command that runs another one as in a container."""
    passwd = folder / "passwd"
    passwd.write_text(f"jovyan:x:0:0::{folder}:/bin/sh\n")
    hidden = [REPOSITORY / name for name in ("autograder", "source", "solutions", "tests")]
    script = CONTAINER.format(passwd=shlex.quote(str(passwd)), hidden=shlex.join(map(str, hidden)))
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "container"]


@pytest.fixture
def hub(root, tmp_path_factory, monkeypatch):
    """Return a function that calls a running hub's address: method, path, data -> its answer."""
    pytest.importorskip("jupyterhub", reason="no JupyterHub: run `make .venv/hub.done`")
    proxy = shutil.which("configurable-http-proxy", path=f"{os.environ['PATH']}:{PROXY}")
    if proxy is None:
        pytest.skip("no configurable-http-proxy: run `make .venv/hub.done`, which needs npm")
    folder = tmp_path_factory.mktemp("hub")
    container = _container(folder)
    if subprocess.run([*container, "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces: learners' servers cannot be shut off from the repository")
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    settings = (DEPLOY / "nbgrader_config.py").read_text("utf-8")
    settings = settings.replace("/srv/nbgrader/exchange", str(exchange))
    (folder / "etc").mkdir()
    (folder / "etc" / "nbgrader_config.py").write_text(settings)
    (root / "nbgrader_config.py").write_text(CONFIG + settings)
    for name in ("ann", "bob"):
        (folder / "homes" / name).mkdir(parents=True)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder / "data"))
    token, ports = secrets.token_hex(16), free_ports(3)
    (folder / "jupyterhub_config.py").write_text(
        SETTINGS.format(
            deployed=(DEPLOY / "jupyterhub_config.py").read_text("utf-8"),
            ports=ports,
            proxy=[proxy],
            homes=str(folder / "homes"),
            command=[*container, sys.executable, "-c", START, "jupyterhub.singleuser"],
            environment={"JUPYTER_CONFIG_PATH": str(folder / "etc")},
            token=token,
        )
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", START, "jupyterhub", "-f", "jupyterhub_config.py"],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def call(method, address, **data):
        request = urllib.request.Request(
            f"http://127.0.0.1:{ports[0]}{address}",
            data=json.dumps(data).encode() if method == "POST" else None,
            headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    call.homes, call.log, call.container = folder / "homes", folder / "log", container
    try:
        _until(lambda: call("GET", "/hub/api/")["version"], server, call.log)
        yield call
    finally:
        server.send_signal(signal.SIGTERM)  # it ends the servers and the proxy
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _until(ask, server, log):
    """Ask until there is an answer; tell the log where there is none."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            if answer := ask():
                return answer
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace")[-4000:])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_lesson_goes_out_and_its_feedback_comes_back(
    hub, root, judged, blank, nbgrader, monkeypatch
):
    """Do both learners fetch, work, submit and read their own page, and see no answer?"""
    release = root / "release" / LESSON
    release.mkdir(parents=True)
    nbformat.write(blank, release / f"{LESSON}.ipynb")
    assert nbgrader("release_assignment", LESSON) == 0
    what = {"course_id": "conv", "assignment_id": LESSON}
    work = {"ann": RIGHT, "bob": RIGHT | {"square": "def square(x):\n    return x"}}
    for name in work:
        hub("POST", f"/hub/api/users/{name}")
        hub("POST", f"/hub/api/users/{name}/server")
    for name, answers in work.items():
        _until_ready(hub, name)
        fetched = hub("POST", f"/user/{name}/assignments/fetch", **what)
        assert fetched["value"][0]["status"] == "fetched"
        nbformat.write(solved(blank, **answers), hub.homes / name / LESSON / f"{LESSON}.ipynb")
        assert hub("POST", f"/user/{name}/assignments/submit", **what)["success"]
    checked = hub("POST", "/user/bob/assignments/validate", path=f"{LESSON}/{LESSON}.ipynb")
    assert checked["success"]
    assert "square(3) == 9" in json.dumps(checked)
    said = subprocess.run([*hub.container, sys.executable, "-c", SEEN], capture_output=True)
    assert said.stdout.split() == [b"True", b"False", b"False"]
    assert nbgrader("collect", LESSON) == 0
    assert main(["grade", LESSON]) == main(["feedback", LESSON]) == 0
    assert nbgrader("release_feedback", LESSON) == 0
    found = results(open_course(root), LESSON)
    assert {name: row.score for name, row in found.items()} == {"ann": 5, "bob": 3}
    for name in work:
        hub("POST", f"/user/{name}/assignments/fetch_feedback", **what)
        [page] = (hub.homes / name / LESSON / "feedback").rglob("*.html")
        ours = root / "feedback" / name / LESSON / f"{LESSON}.html"
        assert page.read_bytes() == ours.read_bytes()


def _until_ready(hub, name):
    end = time.monotonic() + PATIENCE
    while not hub("GET", f"/hub/api/users/{name}")["servers"].get("", {}).get("ready"):
        assert time.monotonic() < end, "\n".join(
            line
            for line in hub.log.read_text("utf-8", "replace").splitlines()
            if "200 GET" not in line
        )[-6000:]
        time.sleep(0.5)
