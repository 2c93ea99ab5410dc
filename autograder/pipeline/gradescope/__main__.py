"""Grade a Gradescope container's submission: ``python -m autograder.pipeline.gradescope ROOT``."""

import sys
from pathlib import Path

from autograder.startup import skip_address_grammars

if __name__ == "__main__":
    skip_address_grammars()
    from autograder.pipeline.gradescope.submission import main

    sys.exit(main(Path(sys.argv[1])))
