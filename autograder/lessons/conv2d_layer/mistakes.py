"""Lesson 10: what goes wrong with layers that keep something between forward and backward."""

import math

import numpy as np

from autograder.lessons.backwards import BACKWARDS
from autograder.lessons.catalogue import (
    INT_OUTPUT,
    LAST_WINDOW_WINS,
    MEAN_POOL,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    REFUSES_REMAINDER,
    REMAINDER_CUT,
    ROUNDS_UP,
    SINGLE_OUTPUT,
)
from autograder.lessons.forwards import MUTATIONS, PLAIN
from autograder.lessons.layer import backward, forward, pair, windows
from autograder.lessons.register import breaks, mistake

# he_std -----------------------------------------------------------------------------------------

FAN_OUT = mistake(
    "fan-out",
    "the filters are counted instead of the inputs",
    "How many products are summed into one output? F is not among them.",
)
LECUN = mistake(
    "one-over-fan-in",
    "the spread is sqrt(1 / fan-in), which is right without a ReLU",
    "A ReLU sets half of its inputs to 0. What makes up for it?",
)
VARIANCE = mistake(
    "variance-for-deviation",
    "the variance is returned, not the standard deviation",
    "He's rule gives a variance of 2 / fan-in. What is asked for here?",
)
FAN_WITHOUT_CHANNELS = mistake(
    "fan-in-without-channels",
    "the channels or the kernel's area are left out of the fan-in",
    "Over which axes of w does one output sum?",
)
GLOROT = mistake(
    "glorot",
    "the fan-in and the fan-out are mixed: that is Glorot's rule",
    "He's rule looks at one of the two fans only. Which?",
)
UNIFORM_LIMIT = mistake(
    "limit-of-the-uniform",
    "this is the limit of a uniform distribution of that spread",
    "Which number does `rng.normal` ask for?",
)
WHOLE_SIZE = mistake(
    "all-weights-counted",
    "all weights of the layer are counted",
    "How many weights does one output use?",
)


def _std(count, factor=2, root=0.5):
    return lambda shape: float((factor / count(*shape)) ** root)


for _id, _variant in (
    (FAN_OUT, _std(lambda f, c, kh, kw: f * kh * kw)),
    (FAN_OUT, _std(lambda f, c, kh, kw: f)),
    (LECUN, _std(lambda f, c, kh, kw: c * kh * kw, factor=1)),
    (VARIANCE, _std(lambda f, c, kh, kw: c * kh * kw, root=1)),
    (FAN_WITHOUT_CHANNELS, _std(lambda f, c, kh, kw: kh * kw)),
    (FAN_WITHOUT_CHANNELS, _std(lambda f, c, kh, kw: c)),
    (FAN_WITHOUT_CHANNELS, _std(lambda f, c, kh, kw: c * kh)),
    (FAN_WITHOUT_CHANNELS, _std(lambda f, c, kh, kw: c * kw)),
    (GLOROT, _std(lambda f, c, kh, kw: (c + f) * kh * kw)),
    (UNIFORM_LIMIT, _std(lambda f, c, kh, kw: c * kh * kw, factor=6)),
    (WHOLE_SIZE, _std(lambda f, c, kh, kw: f * c * kh * kw)),
):
    breaks("he_std", _id)(_variant)

# Conv2D -----------------------------------------------------------------------------------------


def _he_normal(rng, shape):
    rng = rng or np.random.default_rng()
    return rng.normal(0, math.sqrt(2 / math.prod(shape[1:])), shape)


def _zeros(rng, count):
    return np.zeros(count)


def _keep(layer, dw, db):
    layer.grad_weight, layer.grad_bias = dw, db


def make_layer(
    *, ahead=forward, back=backward, draw=_he_normal, bias=_zeros, keep=_keep, read=lambda *s: s
):
    """Return a layer class whose named pieces are replaced."""

    class Conv2D:
        def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
            shape = (out_channels, in_channels, *pair(kernel_size))
            self.weight, self.bias = draw(rng, shape), bias(rng, out_channels)
            self.settings = read(stride, padding)
            self.grad_weight = self.grad_bias = None

        def forward(self, x):
            self.x = x
            return ahead(x, self.weight, self.bias, *self.settings)

        def backward(self, dy):
            dx, dw, db = back(dy, self.x, self.weight, *self.settings)
            keep(self, dw, db)
            return dx

    return Conv2D


