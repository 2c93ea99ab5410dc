"""The archive of feedback pages that Moodle takes back, with its own names of the folders.

In the assignment: "Upload multiple feedback files in a zip".  Moodle tells each learner by the
number in the folder's name, see mod/assign/feedback/file/importziplib.php.
"""

import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from autograder.pipeline.names import composed
from autograder.pipeline.records import Account
from autograder.pipeline.who import Person

SAME_TIME = (2000, 1, 1, 0, 0, 0)  # equal pages make equal archives


def write_moodle_zip(
    to: Path, pages: dict[str, Path], people: Iterable[Person]
) -> tuple[int, list[str]]:
    """Write the archive; return how many pages are in it, and whom Moodle has given no number.

    Parameters
    ----------
    pages : the feedback page of each learner
    people : who is in the gradebook, with the accounts of this lesson
    """
    accounts = {
        one.student: account
        for one in people
        for account in one.accounts
        if account.platform == "Moodle"
    }
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.new")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as made:
        for student in sorted(pages.keys() & accounts.keys()):
            page = pages[student]
            name = f"{folder_name(accounts[student])}/{page.name}"
            info = zipfile.ZipInfo(name, SAME_TIME)
            made.writestr(info, page.read_bytes(), zipfile.ZIP_DEFLATED)
    os.replace(draft, to)
    return len(pages.keys() & accounts.keys()), sorted(pages.keys() - accounts.keys())


def folder_name(account: Account) -> str:
    """Return what Moodle calls a learner's folder.

    Examples
    --------
    >>> folder_name(Account("Moodle", "31337", "Ada Lovelace"))
    'Ada Lovelace_31337_assignsubmission_file_'
    """
    return f"{composed(account.name)}_{account.number}_assignsubmission_file_"
