# %% [markdown] slideshow={"slide_type": "slide"}
# # Slide a kernel along a signal
#
# You will slide a short list of weights along a list of numbers, find out what a flip changes, and count how many times the window fits.
# This one operation blurs photographs and finds edges; in lesson 13 a network made of it will read handwritten digits.
#
# **You need** Python functions, lists and loops, sums written with Σ, and numpy arrays at the level of `np.zeros(3)`, `len(x)` and `x[i : i + 3]`.
#
# **This lesson** has 5 exercises and one written answer, 20 points in all, and takes about 60 minutes.
# Go through the cells from the top and run each with Shift + Enter, the one below first of all.
# Under each answer stands a check: run it as often as you like, it costs nothing.
# The grade asks the same questions on other numbers; predictions carry no points.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import FlipAndSlide

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Slide by hand
#
# Take a **signal** `x`, an array of shape `(n,)` whose numbers are its samples, and a **kernel** `w` of shape `(k,)`, no longer than the signal, whose numbers are its weights:
#
# $$x = [1, 2, 3, 4, 5] \qquad w = [1, 2, 3] \qquad n = 5,\quad k = 3$$
#
# Lay the kernel over the first three samples, multiply each sample by the weight above it, and add up:
#
# $$1 \cdot 1 + 2 \cdot 2 + 3 \cdot 3 = 14$$
#
# Move the kernel one sample to the right and do it again:
#
# $$2 \cdot 1 + 3 \cdot 2 + 4 \cdot 3 = 20$$
#
# There is room for one more step.
# **Predict** the third number: write it in the place of `None`, run that cell, then the check below it.

# %% role="prediction" exercise="last_output"
last_output = None  # replace None by your number
### BEGIN SOLUTION
last_output = 3 * 1 + 4 * 2 + 5 * 3
### END SOLUTION

# %% role="tests" exercise="last_output"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Say it as a formula
#
# What you did is called **cross-correlation**, correlation for short.
# With $i$ for the place of the window and $t$ for the place inside it,
#
# $$y_i = \sum_{t=0}^{k-1} x_{i+t}\, w_t \qquad i = 0, 1, \dots, n-k$$
#
# The last window begins at $i = n-k$, so the output `y` has shape `(n - k + 1,)`: here 5 − 3 + 1 = 3 numbers.
#
# A kernel longer than the signal fits nowhere, and the formula has no output to give.
#
# In the figure below, point at an output to see its window and its sum, or at a sample of the signal to see which outputs it reaches.
# Then click a cell and use the arrow keys.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5], w=[1, 2, 3])

# %% [markdown]
# **Ask the figure.** The first sample of `x` reaches one output, the third reaches three.
# How many does the last one reach, and what does that say about the ends of a signal?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: correlate
#
# Write `correlate1d(x, w)`: the cross-correlation of `x`, shape `(n,)`, with `w`, shape `(k,)`, as a new array of shape `(n - k + 1,)`.
#
# - `correlate1d([1, 2, 3, 4, 5], [1, 2, 3])` gives `[14, 20, 26]`.
# - Fractions survive: `[1, 2, 3]` with `[0.5, 0.25]` gives `[1.0, 1.75]`, although `x` holds whole numbers.
# - A kernel longer than the signal is refused: `raise ValueError("the kernel does not fit")`.
#
# Loops, slices, `@`, `einsum` and `sliding_window_view` are all welcome.
# `np.correlate`, `np.convolve` and their relatives in SciPy and PyTorch are what you are building: in your answer's cell they do not count, in a cell of your own you may compare with them.

# %% role="answer" exercise="correlate1d"
def correlate1d(x, w):
    """Slide w along x as it is written.

    x: (n,) signal, w: (k,) kernel; returns (n - k + 1,).
    """
    ### BEGIN SOLUTION
    n, k = len(x), len(w)
    if k > n:
        raise ValueError(f"a kernel of {k} taps does not fit into a signal of {n} samples")
    y = np.zeros(n - k + 1)
    for i in range(n - k + 1):
        for t in range(k):
            y[i] += x[i + t] * w[t]
    return y
    ### END SOLUTION


