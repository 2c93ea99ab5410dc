"""The course's secret, from which the withheld cases are drawn."""

import contextlib
import os
import secrets
from pathlib import Path

from autograder import CommandError

BYTES = 32


def secret_file(root: Path) -> Path:
    """Return where the secret of the course at `root` is kept; git ignores that folder."""
    return Path(root) / ".autograder" / "secret"


def course_secret(root: Path) -> bytes:
    """Return the course's 32 secret bytes, made at the first call and the same ever after.

    Raises
    ------
    CommandError : where the file is empty, from which anybody could draw the withheld cases
    """
    path = secret_file(root)
    with contextlib.suppress(FileNotFoundError):
        if secret := path.read_bytes():
            return secret
        raise CommandError(
            f"{path} is empty. Put a copy of it back; without one, "
            "`python -m autograder grade --new-secret` draws the withheld cases anew."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    # Created with its mode, so that no other user can read it for even a moment; "x" semantics,
    # so that of two graders that start together both use the secret of the first.
    draft = path.with_name(f"secret.{os.getpid()}")
    _write(draft, secrets.token_bytes(BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


def renew_secret(root: Path) -> bytes:
    """Replace the course's secret, so that every withheld case is drawn anew, and return it."""
    path = secret_file(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret.{os.getpid()}")
    _write(draft, secrets.token_bytes(BYTES))
    os.replace(draft, path)
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """Write `content` to a new file that only its owner can read."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
