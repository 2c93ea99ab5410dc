"""What a learner's cell may show to others: text, verified pictures, and plain tables.

A learner can forge any output.  Scripts, styles, outside links and unknown kinds of output are
removed, and the size of every output is limited.
"""

import base64
import binascii
import re
from typing import Any

from autograder.judge.limits import amount

MAX_OUTPUTS, MAX_COLOURS = 200, 500
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[@-~]|\x1b")
COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
IN_CELL = re.compile(r" \(<ipython-input[^>\s]*>, line (\d+)\)")
NO_MODULE = "ModuleNotFoundError"
SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
# Escape starts the colours of a traceback; other control characters have no use in an output.
_CONTROL = dict.fromkeys(i for i in range(32) if chr(i) not in "\n\t\r\x1b")


def sanitised(outputs: Any, max_bytes: int, cut: bool = False, may: str = "") -> list[dict]:
    """Return the outputs of one cell as others may see them.

    Parameters
    ----------
    outputs : what the learner's process says it showed; not trusted
    max_bytes : cap of all of it
    cut : whether something was left out before already
    may : what is said of the cap; that a cell may show so much when ""
    """
    kept, left = [], max_bytes
    for output in outputs if isinstance(outputs, list) else []:
        made = _one(output) if isinstance(output, dict) else None
        if made is None:
            continue
        size = size_of(made)
        if size > left or len(kept) >= MAX_OUTPUTS:
            cut = True
            continue
        left -= size
        kept.append(made)
    if cut:
        may = may or f"a cell may show {amount(max_bytes)}"
        text = f"\n... (output cut: {may})\n"
        kept.append({"output_type": "stream", "name": "stdout", "text": text})
    return kept


def last_error(outputs: list[dict]) -> str:
    """Return the name and message of the error that ended a cell, in one line; "" for none."""
    errors = [output for output in outputs if output["output_type"] == "error"]
    if not errors:
        return ""
    name, text = errors[-1]["ename"][:60], errors[-1]["evalue"][:1000]
    text = IN_CELL.sub("" if " line " in IN_CELL.sub("", text) else r" in line \1", text)
    said = ": ".join(filter(None, (name, text.strip().split("\n")[0][:200])))
    known = "grading has numpy, matplotlib and Python's own modules"
    return f"{said} ({known})" if name == NO_MODULE else said


def attachments(found: Any, max_bytes: int) -> dict:
    """Return the pictures attached to a markdown cell that are what they say."""
    kept = {}
    for name, bundle in found.items() if isinstance(found, dict) else ():
        pictures = _pictures(bundle)
        max_bytes -= sum(len(data) for data in pictures.values())
        if pictures and max_bytes >= 0:
            kept[str(name)[:200]] = pictures
    return kept


def _one(output: dict) -> dict | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = output.get("name")
        text = _text(output.get("text"))
        if name not in ("stdout", "stderr"):
            return None
        return {"output_type": "stream", "name": name, "text": text}
    if kind == "error":
        trace = output.get("traceback")
        lines = [_text(line) for line in trace] if isinstance(trace, list) else []
        names = {key: _text(output.get(key)) for key in ("ename", "evalue")}
        return {"output_type": "error", **names, "traceback": lines}
    if kind in ("display_data", "execute_result"):
        data = _bundle(output.get("data"))
        if not data:
            return None
        made = {"output_type": kind, "data": data, "metadata": {}}
        return made | ({"execution_count": None} if kind == "execute_result" else {})
    return None


def _bundle(found: Any) -> dict:
    if not isinstance(found, dict):
        return {}
    data = _pictures(found)
    if isinstance(found.get("text/plain"), str):
        data["text/plain"] = _text(found["text/plain"])
    if isinstance(found.get("text/html"), str):
        from autograder.judge.clean import clean_html  # slow to import; few notebooks need it

        html = clean_html(found["text/html"])
        if html.strip():
            data["text/html"] = html
    return data


def _pictures(found: Any) -> dict:
    kept = {}
    for kind, signature in SIGNATURES.items():
        text = found.get(kind) if isinstance(found, dict) else None
        if not isinstance(text, str):
            continue
        try:
            raw = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        if raw.startswith(signature):
            kept[kind] = base64.b64encode(raw).decode()
    return kept


def _text(found: Any) -> str:
    if not isinstance(found, str):
        return ""
    kept = found.encode("utf-8", "replace").decode().translate(_CONTROL)
    if "\x1b" not in kept:
        return kept
    kept = ESCAPE.sub(lambda match: match[0] if COLOUR.fullmatch(match[0]) else "", kept)
    # Each colour is a tag of the page: what has hundreds is shown without them.
    return kept if kept.count("\x1b") <= MAX_COLOURS else COLOUR.sub("", kept)


def size_of(made: dict) -> int:
    """Return how many letters an output shows."""
    parts = [made.get("text", ""), made.get("evalue", ""), *made.get("traceback", ())]
    return sum(len(part) for part in (*parts, *made.get("data", {}).values()))
