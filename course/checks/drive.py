"""The ways in which a check calls an answer, by name, so that cases can be data.

A driver uses nothing of a class but its construction, its attributes and its methods.
"""

import inspect

import numpy as np

from course.checks import measure
from course.checks.functions import Seed
from course.checks.measure import NoTuple


def call(answer, *args):
    """Call a function with the case's arguments, by position."""
    return answer(*args)


def value(answer):
    """Take a predicted value as it is."""
    return answer


INDICES = ("channels", "rows", "columns")


def indices(answer, *args):
    """Take the three index arrays by their names, and whether numpy can pick entries with them."""
    result = answer(*args)
    if not isinstance(result, (tuple, list)) or len(result) != 3:
        return NoTuple(result, 3)
    whole = all(a.dtype.kind in "iu" for a in result if isinstance(a, np.ndarray))
    return dict(zip(INDICES, result, strict=True)) | {"the indices are whole numbers": whole}


def _place(index: int, count: int):
    def take(answer, *args):
        result = answer(*args)
        if not isinstance(result, (tuple, list)) or len(result) != count:
            return NoTuple(result, count)
        return result[index]

    return take


def layer_settings(answer, n, m):
    """Measure the settings (k, s, p) that an answer chooses for n pixels: many are right."""
    result = answer(n, m)
    if not isinstance(result, (tuple, list)) or len(result) != 3:
        return NoTuple(result, 3)
    whole = all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in result)
    k, s, p = (int(v) for v in result) if whole else (0, 0, 0)
    sensible = whole and k >= 1 and s >= 1 and p >= 0
    room = n + 2 * p - k
    outputs = room // s + 1 if sensible and room >= 0 else 0
    last = (outputs - 1) * s  # where the last window begins
    begins = [min((pixel + p) // s * s, last) if outputs else -k for pixel in range(n)]
    unread = sum(pixel + p - begin >= k for pixel, begin in enumerate(begins))
    return {
        "k, s and p are ints, k and s at least 1, p at least 0": sensible,
        "outputs": outputs,
        "k is odd": k % 2 == 1,
        "every pixel is read by some window": unread == 0,
        "p is less than k": p < k,
    }


def _layer(answer, settings, weight, bias):
    layer = answer(*settings)
    layer.weight = weight
    layer.bias = bias
    return layer


def conv_forward(answer, settings, weight, bias, x):
    """Build a layer, set its weight and bias, and send x through it."""
    return _layer(answer, settings, weight, bias).forward(x)


def conv_backward(answer, settings, weight, bias, x, dy):
    """Send x forward and dy back: the gradients of x, weight and bias."""
    layer = _layer(answer, settings, weight, bias)
    layer.forward(x)
    return _all_gradients(layer, dy)


def conv_again(answer, settings, weight, bias, x, dy, x2, dy2):
    """Use a layer twice, its weight replaced between, while another one works, too."""
    layer = _layer(answer, settings, weight, bias)
    other = _layer(answer, settings, -weight, bias)
    layer.forward(x)
    layer.backward(dy)
    layer.weight = 2 * weight
    layer.forward(x)
    layer.forward(x2)
    other.forward(x)
    return _all_gradients(layer, dy2)


def _all_gradients(layer, dy):
    dx = layer.backward(dy)
    return {"dx": dx, "grad_weight": layer.grad_weight, "grad_bias": layer.grad_bias}


def conv_initial(answer, settings, rng, lowest, highest):
    """Describe a new layer's weights; their spread is to lie from `lowest` to `highest`."""
    layer = answer(*settings, rng)
    twin = answer(*settings, np.random.default_rng(5))
    other = answer(*settings, np.random.default_rng(5))
    weight = np.asarray(layer.weight, dtype=float)
    spread = float(weight.std()) or 1.0
    inside = float((np.abs(weight) < spread).mean())
    return {
        "weight.shape": tuple(int(n) for n in weight.shape),
        "bias": layer.bias,
        "weight has the precision of float64": np.asarray(layer.weight).dtype == np.float64,
        "the standard deviation of weight is He's": bool(lowest <= spread <= highest),
        "the mean of weight is near 0": bool(abs(weight.mean()) < 0.2 * spread),
        "weight is normal": bool(0.62 < inside < 0.75),
        "two generators of one seed give one weight": bool(
            np.array_equal(twin.weight, other.weight)
        ),
        "generators of two seeds give two weights": not np.array_equal(layer.weight, twin.weight),
    }


def conv_without_rng(answer, settings):
    """Build two layers without a generator: shapes, and whether their weights differ."""
    one, two = answer(*settings), answer(*settings)
    shapes = tuple(int(n) for n in np.shape(one.weight)), tuple(int(n) for n in np.shape(one.bias))
    return {"shapes": shapes, "the two weights differ": not np.array_equal(one.weight, two.weight)}


def pool_forward(answer, settings, x):
    """Build a pooling layer and send x through it."""
    return answer(*settings).forward(x)


def pool_backward(answer, settings, x, dy):
    """Send x forward through a pooling layer and dy back: the gradient of x."""
    layer = answer(*settings)
    layer.forward(x)
    return layer.backward(dy)


def pool_again(answer, settings, x, x2, dy2):
    """Send x and x2 through a layer and x through another, then dy2 back through the first."""
    layer, other = answer(*settings), answer(*settings)
    layer.forward(x)
    layer.forward(x2)
    other.forward(x)
    return layer.backward(dy2)


def stack_forward(answer, layers, x):
    """Stack new layers and send x through."""
    return answer(*layers.made(answer)).forward(x)


def stack_backward(answer, layers, x, dy):
    """Send x forward through a stack and dy back: the gradients of x and of all parameters."""
    made = layers.made(answer)
    stack = answer(*made)
    stack.forward(x)
    return {"dx": stack.backward(dy)} | _of_the_layers(made, "grad_weight", "grad_bias")


def stack_again(answer, layers, x2, x, dy):
    """Use a stack for x2 both ways, then for x, while another stack works, too."""
    made = layers.made(answer)
    stack, other = answer(*made), answer(*layers.made(answer))
    stack.forward(x2)
    stack.backward(x2)
    stack.forward(x)
    other.forward(x2)
    return {"dx": stack.backward(dy)} | _of_the_layers(made, "grad_weight", "grad_bias")


def stack_step(answer, layers, x, dy, lr):
    """Do as `stack_backward` does, beside another stack, and take a step: all parameters then."""
    made = layers.made(answer)
    stack, _ = answer(*made), answer(*layers.made(answer))
    stack.forward(x)
    stack.backward(dy)
    stack.step(lr)
    return _of_the_layers(made, "weight", "bias")


def _of_the_layers(layers, *names):
    return {
        f"{name} of layer {place}": getattr(layer, name)
        for place, layer in enumerate(layers)
        for name in names
        if hasattr(layer, name)
    }


def _gradients(*keys: str):
    def take(answer, params, x, labels):
        result = answer(params, x, labels)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            return NoTuple(result, 2)
        grads = result[1]
        return {k: grads[k] for k in keys if k in grads} if isinstance(grads, dict) else grads

    return take


def training(answer, params, x, labels, epochs, lr, rng, target):
    """Train on a few images: the losses' number, whether they fall, and below `target`."""
    result = answer(params, x, labels, epochs, lr, rng)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return NoTuple(result, 2)
    trained, losses = result
    if not isinstance(trained, dict):
        return {"params": trained}
    return {
        "the shapes of params": {
            k: tuple(int(n) for n in np.shape(trained[k])) for k in sorted(trained)
        },
        "the number of losses": len(losses),
        "the losses are finite": bool(np.isfinite(np.asarray(losses, dtype=float)).all()),
        "the last loss is well below the first": bool(losses[-1] < 0.9 * losses[0]),
        "the last loss is below the target": bool(losses[-1] < target),
    }


DRIVERS = {
    "call": call,
    "indices": indices,
    "value": value,
    "first of two": _place(0, 2),
    "second of two": _place(1, 2),
    "first of three": _place(0, 3),
    "second of three": _place(1, 3),
    "third of three": _place(2, 3),
    "layer_settings": layer_settings,
    "conv_forward": conv_forward,
    "conv_backward": conv_backward,
    "conv_again": conv_again,
    "conv_initial": conv_initial,
    "conv_without_rng": conv_without_rng,
    "pool_forward": pool_forward,
    "pool_backward": pool_backward,
    "pool_again": pool_again,
    "stack_forward": stack_forward,
    "stack_backward": stack_backward,
    "stack_again": stack_again,
    "stack_step": stack_step,
    "stack_step_of_columns": stack_step,
    "gradients of the linear layer": _gradients("w3", "b3"),
    "gradients of the convolutions": _gradients("w1", "b1", "w2", "b2"),
    "training": training,
    "wide_stack": measure.wide_stack,
    "one_step": measure.one_step,
    "batches": measure.batches,
}

_LAYER = "layer = {name}({settings}); layer.weight = {weight}; layer.bias = {bias};"
_GRADIENTS = "# dx, layer.grad_weight, layer.grad_bias"
_STEP = (
    "stack, other = {name}({layers}), {name}({layers}); stack.forward({x}); "
    "stack.backward({dy}); stack.step({lr})  # all parameters"
)
# How a call reads in a message; {call} is the plain call, the other names are the driver's.
READS = {
    "first of two": "{call}[0]",
    "second of two": "{call}[1]",
    "first of three": "{call}[0]",
    "second of three": "{call}[1]",
    "third of three": "{call}[2]",
    "gradients of the linear layer": "{call}[1]  # 'w3' and 'b3'",
    "gradients of the convolutions": "{call}[1]  # 'w1', 'b1', 'w2' and 'b2'",
    "layer_settings": "k, s, p = {call}  # measured",
    "conv_forward": f"{_LAYER} layer.forward({{x}})",
    "conv_backward": f"{_LAYER} layer.forward({{x}}); layer.backward({{dy}})  {_GRADIENTS}",
    "conv_again": "{name}({settings}) with weight={weight}, bias={bias}: forward(x={x}), "
    "backward({dy}), weight doubled, forward(x), forward({x2}), forward(x) of another layer, "
    "backward({dy2})  # its gradients",
    "conv_initial": "layer = {name}({settings}, {rng})  # its weight has to spread by "
    "{lowest} to {highest}",
    "conv_without_rng": "{name}({settings}), {name}({settings})  # two layers",
    "pool_forward": "{name}({settings}).forward({x})",
    "pool_backward": "layer = {name}({settings}); layer.forward({x}); layer.backward({dy})",
    "wide_stack": "{call}  # measured",
    "pool_again": "layer, other, x = {name}({settings}), {name}({settings}), {x}; "
    "layer.forward(x); layer.forward({x2}); other.forward(x); layer.backward({dy2})",
    "stack_forward": "{name}({layers}).forward({x})",
    "stack_backward": "stack = {name}({layers}); stack.forward({x}); stack.backward({dy})  "
    "# dx and all parameters' gradients",
    "stack_again": "stack, other = {name}({layers}), {name}({layers}); x2 = {x2}; "
    "stack.forward(x2); stack.backward(x2); stack.forward({x}); other.forward(x2); "
    "stack.backward({dy})  # dx and all parameters' gradients",
    "stack_step": _STEP,
    "stack_step_of_columns": f"from course.checks.layers import Scale; {_STEP}",
    "one_step": "{name} on {x}, labels={labels}, epochs={epochs}, lr={lr}",
    "batches": "{name} for one epoch: on 33 copies of an image with lr={lr} / 4096, "
    "and on {x} with lr={lr}",
    "training": "{name} on {x}, labels={labels}, epochs={epochs}, lr={lr}: last loss < {target}",
}


def parameters(how: str, of_the_exercise: list[str]) -> list[str]:
    """Name the arguments of a case that is driven this way."""
    own = list(inspect.signature(DRIVERS[how]).parameters.values())[1:]
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in own):
        return of_the_exercise
    return [parameter.name for parameter in own]


def copied(item):
    """Copy an argument so deeply that nothing done to the copy reaches the original."""
    if isinstance(item, Seed):
        return np.random.default_rng(item.number)
    if isinstance(item, np.ndarray):
        return item.copy()
    if isinstance(item, list):
        return [copied(inner) for inner in item]
    if isinstance(item, tuple):  # a namedtuple, too: its own class takes no list of entries
        return tuple(copied(inner) for inner in item)
    if isinstance(item, dict):
        return {key: copied(inner) for key, inner in item.items()}
    return item
