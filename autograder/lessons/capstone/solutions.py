"""Lesson 13 in several styles; each network is built on layers of earlier lessons."""

import numpy as np

from autograder import reference
from autograder.lessons.backward_loops.solutions import seven_loops, tap_by_tap
from autograder.lessons.col2im.solutions import _by_columns as columns_back
from autograder.lessons.conv2d_layer.solutions import ColumnLayer, OneHotPool, ViewPool, WindowLayer
from autograder.lessons.conv2d_loops import solutions as conv2d_loops
from autograder.lessons.im2col.solutions import _by_columns as columns_forward
from autograder.lessons.layouts_and_speed.solutions import _by_columns as conv2d_nhwc
from autograder.lessons.layouts_and_speed.solutions import _window_scatter as conv2d_backward_nhwc
from autograder.lessons.register import solves


def _pooled(a):
    n, f, h, w = a.shape
    return a.reshape(n, f, h // 2, 2, w // 2, 2).max(axis=(3, 5))


def _forward_with(conv):
    def forward(params, x):
        a1 = np.maximum(conv(x, params["w1"], params["b1"], 2, 1), 0)
        a2 = np.maximum(conv(a1, params["w2"], params["b2"], 1, 1), 0)
        return _pooled(a2).reshape(len(x), -1) @ params["w3"].T + params["b3"]

    return forward


for _conv in (
    conv2d_loops._windows_einsum,
    conv2d_loops._tap_by_tap,
    conv2d_loops._patch_sums,
    columns_forward,
):
    solves("forward")(_forward_with(_conv))


def _set(layer, w, b):
    layer.weight, layer.bias = w, b
    return layer


def _network_of_layers(make, pool):
    """Return loss_and_gradients built from the layers of lesson 10."""

    def loss_and_gradients(params, x, labels):
        f1, f2 = len(params["w1"]), len(params["w2"])
        one = _set(make(1, f1, 3, 2, 1), params["w1"], params["b1"])
        two = _set(make(f1, f2, 3, 1, 1), params["w2"], params["b2"])
        pooling = pool(2)
        z1 = one.forward(x)
        z2 = two.forward(np.maximum(z1, 0))
        pooled = pooling.forward(np.maximum(z2, 0))
        features = pooled.reshape(len(x), -1)
        logits = features @ params["w3"].T + params["b3"]
        logits = logits - logits.max(axis=1, keepdims=True)
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        rows = np.arange(len(x))
        loss = -(logits[rows, labels] - np.log(np.exp(logits).sum(axis=1))).mean()
        p[rows, labels] -= 1
        p /= len(x)
        grads = {"w3": p.T @ features, "b3": p.sum(axis=0)}
        da2 = pooling.backward((p @ params["w3"]).reshape(pooled.shape))
        da1 = two.backward(np.where(z2 > 0, da2, 0))
        one.backward(np.where(z1 > 0, da1, 0))
        grads |= {"w1": one.grad_weight, "b1": one.grad_bias}
        return loss, grads | {"w2": two.grad_weight, "b2": two.grad_bias}

    return loss_and_gradients


solves("loss_and_gradients")(_network_of_layers(ColumnLayer, ViewPool))
solves("loss_and_gradients")(_network_of_layers(WindowLayer, OneHotPool))


def _network_of_functions(conv, conv_back):
    """Return loss_and_gradients built from the functions of lessons 04 to 09."""

    def loss_and_gradients(weights, images, labels):
        n = len(images)
        z1 = conv(images, weights["w1"], weights["b1"], 2, 1)
        a1 = z1 * (z1 > 0)
        z2 = conv(a1, weights["w2"], weights["b2"], 1, 1)
        a2 = z2 * (z2 > 0)
        pooled = _pooled(a2)
        features = pooled.reshape(n, -1)
        logits = np.einsum("nf,cf->nc", features, weights["w3"]) + weights["b3"]
        top = logits.max(axis=1)
        log_sum = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
        loss = float(np.mean(log_sum - logits[np.arange(n), labels]))
        d = (np.exp(logits - log_sum[:, None]) - np.eye(10)[labels]) / n
        dpooled = (d @ weights["w3"]).reshape(pooled.shape)
        da2 = np.zeros(a2.shape)
        for place in np.ndindex(pooled.shape):
            i, j = 2 * place[2], 2 * place[3]
            window = a2[place[0], place[1], i : i + 2, j : j + 2]
            u, v = divmod(int(window.argmax()), 2)
            da2[place[0], place[1], i + u, j + v] += dpooled[place]
        da1, dw2, db2 = conv_back(da2 * (z2 > 0), a1, weights["w2"], 1, 1)
        _, dw1, db1 = conv_back(da1 * (z1 > 0), images, weights["w1"], 2, 1)
        grads = {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "w3": d.T @ features}
        return loss, {**grads, "b3": d.sum(0)}

    return loss_and_gradients


_by_taps = solves("loss_and_gradients")(_network_of_functions(conv2d_loops._tap_by_tap, tap_by_tap))
_by_columns = solves("loss_and_gradients")(_network_of_functions(columns_forward, columns_back))
solves("loss_and_gradients")(_network_of_functions(conv2d_loops._windows_einsum, seven_loops))


def _gradients(params, x, labels):  # solutions of `train` differ in the training alone
    return reference.loss_and_gradients(params, x, labels)


@solves("train")
def _plain_descent(params, x, labels, epochs, lr, rng):
    params, losses = {key: value.copy() for key, value in params.items()}, []
    for _ in range(epochs):
        order, sums = rng.permutation(len(x)), []
        for start in range(0, len(x), 32):
            batch = order[start : start + 32]
            loss, grads = _gradients(params, x[batch], labels[batch])
            for key in params:
                params[key] -= lr * grads[key]
            sums.append(loss * len(batch))
        losses.append(sum(sums) / len(x))
    return params, losses


@solves("train")
def _momentum(params, x, labels, epochs, lr, rng):
    velocity, losses = dict.fromkeys(params, 0.0), []
    for _ in range(epochs):
        batches = np.array_split(rng.permutation(len(x)), -(-len(x) // 20))
        total = 0.0
        for batch in batches:
            loss, grads = _gradients(params, x[batch], labels[batch])
            velocity = {k: 0.9 * velocity[k] - lr * grads[k] for k in params}
            params = {k: params[k] + velocity[k] for k in params}
            total += loss * len(batch) / len(x)
        losses.append(total)
    return params, losses


@solves("train")
def _small_batches(weights, images, labels, epochs, rate, rng):
    weights = dict(weights)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        order = np.arange(len(images))
        rng.shuffle(order)
        for start in range(0, len(order), 10):
            some = order[start : start + 10]
            loss, grads = _gradients(weights, images[some], labels[some])
            weights = {key: weights[key] - rate * grads[key] for key in weights}
            losses[epoch] += loss * len(some) / len(images)
    return weights, list(losses)


@solves("train")
def _shuffled_copies(params, x, labels, epochs, lr, rng):
    """Shuffle the images themselves, and measure the loss after each epoch."""
    params, losses = {**params}, []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        shuffled, named = x[order], labels[order]
        for start in range(0, len(x), 16):
            piece = slice(start, start + 16)
            _, grads = _gradients(params, shuffled[piece], named[piece])
            params = {key: value - lr * grads[key] for key, value in params.items()}
        losses.append(float(_gradients(params, x, labels)[0]))
    return params, losses


# Unusual, and right -------------------------------------------------------------------------------


def _as_matrix(w, side, stride):
    """Write a convolution of square images with padding 1 as one matrix, (F n n, C side side)."""
    f, c, kh, kw = w.shape
    n = (side - 1) // stride + 1
    matrix = np.zeros((f, n, n, c, side + 2, side + 2))
    for i, j in np.ndindex(n, n):
        top, left = i * stride, j * stride
        matrix[:, i, j, :, top : top + kh, left : left + kw] = w
    return matrix[..., 1:-1, 1:-1].reshape(f * n * n, c * side * side)


@solves("forward")
def _by_matrices(params, x):
    a = x.reshape(len(x), -1)
    for number, side, stride in (("1", 8, 2), ("2", 4, 1)):
        w, b = params["w" + number], params["b" + number]
        a = np.clip(a @ _as_matrix(w, side, stride).T + b.repeat(16), 0, None)
    windows = a.reshape(len(x), -1, 2, 2, 2, 2).swapaxes(3, 4)
    return np.dot(windows.max(axis=(4, 5)).reshape(len(x), -1), params["w3"].T) + params["b3"]


@solves("forward")
def _image_by_image(weights, images):
    return np.stack([_by_matrices(weights, image[None])[0] for image in images])


@solves("loss_and_gradients")
def _back_through_matrices(params, x, labels):
    """Do both passes with two matrices, and sum each weight's entries over its copies."""
    n = len(x)
    names = (("1", 8, 2), ("2", 4, 1))
    matrices = [_as_matrix(params["w" + name], side, stride) for name, side, stride in names]
    z1 = x.reshape(n, -1) @ matrices[0].T + params["b1"].repeat(16)
    a1 = np.where(z1 > 0, z1, 0)
    z2 = a1 @ matrices[1].T + params["b2"].repeat(16)
    windows = np.maximum(z2, 0).reshape(n, -1, 2, 2, 2, 2).swapaxes(3, 4)
    windows = windows.reshape(n, -1, 4)
    first = np.arange(4) == windows.argmax(axis=2)[..., None]
    features = windows.max(axis=2)
    z = features @ params["w3"].T + params["b3"]
    z = z - z.max(axis=1)[:, None]
    total = np.exp(z).sum(axis=1)
    loss = np.mean(np.log(total) - np.take_along_axis(z, labels[:, None], axis=1)[:, 0])
    dz = (np.exp(z) / total[:, None] - (np.arange(10) == labels[:, None])) / n
    da = (first * (dz @ params["w3"])[..., None]).reshape(n, -1, 2, 2, 2, 2).swapaxes(3, 4)
    dz2 = da.reshape(n, -1) * (z2 > 0)
    dz1 = (dz2 @ matrices[1]) * (z1 > 0)
    grads = {"w3": dz.T @ features, "b3": dz.sum(axis=0)}
    for (name, side, stride), d, a in zip(names, (dz1, dz2), (x, a1), strict=True):
        w = params["w" + name]
        dense = d.T @ a.reshape(n, -1)
        grads["w" + name] = np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            one = np.zeros(w.shape)
            one[place] = 1
            grads["w" + name][place] = np.sum(dense * _as_matrix(one, side, stride))
        grads["b" + name] = d.reshape(n, len(w), -1).sum(axis=(0, 2))
    return float(loss), grads


@solves("train")
def _in_a_generator(params, x, labels, epochs, lr, rng):
    """Keep the parameters in one list of arrays, and draw the order by random keys."""
    keys = sorted(params)
    values = [np.array(params[key]) for key in keys]

    def epoch():
        order = np.argsort(rng.random(len(x)))
        for some in (order[at : at + 8] for at in range(0, len(x), 8)):
            loss, grads = _gradients(dict(zip(keys, values, strict=True)), x[some], labels[some])
            values[:] = [v - lr * grads[key] for key, v in zip(keys, values, strict=True)]
            yield loss * len(some) / len(x)

    losses = [sum(epoch()) for _ in range(epochs)]
    return dict(zip(keys, values, strict=True)), losses


@solves("forward")
def _through_layers(params, x):
    """Send the images through the layers of lesson 10, one after the other."""
    f1, f2 = len(params["b1"]), len(params["b2"])
    one = _set(WindowLayer(1, f1, 3, 2, 1), params["w1"], params["b1"])
    two = _set(ColumnLayer(f1, f2, 3, 1, 1), params["w2"], params["b2"])

    def relu(z):
        return (abs(z) + z) / 2

    for layer in (one.forward, relu, two.forward, relu, ViewPool(2).forward):
        x = layer(x)
    return np.einsum("nk,ck->nc", x.reshape(x.shape[0], -1), params["w3"]) + params["b3"]


@solves("forward")
def _channels_last(params, x):
    """Keep channels last, as lesson 11 does, and turn the features back at the end."""
    a = np.moveaxis(x, 1, -1)
    for number, stride in (("1", 2), ("2", 1)):
        w = np.moveaxis(params["w" + number], 1, -1)
        rows = w.reshape(len(w), -1)
        a = conv2d_nhwc(a, rows, params["b" + number], w.shape[1:3], stride, 1)
        a[a < 0] = 0
    top, bottom = np.maximum(a[:, ::2, ::2], a[:, ::2, 1::2]), a[:, 1::2]
    pooled = np.maximum(top, np.maximum(bottom[:, :, ::2], bottom[:, :, 1::2]))
    features = pooled.transpose(0, 3, 1, 2).reshape(len(x), -1)
    return params["b3"] + np.inner(features, params["w3"])


@solves("loss_and_gradients")
def _mean_over_images(params, x, labels):
    """Take the mean of what each image gives alone."""
    every = [_back_through_matrices(params, x[n : n + 1], labels[n : n + 1]) for n in range(len(x))]
    loss = sum(loss for loss, _ in every) / len(every)
    return loss, {key: np.mean([grads[key] for _, grads in every], axis=0) for key in params}


@solves("loss_and_gradients")
def _all_channels_last(params, x, labels):
    """Do both passes with channels last; a pool's winner is its first maximum."""
    n, geometry = len(x), {"1": ((3, 3), 2, 1), "2": ((3, 3), 1, 1)}
    rows = {key: np.moveaxis(params["w" + key], 1, -1) for key in geometry}
    seen, z, a = {}, {}, np.moveaxis(x, 1, -1)
    for key, layer in geometry.items():
        seen[key] = a
        z[key] = conv2d_nhwc(a, rows[key].reshape(len(rows[key]), -1), params["b" + key], *layer)
        a = np.where(z[key] > 0, z[key], 0)
    windows = a.reshape(n, 2, 2, 2, 2, -1).transpose(0, 5, 1, 3, 2, 4).reshape(n, -1, 4)
    logits = windows.max(axis=2) @ params["w3"].T + params["b3"]
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    log_sum = np.logaddexp.reduce(logits, axis=1)
    loss = np.sum(log_sum - logits[range(n), labels]) / n
    back = (chances - np.eye(10)[labels]) / n
    grads = {"w3": np.einsum("nc,nk->ck", back, windows.max(axis=2)), "b3": np.sum(back, axis=0)}
    won = np.eye(4)[windows.argmax(axis=2)] * (back @ params["w3"])[:, :, None]
    da = won.reshape(n, -1, 2, 2, 2, 2).transpose(0, 2, 4, 3, 5, 1).reshape(a.shape)
    for key in ("2", "1"):
        w = rows[key]
        dz = np.where(z[key] > 0, da, 0)
        flat = w.reshape(len(w), -1)
        da, dw, grads["b" + key] = conv2d_backward_nhwc(dz, seen[key], flat, *geometry[key])
        grads["w" + key] = np.moveaxis(dw.reshape(w.shape), -1, 1)
    return loss, grads


@solves("train")
def _one_flat_vector(params, x, labels, epochs, lr, rng):
    """Keep all parameters in one vector, and cut it up where the network wants arrays."""
    keys, losses = list(params), []
    ends = np.cumsum([params[key].size for key in keys])
    theta = np.concatenate([params[key].ravel() for key in keys])

    def arrays():
        pieces = zip(keys, np.split(theta, ends[:-1]), strict=True)
        return {key: piece.reshape(params[key].shape) for key, piece in pieces}

    for _ in range(epochs):
        order, means, sizes = rng.choice(len(x), len(x), replace=False), [], []
        for some in np.split(order, range(25, len(x), 25)):
            loss, grads = _gradients(arrays(), x[some], labels[some])
            theta = theta - lr * np.hstack([grads[key].ravel() for key in keys])
            means.append(loss)
            sizes.append(len(some))
        losses.append(np.average(means, weights=sizes))
    return arrays(), losses


class _Descent:
    """Hold parameters, and take steps against their gradients."""

    def __init__(self, params, lr):
        self.params, self.lr = {key: value + 0.0 for key, value in params.items()}, lr

    def step(self, grads):
        for key, value in self.params.items():
            value -= self.lr * grads[key]


@solves("train")
def _with_an_optimiser(params, images, names, epochs, lr, rng):
    optimiser, history, count = _Descent(params, lr), [], len(images)
    while len(history) < epochs:
        waiting, total = rng.permutation(count).tolist(), 0.0
        while waiting:
            some, waiting = waiting[:24], waiting[24:]
            loss, grads = _gradients(optimiser.params, images[some], names[some])
            optimiser.step(grads)
            total += len(some) * loss
        history.append(total / count)
    return optimiser.params, history


@solves("train")
def _nested_epochs(params, x, labels, epochs, lr, rng):
    """Write one epoch as a function, and call it on what the one before has left."""

    def one_epoch(weights):
        order, losses = rng.permutation(len(x)), []
        for first in order.reshape(-1, 1) if len(x) < 4 else np.array_split(order, len(x) // 4):
            loss, slopes = _gradients(weights, x[first], labels[first])
            weights = {name: w - lr * slopes[name] for name, w in weights.items()}
            losses += [loss] * len(first)
        return weights, np.mean(losses)

    history = []
    for _ in range(epochs):
        params, mean = one_epoch(params)
        history.append(float(mean))
    return params, history
