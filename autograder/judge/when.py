"""When a test may run: at its place, and not before the cells that its answer needs."""

from collections.abc import Container

from autograder.judge.changes import CellNames, read_cell


class Needs:
    """What the cells of a notebook bind and need, to say after which of them a test may run.

    Parameters
    ----------
    codes : the cells' code in order, None for a cell that does not run
    answers : where each exercise's answer stands
    """

    def __init__(self, codes: list[str | None], answers: dict[str, int]):
        self._cells = [CellNames() if code is None else read_cell(code) for code in codes]
        self._answers = answers
        self._bound: dict[str, list[int]] = {}
        for index, cell in enumerate(self._cells):
            for name in cell.binds:
                self._bound.setdefault(name, []).append(index)

    def latest(self, place: int, asked: Container[str]) -> int:
        """Return the last cell that has to have run before a test.

        Parameters
        ----------
        place : where the test stands
        asked : the exercises that it asks

        Notes
        -----
        A name that no cell above binds, such as a helper's below, is waited for.
        """
        latest, seen, waiting = place, set(asked), set(asked)
        while waiting:
            name = waiting.pop()
            at = self._place_of(name, latest)
            if at is None:
                continue
            latest = max(latest, at)
            needed = self._cells[at].binds.get(name, set()) - seen
            seen |= needed
            waiting |= needed
        return latest

    def _place_of(self, name: str, latest: int) -> int | None:
        """Return the cell that gives a name its value, as a cell at `latest` sees it."""
        if name in self._answers:
            return self._answers[name]
        places = self._bound.get(name)
        if not places:
            return None
        return max((i for i in places if i <= latest), default=places[0])
