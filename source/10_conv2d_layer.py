# %% [markdown] slideshow={"slide_type": "slide"}
# # Build the batched Conv2D layer
#
# You will turn forward and backward passes into layers: objects that hold their weights, remember what they need, and can be stacked into a network. At the end your own layers train for thirty steps, from three kinds of first weights, and you will see which of them learn.
#
# **You need** lessons 08 and 09 (what the forward and the backward pass compute; their code is given), lesson 03's gradient check, Python classes with `__init__` and `self`, mean and variance.

# %% [markdown] role="notes"
# 2 minutes. The formulas are done; today they become objects that can be stacked.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 4 exercises and one written answer, 18 points in all, and takes about 90 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import GradientFlow

# The worked example of lessons 04, 06 and 09, as a batch: one image, one filter, and the gradient of its output.
IMAGE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
KERNEL = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
DY = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 08 and 09.** The whole forward and backward pass of a convolution layer, as functions. Here the columns keep their six axes, `(C, KH, KW, OH, OW, N)`; reshaped to `(C * KH * KW, OH * OW * N)` they are lesson 08's `X_col`. So `col2im` reads the kernel's size from them. You may call the functions of this cell in any answer.

# %% role="given" from="conv2d_loops.pair"
def im2col(x, kernel_size, stride=1, padding=0):
    """Stretch patches into columns: (N, C, H, W) gives (C, KH, KW, OH, OW, N), not yet reshaped."""
    (KH, KW), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    OH, OW = (padded.shape[2] - KH) // sh + 1, (padded.shape[3] - KW) // sw + 1
    cols = np.zeros((x.shape[1], KH, KW, OH, OW, len(x)), x.dtype)
    for u in range(KH):
        for v in range(KW):
            met = padded[:, :, u : u + sh * OH : sh, v : v + sw * OW : sw]
            cols[:, u, v] = met[:, :, :OH, :OW].transpose(1, 2, 3, 0)
    return cols


