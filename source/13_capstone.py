# %% [markdown] slideshow={"slide_type": "slide"}
# # Train a CNN on real digits with your own layer
#
# You will put your layer into a network, check all of its gradients at once, train it on handwritten digits by a recipe, hunt three bugs, plant one, and report what you found.
#
# **You need** lessons 03 (the gradient check), 10 (the layer) and 12 (the receptive field). Their code is given.

# %% [markdown] role="notes"
# Two sittings; stop after exercise 2. Everything is known, and all that is new is putting it together.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 3 exercises, 4 questions with a point each and a report, 24 points in all, and takes about 150 minutes: two sittings. A good place to stop is after exercise 2.
# Under each answer stands a check; the grade asks the same questions on other numbers. The report is read by a person.
#
# No function may change the arrays that it gets, and results are as exact as float64 allows. Functions of SciPy and PyTorch that convolve do not count in an answer's cell.

# %% role="setup"
import inspect
import os

# This lesson's matrix products are small: one thread beats several that wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import digits
from course.figures import COLOURS, show
from course.widgets import DrawDigit

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 08 and 09.** Patches into columns and back, for square kernels.


# %% role="given"
def gather(x, k, stride, padding):
    """Gather patches: (N, C, H, W) gives (C * k * k, OH * OW * N) and the output's (OH, OW)."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh, ow = (padded.shape[2] - k) // stride + 1, (padded.shape[3] - k) // stride + 1
    cols = np.zeros((x.shape[1], k, k, oh, ow, len(x)))
    for u in range(k):
        for v in range(k):
            met = padded[:, :, u : u + stride * oh : stride, v : v + stride * ow : stride]
            cols[:, u, v] = met[:, :, :oh, :ow].transpose(1, 2, 3, 0)
    return cols.reshape(x.shape[1] * k * k, -1), (oh, ow)


def scatter(cols, x_shape, k, stride, padding):
    """Add columns up where they came from: (C * k * k, OH * OW * N) gives (N, C, H, W)."""
    N, C, H, W = x_shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    oh, ow = (padded.shape[2] - k) // stride + 1, (padded.shape[3] - k) // stride + 1
    cols = cols.reshape(C, k, k, oh, ow, N)
    for u in range(k):
        for v in range(k):
            rows = slice(u, u + stride * (oh - 1) + 1, stride)
            columns = slice(v, v + stride * (ow - 1) + 1, stride)
            padded[:, :, rows, columns] += cols[:, u, v].transpose(3, 0, 1, 2)
    return padded[:, :, padding : padding + H, padding : padding + W]


# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 10.** The two layers, with square kernels, and `build`, which makes this lesson's layers from a dict of parameters.


# %% role="given"
class GivenConv2D:
    """A convolution layer: x (N, C, H, W) gives y (N, F, OH, OW)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        rng = np.random.default_rng() if rng is None else rng
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = rng.normal(0.0, np.sqrt(2 / np.prod(shape[1:])), shape)  # (F, C, k, k)
        self.bias = np.zeros(out_channels)  # (F,)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        """Return y, (N, F, OH, OW), and keep the columns for the way back."""
        F, _, k, _ = self.weight.shape
        self.x_shape = x.shape
        self.cols, (oh, ow) = gather(x, k, self.stride, self.padding)
        y = self.weight.reshape(F, -1) @ self.cols + self.bias[:, np.newaxis]
        return y.reshape(F, oh, ow, len(x)).transpose(3, 0, 1, 2)

    def backward(self, dy):
        """Set grad_weight, (F, C, k, k), and grad_bias, (F,), and return dx, (N, C, H, W)."""
        F, _, k, _ = self.weight.shape
        dy = dy.transpose(1, 2, 3, 0).reshape(F, -1)
        self.grad_weight = (dy @ self.cols.T).reshape(self.weight.shape)
        self.grad_bias = dy.sum(axis=1)
        dcols = self.weight.reshape(F, -1).T @ dy
        return scatter(dcols, self.x_shape, k, self.stride, self.padding)


