"""JupyterLite: the released lessons in a browser, with Python in the page and no server."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from autograder import CommandError
from autograder.startup import START

LITE = "lite"  # the site's folder for it
ENVIRONMENT = ".venv/lite"  # of its own: beside JupyterLab its build goes wrong
KERNEL = "@jupyterlite/pyodide-kernel-extension"


def build_lite(root: Path, notebooks: list[Path], wheel: Path, to: Path, pyodide: str = "") -> None:
    """Build JupyterLite with some notebooks into the folder `to`.

    Its kernel begins with `course` and what figures need; numpy and matplotlib come from the
    Pyodide release when a lesson imports them.

    Parameters
    ----------
    wheel : the wheel of `course`
    pyodide : a Pyodide release to put beside the pages, an archive or a folder; without one the
        pages ask the release's own address, which the kernel's package names

    Raises
    ------
    CommandError
        With the words of JupyterLite, if it builds nothing.
    """
    tools = root / ENVIRONMENT
    if not (tools / "bin/jupyter-lite").is_file():
        raise CommandError(f"{ENVIRONMENT} has no JupyterLite. Run `make lite`.")
    wheels = [wheel, *sorted((tools / "wheels").glob("*.whl"))]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "contents").mkdir()
        for notebook in notebooks:
            shutil.copy(notebook, place / "contents")
        (place / "jupyter-lite.json").write_text(json.dumps(settings(wheels)), "utf-8")
        command = [str(tools / "bin/python"), "-c", START, "jupyterlite_core", "build"]
        command += ["--lite-dir", folder]
        command += ["--output-dir", str(to), "--contents", "contents", "--apps", "lab"]
        command += ["--no-sourcemaps"]
        for path in wheels:
            command += ["--piplite-wheels", str(path)]
        if pyodide and Path(pyodide).is_dir():
            shutil.copytree(pyodide, place / "static/pyodide")
        elif pyodide:
            command += ["--pyodide", str(Path(pyodide).resolve())]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"JupyterLite was not built.\n{done.stdout}{done.stderr}"[-3000:])


def settings(wheels: list[Path]) -> dict:
    """Return JupyterLite's settings: wheels that a kernel has from its beginning.

    Their addresses are relative to the kernel's script, so that the site may lie anywhere.
    """
    up = "../" * len(Path("extensions", KERNEL, "static").parts)
    options = {"packages": [f"{up}pypi/{path.name}" for path in wheels]}
    plugins = {f"{KERNEL}:kernel": {"loadPyodideOptions": options}}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "The convolution layer",
            "litePluginSettings": plugins,
        },
    }
