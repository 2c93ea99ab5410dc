"""Allowed uses of the layers and of the network: sequences of calls, and two objects at once."""

import numpy as np

from autograder import reference
from autograder.lessons.inputs import Inputs, given
from autograder.mutation.draw import Shape, numbers, pick, shape, whole, without_defaults
from course.checks.drive import DRIVERS
from course.checks.functions import Seed
from course.checks.layers import Layers

SET, FORWARD, BACKWARD = range(3)  # what is done with a layer
LAYERS, POOLS, STEPS = "oracle: two layers", "oracle: two pools", "oracle: one step"
STACKS = "oracle: two stacks"


def he_std(rng) -> Inputs:
    """Draw (weight_shape,)."""
    return given(tuple(whole(rng, 1, 5) for _ in range(4)))


def _two_layers(answer, settings, parameters, calls):
    """Use two layers in turn: each call forwards, or sends a gradient back; note all results.

    Parameters
    ----------
    settings, parameters : the layers' settings, and (weight, bias) of each
    calls : tuples (layer, FORWARD, x), (layer, BACKWARD, dy) or (layer, SET, (weight, bias))
    """
    layers = [answer(*settings) for _ in parameters]
    for layer, (weight, bias) in zip(layers, parameters, strict=True):
        layer.weight, layer.bias = weight, bias
    noted = []
    for which, method, argument in calls:
        layer = layers[which]
        if method == SET:
            layer.weight, layer.bias = argument
        elif method == FORWARD:
            noted.append(layer.forward(argument))
        else:
            noted.append(layer.backward(argument))
            # A layer may keep one array for a gradient, and fill it anew each time.
            noted += [np.copy(layer.grad_weight), np.copy(layer.grad_bias)]
    return tuple(noted)


def _two_pools(answer, settings, calls):
    """Use two pooling layers in turn, as `_two_layers` does."""
    pools = answer(*settings), answer(*settings)
    methods = {FORWARD: "forward", BACKWARD: "backward"}
    return tuple(getattr(pools[which], methods[what])(given) for which, what, given in calls)


def _sequence(rng, s: Shape, draw_parameters) -> list[tuple]:
    """Draw what is done: forwards before and between, backwards after a forward of that layer."""
    calls, last = [], {}
    for _ in range(whole(rng, 2, 5)):
        which, images = whole(rng, 0, 1), whole(rng, 1, 3)
        if which in last and rng.random() < 0.5:
            calls.append((which, BACKWARD, numbers(rng, last[which], *s.y[1:])))
        elif draw_parameters and which not in last and rng.random() < 0.2:
            calls.append((which, SET, draw_parameters()))
        else:
            calls.append((which, FORWARD, numbers(rng, images, *s.x[1:])))
            last[which] = images
    which = pick(rng, *last) if last else 0
    if not last:
        calls.append((which, FORWARD, numbers(rng, 2, *s.x[1:])))
        last[which] = 2
    return [*calls, (which, BACKWARD, numbers(rng, last[which], *s.y[1:]))]


def conv_layer(rng) -> Inputs:
    """Draw two layers of one shape and what is done with them; now and then their first weights."""
    s = shape(rng)
    settings = without_defaults(
        rng, (s.channels, s.filters, s.kernel_size, s.stride, s.padding), 1, 0
    )
    if rng.random() < 0.03:
        return _initial(rng)

    def parameters():
        return numbers(rng, *s.w), numbers(rng, s.filters)

    calls = _sequence(rng, s, parameters)
    return given(settings, [parameters(), parameters()], calls, how=LAYERS)


def _initial(rng) -> Inputs:
    settings = whole(rng, 10, 30), whole(rng, 20, 40), pick(rng, 3, (2, 3), (1, 4)), 1, 0
    if rng.random() < 0.3:
        return given(settings, how="conv_without_rng")
    kh, kw = settings[2] if isinstance(settings[2], tuple) else (settings[2],) * 2
    std = reference.he_std((settings[1], settings[0], kh, kw))
    return given(settings, Seed(whole(rng, 0, 999)), 0.9 * std, 1.1 * std, how="conv_initial")


