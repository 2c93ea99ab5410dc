# %% [markdown] slideshow={"slide_type": "slide"}
# # Slide a kernel along a signal
#
# You will slide a short list of weights along a list of numbers, find out what a flip changes, smooth 144 years of temperatures, and count how many times the window fits.
# This one operation blurs photographs and finds edges; in lesson 13 a network made of it will read handwritten digits.
#
# **You need** Python functions, lists and loops, sums written with Σ, and numpy arrays at the level of `np.zeros(3)`, `len(x)` and `x[i : i + 3]`.

# %% [markdown] role="notes"
# 2 minutes. Ask who has seen a blurred photograph or an equalizer: both are this one operation. The room needs no more than slices of arrays today.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 5 exercises and one written answer, 20 points in all, and takes about 80 minutes.
# Go through the cells from the top and run each with Shift + Enter, the one below first of all.
# Under each answer stands a check: run it as often as you like, it costs nothing.
# The grade asks the same questions on other numbers; predictions carry no points.
#
# Inputs are numpy arrays, written as lists for brevity; the arrays of the worked example are `SIGNAL`, `KERNEL` and `IMPULSE`. No exercise may change its inputs, and results are as exact as float64 allows, numpy's usual numbers of 64 bits with about 16 decimal digits. Where an int is asked for, `4.0` does not count.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import temperatures
from course.figures import COLOURS, show
from course.widgets import FlipAndSlide

# The worked example of this lesson.
SIGNAL = np.array([1, 2, 3, 4, 5])
KERNEL = np.array([1, 2, 3])
IMPULSE = np.array([0, 0, 1, 0, 0])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Slide by hand
#
# Take a **signal** `x`, an array of shape `(n,)` whose numbers are its samples, and a **kernel** `w` of shape `(k,)`, no longer than the signal, whose numbers are its weights:
#
# $$x = [1, 2, 3, 4, 5] \qquad w = [1, 2, 3] \qquad n = 5,\quad k = 3$$
#
# Lay the kernel over the first three samples. These three are its first **window**. Multiply each sample by the weight above it, and add up:
#
# $$1 \cdot 1 + 2 \cdot 2 + 3 \cdot 3 = 14$$
#
# Move the kernel one sample to the right and do it again:
#
# $$2 \cdot 1 + 3 \cdot 2 + 4 \cdot 3 = 20$$
#
# There is room for one more step.
# **Predict** the third number.

# %% [markdown] role="notes"
# 5 minutes. Compute 14 on the board with the room, let everybody write down the third number, then go on. The usual question is whether there is a fourth window: no, the kernel would hang over the end.

# %% [markdown] slideshow={"slide_type": "skip"}
# Write your number in the place of `None`, run that cell, then the check below it.

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

# %% [markdown] role="notes"
# Point at an output in the figure, then at the first and the third sample. Let the room count how many outputs each of them reaches.

# %%
FlipAndSlide(x=[1, 2, 3, 4, 5], w=[1, 2, 3], controls=(), rule=False)

# %% [markdown]
# **Ask the figure.** The first sample of `x` reaches one output, the third reaches three.
# How many does the last one reach, and what does that say about the ends of a signal?
#
# <details><summary>Answer</summary>
#
# One. A sample at an end lies in one window, a sample in the middle in $k = 3$. So what happens at the ends of a signal counts for less.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: correlate (6 points)
#
# Write `correlate1d(x, w)`: the cross-correlation of `x`, shape `(n,)`, with `w`, shape `(k,)`, as a new array of shape `(n - k + 1,)`.
#
# - `correlate1d([1, 2, 3, 4, 5], [1, 2, 3])` gives `[14, 20, 26]`.
# - Fractions survive: `[1, 2, 3]` with `[0.5, 0.25]` gives `[1.0, 1.75]`, although `x` holds whole numbers.
# - A kernel longer than the signal is refused: `raise ValueError("the kernel does not fit")`.
#
# Loops, slices, `@`, `einsum` and `sliding_window_view` are all welcome.
# `np.correlate`, `np.convolve` and their relatives in NumPy, SciPy and PyTorch are what you are building: an answer that calls one does not count. In a cell of your own you may compare with them.

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

