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
        "layers of four whole numbers": isinstance(result, (list, tuple))
        and len(layers) == len(result),
        "3 taps, stride 1, dilation 1 or more": plain,
        "depth kept": len(layers) <= depth,
        "n outputs for n inputs": all(p == d for _, _, p, d in layers),
        "width spanned": max(reached) + 1 >= width,
        "no pixel left out": len(reached) == max(reached) + 1,
    }


def _pair(result):
    """Return (params, losses) of a training; raise `TypeError` that says what is asked for."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise TypeError("train has to return two results: params and losses")
    params, losses = result
    if not isinstance(params, dict):
        raise TypeError("the first result of train has to be the dict of trained arrays")
    return params, losses


def one_step(answer, params, x, labels, epochs, lr, rng):
    """Train where every right way gives one result: one image once, or any images with lr 0."""
    trained, losses = _pair(answer(params, x, labels, epochs, lr, rng))
    if lr:
        return dict(trained) | {"the number of losses": len(losses)}
    return {"losses": np.array([float(loss) for loss in losses])}


def batches(answer, params, x, labels, lr):
    """Tell by what comes out how the images of an epoch are cut into batches, and ordered."""

    def moves(images, names, seed):
        rng = np.random.default_rng(seed)
        copies = {key: value.copy() for key, value in params.items()}
        trained, _ = _pair(answer(copies, images.copy(), names.copy(), 1, lr, rng))
        return {key: np.asarray(trained[key]) - params[key] for key in params}

    def alike(one, other):
        return all(np.array_equal(one[key], other[key]) for key in params)

    one = moves(x[:1], labels[:1], 0)["b3"]
    many = moves(x[:1].repeat(33, axis=0), labels[:1].repeat(33), 0)["b3"]
    first, again, other = (moves(x, labels, seed) for seed in (1, 1, 2))
    return {
        "33 images take more than one step": bool(np.abs(many).sum() > 1.9 * np.abs(one).sum()),
        "two generators of one seed give one result": alike(first, again),
        "generators of two seeds give two results": not alike(first, other),
    }
