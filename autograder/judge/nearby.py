"""Find what a learner wrote in words, by the lesson's cells that stand around it."""

from collections.abc import Collection

from autograder.judge.code import normal, parsed
from autograder.marks import released


def lesson_texts(source: dict) -> list[str]:
    """Return the text of each of the source's cells as learners get it, to compare with."""
    return [normal(released(cell["source"], cell["cell_type"])) for cell in source["cells"]]


def texts_near(
    at: int, cells: list[dict], taken: Collection[int], texts: list[str], found: dict[int, int]
) -> list[int]:
    """Return the learner's own cells of words that stand where the source has cell `at`.

    Parameters
    ----------
    at : position in the source
    taken : cells that are known to be the source's
    texts : the source's cells, see `lesson_texts`
    found : where each position of the source stands in `cells`, as far as that is known

    Notes
    -----
    They stand below the nearest cell of the source above `at`, else above the nearest below it,
    up to the next cell that is the source's.  A cell of code counts where nothing in it runs.
    """
    known = set(texts) - {""}
    places = {normal(cell["source"]): i for i, cell in reversed(list(enumerate(cells)))}
    alone = {text for text in known if texts.count(text) == 1}
    standing = {i: places[text] for i, text in enumerate(texts) if text in alone & places.keys()}
    standing |= found

    def run(start: int, step: int) -> list[int]:
        kept, index = [], start + step
        while 0 <= index < len(cells):
            if index in taken or normal(cells[index]["source"]) in known:
                break
            if is_words(cells[index]):
                kept.append(index)
            index += step
        return sorted(kept)

    above = [standing[i] for i in range(at, -1, -1) if i in standing]
    below = [standing[i] for i in range(at + 1, len(texts)) if i in standing]
    for start, step in [*((place, 1) for place in above[:2]), *((p, -1) for p in below[:1])]:
        if hits := run(start, step):
            return hits
    return []


def is_words(cell: dict) -> bool:
    """Whether a cell holds words: a text, or code of which nothing runs."""
    text = cell["source"].strip()
    if cell.get("cell_type") != "code":
        return bool(text) or bool(cell.get("attachments"))
    lines = [line.strip() for line in text.splitlines()]
    return bool(text) and not parsed(text).body and not any(x[:1] in "%!?" for x in lines if x)
