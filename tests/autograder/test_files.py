"""Does a reader find the old file or all of the new one, and never a part?"""

from pathlib import Path

import pytest

from autograder.files import write_whole


def test_a_file_is_replaced_with_its_folders_made(tmp_path):
    """Is the content there, in a new folder too, and nothing else beside it?"""
    path = tmp_path / "new" / "page.html"
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert [other.name for other in path.parent.iterdir()] == ["page.html"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    """Is what was there kept, where the new content cannot be written to its end?"""
    path = tmp_path / "grades.csv"
    write_whole(path, b"old")
    whole = Path.write_bytes

    def half(self, content):
        whole(self, content[: len(content) // 2])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new and longer")
    assert path.read_bytes() == b"old"


def test_what_a_killed_run_left_is_no_obstacle(tmp_path):
    """Is a draft written over, even one that may only be read?"""
    draft = tmp_path / ".page.html.new"
    draft.write_bytes(b"half a pa")
    draft.chmod(0o400)
    write_whole(tmp_path / "page.html", b"a page")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
