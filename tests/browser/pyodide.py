"""A local Pyodide for the tests: npm's package, and the pure wheels with which a kernel starts.

Run ``python -m tests.browser.pyodide FOLDER`` where npm and a package index can be asked.  Only
Pyodide's own release has numpy and matplotlib, so no lesson runs with this copy.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# What JupyterLite asks of Pyodide's release to start a kernel.
ASKED = ("micropip", "packaging", "ipython", "jedi", "typing-extensions")
# Runs in that Pyodide, by node. As in the release, files are compiled: a kernel starts sooner.
COMPILE = """
import { pathToFileURL } from "node:url";
const [folder, code] = process.argv.slice(-2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const { FS, runPython } = await loadPyodide({ indexURL: `${folder}/` });
FS.mkdir("/release");
FS.mount(FS.filesystems.NODEFS, { root: folder }, "/release");
runPython(code);
"""
COMPILED = """
from importlib._bootstrap_external import _code_to_timestamp_pyc as pyc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile
for path in [*Path("/release").glob("*.whl"), Path("/release/python_stdlib.zip")]:
    with ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            if name.endswith(".py"):
                name, data = f"{name}c", pyc(compile(data, name, "exec"))
            archive.writestr(name, data)
"""
FILES = (
    *("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"),
    *("python_stdlib.zip", "pyodide-lock.json"),
)
VERSION = "from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION as v; print(v)"


def gather(to: Path, lite: Path) -> None:
    """Write a Pyodide of the version that JupyterLite's kernel asks for into the folder `to`.

    Parameters
    ----------
    lite : the environment that JupyterLite is in
    """
    version = _said(str(lite / "bin/python"), "-c", VERSION).strip()
    with tempfile.TemporaryDirectory() as folder:
        _said("npm", "install", "--silent", "--prefix", folder, f"pyodide@{version}")
        package = Path(folder, "node_modules/pyodide")
        lock = json.loads((package / "pyodide-lock.json").read_text("utf-8"))
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir(parents=True)
        for name in FILES:
            shutil.copy(package / name, to)
    wanted = {name: lock["packages"][name] for name in closure(lock["packages"])}
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-deps", "--only-binary=:all:", "--platform", "any", "--python-version", "3.14"]
    specs = [f"{name}=={package['version']}" for name, package in wanted.items()]
    _said(*pip, "--dest", str(to), *specs)
    _said("node", "--input-type=module", "--eval", COMPILE, str(to.resolve()), COMPILED)
    for package in wanted.values():
        wheel = to / package["file_name"]
        package["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (to / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")


def closure(packages: dict[str, dict]) -> list[str]:
    """Return what a kernel starts with, and all that it needs."""
    known = {name.replace("_", "-"): name for name in packages}
    found, waiting = [], list(ASKED)
    while waiting:
        name = known[waiting.pop().replace("_", "-").lower()]
        if name not in found:
            found.append(name)
            waiting += packages[name]["depends"]
    return found


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ...: {done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pyodide", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write it")
    gather(parser.parse_args().folder, Path(".venv/lite"))
