"""Lesson 13: what goes wrong in a whole network and its training."""

import numpy as np

from autograder import reference
from autograder.lessons.backwards import WRONG_DB, WRONG_DW, WRONG_DX
from autograder.lessons.capstone.inputs import BUG_LINES
from autograder.lessons.catalogue import (
    DB_MEAN,
    DW_ONE_WINDOW,
    DW_TURNED,
    FLIPS,
    LAST_WINDOW_WINS,
    MEAN_POOL,
    NO_BIAS,
    NOT_TURNED,
    RESHAPED_STRAIGHT,
    TRANSPOSES_KERNEL,
)
from autograder.lessons.layer import backward, forward, windows
from autograder.lessons.receptive_field.mistakes import guess_size
from autograder.lessons.register import breaks, mistake

STRIDES, PADDING, POOL = (2, 1), 1, 2

NO_RELU = mistake(
    "relu-missing",
    "a ReLU is missing",
    "After which layers does the network set negative numbers to 0?",
)
RELU_ON_LOGITS = mistake(
    "relu-on-the-logits",
    "the logits cannot fall below 0",
    "Is there a ReLU after the last layer?",
)
SOFTMAX_RETURNED = mistake(
    "probabilities-for-logits",
    "probabilities come back, not logits",
    "Does each row of your result sum to 1? What are logits before the softmax?",
)
FLATTEN_ORDER = mistake(
    "features-in-another-order",
    "the features are flattened in another order",
    "The linear layer's weights expect (channel, row, column), the channel slowest.",
)
STRIDES_EXCHANGED = mistake(
    "strides-of-the-layers-exchanged",
    "the strides of the two convolutions are exchanged",
    "Which of the two convolutions halves the image?",
)
NO_PADDING_NET = mistake(
    "convolutions-without-padding",
    "a convolution works without padding",
    "Of what shape are the images after the first convolution?",
)
LINEAR_TRANSPOSED = mistake(
    "linear-weights-transposed",
    "the linear layer's weights are used the wrong way round",
    "w3 has a row for each class. Which product does that ask for?",
)


def _relu(z):
    return np.maximum(z, 0)


def _max(z):
    return windows(z, (POOL, POOL), POOL).max(axis=(4, 5))


def _network(
    *,
    relus=(_relu, _relu),
    pool=_max,
    convs=(forward, forward),
    strides=STRIDES,
    flatten=lambda p: p.reshape(len(p), -1),
    end=lambda logits: logits,
    bias=(1, 1, 1),
):
    """Return a forward pass whose named pieces are replaced."""

    def run(params, x):
        a = x
        for layer in (0, 1):
            w, b = params[f"w{layer + 1}"], bias[layer] * params[f"b{layer + 1}"]
            a = relus[layer](convs[layer](a, w, b, strides[layer], PADDING))
        return end(flatten(pool(a)) @ params["w3"].T + bias[2] * params["b3"])

    return run


def _turned(x, w, b, stride, padding):
    return forward(x, w[..., ::-1, ::-1], b, stride, padding)


def _transposed(x, w, b, stride, padding):
    return forward(x, w.swapaxes(2, 3), b, stride, padding)


def _softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _same(z):
    return z


def _straight(x, w, b, stride, padding):
    """Reshape the product of columns without moving its axes."""
    y = forward(x, w, b, stride, padding)
    return y.transpose(1, 2, 3, 0).reshape(y.shape)


for _id, _pieces in (
    (NO_RELU, {"relus": (_same, _relu)}),
    (NO_RELU, {"relus": (_relu, _same)}),
    (NO_RELU, {"relus": (_same, _same)}),
    (RELU_ON_LOGITS, {"end": _relu}),
    (SOFTMAX_RETURNED, {"end": _softmax}),
    (MEAN_POOL, {"pool": lambda z: windows(z, (2, 2), 2).mean(axis=(4, 5))}),
    (FLATTEN_ORDER, {"flatten": lambda p: p.transpose(0, 2, 3, 1).reshape(len(p), -1)}),
    (FLATTEN_ORDER, {"flatten": lambda p: p.swapaxes(2, 3).reshape(len(p), -1)}),
    (STRIDES_EXCHANGED, {"strides": STRIDES[::-1]}),
    (FLIPS, {"convs": (_turned, forward)}),
    (FLIPS, {"convs": (forward, _turned)}),
    (FLIPS, {"convs": (_turned, _turned)}),
    (TRANSPOSES_KERNEL, {"convs": (_transposed, _transposed)}),
    (RESHAPED_STRAIGHT, {"convs": (_straight, _straight)}),
    (NO_BIAS, {"bias": (0, 1, 1)}),
    (NO_BIAS, {"bias": (1, 0, 1)}),
    (NO_BIAS, {"bias": (1, 1, 0)}),
    (NO_BIAS, {"bias": (0, 0, 0)}),
):
    breaks("forward", _id)(_network(**_pieces))


