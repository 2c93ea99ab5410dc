# %% [markdown] slideshow={"slide_type": "slide"}
# # Derive both gradients in one dimension
#
# You will send numbers backwards through a sliding kernel: from "how the loss depends on the outputs" to "how it depends on the signal, on the kernel and on the bias". Then your gradients let a kernel learn its own weights.
#
# **You need** lesson 01 (cross-correlation, convolution, padding, stride), derivatives, and the chain rule for a function of several variables.

# %% [markdown] role="notes"
# 2 minutes. Ask what a derivative says in one sentence: how much the loss moves if this number moves a little. That is all that is needed.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 5 exercises and one written answer, 18 points in all, and takes about 95 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity; the arrays of the worked example are `SIGNAL`, `KERNEL` and `DY`. No exercise may change its inputs, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import FlipAndSlide

# The worked example of this lesson.
SIGNAL = np.array([1, 2, 3, 4, 5])
KERNEL = np.array([1, 2, 3])
DY = np.array([1, 10, 100])

# %% [markdown] slideshow={"slide_type": "skip"}
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

# %% [markdown] role="notes"
# 5 minutes. The weights 1, 10 and 100 are digits: read 123 aloud as three answers at once. Let the room predict before you turn.

# %% role="prediction" exercise="middle_gradient"
middle_gradient = None  # replace None by your number
### BEGIN SOLUTION
middle_gradient = 1 * 3 + 10 * 2 + 100 * 1
### END SOLUTION

# %% role="tests" exercise="middle_gradient"

# %%
def loss(x):
    """Pay 1, 10 and 100 for the outputs of the layer that correlates x, shape (5,), with KERNEL."""
    return np.sum(correlate1d(x, KERNEL) * DY)


nudged = SIGNAL.copy()
nudged[2] += 1
print("y before:", correlate1d(SIGNAL, KERNEL), " loss:", loss(SIGNAL))
print("y after: ", correlate1d(nudged, KERNEL), " loss:", loss(nudged))
print("the loss rose by", loss(nudged) - loss(SIGNAL))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name what you did
#
# The numbers 1, 10, 100 are the **upstream gradient** `dy`, shape `(m,)` with $m = n - k + 1$ outputs: $dy_i = \partial L / \partial y_i$, how much $L$ rises when $y_i$ rises a little.
# It comes from the layers above. This layer has to work with whatever arrives.
#
# What you predicted is one entry of the **gradient of the signal** `dx`, shape `(n,)`: $dx_r = \partial L / \partial x_r$.
# In the same way `dw`, shape `(k,)`, belongs to the kernel, and `db`, one number, to the bias.
#
# A gradient has the shape of what it belongs to.
#
# This course sends 1, 10, 100 back for a reason: they work as **place values**. 123 says at a glance that $y_0$ sent 3, $y_1$ sent 2 and $y_2$ sent 1.

# %% [markdown] role="notes"
# The usual question: is dy given or computed? It comes from the layer above, and this layer never asks how.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Draw the computation graph
#
# The layer with its bias $b$, one number that is added to every output, is
#
# $$y_i = b + \sum_{t=0}^{k-1} x_{i+t}\, w_t \qquad i = 0, \dots, m-1$$
#
# Below, every product is an edge. Forwards, values run up the edges; backwards, gradients run down the same edges.
# Three kinds of steps make up the whole layer, and each has its rule for the way back:
#
# | forwards | backwards |
# |---|---|
# | **multiply**: $x \cdot w$ | each factor receives the gradient times the *other* factor |
# | **add**: $b + \dots + \dots$ | each term receives the gradient as it is |
# | **copy**: one number is used in several places | what comes back from all places is added |

# %% [markdown] role="notes"
# Trace all paths that end at $x_2$ with the pointer, then those that end at $x_0$. Each edge is one product of the forward pass.