class MaxPool2D:
    """Max-pooling without overlaps: x (N, C, H, W) gives y (N, C, H // k, W // k)."""

    def __init__(self, kernel_size):
        self.k = kernel_size

    def forward(self, x):
        """Return the largest entry of each window, and keep where the first of them stood."""
        (N, C, H, W), k = x.shape, self.k
        windows = x[:, :, : H // k * k, : W // k * k].reshape(N, C, H // k, k, W // k, k)
        windows = windows.transpose(0, 1, 2, 4, 3, 5).reshape(N, C, H // k, W // k, k * k)
        self.x_shape, self.places = x.shape, windows.argmax(axis=4)
        return windows.max(axis=4)

    def backward(self, dy):
        """Return dx, (N, C, H, W): each dy goes where its maximum stood."""
        dx = np.zeros(self.x_shape)
        n, c, i, j = np.indices(dy.shape)
        dx[n, c, i * self.k + self.places // self.k, j * self.k + self.places % self.k] = dy
        return dx


CONV = GivenConv2D  # the class that build uses


def build(params):
    """Return conv1, conv2 and pool, the convolutions holding params' weights and biases."""
    layers = []
    for number, stride in (("1", 2), ("2", 1)):
        weight = params["w" + number]
        layer = CONV(weight.shape[1], weight.shape[0], 3, stride, 1)
        layer.weight, layer.bias = weight, params["b" + number]
        layers.append(layer)
    return (*layers, MaxPool2D(2))


def initial_params(rng, filters=(16, 32)):
    """Draw weights of He's scale, and biases of 0, for a network with (F1, F2) filters."""
    first, second = filters
    shapes = {"1": (first, 1, 3, 3), "2": (second, first, 3, 3), "3": (10, 4 * second)}
    params = {}
    for number, shape in shapes.items():
        params["w" + number] = rng.normal(0.0, np.sqrt(2 / np.prod(shape[1:])), shape)
        params["b" + number] = np.zeros(shape[0])
    return params


# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 03.** The oracle for any gradient, and one number for the difference. They check answers; a call of `numerical_gradient` inside an answer does not count.


# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "skip"}
# **Use your own layer, if you like.** Paste three things of lesson 10 into the cell below, as they are and in this order: the cell of given functions (`pair`, `im2col`, `col2im`, `conv2d_im2col`, `conv2d_backward_im2col`), your `he_std`, and your `Conv2D`. Then set `CONV` to your class. This lesson's own functions and layer have other names, `gather`, `scatter` and `GivenConv2D`, so nothing has to be renamed.

# %% slideshow={"slide_type": "skip"}
# Lesson 10's cell of given functions: def pair ... to def conv2d_backward_im2col ...
# def he_std(weight_shape): ...
# class Conv2D: ...
# CONV = Conv2D

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Meet the digits
#
# 13 people wrote 1,797 digits. Each was scanned in black and white and divided into 8 by 8 fields; a pixel counts how black its field is, from 0 to 16.
#
# `digits()` gives the images, shape `(1797, 8, 8)`, and the labels, shape `(1797,)`. We divide by 16, so that ink runs from 0 to 1, and add the channel axis: `(N, 1, 8, 8)`.
#
# The images are shuffled and cut into three sets:
#
# - 1,137 for **training**: the steps are computed from these.
# - 300 for **validation**: they say how well it goes while you still choose, and when to stop.
# - 360 for the **test**, once, when all is chosen. If you look at the result earlier, your choices depend on it, and it no longer says how the network does on new digits.
#
# The same 13 people wrote the digits of all three sets. So the test says how the network reads *their* next digits, and nothing about yours.
#
# **Look** at the picture before you read on: which two digits would you yourself mix up at this size?

# %% [markdown] role="notes"
# Ask what a person would get right: some of them nobody can read at 8 by 8.

# %%
images, labels = digits()
x = images[:, np.newaxis] / 16
order = np.random.default_rng(0).permutation(len(x))
x_train, labels_train = x[order[:1137]], labels[order[:1137]]
x_val, labels_val = x[order[1137:1437]], labels[order[1137:1437]]
x_test, labels_test = x[order[1437:]], labels[order[1437:]]

figure, all_axes = plt.subplots(2, 10, figsize=(10, 2.4))
for place, axes in enumerate(all_axes.flat):
    axes.imshow(x_train[place, 0], cmap="Greys")
    axes.set_title(f"{labels_train[place]}", fontsize=9)
    axes.axis("off")
figure.suptitle("Twenty training digits, and what they show", y=1.06)
show(
    figure,
    alt="Twenty images of 8 by 8 grey pixels, each with its digit above it. Most can be read "
    "at once, a few only with the digit in mind.",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Meet the network
#
# It has two convolutions with $F_1$ and $F_2$ filters, one pooling layer and one linear layer. **ReLU** stands for $\max(z, 0)$, entry by entry.
#
# | | what | parameters | output |
# |---|---|---|---|
# | | images $x$ | | $(N, 1, 8, 8)$ |
# | $z_1$ | convolution 3×3, stride 2, padding 1 | `w1` $(F_1, 1, 3, 3)$, `b1` $(F_1,)$ | $(N, F_1, 4, 4)$ |
# | $a_1$ | ReLU | | $(N, F_1, 4, 4)$ |
# | $z_2$ | convolution 3×3, stride 1, padding 1 | `w2` $(F_2, F_1, 3, 3)$, `b2` $(F_2,)$ | $(N, F_2, 4, 4)$ |
# | $a_2$ | ReLU | | $(N, F_2, 4, 4)$ |
# | $a_3$ | max-pooling 2×2, stride 2 | | $(N, F_2, 2, 2)$ |
# | $a_4$ | flatten $a_3$: channel, row, column, the column fastest | | $(N, 4 F_2)$ |
# | $z$ | linear: $z = a_4\, w_3^\top + b_3$ | `w3` $(10, 4 F_2)$, `b3` $(10,)$ | $(N, 10)$ |
#
# The ten numbers $z$ of an image are its **logits**, called scores in lesson 10. The largest one is the network's answer.
#
# We train it with $F_1 = 16$ and $F_2 = 32$: 160 + 4640 + 1290 = 6090 numbers to learn.

# %% [markdown] role="notes"
# Read the shapes aloud from top to bottom; let the room fill in two of them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How much of the image does one number see?
#
# Each of the four pooled numbers of a filter looks back through pooling and both convolutions. Work out the size of its receptive field on one axis, as in lesson 12 *(1 point)*.

# %% role="prediction" exercise="network_field"
network_field = None  # replace None by your number
### BEGIN SOLUTION
network_field = 1 + 2 * 1 + 2 * 2 + 1 * 2
### END SOLUTION

# %% role="tests" exercise="network_field"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: forward (3 points)
#
# Write `forward(params, x)`: the logits, a new array of shape `(N, 10)`, of images `x`, shape `(N, 1, 8, 8)`. `params` is a dict with the keys `w1`, `b1`, `w2`, `b2`, `w3`, `b3`, shaped as in the table.
#
# - `build(params)` returns three layers, ready to use: the two convolutions and the pooling. Each has a `forward`.
# - $F_1$ and $F_2$ follow from the parameters, and `N` may be 1.
# - With all weights and `b1`, `b2` set to 0, each row of the result is `b3`.
#
# The logits may have any size and sign: nothing follows the linear layer, no ReLU either.


# %% role="answer" exercise="forward"
def forward(params, x):
    """Send images through the network.

    params: dict of w1, b1, w2, b2, w3, b3, x: (N, 1, 8, 8); returns logits, (N, 10).
    """
    ### BEGIN SOLUTION
    conv1, conv2, pool = build(params)
    hidden = np.maximum(conv1.forward(x), 0)
    hidden = np.maximum(conv2.forward(hidden), 0)
    features = pool.forward(hidden).reshape(len(x), -1)
    return features @ params["w3"].T + params["b3"]
    ### END SOLUTION


# %% role="tests" exercise="forward"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Turn logits into a loss
#
# Let $z_{n,o}$ be the logit of image $n$ for class $o$, and $\text{label}_n$ the image's label. The **softmax** makes probabilities of them, $P$ of shape `(N, 10)`, and the **cross-entropy** asks for the probability of the right class:
#
# $$P_{n,o} = \frac{\exp z_{n,o}}{\sum_{o'} \exp z_{n,o'}} \qquad\qquad L = -\frac{1}{N} \sum_{n} \ln P_{n,\,\text{label}_n}$$
#
# With ten equal logits every class has probability 0.1, and $L = \ln 10 = 2.303$: the loss of a network that knows nothing.
#
# **Large logits.** $\exp 1000$ is more than a float64 can hold. Take the largest logit $\mu_n$ of each row off first: the factor $\exp(-\mu_n)$ cancels in the fraction, so nothing changes. And take the logarithm by hand, before a probability can become 0:
#
# $$\ln P_{n,o} = (z_{n,o} - \mu_n) - \ln \sum_{o'} \exp(z_{n,o'} - \mu_n)$$

# %% [markdown] role="notes"
# Subtracting the largest logit changes nothing and saves the exponential. Somebody will ask why.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the gradient at the logits
#
# Write $\ln P_{n,\,\text{label}_n} = z_{n,\,\text{label}_n} - \ln \sum_{o'} \exp z_{n,o'}$, and derive by $z_{n,o}$:
#
# - the first term gives 1 if $o = \text{label}_n$, and 0 otherwise;
# - the second gives $\exp z_{n,o}$ divided by the sum, which is $P_{n,o}$.
#
# The loss has the factor $-1/N$, and the other images do not depend on $z_{n,o}$:
#
# $$dz_{n,o} = \frac{P_{n,o} - [o = \text{label}_n]}{N} \qquad \text{where } [o = \text{label}_n] \text{ is 1 for the right class, else 0}$$
#
# Probabilities minus the one-hot label, divided by the number of images: `dz` has the shape of `z`, `(N, 10)`.
#
# Two images have ten equal logits each. **Predict** `dz` at the right class of the first image.

# %% [markdown] role="notes"
# Probabilities minus the right answer, divided by N. Ask for the sign at the right class.

# %% role="prediction" exercise="right_class_gradient"
right_class_gradient = None  # replace None by your number
### BEGIN SOLUTION
right_class_gradient = (0.1 - 1) / 2
### END SOLUTION

# %% role="tests" exercise="right_class_gradient"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Walk back through the network
#
# Each line of the forward pass has one line on the way back, in reverse order:
#
# | forward | way back |
# |---|---|
# | $z = a_4\, w_3^\top + b_3$ | $dw_3 = dz^\top a_4$, $\quad db_3 = \sum_n dz_n$, $\quad da_4 = dz\, w_3$ |
# | $a_4$: flatten $a_3$ | $da_3$: $da_4$ in the shape of $a_3$, $(N, F_2, 2, 2)$ |
# | $a_3$: max-pooling of $a_2$ | $da_2$: `pool.backward` |
# | $a_2 = \max(z_2, 0)$ | $dz_2 = da_2$ where $z_2 > 0$, else 0 |
# | $z_2$: convolution of $a_1$ | $da_1$: `conv2.backward`, which leaves $dw_2$ and $db_2$ in the layer |
# | $a_1 = \max(z_1, 0)$ | $dz_1 = da_1$ where $z_1 > 0$, else 0 |
# | $z_1$: convolution of $x$ | `conv1.backward`, which leaves $dw_1$ and $db_1$ in the layer |
#
# For the linear layer: $z_{n,o} = b_{3,o} + \sum_r a_{4,n,r}\, w_{3,o,r}$. The weight $w_{3,o,r}$ meets entry $r$ of every image's row of $a_4$, so $dw_{3,o,r} = \sum_n dz_{n,o}\, a_{4,n,r}$; the entry $a_{4,n,r}$ meets one weight for each class, so $da_{4,n,r} = \sum_o dz_{n,o}\, w_{3,o,r}$.

# %% [markdown] role="notes"
# Each line forward has a line back. Cover the right column and let the room fill it in.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the loss and all gradients (7 points)
#
# Write `loss_and_gradients(params, x, labels)`: the pair `(loss, grads)` of the mean cross-entropy, a float, and a dict with the keys of `params`, where each gradient has the shape of its parameter. `labels` has shape `(N,)`.
#
# - With all parameters 0 the loss is 2.303, and `grads["b3"]` for one image of a 3 is 0.1 everywhere but −0.9 at place 3.
# - Logits of 1000 and more have to work: see above.
# - A ReLU's gradient is 0 where its input was 0. `np.arange(N)` and `labels` together pick the right class of each row: `logits[np.arange(N), labels]`.


# %% role="answer" exercise="loss_and_gradients"
def loss_and_gradients(params, x, labels):
    """Send images forward, and the gradient of their mean cross-entropy back.

    params: dict of w1, b1, w2, b2, w3, b3, x: (N, 1, 8, 8), labels: (N,);
    returns (loss, grads), a float and a dict like params.
    """
    ### BEGIN SOLUTION
    conv1, conv2, pool = build(params)
    z1 = conv1.forward(x)
    z2 = conv2.forward(np.maximum(z1, 0))
    pooled = pool.forward(np.maximum(z2, 0))
    features = pooled.reshape(len(x), -1)
    logits = features @ params["w3"].T + params["b3"]

    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    right = np.arange(len(x)), labels
    dlogits = np.exp(log_p)
    dlogits[right] -= 1
    dlogits /= len(x)

    grads = {"w3": dlogits.T @ features, "b3": dlogits.sum(axis=0)}
    da2 = pool.backward((dlogits @ params["w3"]).reshape(pooled.shape))
    da1 = conv2.backward(da2 * (z2 > 0))
    conv1.backward(da1 * (z1 > 0))
    grads["w1"], grads["b1"] = conv1.grad_weight, conv1.grad_bias
    grads["w2"], grads["b2"] = conv2.grad_weight, conv2.grad_bias
    return float(-log_p[right].mean()), grads
    ### END SOLUTION


# %% role="tests" exercise="loss_and_gradients"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check the whole network before you train
#
# The loss is one number, so the upstream gradient of the whole network is `[1]`. The oracle nudges every parameter, one by one.
#
# Three settings matter:
#
# - **A small network.** With 2 and 3 filters there are 207 parameters and 414 losses to compute.
# - **A small step.** ReLU, maximum and softmax are curved or have corners: $h = 10^{-5}$.
# - **Biases other than 0.** In a blank corner of an image the convolution gives its bias. With bias 0 the ReLU stands on its corner there, where the oracle finds the slope 0.5 and the rule above gives 0. Neither is a mistake.


# %% [markdown] role="notes"
# Do not skip this slide: training cannot show what it shows.

# %% slideshow={"slide_type": "subslide"}
def check_all_gradients(params, x, labels):
    """Return the relative error of each parameter's gradient, by key."""
    _, grads = loss_and_gradients(params, x, labels)
    errors = {}
    for key, value in params.items():

        def loss_of(array):
            return np.array([loss_and_gradients(params | {key: array}, x, labels)[0]])

        errors[key] = relative_error(
            grads[key], numerical_gradient(loss_of, value, np.ones(1), 1e-5)
        )
    return errors


def small_network(rng):
    """Draw parameters for 2 and 3 filters, with biases other than 0."""
    params = initial_params(rng, (2, 3))
    return {key: value + 0.1 * rng.normal(size=value.shape) for key, value in params.items()}


# %% slideshow={"slide_type": "subslide"}
few = x_train[:6], labels_train[:6]
try:
    for key, error in check_all_gradients(small_network(np.random.default_rng(1)), *few).items():
        print(
            f"d{key}: {'agrees, the error is below 1e-8' if error < 1e-8 else f'error {error:.2g}'}"
        )
except NotImplementedError:
    print("This cell waits for your loss_and_gradients.")
except Exception as error:
    print(f"This cell waits for a loss_and_gradients that runs. {type(error).__name__}: {error}")

# %% [markdown]
# **Do not train before all six agree.** If only some do, the first one that fails on the way back, counted from the loss, names the place: w3, then w2, then w1.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: train (4 points)
#
# Write `train(params, x, labels, epochs, lr, rng)`: the pair `(params, losses)` of the trained dict and a list with one loss for each epoch.
#
# An **epoch** goes once through all images, in an order that `rng.permutation(len(x))` draws anew each time, in batches of 32 images, of which the last may be smaller. After each batch, every parameter takes one step downhill:
#
# $$w \;\leftarrow\; w - lr \cdot dw$$
#
# - The loss of an epoch is the mean of its images' losses. A last batch that is smaller counts for less.
# - The caller's `params` and their arrays stay as they are: make a new array in each step.
# - Momentum is welcome ($\text{step} \leftarrow 0.9\, \text{step} - lr \cdot dw$, then $w \leftarrow w + \text{step}$, with one step for each parameter, from 0), nothing fancier is needed.
#
# The checks look at single steps first: one image and one epoch, a learning rate of 0, 33 images, two generators. Then they train small networks for a second, with `lr` 0.05, on ten patterns of 8 by 8 pixels that are drawn by a program. The loss has to fall, and in the grade more than 95 % of new images of the same patterns have to be right.


# %% role="answer" exercise="train"
def train(params, x, labels, epochs, lr, rng):
    """Descend along the gradients, batch by batch.

    params: dict, x: (N, 1, 8, 8), labels: (N,), epochs: int, lr: step per unit of gradient,
    rng: generator for the order of the images; returns (params, losses).
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        shuffled, total = rng.permutation(len(x)), 0.0
        for start in range(0, len(x), 32):
            batch = shuffled[start : start + 32]
            loss, grads = loss_and_gradients(params, x[batch], labels[batch])
            params = {key: params[key] - lr * grads[key] for key in params}
            total += loss * len(batch)
        losses.append(total / len(x))
    return params, losses
    ### END SOLUTION


# %% role="tests" exercise="train"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Follow a recipe
#
# A network that learns badly gives no error. Andrej Karpathy's *A Recipe for Training Neural Networks* (2019) goes in small steps, each with a number that you know beforehand:
#
# 1. **The first loss.** Ten equal logits give $\ln 10 = 2.303$. Before any training the loss should not be far from it.
# 2. **One batch by heart.** A right network with right gradients can learn eight images until its loss is near 0. If it cannot, something is broken, and more data will not mend it.
# 3. **A baseline.** What does the simplest method give? Without it, no accuracy means anything.
# 4. **Train**, and watch the validation set.
#
# **Predict** steps 1 and 2: two losses.

# %% [markdown] role="notes"
# Each step has a number that is known before it is run. Write the numbers down first.

# %% slideshow={"slide_type": "subslide"}
start = initial_params(np.random.default_rng(0))
try:
    first_loss = loss_and_gradients(start, x_train, labels_train)[0]
    print(f"1. the first loss: {first_loss:.2f}, and ln 10 = {np.log(10):.2f}")
    eight = x_train[:8], labels_train[:8]
    _, losses = train(start, *eight, 100, 0.05, np.random.default_rng(0))
    print("2. eight images by heart, the loss below 0.1:", losses[-1] < 0.1)
except NotImplementedError:
    print("This cell waits for your loss_and_gradients and train.")
except Exception as error:
    print(f"This cell waits for two answers that run. {type(error).__name__}: {error}")

# %% [markdown]
# <details><summary>What to see</summary>
#
# The first loss is about 2.6, over six seeds 2.5 to 3.4: with He's scale the logits of the last layer are no longer near 0, so the network begins with guesses that it is too sure of. With a tenth of that scale in `w3` it is 2.31. A first loss of 10 or 100 would point to a bug.
#
# The eight images are learned within 100 steps of 0.05: the loss is below 0.1 at the end.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask two simple methods first
#
# **The nearest neighbour.** Compare an image, pixel by pixel, with all 1,137 training images, and answer with the label of the closest.
#
# **A linear layer.** The 64 pixels, one weight for each pixel and class, softmax and cross-entropy: your network without its convolutions.
#
# **Predict** both accuracies on the 300 validation digits, and the network's.


# %% [markdown] role="notes"
# Collect guesses for both. The nearest neighbour knows 99 of 100 digits.

# %% slideshow={"slide_type": "subslide"}
def nearest_neighbour(x_seen, labels_seen, x_new):
    """Answer with the label of the nearest seen image: x_new (N, 1, 8, 8) gives (N,)."""
    seen, new = x_seen.reshape(len(x_seen), -1), x_new.reshape(len(x_new), -1)
    squares = (seen * seen).sum(axis=1) - 2 * new @ seen.T  # without what all share
    return labels_seen[squares.argmin(axis=1)]


def linear_softmax(x_seen, labels_seen, x_new, steps=500):
    """Train one linear layer on all pixels by plain descent, and answer: (N,)."""
    seen, new = x_seen.reshape(len(x_seen), -1), x_new.reshape(len(x_new), -1)
    w, b = np.zeros((10, seen.shape[1])), np.zeros(10)
    for _ in range(steps):
        z = seen @ w.T + b
        dz = np.exp(z - z.max(axis=1, keepdims=True))
        dz /= dz.sum(axis=1, keepdims=True)
        dz[np.arange(len(seen)), labels_seen] -= 1
        w -= dz.T @ seen / len(seen)
        b -= dz.mean(axis=0)
    return (new @ w.T + b).argmax(axis=1)


for name, method in (("nearest neighbour", nearest_neighbour), ("linear layer", linear_softmax)):
    share = np.mean(method(x_train, labels_train, x_val) == labels_val)
    print(f"{name:18} {share:.2f} of the validation digits are right")

# %% [markdown]
# The nearest neighbour knows 99 of 100 digits without learning anything. So an accuracy of 0.97 is nothing to be proud of here: the digits are small, and the people who wrote them are in the training set. A network earns its place on images that move, turn and come from strangers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train on the digits
#
# **Predict** before you run the cell: the loss after 15 epochs, and the share of the 300 validation digits that will be right.
#
# The cell trains one epoch at a time and measures after each. It takes a few seconds with the given layer. If your `train` has momentum, set `LR` to 0.05.

# %% [markdown] role="notes"
# Let the room predict the loss after 15 epochs.

# %% slideshow={"slide_type": "subslide"}
EPOCHS, LR = 15, 0.2


def accuracy(params, x, labels):
    """Return the share of images whose largest logit stands at the label."""
    return float(np.mean(forward(params, x).argmax(axis=1) == labels))


def progress(done, total, words=""):
    """Return a progress bar as what a notebook can display."""
    bar = "#" * done + "." * (total - done)
    return {"text/plain": f"[{bar}] {done} of {total} epochs {words}".rstrip()}


def train_and_measure(params, rng, lr=LR, count=len(x_train)):
    """Train epoch by epoch on the first count digits; return the params, and a dict of curves."""
    curves = {"loss": [], "train": [], "validation": []}
    handle = display(progress(0, EPOCHS), raw=True, display_id=True)
    for epoch in range(1, EPOCHS + 1):
        params, losses = train(params, x_train[:count], labels_train[:count], 1, lr, rng)
        curves["loss"] += losses
        curves["train"].append(accuracy(params, x_train[:count], labels_train[:count]))
        curves["validation"].append(accuracy(params, x_val, labels_val))
        words = f" loss {losses[-1]:.2f}, validation accuracy {curves['validation'][-1]:.2f}"
        handle.update(progress(epoch, EPOCHS, words), raw=True)
    return params, curves


# %% slideshow={"slide_type": "subslide"}
trained = None
try:
    trained, curves = train_and_measure(start, np.random.default_rng(0))
    print("validation accuracy above 0.95:", curves["validation"][-1] > 0.95)
except NotImplementedError:
    print("This cell waits for your forward, loss_and_gradients and train.")
except Exception as error:
    print(f"This cell waits for three answers that run. {type(error).__name__}: {error}")

# %% slideshow={"slide_type": "subslide"}
if trained is None:
    print("The curves wait for your network.")
else:
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    epochs = np.arange(1, EPOCHS + 1)
    left.plot(epochs, curves["loss"], "o-", color=COLOURS["negative"], label="training loss")
    left.axhline(np.log(10), color=COLOURS["neutral"], linestyle=":", label="ln 10: knows nothing")
    left.set(title="The loss falls", xlabel="epoch", ylabel="mean cross-entropy", ylim=(0, 2.5))
    left.legend()
    right.plot(epochs, curves["train"], "s--", color=COLOURS["positive"], label="training digits")
    right.plot(
        epochs, curves["validation"], "o-", color=COLOURS["negative"], label="validation digits"
    )
    title = f"At the end {100 * curves['validation'][-1]:.1f} % of the validation digits are right"
    right.set(title=title, xlabel="epoch", ylabel="share that is right")
    right.legend()
    show(
        figure,
        alt="Left, the loss of each epoch: from about 1.5 it falls fast and then slowly, far "
        "below the dotted line at ln 10. Right, the share of right answers: it begins near 0.85, "
        "rises with setbacks, and ends near 1 for the training digits and near 0.97 for the "
        "validation digits.",
    )

# %% [markdown]
# **What you should see.** The loss of the first epoch is already below 2.303, since it is a mean over an epoch of learning; at the end it is below 0.1. The steps are large, so that single epochs fall back, mostly by some percent, with one of six seeds by 21. With six seeds the validation accuracy came out between 0.970 and 0.980, which is 9 to 6 mistakes among 300. One image more or less is 0.3 percent, so a small difference between two networks means nothing.
#
# If yours stays below 0.95: do all six gradients agree? If they do, is `LR` right for your `train`? With momentum and `LR` 0.2, six seeds end between 0.62 and 0.89, although every gradient is right. (The cell calls `train` for one epoch at a time, so the step of momentum begins at 0 again in each epoch.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test once, and look at what goes wrong
#
# Everything is chosen, so now the 360 test digits may be asked. A **confusion matrix** counts, for each true digit (row), what the network said (column). All that stands off the diagonal is a mistake.

# %% [markdown] role="notes"
# The test digits are asked once. Point at one cell off the diagonal and read it aloud: the true digit, and what the network said.

# %%
if trained is None:
    print("The confusion matrix waits for your network.")
else:
    said = forward(trained, x_test).argmax(axis=1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (labels_test, said), 1)
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.imshow(np.minimum(confusion, 10), cmap="Purples")
    for true, given in np.argwhere(confusion > 0):
        ink = "white" if confusion[true, given] > 6 else "black"
        axes.text(given, true, confusion[true, given], ha="center", va="center", color=ink)
    title = f"{np.sum(said != labels_test)} of {len(labels_test)} test digits are wrong"
    axes.set(title=title, xlabel="the network said", ylabel="the digit is")
    axes.set(xticks=range(10), yticks=range(10))
    show(
        figure,
        alt="Ten rows for the true digits and ten columns for the answers. Nearly all of the 360 "
        "counts stand on the diagonal, 27 to 47 in each row; a handful of ones and twos stand "
        "beside it.",
    )

# %% [markdown]
# Over six seeds 0.981 to 0.994 of the test digits are right, more than of the validation digits. That is luck of the cut: the nearest neighbour does better on the validation digits (0.990) than on these (0.981).

# %% slideshow={"slide_type": "subslide"}
if trained is None:
    print("The wrong digits wait for your network.")
else:
    wrong = np.flatnonzero(said != labels_test)[:8]
    figure, all_axes = plt.subplots(1, 8, figsize=(10, 1.6))
    for axes in all_axes.flat:
        axes.axis("off")
    for axes, place in zip(all_axes.flat, wrong):
        axes.imshow(x_test[place, 0], cmap="Greys")
        axes.set_title(f"is {labels_test[place]}, said {said[place]}", fontsize=9)
    figure.suptitle("Test digits that the network gets wrong, at most eight", y=1.15)
    show(
        figure,
        alt="Test digits with wrong answers, each with its label and the network's answer above "
        "it. They are hard to read for people too.",
    )

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look inside
#
# The first layer's 16 filters, and what each makes of one digit after its ReLU. The colours run from orange (negative) through white (0) to purple (positive), on one scale for all filters.
#
# **Look**, for your report: which filters answer to an edge, and from which side? Change `DIGIT` and run the cell again: which filters stay blank?

# %% [markdown] role="notes"
# Ask which filters see an edge, and from which side.

# %%
if trained is None:
    print("The filters wait for your network.")
else:
    DIGIT = 0  # which test digit to look at
    maps = np.maximum(build(trained)[0].forward(x_test[DIGIT : DIGIT + 1]), 0)[0]
    largest = np.abs(trained["w1"]).max()
    figure, all_axes = plt.subplots(4, 9, figsize=(10, 4.8))
    for axes in all_axes.flat:
        axes.set(xticks=[], yticks=[])
    for row in (0, 2):
        all_axes[row, 0].imshow(x_test[DIGIT, 0], cmap="Greys")
        all_axes[row, 0].set_title("digit", fontsize=8)
        all_axes[row + 1, 0].axis("off")
    for number in range(16):
        row, column = 2 * (number // 8), 1 + number % 8
        kernel = trained["w1"][number, 0]
        above, below = all_axes[row, column], all_axes[row + 1, column]
        above.imshow(kernel, cmap="PuOr", vmin=-largest, vmax=largest)
        for (u, v), value in np.ndenumerate(kernel):
            ink = "white" if abs(value) > 0.7 * largest else "black"
            above.text(v, u, f"{value:.1f}", ha="center", va="center", fontsize=6, color=ink)
        above.set_title(f"filter {number}", fontsize=8)
        below.imshow(maps[number], cmap="Purples", vmin=0, vmax=maps.max())
    show(
        figure,
        alt="A digit, and sixteen filters of 3 by 3 weights with their numbers; under each filter "
        "its map of 4 by 4 for this digit. Some filters have positive weights on one side and "
        "negative ones on the other, and their maps light up along one side of the strokes; a "
        "few maps are blank.",
    )

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See what excites a filter of the second layer
#
# Sixteen maps of 4 by 4 say nothing to the eye. But you know what one output of the second convolution sees: through $(3, 2, 1, 1)$ and $(3, 1, 1, 1)$ it is 7 pixels on each axis, and output $i$ begins at pixel $2i - 3$.
#
# So take one filter, send all training digits through, find the places where it answers most, and cut out what it saw there.


# %% slideshow={"slide_type": "subslide"}
def strongest_patches(params, x, filter_number, count=8):
    """Return what the filter saw where it answered most: (count, 7, 7), from as many images."""
    conv1, conv2, _ = build(params)
    maps = conv2.forward(np.maximum(conv1.forward(x), 0))[:, filter_number]  # (N, 4, 4)
    best = maps.reshape(len(x), -1).max(axis=1).argsort()[::-1][:count]
    padded = np.pad(x[:, 0], ((0, 0), (3, 3), (3, 3)))
    patches = []
    for image in best:
        i, j = np.unravel_index(maps[image].argmax(), (4, 4))
        patches.append(padded[image, 2 * i : 2 * i + 7, 2 * j : 2 * j + 7])
    return np.array(patches)


# %% slideshow={"slide_type": "subslide"}
if trained is None:
    print("The patches wait for your network.")
else:
    figure, all_axes = plt.subplots(6, 8, figsize=(8, 6.4))
    for row, number in zip(all_axes, range(6)):
        for axes, patch in zip(row, strongest_patches(trained, x_train, number)):
            axes.imshow(patch, cmap="Greys", vmin=0, vmax=1)
            axes.set(xticks=[], yticks=[])
        row[0].set_ylabel(f"filter {number}", rotation=0, ha="right", va="center")
    figure.suptitle("Each row: the eight patches that excite one filter most", y=0.94)
    show(
        figure,
        alt="Six rows of eight patches of 7 by 7 pixels, one row for each filter. The patches of a "
        "row show the same piece of a digit from different images: a loop, a bend, a stroke's end "
        "in a corner.",
    )

# %% [markdown]
# The patches of a row come from different images and look alike: a loop, a bend at the lower right, a corner of blank paper. Nobody told the filter what to look for. It learned that from the gradients that you derived.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Three layers, one bug each
#
# Three friends have rewritten the given layer, and in each version **one** line is wrong. Read the code once, then go on.


# %% [markdown] role="notes"
# Give five minutes for reading, in pairs, without running anything.

# %% slideshow={"slide_type": "subslide"}
class First(GivenConv2D):
    """The friend's own way back."""

    def backward(self, dy):
        F, C, k, _ = self.weight.shape
        rows = dy.transpose(1, 2, 3, 0).reshape(F, -1)
        self.grad_weight = (rows @ self.cols.T).reshape(F, C, k, k)
        self.grad_bias = rows.sum(axis=1)
        mixing = np.flip(self.weight, axis=(2, 3)).reshape(F, C * k * k)
        return scatter(mixing.T @ rows, self.x_shape, k, self.stride, self.padding)


# %% slideshow={"slide_type": "subslide"}
class Second(GivenConv2D):
    """The friend's own dx, tap by tap, without columns."""

    def backward(self, dy):
        super().backward(dy)
        (N, F, oh, ow), (s, p) = dy.shape, (self.stride, self.padding)
        _, C, H, W = self.x_shape
        dx = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for u, v in np.ndindex(self.weight.shape[2:]):
            part = np.tensordot(dy, self.weight[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
            dx[:, :, u : u + s * (oh - 1) + 1 : s, v : v + s * (ow - 1) + 1 : s] = part
        return dx[:, :, p : p + H, p : p + W]


# %% slideshow={"slide_type": "subslide"}
class Third(GivenConv2D):
    """The friend's own way forward."""

    def forward(self, x):
        F, _, k, _ = self.weight.shape
        self.x_shape = x.shape
        self.cols, (oh, ow) = gather(x, k, self.stride, self.padding)
        y = self.weight.reshape(F, -1) @ self.cols + self.bias[:, np.newaxis]
        return y.reshape(len(x), F, oh, ow)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask when a bug disappears
#
# A bug is half found once you know the conditions under which it does no harm. The table compares each friend's `y` and `dx` with the given layer's: on a plain case first, then with one thing changed at a time.
#
# **Predict** before you run the cells, from the code alone: under which of the five changes might each friend's errors vanish?


# %% [markdown] role="notes"
# The method of the lesson: take one thing away at a time and see whether the bug goes with it.

# %% slideshow={"slide_type": "subslide"}
def errors_of(layer_class, images=3, stride=1, padding=1, symmetric=False, bias=1.0):
    """Compare a layer's y and dx with the given layer's: two relative errors."""
    rng = np.random.default_rng(4)
    x, weight = rng.normal(size=(images, 2, 7, 7)), rng.normal(size=(4, 2, 3, 3))
    biases = bias * rng.normal(size=4)
    if symmetric:
        weight = weight + weight[:, :, ::-1, ::-1]
    tested, right = (kind(2, 4, 3, stride, padding) for kind in (layer_class, GivenConv2D))
    for layer in (tested, right):
        layer.weight, layer.bias = weight, biases
    y, expected = tested.forward(x), right.forward(x)
    dy = rng.normal(size=expected.shape)
    return relative_error(y, expected), relative_error(tested.backward(dy), right.backward(dy))


# %% slideshow={"slide_type": "subslide"}
conditions = {
    "plain": {},
    "without bias": {"bias": 0.0},
    "without padding": {"padding": 0},
    "stride 3": {"stride": 3},
    "kernel symmetric": {"symmetric": True},
    "one image": {"images": 1},
}


def table_of(*layers):
    """Print the errors of y and dx for each layer, under each condition."""
    print(" " * 18 + "".join(f"{layer.__name__:16}" for layer in layers))
    print(" " * 18 + "y     dx        " * len(layers))
    for name, settings in conditions.items():
        errors = [errors_of(layer, **settings) for layer in layers]
        print(f"{name:18}" + "".join(f"{y:.2f}  {dx:.2f}      " for y, dx in errors))


table_of(First, Second, Third)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find the three lines
#
# For each layer, one condition makes the errors vanish. Ask what this condition takes away, then find the line that it spares. Here are the three methods with their lines numbered.

# %% slideshow={"slide_type": "skip"}
for method in (First.backward, Second.backward, Third.forward):
    print(method.__qualname__)
    for number, line in enumerate(inspect.getsource(method).splitlines(), 1):
        print(f"{number:3} {line[4:]}")
    print()

# %% [markdown]
# Give the number of the wrong line of each *(1 point each)*.

# %% role="prediction" exercise="first_bug"
first_bug = None  # replace None by the number of a line
### BEGIN SOLUTION
first_bug = 6
### END SOLUTION

# %% role="tests" exercise="first_bug"

# %% role="prediction" exercise="second_bug"
second_bug = None  # replace None by the number of a line
### BEGIN SOLUTION
second_bug = 8
### END SOLUTION

# %% role="tests" exercise="second_bug"

# %% role="prediction" exercise="third_bug"
third_bug = None  # replace None by the number of a line
### BEGIN SOLUTION
third_bug = 6
### END SOLUTION

# %% role="tests" exercise="third_bug"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Plant a bug
#
# Now the other way round: write a layer with a bug that the table finds but a reader does not. Change one line of a method below, predict in which lines of the table the errors vanish, and run the cell. Then give your layer to a neighbour.


# %%
class Planted(GivenConv2D):
    """Yours: change one line, then look at the table."""

    def backward(self, dy):
        F, _, k, _ = self.weight.shape
        rows = dy.transpose(1, 2, 3, 0).reshape(F, -1)
        self.grad_weight = (rows @ self.cols.T).reshape(self.weight.shape)
        self.grad_bias = rows.sum(axis=1)
        dcols = self.weight.reshape(F, -1).T @ rows
        return scatter(dcols, self.x_shape, k, self.stride, self.padding)


table_of(Planted)

# %% [markdown]
# <details><summary>What can this table not find?</summary>
#
# It compares y and dx. A bug in `grad_weight` or `grad_bias` alone leaves it at 0.00 everywhere, and so does one that needs a kernel or an image that is not square. A table finds what its columns and its conditions ask for.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find the mistake: "it learns, so it is right"
#
# A colleague skips the gradient check. "A network with a wrong backward pass would not learn. Mine learns the digits, so my layer is right."
#
# Put the claim to the test with a layer that you know to be wrong: `First`, whose `dx` missed in most lines of the table above.
#
# **Predict** the validation accuracy after 15 epochs with it: about 10 %, 50 %, or 97 %?

# %% [markdown] role="notes"
# Show both accuracies side by side and ask which layer is wrong. Nobody can tell.

# %% slideshow={"slide_type": "subslide"}
right_layer, CONV = CONV, First
try:
    first, first_curves = train_and_measure(start, np.random.default_rng(0))
    print("validation accuracy above 0.95:", first_curves["validation"][-1] > 0.95)
    for key, error in check_all_gradients(small_network(np.random.default_rng(1)), *few).items():
        print(f"d{key}: {'agrees' if error < 1e-8 else f'error {error:.2f}'}")
except NotImplementedError:
    print("This cell waits for your network.")
except Exception as error:
    print(f"This cell waits for a network that runs. {type(error).__name__}: {error}")
finally:
    CONV = right_layer

# %% [markdown] slideshow={"slide_type": "subslide"}
# Over six seeds, this layer gets 0.957 to 0.970 of the validation digits right, and the right one 0.970 to 0.980; of the test digits 0.975 to 0.992, and the right one 0.981 to 0.994. Nobody who trains one network, once, can tell them apart: **accuracy cannot see a wrong `dx`.** The nearest neighbour showed how little it takes to be right here.
#
# The first convolution learns from a wrong gradient, but the layers after it adapt to whatever its filters find. Even if its weights stay as they were drawn, six seeds give 0.957 to 0.973 of the validation digits.
#
# All three friends have trained like this, with the same seed:
#
# | | loss of the last epoch | validation accuracy |
# |---|---|---|
# | First | 0.04 | 0.96 |
# | Second | 0.04 | 0.97 |
# | Third | 2.30 | 0.08 |
#
# Two of the three networks look fine, and nobody would search their layers for a bug.
#
# The gradient check sees it at once, and says where: `w2` and `w3` agree, and `w1`, which alone lives on the second layer's `dx`, is off by much. A falling loss proves nothing about a gradient. The check does, and that is why most points of this lesson hang on gradients.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Report (6 points)
#
# **Written answer (6 points, read by a person).** One page, about 300 words, on your network. Write numbers, not adjectives. They are in `curves` and `first_curves`: lists `"loss"`, `"train"` and `"validation"`, one entry for each epoch, so that `first_curves["validation"][-1]` is the last accuracy with the layer `First`.
#
# 1. **The check.** What you checked before training, with which step and which network, what came out, and why accuracy could not have told. *(2 points)*
# 2. **The curves.** What the loss and the two accuracies do, what the gap between training and validation digits says, when you would stop, and what the baselines make of it. *(1 point)*
# 3. **The mistakes.** Which test digits are mixed up, and what two of the wrong images have in common with what the network said. *(1 point)*
# 4. **Inside.** What two of the filters answer to, and whether a pooled number can see a whole digit. *(1 point)*
# 5. **An experiment of your own.** Change one thing (`lr`, fewer training digits, the filters, a bug), predict the effect, run at least three seeds, and say whether the prediction held. *(1 point)*
#
# The cell below holds what an experiment needs.


# %%
def experiment(seed, lr=LR, count=len(x_train), filters=(16, 32)):
    """Train on the first count digits with another seed; return the validation accuracy at the end."""
    params = initial_params(np.random.default_rng(seed), filters)
    return train_and_measure(params, np.random.default_rng(seed), lr, count)[1]["validation"][-1]


# For example: [experiment(seed, count=300) for seed in range(3)]

# %% [markdown] role="written" exercise="report"
# ### BEGIN SOLUTION
# *Point 1 and 2: the settings with their reasons, and the argument with the numbers of the layer `First`.* All six gradients of a network with 2 and 3 filters were compared with central differences, with h = 1e-5 because ReLU, maximum and softmax are not linear, on six digits, with biases other than 0 so that no ReLU stands on its corner in the blank parts of an image. All relative errors were below 1e-8. Accuracy could not have told: with the layer `First`, whose dx takes the kernel turned by 180°, 96.3 % of the validation digits were right after 15 epochs, while the relative error of dw1 was 0.93 and that of db1 was 1.00.
#
# *Point 3: both curves, the gap, the stop and a baseline, with numbers.* The loss falls from 1.51 in the first epoch to 0.02. At the end 97.0 % of the validation digits and 99.9 % of the training digits are right; the gap of three percent is what the network learned by heart. I would stop after nine epochs: from there on the validation accuracy moves between 96.3 and 97.3 percent, which is three images. The nearest neighbour gets 99.0 % of them right, a linear layer 95.7 %.
#
# *Point 4: from the matrix and from the images.* Five test digits were wrong: two 6s were called 0 and 1, an 8 was called 1, a 9 was called 5 and a 4 was called 7. The 6 that is called 1 and the 8 that is called 1 both have all their ink in one upright stroke with hardly a hole in it. The two upper ends of the 4 almost meet, so that it has the upper edge of a 7.
#
# *Point 5: filters read off their weights, the receptive field used.* Filter 13 has positive weights above and negative ones below: it answers to the lower edges of strokes. Filter 11 has its positive weights on the upper right and its negative ones on the lower left. A pooled number spans 9 pixels on each axis, and an image has 8. But the field of output 0 is −3 to 5 and that of output 1 is 1 to 9, so each misses one or two pixels on one side; only the linear layer sees all of a digit.
#
# *Point 6: prediction, three numbers each way, a conclusion that the spread allows.* I trained on 300 digits instead of 1,137 and predicted a loss of five percent. Over three seeds the validation accuracies were 0.937, 0.930 and 0.743, against 0.970, 0.980 and 0.973 before. The direction is as predicted. Two seeds lose four percent, and one loses 23: its last epoch fell back, as single epochs do with steps this large. How much fewer digits cost cannot be said from three last epochs.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Draw a digit of your own
#
# The test asked for the next digits of the same 13 people. Now ask for yours: draw one in the figure, with the mouse, a finger or the keys.
#
# A drawing becomes what the scanner made of theirs: 32 by 32 pixels, black or white, as high as the bitmap and in its middle. Each number of $x$ counts the black ones among 4 by 4.
#
# **Predict** how many of your ten digits will be read right.

# %% [markdown] role="notes"
# Let somebody from the room draw. Then draw small, in a corner, with As drawn.

# %% slideshow={"slide_type": "subslide"}
drawing = DrawDigit(rule=False)
drawing

# %% [markdown] slideshow={"slide_type": "skip"}
# So far the parameters are the course's own, from the same training digits. Run the next cell, and the figure above runs on yours.

# %% slideshow={"slide_type": "skip"}
try:
    if trained is None:
        print("The figure waits for your network. Until then it keeps the course's.")
    else:
        drawing.params = trained
        print("The figure shows your network now.")
except ValueError as error:
    print(f"The figure cannot take your parameters yet: {error}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Ask the figure.**
#
# 1. Click a number of a map: its kernel and its window stand beside the sum, and its receptive field on your drawing. Is it as large as you worked out?
# 2. Choose *As drawn*, and draw a digit small and in a corner. What does the network say now, and how sure is it?
# 3. Clear the pad. What does it say about blank paper, and why does it say anything?
#
# <details><summary>Answer</summary>
#
# A number of the second convolution sees 7 by 7 pixels, a pooled one 9 by 9, and padding where that reaches past the edge.
#
# In a corner the digit is often misread, and the network may be sure of it: every digit that it learned from was as high as the image and in its middle. The linear layer has weights of its own for each of the four pooled places, so a loop at another place is another number to it.
#
# Ten probabilities add up to 1 whatever the picture: softmax has no way to say "none of them". On blank paper they come from the biases alone.
#
# </details>
#
# `drawing.image` holds what you drew, so `forward(trained, np.array(drawing.image)[np.newaxis, np.newaxis] / 16)` gives the ten logits of your own digit.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - build a network from layers of your own, and derive the gradient of its loss from the logits to the pixels,
# - check a whole network before training, and say why a falling loss proves nothing,
# - track a bug down by the conditions under which it disappears,
# - report what a network does with numbers that another person can check.
#
# You began with a kernel of three numbers under five samples. Everything between that and this network you have written, derived or tested yourself.
#
# **Further reading**
#
# - Andrej Karpathy, *A Recipe for Training Neural Networks*, 2019: the recipe of this lesson, and its further steps.
# - Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner, *Gradient-based learning applied to document recognition*, 1998: the network that read digits on bank cheques.
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, *Delving Deep into Rectifiers*, 2015: where the scale of the first weights comes from.
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, chapters 6 and 11: losses, and advice on debugging.
# - Ethem Alpaydin and Cenk Kaynak, *Cascading Classifiers*, 1998: one of the first papers to use these digits.
# - The same layer runs on a GPU if numpy is replaced by an array library with the same functions, such as CuPy: the optional section of lesson 11 does that.