@breaks("forward", NO_PADDING_NET)
def _unpadded(params, x):
    a = _relu(forward(x, params["w1"], params["b1"], 2, 0))
    pooled = _max(_relu(forward(a, params["w2"], params["b2"], 1, 1)))
    return pooled.reshape(len(x), -1) @ params["w3"].T + params["b3"]


@breaks("forward", LINEAR_TRANSPOSED)
def _wrong_way_round(params, x):
    a = _relu(forward(x, params["w1"], params["b1"], 2, 1))
    pooled = _max(_relu(forward(a, params["w2"], params["b2"], 1, 1)))
    return params["w3"] @ pooled.reshape(len(x), -1).T + params["b3"][:, None]


# loss_and_gradients -----------------------------------------------------------------------------

LOSS_SUMMED = mistake(
    "loss-summed",
    "the loss is summed over the images, not averaged",
    "Should the loss double when every image is given twice?",
)
LOSS_OVERFLOWS = mistake(
    "softmax-overflows",
    "large logits overflow, or their probabilities round to 0",
    "What is np.exp(1000), and what is np.log(np.exp(-1000))? Which of the two do you ask for?",
)
LOSS_BASE_2 = mistake(
    "logarithm-of-another-base",
    "the logarithm has another base",
    "With equal logits the loss is ln 10 = 2.303. What is yours?",
)
LOSS_OVER_CLASSES = mistake(
    "loss-averaged-over-classes",
    "the loss is divided by the number of classes, too",
    "With equal logits the loss is ln 10 = 2.303. What is yours?",
)
SOFTMAX_AXIS = mistake(
    "softmax-over-the-batch",
    "the softmax runs over the images, not over the classes",
    "Which numbers are to sum to 1: the classes of one image, or the images of one class?",
)
LOSS_SIGN = mistake(
    "loss-with-the-wrong-sign",
    "the sign is wrong",
    "A loss of cross-entropy is never below 0.",
)
GRADS_SUMMED = mistake(
    "gradients-not-divided-by-the-batch",
    "the gradients are those of the sum, not of the mean",
    "The loss is a mean over N images. Where does 1/N enter dz?",
)
ONE_HOT_MISSING = mistake(
    "one-hot-missing",
    "the one-hot labels are not taken off the probabilities",
    "The gradient at the logits is probabilities minus something. Which direction lowers the loss?",
)
RELU_BACK = mistake(
    "relu-let-through",
    "a ReLU lets the gradient through where its input was negative",
    "If z is -1 and changes a little, does max(z, 0) change?",
)
RELU_FORGOTTEN = mistake(
    "relu-mask-of-the-gradient",
    "the ReLU's mask comes from the gradient itself",
    "Which array decides where the ReLU was open?",
)
POOL_SPREADS = mistake(
    "pooling-spreads-the-gradient",
    "the pooling's gradient goes to the whole window",
    "Which entry of the window reached the output?",
)
FIRST_LAYER_FORGOTTEN = mistake(
    "first-layer-without-gradient",
    "the gradients of the first convolution are 0 or missing",
    "Does a change in w1 change the loss?",
)
LINEAR_GRADS = mistake(
    "linear-gradient-transposed",
    "the linear layer's gradient does not have the shape of its weights",
    "A gradient has the shape of what it belongs to. Which is w3's?",
)
WRONG_FEATURES = mistake(
    "linear-gradient-without-features",
    "the linear layer's gradient does not use the features",
    "w3[o, r] multiplied feature r. What is its gradient?",
)
ORDER_OF_RESULTS = mistake(
    "gradients-before-the-loss",
    "loss and gradients come in the wrong order",
    "Which of the two does the exercise ask for first?",
)
GRADIENT_SIGN = mistake(
    "gradients-with-the-wrong-sign",
    "all gradients have the wrong sign",
    "Training subtracts the gradient. Does it have to point up or down?",
)


