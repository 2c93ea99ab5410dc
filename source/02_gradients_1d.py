# %% [markdown] slideshow={"slide_type": "slide"}
# # Derive both gradients in one dimension
#
# You will send numbers backwards through a sliding kernel: from "how the loss depends on the outputs" to "how it depends on the signal, on the kernel and on the bias".
#
# **You need** lesson 01 (cross-correlation, convolution, padding, stride), derivatives, and the chain rule for a function of several variables.
#
# **This lesson** has 5 exercises and one written answer, 18 points in all, and takes about 75 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import FlipAndSlide

# The worked example of this lesson.
X = np.array([1, 2, 3, 4, 5])
W = np.array([1, 2, 3])
DY = np.array([1, 10, 100])

# %% [markdown]
# **Given, from lesson 01.** You may call these three in any answer.

# %% role="given" from="sliding_window.correlate1d, sliding_window.convolve1d, sliding_window.pad1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Nudge one sample
#
# A **layer** is a step of a network that makes an output from an input, here $y$ from $x$, with numbers that can be trained, here $w$.
# Take the signal and the kernel from lesson 01, and the layer that correlates:
#
# $$x = [1, 2, 3, 4, 5] \qquad w = [1, 2, 3] \qquad y = [14, 20, 26]$$
#
# Raise $x_2$ from 3 to 4. All three windows read it, each with another weight: $y_0$ with $w_2$, $y_1$ with $w_1$, $y_2$ with $w_0$. So the outputs rise by 3, by 2 and by 1.
#
# Training cares about one number, the **loss** $L$. Let this one pay 1 for each unit of $y_0$, 10 for each unit of $y_1$ and 100 for each unit of $y_2$:
#
# $$L = 1 \cdot y_0 + 10 \cdot y_1 + 100 \cdot y_2$$
#
# **Predict** by how much $L$ rises when $x_2$ rises by 1.

# %% role="prediction" exercise="middle_gradient"
middle_gradient = None  # replace None by your number
### BEGIN SOLUTION
middle_gradient = 1 * 3 + 10 * 2 + 100 * 1
### END SOLUTION

# %% role="tests" exercise="middle_gradient"

# %%
def loss(x):
    """Pay 1, 10 and 100 for the outputs of the layer that correlates x, shape (5,), with W."""
    return np.sum(correlate1d(x, W) * DY)


nudged = X.copy()
nudged[2] += 1
print("y before:", correlate1d(X, W), " loss:", loss(X))
print("y after: ", correlate1d(nudged, W), " loss:", loss(nudged))
print("the loss rose by", loss(nudged) - loss(X))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name what you did
#
# The numbers 1, 10, 100 are the **upstream gradient** `dy`, shape `(m,)` with $m = n - k + 1$ outputs: $dy_i = \partial L / \partial y_i$, how much $L$ rises when $y_i$ rises a little.
# It comes from the layers above. This layer has to work with whatever arrives.
#
# What you predicted is one entry of the **gradient of the signal** `dx`, shape `(n,)`: $dx_j = \partial L / \partial x_j$.
# In the same way `dw`, shape `(k,)`, belongs to the kernel, and `db`, one number, to the bias.
#
# A gradient has the shape of what it belongs to.
#
# This course sends 1, 10, 100 back for a reason: they work as **place values**. 123 says at a glance that $y_0$ sent 3, $y_1$ sent 2 and $y_2$ sent 1.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Draw the computation graph
#
# The layer with its bias $b$, one number that is added to every output, is
#
# $$y_i = b + \sum_{t=0}^{k-1} x_{i+t}\, w_t \qquad i = 0, \dots, m-1$$
#
# Below, every product is an edge. Forwards, values run up the edges; backwards, gradients run down the same edges and meet the same weights.

