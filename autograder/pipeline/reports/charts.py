"""Plots as inline SVG, in the page's own colours: no script, no file beside the page."""

from collections.abc import Sequence

WIDTH, HEIGHT = 600, 240  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 14, 40


def histogram(bins: Sequence[tuple[str, int]], median: float, most: float) -> str:
    """Draw how many learners have how many points.

    Parameters
    ----------
    bins : (label, learners) from the fewest points to the most
    median : points of the median learner, drawn as a line
    most : points of the last bin
    """
    highest = max((count for _, count in bins), default=0) or 1
    step = _round_step(highest)
    top = step * -(-highest // step)
    wide, high = (WIDTH - LEFT - RIGHT) / len(bins), HEIGHT - TOP - BOTTOM
    lines = [
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Histogram: {_in_words(bins)}">'
    ]
    for value in range(0, top + 1, step):
        y = TOP + high * (1 - value / top)
        lines.append(
            f'<line class="rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
        )
    every = -(-len(bins) // 21)
    for number, (label, count) in enumerate(bins):
        x, tall = LEFT + number * wide, high * count / top
        lines.append(
            f'<rect class="right" x="{x + 0.1 * wide:.1f}" y="{TOP + high - tall:.1f}" '
            f'width="{0.8 * wide:.1f}" height="{tall:.1f}"/>'
        )
        if number % every == 0:
            lines.append(
                f'<text x="{x + wide / 2:.1f}" y="{HEIGHT - BOTTOM + 14}" '
                f'text-anchor="middle">{label}</text>'
            )
    x = LEFT + (median / (most or 1) * (len(bins) - 1) + 0.5) * wide
    lines.append(
        f'<line class="mean" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + high}" '
        'stroke-dasharray="4 3"/>'
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 6}" '
        'text-anchor="middle">automatic points</text>'
        f'<text transform="translate(11 {TOP + high / 2:.0f}) rotate(-90)" '
        'text-anchor="middle">learners</text></svg>'
    )
    return "".join(lines)


def _round_step(highest: int) -> int:
    """Return a distance of grid lines that gives three to six of them, none between learners."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if highest <= 5 * step:
                return step
        size *= 10


def _in_words(bins: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{count} with {label}" for label, count in bins if count) + " points"
