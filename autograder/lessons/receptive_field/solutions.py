"""Lesson 12 in several styles."""

import fractions
import functools
import itertools
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


# Unusual, and right -------------------------------------------------------------------------------


@solves("receptive_field")
def _reduced(layers):
    return functools.reduce(
        lambda seen, layer: (seen[0] + layer[3] * (layer[0] - 1) * seen[1], seen[1] * layer[1]),
        layers,
        (1, 1),
    )


@solves("receptive_field")
def _difference_of_regions(layers):
    """Walk back from outputs 0 and 1: the field's ends, and how far it moves."""

    def first_of(output):
        return functools.reduce(lambda at, layer: at * layer[1] - layer[2], layers[::-1], output)

    last = 0
    for k, s, p, d in layers[::-1]:
        last = last * s - p + d * (k - 1)
    return last - first_of(0) + 1, first_of(1) - first_of(0)


@solves("receptive_field")
def _with_numpy(layers):
    k, s, _, d = np.array(layers, dtype=int).reshape(-1, 4).T
    jumps = np.concatenate([[1], np.cumprod(s)])
    return int(1 + (d * (k - 1)) @ jumps[:-1]), int(jumps[-1])


@solves("receptive_field")
def _popping(layers):
    rest, taps, jump = list(layers), 0, 1
    while rest:
        kernel, stride, _padding, dilation = rest.pop(0)
        taps, jump = taps + jump * dilation * (kernel - 1), jump * stride
    return taps + 1, jump


@solves("receptive_region")
def _affine_maps(layers, i):
    """Compose a -> s a + shift, as matrices."""
    ends = []
    for far in (0, 1):
        maps = [np.array([[s, far * d * (k - 1) - p], [0, 1]]) for k, s, p, d in layers]
        total = functools.reduce(np.matmul, maps, np.eye(2, dtype=int))
        ends.append(int((total @ [i, 1])[0]))
    return tuple(ends)


@solves("receptive_region")
def _all_taps(layers, i):
    seen = range(i, i + 1)
    for k, s, p, d in layers[::-1]:
        seen = range(seen[0] * s - p, seen[-1] * s - p + d * (k - 1) + 1)
    return seen.start, seen.stop - 1


@solves("receptive_region")
def _middle_and_half(layers, i):
    """Follow twice the middle, and the extent: both stay whole."""
    middle, extent = 2 * i, 0
    for k, s, p, d in reversed(layers):
        middle = middle * s - 2 * p + d * (k - 1)
        extent = extent * s + d * (k - 1)
    return (middle - extent) // 2, (middle + extent) // 2


@solves("receptive_region")
def _by_depth(stack, index):
    if not stack:
        return index, index
    *before, (k, s, p, d) = stack
    lower = _by_depth(before, index * s - p)[0]
    upper = _by_depth(before, index * s - p + d * (k - 1))[1]
    return lower, upper


@solves("empirical_receptive_field")
def _kronecker(layers, n, i):
    """Spread the gradient by a Kronecker product, then slide the dilated kernel over it."""
    lengths = _lengths(layers, n)
    grad = np.arange(lengths[-1]) == i
    for (k, s, p, d), size in zip(layers[::-1], lengths[-2::-1], strict=True):
        spread = np.kron(grad, np.arange(s) == 0)
        taps = np.kron(np.ones(k), np.arange(d) == 0)
        full = np.convolve(spread, taps)
        padded = np.zeros(size + 2 * p)
        padded[: min(len(full), len(padded))] = full[: len(padded)]
        grad = padded[p : p + size] > 0
    return np.array(grad, dtype=bool)


@solves("empirical_receptive_field")
def _counting_arrivals(layers, n, i):
    lengths, places = _lengths(layers, n), np.array([i])
    for (k, s, p, d), size in zip(layers[::-1], lengths[-2::-1], strict=True):
        places = (places[:, None] * s - p + d * np.arange(k)).ravel()
        places = np.unique(places[(places >= 0) & (places < size)])
    return np.bincount(places, minlength=n) > 0