# %%
figure, axes = plt.subplots(figsize=(8, 3.2))
centred = {"ha": "center", "va": "center"}
label = {"facecolor": "white", "edgecolor": "none", "pad": 1}
circle = {"boxstyle": "circle,pad=0.3", "facecolor": "white", "edgecolor": "black"}
for i in range(3):  # y_i stands at (i + 1, 1)
    for t in range(3):
        j = i + t  # x_j stands at (j, 0)
        line = {"color": COLOURS["positive"], "linewidth": 2.5} if j == 2 else {"color": "0.75"}
        axes.plot([j, i + 1], [0, 1], zorder=1, **line)
        axes.text(j + 0.7 * (i + 1 - j), 0.7, f"$w_{t}$", bbox=label, **centred)
    axes.plot([i + 1, 4.6], [1, 1.42], "--", color="0.75", zorder=1)
    axes.text(i + 1, 1, f"$y_{i}$", bbox=circle, **centred)
for j in range(5):
    axes.text(j, 0, f"$x_{j}$", bbox=circle, **centred)
axes.text(4.6, 1.42, "$b$", bbox=circle, **centred)
axes.set(xlim=(-0.5, 5), ylim=(-0.25, 1.65), title="All that $x_2$ reaches, and all that sends back to it")
axes.axis("off")
show(
    figure,
    alt="Five nodes x0 to x4 below, three nodes y0 to y2 above. Each y is joined to three x by edges "
    "named w0, w1, w2 from left to right, and to b by a dashed line. The three edges at x2 stand "
    "out: w2 from y0, w1 from y1, w0 from y2.",
)

# %% [markdown]
# **Read it off.** Which edges end at $x_0$, and which at $x_4$? How many edges carry the name $w_0$, and how many leave $b$?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the signal's gradient
#
# $x_j$ may reach the loss through every output. The **chain rule** adds up all these ways:
#
# $$dx_j = \sum_{i=0}^{m-1} dy_i\, \frac{\partial y_i}{\partial x_j}$$
#
# How does $y_i$ depend on $x_j$? In the sum for $y_i$, the sample $x_j$ stands in the term with $i + t = j$, so $t = j - i$. There it is multiplied by $w_{j-i}$:
#
# $$\frac{\partial y_i}{\partial x_j} = w_{j-i} \quad \text{if } 0 \le j-i \le k-1, \text{ and } 0 \text{ otherwise}$$
#
# Put together, reading $w$ outside its $k$ entries as 0:
#
# $$dx_j = \sum_{i=0}^{m-1} dy_i\, w_{j-i} \qquad j = 0, \dots, n-1$$

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add it up in a table
#
# The same sum, seen from the outputs: $y_i$ sends $dy_i$ times the kernel to the samples that it read, and what arrives at one sample is added.
#
# | | $x_0$ | $x_1$ | $x_2$ | $x_3$ | $x_4$ |
# |---|---|---|---|---|---|
# | from $y_0$: 1 · [1, 2, 3] | 1 | 2 | 3 | | |
# | from $y_1$: 10 · [1, 2, 3] | | 10 | 20 | 30 | |
# | from $y_2$: 100 · [1, 2, 3] | | | 100 | 200 | 300 |
# | **dx** | **1** | **12** | **123** | **230** | **300** |
#
# Press **Step** in the figure, or point at an entry of `dx`.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5], w=[1, 2, 3], dy=[1, 10, 100], show="backward")

# %% [markdown]
# **Ask the figure.** As `dy` is read from left to right, in which direction do the entries of `w` run that it meets?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the signal's gradient
#
# Write `grad_x_1d(dy, w)` for the layer that correlates: from `dy`, shape `(m,)`, and `w`, shape `(k,)`, make `dx` as a new array of shape `(n,)`.
# The signal's length is not passed: it follows from $m = n - k + 1$.
#
# - `grad_x_1d([1, 10, 100], [1, 2, 3])` gives `[1, 12, 123, 230, 300]`.
# - Kernels of every length have to work: even, a single entry, and longer than `dy`.
# - Fractions survive, whichever of the two holds them.
#
# Loops, slices and the given functions are all welcome. As in lesson 01, library calls that convolve or correlate do not count in an answer's cell.

# %% role="answer" exercise="grad_x_1d"
def grad_x_1d(dy, w):
    """Send dy back to the signal.

    dy: (n - k + 1,) upstream gradient, w: (k,) kernel; returns dx, (n,).
    """
    ### BEGIN SOLUTION
    k = len(w)
    dx = np.zeros(len(dy) + k - 1)
    for i in range(len(dy)):
        dx[i : i + k] += dy[i] * w
    return dx
    ### END SOLUTION


