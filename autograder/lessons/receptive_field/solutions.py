"""Lesson 12 in several styles."""

import math

import numpy as np

from autograder.lessons.register import solves


@solves("receptive_field")
def _recurrence(layers):
    size, jump = 1, 1
    for kernel, stride, _, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size, jump


@solves("receptive_field")
def _top_down(layers):
    size = 1
    for k, s, _, d in reversed(layers):
        size = (size - 1) * s + d * (k - 1) + 1
    return size, math.prod(s for _, s, _, _ in layers)


@solves("receptive_field")
def _sums(stack):
    jumps = [1]
    for layer in stack:
        jumps.append(jumps[-1] * layer[1])
    extents = [layer[3] * (layer[0] - 1) for layer in stack]
    return 1 + sum(j * e for j, e in zip(jumps, extents, strict=False)), jumps[-1]


@solves("receptive_field")
def _recursive(layers):
    if not layers:
        return (1, 1)
    size, jump = _recursive(layers[:-1])
    k, s, _, d = layers[-1]
    return size + d * (k - 1) * jump, jump * s


@solves("receptive_region")
def _walk_down(layers, i):
    first = last = i
    for k, s, p, d in reversed(layers):
        first, last = first * s - p, last * s - p + d * (k - 1)
    return first, last


@solves("receptive_region")
def _from_size(layers, i):
    size, jump = _recurrence(layers)
    offset, step = 0, 1
    for _, s, p, _ in layers:
        offset, step = offset - p * step, step * s
    return offset + i * jump, offset + i * jump + size - 1


@solves("receptive_region")
def _sets(layers, index):
    reached = {index}
    for k, s, p, d in layers[::-1]:
        reached = {o * s - p + t * d for o in reached for t in (0, k - 1)}
    return min(reached), max(reached)


@solves("receptive_region")
def _recursive_region(layers, i):
    def edge(depth, position, last):
        if depth < 0:
            return position
        k, s, p, d = layers[depth]
        return edge(depth - 1, position * s - p + (d * (k - 1) if last else 0), last)

    return edge(len(layers) - 1, i, False), edge(len(layers) - 1, i, True)


def _lengths(layers, n):
    lengths = [n]
    for k, s, p, d in layers:
        lengths.append((lengths[-1] + 2 * p - d * (k - 1) - 1) // s + 1)
    return lengths


@solves("empirical_receptive_field")
def _one_hot_back(layers, n, i):
    lengths = _lengths(layers, n)
    grad = np.zeros(lengths[-1])
    grad[i] = 1
    for (k, s, p, d), size in zip(layers[::-1], lengths[-2::-1], strict=True):
        padded = np.zeros(size + 2 * p)
        for t in range(k):
            padded[t * d : t * d + s * len(grad) : s][: len(grad)] += grad
        grad = padded[p : p + size]
    return grad != 0


@solves("empirical_receptive_field")
def _index_sets(layers, n, i):
    lengths, used = _lengths(layers, n), {i}
    for (k, s, p, d), size in zip(layers[::-1], lengths[-2::-1], strict=True):
        used = {o * s - p + t * d for o in used for t in range(k)}
        used = {u for u in used if 0 <= u < size}
    return np.array([position in used for position in range(n)])


@solves("empirical_receptive_field")
def _matrices(layers, n, i):
    lengths = _lengths(layers, n)
    total = np.eye(n)
    for (k, s, p, d), size, outputs in zip(layers, lengths, lengths[1:], strict=False):
        matrix = np.zeros((outputs, size + 2 * p))
        for row in range(outputs):
            matrix[row, row * s : row * s + d * (k - 1) + 1 : d] = 1
        total = matrix[:, p : p + size] @ total
    return total[i] > 0


@solves("empirical_receptive_field")
def _poke_each_input(layers, n, i):
    """Send a one-hot input forward instead, through positive kernels."""
    mask = np.zeros(n, dtype=bool)
    for position in range(n):
        x = np.zeros(n)
        x[position] = 1
        for k, s, p, d in layers:
            x = np.pad(x, p)
            starts = range(0, len(x) - d * (k - 1), s)
            x = np.array([x[a : a + d * (k - 1) + 1 : d].sum() for a in starts])
        mask[position] = x[i] > 0
    return mask


@solves("effective_width")
def _variances_add(layers):
    variance, jump = 0, 1
    for k, s, _, d in layers:
        variance += (k**2 - 1) / 12 * d**2 * jump**2
        jump *= s
    return math.sqrt(variance)


@solves("effective_width")
def _variance_of_the_taps(stack):
    jumps = np.cumprod([1] + [layer[1] for layer in stack])
    steps = [np.arange(k) * d * jump for (k, _, _, d), jump in zip(stack, jumps, strict=False)]
    return np.sqrt(sum(np.var(step) for step in steps))


@solves("effective_width")
def _by_spreading(layers):
    spread, jump = np.ones(1), 1
    for k, s, _, d in layers:
        kernel = np.zeros((k - 1) * d * jump + 1)
        kernel[:: d * jump] = 1 / k
        spread, jump = np.convolve(spread, kernel), jump * s
    places = np.arange(len(spread))
    mean = spread @ places
    return float(np.sqrt(spread @ (places - mean) ** 2))


@solves("effective_width")
def _recursive_width(layers):
    """Take the first layer off: the steps of all others are its stride times as long."""
    if not layers:
        return 0.0
    (k, s, _, d), *rest = layers
    squares = [(d * (t - (k - 1) / 2)) ** 2 for t in range(k)]
    return math.hypot(math.sqrt(sum(squares) / k), s * _recursive_width(rest))


@solves("wide_stack")
def _tripling(width, depth):
    return [(3, 1, 3**layer, 3**layer) for layer in range(depth)]


@solves("wide_stack")
def _as_wide_as_asked(width, depth):
    layers, size = [], 1
    while size < width:
        d = min(size, math.ceil((width - size) / 2))
        layers.append((3, 1, d, d))
        size += 2 * d
    return layers


@solves("wide_stack")
def _widest_first(width, depth):
    dilations = [3**layer for layer in range(depth)]
    return [(3, 1, d, d) for d in reversed(dilations)]


@solves("wide_stack")
def _doubling_where_it_will_do(width, depth):
    base = 2 if width < 2 ** (depth + 1) else 3
    return tuple((3, 1, base**layer, base**layer) for layer in range(depth))