# %% slideshow={"slide_type": "skip"}
# A cell to try things. Write what you like, for instance: correlate1d(SIGNAL, KERNEL)

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

# %% [markdown] role="notes"
# Collect predictions before the next slide: most say 1, 2, 3. It is 3, 2, 1, and that surprise carries the rest of the lesson.

# %% role="prediction" exercise="impulse_response"
impulse_response = None  # replace None by a list of three numbers
### BEGIN SOLUTION
impulse_response = [3, 2, 1]
### END SOLUTION

# %% role="tests" exercise="impulse_response"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Leave a copy of the kernel
#
# Correlation answers an impulse with the kernel *backwards*. There is a good reason to want it forwards.
#
# Every signal is a sum of impulses: $[0, 4, 7, 0]$ is 4 times the impulse at place 1 plus 7 times the impulse at place 2.
# So if an impulse leaves a copy of the kernel in the output, then a signal leaves one copy for each of its samples, as large as the sample, and where copies overlap they are added.
#
# To get there, turn the kernel around, or *flip* it, before sliding it. That is **convolution**:
#
# $$y_i = \sum_{t=0}^{k-1} x_{i+t}\, w_{k-1-t} \qquad i = 0, 1, \dots, n-k$$
#
# Now $w_{k-1}$ meets the first sample of the window and $w_0$ the last.
# With the numbers from above, $x = [1,2,3,4,5]$ and $w = [1,2,3]$:
#
# | | kernel that slides | $y_0$ | $y_1$ | $y_2$ |
# |---|---|---|---|---|
# | cross-correlation | 1, 2, 3 | 14 | 20 | 26 |
# | convolution | 3, 2, 1 | 10 | 16 | 22 |
#
# Textbooks give the same outputs other numbers: the number of the sample that $w_0$ meets. Our output $i$ is their output $j = i + k - 1$, and they write it as $\sum_t x_{j-t}\, w_t$.

# %% [markdown] role="notes"
# 8 minutes, the heart of the lesson. Switch the figure between the two operations and let the room watch the kernel that slides. The usual question: why do textbooks number the outputs otherwise? They count by the sample that $w_0$ meets.

# %%
FlipAndSlide(x=[0, 0, 1, 0, 0], w=[1, 2, 3], mode="convolution", controls=("mode",), rule=False)

# %% [markdown]
# **Ask the figure.** Switch between the two operations and watch the kernel that slides.
# Then step from output 0 to output 2: which sample does the weight 3 meet each time?
#
# <details><summary>Answer</summary>
#
# In a convolution 3 is the last weight of `w` and stands first in the kernel that slides: it meets $x_0$, then $x_1$, then $x_2$. The 1 of the impulse is $x_2$, so 3 comes out last, where it stands in `w`. In a correlation 3 meets $x_2$, $x_3$, $x_4$, and comes out first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: convolve (3 points)
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
# ## Multiply by sliding
#
# You have known convolution since primary school. Multiply 21 by 13 on paper, without adding the columns up at once:
#
# $$(2 \cdot 10 + 1)(1 \cdot 10 + 3) = (2 \cdot 1) \cdot 100 + (2 \cdot 3 + 1 \cdot 1) \cdot 10 + 1 \cdot 3 = 2 \cdot 100 + 7 \cdot 10 + 3$$
#
# In the place of the tens, the tens of one number meet the ones of the other: as one index falls, the other rises. So, where nothing is carried, the digits of the product are the convolution of the digits: one number has $k$ digits and is the kernel, and the other gets $k - 1$ zeros on each side. Polynomials are multiplied in the same way.
#
# **Predict** before you run the cell: does the convolution give the same digits when the two numbers are exchanged? And which digits does the correlation give?

