# %% [markdown] slideshow={"slide_type": "slide"}
# # Send gradients back through the window
#
# You will write the backward pass of the 2-D layer twice: by the seven loops of the forward pass, and as one more sliding window. Then your gradients learn a kernel from a photograph.
#
# **You need** lesson 02 (`dx`, `dw`, `db` in one dimension), lesson 03 (the oracle), and the layer of lessons 04 and 05 with its stride and padding.

# %% [markdown] role="notes"
# 2 minutes. Lesson 02 on two axes. Today the same sum is written in two ways, and both are wanted later.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 3 exercises and one written answer, 19 points in all, and takes about 95 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity; the arrays of the worked example are `IMAGE`, `KERNEL` and `DY`. No exercise may change its inputs, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import photograph
from course.figures import show
from course.widgets import GradientFlow

# The worked example of this lesson: one image, one channel, one filter.
IMAGE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
KERNEL = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
DY = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])
NO_BIAS = np.zeros(1)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 03.** The oracle and its two companions. They check answers; a call of `numerical_gradient` inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 04 and 05.** The forward pass with stride and padding. You may call the functions of this cell in any answer.

# %% role="given" from="conv2d_loops.pair, geometry.pad2d"
def conv2d(x, w, b, stride=1, padding=0):
    """Correlate x (N, C, H, W) with w (F, C, KH, KW), add b (F,): gives (N, F, OH, OW)."""
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels, the kernels of w have {w.shape[1]}")
    (sh, sw), (KH, KW), padded = pair(stride), w.shape[2:], pad2d(x, padding)
    OH, OW = (padded.shape[2] - KH) // sh + 1, (padded.shape[3] - KW) // sw + 1
    y = np.zeros((len(x), len(w), OH, OW))
    for n, f, i, j in np.ndindex(y.shape):
        patch = padded[n, :, i * sh : i * sh + KH, j * sw : j * sw + KW]
        y[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return y


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Nudge the middle pixel
#
# One image of 3 × 3 pixels, one kernel of 2 × 2, stride 1, no padding, and the outputs you know from lesson 04:
#
# $$x = \begin{bmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{bmatrix} \qquad w = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \qquad y = \begin{bmatrix} 37 & 47 \\ 67 & 77 \end{bmatrix}$$
#
# The loss pays 1, 10, 100 and 1000 for one unit of the four outputs. These are the upstream gradient:
#
# $$dy = \begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix}$$
#
# The pixel in the middle, 5, is read by all four windows. The first one has it in its lower right corner, where the weight is 4.
#
# **Predict** by how much the loss rises when that pixel rises by 1.

# %% [markdown] role="notes"
# Let the room predict the digits of the centre: four windows, four weights.

# %% role="prediction" exercise="centre_gradient"
centre_gradient = None  # replace None by your number
### BEGIN SOLUTION
centre_gradient = 1 * 4 + 10 * 3 + 100 * 2 + 1000 * 1
### END SOLUTION

# %% role="tests" exercise="centre_gradient"

# %%
nudged = IMAGE.copy()
nudged[0, 0, 1, 1] += 1
before, after = conv2d(IMAGE, KERNEL, NO_BIAS), conv2d(nudged, KERNEL, NO_BIAS)
print("y before:", before.ravel(), " y after:", after.ravel())
print("the loss rose by", np.sum(after * DY) - np.sum(before * DY))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read the digits
#
# The ones say what $y_{00}$ sent, the tens what $y_{01}$ sent, the hundreds $y_{10}$, the thousands $y_{11}$.
#
# So 1234 reads, from the right: weight 4 from the first window, 3 from the second, 2 from the third, 1 from the last. As the window moves on, the pixel lies under the kernel's weights from the last to the first.
#
# A backward pass in which each window overwrites what is there, instead of adding to it, gives 1000.
#
# Point at the entries of `dx` in the figure, then at those of `dw`.

# %% [markdown] role="notes"
# Point at the centre of dx in the figure and read 1234 from the right: ones, tens, hundreds, thousands.

# %%
GradientFlow([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]], selection=("dx", 1, 1), controls=[], rule=False)

