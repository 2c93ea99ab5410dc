# %% [markdown] slideshow={"slide_type": "slide"}
# # Build the batched Conv2D layer
#
# You will turn forward and backward passes into layers: objects that hold their weights, remember what they need, and can be stacked into a network.
#
# **You need** lessons 08 and 09 (what the forward and the backward pass compute; their code is given), lesson 03's gradient check, Python classes with `__init__` and `self`, mean and variance.
#
# **This lesson** has 3 exercises and one written answer, 17 points in all, and takes about 75 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import GradientFlow

# %% [markdown]
# **Given, from lessons 08 and 09.** The whole forward and backward pass of a convolution layer, as functions. Here the columns keep their six axes, `(C, KH, KW, OH, OW, N)`; reshaped to `(C * KH * KW, OH * OW * N)` they are lesson 08's `X_col`. So `col2im` reads the kernel's size from them. (An index of `einsum` is a single letter: `i` and `j` stand for $oh$ and $ow$ there.) You may call the functions of this cell in any answer.

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


# %% [markdown]
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The smallest layer that has all three parts
#
# It multiplies by one number $a$: $y_i = a\, x_i$. Then $dx_i = a\, dy_i$, and since $a$ takes part in every output, its gradient is the sum $da = \sum_i dy_i\, x_i$.
#
# (It is a convolution layer, with one channel, one filter and a 1×1 kernel.)

# %% slideshow={"slide_type": "subslide"}
class Scale:
    """Multiply by one number: an array of any shape gives one of the same shape."""

    def __init__(self, a):
        self.a = a  # the parameter

    def forward(self, x):
        self.x = x  # the cache
        return self.a * x

    def backward(self, dy):
        self.grad_a = np.sum(dy * self.x)
        return self.a * dy


layer = Scale(2)
print("y: ", layer.forward(np.array([1, 2, 3])))
print("dx:", layer.backward(np.array([1, 10, 100])))
print("da:", layer.grad_a)

# %% [markdown]
# `da` is 1·1 + 10·2 + 100·3 = 321: its digits, read from the right, are the samples that the layer remembered.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which x does it remember?
#
# One `Scale(2)` gets two batches before anything comes back:
#
# ```python
# layer.forward(np.array([1, 2, 3]))
# layer.forward(np.array([4, 5, 6]))
# layer.backward(np.array([1, 10, 100]))
# ```
#
# **Predict** `layer.grad_a`.

# %% role="prediction" exercise="last_forward"
last_forward = None  # replace None by your number
### BEGIN SOLUTION
last_forward = 1 * 4 + 10 * 5 + 100 * 6
### END SOLUTION

# %% role="tests" exercise="last_forward"

# %% [markdown]
# A layer's cache holds one forward. Every backward belongs to the forward right before it.
#
# And `grad_a` is overwritten, not added to: it is the gradient of the last backward. (PyTorch decides otherwise: there, gradients add up until they are set to zero.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find out what Conv2D has to keep
#
# A convolution layer has images `x` of shape `(N, C, H, W)`, kernels `w` of shape `(F, C, KH, KW)`, biases `b` of shape `(F,)`, and gives `y` of shape `(N, F, OH, OW)`.
# The figure shows one image, one channel and one filter. Point at an entry of `dx`, then of `dw`, then of `db`, and read its sum.

# %%
GradientFlow(selection=("dx", 1, 1))

# %% [markdown]
# **Ask the figure.** In the sums of which gradient do the numbers of `x` stand? In which do those of `w`? Which gradient needs neither?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keep x, or keep its columns?
#
# `grad_weight` needs `x`. The weights need no second copy: they stand in the layer already. `y` and the bias stand in none of the sums.
#
# But `x` enters as its columns, which `forward` has made once. Keeping them spares the second `im2col`; it costs memory, since a pixel is copied into every window that reads it.
#
# Take a batch `x` of shape `(5, 3, 10, 10)` and 3×3 kernels with padding 1. Each of the 5·10·10 windows becomes a column of 3·3·3 numbers.
#
# **Predict**: how many times as many numbers do the columns hold as `x`?