# %% [markdown] role="notes"
# Do 21 times 13 on the board without carrying. The digits 2, 7, 3 are the outputs.

# %%
try:
    for function in (convolve1d, correlate1d):
        print("21 by 13:", function(np.array([0, 2, 1, 0]), np.array([1, 3])))
        print("13 by 21:", function(np.array([0, 1, 3, 0]), np.array([2, 1])))
except NotImplementedError:
    print("This cell waits for your convolve1d and your correlate1d.")
except Exception as error:
    print("This cell waits for two answers that run:", error)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Convolution gives 2, 7, 3 in either order, since 21 · 13 = 13 · 21. Correlation gives 6, 5, 1 and, with the numbers exchanged, 1, 5, 6: the same backwards. So it matters which of the two slides.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See where the flip shows
#
# Below, a noisy step, a signal that jumps from 0 to 1, goes through two kernels, each time by your correlation and by your convolution.
#
# **Predict** before you run the cell: for which of the two kernels will the two curves differ, and how?

# %% [markdown] role="notes"
# Ask for which of the two kernels the curves differ before you show the picture. Point at the step on the right: a rise is reported as a fall.

# %%
rng = np.random.default_rng(1)
step = np.repeat([0.0, 1.0], 20) + rng.normal(scale=0.08, size=40)
kernels = {"average [1/3, 1/3, 1/3]": np.full(3, 1 / 3), "difference [-1, 0, 1]": np.array([-1, 0, 1])}
middle = np.arange(1, 39)  # each output is drawn at the middle of its window

figure, panels = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for panel, (name, w) in zip(panels, kernels.items()):
    panel.plot(step, color="0.75", label="signal")
    try:
        panel.plot(middle, correlate1d(step, w), color=COLOURS["positive"], label="correlation")
        panel.plot(middle, convolve1d(step, w), "--", color=COLOURS["negative"], label="convolution")
    except NotImplementedError:
        print("This picture waits for your correlate1d and your convolve1d.")
    except Exception as error:
        print("This picture waits for two answers that run:", error)
    panel.set(title=name, xlabel="sample")
