# %% [markdown] slideshow={"slide_type": "slide"}
# # Check any gradient numerically
#
# You will build a tool that tells whether a backward pass is right, from nothing but the forward pass: an **oracle** that every later lesson carries along. Then it hunts down the mistakes of six friends, and tests your own gradients of lesson 02.
#
# **You need** lesson 02 (`dy`, `dx`, the place values 1, 10, 100), and derivatives of one variable.

# %% [markdown] role="notes"
# 2 minutes. Ask who has ever shipped a wrong gradient: a network with one still learns, which is why this tool goes through all later lessons.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 3 exercises and one written answer, 15 points in all, and takes about 80 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity; the arrays of the worked example are `SIGNAL`, `KERNEL` and `DY`. No exercise may change its inputs, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too; where an int is asked for, `4.0` does not count.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show

# The worked example of lesson 02.
SIGNAL = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
KERNEL = np.array([1.0, 2.0, 3.0])
DY = np.array([1.0, 10.0, 100.0])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 01 and 02.** The layer that correlates, and its gradients. You may call them in any answer.

# %% role="given" from="gradients_1d.grad_x_1d, gradients_1d.grad_w_1d, gradients_1d.grad_b_1d"
def correlate1d(x, w):
    """Slide w along x as it is written: (n,) and (k,) give (n - k + 1,), in x's precision."""
    return np.array([np.sum(x[i : i + len(w)] * w) for i in range(len(x) - len(w) + 1)])


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Nudge to both sides
#
# In lesson 02 the loss was $L = 1 \cdot y_0 + 10 \cdot y_1 + 100 \cdot y_2$, and a nudge of $x_2$ by 1 raised it by 123.
#
# A derivative asks for the rise at the place itself, so nudge by little, and to both sides alike. With $x_2 = 3$ moved to 3.1 and to 2.9:
#
# $$\frac{L(3.1) - L(2.9)}{3.1 - 2.9} = \frac{2826.3 - 2801.7}{0.2} = 123$$
#
# That is $dx_2$, found without a derivation. It took two forward passes.

# %% [markdown] role="notes"
# Draw a curve and two secants. The one through both neighbours lies nearly parallel to the tangent.

# %%
def loss(x):
    """Pay 1, 10 and 100 for the outputs of the layer that correlates x, shape (5,), with KERNEL."""
    return np.sum(correlate1d(x, KERNEL) * DY)