def _pool_back(dy, z):
    """Send each gradient to the first maximum of its window."""
    dz, patches = np.zeros(z.shape), windows(z, (2, 2), 2)
    n, c, i, j = np.indices(dy.shape)
    place = patches.reshape(*dy.shape, 4).argmax(axis=4)
    dz[n, c, 2 * i + place // 2, 2 * j + place % 2] = dy
    return dz


def _pool_back_all(dy, z):
    return dy.repeat(2, axis=2).repeat(2, axis=3)


def _open(dz, z):
    return dz * (z > 0)


def _cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_softmax = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    d = np.exp(log_softmax)
    d[rows, labels] -= 1
    return float(-log_softmax[rows, labels].mean()), d / len(labels)


def _learner(
    *,
    loss=_cross_entropy,
    pool_back=_pool_back,
    masks=(_open, _open),
    backs=(backward, backward),
    linear=lambda d, features: d.T @ features,
    change=lambda loss, grads: (loss, grads),
):
    """Return loss_and_gradients with the named pieces replaced."""

    def run(params, x, labels):
        z1 = forward(x, params["w1"], params["b1"], 2, 1)
        a1 = _relu(z1)
        z2 = forward(a1, params["w2"], params["b2"], 1, 1)
        a2 = _relu(z2)
        pooled = _max(a2)
        features = pooled.reshape(len(x), -1)
        value, d = loss(features @ params["w3"].T + params["b3"], labels)
        grads = {"w3": linear(d, features), "b3": d.sum(axis=0)}
        dz2 = masks[1](pool_back((d @ params["w3"]).reshape(pooled.shape), a2), z2)
        da1, grads["w2"], grads["b2"] = backs[1](dz2, a1, params["w2"], 1, 1)
        dz1 = masks[0](da1, z1)
        _, grads["w1"], grads["b1"] = backs[0](dz1, x, params["w1"], 2, 1)
        return change(value, grads)

    return run


def _loss(value=lambda v, n: v, d=lambda d, n: d):
    def loss(logits, labels):
        v, dlogits = _cross_entropy(logits, labels)
        return value(v, len(labels)), d(dlogits, len(labels))

    return loss


def _overflowing(logits, labels):
    e = np.exp(logits)
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    value = -np.log(p[rows, labels]).mean()
    d = p.copy()
    d[rows, labels] -= 1
    return float(value), d / len(labels)


def _over_the_batch(logits, labels):
    p = _softmax(logits.T).T
    rows = np.arange(len(labels))
    d = p.copy()
    d[rows, labels] -= 1
    return float(-np.log(p[rows, labels]).mean()), d / len(labels)


def _no_one_hot(logits, labels):
    value, d = _cross_entropy(logits, labels)
    return value, _softmax(logits) / len(labels)


def _back(dx=None, dw=None, db=None):
    def wrong(dy, x, w, s, p):
        right = backward(dy, x, w, s, p)
        return (
            dx(dy, x, w, s, p) if dx else right[0],
            dw(dy, x, w, s, p) if dw else right[1],
            db(dy) if db else right[2],
        )

    return wrong


def _scrambled(dy, x, w, s, p):
    """Read dy straight, without moving its axes."""
    n, f, oh, ow = dy.shape
    return backward(dy.reshape(f, oh, ow, n).transpose(3, 0, 1, 2), x, w, s, p)


def _first_forgotten(value, grads):
    return value, grads | {"w1": 0 * grads["w1"], "b1": 0 * grads["b1"]}


def _signs(value, grads):
    return value, {key: -grad for key, grad in grads.items()}


for _id, _pieces in (
    (LOSS_SUMMED, {"loss": _loss(lambda v, n: v * n)}),
    (LOSS_SUMMED, {"loss": _loss(lambda v, n: v * n, lambda d, n: d * n)}),
    (LOSS_OVERFLOWS, {"loss": _overflowing}),
    (LOSS_BASE_2, {"loss": _loss(lambda v, n: v / float(np.log(2)))}),
    (LOSS_BASE_2, {"loss": _loss(lambda v, n: v / float(np.log(10)))}),
    (LOSS_OVER_CLASSES, {"loss": _loss(lambda v, n: v / 10)}),
    (LOSS_OVER_CLASSES, {"loss": _loss(lambda v, n: v / 10, lambda d, n: d / 10)}),
    (SOFTMAX_AXIS, {"loss": _over_the_batch}),
    (LOSS_SIGN, {"loss": _loss(lambda v, n: -v)}),
    (LOSS_SIGN, {"loss": _loss(lambda v, n: -v, lambda d, n: -d)}),
    (GRADS_SUMMED, {"loss": _loss(d=lambda d, n: d * n)}),
    (ONE_HOT_MISSING, {"loss": _no_one_hot}),
    (RELU_BACK, {"masks": (lambda d, z: d, _open)}),
    (RELU_BACK, {"masks": (_open, lambda d, z: d)}),
    (RELU_BACK, {"masks": (lambda d, z: d, lambda d, z: d)}),
    (RELU_FORGOTTEN, {"masks": (lambda d, z: _relu(d), _open)}),
    (RELU_FORGOTTEN, {"masks": (lambda d, z: _relu(d), lambda d, z: _relu(d))}),
    (POOL_SPREADS, {"pool_back": _pool_back_all}),
    (POOL_SPREADS, {"pool_back": lambda dy, z: _pool_back_all(dy, z) / 4}),
    (FIRST_LAYER_FORGOTTEN, {"change": _first_forgotten}),
    (LINEAR_GRADS, {"linear": lambda d, features: features.T @ d}),
    (WRONG_FEATURES, {"linear": lambda d, features: d.T @ np.ones_like(features)}),
    (ORDER_OF_RESULTS, {"change": lambda value, grads: (grads, value)}),
    (GRADIENT_SIGN, {"change": _signs}),
    (RESHAPED_STRAIGHT, {"backs": (_scrambled, _scrambled)}),
    (RESHAPED_STRAIGHT, {"backs": (backward, _scrambled)}),
):
    breaks("loss_and_gradients", _id)(_learner(**_pieces))


# The mistakes of one layer that a network of square kernels can make.
for _id, _dx in WRONG_DX:
    if _id in (NOT_TURNED, TRANSPOSES_KERNEL, LAST_WINDOW_WINS):
        breaks("loss_and_gradients", _id)(_learner(backs=(backward, _back(dx=_dx))))
for _id, _dw in WRONG_DW:
    if _id in (DW_TURNED, DW_ONE_WINDOW):
        breaks("loss_and_gradients", _id)(_learner(backs=(_back(dw=_dw), _back(dw=_dw))))
for _id, _db in WRONG_DB:
    if _id == DB_MEAN:
        breaks("loss_and_gradients", _id)(_learner(backs=(_back(db=_db), _back(db=_db))))

# train ------------------------------------------------------------------------------------------

ASCENDS = mistake(
    "climbs-instead-of-descending",
    "each step goes up the gradient",
    "Print the losses: do they grow? Which sign has a step downhill?",
)
NOT_LEARNING = mistake(
    "loss-does-not-fall",
    "the loss hardly falls",
    "Look at every key of params after one step: did each move, against its gradient and by lr "
    "times it, and does the next step begin there?",
)
SUMMED_LOSS = mistake(
    "epoch-losses-summed",
    "the losses of an epoch are summed, not averaged",
    "A network that knows nothing has the loss 2.303. How large is your first one, and how many "
    "losses went into it?",
)
ONE_LOSS = mistake(
    "number-of-losses",
    "there is not one loss for each epoch",
    "How many epochs were asked for, and how many losses come back?",
)
PARAMS_ALONE = mistake(
    "one-result-of-two",
    "one result comes back where two are asked for",
    "Which two things does train return?",
)
NOT_SHUFFLED = mistake(
    "images-always-in-one-order",
    "the images come in the same order whatever the generator",
    "Where does rng enter an epoch?",
)
BATCH_TOO_LARGE = mistake(
    "batches-too-large",
    "a batch holds more than 32 images",
    "How many steps does an epoch of 33 images take?",
)
LR_IGNORED = mistake(
    "another-learning-rate",
    "the steps are not lr times the gradient",
    "With one image and one epoch each parameter moves once. By how much, for lr 0.25?",
)
SOME_PARAMS_STAY = mistake(
    "parameters-left-behind",
    "some of the parameters never move",
    "Print each key of params before and after. Which are the same?",
)
LAST_LOSS = mistake(
    "loss-of-the-last-batch",
    "the loss of an epoch is that of a single batch",
    "With lr 0 nothing changes: is your loss of the epoch the mean over all images?",
)
UNWEIGHTED_LOSS = mistake(
    "batches-weigh-alike",
    "the mean is taken over batches, though the last one is smaller",
    "34 images make batches of 32 and 2. How much should the 2 count for?",
)
CHANGES_PARAMS = mistake(
    "changes-the-callers-parameters",
    "the caller's parameters are changed in place",
    "Print params before and after the call.",
)


def _descends(
    *,
    step=lambda p, g, lr: p - lr * g,
    batch=32,
    keys=("w1", "b1", "w2", "b2", "w3", "b3"),
    result=lambda params, losses: (params, losses),
    own=True,
    mean=lambda total, count, values: total / count,
    order_of=lambda rng, count: rng.permutation(count),
):
    """Return a training loop whose named pieces are replaced."""

    def train(params, x, labels, epochs, lr, rng):
        params, losses = dict(params) if own else params, []
        for _ in range(epochs):
            order, total, value, values = order_of(rng, len(x)), 0.0, 0.0, []
            for start in range(0, len(x), batch):
                some = order[start : start + batch]
                value, grads = reference.loss_and_gradients(params, x[some], labels[some])
                for key in keys:
                    params[key] = step(params[key], grads[key], lr)
                total += value * len(some)
                values.append(value)
            losses.append(mean(total, len(x), values))
        return result(params, losses)

    return train


def _restored(params, x, labels, epochs, lr, rng):
    before = {key: value.copy() for key, value in params.items()}
    _, losses = _descends()(params, x, labels, epochs, lr, rng)
    return before, [losses[0]] * epochs


for _id, _pieces in (
    (ASCENDS, {"step": lambda p, g, lr: p + lr * g}),
    (NOT_LEARNING, {"step": lambda p, g, lr: p}),
    (SUMMED_LOSS, {"mean": lambda total, count, values: total}),
    (SUMMED_LOSS, {"mean": lambda total, count, values: sum(values)}),
    (LAST_LOSS, {"mean": lambda total, count, values: values[-1]}),
    (LAST_LOSS, {"mean": lambda total, count, values: values[0]}),
    (UNWEIGHTED_LOSS, {"mean": lambda total, count, values: sum(values) / len(values)}),
    (NOT_SHUFFLED, {"order_of": lambda rng, count: np.arange(count)}),
    (NOT_SHUFFLED, {"order_of": lambda rng, count: np.random.default_rng(0).permutation(count)}),
    (BATCH_TOO_LARGE, {"batch": 64}),
    (BATCH_TOO_LARGE, {"batch": 10**6}),
    (LR_IGNORED, {"step": lambda p, g, lr: p - 0.05 * g}),
    (LR_IGNORED, {"step": lambda p, g, lr: p - lr * g / 32}),
    (SOME_PARAMS_STAY, {"keys": ("w1", "w2", "w3")}),
    (SOME_PARAMS_STAY, {"keys": ("w2", "b2", "w3", "b3")}),
    (ONE_LOSS, {"result": lambda params, losses: (params, losses[-1:])}),
    (ONE_LOSS, {"result": lambda params, losses: (params, losses + losses[-1:])}),
    (PARAMS_ALONE, {"result": lambda params, losses: params}),
    (CHANGES_PARAMS, {"own": False}),
    (LR_IGNORED, {"step": lambda p, g, lr: p - g * 20}),
    (LR_IGNORED, {"step": lambda p, g, lr: p - lr * lr * g / 10}),
    (SOME_PARAMS_STAY, {"keys": ("b1", "b2", "b3")}),
):
    breaks("train", _id)(_descends(**_pieces))
breaks("train", NOT_LEARNING)(_restored)

# predictions ------------------------------------------------------------------------------------

ANOTHER_LINE = mistake(
    "another-line-than-the-table-shows",
    "this line does what it should",
    "Under which one condition do this layer's errors vanish, and which line does that spare?",
)
for _name, _bug in BUG_LINES.items():
    for _line in range(1, 10):
        if _line != _bug:
            breaks(_name, ANOTHER_LINE)(lambda line=_line: line)

# The network of the lesson; it sees 9 pixels.
guess_size("network_field", [(3, 2, 1, 1), (3, 1, 1, 1), (2, 2, 0, 1)])
POOLING_LEFT_OUT = mistake(
    "pooling-left-out-of-the-field",
    "the pooling is not counted",
    "A pooled number reads a window of 2. How many pixels apart are its two fields?",
)
breaks("network_field", POOLING_LEFT_OUT)(lambda: 7)

breaks("right_class_gradient", GRADS_SUMMED)(lambda: 0.1 - 1)
breaks("right_class_gradient", ONE_HOT_MISSING)(lambda: 0.1 / 2)
breaks("right_class_gradient", GRADIENT_SIGN)(lambda: (1 - 0.1) / 2)
NO_PROBABILITY = mistake(
    "probability-left-out",
    "the probability is left out",
    "Ten equal logits: how probable is each class? That is one of the two terms.",
)
breaks("right_class_gradient", NO_PROBABILITY)(lambda: -1 / 2)