# %% role="tests" exercise="correlate1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Send an impulse through
#
# An **impulse** is a signal that is 0 everywhere but in one place, where it is 1.
# It is the best question you can ask of a kernel: each output has at most one product that is not 0, so you see the weights one by one.
#
# Take $x = [0, 0, 1, 0, 0]$ and the same $w = [1, 2, 3]$.
# In the first window the 1 stands last. Which weight does it meet?
#
# **Predict** all three outputs of the cross-correlation.

# %% role="prediction" exercise="impulse_response"
impulse_response = None  # replace None by a list of three numbers
### BEGIN SOLUTION
impulse_response = [3, 2, 1]
### END SOLUTION

# %% role="tests" exercise="impulse_response"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Turn the kernel around
#
# Correlation answers an impulse with the kernel *backwards*.
# In signal processing one wants the kernel itself to come out as the answer to an impulse.
# So one turns the kernel around, or *flips* it, before sliding it. That is **convolution**:
#
# $$y_i = \sum_{t=0}^{k-1} x_{i+t}\, w_{k-1-t} \qquad i = 0, 1, \dots, n-k$$
#
# Now $w_{k-1}$ meets the first sample of the window and $w_0$ the last.
#
# Textbooks write $y_j = \sum_t x_{j-t}\, w_t$. It is the same sum: replace $t$ by $k-1-t$ in ours and the index of $x$ becomes $i+k-1-t$, which is $j-t$ for $j = i+k-1$.
# For the windows that fit, only the numbering differs, by $k-1$.
#
# With the numbers from above, $x = [1,2,3,4,5]$ and $w = [1,2,3]$:
#
# | | kernel that slides | $y_0$ | $y_1$ | $y_2$ |
# |---|---|---|---|---|
# | cross-correlation | 1, 2, 3 | 14 | 20 | 26 |
# | convolution | 3, 2, 1 | 10 | 16 | 22 |

# %%
FlipAndSlide(x=[0, 0, 1, 0, 0], w=[1, 2, 3], mode="convolution")

# %% [markdown]
# **Ask the figure.** Switch between the two operations and watch the kernel that slides.
# Then step from output 0 to output 2: which sample does the weight 3 meet each time?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: convolve
#
# Write `convolve1d(x, w)`: the convolution of `x`, shape `(n,)`, with `w`, shape `(k,)`, as a new array of shape `(n - k + 1,)`.
#
# - An impulse `[0, 0, 1, 0, 0]` through `[1, 2, 3]` gives `[1, 2, 3]`.
# - `x` and `w` are the same after the call as before.
#
# You may call your `correlate1d`.

# %% role="answer" exercise="convolve1d"
def convolve1d(x, w):
    """Slide w along x turned around.

    x: (n,) signal, w: (k,) kernel; returns (n - k + 1,).
    """
    ### BEGIN SOLUTION
    return correlate1d(x, w[::-1])
    ### END SOLUTION


# %% role="tests" exercise="convolve1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See where the flip shows
#
# Below, a noisy step, a signal that jumps from 0 to 1, goes through two kernels, each time by correlation and by convolution.
# `np.correlate` does the first and `np.convolve` the second; `mode="valid"` keeps the windows that fit.
#
# **Predict** before you run the cell: for which of the two kernels will the two curves differ, and how?

# %%
rng = np.random.default_rng(1)
step = np.repeat([0.0, 1.0], 20) + rng.normal(scale=0.08, size=40)

figure, panels = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
kernels = {"average [1/3, 1/3, 1/3]": np.full(3, 1 / 3), "difference [-1, 0, 1]": np.array([-1, 0, 1])}
middle = np.arange(1, 39)  # each output is drawn at the middle of its window
for panel, (name, w) in zip(panels, kernels.items()):
    panel.plot(step, color="0.75", label="signal")
    panel.plot(middle, np.correlate(step, w, "valid"), color=COLOURS["positive"], label="correlation")
    panel.plot(middle, np.convolve(step, w, "valid"), "--", color=COLOURS["negative"], label="convolution")
    panel.set(title=name, xlabel="sample")