up, down = SIGNAL.copy(), SIGNAL.copy()
up[2], down[2] = 3.1, 2.9
print(f"{loss(up):.1f} - {loss(down):.1f} gives a slope of {(loss(up) - loss(down)) / 0.2:.6f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Say it as a formula
#
# For a loss $L$ that depends on one number $z$, and a step $h > 0$, the **central difference** is
#
# $$\frac{L(z + h) - L(z - h)}{2h}$$
#
# The bottom is $2h$, since that is how far apart the two places are.
#
# Take $L(z) = z^3$ at $z = 2$, where the derivative is $3 \cdot 2^2 = 12$.
# **Predict** the central difference for the large step $h = 0.5$; you will need $2.5^3 = 15.625$ and $1.5^3 = 3.375$.

# %% role="prediction" exercise="cube_slope"
cube_slope = None  # replace None by your number
### BEGIN SOLUTION
cube_slope = (15.625 - 3.375) / (2 * 0.5)
### END SOLUTION

# %% role="tests" exercise="cube_slope"

# %%
for h in (0.5, 0.1, 0.01):
    one_sided = ((2 + h) ** 3 - 2**3) / h
    central = ((2 + h) ** 3 - (2 - h) ** 3) / (2 * h)
    print(f"h = {h:<4}  one-sided {one_sided:.4f}   central {central:.4f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See why both sides are better
#
# Write $L$ near $z$ as its **Taylor series**, with $L, L', L'', L'''$ for its value and its derivatives at $z$:
#
# $$L(z + h) = L + h L' + \tfrac{h^2}{2} L'' + \tfrac{h^3}{6} L''' + \dots$$
#
# $$L(z - h) = L - h L' + \tfrac{h^2}{2} L'' - \tfrac{h^3}{6} L''' + \dots$$
#
# Subtract, and every second term is gone. Divide by $2h$:
#
# $$\frac{L(z + h) - L(z - h)}{2h} = L' + \tfrac{h^2}{6} L''' + \dots$$
#
# The error shrinks with $h^2$. To one side, $L''$ stays, and the error shrinks with $h$ only.
#
# For $z^3$ the third derivative is 6, so the central error is $h^2$ exactly: 0.25, 0.01 and 0.0001 in the lines above.

# %% [markdown] role="notes"
# 5 minutes on the board: the terms of second order cancel. That is the reason, and the numbers before showed it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Let h be large
#
# **Decide.** The cell below nudges $x_2$ by up to 10: the largest step compares $x_2 = 13$ with $x_2 = -7$. The slope at 3 is 123. Will the central difference be near it?

# %% [markdown] role="notes"
# Collect guesses first. The answer 123 for each $h$ surprises: the layer is linear, so no step is too large.

# %%
for h in (0.1, 1, 10):
    up, down = SIGNAL.copy(), SIGNAL.copy()
    up[2] += h
    down[2] -= h
    print(f"h = {h:<4} slope {(loss(up) - loss(down)) / (2 * h):.6f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It is 123 for every $h$. As a function of one sample $x_r$ the loss of our layer is a straight line: each output is a sum of terms $x_{i+t}\, w_t$, and $x_r$ stands in none of them twice. So there is no second and no third derivative.
#
# </details>
#
# The layer is **bilinear**: linear in $x$ while $w$ is held, and linear in $w$ while $x$ is held. So both `dx` and `dw` may be checked with a large $h$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Do it for every entry
#
# For a function $f$ that takes an array `x` of any shape and gives an array `y`, with an upstream gradient `dy` of the shape of `y`, the loss is $L(x) = \sum f(x) \cdot dy$, summed over all entries. Its numerical gradient has one central difference for each place $r$ in `x`:
#
# $$dx_r = \frac{L(x \text{ with } x_r + h) - L(x \text{ with } x_r - h)}{2h}$$
#
# ### Exercise 1: the oracle (6 points)
#
# Write `numerical_gradient(f, x, dy, h=0.1)`: a new float64 array of `x`'s shape.
#
# - With `f = lambda x: x[:2] * x[1:]`, `numerical_gradient(f, [1, 2, 3], [1, 10])` gives `[2, 31, 20]`, up to rounding.
# - `x` may have any number of axes: `np.ndindex(x.shape)` runs through the indices of all its entries.
# - `x` may hold integers or float32, numbers of 32 bits with about 7 decimal digits. The steps are taken in float64 all the same.
# - Only one entry is off its place whenever `f` is called, and `f` may be curved: use the `h` that came in.
#
# An answer that calls a library function that differentiates does not count.

# %% role="answer" exercise="numerical_gradient"
def numerical_gradient(f, x, dy, h=0.1):
    """Differentiate the sum of f(x) * dy by central differences.

    f: function of an array like x, x: array of any shape, dy: array of f(x)'s shape, h: step to each side;
    returns a float64 array of x's shape.
    """
    ### BEGIN SOLUTION
    moved = np.array(x, dtype=np.float64)
    dx = np.zeros(moved.shape)
    for entry in np.ndindex(moved.shape):
        value = moved[entry]
        moved[entry] = value + h
        above = np.sum(f(moved) * dy)
        moved[entry] = value - h
        below = np.sum(f(moved) * dy)
        moved[entry] = value
        dx[entry] = (above - below) / (2 * h)
    return dx
    ### END SOLUTION


# %% role="tests" exercise="numerical_gradient"

# %% slideshow={"slide_type": "skip"}
# A cell to try things, for instance: numerical_gradient(lambda x: correlate1d(x, KERNEL), SIGNAL, DY)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What does an answer cost?
#
# The oracle needs two forward passes for *every* entry. Our signal has 5 entries: 10 passes. A photograph in lesson 04 has 3 · 128 · 128 of them.
#
# **Work it out.** How many forward passes does its gradient take? At a second each, how long would you wait? What could you do instead?
#
# <details><summary>Answer</summary>
#
# 49,152 entries take 98,304 passes, and at a second each more than 27 hours. The backward pass gives all entries for about the price of two forward passes: this is why it exists. So check small arrays, in which every kind of place occurs once (a corner, an edge, the middle, two channels, two images), or pick twenty entries of a large array at random.
#
# </details>

# %% [markdown] role="notes"
# Let the room count: two losses for each number. Ask what that means for a million weights, and why we use backward passes all the same.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: whole numbers
#
# A colleague checks the same gradient with `x = np.array([1, 2, 3, 4, 5])` and writes the nudged samples into copies of it. "Whole numbers have no rounding errors, so the check will be exact."
#
# An integer array keeps the whole part of what is written into it. 3.1 becomes 3, and 2.9 becomes 2.
# The loss is 2814 at `[1, 2, 3, 4, 5]` and 2691 at `[1, 2, 2, 4, 5]`.
#
# **Predict** the slope that the colleague gets for $x_2$ with $h = 0.1$.

# %% [markdown] role="notes"
# Let two people argue before you run it. The integer array drops the nudge without a word.

# %% role="prediction" exercise="integer_slope"
integer_slope = None  # replace None by your number
### BEGIN SOLUTION
integer_slope = (2814 - 2691) / 0.2
### END SOLUTION

# %% role="tests" exercise="integer_slope"

# %%
up, down = SIGNAL.astype(int), SIGNAL.astype(int)
up[2], down[2] = 3.1, 2.9
print("up:  ", up)
print("down:", down)
print(f"slope: {(loss(up) - loss(down)) / 0.2:.1f}, expected 123")

# %% [markdown]
# The nudge to one side is lost and the other is ten times too long, so every slope is 5 times too large. The smaller the step, the worse: with $h = 10^{-5}$ it is 50,000 times too large.
#
# A right gradient would be called wrong. That is why the oracle works on a float64 copy.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put the difference into one number
#
# When do two gradients `a` and `b`, of one shape, agree? A difference of 0.001 is nothing beside 300 and everything beside 0.001. So divide by the size:
#
# $$\text{relative error} = \frac{\max |a - b|}{\max\left(\text{floor},\; \max(|a| + |b|)\right)}$$
#
# Both maxima run over all entries. First the absolute values of the two arrays are added entry by entry, then the largest sum is taken.
#
# - $a = [1, 3]$, $b = [1, 2]$: the largest difference is 1, the largest sum is 3 + 2 = 5, the error is 0.2.
# - It is 0 for equal arrays, and it has no unit: gradients of any size can be compared with one limit.
# - The **floor** is for arrays of zeros, or nearly so: with floor 1e-8, 1e-17 against 0 is an error of 1e-9 and not a large one.
#
# Why not divide each entry by its own size? An entry that should be 0 and is 1e-17 would spoil a perfect gradient.

# %% [markdown] role="notes"
# The usual question: why divide at all? Because 0.001 is much for a gradient of 0.01 and nothing for one of 1000.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the relative error (3 points)
#
# Write `relative_error(a, b, floor=1e-8)`: one float, by the formula above, for two arrays `a` and `b` of one shape, with any number of axes.
#
# - `relative_error([1, 3], [1, 2])` gives 0.2.
# - Integers, negative numbers and zeros have to work. Use the `floor` that came in.
# - Two empty arrays differ by nothing: 0.

# %% role="answer" exercise="relative_error"
def relative_error(a, b, floor=1e-8):
    """Compare two arrays in one number.

    a, b: arrays of one shape, floor: smallest denominator; returns a float.
    """
    ### BEGIN SOLUTION
    if a.size == 0:
        return 0.0
    size = np.max(np.abs(a) + np.abs(b))
    return float(np.max(np.abs(a - b)) / max(floor, size))
    ### END SOLUTION


# %% role="tests" exercise="relative_error"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the smallest step
#
# "A derivative is a limit, so the smaller $h$ the better" is a common slip. Here is what a checker that works in float32 gives for all five entries of `dx`, which is `[1, 12, 123, 230, 300]`:
#
# | $h$ | numerical gradient in float32 |
# |---|---|
# | 1e-1 | 1.001, 12.000, 123.000, 230.000, 300.000 |
# | 1e-3 | 0.977, 11.963, 122.803, 229.980, 300.049 |
# | 1e-5 | 0, 0, 122.070, 219.727, 292.969 |
# | 1e-6 | 0, 0, 0, 244.141, 488.281 |
# | 1e-7 | 0, 0, 0, 0, 0 |
#
# **Predict** the relative error of the last line against `dx`.

# %% [markdown] role="notes"
# Ask for the best $h$ before you show the table. Smaller is better until rounding takes over.

# %% role="prediction" exercise="float32_error"
float32_error = None  # replace None by your number
### BEGIN SOLUTION
float32_error = (300 - 0) / (300 + 0)
### END SOLUTION

# %% role="tests" exercise="float32_error"

# %% slideshow={"slide_type": "subslide"}
def slope_at_2(f, x, w, dy, h):
    """Central difference of the sum of f(y) * dy at x[2], in the numbers' own precision."""
    above, below = x.copy(), x.copy()
    above[2] += h
    below[2] -= h
    return (np.sum(f(correlate1d(above, w)) * dy) - np.sum(f(correlate1d(below, w)) * dy)) / (2 * h)


for dtype in (np.float32, np.float64):
    for h in (1e-1, 1e-5, 1e-7):
        numbers = [array.astype(dtype) for array in (SIGNAL, KERNEL, DY)]
        print(f"{dtype.__name__}  h = {h:.0e}  slope at x[2]: {slope_at_2(lambda y: y, *numbers, h):.3f}")

# %% [markdown]
# The limit is taken with exact numbers, and a computer has none: a right gradient is reported as wrong.
# In float64 the same layer agrees to about 1e-14 with $h = 0.1$ and to about 5e-11 with $h = 10^{-5}$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count in gaps
#
# Floating-point numbers stand in a row with gaps between them, and every result is rounded to the nearest one. `np.spacing(a)` gives the gap above $a$:
#
# | near | gap in float64 | gap in float32 |
# |---|---|---|
# | 3, a sample | 4.4e-16 | 2.4e-07 |
# | 2814, the loss | 4.5e-13 | 2.4e-04 |
#
# A nudge of less than half a gap is lost. And the loss itself is only known to about its gap, an error that the central difference divides by $2h$.
#
# So two errors pull in opposite directions. With $\varepsilon$ for the gap above 1, which is 2.2e-16 in float64 and 1.2e-07 in float32, the slope is off by about
#
# $$\underbrace{\tfrac{h^2}{6}\, |L'''|}_{\text{curvature: smaller for small } h} \;+\; \underbrace{\varepsilon\, \frac{|L|}{h}}_{\text{rounding: smaller for large } h}$$
#
# Below, one slope is checked for many $h$, and its relative error drawn: on the left for the loss of the layer, on the right for the loss of its outputs' cubes.
#
# **Predict** before you run the cell: which of the four curves goes down and up again?

# %% [markdown] role="notes"
# Ask which of the four curves goes down and up again before you show the picture.

# %%
rng = np.random.default_rng(3)
x, w, dy = (rng.normal(size=size).astype(np.float32) for size in (9, 4, 6))
y = correlate1d(x.astype(float), w.astype(float))
steps = np.array([float(f"{digit}e{power}") for power in range(-13, 1) for digit in (1, 2, 5)])

# Each panel: what the layer's outputs go through, and the derivative of that.
panels = {
    "the layer: a straight line": (lambda y: y, np.ones(len(y))),
    "its outputs cubed: curved": (lambda y: y * y * y, 3 * y * y),
}
figure, all_axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
for axes, (title, (f, slope_of_f)) in zip(all_axes, panels.items()):
    right = grad_x_1d(dy.astype(float) * slope_of_f, w.astype(float))[2]
    for dtype, style, colour in ((np.float32, "o", "negative"), (np.float64, "s", "positive")):
        numbers = [array.astype(dtype) for array in (x, w, dy)]
        slopes = np.array([slope_at_2(f, *numbers, h) for h in steps])
        errors = np.abs(slopes - right) / (np.abs(slopes) + abs(right))
        look = {"markersize": 3, "color": COLOURS[colour], "label": dtype.__name__}
        axes.loglog(steps, np.maximum(errors, 1e-17), style + "-", **look)
    axes.axvline(0.1, color="0.6", linestyle=":")
    axes.set(title=title, xlabel="step h (dotted: 0.1)")
all_axes[0].set_ylabel("relative error (1e-17: exact)")
all_axes[0].legend()
show(
    figure,
    alt="Relative error against the step h from 1e-13 to 5, both axes logarithmic. Left, the layer: "
    "both curves fall as h grows, float64 from 1e-3 to 1e-17, float32 from 1 to 1e-8. Right, "
    "cubed outputs: both curves fall and then rise, with their lowest points near h = 1e-5 for "
    "float64 and near h = 0.01 for float32.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Both curves on the right. On the left only rounding is at work: the larger $h$, the better. On the right the curvature takes over for large $h$, and there is a best $h$ in between.
# In float32 both curves end at an error of 1: so small a nudge is lost altogether.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Judge by a rule
#
# For float64, $h = 0.1$ and a layer that is linear in what you nudge:
#
# | relative error | what it says |
# |---|---|
# | below 1e-10 | the gradient is right: only rounding is left |
# | from 1e-10 to 1e-6 | the formula is most likely right, and digits were lost: something works in float32, $h$ is too small, or $f$ is curved and $h$ too large. Find out which before you trust it. |
# | above 1e-6 | a mistake |
#
# For a curved $f$ take $h = 10^{-5}$, and expect 1e-8 or better.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find where it begins
#
# The relative error says *whether* something is wrong. *Where* it begins says more. For the worked example,
#
# | | `dx` | first mismatch |
# |---|---|---|
# | right | 1, 12, 123, 230, 300 | none |
# | kernel not turned | **3**, 32, 321, 210, 100 | index (0,): wrong from the very first entry on |
#
# A mismatch that begins at the end, or at the second entry, or only in the second half, points elsewhere.
# In images, an index such as (0, 0, 5, 2) names image, channel, row and column. A first mismatch in image 1, channel 0 says: the first image is right, look at what depends on the image.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the first mismatch (4 points)
#
# Write `first_mismatch(a, b, tol=1e-9)`: the index of the first entry, row by row, where $|a - b|$ is **larger** than `tol`, as a tuple with one int for each axis; `None` when there is no such entry.
#
# - `first_mismatch([[1, 2], [3, 4]], [[1, 2], [7, 8]])` gives `(1, 0)`.
# - `tol` is absolute: a difference of 0.001 counts beside a million too. A difference of exactly `tol` is equal.
# - `nan`, which stands for "not a number", equals nothing, not even another `nan`.
# - Arrays of different shapes are refused, even where numpy could stretch one to fit: `raise ValueError("the shapes differ")`.
#
# `np.argwhere`, `np.unravel_index` and `np.ndindex` all go row by row, that is, in row-major order.

# %% role="answer" exercise="first_mismatch"
def first_mismatch(a, b, tol=1e-9):
    """Find the first entry in row-major order where a and b differ by more than tol.

    a, b: arrays of one shape, tol: largest difference that is equal; returns a tuple of ints, or None.
    """
    ### BEGIN SOLUTION
    if a.shape != b.shape:
        raise ValueError(f"the shapes differ: {a.shape} and {b.shape}")
    for index in np.ndindex(a.shape):
        if not abs(a[index] - b[index]) <= tol:
            return index
    return None
    ### END SOLUTION


# %% role="tests" exercise="first_mismatch"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Choose numbers that cannot hide a mistake
#
# An oracle answers only what it is asked. Compare three pairs of gradients of our layer, the right one and the one without the turn of the kernel:
#
# | $w$ | $dy$ | right `dx` | kernel not turned |
# |---|---|---|---|
# | [1, 2, 1] | [1, 10, 100] | 1, 12, 121, 210, 100 | 1, 12, 121, 210, 100 |
# | [1, 2, 3] | [1, 1, 1] | 1, 3, 6, 5, 3 | 3, 5, 6, 3, 1 |
# | [1, 2, 3] | [1, 10, 100] | 1, 12, 123, 230, 300 | 3, 32, 321, 210, 100 |
#
# - The symmetric kernel hides the mistake altogether.
# - With `dy` all ones the entries differ, but both have the same sum, 18, and the same mean. And whoever reads `dy` backwards is never found out.
#
# So: random numbers of both signs for everything, `dy` included; lengths that all differ; compare the shapes first, then entry by entry, never means or sums.

# %% [markdown] role="notes"
# 8 minutes, and worth them. Each line is a test that somebody has written and that let a bug through.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mind the kink
#
# Later networks have functions with a corner, such as the one that cuts off at 0, $f(z) = \max(0, z)$.
# At $z = 0.05$ its slope is 1. With $h = 0.1$ the two places, 0.15 and −0.05, lie on different sides of the corner:
#
# $$\frac{f(0.15) - f(-0.05)}{0.2} = \frac{0.15 - 0}{0.2} = 0.75$$
#
# Neither the gradient nor the oracle is broken; the step is longer than the way to the corner. A few entries with large errors among many that agree are its signature. Take a smaller $h$, or move the inputs away from the corner.

# %% [markdown] role="notes"
# Draw a ReLU and a nudge that steps across 0. The oracle averages both sides there; nobody is wrong.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Hunt the mistakes of six friends
#
# Six friends have each written the gradient of the signal, and sent what it gives for the signal, kernel and `dy` below. Their code you do not see.
# Ask your three functions, and say for each friend *whether* something is wrong, *where* it begins, and *what* was done. *(No points: the answers are folded up below.)*

# %% [markdown] role="notes"
# Give the room five minutes in pairs: at which entry does each friend begin to be wrong? Then show the picture.

# %% slideshow={"slide_type": "skip"}
x = np.array([2.0, -1.0, 3.0, 1.0, -2.0, 4.0, 1.0, 3.0])
w = np.array([1.5, -2.0, 0.3])
dy = np.array([1.0, -3.0, 0.7, 2.0, 5.0, -1.0])
friends = {
    "Ana": [0.3, -2.9, 7.71, -5.3, -1.45, -7.3, 9.5, -1.5],
    "Ben": [1.5, -6.5, 7.35, 0.7, 3.71, -10.9, 3.5, 0.0],
    "Chi": [1.5, -6.5, 7.350000381, 0.700000048, 3.710000038, -10.899999619, 3.5, -0.300000012],
    "Dov": [0.25, -13 / 12, 1.225, 7 / 60, 371 / 600, -109 / 60, 7 / 12, -0.05],
    "Eve": [1.5, -4.5, 1.05, 3.0, 7.5, -1.5, 2.0, -0.3],
    "Fay": [1.5, -6.5, 7.35, 0.7, 3.71, -10.9, 3.5, -0.3],
}
try:
    oracle = numerical_gradient(lambda x: correlate1d(x, w), x, dy)
    print("oracle:", np.round(oracle, 2))
    for friend, dx in friends.items():
        error, place = relative_error(np.array(dx), oracle), first_mismatch(np.array(dx), oracle)
        size = "below 1e-10" if error < 1e-10 else f"{error:.1e}"
        print(f"{friend}: relative error {size}, first mismatch at {place}")
except NotImplementedError:
    print("This cell waits for your three functions.")
except Exception as error:
    print("This cell waits for three functions that run:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### See the mistakes side by side
#
# The same differences once more, all 48 of them: a row for each friend, and the darker the larger. What is below 1e-12 is blank.

# %%
try:
    differences = np.abs(np.array(list(friends.values())) - oracle)
    sizes = np.log10(np.maximum(differences, 1e-12))
    figure, axes = plt.subplots(figsize=(8, 3.4))
    axes.imshow(sizes, cmap="Oranges", vmin=-12, vmax=8, aspect="auto")
    for (row, entry), difference in np.ndenumerate(differences):
        if difference > 1e-12:
            axes.text(entry, row, f"{difference:.2g}", ha="center", va="center", fontsize=9)
    axes.set(
        title="How far each entry of dx lies from your oracle's",
        xlabel="entry of dx",
        yticks=range(len(friends)),
        yticklabels=friends,
    )
    show(
        figure,
        alt="Six rows of eight differences. Ana and Dov: all entries differ. Ben: the last one alone. Chi: five of "
        "them, by less than 0.000001. Eve: all but the first and the last. Fay: none.",
    )
except Exception:  # not written yet, or not right yet
    plt.close("all")
    print("This picture waits for your numerical_gradient.")

# %% slideshow={"slide_type": "skip"}
# A cell to look closer, for instance: np.array(friends["Dov"]) / oracle

# %% [markdown]
# <details><summary>Answer</summary>
#
# - **Ana** is wrong from the first entry on: `dx[0]` is $dy_0$ times 0.3, the *last* weight. The kernel was not turned: this is the gradient of the layer that flips its kernel.
# - **Ben** is wrong in the last entry alone. A loop stops one sample short. His relative error is 0.014, which looks small and is far above 1e-6: an error counts in full even where it stands alone.
# - **Chi** has an error of about 2e-8, which lies in the grey zone of the rule. The entries agree to seven digits and no more: the formula is right, and it was computed in float32.
# - **Dov** is wrong everywhere, and the ratio to the oracle is 1/6 everywhere: a mean over the six outputs in the place of the sum.
# - **Eve** is right at first and wrong from the second sample on, the first that two windows read. Each window overwrites what the one before it left, `=` in the place of `+=`. Only the first sample and the last one, which a single window reads, agree.
# - **Fay** is right.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test your own gradients
#
# The oracle nudges whatever its `f` takes. To check `dw`, hold $x$ and let `f` be a function of $w$; to check `db`, hold both.
#
# The cell uses the gradients that are given. Paste your own `grad_x_1d`, `grad_w_1d` and `grad_b_1d` of lesson 02 at its top, with your `convolve1d` and `pad1d` of lesson 01 if they call them, and see whether they are right. Then break one of them on purpose, and look whether the oracle notices. *(No points.)*

# %%
# Paste your own functions of lesson 02 here.

rng = np.random.default_rng(5)
x, w, b, dy = rng.normal(size=9), rng.normal(size=4), np.array([0.5]), rng.normal(size=6)
# Each gradient with the function of what it belongs to, while all else is held.
gradients = {
    "dx": (lambda x: correlate1d(x, w) + b, x, lambda: grad_x_1d(dy, w)),
    "dw": (lambda w: correlate1d(x, w) + b, w, lambda: grad_w_1d(dy, x)),
    "db": (lambda b: correlate1d(x, w) + b, b, lambda: grad_b_1d(dy)),
}
for name, (f, held, gradient) in gradients.items():
    try:
        error = relative_error(np.asarray(gradient()), numerical_gradient(f, held, dy))
        print(f"{name}: relative error below 1e-10: {error < 1e-10}")
    except NotImplementedError:
        print("This cell waits for your three functions.")
    except Exception as error:
        print(f"{name}: this cell waits for functions that run: {error}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why h may be large (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A friend puts a square behind the layer, so that the loss is $\sum_i dy_i\, y_i^2$, and checks `dx` with $h = 10$: once with central differences and once with differences to one side. Which of the two agrees with the right gradient, and why? *(1 point)*
# 2. Another friend checks a layer whose outputs are cubed, in float64. With $h = 1$ the relative error is 0.2, with $h = 10^{-13}$ it is 0.02, with $h = 10^{-5}$ it is below 1e-9. The gradient is right. Say what causes each of the two large errors. *(1 point)*

# %% [markdown] role="written" exercise="why_h_may_be_large"
# ### BEGIN SOLUTION
# *1 point for question 1: the loss is a parabola in one sample, and what that does to both differences. 1 point for question 2: one cause for each error, with the direction in which it grows.*
#
# Each output is a sum of products $x_{i+t}\, w_t$, and one sample $x_r$ stands in at most one term of each output, to the first power. Its square is a parabola in $x_r$, and so is the weighted sum of the squares.
# A parabola has a second derivative and no third one. In the central difference the terms with the second derivative cancel, and the error begins with the third one, which is 0: it is exact for every $h$, up to rounding. To one side, $\tfrac{h}{2}$ times the second derivative stays, and with $h = 10$ it spoils the check.
#
# With the cubes, the loss is curved. The third derivative leaves an error of about $h^2/6$ times its size, which grows with $h$ and is what spoils $h = 1$.
# With $h = 10^{-13}$ the two losses differ by hardly more than the gap between neighbouring floating-point numbers, and the rounding error of the difference is divided by the tiny $2h$: this error grows as $h$ shrinks. At $10^{-5}$ both are small.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - check any gradient with two forward passes for each entry, and say which $h$ and which precision to use,
# - tell a wrong gradient from a bad check: integers, float32 with a tiny step, a kink, numbers that hide the mistake,
# - read the relative error for whether, and the first mismatch for where.
#
# The three tools stand ready in every later lesson. In the next one, the kernel goes to images, channels and batches.
#
# **Further reading**
#
# - Andrej Karpathy and others, *CS231n: Convolutional Neural Networks for Visual Recognition*, course notes, section "Gradient checks": the same formula, and more ways for a check to mislead.
# - William Press, Saul Teukolsky, William Vetterling and Brian Flannery, *Numerical Recipes*, 3rd edition 2007, section 5.7: the best step for a numerical derivative.
# - David Goldberg, *What every computer scientist should know about floating-point arithmetic*, 1991: gaps and rounding.
