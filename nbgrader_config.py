"""Point nbgrader, its command line and Formgrader, at this course's judge, feedback and export."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from autograder.pipeline.nbgrader_hooks.config import configure  # noqa: E402

configure(get_config(), ROOT)  # noqa: F821 (traitlets defines it)