for _id, _variant in [*PLAIN, *MUTATIONS]:
    breaks("Conv2D", _id)(make_layer(ahead=_variant))
for _id, _variant in BACKWARDS:
    breaks("Conv2D", _id)(make_layer(back=_variant))

WEIGHTS_SPREAD = mistake(
    "weights-spread-too-far-or-too-little",
    "the initial weights do not have He's spread",
    "Compare `layer.weight.std()` with he_std of its shape, for several shapes.",
)
WEIGHTS_ALIKE = mistake(
    "weights-all-alike",
    "all initial weights are equal",
    "If two filters begin equal and get equal gradients, when do they come to differ?",
)
WEIGHTS_UNIFORM = mistake(
    "weights-uniform",
    "the initial weights are not normal",
    "Which of the generator's methods draws from a normal distribution?",
)
WEIGHTS_ONE_SIGN = mistake(
    "weights-of-one-sign",
    "the initial weights do not lie around 0",
    "What is `layer.weight.mean()` to be?",
)
OWN_RNG = mistake(
    "ignores-rng",
    "the weights do not come from the generator that came in",
    "Two layers built from generators with the same seed: are their weights equal?",
)
FIXED_SEED = mistake(
    "fixed-seed",
    "every layer begins with the same weights",
    "Two layers built from different generators: do their weights differ?",
)
BIAS_DRAWN = mistake(
    "bias-not-zero",
    "the bias does not begin at 0",
    "What is `layer.bias` to hold before training?",
)
BIAS_SHAPE = mistake(
    "bias-of-another-shape",
    "the bias does not have shape (F,)",
    "How many biases does the layer have, and along how many axes?",
)
WEIGHT_SHAPE = mistake(
    "weight-of-another-shape",
    "the weights do not have shape (F, C, KH, KW)",
    "Which comes first: the filters or the channels?",
)
ACCUMULATES = mistake(
    "gradients-accumulate",
    "each backward adds to the gradients of the one before",
    "Call forward and backward twice: are the second gradients those of the second batch alone?",
)
GRADS_MISPLACED = mistake(
    "gradients-exchanged",
    "grad_weight and grad_bias hold each other's gradient",
    "Which shape does each of them have?",
)
FIRST_BATCH = mistake(
    "remembers-the-first-batch",
    "backward uses the images of an earlier forward",
    "Which x does backward read after the second forward?",
)
OWN_WEIGHTS = mistake(
    "weights-of-construction",
    "forward or backward uses the weights from construction, not layer.weight",
    "Set layer.weight to zeros and call forward: is the output the bias?",
)
NEVER_SET = mistake(
    "gradients-not-kept",
    "backward does not set grad_weight and grad_bias",
    "What is `layer.grad_weight` after backward?",
)
STATE_SHARED = mistake(
    "settings-not-kept",
    "a setting of the layer has no effect",
    "Which of the constructor's arguments does forward read again?",
)


def _scaled(factor):
    return lambda rng, shape: factor(shape) * (rng or np.random.default_rng()).normal(size=shape)


def _uniform(top):
    def draw(rng, shape):
        limit = math.sqrt(top / math.prod(shape[1:]))
        return (rng or np.random.default_rng()).uniform(-limit, limit, shape)

    return draw


def _accumulate(layer, dw, db):
    before = layer.grad_weight is not None
    layer.grad_weight = layer.grad_weight + dw if before else dw
    layer.grad_bias = layer.grad_bias + db if before else db


def _exchanged(layer, dw, db):
    layer.grad_weight, layer.grad_bias = db, dw


