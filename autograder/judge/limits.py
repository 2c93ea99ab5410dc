"""Every limit of a submission, in one place."""

from dataclasses import asdict, dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one submission may use.  Each limit that is hit is named in the verdict.

    Attributes
    ----------
    cell_seconds : wall time of one of the learner's cells
    call_seconds : wall time of one call that a test makes
    test_seconds : wall time of one test cell
    submission_seconds : wall time of all the learner's cells; as much again to run them once more
        where one had to be stopped; and as much again of all the tests, with the cells that run
        again for them
    memory : bytes that one process may take beyond what the imports hold, and that all of a
        learner's processes may hold together
    processes : processes and threads at one time
    file_bytes : the longest file
    tmp_bytes : all files together
    output_bytes : what one cell may show, as text and pictures
    shown_bytes : what all cells may show together
    answer_bytes : one answer, arrays included
    callbacks : calls that the learner's code may make of a function that a test hands it
    """

    cell_seconds: float = 20.0
    call_seconds: float = 10.0
    test_seconds: float = 30.0
    submission_seconds: float = 300.0
    memory: int = 1024 * MIB
    processes: int = 64
    file_bytes: int = 32 * MIB
    tmp_bytes: int = 64 * MIB
    output_bytes: int = 1 * MIB
    shown_bytes: int = 12 * MIB
    answer_bytes: int = 64 * MIB
    callbacks: int = 100_000

    def as_dict(self) -> dict:
        """Return the limits as plain data."""
        return asdict(self)


def amount(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> amount(64 * MIB), amount(1536), amount(20)
    ('64 MiB', '1.5 KiB', '20 bytes')
    """
    for unit, size in (("GiB", 1 << 30), ("MiB", MIB), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"


def duration(seconds: float) -> str:
    """Return a number of seconds as people read it.

    >>> duration(10.0), duration(0.5)
    ('10 s', '0.5 s')
    """
    return f"{seconds:g} s"