# %% [markdown]
# **Ask the figure.** How many products make a corner of `dx`, how many an edge, how many the middle?
# And how many products make each entry of `dw`? Why is that number the same for all four?
#
# <details><summary>Answer</summary>
#
# One, two and four: as many as windows read the pixel. Each entry of `dw` is a sum of four products, since each weight was used once in each of the four windows.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name all the indices
#
# The whole layer has a batch, channels, filters, stride and padding. Its arrays:
#
# | array | shape | index |
# |---|---|---|
# | images $x$ | $(N, C, H, W)$ | image $n$, channel $c$, row, column |
# | kernels $w$ | $(F, C, KH, KW)$ | filter $f$, channel $c$, row $u$ and column $v$ of the kernel |
# | biases $b$ | $(F,)$ | filter $f$ |
# | outputs $y$, upstream gradient $dy$ | $(N, F, OH, OW)$ | image $n$, filter $f$, row $i$ and column $j$ of the window |
#
# Stride and padding are pairs, $(s_h, s_w)$ and $(p_h, p_w)$. Write $\tilde x$ for the padded images, shape $(N, C, H + 2p_h, W + 2p_w)$. Then
#
# $$y_{n,f,i,j} = b_f + \sum_{c=0}^{C-1} \sum_{u=0}^{KH-1} \sum_{v=0}^{KW-1} \tilde x_{n,\,c,\,i s_h + u,\,j s_w + v}\; w_{f,c,u,v}$$
#
# Seven loops: four say which output, three say which product.

# %% [markdown] role="notes"
# Leave this table on the board for the rest of the hour; every later line uses its letters.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Follow the edges back
#
# In the computation graph of lesson 02, each product is an edge from a pixel to an output, named by its weight. Here it is an edge from $\tilde x_{n,c,r_h,r_w}$ to $y_{n,f,i,j}$, where $r_h = i s_h + u$ is the pixel's row and $r_w = j s_w + v$ its column.
#
# Backwards, $dy_{n,f,i,j}$ runs down every edge that ends at $y_{n,f,i,j}$. For one edge this is all:
#
# - the pixel receives $dy_{n,f,i,j} \cdot w_{f,c,u,v}$,
# - the weight receives $dy_{n,f,i,j} \cdot \tilde x_{n,c,r_h,r_w}$.
#
# What arrives at one place is added. The chain rule asks for no more: for any number $\theta$ in the layer,
#
# $$d\theta = \sum_{n,f,i,j} dy_{n,f,i,j}\, \frac{\partial y_{n,f,i,j}}{\partial \theta}$$
#
# The next three sections put $b$, $w$ and $x$ in the place of $\theta$.

# %% [markdown] role="notes"
# One edge, three arrays: the same product appears in dx, dw and db. Say that before any formula.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive db
#
# $b_f$ is added to every output of filter $f$, in every image and at every position, and to no other output:
#
# $$\frac{\partial y_{n,f',i,j}}{\partial b_f} = 1 \text{ if } f' = f, \text{ and } 0 \text{ otherwise}$$
#
# Of the sum over all outputs, those of filter $f$ are left:
#
# $$db_f = \sum_{n=0}^{N-1} \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} dy_{n,f,i,j}$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many gradients of the bias?
#
# Take a batch of two images, one filter, and the upstream gradients
#
# $$dy_0 = \begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix} \qquad dy_1 = \begin{bmatrix} 2 & 20 \\ 200 & 2000 \end{bmatrix}$$
#
# How many biases are there? **Predict** by how much the loss rises when the bias rises by 1.

# %% [markdown] role="notes"
# Some will say one for each position. The bias is one number, so its gradient is one number.

# %% role="prediction" exercise="batch_bias_gradient"
batch_bias_gradient = None  # replace None by your number
### BEGIN SOLUTION
batch_bias_gradient = (1 + 10 + 100 + 1000) + (2 + 20 + 200 + 2000)
### END SOLUTION

# %% role="tests" exercise="batch_bias_gradient"

# %%
two_images, two_dys = np.concatenate([IMAGE, IMAGE]), np.concatenate([DY, 2 * DY])
for b in (0.0, 1.0):
    print(f"b = {b}: loss {np.sum(conv2d(two_images, KERNEL, np.array([b])) * two_dys):.0f}")

# %% [markdown]
# One filter, one bias, one number. A common slip sums over the batch alone and keeps one entry for each position, here `[[3, 30], [300, 3000]]`. A gradient has the shape of what it belongs to; that matrix has nothing to be added to.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive dw
#
# $w_{f,c,u,v}$ stands once in the sum of every output of filter $f$. There it is multiplied by the pixel that it met:
#
# $$\frac{\partial y_{n,f,i,j}}{\partial w_{f,c,u,v}} = \tilde x_{n,\,c,\,i s_h + u,\,j s_w + v}$$
#
# Outputs of other filters do not depend on it. So the sum runs over images and positions:
#
# $$dw_{f,c,u,v} = \sum_{n=0}^{N-1} \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} dy_{n,f,i,j}\; \tilde x_{n,\,c,\,i s_h + u,\,j s_w + v}$$
#
# By hand, for the first entry of the worked example: $1 \cdot 1 + 10 \cdot 2 + 100 \cdot 4 + 1000 \cdot 5 = 5421$. Its digits, from the right, are the four pixels that the weight met.
#
# At stride 1 the indices $i$ and $i + u$ rise together: `dw` is a correlation of the padded image with `dy` in the place of the kernel.
#
# The pixels are those of the **padded** image. In the forward pass the corner weight met a zero of the padding, and that zero belongs into the sum.

