# %% [markdown] slideshow={"slide_type": "slide"}
# # Send gradients back through the window
#
# You will write the backward pass of the 2-D layer twice: by the seven loops of the forward pass, and as one more sliding window.
#
# **You need** lesson 02 (`dx`, `dw`, `db` in one dimension), lesson 03 (the oracle), and the layer of lessons 04 and 05 with its stride and padding.
#
# **This lesson** has 3 exercises and one written answer, 19 points in all, and takes about 80 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import show
from course.widgets import GradientFlow

# The worked example of this lesson: one image, one channel, one filter.
X = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
W = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
DY = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])
B = np.zeros(1)

# %% [markdown]
# **Given, from lesson 03.** The oracle and its two companions. They check answers; a call of `numerical_gradient` inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown]
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

# %% role="prediction" exercise="centre_gradient"
centre_gradient = None  # replace None by your number
### BEGIN SOLUTION
centre_gradient = 1 * 4 + 10 * 3 + 100 * 2 + 1000 * 1
### END SOLUTION

# %% role="tests" exercise="centre_gradient"

# %%
nudged = X.copy()
nudged[0, 0, 1, 1] += 1
print("y before:", conv2d(X, W, B).ravel(), " y after:", conv2d(nudged, W, B).ravel())
print("the loss rose by", np.sum(conv2d(nudged, W, B) * DY) - np.sum(conv2d(X, W, B) * DY))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read the digits
#
# The ones say what $y_{00}$ sent, the tens what $y_{01}$ sent, the hundreds $y_{10}$, the thousands $y_{11}$.
#
# So 1234 reads, from the right: weight 4 from the first window, 3 from the second, 2 from the third, 1 from the last. As the window moves on, the pixel meets the kernel *backwards*.
#
# Whoever slides the kernel over `dy` without turning it gets 4321. In the loops of exercise 1 nothing has to be turned: each product goes back where it came from.
#
# And whoever lets each window overwrite what is there gets 1000.
#
# Point at the entries of `dx` in the figure, then at those of `dw`.

# %%
GradientFlow([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]], selection=("dx", 1, 1))

# %% [markdown]
# **Ask the figure.** How many products make a corner of `dx`, how many an edge, how many the middle?
# And how many products make each entry of `dw`? Why is that number the same for all four?

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
# In formulas and shapes $W$ is the number of columns; in the code cells `W` is the kernel of the example.
#
# Stride and padding are pairs, $(s_h, s_w)$ and $(p_h, p_w)$. Write $\tilde x$ for the padded images, shape $(N, C, H + 2p_h, W + 2p_w)$. Then
#
# $$y_{n,f,i,j} = b_f + \sum_{c=0}^{C-1} \sum_{u=0}^{KH-1} \sum_{v=0}^{KW-1} \tilde x_{n,\,c,\,i s_h + u,\,j s_w + v}\; w_{f,c,u,v}$$
#
# Seven loops: four say which output, three say which product.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Follow the edges back
#
# In the computation graph of lesson 02, each product is an edge from a pixel to an output, named by its weight. Here it is an edge from $\tilde x_{n,c,r,q}$ to $y_{n,f,i,j}$, where $r = i s_h + u$ is the pixel's row and $q = j s_w + v$ its column.
#
# Backwards, $dy_{n,f,i,j}$ runs down every edge that ends at $y_{n,f,i,j}$. For one edge this is all:
#
# - the pixel receives $dy_{n,f,i,j} \cdot w_{f,c,u,v}$,
# - the weight receives $dy_{n,f,i,j} \cdot \tilde x_{n,c,r,q}$.
#
# What arrives at one place is added. The chain rule asks for no more: for any number $a$ in the layer,
#
# $$da = \sum_{n,f,i,j} dy_{n,f,i,j}\, \frac{\partial y_{n,f,i,j}}{\partial a}$$
#
# The next three sections put $b$, $w$ and $x$ in the place of $a$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive db
#
# $b_f$ is added to every output of filter $f$, in every image and at every position, and to no other output:
#
# $$\frac{\partial y_{n,g,i,j}}{\partial b_f} = 1 \text{ if } g = f, \text{ and } 0 \text{ otherwise}$$
#
# Of the sum over all outputs, those of filter $f$ are left:
#
# $$db_f = \sum_{n=0}^{N-1} \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} dy_{n,f,i,j}$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find the mistake: one bias gradient for each position
#
# The derivation of lesson 02 says that there is one bias for each filter, and then writes its gradient with one entry for each output position, each summed over the batch. For the two images below that would be `[[3, 30], [300, 3000]]`.
#
# Take a batch of two images, one filter, and the upstream gradients
#
# $$dy_0 = \begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix} \qquad dy_1 = \begin{bmatrix} 2 & 20 \\ 200 & 2000 \end{bmatrix}$$
#
# How many biases are there? **Predict** by how much the loss rises when the bias rises by 1.

