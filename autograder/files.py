"""Write a file in one step."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file such that a reader, or a crash, finds the old content or all of the new.

    Folders on the way are made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)  # of a run that was killed, perhaps without the right to write
    draft.write_bytes(content)
    os.replace(draft, path)