# %% role="prediction" exercise="columns_ratio"
columns_ratio = None  # replace None by your number
### BEGIN SOLUTION
columns_ratio = (27 * 500) // (5 * 3 * 10 * 10)
### END SOLUTION

# %% role="tests" exercise="columns_ratio"

# %% [markdown]
# 13 500 numbers instead of 1500. A network keeps one cache for every layer at the same time, from the forward until the backward has come down to it.
#
# Both choices are right, and gradients do not depend on them. It is a trade of memory for time.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Choose the first weights
#
# Before training, the kernels need some numbers.
#
# **Why not zeros, or all ones?** If every layer begins like that, the filters of a layer compute the same map, get the same gradient and take the same step. They stay equal for ever, and 64 filters are worth one.
#
# So they are drawn at random, from a normal distribution with mean 0. What is left to choose is its standard deviation, the **scale**. It decides whether a signal survives a deep network.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the scale
#
# Consider one output $z$ of one layer. It sums $R$ products of a weight $w_r$ and an input $x_r$, one for each row of the columns:
#
# $$z = \sum_{r=0}^{R-1} w_r\, x_r \qquad R = C \cdot KH \cdot KW$$
#
# $R$ is the **fan-in**: the number of inputs that one output reads. The bias begins at 0.
#
# 1. The weights are independent of each other and of the inputs, with mean 0 and variance $\mathrm{Var}(w)$. So the products are uncorrelated with mean 0, their variances add up, and each is $\mathrm{Var}(w)\, \mathrm{E}[x^2]$:
#
# $$\mathrm{Var}(z) = R\, \mathrm{Var}(w)\, \mathrm{E}[x^2]$$
#
# 2. Between two layers stands a **ReLU**, $x = \max(0, z')$, where $z'$ is an output of the layer before. $z'$ lies around 0 symmetrically, so half of its square is cut off: $\mathrm{E}[x^2] = \tfrac12 \mathrm{Var}(z')$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 3. Put together, from one layer to the next:
#
# $$\mathrm{Var}(z) = \tfrac{R}{2}\, \mathrm{Var}(w)\, \mathrm{Var}(z')$$
#
# 4. The variance stays what it is if the factor is 1, that is, if $\mathrm{Var}(w) = 2/R$:
#
# $$\text{scale} = \sqrt{\frac{2}{R}} = \sqrt{\frac{2}{C \cdot KH \cdot KW}}$$
#
# This is **He's rule**. For kernels of shape `(10, 3, 3, 3)` the fan-in is 3·3·3 = 27, and the scale is √(2/27) = 0.272.
#
# The number of filters, 10, does not occur: no output sums over filters.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Half is not half
#
# Suppose that somebody draws all weights with *half* of He's scale. Then every layer halves the spread of its outputs.
#
# Ten such layers are stacked. By which factor is the spread of the last outputs smaller than with He's scale?
#
# **Predict** it as a whole number.

# %% role="prediction" exercise="tenth_layer"
tenth_layer = None  # replace None by your number
### BEGIN SOLUTION
tenth_layer = 2**10
### END SOLUTION

# %% role="tests" exercise="tenth_layer"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: He's scale
#
# Write `he_std(weight_shape)`: the standard deviation of He's rule, as a float, for kernels of shape `weight_shape` = `(F, C, KH, KW)`.
#
# `he_std((10, 3, 3, 3))` gives √(2/27), which is 0.272 to three digits; `he_std((3, 10, 3, 3))` gives √(2/90), which is 0.149.

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

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: a scale from the filters
#
# A widely read implementation draws standard normal numbers and divides them by $\sqrt{F/2}$, with $F$ the number of filters. Its weights have the scale
#
# $$\sqrt{\frac{2}{F}}$$
#
# Compare that with He's for 64 filters of 3×3 on 64 channels: by which factor does it miss, and what has become of that after ten layers?