panels[0].set_ylabel("value")
panels[1].legend()
show(
    figure,
    alt="Two panels with a noisy step. Left, averaged: correlation and convolution lie on each other. "
    "Right, differences: correlation peaks at about 1 at the step, convolution at about -1.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The average hides the flip: both curves are one.
# The difference shows it: convolution turns `[-1, 0, 1]` into `[1, 0, -1]`, so every rise is reported as a fall.
#
# </details>
#
# For some kernels, then, no test can tell which of the two you have written. Which ones?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: does the flip show? (2 points)
#
# Write `flip_is_invisible(w)`: `True` if correlation and convolution with the kernel `w`, shape `(k,)`, agree for every signal, and `False` if some signal tells them apart.
#
# `[1, 2, 1]` gives `True`, `[1, 0, -1]` gives `False`.
# The answer is exact: weights that differ by 0.000001, or by their last digit, are different. Anything in numpy is welcome.

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
# The first sample of a signal lies in one window, a sample in the middle lies in $k$, and the output is shorter than the input.
# **Padding** helps with both: put $p$ zeros before the signal and $p$ zeros after it, $p$ being 0 or more.
#
# With $p = 1$, $x = [1, 2, 3, 4, 5]$ becomes $[0, 1, 2, 3, 4, 5, 0]$, seven samples, and a kernel of three fits 7 − 3 + 1 = 5 times: as many outputs as inputs. The first sample now lies in two windows instead of one.
#
# ### Exercise 4: pad (2 points)
#
# Write `pad1d(x, padding)`: `x`, shape `(n,)`, with `padding` zeros on each side, as a **new** array of shape `(n + 2 * padding,)`.
#
# - `pad1d([1, 2, 3], 2)` gives `[0, 0, 1, 2, 3, 0, 0]`.
# - Fractions survive, and `padding` 0 gives a copy: changing the result later must not change `x`.
#
# `np.pad` is welcome; so is writing into an array of zeros.

# %% [markdown] role="notes"
# Draw the signal with a zero on each side, and count the windows over the first sample again: two instead of one.

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
# ## Smooth 144 years
#
# Now let your functions work on something real: how much warmer than from 1951 to 1980 each year was, over the whole Earth, in degrees Celsius.
# The years jump up and down. A kernel of equal weights that add up to 1 gives the average of its window, and what stays is the trend.
#
# The cell draws two curves: without padding, and with so many zeros on each side that the output is as long as the signal.
#
# **Predict**: what will the zeros do to the right end of the curve?

# %% [markdown] role="notes"
# Point at the right end of the dashed curve: zeros are no neutral number here. Some will read it as the climate; the next question clears that up.

# %%
years, warming = temperatures()  # (144,) and (144,)
width = 11  # the kernel's length: change it, and run the cell again

figure, axes = plt.subplots(figsize=(9, 3.5))
axes.plot(years, warming, "o", color="0.7", markersize=3, label="one year")
try:
    kernel = np.full(width, 1 / width)
    curves = {
        "without padding": (0, correlate1d(warming, kernel)),
        "with zeros": (width // 2, correlate1d(pad1d(warming, width // 2), kernel)),
    }
    for (name, (padding, curve)), style in zip(curves.items(), ("-", "--")):
        middles = years[0] - padding + (width - 1) / 2 + np.arange(len(curve))
        axes.plot(middles, curve, style, color=COLOURS["negative" if padding else "positive"], label=name)
except NotImplementedError:
    print("This picture waits for your correlate1d and your pad1d.")
except Exception as error:
    print("This picture waits for two answers that run:", error)
axes.set(title=f"Temperature of the Earth, averaged over {width} years", xlabel="year", ylabel="degrees Celsius")
axes.legend()
show(
    figure,
    alt="Dots for 144 years, from -0.5 to 1.2 degrees, and two curves through them. Both fall a little until 1910, "
    "rise until 1940, stay until 1975 and rise ever after. In the last years the curve with zeros bends down to 0.5, "
    "while the one without padding ends at 0.9 in 2018.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The dashed curve bends down at the end, as if the last years had been cooler. A zero is no neutral number here: it says "as warm as from 1951 to 1980". Each of the five averages at either end, which only the dashed curve has, counts some zeros as years.
#
# </details>
#
# **Try it.** Which width shows the trend best? What is lost with 3, and what with 41?
#
# <details><summary>Answer</summary>
#
# There is no right width. With 3 single hot years stay visible, with 41 even the pause from 1940 to 1975 is gone, and 20 years at each end have no average without padding.
#
# </details>
#
# Here you chose the weights. In the next lesson a kernel will *learn* its own.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Take longer steps, leave gaps
#
# Two more settings change which samples meet.
#
# - **Stride** $s$, 1 or more: the window moves $s$ samples at a time instead of one. Window $i$ begins at sample $i \cdot s$.
# - **Dilation** $d$, 1 or more: neighbouring weights stand $d$ samples apart. Weight $t$ meets the sample $t \cdot d$ places after the window's first. Dilation 1 is the plain kernel. The $k$ places of the weights are called **taps**.
#
# With both, and with $x$ already padded,
#
# $$y_i = \sum_{t=0}^{k-1} x_{i s + t d}\, w_t$$
#
# The figure starts with ten samples and steps of three. Which sample is never read?

# %% [markdown] role="notes"
# Step through the figure to its last output, and ask why the tenth sample is never read. Stride is where the window begins, dilation where its taps stand.

# %%
FlipAndSlide(
    x=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    w=[1, 2, 3],
    stride=3,
    controls=("stride", "padding", "dilation"),
    rule=False,
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The last one. Windows begin at the samples 0, 3 and 6 and end at 2, 5 and 8. The next one would end at 11, and the signal ends at 9: if a step would run over the end, it is not taken.
#
# </details>
#
# **Predict** the number of outputs for a signal of 8 samples, a kernel of 3, stride 2, padding 1. Draw the padded signal and count.

# %% role="prediction" exercise="padded_length"
padded_length = None  # replace None by your number
### BEGIN SOLUTION
padded_length = (8 + 2 * 1 - 1 * (3 - 1) - 1) // 2 + 1
### END SOLUTION

# %% role="tests" exercise="padded_length"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 5: the output's length (5 points)
#
# Write `output_length(n, k, stride=1, padding=0, dilation=1)`: the number of windows that fit, as an `int`.
#
# - `output_length(5, 3)` is 3, and `output_length(9, 3, dilation=2)` is 5.
# - If the kernel with its gaps is longer than the padded signal, raise `ValueError`. A kernel that fills it exactly fits once.
#
# No formula is given: you can find one. On which sample does window $i$ begin, and on which does it end? Which is the last sample of the padded signal? A loop that counts is an answer, too.

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
# ## Say it in one line
#
# 1. The padded signal has $n + 2p$ samples, with indices $0$ to $n + 2p - 1$.
# 2. From its first weight to its last, the kernel spans $d(k-1) + 1$ samples: $k - 1$ gaps of $d$, and one sample to begin with.
# 3. So window $i$ begins at $is$ and ends at $is + d(k-1)$, which must be at most $n + 2p - 1$.
# 4. The largest such $i$ is $\lfloor (n + 2p - d(k-1) - 1) / s \rfloor$, where $\lfloor\;\rfloor$ rounds down. Window 0 comes on top:
#
# $$\text{output length} = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$
#
# With $d = 1$ the numerator is $n + 2p - k$, which is how you will meet it most often. Lesson 05 uses it for both axes of an image.
#
# **Find the mistake.** A common slip, for a kernel of 2 on 4 samples with padding 1 and stride 1, is to write $4 - 2 / 1 + 1$. There are 5 windows. What does the line give, and what is missing?
#
# <details><summary>Answer</summary>
#
# It gives 3. The padding is missing, and so are the brackets around the numerator: $(4 - 2 + 2 \cdot 1) / 1 + 1 = 5$.
#
# </details>
#
# **Keep the size.** A rule of thumb says: for stride 1, pad by $(k-1)/2$ and the output is as long as the signal. For which kernels does it hold?
#
# <details><summary>Answer</summary>
#
# For odd $k$ and dilation 1. For $k = 2$ it asks for half a zero; with dilation the padding has to be $d(k-1)/2$.
#
# </details>

# %% [markdown] role="notes"
# Read the four lines aloud, with the ten samples of the figure at hand. The slip $4 - 2 / 1 + 1$ is worth a minute.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why nobody flips in deep learning (2 points)
#
# In today's common frameworks, the layer called "convolution" computes cross-correlation.
# Suppose two networks are trained on the same data. In the first, the layer correlates; in the second, the layer flips its kernel first.
#
# **Written answer (2 points, read by a person).** In three to six sentences:
#
# 1. Both networks can compute the same functions. How is a kernel that the second one would learn related to the first one's, and why? *(1 point)*
# 2. Name one situation in which you do have to know which of the two a layer computes, and say what goes wrong otherwise. *(1 point)*

# %% [markdown] role="written" exercise="why_flip"
# ### BEGIN SOLUTION
# *1 point for question 1: the relation, with the reason. 1 point for question 2: a concrete situation and its consequence.*
#
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
# - smooth a signal, and say what padding with zeros does to its ends,
# - count the windows for any stride, padding and dilation.
#
# In the next lesson the numbers run the other way: given how the loss depends on `y`, you will find how it depends on `x` and on `w`.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016: every case of the length formula, with pictures.
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, 2016, chapter 9: why the layer that correlates is called convolution.
# - Steven W. Smith, *The Scientist and Engineer's Guide to Digital Signal Processing*, 1997, chapter 6: convolution from the impulse response.