@solves("empirical_receptive_field")
def _add_at(layers, n, i):
    lengths = _lengths(layers, n)
    dy = np.eye(lengths[-1])[i]
    for (k, s, p, d), size in zip(layers[::-1], lengths[-2::-1], strict=True):
        dx = np.zeros(size + 2 * p)
        index = s * np.arange(len(dy))[:, None] + d * np.arange(k)
        np.add.at(dx, index, dy[:, None])
        dy = dx[p:][:size]
    return ~np.isclose(dy, 0)


@solves("empirical_receptive_field")
def _sees(layers, n, i):
    """Ask of each pixel whether a path leads to it, from the last layer on."""
    lengths = _lengths(layers, n)

    @functools.cache
    def reached(depth, place):
        if not 0 <= place < lengths[depth]:
            return frozenset()
        if depth == 0:
            return frozenset([place])
        k, s, p, d = layers[depth - 1]
        return frozenset().union(*(reached(depth - 1, place * s - p + t * d) for t in range(k)))

    return np.isin(np.arange(n), list(reached(len(layers), i)))


@solves("effective_width")
def _every_path(layers):
    """Multiply polynomials whose exponents are the steps: moments of their coefficients."""
    jump, total = 1, np.ones(1)
    for k, s, _, d in layers:
        step = np.zeros(d * jump * (k - 1) + 1)
        step[:: d * jump] = 1
        total, jump = np.convolve(total, step), jump * s
    weights, places = total / total.sum(), np.arange(len(total))
    return float(np.sqrt(weights @ places**2 - (weights @ places) ** 2))


@solves("effective_width")
def _hypotenuse(layers):
    jumps = itertools.accumulate((s for _, s, _, _ in layers), lambda a, b: a * b, initial=1)
    widths = [
        d * jump * np.std(range(k)) for (k, _, _, d), jump in zip(layers, jumps, strict=False)
    ]
    return float(np.linalg.norm(widths))


@solves("wide_stack")
def _wide_to_narrow(width, depth):
    """Take the last layer first: a third of the width, rounded up, for each of its taps."""
    layers = []
    while width > 1:
        d = -(-width // 3)
        layers.insert(0, (3, 1, d, d))
        width = d
    return layers


@solves("wide_stack")
def _recursive_stack(width, depth):
    if depth == 0:
        return []
    return [*_recursive_stack(width, depth - 1), (3, 1, 3 ** (depth - 1), 3 ** (depth - 1))]


@solves("effective_width")
def _from_the_top(layers):
    """Carry the variance down: each stride stretches what lies above it."""
    variance = 0.0
    for k, s, _, d in layers[::-1]:
        variance = s * s * variance + np.mean((d * (np.arange(k) - (k - 1) / 2)) ** 2)
    return variance**0.5


@solves("effective_width")
def _moments_in_fractions(stack):
    mean, square, jump = fractions.Fraction(0), fractions.Fraction(0), 1
    for taps, stride, _, dilation in stack:
        steps = [dilation * jump * tap for tap in range(taps)]
        first = fractions.Fraction(sum(steps), taps)
        second = fractions.Fraction(sum(step * step for step in steps), taps)
        mean, square = mean + first, square + 2 * mean * first + second
        jump *= stride
    return math.sqrt(square - mean * mean)


@solves("wide_stack")
def _filled_columns(width, depth):
    layers = np.ones((depth, 4), dtype=int)
    layers[:, 0] = 3
    layers[:, 2:] = 3 ** np.arange(depth)[:, None]
    return layers.tolist()


@solves("wide_stack")
def _accumulated(width, depth):
    sizes = itertools.accumulate([3] * depth, lambda size, taps: size * taps, initial=1)
    needed = itertools.takewhile(lambda size: size < width, sizes)
    return [(3, 1, size, size) for size in needed]