# %% role="tests" exercise="grad_x_1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name the operation by its indices
#
# Look at how the two indices move along each sum.
#
# - Correlation, $\sum_t x_{i+t}\, w_t$: both rise together. Their **difference** stays the same.
# - Convolution, $\sum_t x_{i+t}\, w_{k-1-t}$: one rises, the other falls. Their **sum** stays the same.
#
# In $dx_j = \sum_i dy_i\, w_{j-i}$ the sum of the indices is $j$ throughout: **the gradient of the signal is a convolution** of `dy` with `w`.
#
# The layer correlates forwards, and convolves backwards.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count the zeros around dy
#
# Now `dx` can come from a sliding window too: the kernel, turned around, slides over `dy`.
# But `dy` has 3 entries and `dx` has 5, so `dy` needs zeros on both sides.
#
# **Predict** how many zeros `dy` needs on each side. Then try it in the figure below, which slides the turned kernel over `dy`: with which padding do its outputs become `dx`?

# %% role="prediction" exercise="zeros_around_dy"
zeros_around_dy = None  # replace None by your number
### BEGIN SOLUTION
zeros_around_dy = len(W) - 1
### END SOLUTION

# %% role="tests" exercise="zeros_around_dy"

# %%
FlipAndSlide(x=[1, 10, 100], w=[1, 2, 3], mode="convolution")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why it is k − 1
#
# **By the window.** $x_0$ was read by one window only, with $w_0$. So the first window over `dy` may touch $dy_0$ alone, and only with $w_0$. The other $k - 1$ entries of the turned kernel hang over the edge, and each of them needs a zero.
#
# **By the length.** With $p$ zeros on each side, $m + 2p - k + 1$ windows fit. There have to be $n = m + k - 1$ of them:
#
# $$m + 2p - k + 1 = m + k - 1 \quad\Rightarrow\quad p = k - 1$$
#
# A convolution with $k - 1$ zeros on each side is called **full**: every window that touches the signal at all is counted. The one from lesson 01, without zeros, is called **valid**.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the desired size
#
# A widely read derivation has a signal of 5, a kernel of 3 and a `dy` of 3. It argues:
#
# > "The size after sliding is (input − kernel + 2P) + 1. The size we want for dX is 3, the input is 3, the kernel is 3. So we pad with 2 zeros."
#
# Its 2 zeros are right. Put them into its own formula, then solve the formula for the size that it says it wants.

# %%
print("size with P = 2:", (3 - 3 + 2 * 2) + 1)
print("size with P = 1:", (3 - 3 + 2 * 1) + 1)
print("gradient with P = 1:", convolve1d(pad1d(DY, 1), W))

# %% [markdown]
# The size it wants is not 3 but 5, the size of $x$. To get 3, its formula asks for P = 1, and out comes `[12, 123, 230]`: the gradients of $x_0$ and $x_4$ are lost.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the kernel's gradient
#
# $w_t$ takes part in every output: it is one number, used $m$ times. In the sum for $y_i$ it is multiplied by $x_{i+t}$, so
#
# $$\frac{\partial y_i}{\partial w_t} = x_{i+t} \qquad\text{and}\qquad dw_t = \sum_{i=0}^{m-1} dy_i\, x_{i+t} \qquad t = 0, \dots, k-1$$
#
# By hand, with the place values:
#
# $$dw_0 = 1 \cdot 1 + 10 \cdot 2 + 100 \cdot 3 = 321 \qquad dw_1 = 1 \cdot 2 + 10 \cdot 3 + 100 \cdot 4 = 432 \qquad dw_2 = 543$$
#
# The digits of 321, read from the right, are $x_0, x_1, x_2$: the samples that $w_0$ met.
#
# The indices $i$ and $i + t$ rise together, their difference is $t$: **the gradient of the kernel is a correlation** of `x` with `dy` in the place of the kernel. No zeros are needed: $n - m + 1 = k$ windows fit.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the kernel's gradient
#
# Write `grad_w_1d(dy, x)` for the layer that correlates: from `dy`, shape `(m,)`, and `x`, shape `(n,)`, make `dw` as a new array of shape `(k,)` with $k = n - m + 1$.
#
# - `grad_w_1d([1, 10, 100], [1, 2, 3, 4, 5])` gives `[321, 432, 543]`.
# - A `dy` with one entry and a kernel with one entry have to work too.
# - Fractions survive.