for _id, _pieces in (
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: 1.0)}),
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: 0.01)}),
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: (1 / math.prod(shape[1:])) ** 0.5)}),
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: 2 / math.prod(shape[1:]))}),
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: (2 / math.prod(shape[2:])) ** 0.5)}),
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: (2 / shape[0] / shape[2] / shape[3]) ** 0.5)}),
    (WEIGHTS_SPREAD, {"draw": _scaled(lambda shape: (2 / shape[0]) ** 0.5)}),
    (WEIGHTS_ALIKE, {"draw": lambda rng, shape: np.zeros(shape)}),
    (WEIGHTS_ALIKE, {"draw": lambda rng, shape: np.ones(shape)}),
    (WEIGHTS_UNIFORM, {"draw": _uniform(6)}),
    (WEIGHTS_UNIFORM, {"draw": _uniform(2)}),
    (WEIGHTS_ONE_SIGN, {"draw": lambda rng, shape: np.abs(_he_normal(rng, shape))}),
    (OWN_RNG, {"draw": lambda rng, shape: _he_normal(None, shape)}),
    (FIXED_SEED, {"draw": lambda rng, shape: _he_normal(np.random.default_rng(0), shape)}),
    (BIAS_DRAWN, {"bias": lambda rng, f: np.full(f, 0.1)}),
    (BIAS_DRAWN, {"bias": lambda rng, f: np.ones(f)}),
    (BIAS_SHAPE, {"bias": lambda rng, f: np.zeros((f, 1))}),
    (BIAS_SHAPE, {"bias": lambda rng, f: 0.0}),
    (WEIGHT_SHAPE, {"draw": lambda rng, s: _he_normal(rng, (s[1], s[0], *s[2:]))}),
    (ACCUMULATES, {"keep": _accumulate}),
    (GRADS_MISPLACED, {"keep": _exchanged}),
    (NEVER_SET, {"keep": lambda layer, dw, db: None}),
    (STATE_SHARED, {"read": lambda s, p: (1, p)}),
    (STATE_SHARED, {"read": lambda s, p: (s, 0)}),
    (STATE_SHARED, {"read": lambda s, p: (1, 0)}),
    (STATE_SHARED, {"ahead": lambda x, w, b, s, p: forward(x, w, b)}),
):
    breaks("Conv2D", _id)(make_layer(**_pieces))


@breaks("Conv2D", FIRST_BATCH)
class _FirstBatch(make_layer()):
    def forward(self, x):
        y = super().forward(x)
        self.x = self.first = getattr(self, "first", x)
        return y


def _seeded(rng, shape):
    """Draw the same weights each time a generator is missing."""
    return _he_normal(rng or np.random.default_rng(0), shape)


breaks("Conv2D", FIXED_SEED)(make_layer(draw=_seeded))


class _Keeps(make_layer()):
    """Keep weights of construction; always the same ones, so that case files are built alike."""

    def __init__(self, *settings):
        super().__init__(*settings)
        self.kept = _seeded(None, self.weight.shape)


@breaks("Conv2D", OWN_WEIGHTS)
class _OwnWeights(_Keeps):
    def forward(self, x):
        self.x = x
        return forward(x, self.kept, self.bias, *self.settings)


@breaks("Conv2D", OWN_WEIGHTS)
class _OwnWeightsBack(_Keeps):
    def backward(self, dy):
        dx, self.grad_weight, self.grad_bias = backward(dy, self.x, self.kept, *self.settings)
        return dx


CACHE_SHARED = mistake(
    "cache-shared-between-layers",
    "all layers of the class share what they keep",
    "Two layers are at work. Does `self.` stand before everything that forward keeps?",
)


@breaks("Conv2D", CACHE_SHARED)
class _SharedCache(make_layer()):
    def forward(self, x):
        type(self).latest = x
        return super().forward(x)

    def backward(self, dy):
        self.x = type(self).latest
        return super().backward(dy)


QUEUED = mistake(
    "backward-takes-the-oldest-forward",
    "what forward keeps is put in a queue, and backward takes the oldest entry",
    "A forward may have no backward, as in testing. Which one does the next backward belong to?",
)


