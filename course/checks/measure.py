"""Measure answers of which many are right: what is asked of them, line by line."""

import numpy as np


def _whole(item) -> bool:
    return isinstance(item, (int, np.integer)) and not isinstance(item, (bool, np.bool_))


def _layers(result) -> list[tuple[int, ...]]:
    """Return the layers as tuples of ints; none where one is not four whole numbers."""
    if not isinstance(result, (list, tuple)):
        return []
    for layer in result:
        if not isinstance(layer, (list, tuple)) or len(layer) != 4 or not all(map(_whole, layer)):
            return []
    return [tuple(int(number) for number in layer) for layer in result]


def wide_stack(answer, width, depth):
    """Measure the layers that an answer chooses for a field of `width` pixels: many are right."""
    result = answer(width, depth)
    layers = _layers(result)
    # Far fields are not worth their list of pixels.
    plain = all(layer[:2] == (3, 1) and 1 <= layer[3] <= 10_000 for layer in layers)
    reached = {0}
    if plain and len(layers) <= depth:
        for *_, d in layers:
            reached = {pixel + tap * d for pixel in reached for tap in range(3)}
    return {
        "a list of layers, each of four whole numbers": isinstance(result, (list, tuple))
        and len(layers) == len(result),
        "each layer has 3 taps, stride 1 and a dilation of 1 at least": plain,
        "no more layers than allowed": len(layers) <= depth,
        "as many outputs as inputs": all(p == d for _, _, p, d in layers),
        "the field spans the width at least": max(reached) + 1 >= width,
        "no pixel of the field is left out": len(reached) == max(reached) + 1,
    }