# %% role="prediction" exercise="batch_bias_gradient"
batch_bias_gradient = None  # replace None by your number
### BEGIN SOLUTION
batch_bias_gradient = (1 + 10 + 100 + 1000) + (2 + 20 + 200 + 2000)
### END SOLUTION

# %% role="tests" exercise="batch_bias_gradient"

# %%
two_images, two_dys = np.concatenate([X, X]), np.concatenate([DY, 2 * DY])
for b in (0.0, 1.0):
    print(f"b = {b}: loss {np.sum(conv2d(two_images, W, np.array([b])) * two_dys):.0f}")

# %% [markdown]
# One filter, one bias, one number. A matrix of gradients would have nothing to be added to.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find the mistake: the image without its zeros
#
# A widely read post pads its images so that the layer keeps their size. In its code, the backward pass makes the padded image, and then takes the windows for `dw` from the image *without* its zeros.
#
# Take 3 × 3 pixels, a kernel of 3 × 3 and one zero on each side. Count the windows that this code finds, and the entries of `dy` that wait for one.

# %%
image = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
kernel = np.ones((1, 1, 3, 3))
print("outputs, and entries of dy:      ", conv2d(image, kernel, B, padding=1).size)
print("windows of the unpadded image:   ", conv2d(image, kernel, B).size)

# %% [markdown]
# Nine entries of `dy` meet one window. In the forward pass the corner weight met the corner of the *padded* image, a zero; that zero belongs into the sum.
#
# So the backward pass pads `x` as the forward pass did, or keeps what that one padded.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive dx
#
# Which outputs does $\tilde x_{n,c,r,q}$ reach? Those of its own image $n$, of **every** filter $f$, and of every window $(i, j)$ in which it lies. In window $(i, j)$ it lies under the kernel's row $u = r - i s_h$ and column $v = q - j s_w$, if both are inside the kernel:
#
# $$\frac{\partial y_{n,f,i,j}}{\partial \tilde x_{n,c,r,q}} = w_{f,\,c,\,r - i s_h,\,q - j s_w} \quad \text{if } 0 \le r - i s_h < KH \text{ and } 0 \le q - j s_w < KW$$
#
# and 0 otherwise. Reading $w$ outside its entries as 0,
#
# $$d\tilde x_{n,c,r,q} = \sum_{f=0}^{F-1} \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} dy_{n,f,i,j}\; w_{f,\,c,\,r - i s_h,\,q - j s_w}$$
#
# for $r = 0, \dots, H + 2p_h - 1$ and $q = 0, \dots, W + 2p_w - 1$.
#
# The padding is no part of $x$, so what came back to it is dropped. Row $h$ and column $l$ of $x$ are row $h + p_h$ and column $l + p_w$ of $\tilde x$:
#
# $$dx_{n,c,h,l} = d\tilde x_{n,\,c,\,h + p_h,\,l + p_w} \qquad h = 0, \dots, H-1, \quad l = 0, \dots, W-1$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What no window reaches
#
# A stride may leave rows or columns over, as in lesson 05. With 8 pixels, a kernel of 3 and stride 2, windows begin at 0, 2 and 4, and pixel 7 is read by none.
#
# For it the sum has no terms: its gradient is **0**. It still has an entry in `dx`, which always has the shape of `x`.
#
# The figure shows it for one row of pixels. Its first seven gradients are those of lesson 02.

# %%
GradientFlow([[1, 2, 3, 4, 5, 6, 7, 8]], [[1, 2, 3]], dy=[[1, 10, 100]], stride=2, selection=("dx", 0, 2))