# %% role="answer" exercise="grad_w_1d"
def grad_w_1d(dy, x):
    """Send dy back to the kernel.

    dy: (n - k + 1,) upstream gradient, x: (n,) signal; returns dw, (k,).
    """
    ### BEGIN SOLUTION
    k = len(x) - len(dy) + 1
    dw = np.zeros(k)
    for t in range(k):
        for i in range(len(dy)):
            dw[t] += dy[i] * x[i + t]
    return dw
    ### END SOLUTION


# %% role="tests" exercise="grad_w_1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: one bias gradient per output
#
# The same derivation writes the gradient of the bias as a list with one entry for each output. For our numbers:
#
# $$db = [1, 10, 100]$$
#
# How many biases does the layer have? **Predict** by how much the loss rises when $b$ rises from 0 to 1, then run the cell.

# %%
for b in (0, 1):
    print(f"b = {b}: loss", np.sum((correlate1d(X, W) + b) * DY))

# %% [markdown]
# There is one $b$, and the loss has one answer: it rises by 2925 − 2814 = 111.
#
# In the graph, $b$ has an edge to every output, and $\partial y_i / \partial b = 1$ on each. The chain rule adds them up: $db = \sum_i dy_i$, one number.
#
# ### Exercise 3: the bias's gradient
#
# Write `grad_b_1d(dy)`: from `dy`, shape `(m,)`, one number. `grad_b_1d([1, 10, 100])` gives 111. Signs and fractions count.

# %% role="answer" exercise="grad_b_1d"
def grad_b_1d(dy):
    """Send dy back to the bias.

    dy: (m,) upstream gradient; returns db, one number.
    """
    ### BEGIN SOLUTION
    return np.sum(dy)
    ### END SOLUTION


# %% role="tests" exercise="grad_b_1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Turn the kernel, and derive again
#
# Many textbooks, and a few libraries, build the layer that **flips its kernel**:
#
# $$y_i = \sum_{t=0}^{k-1} x_{i+t}\, w_{k-1-t}$$
#
# Read it as two steps: turn the kernel, $v_t = w_{k-1-t}$, then correlate $x$ with $v$, shape `(k,)`. The gradients of the second step are known:
#
# $$dx_j = \sum_i dy_i\, v_{j-i} \qquad dv_t = \sum_i dy_i\, x_{i+t}$$
#
# **The signal.** Put $w$ back in: $v_{j-i} = w_{k-1-j+i}$, so $dx_j = \sum_i dy_i\, w_{k-1-j+i}$. Now $i$ and $k-1-j+i$ rise together: a **correlation** of `dy`, between its $k-1$ zeros, with `w`.
#
# **The kernel.** $w_u$ is $v_{k-1-u}$ under another name, so $dw_u = dv_{k-1-u} = \sum_i dy_i\, x_{i+k-1-u}$: the same **correlation** of `x` with `dy` as before, **read backwards**.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5], w=[1, 2, 3], mode="convolution", dy=[1, 10, 100], show="backward")