# %%
channels = 64
from_filters, from_fan_in = np.sqrt(2 / channels), np.sqrt(2 / (channels * 3 * 3))
print(f"from the filters {from_filters:.4f}, from the fan-in {from_fan_in:.4f}")
print(f"factor in one layer: {from_filters / from_fan_in:.0f}, in ten: {(from_filters / from_fan_in) ** 10:.0f}")

# %% [markdown]
# With as many filters as channels, the rule forgets the kernel's area, 9, and is √9 = 3 times too large: in every layer, so 59 049 times after ten.
#
# On its own example, ten filters on three channels, it gives √(2/10) = 0.447 instead of 0.272, a miss of 1.6, and nobody notices with one layer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Watch a signal go through ten layers
#
# Below, noise goes through ten layers of 64 filters of 3×3, each behind a ReLU. The same random kernels are used four times, multiplied by four scales.
#
# **Predict** before you run the cell: which curve stays level? The second scale, √(1/fan-in), is sound where no ReLU halves the signal. What does it do here?

# %% slideshow={"slide_type": "subslide"}
def spreads(scale, depth=10, channels=64):
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
    axes.semilogy(spreads(scale), style, color=colour, label=name)
axes.set(
    title="The same kernels, four scales",
    xlabel="layers that the signal has gone through",
    ylabel="spread of the outputs",
    xticks=range(11),
)
axes.legend()
show(
    figure,
    alt="Spread of the outputs, on a logarithmic axis, after 0 to 10 layers. He's scale stays near 1. "
    "The scale from the filters climbs to about 60 000. The square root of 1 over the fan-in falls "
    "to about 0.03, and 0.01 everywhere to about 2e-8.",
)

# %% [markdown]
# **Read it off.** Each curve is nearly straight on the logarithmic axis: about the same factor in every layer. For √(1/fan-in) the factor is √½, so ten layers leave √½¹⁰ = 1/32.
#
# The gradients come down through the same kernels. An entry of `dx` sums over filters, $F \cdot KH \cdot KW$ products; here $F = C$, so gradients grow or vanish in the same way.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check the first loss
#
# There is a test of all this that costs one forward pass. A network that sorts images into 10 classes gives each image 10 **scores** $z_0, \dots, z_9$; its loss for the right class $t$ is
#
# $$L = -\ln \frac{e^{z_t}}{\sum_{o=0}^{9} e^{z_o}}$$
#
# Before training it knows nothing. If all ten scores are equal, each class gets $1/10$, and $L = \ln 10 = 2.303$.
#
# A first loss far above $\ln(\text{number of classes})$ says that the scores are far apart for no reason: the first weights are too large.

# %% slideshow={"slide_type": "subslide"}
def first_loss(scale_of):
    """Return the loss of a new network of five layers, whose scales are scale_of(F, fan-in)."""
    rng = np.random.default_rng(4)
    z, labels = rng.normal(size=(20, 3, 14, 14)), rng.integers(0, 10, 20)
    for filters, size in ((32, 3), (32, 3), (32, 3), (32, 3), (10, 6)):
        shape = (filters, z.shape[1], size, size)
        x = z if z.shape[1] == 3 else np.maximum(z, 0)
        w = scale_of(filters, x.shape[1] * size**2) * rng.normal(size=shape)
        z = conv2d_im2col(x, w, np.zeros(filters))
    scores = z[:, :, 0, 0]  # (20, 10)
    scores -= scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(20), labels])


print(f"all scores equal:  {np.log(10):.3f}")
print(f"He:                {first_loss(lambda filters, fan_in: (2 / fan_in) ** 0.5):.3f}")
print(f"from the filters:  {first_loss(lambda filters, fan_in: (2 / filters) ** 0.5):.0f}")