def col2im(cols, x_shape, stride=1, padding=0):
    """Add columns, shaped as im2col gives them, back into images: the adjoint of im2col."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    _, KH, KW, OH, OW, _ = cols.shape
    N, C, H, W = x_shape
    padded = np.zeros((N, C, H + 2 * ph, W + 2 * pw), cols.dtype)
    for u in range(KH):
        for v in range(KW):
            rows = slice(u, u + sh * (OH - 1) + 1, sh)
            columns = slice(v, v + sw * (OW - 1) + 1, sw)
            padded[:, :, rows, columns] += cols[:, u, v].transpose(3, 0, 1, 2)
    return padded[:, :, ph : ph + H, pw : pw + W].copy()


def conv2d_im2col(x, w, b, stride=1, padding=0):
    """Return y, (N, F, OH, OW), for x, (N, C, H, W), w, (F, C, KH, KW), and b, (F,)."""
    cols = im2col(x, w.shape[2:], stride, padding)
    y = np.tensordot(w, cols, axes=3)  # (F, OH, OW, N)
    return y.transpose(3, 0, 1, 2) + b[:, None, None]


def conv2d_backward_im2col(dy, x, w, stride=1, padding=0):
    """Return (dx, dw, db), of the shapes of x, w and (F,), for dy, (N, F, OH, OW)."""
    cols = im2col(x, w.shape[2:], stride, padding)
    dw = np.einsum("nfij,cuvijn->fcuv", dy, cols, optimize=True)
    dcols = np.einsum("fcuv,nfij->cuvijn", w, dy, optimize=True)
    return col2im(dcols, x.shape, stride, padding), dw, dy.sum(axis=(0, 2, 3))


# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 03.** The oracle for any gradient. It checks answers; a call of it inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A function forgets, a layer remembers
#
# `conv2d_backward_im2col(dy, x, w, …)` asks for `x` and `w`. In a network nobody hands them over: the layer above sends `dy`, the upstream gradient, and nothing else.
#
# So a **layer** is an object with two methods, and what happens in between is its own business:
#
# - `forward(x)` returns `y`, and keeps what the way back will need;
# - `backward(dy)` returns `dx`, and leaves the gradients of the layer's own numbers in attributes.
#
# It holds three kinds of things: **settings** that never change (stride, padding), **parameters** that training changes (weight, bias), and a **cache** that lasts from one forward to its backward.

# %% [markdown] role="notes"
# Ask what backward needs and nobody hands over. That is the cache.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The smallest layer that has all three parts
#
# It multiplies by one number $w$ and adds another, $b$: $y_i = w\, x_i + b$. Then $dx_i = w\, dy_i$. Both $w$ and $b$ take part in every output, so their gradients are sums, $dw = \sum_i dy_i\, x_i$ and $db = \sum_i dy_i$.
#
# (It is a convolution layer, with one channel, one filter and a 1×1 kernel.) Its attributes have the names that every layer with parameters uses in this lesson: `weight`, `bias`, `grad_weight`, `grad_bias`.

# %% slideshow={"slide_type": "subslide"}
class Line:
    """Multiply by one number and add another: an array of any shape gives one of the same shape."""

    def __init__(self, w, b):
        self.weight, self.bias = np.array([w], float), np.array([b], float)  # (1,) each

    def forward(self, x):
        self.x = x  # the cache
        return self.weight * x + self.bias

    def backward(self, dy):
        self.grad_weight = np.array([np.sum(dy * self.x)])
        self.grad_bias = np.array([np.sum(dy)])
        return self.weight * dy


layer = Line(2, -1)
print("y: ", layer.forward(np.array([1, 2, 3])))
print("dx:", layer.backward(np.array([1, 10, 100])))
print("dw:", layer.grad_weight, "db:", layer.grad_bias)

# %% [markdown]
# `dw` is 1·1 + 10·2 + 100·3 = 321: its digits, read from the right, are the samples that the layer remembered.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which x does it remember?
#
# One `Line(2, -1)` gets two batches before anything comes back:
#
# ```python
# layer.forward(np.array([1, 2, 3]))
# layer.forward(np.array([4, 5, 6]))
# layer.backward(np.array([1, 10, 100]))
# ```
#
# **Predict** the number in `layer.grad_weight`.

# %% [markdown] role="notes"
# Let the room predict. The second batch has overwritten the first.

# %% role="prediction" exercise="last_forward"
last_forward = None  # replace None by your number
### BEGIN SOLUTION
last_forward = 1 * 4 + 10 * 5 + 100 * 6
### END SOLUTION

# %% role="tests" exercise="last_forward"

# %% [markdown]
# A layer's cache holds one forward. Every backward belongs to the latest forward, and nobody changes the parameters between the two.
#
# `grad_weight` is overwritten, not added to: it is the gradient of the last backward. (PyTorch decides otherwise: there, gradients add up until they are set to zero.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find out what Conv2D has to keep
#
# A convolution layer has images `x` of shape `(N, C, H, W)`, kernels `w` of shape `(F, C, KH, KW)`, biases `b` of shape `(F,)`, and gives `y` of shape `(N, F, OH, OW)`.
# The figure shows one image, one channel and one filter. Point at an entry of `dx`, then of `dw`, then of `db`, and read its sum.

# %% [markdown] role="notes"
# Point at dw and at dx in the figure: one needs x, the other w.

# %%
GradientFlow(selection=("dx", 1, 1))

# %% [markdown]
# **Ask the figure.** In the sums of which gradient do the numbers of `x` stand? In which do those of `w`? Which gradient needs neither? What does `forward` have to put aside, then?
#
# <details><summary>Answer</summary>
#
# `x` stands in `dw`, `w` in `dx`, and `db` is a sum of `dy` alone. So `forward` puts `x` aside. The weights need no second copy, since they stand in the layer already; `y` and the bias stand in none of the sums.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keep x, or keep its columns?
#
# In `dw`, `x` enters as its columns, which `forward` has made once. A layer may put them aside instead of `x`.
#
# Take a batch `x` of shape `(5, 3, 10, 10)` and 3×3 kernels with padding 1. Each of the 5·10·10 windows becomes a column of 3·3·3 numbers.
#
# **Predict**: how many times as many numbers do the columns hold as `x`?

# %% [markdown] role="notes"
# Have the bytes computed by the room; time against memory has no right answer.

# %% role="prediction" exercise="columns_ratio"
columns_ratio = None  # replace None by your number
### BEGIN SOLUTION
columns_ratio = (27 * 500) // (5 * 3 * 10 * 10)
### END SOLUTION

# %% role="tests" exercise="columns_ratio"

# %% [markdown]
# 13,500 numbers instead of 1500. Both choices are right, and gradients do not depend on them. At the end of this lesson you are asked when you would make which.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Choose the first weights
#
# Before training, the kernels need some numbers.
#
# **Why not zeros, or all ones?** If every layer begins like that, the filters of a layer compute the same map, get the same gradient and take the same step. They stay equal for ever, and 64 filters are worth one.
#
# So they are drawn at random, from a normal distribution with mean 0. What is left to choose is its standard deviation, the **scale**. It decides whether a signal survives a deep network.

# %% [markdown] role="notes"
# Ask what happens with all ones: all filters stay twins for ever.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the scale
#
# Consider one output $z$ of one layer. It sums $R$ products of a weight $w_t$ and an input $x_t$, one for each row of the columns:
#
# $$z = \sum_{t=0}^{R-1} w_t\, x_t \qquad R = C \cdot KH \cdot KW$$
#
# $R$ is the **fan-in**: the number of inputs that one output reads. The bias begins at 0.
#
# 1. The weights are independent of each other and of the inputs, with mean 0 and variance $\mathrm{Var}(w)$. So the products are uncorrelated with mean 0, their variances add up, and each is $\mathrm{Var}(w)\, \mathrm{E}[x^2]$:
#
# $$\mathrm{Var}(z) = R\, \mathrm{Var}(w)\, \mathrm{E}[x^2]$$
#
# 2. Between two layers stands a **ReLU**, $x = \max(0, z')$, where $z'$ is an output of the layer before. $z'$ lies around 0 symmetrically, so half of its square is cut off: $\mathrm{E}[x^2] = \tfrac12 \mathrm{Var}(z')$.

# %% [markdown] role="notes"
# 8 minutes on the board: variances of independent products add up, and the ReLU halves.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 3. Put together, from one layer to the next:
#
# $$\mathrm{Var}(z) = \tfrac{R}{2}\, \mathrm{Var}(w)\, \mathrm{Var}(z')$$
#
# 4. The variance stays what it is if the factor is 1. Solve that for $\mathrm{Var}(w)$: exercise 1 asks for it.
#
# The number of filters, $F$, does not occur: no output sums over filters.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the scale that keeps the variance (1 point)
#
# Write `he_std(weight_shape)`: the standard deviation of the weights for which the variance stays what it is, as a float, for kernels of shape `weight_shape` = `(F, C, KH, KW)`.
#
# `he_std((10, 3, 3, 3))` is 0.272 to three digits, and `he_std((3, 10, 3, 3))` is 0.149.

# %% role="answer" exercise="he_std"
def he_std(weight_shape):
    """Return the standard deviation of the initial weights.

    weight_shape: (F, C, KH, KW) ints; returns a float.
    """
    ### BEGIN SOLUTION
    _, c, kh, kw = weight_shape
    return float(np.sqrt(2 / (c * kh * kw)))
    ### END SOLUTION


# %% role="tests" exercise="he_std"

# %% [markdown]
# This is **He's rule**, after the first author of the paper named at the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Half the scale
#
# Suppose that somebody draws all weights with *half* of He's scale. Then every layer halves the scale of its outputs once more.
#
# Ten such layers are stacked. By which factor is the scale of the last outputs smaller than with He's rule?
#
# **Predict** it as a whole number.

# %% [markdown] role="notes"
# Two to the tenth: the last layer has almost nothing left.

# %% role="prediction" exercise="tenth_layer"
tenth_layer = None  # replace None by your number
### BEGIN SOLUTION
tenth_layer = 2**10
### END SOLUTION

# %% role="tests" exercise="tenth_layer"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A common slip: the filters instead of the inputs
#
# Some programs take $\sqrt{2/F}$ as the scale, with $F$ the number of filters.
#
# **Ask yourself**: with 64 filters of 3×3 on 64 channels, by which factor does it miss He's scale? What has become of that after ten layers?
#
# <details><summary>Answer</summary>
#
# The fan-in is 64·9, so the slip forgets the kernel's area and is √9 = 3 times too large: in every layer, so 59,049 times after ten. With ten filters on three channels it gives √(2/10) = 0.447 instead of 0.272, and with a single layer nobody notices.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Watch a signal go through ten layers
#
# Below, noise goes through ten layers of 64 filters of 3×3, each behind a ReLU. The same random kernels are used four times, multiplied by four scales.
#
# **Predict** before you run the cell: which curve stays level? Which rise, which fall, and by which factor in each layer?

# %% [markdown] role="notes"
# Ask which curve stays level before you show the picture.

# %% slideshow={"slide_type": "subslide"}
def signal_through(scale, depth=10, channels=64):
    """Return the root mean square of the input and of the outputs of `depth` layers: (depth + 1,)."""
    rng = np.random.default_rng(10)
    z = rng.normal(size=(2, channels, 22, 22))
    found = [np.sqrt(np.mean(z**2))]
    for _ in range(depth):
        w = scale * rng.normal(size=(channels, channels, 3, 3))
        z = conv2d_im2col(np.maximum(z, 0), w, np.zeros(channels))
        found.append(np.sqrt(np.mean(z**2)))
    return np.array(found)


fan_in = 64 * 3 * 3
scales = {
    "from the filters, √(2/64)": ((2 / 64) ** 0.5, "^-", COLOURS["positive"]),
    "He, √(2/fan-in)": ((2 / fan_in) ** 0.5, "o-", "black"),
    "√(1/fan-in)": ((1 / fan_in) ** 0.5, "s--", COLOURS["negative"]),
    "0.01 everywhere": (0.01, "v:", COLOURS["negative"]),
}
figure, axes = plt.subplots(figsize=(8, 4))
for name, (scale, style, colour) in scales.items():
    axes.semilogy(signal_through(scale), style, color=colour, label=name)
axes.set(
    title="The same kernels, four scales",
    xlabel="layers that the signal has gone through",
    ylabel="root mean square of the outputs",
    xticks=range(11),
)
axes.legend()
show(
    figure,
    alt="Root mean square of the outputs, on a logarithmic axis, after 0 to 10 layers. He's scale stays near 1. "
    "The scale from the filters climbs to about 60,000. The square root of 1 over the fan-in falls "
    "to about 0.03, and 0.01 everywhere to about 2e-8.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Each curve is nearly straight on the logarithmic axis: about the same factor in every layer. He's scale keeps the signal level, the scale from the filters multiplies it by 3. √(1/fan-in) is sound where no ReLU halves the signal; here its factor is √½, so ten layers leave √½¹⁰ = 1/32. With 0.01 it is 0.01/0.059, about a sixth.
#
# </details>
#
# The gradients come down through the same kernels. An entry of `dx` sums over filters, $F \cdot KH \cdot KW$ products; here $F = C$, so gradients grow or vanish in the same way.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look at the first loss
#
# One forward pass tells something about the first weights. A network that sorts images into 10 classes gives each image 10 **scores** $z_0, \dots, z_9$. The right class of an image is its **label**, and the loss is
#
# $$L = -\ln \frac{\exp z_{\text{label}}}{\sum_{o=0}^{9} \exp z_o}$$
#
# Before training the network knows nothing. If all ten scores are equal, each class gets $1/10$, and $L = \ln 10 = 2.303$.
#
# **Predict**: the cell below tries the four scales, each with twelve draws of the weights. Which of them gives a first loss nearest to 2.303? Is that the scale you would train with?

# %% [markdown] role="notes"
# $\ln 10 = 2.303$ is the number to know by heart.

# %% slideshow={"slide_type": "subslide"}
def first_loss(scale_of, seed):
    """Return the loss of a new network of five layers, whose scales are scale_of(F, fan-in)."""
    rng = np.random.default_rng(seed)
    z, labels = rng.normal(size=(20, 3, 14, 14)), rng.integers(0, 10, 20)
    for place, (filters, size) in enumerate(((32, 3), (32, 3), (32, 3), (32, 3), (10, 6))):
        shape = (filters, z.shape[1], size, size)
        x = np.maximum(z, 0) if place else z  # the first layer reads the images
        w = scale_of(filters, x.shape[1] * size**2) * rng.normal(size=shape)
        z = conv2d_im2col(x, w, np.zeros(filters))
    scores = z[:, :, 0, 0]  # (20, 10)
    scores -= scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(20), labels])


four_scales = {
    "from the filters": lambda F, fan_in: (2 / F) ** 0.5,
    "He": lambda F, fan_in: (2 / fan_in) ** 0.5,
    "√(1/fan-in)": lambda F, fan_in: (1 / fan_in) ** 0.5,
    "0.01 everywhere": lambda F, fan_in: 0.01,
}
print(f"all scores equal   {np.log(10):6.2f}")
for name, scale_of in four_scales.items():
    losses = [first_loss(scale_of, seed) for seed in range(12)]
    print(f"{name:18} {min(losses):6.2f} to {max(losses):.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.01 is nearest: it sends hardly any signal through, so all scores are nearly 0. √(1/fan-in) is near, since every ReLU halves the square of what goes through. He's scale starts at about 3: its scores differ, with a variance of about 2, since the first layer reads images that no ReLU has halved.
#
# So the first loss finds weights that are **too large**: hundreds mean a network that is as wrong as it is certain. It cannot find weights that are too small. At the end of this lesson you will see what becomes of those.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the layer (7 points)
#
# Write the class `Conv2D(in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None)`, with $C$ = `in_channels` and $F$ = `out_channels`. `kernel_size`, `stride` and `padding` are an int or a pair.
#
# **`__init__`** sets `weight`, shape `(F, C, KH, KW)`, drawn from a normal distribution with mean 0 and He's scale by the generator `rng`, and `bias`, shape `(F,)`, of zeros. Without an `rng`, make a new one: `np.random.default_rng()`.
#
# **`forward(x)`** returns `y`, `(N, F, OH, OW)`, for `x`, `(N, C, H, W)`.
#
# **`backward(dy)`** takes `dy`, `(N, F, OH, OW)`, sets `grad_weight` and `grad_bias`, of the shapes of `weight` and `bias`, and returns `dx`, `(N, C, H, W)`.

# %% [markdown] slideshow={"slide_type": "subslide"}
# - `layer = Conv2D(1, 1, 2)` with `layer.weight` set to `[[[[1, 2], [3, 4]]]]` sends `x` of shape `(1, 1, 3, 3)` holding 1 to 9 to `[[[[37, 47], [67, 77]]]]`. With `dy` `[[[[1, 10], [100, 1000]]]]`, `dx[0, 0, 1, 1]` is 1234, `grad_weight` is `[[[[5421, 6532], [8754, 9865]]]]` and `grad_bias` is `[1111]`.
# - `forward` uses `weight` and `bias` as they stand when it is called: training replaces them between a backward and the next forward.
# - `backward` belongs to the latest `forward` of the same layer, and overwrites the gradients of the one before. They are sums over the batch; nothing is divided by N.
# - Several layers may be at work at the same time, and must not get into each other's way.
# - The given functions do the computing; yours is what is kept, and where. Further attributes and methods are welcome. Layers of PyTorch do not count.

# %% role="answer" exercise="Conv2D"
class Conv2D:
    """A convolution layer that remembers its input."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        """Draw weight, (F, C, KH, KW), set bias, (F,), to zeros, keep the settings."""
        ### BEGIN SOLUTION
        rng = np.random.default_rng() if rng is None else rng
        shape = (out_channels, in_channels, *pair(kernel_size))
        self.weight = rng.normal(0, he_std(shape), shape)
        self.bias = np.zeros(out_channels)
        self.stride, self.padding = stride, padding
        ### END SOLUTION

    def forward(self, x):
        """Return y, (N, F, OH, OW), for x, (N, C, H, W)."""
        ### BEGIN SOLUTION
        self.x = x
        return conv2d_im2col(x, self.weight, self.bias, self.stride, self.padding)
        ### END SOLUTION

    def backward(self, dy):
        """Return dx, (N, C, H, W), for dy, (N, F, OH, OW); set grad_weight and grad_bias."""
        ### BEGIN SOLUTION
        gradients = conv2d_backward_im2col(dy, self.x, self.weight, self.stride, self.padding)
        dx, self.grad_weight, self.grad_bias = gradients
        return dx
        ### END SOLUTION


# %% role="tests" exercise="Conv2D"

# %% [markdown] slideshow={"slide_type": "skip"}
# A cell to try things, for example `layer = Conv2D(1, 1, 2)`, `layer.weight = KERNEL`, `layer.forward(IMAGE)`, `layer.backward(DY)`:

# %% slideshow={"slide_type": "skip"}
IMAGE.shape, KERNEL.shape, DY.shape

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keep the largest of each window
#
# **Max-pooling** slides a window over each map and keeps the largest number in it. It has no weights, and channels do not mix.
#
# For `x` of shape `(N, C, H, W)`, a window of `(KH, KW)` pixels and strides $s_h, s_w$,
#
# $$y_{n,c,i,j} = \max_{u,\,v}\; x_{n,\,c,\;\, i \cdot s_h + u,\;\, j \cdot s_w + v} \qquad 0 \le u < KH,\quad 0 \le v < KW$$
#
# `y` has shape `(N, C, OH, OW)` with $OH = \lfloor (H - KH)/s_h \rfloor + 1$, and likewise for the width. There is no padding.
#
# With windows of 2×2 side by side (stride 2):
#
# $$\begin{bmatrix} 3 & -1 & 4 & 1 \\ -5 & \mathbf{9} & 2 & \mathbf{6} \\ 5 & -3 & -8 & -9 \\ \mathbf{7} & 0 & -3 & \mathbf{-2} \end{bmatrix} \quad\to\quad \begin{bmatrix} 9 & 6 \\ 7 & -2 \end{bmatrix}$$
#
# The last window holds negative numbers only, and its maximum is −2, not 0.

# %% [markdown] role="notes"
# Do one window on the board, then one that overlaps it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Send the gradient to the winner
#
# Nudge the 9 a little: $y_{0,0}$ moves as much. Nudge the 3, the −1 or the −5 a little: the 9 is still the largest, and nothing moves.
#
# So each $dy_{n,c,i,j}$ goes, whole, to the pixel where its maximum stood, and every other pixel of the window gets nothing from it.
#
# **When windows overlap**, one pixel may win several times. Then it gets a sum. With the row $[1, 5, 2, 4, 3]$, windows of 1×3 and stride 1:
#
# | window | maximum | sends |
# |---|---|---|
# | 1, **5**, 2 | 5 | 1 to the 5 |
# | **5**, 2, 4 | 5 | 10 to the 5 |
# | 2, **4**, 3 | 4 | 100 to the 4 |
#
# $dx = [0, 11, 0, 100, 0]$. It is the `+=` of lesson 09 again: with `=` the 5 would get 10.

# %% [markdown] role="notes"
# Nudge the 3: nothing moves. So its gradient is 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# A 3×3 image holds a 5 in its centre and zeros around it. Windows of 2×2 move by 1, so there are four, and
#
# $$dy = \begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix}$$
#
# **Predict** the gradient of the centre.

# %% role="prediction" exercise="pooled_centre"
pooled_centre = None  # replace None by your number
### BEGIN SOLUTION
pooled_centre = 1 + 10 + 100 + 1000
### END SOLUTION

# %% role="tests" exercise="pooled_centre"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Break ties by a rule
#
# What if two pixels of a window share the maximum? It happens all the time: behind a ReLU, many windows hold nothing but zeros.
#
# At a tie the maximum has a kink, as in lesson 03. Take $\max(x_0, x_1)$ at $x_0 = x_1 = 2$: a nudge of $x_0$ upwards raises it, a nudge downwards does not. The central difference gives ½ for each of the two, and no derivative exists.
#
# So a rule is needed, and this course takes the usual one: **the first maximum in row-major order takes the whole gradient**, first by row, then by column.
#
# | window | its gradient, for $dy = 1$ |
# |---|---|
# | 2, 2 | 1, 0 |
# | 0, 2 | 0, 1 |
#
# If each of the equal pixels took all of it, a window of four zeros would send out 4 where 1 came in.

# %% [markdown] role="notes"
# The usual question: which rule is right? Any, as long as it is one rule.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: max-pooling (5 points)
#
# Write the class `MaxPool2D(kernel_size, stride=None)`. Both are an int or a pair; without a stride, windows stand side by side: the stride is the kernel size.
#
# **`forward(x)`** returns `y`, `(N, C, OH, OW)`, for `x`, `(N, C, H, W)`. **`backward(dy)`** returns `dx`, `(N, C, H, W)`, for `dy`, `(N, C, OH, OW)`.
#
# - `MaxPool2D((1, 3), 1)` sends `[[[[1, 5, 2, 4, 3]]]]` to `[[[[5, 5, 4]]]]`, and `dy` `[[[[1, 10, 100]]]]` back to `[[[[0, 11, 0, 100, 0]]]]`.
# - Of equal maxima the first one in row-major order takes the gradient. That is the one which `np.argmax` finds, and `np.unravel_index(place, window.shape)` turns its place into row and column.
# - Rows and columns that no window reaches are left out, and get gradient 0.
# - Fractions and negative numbers survive in both directions, and `backward` belongs to the latest `forward`, as in exercise 2.

# %% role="answer" exercise="MaxPool2D"
class MaxPool2D:
    """A layer that keeps the largest entry of each window."""

    def __init__(self, kernel_size, stride=None):
        """Keep the settings, each an int or a pair."""
        ### BEGIN SOLUTION
        self.kernel = pair(kernel_size)
        self.stride = self.kernel if stride is None else pair(stride)
        ### END SOLUTION

    def forward(self, x):
        """Return y, (N, C, OH, OW), for x, (N, C, H, W)."""
        ### BEGIN SOLUTION
        (kh, kw), (sh, sw) = self.kernel, self.stride
        N, C, H, W = x.shape
        y = np.zeros((N, C, (H - kh) // sh + 1, (W - kw) // sw + 1))
        for i, j in np.ndindex(y.shape[2:]):
            window = x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            y[:, :, i, j] = window.max(axis=(2, 3))
        self.x = x
        return y
        ### END SOLUTION

    def backward(self, dy):
        """Return dx, (N, C, H, W), for dy, (N, C, OH, OW)."""
        ### BEGIN SOLUTION
        (kh, kw), (sh, sw) = self.kernel, self.stride
        dx = np.zeros(self.x.shape)
        for n, c, i, j in np.ndindex(dy.shape):
            window = self.x[n, c, i * sh : i * sh + kh, j * sw : j * sw + kw]
            u, v = np.unravel_index(np.argmax(window), window.shape)
            dx[n, c, i * sh + u, j * sw + v] += dy[n, c, i, j]
        return dx
        ### END SOLUTION


# %% role="tests" exercise="MaxPool2D"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Stack layers into a layer
#
# A network is a stack of layers, and since all of them have the same two methods, the stack can have them, too: it is a layer itself.
#
# A **ReLU** between two layers is the smallest layer of all. It has no parameters; it remembers which entries it let through.

# %% [markdown] role="notes"
# The stack has the same two methods: so a stack can stand in a stack.

# %% slideshow={"slide_type": "subslide"}
class ReLU:
    """Cut off at 0: an array of any shape gives one of the same shape."""

    def forward(self, x):
        self.passed = x > 0
        return np.where(self.passed, x, 0.0)

    def backward(self, dy):
        return np.where(self.passed, dy, 0.0)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 4: a stack that learns (3 points)
#
# Write the class `Stack(*layers)`; the layers come one by one, as in `Stack(Line(2, -1), ReLU(), Line(-3, 4))`.
#
# **`forward(x)`** returns what comes out of the last layer when `x` goes into the first. **`backward(dy)`** takes the gradient of that output and returns the gradient of `x`; every layer has its own gradients afterwards. Think first: what is the `dy` of a layer in the middle, and who knows it?
#
# **`step(lr)`** moves every parameter of every layer against its gradient: $\text{weight} \leftarrow \text{weight} - \text{lr} \cdot \text{grad\_weight}$, and the bias likewise. A layer without `weight` has no parameters and stays as it is; `hasattr(layer, "weight")` tells.
#
# - `Stack(Line(2, -1), Line(-3, 4))` sends `[1, 3]` to `[1, -11]`, and `dy` `[1, 10]` back to `[-6, -60]`. The gradients are −93 and −33 in the first layer, 51 and 11 in the second. After `step(0.1)` their weights are 11.3 and −8.1.
# - There is at least one layer, and no layer stands in it twice.

# %% role="answer" exercise="Stack"
class Stack:
    """Layers one after the other, used as one layer."""

    def __init__(self, *layers):
        """Keep the layers, from the first to the last."""
        ### BEGIN SOLUTION
        self.layers = layers
        ### END SOLUTION

    def forward(self, x):
        """Return the last layer's output for the first layer's x."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            x = layer.forward(x)
        return x
        ### END SOLUTION

    def backward(self, dy):
        """Return the first layer's dx for the last layer's dy."""
        ### BEGIN SOLUTION
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy
        ### END SOLUTION

    def step(self, lr):
        """Move all parameters by -lr times their gradients."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            if hasattr(layer, "weight"):
                layer.weight = layer.weight - lr * layer.grad_weight
                layer.bias = layer.bias - lr * layer.grad_bias
        ### END SOLUTION


# %% role="tests" exercise="Stack"

# %% [markdown]
# This is the chain rule at work. What one layer returns as its `dx` is the `dy` of the layer below, and neither has to know the other.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check the whole stack
#
# Your three classes together, nothing square: the oracle of lesson 03 asks for the gradient of the images and of every weight and bias.
#
# The stack is made of straight pieces with kinks between them, from the ReLU and from the maxima. So the step has to be small, $h = 10^{-5}$, and a relative error below 1e-8 is right. *(No points: it shows that your parts fit together.)*

# %%
def with_value(layer, name):
    """Return the stack's output for the images, as a function of one of a layer's parameters."""

    def output(value):
        setattr(layer, name, value)
        return stack.forward(images)

    return output


# %% slideshow={"slide_type": "subslide"}
try:
    rng = np.random.default_rng(10)
    first, last = Conv2D(2, 3, (3, 2), padding=1, rng=rng), Conv2D(3, 4, 2, stride=2, rng=rng)
    stack = Stack(first, ReLU(), MaxPool2D(2, 1), last)
    images = rng.normal(size=(2, 2, 5, 6))
    dy = rng.normal(size=stack.forward(images).shape)
    found = {"images": (stack.backward(dy), numerical_gradient(stack.forward, images, dy, 1e-5))}
    for title, layer in (("first", first), ("last", last)):
        for name in ("weight", "bias"):
            numerical = numerical_gradient(with_value(layer, name), getattr(layer, name), dy, 1e-5)
            found[f"{title} layer's {name}"] = getattr(layer, f"grad_{name}"), numerical
    for name, (gradient, numerical) in found.items():
        error = relative_error(gradient, numerical)
        says = "agrees to 1e-8" if error < 1e-8 else f"relative error {error:.1e}"
        print(f"{name:20} {str(gradient.shape):14} {says}")
except NotImplementedError:
    print("This cell waits for your Conv2D, MaxPool2D and Stack.")
except Exception as error:
    print(f"Something does not fit together: {type(error).__name__}: {error}")

# %% [markdown]
# **Ask further.** Change $10^{-5}$ to 0.1 in both places and run it again. The gradients have not changed: which of lesson 03's troubles do you see, and why does the last layer's weight not have it?
#
# <details><summary>Answer</summary>
#
# A step of 0.1 pushes some numbers over a kink: a ReLU opens, or another pixel becomes the maximum, and the central difference mixes two slopes. The last layer's weight lies behind all kinks: the output is a straight line in it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train for thirty steps
#
# Now use all that you have built. The 24 images below show stripes that lie down, stand up or lean, under noise. A stack of your layers is to tell the three kinds apart.
#
# Every step sends the images forward, the loss's gradient back, and moves all parameters. This is done three times, from the same random kernels: with He's scale, with the scale from the filters, and with 0.01 everywhere.
#
# **Predict**: knowing nothing costs ln 3 = 1.10. Where does each of the three losses start, and where is it after thirty steps?

# %% [markdown] role="notes"
# Collect bets for the start and the end of each curve before you show them. Who knows nothing pays ln 3 = 1.10.

# %% slideshow={"slide_type": "skip"}
def striped(rng, count=24, size=8):
    """Return images, (count, 1, size, size), and their kinds, (count,): 0, 1 or 2."""
    row, column = np.indices((size, size))
    kinds = np.arange(count) % 3
    across = np.stack([row, column, row + column])[kinds]
    x = np.cos(np.pi / 2 * across + rng.uniform(0, 6, (count, 1, 1)))
    return (x + 0.4 * rng.normal(size=x.shape))[:, None], kinds


def network(scale_of, rng):
    """Return layers, five convolutions among them, that give three scores; weights of this scale."""
    shapes = (1, 8, 3), (8, 8, 3), (8, 8, 3), (8, 8, 3), (8, 3, 4)  # C, F, KH = KW
    layers = []
    for place, (C, F, size) in enumerate(shapes):
        layer = Conv2D(C, F, size, padding=1 if size == 3 else 0)
        layer.weight = scale_of(F, C * size**2) * rng.normal(size=(F, C, size, size))
        layers += [layer, MaxPool2D(2), ReLU()] if place == 1 else [layer, ReLU()]
    return layers[:-1]


def loss_and_gradient(scores, kinds):
    """Return the mean loss and its gradient for scores of shape (N, 3, 1, 1)."""
    z = scores[:, :, 0, 0] - scores[:, :, 0, 0].max(axis=1, keepdims=True)
    chances, wanted = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), np.eye(3)[kinds]
    loss = np.mean(np.log(np.exp(z).sum(axis=1)) - z[wanted > 0])
    return loss, ((chances - wanted) / len(z))[:, :, None, None]


def behind_relus(layers, x, note):
    """Send x through and note something of what comes out of each ReLU."""
    noted, y = [], x
    for layer in layers:
        y = layer.forward(y)
        if isinstance(layer, ReLU):
            noted.append(note(y))
    return noted


# %% slideshow={"slide_type": "subslide"}
def thirty_steps(scale_of):
    """Train; return the losses, the size behind each ReLU at first, the share of dead maps at last."""
    rng = np.random.default_rng(1)
    x, kinds = striped(rng)
    layers, losses = network(scale_of, rng), []
    stack = Stack(*layers)
    sizes = behind_relus(layers, x, lambda y: np.sqrt(np.mean(y**2)))
    for _ in range(30):
        loss, dscores = loss_and_gradient(stack.forward(x), kinds)
        losses.append(loss)
        stack.backward(dscores)
        stack.step(0.1)
    return losses, sizes, behind_relus(layers, x, lambda y: np.mean(np.all(y == 0, axis=(0, 2, 3))))


styles = {
    "from the filters": ("^-", COLOURS["positive"]),
    "He": ("o-", "black"),
    "0.01 everywhere": ("v:", COLOURS["negative"]),
}
try:
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    for place, (name, (style, colour)) in enumerate(styles.items()):
        losses, sizes, dead = thirty_steps(four_scales[name])
        left.semilogy(losses, style, color=colour, label=name, markevery=3)
        middle.semilogy(range(1, 5), sizes, style, color=colour)
        right.bar(np.arange(1, 5) + 0.25 * (place - 1), dead, 0.25, color=colour, edgecolor="black")
        print(f"{name:17} loss: {losses[0]:6.2f} at first, {losses[-1]:.2f} after thirty steps")
    left.axhline(np.log(3), color=COLOURS["neutral"], linestyle=":")
    left.set(title="Thirty steps", xlabel="step", ylabel="loss (dotted: ln 3)")
    left.legend()
    middle.set(title="Before: the signal", xlabel="ReLU", ylabel="root mean square", xticks=range(1, 5))
    right.set(title="After: dead maps", xlabel="ReLU", ylabel="share of maps that are 0", ylim=(0, 1.05))
    show(
        figure,
        alt="Three panels. Left, the loss over thirty steps: He's scale falls from 1.2 to nearly 0; "
        "the scale from the filters begins at 87, leaps into the thousands, drops to ln 3 and stays; 0.01 "
        "stays at ln 3. Middle, the signal before training: level with He's scale, rising with "
        "the filters' scale, falling towards 0 with 0.01. Right, the share of dead "
        "maps after training: none with He's scale, all from the second ReLU on with the "
        "filters' scale, some behind the last ReLU with 0.01.",
    )
except NotImplementedError:
    plt.close(figure)
    print("The training waits for your Conv2D, MaxPool2D and Stack.")
except Exception as error:
    plt.close(figure)
    print(f"The training waits for layers that fit together: {type(error).__name__}: {error}")

# %% [markdown]
# **Ask the picture.** After thirty steps, two of the losses are the same, ln 3. Did the same thing happen to both networks? And which of the three would the first loss have recommended?
#
# <details><summary>Answer</summary>
#
# With 0.01 hardly any signal arrives, so hardly any gradient comes back: the network stands still. With the scale from the filters the first gradients are huge, and the first steps push most maps below 0 for every image. Behind a ReLU such a map is 0, its gradient is 0, and it never comes back: it is **dead**. Both networks give three equal scores, whatever they are shown.
#
# The first loss would have recommended 0.01, which has the best one and learns nothing. Look at the first loss, and at the numbers behind each ReLU.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the layer keeps (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. `Conv2D` puts `x` aside. What is the least that a `ReLU` and a `MaxPool2D` have to put aside for their `backward`? For each, say why it is enough, and compare its size with that of `x`, for windows of 2×2 side by side. *(1 point)*
# 2. A friend's `Conv2D` puts aside the columns instead of `x`. Say what that saves, what it costs, with a factor for 5×5 kernels at stride 1, and for which networks you would decide against it. *(1 point)*

# %% [markdown] role="written" exercise="what_the_layer_keeps"
# ### BEGIN SOLUTION
# A `ReLU` sends `dy` on where `x` was above 0, so it needs one bit for each entry, not its value; its own output would do as well. `MaxPool2D` sends each `dy` to one pixel, so the place of each maximum is enough, one whole number for each output, together with the shape of `x`. With windows of 2×2 side by side that is a quarter as many numbers as `x` has, and small ones, since there are four places in a window.
#
# With the columns put aside, `backward` need not run `im2col` a second time, so it is faster. The columns hold every pixel once for each window that reads it: with 5×5 kernels at stride 1 that is 25 times in the middle of the image, so the cache is about 25 times as large as `x`.
# All layers' caches are alive at once, so in a deep network, with large images or a large batch, memory runs out first, and I would keep `x` and gather again.
#
# *Points.* 1: the mask or the sign for the ReLU, the places for the pool, each with its reason, and a size. 1: what is saved, the factor with its reason, and a sound case.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - write a layer with settings, parameters and a cache, and say what each gradient makes it keep,
# - derive the scale of the first weights from the fan-in, and tell a bad one from the outputs of ten layers,
# - pool maxima that overlap or tie, stack layers into a network, check its gradients at once, and train it.
#
# The layer is right. In the next lesson you will see how its speed depends on where the numbers lie in memory.
#
# **Further reading**
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, *Delving deep into rectifiers*, 2015, section 2.2: the derivation above, and the same for the gradients.
# - Xavier Glorot and Yoshua Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010: the same question without ReLUs.
# - Alex Krizhevsky, Ilya Sutskever and Geoffrey Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, section 3.4: max-pooling with overlaps.