def pooling(rng) -> Inputs | None:
    """Draw two pooling layers and what is done with them; ties among the numbers."""
    s = shape(rng)
    settings = (s.kernel_size,) if rng.random() < 0.3 else (s.kernel_size, s.stride)
    stride = settings[1] if len(settings) == 2 else settings[0]
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    size = [k + whole(rng, 0, 4) for k in s.kernel]
    out = [(n - k) // t + 1 for n, k, t in zip(size, s.kernel, (sh, sw), strict=True)]
    fixed = Shape(
        s.images,
        s.channels,
        s.channels,
        tuple(size),
        s.kernel,
        tuple(out),
        *settings[:1],
        1,
        0,
        1,
        1,
    )
    calls = _sequence(rng, fixed, None)
    if rng.random() < 0.3:
        calls = [(i, m, np.round(a) if m == FORWARD else a) for i, m, a in calls]
    return given(settings, calls, how=POOLS)


def _two_stacks(answer, layers, calls):
    """Use two stacks of the same layers in turn; note all outputs, gradients and parameters."""
    made = [layers.made(answer) for _ in range(2)]
    stacks = [answer(*two) for two in made]
    noted = []
    for which, x, dy, lr in calls:
        noted += [stacks[which].forward(x), stacks[which].backward(dy)]
        stacks[which].step(lr)
        lines = [layer for layer in (*made[0], *made[1]) if hasattr(layer, "bias")]
        noted += [np.copy(p) for line in lines for p in (line.weight, line.bias)]
    return tuple(noted)


def stack(rng) -> Inputs:
    """Draw the layers of two stacks, and what is done with them."""
    size = [whole(rng, 1, 3) for _ in range(whole(rng, 1, 3))]
    layers = Layers(
        tuple(
            ("Line", *numbers(rng, 2, kind="float").tolist()) if rng.random() < 0.65 else ("ReLU",)
            for _ in range(whole(rng, 1, 5))
        )
    )
    calls = [
        (whole(rng, 0, 1), numbers(rng, *size), numbers(rng, *size), pick(rng, 0.25, 1, 0.01, 0.1))
        for _ in range(whole(rng, 1, 3))
    ]
    return given(layers, calls, how=STACKS)


def _params(rng) -> dict[str, np.ndarray]:
    f1, f2 = whole(rng, 1, 3), whole(rng, 1, 3)
    shapes = {"w1": (f1, 1, 3, 3), "b1": (f1,), "w2": (f2, f1, 3, 3), "b2": (f2,)}
    shapes |= {"w3": (10, f2 * 4), "b3": (10,)}
    scale = pick(rng, 1, 1, 100)
    params = {key: rng.normal(size=size) for key, size in shapes.items()}
    return params | {"w3": params["w3"] * scale}


def _images(rng) -> np.ndarray:
    x = rng.normal(size=(whole(rng, 1, 3), 1, 8, 8))
    return pick(
        rng, x, x * rng.integers(0, 2, size=x.shape), rng.integers(0, 17, size=x.shape) / 16
    )


def forward(rng) -> Inputs:
    """Draw (params, x)."""
    return given(_params(rng), _images(rng))


def loss_and_gradients(rng) -> Inputs:
    """Draw (params, x, labels)."""
    x = _images(rng)
    return given(_params(rng), x, rng.integers(0, 10, size=len(x)))


def _one_step(answer, params, x, labels, epochs, lr, rng):
    """Train where every right way gives one result: one image once, or any images with lr 0."""
    trained, losses = answer(params, x, labels, epochs, lr, rng)
    trained = {key: np.asarray(value) for key, value in trained.items()}
    if lr:
        return trained, len(losses)
    return trained, [float(loss) for loss in losses]


def train(rng) -> Inputs:
    """Draw a step that every right training takes alike."""
    params = _params(rng) | {"w3": rng.normal(size=(10, 4)), "b3": rng.normal(size=10)}
    params |= {"w2": rng.normal(size=(1, len(params["w1"]), 3, 3)), "b2": rng.normal(size=1)}
    count, epochs, lr = pick(rng, (1, 1, 0.25), (1, 1, 0.01), (whole(rng, 2, 40), 2, 0.0))
    x = rng.normal(size=(count, 1, 8, 8))
    labels = rng.integers(0, 10, size=count)
    return given(params, x, labels, epochs, lr, Seed(whole(rng, 0, 999)), how=STEPS)


DRIVERS |= {LAYERS: _two_layers, POOLS: _two_pools, STACKS: _two_stacks, STEPS: _one_step}
