"""What of this machine a learner's process may see: paths to show, environment, imports."""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).resolve().parent / "inside"
COURSE = "/srv"  # the folder that holds `course` inside
PACKAGE = "/opt/learnerside"
HOME = "/scratch"
IMPORTS = (
    "numpy",
    "numpy.random",
    "numpy.linalg",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "IPython.core.interactiveshell",
    "course",
    "course.checks",
    "course.figures",
    "course.widgets",
)
_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
# A whole prefix is shown only where it holds Python and nothing else.
_SHARED_PREFIXES = ("/", "/usr", "/usr/local", "/home", "/root", "/opt")


def import_paths() -> list[str]:
    """Return where the learner's process looks for modules: what is installed, and no more.

    A script's own folder and PYTHONPATH may lead anywhere, to the answers for example.
    """
    installed = {os.path.realpath(path) for path in (*_prefixes(), *sysconfig.get_paths().values())}
    paths = []
    for entry in sys.path:
        real = os.path.realpath(entry)
        packages = os.path.basename(real) in ("site-packages", "dist-packages")
        inside = any(real == path or _within(real, path) for path in installed)
        if entry and os.path.exists(real) and (packages or inside):
            paths.append(os.path.abspath(entry))
    return list(dict.fromkeys(paths))


def binds_and_links() -> tuple[list, list]:
    """Return what to show: (host path, path inside) pairs, parents first, and symlinks."""
    wanted = [*_SYSTEM, *import_paths(), *_prefixes(), sys.executable]
    wanted += [os.path.realpath(sys.executable), sysconfig.get_path("stdlib")]
    if library := sysconfig.get_config_var("LIBDIR"):
        wanted += [str(path) for path in Path(library).glob("libpython*.so*")]
    real, links = set(), []
    for path in wanted:
        if not os.path.exists(path):
            continue
        target = os.path.realpath(path)
        real.add(target)
        if target != os.path.abspath(path):
            links.append([os.path.abspath(path), target])
    shown = sorted(real)
    kept = [path for path in shown if not any(_within(path, other) for other in shown)]
    binds = [[path, path] for path in kept]
    if any(_within(str(ROOT), path) for path in kept):
        # The repository lies in a folder that Python needs: cover it, then show what is needed.
        binds.append([None, str(ROOT)])
        binds += [[path, path] for path in shown if _within(path, str(ROOT))]
    binds += [[str(INSIDE), PACKAGE], [str(ROOT / "course"), f"{COURSE}/course"]]
    return binds, links


def environment(home: str, cache: str) -> dict[str, str]:
    """Return the whole environment of the learner's process."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **single,
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": cache,
        "PATH": "/usr/bin:/bin",
        "TMPDIR": home,
    }


def font_cache() -> str:
    """Return the folder where matplotlib keeps its list of fonts, made if need be, or ""."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.environ.get("MPLCONFIGDIR") or os.path.join(base, "matplotlib")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return ""
    return os.path.realpath(folder) if os.access(folder, os.W_OK) else ""


def _prefixes() -> list[str]:
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    return [path for path in found if os.path.realpath(path) not in _SHARED_PREFIXES]


def _within(path: str, other: str) -> bool:
    return path != other and path.startswith(other.rstrip("/") + "/")
