"""Grade a Gradescope container's submission: ``python -m autograder.pipeline.gradescope ROOT``."""

import sys
from pathlib import Path

from autograder.startup import print_any_letter, skip_address_grammars

if __name__ == "__main__":
    skip_address_grammars()
    print_any_letter()
    from autograder.pipeline.gradescope.submission import main

    sys.exit(main(Path(sys.argv[1])))
