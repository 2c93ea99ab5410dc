"""What a file is, told by its content: a notebook, or what lies there in its place."""

import json
import re

NOTEBOOK, ZIP, PICTURE, EMPTY = "a notebook", "a zip archive", "a picture", "an empty file"
# Of these kinds nobody expects that they are graded, and no sentence names them.
BESIDE = (PICTURE, EMPTY, "data")

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", "a GIF"),
    (b"%PDF", "a PDF"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3", "a database"),
    (b"\x93NUMPY", "data"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file that it points to"),
    (b"[InternetShortcut]", "a link to a web page"),
    (b"bplist00", "a link or a placeholder of a Mac"),
)
_IN_ZIP = (
    (b"word/", "a Word document"),
    (b"xl/", "a spreadsheet"),
    (b"ppt/", "a presentation"),
    (b"opendocument", "a text document"),
    (b"/Metadata/Properties", "a document of a Mac"),
)
_ENDINGS = {
    ".py": "a Python script",
    ".r": "a script",
    ".tex": "a LaTeX text",
    ".md": "a text",
    ".txt": "a text",
    ".csv": "data",
    ".json": "data",
    ".npy": "data",
    ".npz": "data",
}
_POINTERS = (".gdoc", ".gsheet", ".webloc", ".url", ".desktop", ".lnk")
# Names under which notebooks arrive: browsers and mail programs add an ending of their own.
NAMED = re.compile(r"\.ipynb(?:\.(?:txt|json|html?|download|part|crdownload))?$", re.IGNORECASE)
_LOGIN = re.compile(rb"type=.?password|log ?in|sign ?in|shibboleth", re.IGNORECASE)


def kind_of(name: str, content: bytes) -> str:
    """Return what a file is, in words that follow "is".

    Parameters
    ----------
    name : the file's, which counts where its content says nothing
    """
    plain = content[:4000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    ending = name[name.rfind(".") :].lower()
    if not content.strip(b"\0 \t\r\n"):
        return EMPTY
    if content.startswith(b"PK"):
        return next((kind for mark, kind in _IN_ZIP if mark in content), ZIP)
    for start, kind in _STARTS:
        if content.startswith(start):
            return "data" if ending == ".npz" else kind
    if content[257:262] == b"ustar":
        return "a tar archive"
    if ending in _POINTERS or _is_pointer(plain):
        return "a link to a file elsewhere, not the file itself"
    if plain[:1] == b"<" and not plain.startswith(b"<<<<<<< "):
        return _page(content)
    if plain[:1] == b"{" and (NAMED.search(name) or _has_cells(content)):
        return NOTEBOOK
    if NAMED.search(name):
        return NOTEBOOK  # the reader says what is wrong with it
    return _ENDINGS.get(ending, "no notebook")


def what_to_do(kind: str) -> str:
    """Say how the learner hands in what can be graded."""
    if kind == EMPTY:
        return "save the notebook and hand it in again"
    if "web page" in kind:
        return "download the notebook again, and open it before it is handed in"
    if "link" in kind or "pointer" in kind:
        return "download the file itself and hand that in"
    if "archive" in kind:
        return "unpack it and hand in the notebook"
    return "hand in the file .ipynb"


def _has_cells(content: bytes) -> bool:
    keys = ('"cells"', '"worksheets"')
    return any(
        key.encode(code) in content for key in keys for code in ("utf-8", "utf-16-le", "utf-16-be")
    )


def _page(content: bytes) -> str:
    text = content[:200_000]
    if b"<html" in text.lower() or b"<!doctype html" in text.lower():
        login = " to log in" if _LOGIN.search(text) else ""
        return f"a web page{login}, saved in the notebook's place"
    return "an SVG picture" if b"<svg" in text.lower() else "a text"


def _is_pointer(plain: bytes) -> bool:
    """Whether it is what a drive in the cloud leaves in a file's place."""
    if len(plain) > 2000 or not plain.startswith(b"{"):
        return b"/annex/objects/" in plain[:300]
    try:
        data = json.loads(plain)
    except ValueError:
        return False
    return isinstance(data, dict) and "url" in data and "cells" not in data