# %%
figure, axes = plt.subplots(figsize=(8, 3.2))
centred = {"ha": "center", "va": "center"}
label = {"facecolor": "white", "edgecolor": "none", "pad": 1}
circle = {"boxstyle": "circle,pad=0.3", "facecolor": "white", "edgecolor": "black"}
arrow = {"arrowstyle": "-|>", "color": COLOURS["positive"], "linewidth": 2.5}
for i in range(3):  # y_i stands at (i + 1, 1)
    for t in range(3):
        r = i + t  # x_r stands at (r, 0)
        line = {"color": COLOURS["positive"], "linewidth": 2.5} if r == 2 else {"color": "0.75"}
        axes.plot([r, i + 1], [0, 1], zorder=1, **line)
        if r == 2:  # the way back
            axes.annotate("", (i + 1 + 0.75 * (r - i - 1), 0.25), (i + 1, 1), arrowprops=arrow)
        axes.text(r + 0.72 * (i + 1 - r), 0.72, f"$w_{t}$", bbox=label, **centred)
    axes.plot([i + 1, 4.6], [1, 1.42], "--", color="0.75", zorder=1)
    axes.text(i + 1, 1, f"$y_{i}$", bbox=circle, **centred)
for r in range(5):
    axes.text(r, 0, f"$x_{r}$", bbox=circle, **centred)
axes.text(4.6, 1.42, "$b$", bbox=circle, **centred)
axes.set(xlim=(-0.5, 5), ylim=(-0.25, 1.65), title="What $x_2$ reaches upwards sends its gradient back down the same edges")
axes.axis("off")
show(
    figure,
    alt="Five nodes x0 to x4 below, three nodes y0 to y2 above. Each y is joined to three x by edges "
    "named w0, w1, w2 from left to right, and to b by a dashed line. The three edges at x2 stand "
    "out, with arrows that point down to x2: w2 from y0, w1 from y1, w0 from y2.",
)

# %% [markdown]
# **Read it off.** Which edges end at $x_0$, and which at $x_4$? How many edges carry the name $w_0$, and how many leave $b$?
#
# <details><summary>Answer</summary>
#
# One edge each: $w_0$ ends at $x_0$, and $w_2$ at $x_4$. Three edges carry the name $w_0$ and three leave $b$, one for each output: both are copied.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the signal's gradient
#
# The sample $x_r$ may reach the loss through every output. The **chain rule** adds up all these ways:
#
# $$dx_r = \sum_{i=0}^{m-1} dy_i\, \frac{\partial y_i}{\partial x_r}$$
#
# How does $y_i$ depend on $x_r$? In the sum for $y_i$, the sample $x_r$ stands in the term with $i + t = r$, so $t = r - i$. There it is multiplied by $w_{r-i}$:
#
# $$\frac{\partial y_i}{\partial x_r} = w_{r-i} \quad \text{if } 0 \le r-i \le k-1, \text{ and } 0 \text{ otherwise}$$
#
# Put together, reading $w$ outside its $k$ entries as 0:
#
# $$dx_r = \sum_{i=0}^{m-1} dy_i\, w_{r-i} \qquad r = 0, \dots, n-1$$

# %% [markdown] role="notes"
# Do one index on the board, slowly: which $i$ and $t$ have $i + t = r$? The rest is the same sum.

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

# %% [markdown] role="notes"
# Point at dy from left to right in the figure and ask in which direction the weights are met.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5], w=[1, 2, 3], dy=[1, 10, 100], show="backward", controls=())

# %% [markdown]
# **Ask the figure.** As `dy` is read from left to right, in which direction do the weights run that it meets?
#
# <details><summary>Answer</summary>
#
# From right to left: $x_2$ meets $w_2$, $w_1$, $w_0$. The later the window, the further left in it stands the sample.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the signal's gradient (4 points)
#
# Write `grad_x_1d(dy, w)` for the layer that correlates: from `dy`, shape `(m,)`, and `w`, shape `(k,)`, make `dx` as a new array of shape `(n,)`.
# The signal's length is not passed: it follows from $m = n - k + 1$.
#
# - `grad_x_1d([1, 10, 100], [1, 2, 3])` gives `[1, 12, 123, 230, 300]`.
# - Kernels of every length have to work: even, a single entry, and longer than `dy`.
# - Fractions survive, whichever of the two holds them.
#
# Loops, slices and the given functions are all welcome. As in lesson 01, an answer that calls a library's convolution or correlation does not count.

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

# %% slideshow={"slide_type": "skip"}
# A cell to try things, for instance: grad_x_1d(DY, KERNEL)