# %% [markdown]
# **Ask the figure.** Step through `dx` and `dw`, then switch between the two layers. Which of the two gradients takes its numbers from the same products, in another order?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Both layers in one table
#
# With $x = [1,2,3,4,5]$, $w = [1,2,3]$, $dy = [1,10,100]$:
#
# | the layer | `dx` | `dw` |
# |---|---|---|
# | **correlates**: $y = [14, 20, 26]$ | full **convolution** of `dy` with `w`: $[1, 12, 123, 230, 300]$ | valid **correlation** of `x` with `dy`: $[321, 432, 543]$ |
# | **flips its kernel**: $y = [10, 16, 22]$ | full **correlation** of `dy` with `w`: $[3, 32, 321, 210, 100]$ | valid **correlation** of `x` with `dy`, read backwards: $[543, 432, 321]$ |
#
# Each layer's gradients are what a mistake would give in the other. So say first which layer, then whether a gradient is wrong.
#
# `db` is the sum of `dy`, 111, in both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 4: the layer that flips its kernel
#
# Write `grad_convolve1d(dy, x, w)`: the pair `(dx, dw)`, in this order, of shapes `(n,)` and `(k,)`, for the layer that flips its kernel. `dy` has shape `(n - k + 1,)`, `x` shape `(n,)`, `w` shape `(k,)`.
#
# - With the numbers of the table it gives `([3, 32, 321, 210, 100], [543, 432, 321])`, as two new arrays.
# - Kernels of every length and fractions, as above.
#
# You may call what you have written.

# %% role="answer" exercise="grad_convolve1d"
def grad_convolve1d(dy, x, w):
    """Send dy back through the layer that flips its kernel.

    dy: (n - k + 1,) upstream gradient, x: (n,) signal, w: (k,) kernel; returns (dx, dw), (n,) and (k,).
    """
    ### BEGIN SOLUTION
    dx = grad_x_1d(dy, w[::-1])
    dw = grad_w_1d(dy, x)[::-1]
    return dx, dw
    ### END SOLUTION


# %% role="tests" exercise="grad_convolve1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: a star with two meanings
#
# The derivation from above treats the layer that flips its kernel, $y_0 = w_2 x_0 + w_1 x_1 + w_0 x_2$, and sums it up in four lines:
#
# 1. $Y = X * \text{flip}(W)$
# 2. $dX = dY_\text{padded} * \text{flip}(W)$
# 3. $dW = \text{flip}(X) * dY$
# 4. $dW = dY * X$, "since $X$, taken as the kernel, is flipped by itself"
#
# It never says whether $*$ is correlation or convolution. The cell below reads each line both ways. Compare with the second row of the table: is there one reading under which all four lines hold?

# %%
stars = {
    "1. Y ": (X, W[::-1]),
    "2. dX": (pad1d(DY, 2), W[::-1]),
    "3. dW": (X[::-1], DY),
    "4. dW": (X, DY),  # the longer of the two has to be the signal
}
for line, (signal, kernel) in stars.items():
    print(line, " correlation:", correlate1d(signal, kernel), " convolution:", convolve1d(signal, kernel))

# %% [markdown]
# There is none. Line 1 holds for correlation, lines 2 and 3 for convolution. Line 4 holds for neither: it gives `[321, 432, 543]` or `[123, 234, 345]`, and the layer's `dw` is `[543, 432, 321]`.
#
# A formula with $*$ is worth nothing until you know which operation it stands for.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Take the stride back
#
# With stride $s$ the layer that correlates is $y_i = \sum_t x_{is+t}\, w_t$: window $i$ begins at sample $i \cdot s$. So $y_i$ sends its gradient to the samples from $i \cdot s$ on.
#
# Take $n = 7$, $k = 3$, $s = 2$, which gives $m = 3$ outputs, and the same $w$ and `dy`:
#
# | | $x_0$ | $x_1$ | $x_2$ | $x_3$ | $x_4$ | $x_5$ | $x_6$ |
# |---|---|---|---|---|---|---|---|
# | from $y_0$ | 1 | 2 | 3 | | | | |
# | from $y_1$ | | | 10 | 20 | 30 | | |
# | from $y_2$ | | | | | 100 | 200 | 300 |
# | **dx** | 1 | 2 | ? | 20 | ? | 200 | 300 |
#
# **Predict** $dx_2$.

# %% role="prediction" exercise="strided_gradient"
strided_gradient = None  # replace None by your number
### BEGIN SOLUTION
strided_gradient = 3 + 10
### END SOLUTION