# %% [markdown]
# **Ask the figure.** Which pixels are reached by two windows? Raise the stride to 4: how many outputs are left, and which pixels get 0 now?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: seven loops backwards
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask the oracle
#
# The gradient check of lesson 03 needs the forward pass only. Below it asks about all three gradients of your backward pass, on shapes that all differ, with a stride that leaves a row over.
#
# `conv2d` is linear in `x` while `w` is held, in `w` while `x` is held, and in `b`, so the large step $h = 0.1$ is exact. *(No points: the cell is yours.)*

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
print("rows of dx that are 0 throughout:", [r for r in range(6) if not oracle["dx"][:, :, r].any()])
try:
    gradients = conv2d_backward_loops(dy, x, w, **settings)
    for (name, right), yours in zip(oracle.items(), gradients):
        where = first_mismatch(yours, right)
        print(f"{name}: relative error {relative_error(yours, right):.1e}, first mismatch {where}")
except NotImplementedError:
    print("The comparison waits for your conv2d_backward_loops.")
except Exception as error:
    print("The comparison waits for a backward pass that runs:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See who is read how often
#
# With all of `w` and `dy` set to 1, each entry of `dx` counts the windows that read the pixel. The figure asks the oracle for this count, for one image of 7 × 7 pixels and three settings.
#
# **Predict** before you run the cell: in which of the three does a pixel get no gradient, and where?

# %% slideshow={"slide_type": "subslide"}
figure, all_axes = plt.subplots(1, 3, figsize=(11, 4))
for axes, (size, stride) in zip(all_axes, [(3, 1), (3, 2), (2, 3)]):
    kernel = np.ones((1, 1, size, size))
    image = np.zeros((1, 1, 7, 7))
    ones = np.ones(conv2d(image, kernel, B, stride).shape)
    counts = numerical_gradient(lambda x: conv2d(x, kernel, B, stride), image, ones)[0, 0]
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
# The loops *scatter*: each output spreads its share over the pixels. Now turn the question round and *gather*: which entries of `dy` does one pixel need?
#
# Take stride 1 first. In
#
# $$d\tilde x_{n,c,r,q} = \sum_{f,i,j} dy_{n,f,i,j}\; w_{f,\,c,\,r - i,\,q - j}$$
#
# the sum of the row indices is $i + (r - i) = r$, and that of the column indices is $q$. Lesson 02 has a name for indices with a constant sum: this is a **convolution**, in both directions.
#
# Written as a correlation, with a window that slides over `dy` and indices that rise together, the kernel is turned around in rows *and* in columns. That is a turn by **180 degrees**:
#
# $$\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \;\longrightarrow\; \begin{bmatrix} 4 & 3 \\ 2 & 1 \end{bmatrix}$$

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Change the names, then the places
#
# Substitute $\bar u = KH - 1 - (r - i)$, the row of the turned kernel, so that $i = r - (KH - 1) + \bar u$, and the same for the columns with $\bar v$. Let $\bar w_{f,c,\bar u,\bar v} = w_{f,\,c,\,KH - 1 - \bar u,\,KW - 1 - \bar v}$ be the turned kernel:
#
# $$d\tilde x_{n,c,r,q} = \sum_f \sum_{\bar u} \sum_{\bar v} dy_{n,\,f,\,r - (KH - 1) + \bar u,\,q - (KW - 1) + \bar v}\; \bar w_{f,c,\bar u,\bar v}$$
#
# - **The window.** For $r = 0$ it begins $KH - 1$ rows above `dy`. So `dy` needs $KH - 1$ rows of zeros above and below, $KW - 1$ columns left and right.
# - **The sum.** The forward pass sums over channels $c$ and has one output for each filter $f$. This one sums over filters and has one output for each channel: the kernel array changes its first two axes, from $(F, C, KH, KW)$ to $(C, F, KH, KW)$.
#
# In the example, the window of the middle pixel covers all of `dy`: $1 \cdot 4 + 10 \cdot 3 + 100 \cdot 2 + 1000 \cdot 1 = 1234$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: a convolution with the flipped kernel
#
# A well-known derivation ends with the right sum, $\sum dy_{i-a,\,j-b}\, w_{a,b}$, and says of it: this is a convolution with the kernel *flipped* along both axes.
#
# Take "convolution" at its word, as in lesson 01: it turns its kernel around before it slides. Here it is handed a kernel that is turned around already.
#
# **Predict** what it gives for the middle pixel of the example.

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
    "correlation with the turned kernel, a convolution with w:": conv2d(wide, turned, B),
    "correlation with w, a convolution with the turned kernel:": conv2d(wide, W, B),
}
for name, maps in readings.items():
    print(name, maps[0, 0].astype(int), sep="\n")