# %% [markdown]
# **Confirm it without a derivation.** Nudge each sample by 1, one after the other, and look how the loss rises. The row of the nudges has to be your `dx`. *(No points.)*

# %%
nudges = [loss(SIGNAL + one) - loss(SIGNAL) for one in np.eye(5, dtype=int)]  # each row of eye moves one sample
print("loss rises by", [int(rise) for rise in nudges])
try:
    print("your dx:     ", np.asarray(grad_x_1d(DY, KERNEL)).tolist())
except NotImplementedError:
    print("This cell waits for your grad_x_1d.")
except Exception as error:
    print("This cell waits for a grad_x_1d that runs:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name the operation by its indices
#
# Look at how the two indices move along each sum of lesson 01.
#
# - Correlation, $\sum_t x_{i+t}\, w_t$: both rise together. Their **difference** stays the same.
# - Convolution, $\sum_t x_{i+t}\, w_{k-1-t}$: one rises, the other falls. Their **sum** stays the same.
#
# **Decide.** Which of the two is $dx_r = \sum_i dy_i\, w_{r-i}$?
#
# <details><summary>Answer</summary>
#
# A convolution of `dy` with `w`: as $i$ rises, $r - i$ falls, and the sum of the two is always $r$. The layer correlates forwards and convolves backwards.
#
# </details>

# %% [markdown] role="notes"
# The rule to keep: indices that add up to a constant are a convolution, indices with a constant difference a correlation.

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
zeros_around_dy = len(KERNEL) - 1
### END SOLUTION

# %% role="tests" exercise="zeros_around_dy"

# %%
FlipAndSlide(x=[1, 10, 100], w=[1, 2, 3], mode="convolution", controls=("padding",), rule=False)

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
#
# **Find the mistake.** A common slip is to pad `dy` as images are often padded, by 1. What comes out for our numbers, and what is lost?
#
# <details><summary>Answer</summary>
#
# `convolve1d(pad1d(DY, 1), KERNEL)` gives `[12, 123, 230]`: the gradients of $x_0$ and $x_4$ are lost. With a kernel of three taps, the samples at the ends need windows that hang over by two.
#
# </details>

# %% [markdown] role="notes"
# Lay a strip of paper as the kernel over dy on the board: it has to reach the first sample with its last weight only.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the kernel's gradient
#
# The weight $w_t$ takes part in every output: it is one number, used $m$ times. In the sum for $y_i$ it is multiplied by $x_{i+t}$, so
#
# $$\frac{\partial y_i}{\partial w_t} = x_{i+t} \qquad\text{and}\qquad dw_t = \sum_{i=0}^{m-1} dy_i\, x_{i+t} \qquad t = 0, \dots, k-1$$
#
# By hand, with the place values:
#
# $$dw_0 = 1 \cdot 1 + 10 \cdot 2 + 100 \cdot 3 = 321$$
#
# The digits of 321, read from the right, are $x_0, x_1, x_2$: the samples that $w_0$ met.

# %% [markdown] role="notes"
# Quicker than the signal's: the same products, added up by weight instead of by sample.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the kernel's gradient (3 points)
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
# ## Name this one, too
#
# **Decide.** Is $dw_t = \sum_i dy_i\, x_{i+t}$ a correlation or a convolution, of what with what, and are zeros needed?
#
# <details><summary>Answer</summary>
#
# The indices $i$ and $i + t$ rise together, and their difference is $t$: a correlation of `x` with `dy` in the place of the kernel. No zeros are needed, since $n - m + 1 = k$ windows fit.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Raise the bias
#
# A common slip is to give the bias one gradient for each output. For our numbers that would be $[1, 10, 100]$.
#
# How many biases does the layer have? **Predict** by how much the loss rises when $b$ rises from 0 to 1, then run the cell.

# %%
for b in (0, 1):
    print(f"b = {b}: loss", np.sum((correlate1d(SIGNAL, KERNEL) + b) * DY))

# %% [markdown]
# There is one $b$, and the loss has one answer: it rises by 2925 − 2814 = 111.
#
# ### Exercise 3: the bias's gradient (1 point)
#
# Write `grad_b_1d(dy)`: from `dy`, shape `(m,)`, one number. `grad_b_1d([1, 10, 100])` gives 111. Signs and fractions count. How many edges leave $b$ in the graph, and what does the table of the three rules say of each?

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
# ## Let a kernel learn
#
# You have all three gradients. Here is what they are for.
#
# Somebody sent a signal through a layer and kept its kernel and bias to themselves. You have the signal `x` and what came out, `target`.
# Begin with a kernel of zeros. The loss is half the mean of the squared errors, so $dy$ is the error divided by the number of outputs. Step by step, $w$ and $b$ move *against* their gradients, and the loss falls. This is **gradient descent**.

# %% [markdown] role="notes"
# Point at where the curve of the loss bends, then at the weights that came out. Nobody told the layer that it should take differences.

# %%
rng = np.random.default_rng(2)
x = rng.normal(size=60)
secret_w, secret_b = np.array([-1.0, 0.0, 1.0]), 0.5
target = correlate1d(x, secret_w) + secret_b

w, b = np.zeros(3), 0.0
weights, losses = [w], []
try:
    for step in range(40):
        error = correlate1d(x, w) + b - target
        losses.append(np.mean(error * error) / 2)
        dy = error / len(error)
        w = w - 0.2 * np.reshape(grad_w_1d(dy, x), 3)  # three weights
        b = b - 0.2 * grad_b_1d(dy)
        weights.append(w)
    print("learned kernel:", np.round(w, 2) + 0.0, " learned bias:", np.round(b, 2))
except NotImplementedError:
    print("The learning waits for your grad_w_1d and your grad_b_1d.")
except Exception as error:
    print("The learning waits for two answers that run:", error)

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for t, style in enumerate(("-", "--", ":")):
    left.plot([w[t] for w in weights], style, color="black", label=f"$w_{t}$")
left.set(title="The kernel learns", xlabel="step", ylabel="weight")
left.legend(loc="center right")
right.semilogy(losses, color="black")
right.set(title="The loss falls", xlabel="step", ylabel="loss")
show(
    figure,
    alt="Left, three weights over forty steps: all begin at 0, the first falls to -1, the second stays near 0, the "
    "third rises to 1. Right, the loss on a logarithmic axis falls almost in a straight line from 1 to less than 0.000001.",
)

# %% [markdown]
# Nobody told the layer that it should take differences. It found the kernel that reports every rise, from examples alone, and a convolution network finds all its kernels in this way.
#
# **Try it.** Choose another secret kernel. What happens if you multiply the step 0.2 by ten? And if you use `np.mean(dy)` in the place of your `grad_b_1d`?
#
# <details><summary>Answer</summary>
#
# With a step of 2 each step goes too far, the loss grows from step to step, and soon nothing is left of the kernel. With the mean, the gradient of the bias is 58 times too small: it points the right way, and the bias learns far too slowly.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Turn the kernel, and derive again
#
# Many textbooks, and a few libraries, build the layer that **flips its kernel**:
#
# $$y_i = \sum_{t=0}^{k-1} x_{i+t}\, w_{k-1-t}$$
#
# Read it as two steps: turn the kernel, $\bar w_t = w_{k-1-t}$, then correlate $x$ with $\bar w$, shape `(k,)`. The gradients of the second step are known:
#
# $$dx_r = \sum_i dy_i\, \bar w_{r-i} \qquad d\bar w_t = \sum_i dy_i\, x_{i+t}$$
#
# What is left is to put $w$ back in. In $dx$, $\bar w$ has to be expressed by $w$. And which entry of $dw$ is $d\bar w_t$?

# %% [markdown] role="notes"
# Ask first what can change at all: the kernel is turned, so one gradient is turned and the other changes its operation.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 4: the layer that flips its kernel (4 points)
#
# Write `grad_convolve1d(dy, x, w)`: the pair `(dx, dw)`, in this order, of shapes `(n,)` and `(k,)`, for the layer that flips its kernel. `dy` has shape `(n - k + 1,)`, `x` shape `(n,)`, `w` shape `(k,)`.
#
# - With `DY`, `SIGNAL` and `KERNEL` it gives `([3, 32, 321, 210, 100], [543, 432, 321])`, as two new arrays.
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
# A formula such as $dx = dy * w$ is worth nothing until you know which operation the star stands for, and in which layer.
#
# `db` is 111 in both.

# %%
FlipAndSlide(
    x=[1, 2, 3, 4, 5],
    w=[1, 2, 3],
    mode="convolution",
    dy=[1, 10, 100],
    show="backward",
    controls=("mode",),
)

# %% [markdown]
# **Ask the figure.** Step through `dx` and `dw`, then switch between the two layers. Which of the two gradients has the same entries in both layers, in reverse order? Why is the other one not reversed?
#
# <details><summary>Answer</summary>
#
# `dw`. The weight at place $t$ of one layer meets the same samples as the weight at place $k - 1 - t$ of the other, so it gets the same gradient. `dx` belongs to the samples, and their places are the same in both layers. Only the weights that they meet are others.
#
# </details>

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

# %% [markdown] role="notes"
# Write the outputs below the samples where they stand. The zeros between them are the whole story of the stride.

# %% role="prediction" exercise="strided_gradient"
strided_gradient = None  # replace None by your number
### BEGIN SOLUTION
strided_gradient = 3 + 10
### END SOLUTION

# %% role="tests" exercise="strided_gradient"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Spread dy out, or step through dx
#
# In window $i$ the sample $x_r$ met the weight with $i s + t = r$. Reading $w$ outside its $k$ entries as 0 again,
#
# $$dx_r = \sum_{i=0}^{m-1} dy_i\, w_{r - is}$$
#
# It is the convolution from before, with $s - 1$ zeros put between the entries of `dy`: for $s = 2$, the full convolution of $[1, 0, 10, 0, 100]$ with $w$. This is called **dilating** `dy`. The stride itself is gone: the window over the dilated `dy` moves by 1.
#
# **The remainder.** A signal of 7 and a signal of 8 samples both give 3 outputs. With 8, the last sample is read by no window. It still belongs to $x$, so it has a gradient: 0, at the end of `dx`.
# That is why the backward pass has to be told $n$.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5, 6, 7, 8], w=[1, 2, 3], stride=2, dy=[1, 10, 100], show="backward", controls=())

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 5: the signal's gradient with a stride (4 points)
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
# ## Put a name to each gradient (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. Exercise 5 sends `dy` back to the signal. Derive $dw_t$ for the same layer, with stride $s$, with its indices. Is it a correlation or a convolution, of `x` with what? *(1 point)*
# 2. A friend's `dx` agrees with yours for $w = [1, 2, 1]$ and differs for $w = [1, 2, 3]$, although both of you built the layer that correlates. What has the friend most likely done, and why could the first kernel not show it? *(1 point)*

# %% [markdown] role="written" exercise="name_the_gradients"
# ### BEGIN SOLUTION
# *1 point for question 1: the formula with $is + t$, and the name with its reason. 1 point for question 2: the mistake, and why it was hidden.*
#
# In window $i$ the weight $w_t$ meets the sample $x_{is+t}$, so $dw_t = \sum_i dy_i\, x_{is+t}$.
# As $i$ rises, both indices rise: a correlation. The index of $x$ moves by $s$ while that of $dy$ moves by 1, so the kernel in it is `dy` with $s - 1$ zeros between its entries, dilated as in exercise 5 (or: `dy` slides with dilation $s$). Samples left over at the end are cut off, so that $k$ windows are counted.
#
# The friend has correlated `dy` with `w`, that is, the kernel was not turned around before it slid over the padded `dy`; this is the gradient of the layer that flips its kernel. $[1, 2, 1]$ reads the same in both directions, so turning it changes nothing and the two gradients are equal.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - follow every edge of the computation graph backwards, and derive `dx`, `dw` and `db` with all their indices,
# - tell a correlation from a convolution by whether its indices rise together, and say why the padding is $k - 1$,
# - let a kernel learn its weights from a signal and what came out of it,
# - read a mistake in the digits of a place-value gradient, and send a gradient back through a stride.
#
# You trusted the derivation. In the next lesson you will build a tool that checks any gradient without one, from nothing but the forward pass.
#
# **Further reading**
#
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, section 9.5: the three operations that training a convolution layer needs.
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter 4: the same full convolution, under the name of transposed convolution.
# - Atılım Güneş Baydin and others, *Automatic differentiation in machine learning: a survey*, 2018: the chain rule on computation graphs in general.