@breaks("Conv2D", QUEUED)
class _Queue(make_layer()):
    def forward(self, x):
        self.queue = [*getattr(self, "queue", []), x]
        return super().forward(x)

    def backward(self, dy):
        self.x = self.queue.pop(0)
        return super().backward(dy)


FIRST_WEIGHTS = mistake(
    "weights-of-the-first-forward",
    "the weights of an earlier call are used, not layer.weight as it stands",
    "Training replaces layer.weight. What does your layer make of the weight, and when?",
)


@breaks("Conv2D", FIRST_WEIGHTS)
class _FirstWeights(make_layer()):
    def forward(self, x):
        y = super().forward(x)
        self.first = getattr(self, "first", self.weight)
        return y

    def backward(self, dy):
        dx, dw, db = backward(dy, self.x, self.first, *self.settings)
        self.grad_weight, self.grad_bias = dw, db
        return dx


# MaxPool2D --------------------------------------------------------------------------------------

NOT_LARGEST = mistake(
    "not-the-largest",
    "another entry of the window than the largest is taken",
    "Try a window with negative numbers, and one whose largest entry stands in the middle.",
)
FROM_ZERO = mistake(
    "maximum-begins-at-zero",
    "entries below 0 lose against a 0 that is not in the window",
    "With which number does your search for the largest begin? Try a window of negative numbers.",
)
STRIDE_ONE_BY_DEFAULT = mistake(
    "stride-one-by-default",
    "without a stride the windows move by 1",
    "Which stride makes windows stand side by side?",
)
ALL_MAXIMA = mistake(
    "every-maximum-takes-all",
    "each of several equal maxima takes the whole gradient",
    "If two entries share the maximum, to how many of them does one dy go here?",
)
SHARED_MAXIMA = mistake(
    "maxima-share",
    "equal maxima share the gradient",
    "If two entries share the maximum, which of them takes the gradient in this exercise?",
)
LAST_MAXIMUM = mistake(
    "last-maximum",
    "of equal maxima the last one takes the gradient",
    "Which one does `argmax` give, and which one does a search with >= give?",
)
WHOLE_WINDOW = mistake(
    "whole-window-takes-the-gradient",
    "the gradient goes to every entry of the window",
    "If an entry is not the largest and changes a little, does the output change?",
)
ACROSS_CHANNELS = mistake(
    "maximum-across-channels",
    "the largest is taken across channels",
    "How many channels does the output have?",
)


FIRST_BY_COLUMNS = mistake(
    "first-maximum-by-columns",
    "of equal maxima the first one by columns takes the gradient",
    "In row-major order, which comes first: the upper right entry or the lower left one?",
)
PLACE_BY_HEIGHT = mistake(
    "place-divided-by-the-height",
    "the place that argmax gives is divided by the window's height",
    "In a window of 2 rows and 3 columns, in which row stands place 2: how long is a row?",
)
ONE_WINNER = mistake(
    "one-winner-for-all-maps",
    "the place of one map's maximum is used for all images and channels",
    "Does the maximum stand at the same place in every map? Over which axes does argmax look?",
)
POOL_BACK_WITHOUT_STRIDE = mistake(
    "backward-ignores-the-stride",
    "backward lays the windows one pixel apart",
    "Where did forward lay the window of output (1, 1)?",
)
VALUE_SENT = mistake(
    "maximum-sent-instead-of-dy",
    "the maximum itself stands in the gradient",
    "If an entry of dy is 0, what is left of its window's gradient?",
)
WINDOW_OF_THE_STRIDE = mistake(
    "window-as-large-as-the-stride",
    "the window has the size of the stride",
    "With a window of 3 and stride 1, how many entries does a window hold?",
)


def _first_by_columns(window, g):
    return _first_maximum(window.T, g).T


def _value(window, g):
    return _first_maximum(window, window.max())


def _first_maximum(window, g):
    """Return the gradient of one window: g at the first of the largest entries."""
    out = np.zeros(window.shape)
    out[np.unravel_index(window.argmax(), window.shape)] = g
    return out