# %% [markdown] role="notes"
# Cover the sum and let the room say over which axes it has to run.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive dx
#
# Which outputs does $\tilde x_{n,c,r_h,r_w}$ reach? Those of its own image $n$, of **every** filter $f$, and of every window $(i, j)$ in which it lies. In window $(i, j)$ it lies under the kernel's row $u = r_h - i s_h$ and column $v = r_w - j s_w$, if both are inside the kernel:
#
# $$\frac{\partial y_{n,f,i,j}}{\partial \tilde x_{n,c,r_h,r_w}} = w_{f,\,c,\,r_h - i s_h,\,r_w - j s_w} \quad \text{if } 0 \le r_h - i s_h < KH \text{ and } 0 \le r_w - j s_w < KW$$
#
# and 0 otherwise. Reading $w$ outside its entries as 0,
#
# $$d\tilde x_{n,c,r_h,r_w} = \sum_{f=0}^{F-1} \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} dy_{n,f,i,j}\; w_{f,\,c,\,r_h - i s_h,\,r_w - j s_w}$$
#
# for $r_h = 0, \dots, H + 2p_h - 1$ and $r_w = 0, \dots, W + 2p_w - 1$.
#
# The padding is no part of $x$, so what came back to it is dropped: `dx` is what is left of $d\tilde x$ without its first and last $p_h$ rows and its first and last $p_w$ columns.

# %% [markdown] role="notes"
# 8 minutes. The usual question: why every filter? Because the pixel was read by all of them.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What no window reaches
#
# A stride may leave rows or columns over, as in lesson 05. With 8 pixels, a kernel of 3 and stride 2, windows begin at 0, 2 and 4, and pixel 7 is read by none.
#
# For it the sum has no terms: its gradient is **0**. It still has an entry in `dx`, which always has the shape of `x`.
#
# The figure shows it for one row of pixels. Its first seven gradients are those of lesson 02.

# %% [markdown] role="notes"
# Its gradient is 0 and not missing: the array keeps the shape of x.

# %%
GradientFlow([[1, 2, 3, 4, 5, 6, 7, 8]], [[1, 2, 3]], dy=[[1, 10, 100]], stride=2, selection=("dx", 0, 2), controls=["stride"])

# %% [markdown]
# **Ask the figure.** Which pixels are reached by two windows? Raise the stride to 4: how many outputs are left, and which pixels get 0 now?
#
# <details><summary>Answer</summary>
#
# Pixels 2 and 4. With stride 4 there are two outputs, whose windows read pixels 0 to 2 and 4 to 6. Pixel 3 lies between the windows and pixel 7 behind them: both get 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: seven loops backwards (9 points)
#
# Write `conv2d_backward_loops(dy, x, w, stride=1, padding=0)` for the layer `conv2d`, and return `(dx, dw, db)`, three new arrays of the shapes of `x`, `w` and `(F,)`.
#
# - `dy` has shape `(N, F, OH, OW)`, `x` is *not* padded yet, `(N, C, H, W)`, and `w` has shape `(F, C, KH, KW)`.
# - `stride` and `padding` are ints or pairs; `pair` and `pad2d` are given.
# - For the worked example `dx` is `[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]`, `dw` is `[[5421, 6532], [8754, 9865]]` and `db` is `[1111]`.
# - Whole numbers coming in must not cut fractions off, whichever of the three holds them.
#
# Walk through the outputs as the forward pass does, and let each send back what it read. Make `dx` for the padded image first and cut the padding off at the end; mind that the slice `[0:-0]` is empty.
#
# Loops, slices of a window and `einsum` are all welcome. As before, library calls that do the layer's work do not count in the answer's cell, and neither does the oracle.

# %% role="answer" exercise="conv2d_backward_loops"
def conv2d_backward_loops(dy, x, w, stride=1, padding=0):
    """Send dy back through the layer, product by product.

    dy: (N, F, OH, OW) upstream gradient, x: (N, C, H, W) images, w: (F, C, KH, KW) kernels,
    stride, padding: ints or pairs; returns (dx, dw, db) of the shapes of x, w and (F,).
    """
    ### BEGIN SOLUTION
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    padded = pad2d(x, padding)
    dx, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(len(w))
    for n, f, i, j in np.ndindex(dy.shape):
        sent = dy[n, f, i, j]
        db[f] += sent
        for c, u, v in np.ndindex(w.shape[1:]):
            row, column = i * sh + u, j * sw + v
            dx[n, c, row, column] += sent * w[f, c, u, v]
            dw[f, c, u, v] += sent * padded[n, c, row, column]
    return dx[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]], dw, db
    ### END SOLUTION


# %% role="tests" exercise="conv2d_backward_loops"