# %% [markdown]
# With He's scale the scores differ a little, which costs a little. With the scale from the filters the network is as wrong as it is certain.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the layer
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
# - Both methods use `weight` and `bias` as they stand at the call: training replaces them.
# - `backward` belongs to the latest `forward`, and overwrites the gradients of the one before. They are sums over the batch; nothing is divided by N.
# - The given functions do the computing; yours is the order. Further attributes and methods are welcome. Layers of PyTorch do not count in the answer's cell.

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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keep the largest of each window
#
# **Max-pooling** slides a window over each map and keeps the largest number in it. It has no weights, and channels do not mix.
#
# For `x` of shape `(N, C, H, W)`, a window of `(KH, KW)` pixels and strides $s_h, s_w$,
#
# $$y_{n,c,oh,ow} = \max_{u,\,v}\; x_{n,\,c,\;\, oh \cdot s_h + u,\;\, ow \cdot s_w + v} \qquad 0 \le u < KH,\quad 0 \le v < KW$$
#
# `y` has shape `(N, C, OH, OW)` with $OH = \lfloor (H - KH)/s_h \rfloor + 1$, and likewise for the width. There is no padding.
#
# With windows of 2×2 side by side (stride 2):
#
# $$\begin{bmatrix} 3 & -1 & 4 & 1 \\ -5 & \mathbf{9} & 2 & \mathbf{6} \\ 5 & -3 & -8 & -9 \\ \mathbf{7} & 0 & -3 & \mathbf{-2} \end{bmatrix} \quad\to\quad \begin{bmatrix} 9 & 6 \\ 7 & -2 \end{bmatrix}$$
#
# The last window holds negative numbers only, and its maximum is −2, not 0.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Send the gradient to the winner
#
# Nudge the 9 a little: $y_{0,0}$ moves as much. Nudge the 3, the −1 or the −5 a little: the 9 is still the largest, and nothing moves.
#
# So each $dy_{n,c,oh,ow}$ goes, whole, to the pixel where its maximum stood, and every other pixel of the window gets nothing from it.
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: max-pooling
#
# Write the class `MaxPool2D(kernel_size, stride=None)`. Both are an int or a pair; without a stride, windows stand side by side: the stride is the kernel size.
#
# **`forward(x)`** returns `y`, `(N, C, OH, OW)`, for `x`, `(N, C, H, W)`. **`backward(dy)`** returns `dx`, `(N, C, H, W)`, for `dy`, `(N, C, OH, OW)`.
#
# - `MaxPool2D((1, 3), 1)` sends `[[[[1, 5, 2, 4, 3]]]]` to `[[[[5, 5, 4]]]]`, and `dy` `[[[[1, 10, 100]]]]` back to `[[[[0, 11, 0, 100, 0]]]]`.
# - Of equal maxima the first one in row-major order takes the gradient. That is the one which `np.argmax` finds, and `np.unravel_index(place, window.shape)` turns its place into row and column.
# - Rows and columns that no window reaches are left out, and get gradient 0.
# - Fractions and negative numbers survive in both directions.

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
        n, c, h, w = x.shape
        y = np.zeros((n, c, (h - kh) // sh + 1, (w - kw) // sw + 1))
        for oh, ow in np.ndindex(y.shape[2:]):
            window = x[:, :, oh * sh : oh * sh + kh, ow * sw : ow * sw + kw]
            y[:, :, oh, ow] = window.max(axis=(2, 3))
        self.x = x
        return y
        ### END SOLUTION

    def backward(self, dy):
        """Return dx, (N, C, H, W), for dy, (N, C, OH, OW)."""
        ### BEGIN SOLUTION
        (kh, kw), (sh, sw) = self.kernel, self.stride
        dx = np.zeros(self.x.shape)
        for n, c, oh, ow in np.ndindex(dy.shape):
            window = self.x[n, c, oh * sh : oh * sh + kh, ow * sw : ow * sw + kw]
            u, v = np.unravel_index(np.argmax(window), window.shape)
            dx[n, c, oh * sh + u, ow * sw + v] += dy[n, c, oh, ow]
        return dx
        ### END SOLUTION


# %% role="tests" exercise="MaxPool2D"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Stack layers into a layer
#
# Since every layer has the same two methods, a stack of layers is a layer as well: forwards from the first to the last, backwards from the last to the first.
#
# This is the chain rule at work. What one layer returns as its `dx` is the `dy` of the layer below, and neither has to know the other.

# %% slideshow={"slide_type": "subslide"}
class ReLU:
    """Cut off at 0: an array of any shape gives one of the same shape."""

    def forward(self, x):
        self.passed = x > 0
        return np.where(self.passed, x, 0.0)

    def backward(self, dy):
        return np.where(self.passed, dy, 0.0)


class Stack:
    """Layers one after the other."""

    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check the whole stack
#
# Your two classes, a ReLU between them, nothing square: the oracle of lesson 03 asks for the gradient of the images and of every weight and bias.
#
# The stack is made of straight pieces with kinks between them, from the ReLU and from the maxima. So the step has to be small, $h = 10^{-5}$, and below 1e-8 is right. *(No points: the answers stand further up.)*

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
except Exception as error:
    print(f"This cell waits for your two classes to pass their checks ({type(error).__name__}).")

# %% [markdown]
# **Ask further.** Change $10^{-5}$ to 0.1 in both places and run it again. The gradients have not changed: which of lesson 03's troubles do you see, and why does the last layer's weight not have it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the layer keeps
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. For each of `dx`, `grad_weight` and `grad_bias`, say which arrays from the forward pass its sum needs. Then say which of `x`, `w`, `b` and `y` a `Conv2D` has to put aside in `forward`, and why the others need not be put aside. *(1 point: the needs of all three gradients, and what follows for the cache)*
# 2. A friend's `Conv2D` puts aside the columns instead of `x`. Say what that saves, what it costs, with a factor for 5×5 kernels at stride 1, and for which networks you would decide against it. *(1 point: what is saved, the factor with its reason, and a sound case)*

# %% [markdown] role="written" exercise="what_the_layer_keeps"
# ### BEGIN SOLUTION
# `dx` needs `dy` and the weights: each $dy$ goes back to the pixels of its window, times the weight that the pixel met. `grad_weight` needs `dy` and `x`, since a weight's gradient is the sum of $dy$ times the pixel that the weight met. `grad_bias` is a sum of `dy` and needs nothing else.
# So `forward` has to put `x` aside. The weights stand in the layer anyway, as long as nobody changes them between forward and backward, and `b` and `y` occur in none of the sums.
#
# With the columns put aside, `backward` need not run `im2col` a second time, so it is faster. The columns hold every pixel once for each window that reads it: with 5×5 kernels at stride 1 that is 25 times in the middle of the image, so the cache is about 25 times as large as `x`.
# All layers' caches are alive at once, so in a deep network, with large images or a large batch, memory runs out first, and I would keep `x` and gather again.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - write a layer with settings, parameters and a cache, and say what each gradient makes it keep,
# - derive the scale of the first weights from the fan-in, and tell a bad one from ten layers or from the first loss,
# - pool maxima that overlap or tie, stack layers, and check a whole network's gradients at once.
#
# The layer is right. In the next lesson you will see how its speed depends on where the numbers lie in memory.
#
# **Further reading**
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, *Delving deep into rectifiers*, 2015, section 2.2: the derivation above, and the same for the gradients.
# - Xavier Glorot and Yoshua Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010: the same question without ReLUs.
# - Alex Krizhevsky, Ilya Sutskever and Geoffrey Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, section 3.4: max-pooling with overlaps.
