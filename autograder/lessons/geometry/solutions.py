"""Lesson 05 in several styles."""

import itertools
import math

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.register import solves


@solves("output_shape")
def _formula(hw, kernel_size, stride=1, padding=0, dilation=1):
    sizes = []
    for axis in range(2):
        k, s = pair(kernel_size)[axis], pair(stride)[axis]
        p, d = pair(padding)[axis], pair(dilation)[axis]
        room = hw[axis] + 2 * p - d * (k - 1) - 1
        if room < 0:
            raise ValueError("does not fit")
        sizes.append(room // s + 1)
    return tuple(sizes)


@solves("output_shape")
def _counted(hw, kernel_size, stride=1, padding=0, dilation=1):
    def count(n, k, s, p, d):
        starts = range(0, n + 2 * p - d * (k - 1), s)
        if len(starts) == 0:
            raise ValueError("no window")
        return len(starts)

    settings = [pair(v) for v in (kernel_size, stride, padding, dilation)]
    return count(hw[0], *(v[0] for v in settings)), count(hw[1], *(v[1] for v in settings))


@solves("output_shape")
def _floors(hw, kernel, step=1, zeros=0, gap=1):
    (h, w), (kh, kw), (sh, sw) = hw, pair(kernel), pair(step)
    (ph, pw), (dh, dw) = pair(zeros), pair(gap)
    oh = math.floor((h + 2 * ph - dh * (kh - 1) - 1) / sh) + 1
    ow = math.floor((w + 2 * pw - dw * (kw - 1) - 1) / sw) + 1
    if oh <= 0 or ow <= 0:
        raise ValueError(f"{oh, ow}")
    return oh, ow


@solves("output_shape")
def _numpy_sizes(hw, kernel_size, stride=1, padding=0, dilation=1):
    k, s, p, d = (np.broadcast_to(v, 2) for v in (kernel_size, stride, padding, dilation))
    room = np.array(hw) + 2 * p - d * (k - 1) - 1
    if (room < 0).any():
        raise ValueError(room)
    return tuple(room // s + 1)


@solves("output_shape")
def _walked(hw, kernel_size, stride=1, padding=0, dilation=1):
    """Walk along both axes, window by window."""
    found = []
    for n, k, s, p, d in zip(hw, *map(pair, (kernel_size, stride, padding, dilation)), strict=True):
        end, windows = d * (k - 1) - p, 0
        while end < n + p:
            windows, end = windows + 1, end + s
        if not windows:
            raise ValueError("the kernel does not fit")
        found.append(windows)
    return found[0], found[1]


@solves("output_shape")
def _ceilings(hw, kernel_size, stride=1, padding=0, dilation=1):
    """Round up where the formula rounds down."""
    settings = [
        v if isinstance(v, tuple) else (v,) * 2 for v in (kernel_size, stride, padding, dilation)
    ]
    taps, steps, zeros, gaps = settings
    places = [n + 2 * p - d * (k - 1) for n, k, p, d in zip(hw, taps, zeros, gaps, strict=True)]
    if any(count <= 0 for count in places):
        raise ValueError(places)
    return tuple(-(-count // s) for count, s in zip(places, steps, strict=True))


@solves("output_shape")
def _a_map_is_cut(hw, kernel_size, stride=1, padding=0, dilation=1):
    """Ask numpy for the windows of an empty image."""
    k, s, p, d = (pair(v) for v in (kernel_size, stride, padding, dilation))
    image = np.zeros((hw[0] + 2 * p[0], hw[1] + 2 * p[1]))
    spans = (d[0] * (k[0] - 1) + 1, d[1] * (k[1] - 1) + 1)
    return sliding_window_view(image, spans)[:: s[0], :: s[1]].shape[:2]


@solves("output_shape")
def _one_axis_inside(hw, kernel_size, stride=1, padding=0, dilation=1):
    def one(axis):
        n, k, s, p, d = (pair(v)[axis] for v in (hw, kernel_size, stride, padding, dilation))
        steps, _ = divmod(n + 2 * p - (d * k - d + 1), s)
        if steps < 0:
            raise ValueError(f"axis {axis}: {k} taps, {n} pixels")
        return 1 + steps

    return one(0), one(1)


@solves("same_padding")
def _same_formula(n, k, stride=1, dilation=1):
    total = max(0, (math.ceil(n / stride) - 1) * stride + dilation * (k - 1) + 1 - n)
    return total // 2, total - total // 2


@solves("same_padding")
def _same_by_remainder(n, k, stride=1, dilation=1):
    extent = dilation * (k - 1) + 1
    total = extent - (n % stride or stride)
    total = max(total, 0)
    return int(total / 2), int((total + 1) / 2)


@solves("same_padding")
def _same_by_search(n, k, stride=1, dilation=1):
    total = 0
    while (n + total - dilation * (k - 1) - 1) // stride + 1 < -(-n // stride):
        total += 1
    return total // 2, (total + 1) // 2


@solves("same_padding")
def _same_divmod(n, taps, step=1, gap=1):
    outputs = (n + step - 1) // step
    half, odd = divmod(max(0, gap * (taps - 1) + 1 + step * (outputs - 1) - n), 2)
    return half, half + odd


@solves("same_padding")
def _same_by_modulo(n, k, stride=1, dilation=1):
    span = (k - 1) * dilation + 1
    rest = n % stride
    zeros = span - rest if rest else span - stride
    zeros = zeros if zeros > 0 else 0
    return zeros >> 1, zeros - (zeros >> 1)


@solves("same_padding")
def _same_pairs_in_turn(n, k, stride=1, dilation=1):
    """Add a zero after, one before, one after, until the outputs are enough."""
    zeros, wanted = [0, 0], math.ceil(n / stride)
    side = 1
    while len(range(0, n + sum(zeros) - dilation * (k - 1), stride)) < wanted:
        zeros[side] += 1
        side = 1 - side
    return tuple(zeros)


@solves("same_padding")
def _same_by_ends(n, k, stride=1, dilation=1):
    begins = [i * stride for i in range((n - 1) // stride + 1)]
    missing = max(begins[-1] + dilation * (k - 1) - (n - 1), 0)
    before = missing // 2
    return before, missing - before


@solves("same_padding")
def _same_numpy_ints(n, k, stride=1, dilation=1):
    outputs = np.ceil(n / stride).astype(int)
    zeros = np.clip((outputs - 1) * stride + dilation * (k - 1) + 1 - n, 0, None)
    return np.floor_divide(zeros, 2), np.floor_divide(zeros + 1, 2)


@solves("choose_layer")
def _last_window_at_the_end(n, m):
    s = n // m
    k = n - (m - 1) * s
    return (k, s, 0) if k % 2 else (k + 1, s, 1)


def _all_read(n, k, s, p, m):
    read = {i * s + t - p for i in range(m) for t in range(k)}
    return read >= set(range(n))


@solves("choose_layer")
def _searched(n, m):
    for k in range(1, n + 2, 2):
        for p in range(k):
            for s in range(1, k + 1):
                fits = n + 2 * p >= k and (n + 2 * p - k) // s + 1 == m
                if fits and _all_read(n, k, s, p, m):
                    return k, s, p


@solves("choose_layer")
def _smallest_padding(pixels, outputs):
    choices = (
        [k, s, p]
        for p in range(2)
        for s in range(pixels // outputs, 0, -1)
        for k in range(pixels + 1 - pixels % 2, s - 1, -2)
        if (pixels + 2 * p - k) / s + 1 >= outputs > (pixels + 2 * p - k) / s
        and p < k
        and (outputs - 1) * s + k >= pixels + p
    )
    return next(choices)


@solves("choose_layer")
def _wide_kernel(n, m):
    stride = max(n // m, 2)
    taps = n - (m - 1) * stride
    return np.int64(taps + 1 - taps % 2), stride, (taps + 1) % 2


@solves("choose_layer")
def _counted_windows(n, m):
    """Try small settings, and list the pixels that each window begins at."""
    for p, s, k in itertools.product(range(2), range(n, 0, -1), range(1, n + 2, 2)):
        begins = range(-p, n + p - k + 1, s)
        if p < k and s <= k and len(begins) == m and begins[-1] + k >= n:
            return [k, s, p]


@solves("choose_layer")
def _two_pixels_more(n, m):
    """Give two more pixels to the kernel, down to the layer that halves its image."""
    if n < 2 * m + 2:
        return (3, 2, 1) if n == 2 * m else (3, 2, 0)
    k, s, p = _two_pixels_more(n - 2, m)
    return k + 2, s, p


@solves("choose_layer")
def _half_padding_where_it_fits(n, m):
    for step in range(2, n):
        if -(-n // step) == m:
            return 2 * step - 1, step, step - 1
    taps = n - 2 * (m - 1)
    return taps | 1, 2, int(taps % 2 == 0)


@solves("choose_layer")
def _grown_kernel(width, wanted):
    stride = kernel = width // wanted
    while 1 + (width - kernel) // stride > wanted:
        kernel += 1
    kernel += (width - kernel) % stride
    zeros = 0
    if kernel % 2 == 0:
        kernel, zeros = kernel + 1, zeros + 1
    return kernel, stride, zeros


@solves("pad2d")
def _np_pad(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))


@solves("pad2d")
def _filled(x, padding):
    ph, pw = pair(padding)
    n, c, h, w = x.shape
    padded = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    padded[:, :, ph : ph + h, pw : pw + w] = x
    return padded


@solves("pad2d")
def _joined(images, padding):
    ph, pw = pair(padding)
    n, c, h, _ = images.shape
    side = np.zeros((n, c, h, pw), images.dtype)
    wide = np.concatenate([side, images, side], axis=3)
    edge = np.zeros((n, c, ph, wide.shape[3]), images.dtype)
    return np.concatenate([edge, wide, edge], axis=2)


@solves("pad2d")
def _pixel_loop(x, padding):
    ph, pw = pair(padding)
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw), x.dtype)
    for n, c, i, j in np.ndindex(x.shape):
        padded[n, c, i + ph, j + pw] = x[n, c, i, j]
    return padded


@solves("pad2d")
def _by_matrices(x, padding):
    """Move rows and columns by matrices of zeros and ones."""
    (ph, pw), (H, W) = pair(padding), x.shape[2:]
    down, across = np.eye(H + 2 * ph, H, -ph), np.eye(W, W + 2 * pw, pw)
    return down @ x @ across


@solves("pad2d")
def _by_insertion(x, padding):
    for axis, p in zip((2, 3), pair(padding), strict=True):
        ends = [0] * p + [x.shape[axis]] * p
        x = np.insert(x, ends, 0, axis=axis)
    return x


@solves("pad2d")
def _image_by_image(x, padding):
    ph, pw = pair(padding)
    return np.array([[np.pad(channel, ((ph,) * 2, (pw,) * 2)) for channel in image] for image in x])


@solves("pad2d")
def _negative_slices(x, padding):
    ph, pw = pair(padding)
    out = np.zeros(np.array(x.shape) + [0, 0, 2 * ph, 2 * pw], np.result_type(x, 1))
    out[..., ph : -ph or None, pw : -pw or None] += x
    return out


def _checked(x, w, padding, dilation, groups):
    if x.shape[1] % groups or w.shape[0] % groups or w.shape[1] * groups != x.shape[1]:
        raise ValueError("groups do not divide")
    padded = _np_pad(x, padding)
    extent = [d * (k - 1) + 1 for k, d in zip(w.shape[2:], pair(dilation), strict=True)]
    if extent[0] > padded.shape[2] or extent[1] > padded.shape[3]:
        raise ValueError("the kernel does not fit")
    return padded, extent


@solves("conv2d")
def _loops(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    padded, (eh, ew) = _checked(x, w, padding, dilation, groups)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    (f, per_group, kh, kw), filters = w.shape, w.shape[0] // groups
    oh, ow = (padded.shape[2] - eh) // sh + 1, (padded.shape[3] - ew) // sw + 1
    y = np.zeros((len(x), f, oh, ow))
    for n, g, i, j in np.ndindex(y.shape):
        first = g // filters * per_group
        for c, s, t in np.ndindex(per_group, kh, kw):
            y[n, g, i, j] += padded[n, first + c, i * sh + s * dh, j * sw + t * dw] * w[g, c, s, t]
        y[n, g, i, j] += b[g]
    return y


@solves("conv2d")
def _window_products(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    padded, (eh, ew) = _checked(x, w, padding, dilation, groups)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    rows = range(0, padded.shape[2] - eh + 1, sh)
    columns = range(0, padded.shape[3] - ew + 1, sw)
    size = w.shape[0] // groups
    maps = []
    for g, kernel in enumerate(w):
        part = padded[:, g // size * w.shape[1] : (g // size + 1) * w.shape[1]]
        cut = [[part[:, :, i : i + eh : dh, j : j + ew : dw] for j in columns] for i in rows]
        maps.append([[(window * kernel).sum((1, 2, 3)) for window in row] for row in cut])
    return np.array(maps).transpose(3, 0, 1, 2) + b[:, None, None]


@solves("conv2d")
def _grouped_einsum(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    padded, extent = _checked(x, w, padding, dilation, groups)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    view = sliding_window_view(padded, extent, axis=(2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]
    view = view.reshape(len(x), groups, w.shape[1], *view.shape[2:])
    kernels = w.reshape(groups, -1, *w.shape[1:])
    y = np.einsum("ngchwij,gfcij->ngfhw", view, kernels)
    return y.reshape(len(x), len(w), *y.shape[3:]) + b[None, :, None, None]


@solves("conv2d")
def _strided_groups(x, kernels, biases, stride=1, padding=0, dilation=1, groups=1):
    padded, (eh, ew) = _checked(x, kernels, padding, dilation, groups)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    oh, ow = (padded.shape[2] - eh) // sh + 1, (padded.shape[3] - ew) // sw + 1
    a, c, h, w = padded.strides
    outputs = []
    pieces = zip(np.split(padded, groups, 1), np.split(kernels, groups), strict=True)
    for part, weight in pieces:
        shape = (len(x), part.shape[1], oh, ow, *kernels.shape[2:])
        view = as_strided(part, shape, (a, c, h * sh, w * sw, h * dh, w * dw))
        outputs.append(np.tensordot(view, weight, ((1, 4, 5), (1, 2, 3))))
    return np.moveaxis(np.concatenate(outputs, axis=3) + biases, 3, 1)


@solves("conv2d")
def _gaps_written_in(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Write the gaps into the kernels, by a Kronecker product, and forget the dilation."""
    padded, (eh, ew) = _checked(x, w, padding, dilation, groups)
    one = np.zeros(pair(dilation))
    one[0, 0] = 1
    wide = np.kron(w, one)[:, :, :eh, :ew]
    return _grouped_einsum(padded, wide, b, stride, 0, 1, groups)


@solves("conv2d")
def _groups_written_in(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Write zeros for the channels of other groups, and forget the groups."""
    _checked(x, w, padding, dilation, groups)
    full = np.zeros((len(w), x.shape[1], *w.shape[2:]))
    for f in range(len(w)):
        first = f * groups // len(w) * w.shape[1]
        full[f, first : first + w.shape[1]] = w[f]
    return _window_products(x, full, b, stride, padding, dilation)


@solves("conv2d")
def _tap_by_tap(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    padded, (eh, ew) = _checked(x, w, padding, dilation, groups)
    (sh, sw), (dr, dc) = pair(stride), pair(dilation)
    oh, ow = (padded.shape[2] - eh) // sh + 1, (padded.shape[3] - ew) // sw + 1
    per_filter = np.arange(len(w)) // (len(w) // groups) * w.shape[1]
    y = np.zeros((len(x), len(w), oh, ow)) + np.reshape(b, (-1, 1, 1))
    for c, u, v in np.ndindex(w.shape[1:]):
        rows = u * dr + sh * np.arange(oh)
        columns = v * dc + sw * np.arange(ow)
        seen = padded[:, per_filter + c][:, :, rows][..., columns]
        y += seen * w[:, c, u, v, None, None]
    return y


@solves("conv2d")
def _asked_by_index(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Never pad: a pixel outside the image counts 0."""
    N, C, H, W = x.shape
    F, per_group, KH, KW = w.shape
    if C % groups or F % groups or per_group * groups != C:
        raise ValueError("groups")
    (sh, sw), (ph, pw), (dr, dc) = pair(stride), pair(padding), pair(dilation)
    OH, OW = _floors((H, W), (KH, KW), stride, padding, dilation)
    y = np.empty((N, F, OH, OW))
    for f, i, j in np.ndindex(F, OH, OW):
        group = f // (F // groups)
        total = np.full(N, b[f], dtype=float)
        for u, v in np.ndindex(KH, KW):
            r, s = i * sh + u * dr - ph, j * sw + v * dc - pw
            if r in range(H) and s in range(W):
                total += x[:, group * per_group : (group + 1) * per_group, r, s] @ w[f, :, u, v]
        y[:, f, i, j] = total
    return y