# %% [markdown] slideshow={"slide_type": "skip"}
# A cell to try things, for example `conv2d_backward_loops(DY, IMAGE, KERNEL)`:

# %% slideshow={"slide_type": "skip"}
DY.shape, IMAGE.shape, KERNEL.shape

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask the oracle
#
# The gradient check of lesson 03 needs the forward pass only. Below it asks about all three gradients of your backward pass, on shapes that all differ, with a stride that leaves a row over.
#
# `conv2d` is linear in `x` while `w` is held, in `w` while `x` is held, and in `b`, so the oracle's large step $h = 0.1$ is exact. *(No points: the cell is yours.)*

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(6)
x, w, b = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)
settings = {"stride": (2, 1), "padding": (0, 1)}
dy = rng.normal(size=conv2d(x, w, b, **settings).shape)
oracle = {
    "dx": numerical_gradient(lambda x: conv2d(x, w, b, **settings), x, dy),
    "dw": numerical_gradient(lambda w: conv2d(x, w, b, **settings), w, dy),
    "db": numerical_gradient(lambda b: conv2d(x, w, b, **settings), b, dy),
}
print("rows of dx that are 0 throughout:", [row for row in range(6) if not oracle["dx"][:, :, row].any()])
try:
    gradients = conv2d_backward_loops(dy, x, w, **settings)
    for (name, right), yours in zip(oracle.items(), gradients):
        small = relative_error(yours, right) < 1e-10
        print(f"{name}: relative error below 1e-10: {small}, first mismatch: {first_mismatch(yours, right)}")
except NotImplementedError:
    print("The comparison waits for your conv2d_backward_loops.")
