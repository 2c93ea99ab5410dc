"""Measure answers of which many are right: what is asked of them, line by line."""

from typing import Any

import numpy as np

from course.checks.compare import same
from course.checks.words import describe_type

MOST = 10**6  # pixels that are listed for a stack of more layers than are allowed


class NoTuple:
    """What came back where a tuple is asked for; `compare` reports its description."""

    def __init__(self, result: Any, wanted: int):
        if isinstance(result, (tuple, list)):
            self.description = f"{len(result)} results, where {wanted} are asked for"
        else:
            self.description = f"{describe_type(result)}, where {wanted} results are asked for"


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
    reached, field, jump = {0}, 1, 1
    for k, s, _, d in layers:
        field, jump = field + (k - 1) * d * jump, jump * s
    if plain and (len(layers) <= depth or len(layers) * field <= MOST):
        for *_, d in layers:
            reached = {pixel + tap * d for pixel in reached for tap in range(3)}
    return {
        "layers of four whole numbers": isinstance(result, (list, tuple))
        and len(layers) == len(result),
        "3 taps, stride 1, dilation 1 or more": plain,
        "depth kept": len(layers) <= depth,
        "n outputs for n inputs": all(p == d for _, _, p, d in layers),
        "width spanned": field >= width,
        "no pixel left out": len(reached) == max(reached) + 1,
    }


def _odd(result) -> Any:
    """Return what to report where a training gives no dict and losses; None where it does."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return NoTuple(result, 2)
    return None if isinstance(result[0], dict) else {"params": result[0]}


def one_step(answer, params, x, labels, epochs, lr, rng):
    """Train where every right way gives one result: one image once, or any images with lr 0."""
    result = answer(params, x, labels, epochs, lr, rng)
    if (odd := _odd(result)) is not None:
        return odd
    trained, losses = result
    if lr:
        return dict(trained) | {"the number of losses": len(losses)}
    return {"losses": np.array([float(loss) for loss in losses])}


def batches(answer, params, x, labels, lr):
    """Tell by what comes out how the images of an epoch are cut into batches, and ordered.

    One image repeated gives each batch one gradient, as long as a step hardly moves the network:
    so two steps go twice as far as one, whatever the network is, or further with momentum.
    """

    def trained(images, names, seed, lr):
        copies = {key: value.copy() for key, value in params.items()}
        return answer(copies, images.copy(), names.copy(), 1, lr, np.random.default_rng(seed))

    tried = [
        *(
            trained(x[:1].repeat(count, axis=0), labels[:1].repeat(count), 0, lr / 4096)
            for count in (1, 33)
        ),
        *(trained(x, labels, seed, lr) for seed in (1, 1, 2)),
    ]
    if (odd := _odd(tried[0])) is not None:
        return odd
    one, many, first, again, other = (result[0] for result in tried)
    moved = [np.abs(np.asarray(some["b3"]) - params["b3"]).sum() for some in (one, many)]

    def alike(some):
        # By where an array lies in memory, a processor may add its numbers in another order.
        return all(same(some[key], first[key]) for key in params)

    return {
        "33 images take more than one step": bool(moved[1] > 1.5 * moved[0]),
        "two generators of one seed give one result": alike(again),
        "generators of two seeds give two results": not alike(other),
    }
