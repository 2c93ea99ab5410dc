"""Processes that compute as another processor would: other kernels, vectors and threads."""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autograder.notebooks.build import kept

ROOT = Path(__file__).parents[3]


class Setting(NamedTuple):
    """Kernels of OpenBLAS; numpy's extensions that are off; threads."""

    kernels: str
    without: list[str]
    threads: int


# What this processor has beyond the least that numpy needs: X86_V4, AVX512_ICL, ...
EXTENSIONS = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
WIDEST = [name for name in EXTENSIONS if "512" in name or name == "X86_V4"]
ARM = platform.machine() in ("arm64", "aarch64")
OLDEST = Setting("ARMV8" if ARM else "Nehalem", EXTENSIONS, 1)
OTHERS = {
    "common kernels, no wide vectors, two threads": Setting(
        "NEOVERSEN1" if ARM else "Haswell", WIDEST, 2
    ),
    "another maker's kernels": Setting("THUNDERX2T99" if ARM else "Zen", [], 1),
    "kernels of an age between": Setting("CORTEXA57" if ARM else "Sandybridge", [], 1),
}


def environment_of(setting: Setting) -> dict[str, str] | None:
    """Return the environment of a process with this setting.

    None if OpenBLAS takes other kernels: this processor cannot run these, or numpy's has none.
    """
    environment = {
        **os.environ,
        "NPY_DISABLE_CPU_FEATURES": " ".join(setting.without),
        "OPENBLAS_NUM_THREADS": str(setting.threads),
        "OPENBLAS_THREAD_TIMEOUT": "4",  # the shortest: an idle thread sleeps, it does not spin
        "OPENBLAS_CORETYPE": setting.kernels,
    }
    code = "import numpy, threadpoolctl as t; numpy.ones((9, 9)) @ numpy.ones((9, 9)); "
    code += "print(*(pool.get('architecture') for pool in t.threadpool_info()))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    found = done.returncode == 0 and setting.kernels.lower() in done.stdout.lower()
    return environment if found else None


def fits(path: str, built: bytes) -> bool:
    """Would a build leave the committed file alone, now that it has computed this one?"""
    return kept(ROOT, {path: built})[path] == (ROOT / path).read_bytes()
