"""Give feedback back through nbgrader's exchange, where not everybody came through it."""

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.pipeline.gradebook.writer import SUBMISSION_SECRET


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's own, except that it does not stop at a learner who handed in on another road.

    Such a learner has no key under which the exchange would keep a page.
    """

    def copy_files(self) -> None:
        """Release the pages of those whose work came through the exchange; name the others."""
        for folder in sorted(glob.glob(self.src_path)):
            if Path(folder, SUBMISSION_SECRET).is_file():
                self.src_path = glob.escape(folder)
                super().copy_files()
            else:
                self.log.warning("%s: not handed in through the exchange, left out", folder)