def _last_maximum(window, g):
    return _first_maximum(window[::-1, ::-1], g)[::-1, ::-1]


def _all_maxima(window, g):
    return g * (window == window.max())


def _shared(window, g):
    peaks = window == window.max()
    return g * peaks / peaks.sum()


def make_pool(*, pick=None, spread=_first_maximum, add=True, default=None, read=None, cut=windows):
    """Return a pooling class whose named pieces are replaced."""

    class MaxPool2D:
        def __init__(self, kernel_size, stride=None):
            self.kernel = pair(kernel_size)
            self.stride = pair(stride) if stride is not None else pair(default or self.kernel)
            if read:
                self.kernel, self.stride = read(self.kernel, self.stride)

        def forward(self, x):
            self.x = x
            patches = cut(x, self.kernel, self.stride)
            return pick(patches) if pick else patches.max(axis=(4, 5))

        def backward(self, dy):
            dx = np.zeros(self.x.shape)
            (kh, kw), (sh, sw) = self.kernel, self.stride
            for n, c, i, j in np.ndindex(dy.shape):
                at = np.s_[n, c, i * sh : i * sh + kh, j * sw : j * sw + kw]
                sent = spread(self.x[at], dy[n, c, i, j])
                dx[at] = dx[at] + sent if add else np.where(sent != 0, sent, dx[at])
            return dx

    return MaxPool2D


def _reads_beyond(x, kernel, stride):
    """Count windows that hang over the edge, too."""
    windows(x, kernel, stride)
    more = [-(n - k) % s for n, k, s in zip(x.shape[2:], kernel, stride, strict=True)]
    padded = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])), constant_values=-1000)
    return windows(padded, kernel, stride)


def _refuses_rest(x, kernel, stride):
    if any((n - k) % s for n, k, s in zip(x.shape[2:], kernel, stride, strict=True)):
        raise ValueError("the stride does not divide")
    return windows(x, kernel, stride)


for _id, _pieces in (
    (MEAN_POOL, {"pick": lambda p: p.mean(axis=(4, 5))}),
    (NOT_LARGEST, {"pick": lambda p: p.min(axis=(4, 5))}),
    (NOT_LARGEST, {"pick": lambda p: np.abs(p).max(axis=(4, 5))}),
    (NOT_LARGEST, {"pick": lambda p: p[..., 0, 0].copy()}),
    (NOT_LARGEST, {"pick": lambda p: p[..., -1, -1].copy()}),
    (FROM_ZERO, {"pick": lambda p: np.maximum(p.max(axis=(4, 5)), 0)}),
    (ACROSS_CHANNELS, {"pick": lambda p: p.max(axis=(1, 4, 5))}),
    (
        ACROSS_CHANNELS,
        {"pick": lambda p: np.repeat(p.max(axis=(1, 4, 5))[:, None], p.shape[1], axis=1)},
    ),
    (STRIDE_ONE_BY_DEFAULT, {"default": 1}),
    (ALL_MAXIMA, {"spread": _all_maxima}),
    (SHARED_MAXIMA, {"spread": _shared}),
    (LAST_MAXIMUM, {"spread": _last_maximum}),
    (WHOLE_WINDOW, {"spread": lambda window, g: np.full(window.shape, g)}),
    (WHOLE_WINDOW, {"spread": lambda window, g: np.full(window.shape, g / window.size)}),
    (LAST_WINDOW_WINS, {"add": False}),
    (FIRST_BY_COLUMNS, {"spread": _first_by_columns}),
    (VALUE_SENT, {"spread": _value}),
    (WINDOW_OF_THE_STRIDE, {"read": lambda k, s: (s, s)}),
    (PAIR_SWAPPED, {"read": lambda k, s: (k[::-1], s[::-1])}),
    (PAIR_SWAPPED, {"read": lambda k, s: (k, s[::-1])}),
    (PAIR_FIRST_ONLY, {"read": lambda k, s: (pair(k[0]), pair(s[0]))}),
    (PAIR_FIRST_ONLY, {"read": lambda k, s: (k, pair(s[0]))}),
    (PAIR_FIRST_ONLY, {"read": lambda k, s: (k, pair(s[1]))}),
    (ROUNDS_UP, {"cut": _reads_beyond}),
    (REFUSES_REMAINDER, {"cut": _refuses_rest}),
    (INT_OUTPUT, {"pick": lambda p: p.max(axis=(4, 5)).astype(int)}),
    (INT_OUTPUT, {"spread": lambda window, g: _first_maximum(window, int(g))}),
    (SINGLE_OUTPUT, {"pick": lambda p: p.max(axis=(4, 5)).astype(np.float32)}),
):
    breaks("MaxPool2D", _id)(make_pool(**_pieces))