except Exception as error:
    print("The comparison waits for a backward pass that runs:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See who is read how often
#
# With all of `w` and `dy` set to 1, each entry of `dx` counts the windows that read the pixel. The figure asks the oracle for this count, for one image of 7 × 7 pixels and three settings.
#
# **Predict** before you run the cell: in which of the three are there pixels without a gradient, and where?

# %% [markdown] role="notes"
# Ask in which of the three settings pixels stay blank. Point at the last rows.

# %% slideshow={"slide_type": "subslide"}
figure, all_axes = plt.subplots(1, 3, figsize=(11, 4))
for axes, (size, stride) in zip(all_axes, [(3, 1), (3, 2), (2, 3)]):
    kernel = np.ones((1, 1, size, size))
    image = np.zeros((1, 1, 7, 7))
    ones = np.ones(conv2d(image, kernel, NO_BIAS, stride).shape)
    counts = numerical_gradient(lambda x: conv2d(x, kernel, NO_BIAS, stride), image, ones)[0, 0]
    axes.imshow(counts, cmap="Purples", vmin=0, vmax=18)
    for row, column in np.ndindex(7, 7):
        axes.text(column, row, round(counts[row, column]), ha="center", va="center", color="black")
    axes.set(title=f"kernel {size} × {size}, stride {stride}", xlabel="column", ylabel="row")
show(
    figure,
    alt="Three grids of 7 by 7 numbers: how many windows read each pixel. Kernel 3, stride 1: 1 in the "
    "corners, 9 in the middle. Kernel 3, stride 2: 1, 2 and 4 in turns, like a chequered cloth. "
    "Kernel 2, stride 3: blocks of 1 with rows and columns of 0 between them and at the end.",
)

# %% [markdown]
# **Read it off.** In the middle panel, neighbouring pixels receive 1, 2 or 4 shares, in turns: a stride that does not divide the kernel's size sends its gradient back unevenly.
#
# In the right panel the stride is longer than the kernel. Row 2 lies between the windows, rows 5 and 6 lie after the last one, and nothing comes back to them. The columns are alike.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Slide backwards
#
# The loops *scatter*: each output spreads its share over the pixels. Now turn the question round and *gather*: which entries of `dy` does one pixel need? The pixel in the middle of the example, seen from both sides:
#
# | | scatter: output by output | gather: pixel by pixel |
# |---|---|---|
# | $y_{00}$ | adds 1 · 4 to the pixel | the pixel asks for $dy_{00}$ with weight $w_{11} = 4$ |
# | $y_{01}$ | adds 10 · 3 | for $dy_{01}$ with $w_{10} = 3$ |
# | $y_{10}$ | adds 100 · 2 | for $dy_{10}$ with $w_{01} = 2$ |
# | $y_{11}$ | adds 1000 · 1 | for $dy_{11}$ with $w_{00} = 1$ |
#
# Gathering is a window that slides over `dy`. Before any formula, count: `dy` has $2 \times 2$ entries, the kernel $2 \times 2$, and `dx` has to come out as $3 \times 3$. Which size must `dy` have, with zeros around it, for a window of $2 \times 2$ to have $3 \times 3$ places?
#
# <details><summary>Answer</summary>
#
# 4 × 4: one row or column of zeros on each side, since 4 − 2 + 1 = 3. In general `dy` has $n - k + 1$ entries on an axis, and $k - 1$ zeros on each side bring the $n$ places back.
#
# </details>

# %% [markdown] role="notes"
# Scatter is the output's view, gather the pixel's. Show one pixel from both sides.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Read the indices
#
# Take stride 1 first. In
#
# $$d\tilde x_{n,c,r_h,r_w} = \sum_{f,i,j} dy_{n,f,i,j}\; w_{f,\,c,\,r_h - i,\,r_w - j}$$
#
# the sum of the row indices is $i + (r_h - i) = r_h$, and that of the column indices is $r_w$. Lesson 02 has a name for indices with a constant sum: this is a **convolution**, in both directions.
#
# Written as a correlation, with a window that slides over `dy` and indices that rise together, the kernel is turned around in rows *and* in columns. That is a turn by **180 degrees**:
#
# $$\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \;\longrightarrow\; \begin{bmatrix} 4 & 3 \\ 2 & 1 \end{bmatrix}$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Change the names, then the places
#
# Substitute $\bar u = KH - 1 - (r_h - i)$, the row of the turned kernel, so that $i = r_h - (KH - 1) + \bar u$, and the same for the columns with $\bar v$. Let $\bar w_{f,c,\bar u,\bar v} = w_{f,\,c,\,KH - 1 - \bar u,\,KW - 1 - \bar v}$ be the turned kernel:
#
# $$d\tilde x_{n,c,r_h,r_w} = \sum_f \sum_{\bar u} \sum_{\bar v} dy_{n,\,f,\,r_h - (KH - 1) + \bar u,\,r_w - (KW - 1) + \bar v}\; \bar w_{f,c,\bar u,\bar v}$$
#
# - **The window.** For $r_h = 0$ it begins $KH - 1$ rows above `dy`. So `dy` needs $KH - 1$ rows of zeros above and below, $KW - 1$ columns left and right.
# - **The sum.** The forward pass sums over channels $c$ and has one output for each filter $f$. This one sums over filters and has one output for each channel: the kernel array changes its first two axes, from $(F, C, KH, KW)$ to $(C, F, KH, KW)$.
#
# In the example, the window of the middle pixel covers all of `dy`: $1 \cdot 4 + 10 \cdot 3 + 100 \cdot 2 + 1000 \cdot 1 = 1234$.
#
# Frameworks have this operation as a layer of its own, the **transposed convolution**. Lesson 07 says what is transposed.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: a convolution with the flipped kernel
#
# Many derivations end with the right sum and call it "a convolution with the *flipped* kernel".
#
# Take "convolution" at its word, as in lesson 01: it turns its kernel around before it slides. Here it is handed a kernel that is turned around already.
#
# **Predict** what it gives for the middle pixel of the example.

# %% [markdown] role="notes"
# Two flips cancel: let somebody say it aloud. Words and code disagree in many texts here.

# %% role="prediction" exercise="flipped_twice"
flipped_twice = None  # replace None by your number
### BEGIN SOLUTION
flipped_twice = 1 * 1 + 10 * 2 + 100 * 3 + 1000 * 4
### END SOLUTION

# %% role="tests" exercise="flipped_twice"

# %% slideshow={"slide_type": "subslide"}
turned = np.array([[[[4.0, 3.0], [2.0, 1.0]]]])
wide = pad2d(DY, 1)
readings = {
    "dy between its zeros:": wide,
    "correlation with the turned kernel, a convolution with w:": conv2d(wide, turned, NO_BIAS),
    "correlation with w, a convolution with the turned kernel:": conv2d(wide, KERNEL, NO_BIAS),
}
for name, maps in readings.items():
    print(name, maps[0, 0].astype(int), sep="\n")

# %% [markdown]
# Two turns undo each other, and out comes 4321. Right is: a **true convolution with $w$ as it is**, or a **correlation with $w$ turned by 180 degrees**, where `dy` reads as 0 outside its entries.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find the mistake: not turned
#
# A common slip slides the kernel over `dy` as it is. Who tries it on a blur sees nothing wrong.
#
# Below, the slip for two random kernels, with one channel and one filter. **Predict** for which of the two it gives the right `dx`.

# %% [markdown] role="notes"
# Ask which kernel hides the slip: a symmetric one, such as a blur.

# %%
rng = np.random.default_rng(9)
dy, x = rng.normal(size=(1, 1, 5, 4)), rng.normal(size=(1, 1, 7, 6))
any_kernel = rng.normal(size=(1, 1, 3, 3))
mirrored = (any_kernel + np.rot90(any_kernel, 2, (2, 3))) / 2
for name, w in (("any kernel                ", any_kernel), ("the same after half a turn", mirrored)):
    right = numerical_gradient(lambda x: conv2d(x, w, np.zeros(1)), x, dy)
    slip = conv2d(pad2d(dy, 2), w, np.zeros(1))
    print(f"{name}: relative error {'below 1e-10' if relative_error(slip, right) < 1e-10 else 'above 0.1'}")

# %% [markdown]
# A kernel that looks the same after half a turn hides the mistake, and most blur kernels are of this kind. A test of `dx` needs kernels without symmetry.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Undo the stride
#
# With stride $s$, the windows of neighbouring outputs begin $s$ pixels apart. For the window over `dy` to move by one pixel at a time, put $s - 1$ zeros between the entries of `dy`. Write $dy^{(s)}$ for this **dilated** `dy`:
#
# $$dy^{(s)}_{n,\,f,\,i s_h,\,j s_w} = dy_{n,f,i,j}, \text{ and } 0 \text{ at all other places}$$
#
# Put $\hat i = i s_h$ and $\hat j = j s_w$ into the sum for $d\tilde x$. The terms at other $\hat i$ and $\hat j$ are 0, so they may be summed as well:
#
# $$d\tilde x_{n,c,r_h,r_w} = \sum_f \sum_{\hat i} \sum_{\hat j} dy^{(s)}_{n,f,\hat i,\hat j}\; w_{f,\,c,\,r_h - \hat i,\,r_w - \hat j}$$
#
# It is the sum for stride 1 again. The layer's stride lives on in the gaps, and the window over $dy^{(s)}$ moves by **1**. With $w = [1, 2, 3]$, stride 2 and $dy = [1, 10, 100]$:

# %% [markdown] role="notes"
# Draw dy with zeros between its entries. The window over it moves by one, whatever the stride was.

# %%
row_turned, gaps = np.array([[[[3.0, 2.0, 1.0]]]]), np.array([[[[1.0, 0.0, 10.0, 0.0, 100.0]]]])
print("stride 1 over the dilated dy:", conv2d(pad2d(gaps, (0, 2)), row_turned, NO_BIAS).ravel())

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: dilate (2 points)
#
# With a `dy` of 3 × 2 entries and stride $(2, 3)$, how many rows and columns does the dilated `dy` have?
#
# **Predict** them as a list of two numbers. Zeros stand *between* entries only.

# %% role="prediction" exercise="dilated_size"
dilated_size = None  # replace None by a list of two numbers
### BEGIN SOLUTION
dilated_size = [(3 - 1) * 2 + 1, (2 - 1) * 3 + 1]
### END SOLUTION

# %% role="tests" exercise="dilated_size"

# %% [markdown]
# Write `dilate2d(dy, stride)`: from `dy`, shape `(N, F, OH, OW)`, a new array of shape `(N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1)`, with `sh - 1` rows and `sw - 1` columns of zeros between neighbouring entries.
#
# - `dilate2d([[[[1, 2], [3, 4]]]], (1, 2))` gives `[[[[1, 0, 2], [3, 0, 4]]]]`.
# - `stride` is an int or a pair. With stride 1 the entries stay where they are, in a new array.
# - Fractions survive.

# %% role="answer" exercise="dilate2d"
def dilate2d(dy, stride):
    """Put zeros between the entries of each map.

    dy: (N, F, OH, OW) upstream gradient, stride: int or pair;
    returns a new (N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1) array.
    """
    ### BEGIN SOLUTION
    sh, sw = pair(stride)
    N, F, OH, OW = dy.shape
    dilated = np.zeros((N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1))
    dilated[:, :, ::sh, ::sw] = dy
    return dilated
    ### END SOLUTION


# %% role="tests" exercise="dilate2d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count the zeros around it
#
# One axis at a time: $n$ pixels, padding $p$, kernel $k$, stride $s$, and $m$ outputs. The padded image has $n + 2p$ places, and the dilated `dy` has $(m - 1)s + 1$ entries.
#
# **Before.** For the first place of the padded image the window begins $k - 1$ places before `dy`. So there are $k - 1$ zeros, whatever the padding and the stride are.
#
# **After.** With $k - 1$ zeros there, too, the window has $(m - 1)s + k$ places. That is where the last window of the forward pass ends. If the stride left places over at the far end, the padded image has more than that.
#
# **Ask yourself.** $n = 8$, $k = 3$, $s = 2$, $p = 0$, so $m = 3$: how many zeros have to stand after the dilated `dy`, so that the window has 8 places? And how many in general?
#
# <details><summary>Answer</summary>
#
# The dilated `dy` has 5 entries, with 2 zeros before it 7. A window of 3 has 8 places on 10 entries, so 3 zeros stand after it: $k - 1 = 2$, and one more for the pixel that was left over. In general as many as make the whole $(n + 2p) + (k - 1)$ long. Over the places that were left over the window meets zeros only, and their gradient is 0.
#
# </details>
#
# What comes out has $n + 2p$ places. The $p$ at each end belong to the padding and are cut off, as in exercise 1.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: dx as one more convolution (6 points)
#
# Write `grad_x_as_convolution(dy, w, x_shape, stride=1, padding=0)`: `dx` of the layer `conv2d`, a new array of shape `x_shape`, which is `(N, C, H, W)`.
#
# - `dy` has shape `(N, F, OH, OW)`, `w` has shape `(F, C, KH, KW)`; `stride` and `padding` are ints or pairs.
# - With the worked example, `grad_x_as_convolution(dy, w, (1, 1, 3, 3))` gives `[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]` in its one map.
# - Pixels that no window reaches get 0. The padding may be larger than `k - 1`. Fractions survive.
#
# Here a window slides over `dy`, or each pixel gathers what it needs. A call of your `conv2d_backward_loops` does not count, and neither does the oracle: below, the two answers are compared.
#
# `conv2d` is given, `np.pad` takes zeros before and after for each axis, and you may call your `dilate2d`. Mind the axes of `w`: what does `conv2d` sum over, and what has to be summed over here?

# %% role="answer" exercise="grad_x_as_convolution"
def grad_x_as_convolution(dy, w, x_shape, stride=1, padding=0):
    """Compute dx by sliding the turned kernels over the dilated dy.

    dy: (N, F, OH, OW) upstream gradient, w: (F, C, KH, KW) kernels, x_shape: (N, C, H, W),
    stride, padding: ints or pairs; returns dx, (N, C, H, W).
    """
    ### BEGIN SOLUTION
    (ph, pw), (N, C, H, W) = pair(padding), x_shape
    KH, KW = w.shape[2:]
    spread = dilate2d(dy, stride)
    below, right = H + 2 * ph - spread.shape[2], W + 2 * pw - spread.shape[3]
    wide = np.pad(spread, ((0, 0), (0, 0), (KH - 1, below), (KW - 1, right)))
    dx = conv2d(wide, w.swapaxes(0, 1)[:, :, ::-1, ::-1], np.zeros(C))
    return dx[:, :, ph : ph + H, pw : pw + W]
    ### END SOLUTION


# %% role="tests" exercise="grad_x_as_convolution"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Let the two answers meet
#
# Scatter and gather are two ways to one sum. The cell compares yours, with a stride, padding and a column left over. *(No points.)*

# %%
rng = np.random.default_rng(11)
x, w, b = rng.normal(size=(2, 3, 8, 7)), rng.normal(size=(4, 3, 3, 2)), np.zeros(4)
dy = rng.normal(size=conv2d(x, w, b, (2, 2), (1, 0)).shape)
try:
    scattered = conv2d_backward_loops(dy, x, w, (2, 2), (1, 0))[0]
    gathered = grad_x_as_convolution(dy, w, x.shape, (2, 2), (1, 0))
    print("relative error below 1e-10:", bool(relative_error(scattered, gathered) < 1e-10))
    zero = [column for column in range(7) if not scattered[..., column].any() and not gathered[..., column].any()]
    print("columns that are 0 in both:", zero)
except NotImplementedError:
    print("This cell waits for your two answers.")
except Exception as error:
    print("This cell waits for two answers that run:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Learn a kernel from a photograph
#
# Someone filtered a piece of the photograph and kept the kernel for themselves. You have the piece `x`, and what came out. Your gradient finds the kernel.
#
# Begin with zeros. The loss is half the mean of the squared errors, so $dy$ is the error divided by the number of outputs. Step by step, `w` moves against its gradient `dw`:

# %% [markdown] role="notes"
# Run it and watch the kernel appear. Ask which of the two gradients did that: dw.

# %% slideshow={"slide_type": "subslide"}
piece = photograph()[:, 40:64, 40:64].mean(axis=0)  # (24, 24), columns and a balcony
x = ((piece - piece.mean()) / piece.std())[np.newaxis, np.newaxis]
secret = np.array([[[[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]]])
target = conv2d(x, secret, NO_BIAS)

learned = {0: np.zeros((1, 1, 3, 3))}
losses = []
try:
    w = learned[0]
    for step in range(1, 41):
        error = conv2d(x, w, NO_BIAS) - target
        losses.append(np.mean(error * error) / 2)
        dx, dw, db = conv2d_backward_loops(error / error.size, x, w)
        w = w - 0.4 * dw
        learned[step] = w
except NotImplementedError:
    print("The learning waits for your conv2d_backward_loops.")
except Exception as error:
    print("The learning waits for a backward pass that runs:", error)

steps = [step for step in (0, 1, 5, 40) if step in learned]
figure, panels = plt.subplots(2, 5, figsize=(13, 5), gridspec_kw={"wspace": 0.35})
for (upper, lower), step in zip(panels.T, steps):
    upper.imshow(conv2d(x, learned[step], NO_BIAS)[0, 0], cmap="PuOr", vmin=-8, vmax=8)
    upper.set(title=f"step {step}", xticks=[], yticks=[])
    lower.imshow(learned[step][0, 0], cmap="PuOr", vmin=-2, vmax=2)
    for (row, column), weight in np.ndenumerate(learned[step][0, 0]):
        lower.text(column, row, f"{round(weight, 1) + 0.0:.1f}", ha="center", va="center", backgroundcolor="white")
    lower.set(xticks=[], yticks=[])
panels[0, 4].imshow(target[0, 0], cmap="PuOr", vmin=-8, vmax=8)
panels[0, 4].set(title="what came out", xticks=[], yticks=[])
panels[1, 4].semilogy(range(1, len(losses) + 1), losses, color="black")
panels[1, 4].set(title="loss", xlabel="step")
panels[0, 0].set_ylabel("x filtered by w")
panels[1, 0].set_ylabel("w")
for unused in panels[:, len(steps) : 4].flat:
    unused.axis("off")
show(
    figure,
    alt="A piece of the photograph, filtered by the kernel at steps 0, 1, 5 and 40, above the kernel itself, and "
    "the filtered picture to be matched above the curve of the loss. The kernel begins with nine zeros and ends "
    "with -1, 0, 1 in the outer rows and -2, 0, 2 in the middle one; its picture becomes the one to be matched.",
)

# %% [markdown]
# Nobody told the layer that there is an edge kernel. Forty steps along your `dw` found it from one small picture and what came out. A convolution network does the same with all its kernels at once, and nobody has to know the kernels before.
#
# Change `secret` to a blur, `np.full((1, 1, 3, 3), 1 / 9)`, or to nine numbers of your own. *(No points.)*
#
# *Photograph: danielbuechele, CC BY 2.0, cut and reduced; see `help(photograph)`.*

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why the kernel turns (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A friend slides the kernel over `dy` with its rows in reverse order and its columns as they are. What does the middle pixel of the worked example get? Explain from the indices of its row and of its column what is wrong. *(1 point)*
# 2. A friend computes `dx` at stride 1 by a sliding window that turns the kernel rightly. The friend puts as many zeros around `dy` as the forward pass put around `x`, and cuts nothing off. For a 3 × 3 kernel this passes with padding 1 and fails with padding 0. How many zeros does `dy` need in each case, if nothing is to be cut off, and why did the first case hide the mistake? *(1 point)*

# %% [markdown] role="written" exercise="why_the_kernel_turns"
# ### BEGIN SOLUTION
# *1 point for question 1: the number, and which weight each window held over the pixel as the window moves on, in rows and in columns. 1 point for question 2: both numbers, and the reason.*
#
# The friend's kernel is 3, 4 above 1, 2, and the pixel gets $1 \cdot 3 + 10 \cdot 4 + 100 \cdot 1 + 1000 \cdot 2 = 2143$ instead of 1234.
# The pixel at row $r_h$ lies in window $i$ at the kernel's row $u = r_h - i$ (stride 1). The next window down begins one row lower, so it holds the pixel one row higher in the kernel: as $i$ rises, $u$ falls. Read in the order of `dy`, the pixel meets the kernel's rows from the last to the first.
# For the columns $v = r_w - j$ says the same, independently of the rows: as $j$ rises, $v$ falls. So the columns have to be reversed too, and the friend's weights come in the wrong order along every row.
#
# The padded image's gradient takes $k - 1$ zeros on each side, and $p$ places are cut off at each end. Without a cut that is $k - 1 - p$ zeros: $3 - 1 - 1 = 1$ with padding 1, and $3 - 1 - 0 = 2$ with padding 0. Padding as in the forward pass gives $p$, that is 1 and 0. The two agree where $k - 1 - p = p$, which is the padding that keeps the size, $p = (k-1)/2$. With padding 0, `dx` comes out too small.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - derive `dx`, `dw` and `db` of the whole layer with all their indices, and write them as the forward loops with the products sent back,
# - compute `dx` by a sliding window: dilate `dy`, put zeros around it, turn the kernel by 180 degrees, sum over the filters and cut the padding off,
# - learn a kernel from an image and its filtered copy, with gradients of your own,
# - say what pixels left over by a stride receive, and which tests cannot see a missing turn.
#
# Both ways are sums of products of `dy` and `w`, so there is a matrix behind them. In the next lesson you will build it.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter 4: zeros between the inputs and around them, and the remainder, with pictures. (Where we put $k - 1$ zeros and cut $p$ off, it puts $k - 1 - p$.)
# - Augustus Odena, Vincent Dumoulin and Chris Olah, *Deconvolution and checkerboard artifacts*, 2016: what the uneven counts of the figure do to generated images.
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, section 9.5: the same three operations for the whole layer.