# %% [markdown]
# Two turns undo each other, and out comes 4321. Right is: a **true convolution with $w$ as it is**, or a **correlation with $w$ turned by 180 degrees**, where `dy` reads as 0 outside its entries.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find the mistake: not turned
#
# The post from above slides the kernel over `dy` without turning it.
#
# Below, the same shortcut for two random kernels, with one channel and one filter. For which kind of kernel is it right?

# %%
rng = np.random.default_rng(9)
dy, x = rng.normal(size=(1, 1, 5, 4)), rng.normal(size=(1, 1, 7, 6))
any_kernel = rng.normal(size=(1, 1, 3, 3))
mirrored = (any_kernel + np.rot90(any_kernel, 2, (2, 3))) / 2
for name, w in (("any kernel", any_kernel), ("symmetric ", mirrored)):
    right = numerical_gradient(lambda x: conv2d(x, w, np.zeros(1)), x, dy)
    shortcut = conv2d(pad2d(dy, 2), w, np.zeros(1))
    print(f"{name}: relative error {relative_error(shortcut, right):.2g}")

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
# $$d\tilde x_{n,c,r,q} = \sum_f \sum_{\hat i} \sum_{\hat j} dy^{(s)}_{n,f,\hat i,\hat j}\; w_{f,\,c,\,r - \hat i,\,q - \hat j}$$
#
# It is the sum for stride 1 again. The layer's stride lives on in the gaps, and the window over $dy^{(s)}$ moves by **1**.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find the mistake: the stride once more
#
# The code of that post hands its stride on to the window that slides over `dy`, and leaves `dy` as it is. For stride 1 nobody sees it.
#
# With $w = [1, 2, 3]$, stride 2 and $dy = [1, 10, 100]$, `dx` of seven pixels is `[1, 2, 13, 20, 130, 200, 300]`. Compare.

# %%
row_dy, row_turned = np.array([[[[1.0, 10.0, 100.0]]]]), np.array([[[[3.0, 2.0, 1.0]]]])
gaps = np.array([[[[1.0, 0.0, 10.0, 0.0, 100.0]]]])
print("stride 2 over dy:          ", conv2d(pad2d(row_dy, (0, 2)), row_turned, B, stride=2).ravel())
print("stride 1 over dilated dy:  ", conv2d(pad2d(gaps, (0, 2)), row_turned, B).ravel())

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: dilate
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
# One axis at a time: $n$ pixels, padding $p$, kernel $k$, stride $s$, and $m$ outputs. The dilated `dy` has $(m - 1)s + 1$ entries.
#
# **Before.** The padded image begins $p$ places before $x$. Of the $k - 1$ zeros that the padded image's gradient needs, $p$ belong to places that are dropped: **$k - 1 - p$** are left.
#
# **After.** Let $\rho$ be the **remainder**, the places at the end of the padded image that no window reaches:
#
# $$\rho = n + 2p - \big((m - 1)s + k\big)$$
#
# With $k - 1 - p + \rho$ zeros after it, the turned kernel fits as often as it has to:
#
# $$\underbrace{(m-1)s + 1}_{\text{dilated } dy} + \underbrace{2(k - 1 - p) + \rho}_{\text{zeros}} - k + 1 \;=\; (m-1)s + k - 2p + \rho \;=\; n$$
#
# Over the remainder the turned kernel meets zeros only, so the gradient there is 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### When the padding is larger than k − 1
#
# With $k = 2$ and $p = 3$, $k - 1 - p$ is $-2$: instead of adding zeros, two entries are cut off at each end. They are outputs whose windows saw nothing but padding.
#
# A way that needs no case: give the dilated `dy` its $k - 1$ zeros before, and $k - 1 + \rho$ after, slide, and cut the $p$ places of the padding off the result. It is what you did with the loops.
#
# | example, one axis | $m$ | dilated | $\rho$ | zeros before | zeros after | result, cut by $p$ |
# |---|---|---|---|---|---|---|
# | $n = 3, k = 2, s = 1, p = 0$ | 2 | 2 | 0 | 1 | 1 | 3 |
# | $n = 8, k = 3, s = 2, p = 0$ | 3 | 5 | 1 | 2 | 3 | 8 |
# | $n = 8, k = 3, s = 2, p = 1$ | 4 | 7 | 1 | 2 | 3 | 10, cut to 8 |
# | $n = 4, k = 2, s = 1, p = 3$ | 9 | 9 | 0 | 1 | 1 | 10, cut to 4 |

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: dx as one more convolution
#
# Write `grad_x_as_convolution(dy, w, x_shape, stride=1, padding=0)`: `dx` of the layer `conv2d`, a new array of shape `x_shape`, which is `(N, C, H, W)`.
#
# - `dy` has shape `(N, F, OH, OW)`, `w` has shape `(F, C, KH, KW)`; `stride` and `padding` are ints or pairs.
# - With the worked example, `grad_x_as_convolution(dy, w, (1, 1, 3, 3))` gives `[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]` in its one map.
# - Pixels that no window reaches get 0. The padding may be larger than `k - 1`. Fractions survive.
#
# Dilate, put zeros around, turn the kernel, swap its first two axes, slide, cut. `np.pad` takes zeros before and after for each axis; `conv2d` is given, and you may call your `dilate2d` once its checks pass. Loops count as well.