@breaks("MaxPool2D", REMAINDER_CUT)
class _EndsWithWindows(make_pool()):
    def backward(self, dy):
        ends = zip(dy.shape[2:], self.stride, self.kernel, strict=True)
        rows, columns = ((n - 1) * s + k for n, s, k in ends)
        return super().backward(dy)[:, :, :rows, :columns]


@breaks("MaxPool2D", SINGLE_OUTPUT)
class _SingleGradient(make_pool()):
    def backward(self, dy):
        return super().backward(dy).astype(np.float32)


@breaks("MaxPool2D", INT_OUTPUT)
class _TypeOfX(make_pool()):
    """Make the gradient an array like x: whole numbers, where x holds whole numbers."""

    def backward(self, dy):
        dx = super().backward(dy)
        return dx.astype(self.x.dtype)


@breaks("MaxPool2D", POOL_BACK_WITHOUT_STRIDE)
class _BackWithoutStride(make_pool()):
    def backward(self, dy):
        stride, self.stride = self.stride, (1, 1)
        dx = super().backward(dy)
        self.stride = stride
        return dx


@breaks("MaxPool2D", ONE_WINNER)
class _OneWinner(make_pool()):
    def backward(self, dy):
        x, self.x = self.x, np.broadcast_to(self.x[:1, :1], self.x.shape)
        dx = super().backward(dy)
        self.x = x
        return dx


def _by_places(divide):
    """Return a pooling class that finds rows and columns from argmax by `divide`."""

    class MaxPool2D(make_pool()):
        def backward(self, dy):
            dx, (sh, sw) = np.zeros(self.x.shape), self.stride
            flat = windows(self.x, self.kernel, self.stride).reshape(*dy.shape, -1)
            for n, c, i, j in np.ndindex(dy.shape):
                u, v = divide(flat[n, c, i, j].argmax(), self.kernel)
                dx[n, c, i * sh + u, j * sw + v] += dy[n, c, i, j]
            return dx

    return MaxPool2D