panels[0].set_ylabel("value")
panels[1].legend()
show(
    figure,
    alt="Two panels with a noisy step. Left, averaged: correlation and convolution lie on each other. "
    "Right, differences: correlation peaks at about 1 at the step, convolution at about -1.",
)

# %% [markdown]
# The average hides the flip: both curves are one.
# The difference shows it: convolution turns `[-1, 0, 1]` into `[1, 0, -1]`, so every rise is reported as a fall.
#
# For some kernels, then, no test can tell which of the two you have written. Which ones?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: does the flip show?
#
# Write `flip_is_invisible(w)`: `True` if correlation and convolution with the kernel `w`, shape `(k,)`, agree for every signal, and `False` if some signal tells them apart.
#
# `[1, 2, 1]` gives `True`, `[1, 0, -1]` gives `False`.
# The answer is exact: weights that differ by 0.000001 are different, and rounding must not decide. Anything in numpy is welcome.

# %% role="answer" exercise="flip_is_invisible"
def flip_is_invisible(w):
    """Tell whether no signal can tell correlation with w from convolution with w.

    w: (k,) kernel; returns a bool.
    """
    ### BEGIN SOLUTION
    return bool(np.all(w == w[::-1]))
    ### END SOLUTION


# %% role="tests" exercise="flip_is_invisible"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Pad the ends
#
# The first sample of a signal lies in one window, a sample in the middle lies in three, and the output is shorter than the input.
# **Padding** helps with both: put $p$ zeros before the signal and $p$ zeros after it, $p$ being 0 or more.
#
# With $p = 1$, $x = [1, 2, 3, 4, 5]$ becomes $[0, 1, 2, 3, 4, 5, 0]$, seven samples, and a kernel of three fits 7 − 3 + 1 = 5 times: as many outputs as inputs. The first sample now lies in two windows instead of one.
#
# ### Exercise 4: pad
#
# Write `pad1d(x, padding)`: `x`, shape `(n,)`, with `padding` zeros on each side, as a **new** array of shape `(n + 2 * padding,)`.
#
# - `pad1d([1, 2, 3], 2)` gives `[0, 0, 1, 2, 3, 0, 0]`.
# - Fractions survive, and `padding` 0 gives a copy: changing the result later must not change `x`.
#
# `np.pad` is welcome; so is writing into an array of zeros.

# %% role="answer" exercise="pad1d"
def pad1d(x, padding):
    """Put zeros on both sides of x.

    x: (n,) signal, padding: zeros on each side; returns a new (n + 2 * padding,) array.
    """
    ### BEGIN SOLUTION
    padded = np.zeros(len(x) + 2 * padding, dtype=x.dtype)
    padded[padding : padding + len(x)] = x
    return padded
    ### END SOLUTION


# %% role="tests" exercise="pad1d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Take longer steps, leave gaps
#
# Two more settings change which samples meet.
#
# - **Stride** $s$, 1 or more: the window moves $s$ samples at a time instead of one. Output $i$ begins at sample $i \cdot s$.
# - **Dilation** $d$, 1 or more: neighbouring weights stand $d$ samples apart. Weight $t$ meets the sample $t \cdot d$ places after the window's first. Dilation 1 is the plain kernel. The $k$ places of the weights are called **taps**.
#
# With both, and with $x$ already padded,
#
# $$y_i = \sum_{t=0}^{k-1} x_{i s + t d}\, w_t$$
#
# Try the settings in the figure. Some combinations cannot be reached: read why in the line below it.
#
# It starts with ten samples and steps of three. Which sample is never read?

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], w=[1, 2, 3], stride=3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count the windows
#
# How many outputs are there? Count the places where a window can begin.
#
# 1. The padded signal has $n + 2p$ samples, with indices $0$ to $n + 2p - 1$.
# 2. From its first weight to its last, the kernel spans $d(k-1) + 1$ samples: $k - 1$ gaps of $d$, and one sample to begin with.
# 3. A window that begins at $m$ ends at $m + d(k-1)$, which must be at most $n + 2p - 1$. So $m \le n + 2p - d(k-1) - 1$.
# 4. Windows begin at $m = 0, s, 2s, \dots$ The number of steps that fit is $\lfloor (n + 2p - d(k-1) - 1) / s \rfloor$, and the window at 0 comes on top:
#
# $$\text{output length} = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$
#
# The floor $\lfloor\;\rfloor$ rounds down: if the last step would run over the end, it is not taken, and the samples that are left over are not read.
#
# **Predict** the number of outputs for a signal of 8 samples, a kernel of 3, stride 2, padding 1.