# %% role="answer" exercise="grad_x_as_convolution"
def grad_x_as_convolution(dy, w, x_shape, stride=1, padding=0):
    """Compute dx by sliding the turned kernels over the dilated dy.

    dy: (N, F, OH, OW) upstream gradient, w: (F, C, KH, KW) kernels, x_shape: (N, C, H, W),
    stride, padding: ints or pairs; returns dx, (N, C, H, W).
    """
    ### BEGIN SOLUTION
    (ph, pw), (N, C, H, width) = pair(padding), x_shape
    KH, KW = w.shape[2:]
    spread = dilate2d(dy, stride)
    below, right = H + 2 * ph - spread.shape[2], width + 2 * pw - spread.shape[3]
    wide = np.pad(spread, ((0, 0), (0, 0), (KH - 1, below), (KW - 1, right)))
    dx = conv2d(wide, w.swapaxes(0, 1)[:, :, ::-1, ::-1], np.zeros(C))
    return dx[:, :, ph : ph + H, pw : pw + width]
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
    print(f"relative error {relative_error(scattered, gathered):.1e}")
    columns = [q for q in range(7) if not scattered[..., q].any() and not gathered[..., q].any()]
    print("columns that are 0 in both:", columns)
except NotImplementedError:
    print("This cell waits for your two answers.")
except Exception as error:
    print("This cell waits for two answers that run:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why the kernel turns
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A pixel at row $r$ and column $q$ is read by several windows. Explain from the indices why the kernel is turned by 180 degrees when a window slides over `dy`, and not flipped along one axis only. *(1 point: which entry each window held over the pixel as the window moves on, in rows and in columns)*
# 2. A friend's `dx` passes for padding 1 with a 3 × 3 kernel at stride 1 and fails for padding 0. The friend pads `dy` "as the forward pass pads `x`". Say how many zeros are needed in both cases, and why the first one hid the mistake. *(1 point: both numbers, and the reason)*

# %% [markdown] role="written" exercise="why_the_kernel_turns"
# ### BEGIN SOLUTION
# The pixel at row $r$ lies in window $i$ at the kernel's row $u = r - i$ (stride 1). The next window down begins one row lower, so it holds the pixel one row higher in the kernel: as $i$ rises, $u$ falls. Read in the order of `dy`, the pixel meets the kernel's rows from the last to the first.
# For the columns $v = q - j$ says the same, independently of the rows. So both directions are reversed, and reversing rows and columns is a turn by 180 degrees. Flipping one axis only would let the weights of the other one come in the wrong order.
#
# At stride 1, `dy` needs $k - 1 - p$ zeros on each side: $3 - 1 - 1 = 1$ with padding 1, and $3 - 1 - 0 = 2$ with padding 0. Padding as in the forward pass gives $p$, that is 1 and 0. The two agree where $k - 1 - p = p$, which is the padding that keeps the size, $p = (k-1)/2$. With padding 0, `dx` comes out too small.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - derive `dx`, `dw` and `db` of the whole layer with all their indices, and write them as the forward loops with the products sent back,
# - compute `dx` by a sliding window: dilate `dy`, put $k - 1 - p$ zeros around it, turn the kernel by 180 degrees and swap filters with channels,
# - say what pixels left over by a stride receive, and which tests cannot see a missing turn.
#
# Both ways are sums of products of `dy` and `w`, so there is a matrix behind them. In the next lesson you will build it.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter 4: zeros between the inputs, the padding $k - 1 - p$ and the remainder, with pictures.
# - Augustus Odena, Vincent Dumoulin and Chris Olah, *Deconvolution and checkerboard artifacts*, 2016: what the uneven counts of the figure do to generated images.
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, section 9.5: the same three operations for the whole layer.