breaks("MaxPool2D", PLACE_BY_HEIGHT)(_by_places(lambda place, kernel: divmod(place, kernel[0])))
breaks("MaxPool2D", PLACE_BY_HEIGHT)(
    _by_places(lambda place, kernel: (place // kernel[0], place % kernel[1]))
)


@breaks("MaxPool2D", CACHE_SHARED)
class _SharedPool(make_pool()):
    def forward(self, x):
        type(self).latest = x
        return super().forward(x)

    def backward(self, dy):
        self.x = type(self).latest
        return super().backward(dy)


@breaks("MaxPool2D", FIRST_BATCH)
class _FirstPool(make_pool()):
    def forward(self, x):
        y = super().forward(x)
        self.x = self.first = getattr(self, "first", x)
        return y


PLACES_IN_WINDOW = mistake(
    "places-inside-the-window",
    "the maximum's place is counted inside its window, not in the image",
    "Which pixel of the image is row 0, column 0 of the second window?",
)


@breaks("MaxPool2D", PLACES_IN_WINDOW)
class _PlacesInWindow(make_pool()):
    def backward(self, dy):
        dx = np.zeros(self.x.shape)
        flat = windows(self.x, self.kernel, self.stride).reshape(*dy.shape, -1)
        for n, c, i, j in np.ndindex(dy.shape):
            u, v = np.unravel_index(flat[n, c, i, j].argmax(), self.kernel)
            dx[n, c, u, v] += dy[n, c, i, j]
        return dx


# Stack ------------------------------------------------------------------------------------------

BACKWARD_IN_ORDER = mistake(
    "backward-in-the-order-of-forward",
    "backward goes through the layers from the first to the last",
    "Which layer does dy belong to: the one that x met first, or the one that gave y?",
)
LAYERS_REVERSED = mistake(
    "forward-from-the-last-layer",
    "forward goes through the layers from the last to the first",
    "In Stack(Line(2, -1), Line(-3, 4)), which of the two sees x itself?",
)
NOT_HANDED_ON = mistake(
    "not-handed-on",
    "every layer gets what came into the stack, not what its neighbour gave",
    "What is the x of the second layer? And what is the dy of the last layer but one?",
)
STEPS_UPHILL = mistake(
    "steps-uphill",
    "the parameters are moved along the gradient, which raises the loss",
    "If the gradient of a weight is positive, does the loss fall when the weight grows?",
)
STEP_OF_ONE = mistake(
    "step-without-lr",
    "the gradient is subtracted as a whole, without lr",
    "By how much does a parameter move if its gradient is 10 and lr is 0.1?",
)
BIAS_STAYS = mistake(
    "bias-stays",
    "the biases are not moved",
    "How many parameters does a Line have?",
)
WEIGHT_STAYS = mistake(
    "weight-stays",
    "the weights are not moved",
    "How many parameters does a Line have?",
)
ONE_LAYER_STEPS = mistake(
    "one-layer-steps",
    "only one layer is moved",
    "Where in the loop over the layers does your step end?",
)
SET_TO_THE_STEP = mistake(
    "parameter-becomes-its-step",
    "the parameter is replaced by its step, not moved by it",
    "What is left of a weight whose gradient is 0?",
)


def make_stack(*, ahead=None, back=None, moved=lambda p, g, lr: p - lr * g, moves=None, names=None):
    """Return a stack class whose named pieces are replaced."""

    class Stack:
        def __init__(self, *layers):
            self.layers = layers

        def forward(self, x):
            out = x
            for layer in ahead(self.layers) if ahead else self.layers:
                out = layer.forward(x if back == "alone" else out)
            return out

        def backward(self, dy):
            out = dy
            for layer in self.layers if back == "in order" else self.layers[::-1]:
                out = layer.backward(dy if back in ("alone", "same dy") else out)
            return out

        def step(self, lr):
            lines = [layer for layer in self.layers if hasattr(layer, "weight")]
            for line in moves(lines) if moves else lines:
                for name in names or ("weight", "bias"):
                    gradient = getattr(line, f"grad_{name}")
                    setattr(line, name, moved(getattr(line, name), gradient, lr))

    return Stack


for _id, _pieces in (
    (BACKWARD_IN_ORDER, {"back": "in order"}),
    (LAYERS_REVERSED, {"ahead": lambda layers: layers[::-1]}),
    (LAYERS_REVERSED, {"ahead": lambda layers: layers[::-1], "back": "in order"}),
    (NOT_HANDED_ON, {"back": "alone"}),
    (NOT_HANDED_ON, {"back": "same dy"}),
    (STEPS_UPHILL, {"moved": lambda p, g, lr: p + lr * g}),
    (STEP_OF_ONE, {"moved": lambda p, g, lr: p - g}),
    (SET_TO_THE_STEP, {"moved": lambda p, g, lr: -lr * g}),
    (SET_TO_THE_STEP, {"moved": lambda p, g, lr: lr * g}),
    (BIAS_STAYS, {"names": ["weight"]}),
    (WEIGHT_STAYS, {"names": ["bias"]}),
    (ONE_LAYER_STEPS, {"moves": lambda lines: lines[:1]}),
    (ONE_LAYER_STEPS, {"moves": lambda lines: lines[-1:]}),
):
    breaks("Stack", _id)(make_stack(**_pieces))


# predictions ------------------------------------------------------------------------------------

breaks("last_forward", FIRST_BATCH)(lambda: 321)
breaks("last_forward", ACCUMULATES)(lambda: 975)
NEWEST_DX = mistake(
    "parameter-instead-of-its-input",
    "dy was multiplied by the parameter, as for dx",
    "In y = w x + b, with which number is dy multiplied to give the gradient of w?",
)
breaks("last_forward", NEWEST_DX)(lambda: 222)
breaks("last_forward", NEWEST_DX)(lambda: [2, 20, 200])
NOT_SUMMED = mistake(
    "parameter-gradient-not-summed",
    "there is a gradient for each entry",
    "How many numbers is w?",
)
breaks("last_forward", NOT_SUMMED)(lambda: [4, 50, 600])

ROWS_FOR_RATIO = mistake(
    "rows-of-the-columns",
    "the height of one column",
    "How many numbers do all columns hold together, and how many does x hold?",
)
breaks("columns_ratio", ROWS_FOR_RATIO)(lambda: 27)
COLUMNS_COUNTED = mistake(
    "columns-counted",
    "a number of entries or of windows, not the ratio",
    "The question is how many times as many. By what is there still to divide?",
)
breaks("columns_ratio", COLUMNS_COUNTED)(lambda: 13500)
breaks("columns_ratio", COLUMNS_COUNTED)(lambda: 500)
breaks("columns_ratio", COLUMNS_COUNTED)(lambda: 100)
CHANNELS_IN_RATIO = mistake(
    "one-axis-of-the-kernel",
    "only one axis of the kernel was counted",
    "By how many windows is a pixel in the middle read?",
)
breaks("columns_ratio", CHANNELS_IN_RATIO)(lambda: 3)
WITHOUT_PADDING = mistake(
    "windows-without-padding",
    "the windows were counted without the padding",
    "How many 3 by 3 windows fit into a 10 by 10 image with a rim of zeros?",
)
breaks("columns_ratio", WITHOUT_PADDING)(lambda: 27 * 320 / 1500)

ADDED_UP = mistake(
    "factors-added",
    "the layers' factors were added",
    "After two layers, what is left of the scale: a half of a half, or a half and a half?",
)
breaks("tenth_layer", ADDED_UP)(lambda: 20)
ONE_LAYER = mistake(
    "factor-of-one-layer",
    "the factor of a single layer",
    "Each layer halves what it gets. What does the second one get?",
)
breaks("tenth_layer", ONE_LAYER)(lambda: 2)
LAYERS_COUNTED_WRONG = mistake(
    "one-layer-more-or-less",
    "the factor of one layer more or fewer",
    "How many times is the scale halved?",
)
breaks("tenth_layer", LAYERS_COUNTED_WRONG)(lambda: 512)
breaks("tenth_layer", LAYERS_COUNTED_WRONG)(lambda: 2048)
VARIANCE_FACTOR = mistake(
    "variance-instead-of-spread",
    "the factor of the variances",
    "The question is about the scale. Which power of it is the variance?",
)
breaks("tenth_layer", VARIANCE_FACTOR)(lambda: 4**10)
UPSIDE_DOWN = mistake(
    "ratio-upside-down",
    "the smaller scale divided by the larger one",
    "The question asks for a whole number: which scale stands above the fraction bar?",
)
breaks("tenth_layer", UPSIDE_DOWN)(lambda: 2.0**-10)

breaks("pooled_centre", LAST_WINDOW_WINS)(lambda: 1000)
breaks("pooled_centre", LAST_WINDOW_WINS)(lambda: 1)
MAXIMUM_SENT = mistake(
    "maximum-sent-back",
    "the maximum itself has entered the gradient",
    "If the 5 becomes 6, by how much does each maximum rise?",
)
breaks("pooled_centre", MAXIMUM_SENT)(lambda: 5555)
breaks("pooled_centre", MAXIMUM_SENT)(lambda: 5)
WINDOWS_COUNTED = mistake(
    "winning-windows-counted",
    "the windows were counted, whatever dy is",
    "What does each window send to its maximum?",
)
breaks("pooled_centre", WINDOWS_COUNTED)(lambda: 4)
