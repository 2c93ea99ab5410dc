"""Fork kernels from a process that has imported what every lesson imports.

`kernels.py` runs this file as a program, so that nothing of the course is imported before a lesson
does it.  Each line of its input is a request in JSON, and it answers with the kernel's process id.
It ends with its input.
"""

import gc
import importlib
import json
import os
import signal
import sys

# None of them looks for a running kernel when it is imported, as ipywidgets does.
IMPORTS = ("ipykernel.kernelapp", "numpy.random", "matplotlib.pyplot", "matplotlib.font_manager")


def main() -> None:
    """Import, then fork a kernel for each request: its `arguments`, `environment` and `folder`."""
    for module in IMPORTS:
        importlib.import_module(module)
    gc.freeze()  # a kernel collects no garbage among what it has not made
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for a kernel
    server = os.getpid()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            return run(json.loads(line), server)
        print(child, flush=True)


def run(request: dict, server: int) -> None:
    """Run a kernel in this process, as if it had been started with the request's environment."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[:0] = request["environment"]["PYTHONPATH"].split(os.pathsep)
    sys.modules["numpy"].random.seed()
    # A kernel ends when its parent does.
    sys.argv[1:] = [*request["arguments"], f"--IPKernelApp.parent_handle={server}"]
    sys.modules["ipykernel.kernelapp"].launch_new_instance()


if __name__ == "__main__":
    main()