# %% role="prediction" exercise="padded_length"
padded_length = None  # replace None by your number
### BEGIN SOLUTION
padded_length = (8 + 2 * 1 - 1 * (3 - 1) - 1) // 2 + 1
### END SOLUTION

# %% role="tests" exercise="padded_length"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake
#
# With $d = 1$ the numerator above is $n + 2p - k$, which is how you will meet it most often.
#
# A widely read derivation slides a kernel of 2 along 4 samples, padded by 1 on each side, in steps of 1, and gets 5 windows, which is right.
# It writes the count as
#
# $$4 - 2 / 1 + 1 = 5$$
#
# Evaluate the left side as it stands, then put every number of the formula above in its place.

# %%
print("as written:", 4 - 2 / 1 + 1)

# %% [markdown]
# As written it is 3. Two things are missing: the padding, and the brackets that divide the whole numerator by the stride, $(4 - 2 + 2 \cdot 1)/1 + 1 = 5$.
#
# A rule of thumb from the same place, "for stride 1, pad by $(k-1)/2$ to keep the size", holds for dilation 1 and odd $k$ only: for $k = 2$ it asks for half a zero.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 5: the output's length
#
# Write `output_length(n, k, stride=1, padding=0, dilation=1)`: the number of windows, as an `int`.
#
# - `output_length(8, 3, 2, 1)` is 4, and `output_length(224, 7, 2, 3)`, the first layer of a well-known network, is 112.
# - If the kernel with its gaps is longer than the padded signal, raise `ValueError`. A kernel that fills it exactly fits once.

# %% role="answer" exercise="output_length"
def output_length(n, k, stride=1, padding=0, dilation=1):
    """Count the windows that fit.

    n: samples, k: taps; stride, padding (on each side), dilation: ints; returns an int.
    """
    ### BEGIN SOLUTION
    room = n + 2 * padding - dilation * (k - 1) - 1
    if room < 0:
        raise ValueError(f"the kernel is {-room} samples longer than the padded signal")
    return room // stride + 1
    ### END SOLUTION


# %% role="tests" exercise="output_length"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why nobody flips in deep learning
#
# In today's common frameworks, the layer called "convolution" computes cross-correlation.
# Suppose two networks are trained on the same data. In the first, the layer correlates; in the second, the layer flips its kernel first.
#
# **Written answer (2 points, read by a person).** In three to six sentences:
#
# 1. Both networks can compute the same functions. How is a kernel that the second one would learn related to the first one's, and why? *(1 point: the relation, with the reason)*
# 2. Name one situation in which you do have to know which of the two a layer computes, and say what goes wrong otherwise. *(1 point: a concrete situation and its consequence)*

# %% [markdown] role="written" exercise="why_flip"
# ### BEGIN SOLUTION
# The second network learns the first one's kernels turned around.
# Flipping is a change of names: a layer that flips computes with $w$ what a layer that correlates computes with the flipped $w$, so for every setting of the one there is a setting of the other with the same outputs and the same loss, and gradient descent finds the one as easily as the other.
#
# It matters as soon as a kernel is not learned in place. Weights that were trained with a layer that correlates and are loaded into a layer that flips give other outputs, wherever they are not symmetric; a hand-made kernel such as $[-1, 0, 1]$ reports every rise as a fall.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - slide a kernel along a signal and compute every output by hand,
# - tell cross-correlation from convolution by one impulse, and say for which kernels nobody can,
# - pad a signal, and count the windows for any stride, padding and dilation.
#
# In the next lesson the numbers run the other way: given how the loss depends on `y`, you will find how it depends on `x` and on `w`.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016: every case of the length formula, with pictures.
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, chapter 9: why the layer that correlates is called convolution.
# - Steven W. Smith, *The Scientist and Engineer's Guide to Digital Signal Processing*, 1997, chapter 6: convolution from the impulse response.