# %% role="tests" exercise="strided_gradient"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Spread dy out, or step through dx
#
# The chain rule gives the kernel entry that $x_j$ met in window $i$: $i s + t = j$, so
#
# $$dx_j = \sum_{i=0}^{m-1} dy_i\, w_{j - is}$$
#
# It is the convolution from before, with $s - 1$ zeros put between the entries of `dy`: for $s = 2$, the full convolution of $[1, 0, 10, 0, 100]$ with $w$. This is called **dilating** `dy`. The stride itself is gone: the window over the dilated `dy` moves by 1.
#
# **The remainder.** A signal of 7 and a signal of 8 samples both give 3 outputs. With 8, the last sample is read by no window. It still belongs to $x$, so it has a gradient: 0, at the end of `dx`.
# That is why the backward pass has to be told $n$.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5, 6, 7, 8], w=[1, 2, 3], stride=2, dy=[1, 10, 100], show="backward")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 5: the signal's gradient with a stride
#
# Write `grad_x_1d_strided(dy, w, n, stride)` for the layer that correlates: `dy` of shape `((n - k) // stride + 1,)`, `w` of shape `(k,)`, `n` and `stride` ints. Return `dx` as a new array of shape `(n,)`.
#
# - `grad_x_1d_strided([1, 10, 100], [1, 2, 3], 7, 2)` gives `[1, 2, 13, 20, 130, 200, 300]`. With `n` 8 the same numbers come out, and a 0 at the end.
# - Stride 1 and strides longer than the kernel have to work, and fractions survive.

# %% role="answer" exercise="grad_x_1d_strided"
def grad_x_1d_strided(dy, w, n, stride):
    """Send dy back to the signal, window by window.

    dy: ((n - k) // stride + 1,) upstream gradient, w: (k,) kernel, n: samples, stride: samples; returns dx, (n,).
    """
    ### BEGIN SOLUTION
    dx = np.zeros(n)
    for i in range(len(dy)):
        for t in range(len(w)):
            dx[i * stride + t] += dy[i] * w[t]
    return dx
    ### END SOLUTION


# %% role="tests" exercise="grad_x_1d_strided"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put a name to each gradient
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A summary reads $Y = X * W$, $dX = dY * W$, $dW = X * dY$ and means the layer that correlates. Say for each of the three stars which operation it stands for and whether zeros are needed, and show from the indices of one term why $dX$ is what you say. *(1 point: three names, with the reason for $dX$)*
# 2. A friend's `dx` agrees with yours for $w = [1, 2, 1]$ and differs for $w = [1, 2, 3]$, although both of you built the layer that correlates. What has the friend most likely done, and why could the first kernel not show it? *(1 point: the mistake, and why it was hidden)*

# %% [markdown] role="written" exercise="name_the_gradients"
# ### BEGIN SOLUTION
# The first star is a correlation without zeros: in $x_{i+t}\, w_t$ both indices rise together.
# The second is a full convolution, with $k - 1$ zeros on each side of $dY$. The sample $x_j$ met $w_t$ in the window $i$ with $i + t = j$, so its gradient is made of terms $dy_i\, w_{j-i}$: when $i$ rises, $j - i$ falls, and the sum of the indices is always $j$.
# The third is a correlation without zeros, of $x$ with $dy$ as the kernel: in $dy_i\, x_{i+t}$ both rise together.
#
# The friend has correlated `dy` with `w`, that is, the kernel was not turned around before it slid over the padded `dy`; this is the gradient of the layer that flips its kernel. $[1, 2, 1]$ reads the same in both directions, so turning it changes nothing and the two gradients are equal.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - follow every edge of the computation graph backwards, and derive `dx`, `dw` and `db` with all their indices,
# - tell a correlation from a convolution by whether its indices rise together, and say why the padding is $k - 1$,
# - read a mistake in the digits of a place-value gradient, and send a gradient back through a stride.
#
# You trusted the derivation. In the next lesson you will build a tool that checks any gradient without one, from nothing but the forward pass.
#
# **Further reading**
#
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, section 9.5: the three operations that training a convolution layer needs.
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter 4: the same full convolution, under the name of transposed convolution.
# - Atılım Güneş Baydin and others, *Automatic differentiation in machine learning: a survey*, 2018: the chain rule on computation graphs in general.
