"""Grade one submission: a job as JSON on standard input, the verdict on standard output.

Started by `autograder.judge.judge_notebook`, so that neither a learner's code nor a test runs in
the caller's process.
"""

import json
import os
import sys


def main() -> int:
    """Read the job, run it, write what comes of it as one JSON object."""
    answer = os.dup(1)
    os.dup2(2, 1)  # what a test prints to file descriptor 1 is no verdict
    os.environ["MPLBACKEND"] = "agg"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    job = json.load(sys.stdin)

    from autograder.judge.job import SandboxRequired, run_job
    from autograder.judge.users import CannotIsolate

    try:
        result = {"verdict": run_job(job)}
    except SandboxRequired as error:
        result = {"refused": str(error)}
    except CannotIsolate as error:
        result = {"broken": f"the learner's side does not start: {error}"}
    except Exception as error:
        if type(error).__name__ != "SetupFailed":
            raise
        result = {"broken": str(error)}
    with open(answer, "w", encoding="utf-8") as out:
        json.dump(result, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
