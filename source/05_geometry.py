# %% [markdown] slideshow={"slide_type": "slide"}
# # Control the output's geometry
#
# You will decide how large a layer's output is and which pixels each output sees: with padding, stride, dilation and groups. At the end your own layer shrinks a photograph with settings that you chose.
#
# **You need** lesson 01 (the length formula) and lesson 04 (images, channels, filters, the layer with its seven loops).

# %% [markdown] role="notes"
# 2 minutes. One formula with five settings; most bugs with shapes in a first project come from it.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 5 exercises and one written answer, 25 points in all, and takes about 95 minutes.
# Predictions carry no points. Under each answer stand its checks; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too; where an int is asked for, `4.0` does not count.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import photograph
from course.figures import COLOURS, show
from course.widgets import KernelLab, PaddingAndStride

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 04.** You may call both in any answer. The layer here takes images that already stand between their zeros.

# %% role="given" from="conv2d_loops.pair"
def conv2d_loops(x, w, b, stride=1):
    """Correlate images (N, C, H, W) with kernels (F, C, KH, KW), add b (F,): (N, F, OH, OW)."""
    (sh, sw), (F, C, KH, KW) = pair(stride), w.shape
    if C != x.shape[1] or KH > x.shape[2] or KW > x.shape[3]:
        raise ValueError(f"kernels of shape {w.shape} do not fit images of shape {x.shape}")
    y = np.zeros((len(x), F, (x.shape[2] - KH) // sh + 1, (x.shape[3] - KW) // sw + 1))
    for n, f, i, j in np.ndindex(y.shape):
        y[n, f, i, j] = b[f] + np.sum(x[n, :, i * sh : i * sh + KH, j * sw : j * sw + KW] * w[f])
    return y


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count on each axis
#
# Along one axis there are $n$ pixels, $p$ zeros on each side, and a kernel of $k$ taps that moves by $s$. Lesson 01 counted the windows:
#
# $$\text{outputs} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# An image has two axes, and each counts for itself: the rows with $H, KH, s_h, p_h$ give $OH$, the columns with $W, KW, s_w, p_w$ give $OW$.
#
# | $n$ | $k$ | $s$ | $p$ | before the floor | outputs |
# |---|---|---|---|---|---|
# | 8 | 3 | 2 | 1 | 7 / 2 = 3.5 | 4 |
# | 10 | 4 | 3 | 0 | 6 / 3 = 2 | 3 |
# | 9 | 3 | 1 | 1 | 8 / 1 = 8 | 9 |

# %% [markdown] role="notes"
# Let the room compute one line of the table without help, with the floor.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A riddle in a famous paper
#
# The paper on AlexNet describes a first layer that reads images of 224 by 224 with kernels of 11 by 11 in steps of 4, and draws maps of 55 by 55. It mentions no padding.
#
# **Predict** how many outputs 224 pixels give on one axis.

# %% [markdown] role="notes"
# 3 minutes. Somebody will find that 224 does not give 55. The paper's image must have had 227 pixels, or padding that it does not mention.

# %% role="prediction" exercise="alexnet_size"
alexnet_size = None  # replace None by your number
### BEGIN SOLUTION
alexnet_size = (224 - 11) // 4 + 1
### END SOLUTION

# %% role="tests" exercise="alexnet_size"

# %% [markdown] slideshow={"slide_type": "fragment"}
# 55 outputs need at least 227 pixels, or 3 more zeros on each axis. Those who rebuilt the network had to find that out by this formula.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Refuse what leaves a remainder?
#
# Some implementations refuse every setting for which $(n + 2p - k)/s$ is not a whole number.
#
# Ask that rule about the first layer of ResNet, with 224 pixels, a kernel of 7, stride 2 and padding 3:

# %% [markdown] role="notes"
# Ask who would refuse ResNet. The rule would.

# %%
n, k, s, p = 224, 7, 2, 3
print("before the floor:", (n + 2 * p - k) / s)
print("windows that fit:", len(range(0, n + 2 * p - k + 1, s)))

# %% [markdown]
# 111.5 is no whole number, and the rule would refuse one of the most used layers there is. Frameworks take the floor.
#
# The price: pixels, or zeros, that are left over at the right and at the bottom are read by no window. Nothing is wrong with that; they get no say in the output and, as lesson 06 shows, gradient 0.
#
# Where the stride is longer than the kernel, pixels between two windows are skipped as well. They stay unread however large the image is.

# %%
PaddingAndStride(
    image=[
        [3, 1, 4, 1, 5, 9, 2, 6],
        [5, 3, 5, 8, 9, 7, 9, 3],
        [2, 3, 8, 4, 6, 2, 6, 4],
        [3, 3, 8, 3, 2, 7, 9, 5],
        [0, 2, 8, 8, 4, 1, 9, 7],
    ],
    kernel=[[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    stride=2,
    padding=1,
    controls=["stride", "padding"],
)

# %% [markdown]
# **Ask the figure.** Which column of the padded image is read by no window? Now set the padding to 0: which pixels of the image itself are left over?
#
# <details><summary>Answer</summary>
#
# With padding 1 the rows leave no remainder. The columns do: the last one of the padded image, a column of zeros, is read by no window. With padding 0 it is the last column of the image itself, column 7.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: one letter in a guard
#
# Such a guard is also easy to get wrong. This one stands, with other names, in code that many have copied:

# %% [markdown] role="notes"
# Show the code for half a minute without a word. Whoever sees it says the word, not the place.

# %%
def accepts(height, width, field_height, field_width, stride):
    """Tell whether the stride divides the room on both axes."""
    return (height - field_height) % stride == 0 and (width - field_height) % stride == 0


# A kernel of 3 rows and 2 columns, stride 2.
for height, width in ((5, 6), (5, 7)):
    print(f"image {height} by {width}: accepted: {accepts(height, width, 3, 2, 2)},", end=" ")
    print(f"remainders {(height - 3) % 2} and {(width - 2) % 2}")

# %% [markdown]
# The image of 5 by 6 leaves no remainder and is refused. The image of 5 by 7 leaves one and passes.
#
# The width is compared with `field_height`. With square kernels, on which such code is tried out, nobody can see it. So try your code where **nothing is square and no two settings are equal**, as the checks of this lesson do.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Spread the taps
#
# Segmentation has to say of every pixel what it belongs to. For that it needs to see far **and** to keep the size of the image, so it cannot take large strides.
#
# **Dilation** sets the taps of a kernel apart, by $d_h$ rows and $d_w$ columns: tap $(u, v)$ of the window $(i, j)$ meets the pixel in row $i s_h + u\, d_h$ and column $j s_w + v\, d_w$ of the padded image. Stride moves windows; dilation moves the taps inside one window.
#
# With $x$ holding 1 to 9 in 3 rows, $w = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$ and dilation 2, the taps meet the four corners:
#
# $$1 \cdot 1 + 3 \cdot 2 + 7 \cdot 3 + 9 \cdot 4 = 64$$
#
# A dilated kernel sees far with few weights. It also looks past what lies between its taps.
#
# **Predict** how many rows a kernel of 3 taps with dilation 4 spans, from its first to its last.

# %% [markdown] role="notes"
# Draw taps as dots: the distance from the first to the last is $d(k-1)$, and one more pixel makes the extent.

# %% role="prediction" exercise="dilated_span"
dilated_span = None  # replace None by your number
### BEGIN SOLUTION
dilated_span = 4 * (3 - 1) + 1
### END SOLUTION

# %% role="tests" exercise="dilated_span"

# %%
PaddingAndStride(
    image=[
        [3, 1, 4, 1, 5, 9, 2],
        [6, 5, 3, 5, 8, 9, 7],
        [9, 3, 2, 3, 8, 4, 6],
        [2, 6, 4, 3, 3, 8, 3],
        [2, 7, 9, 5, 0, 2, 8],
        [8, 4, 1, 9, 7, 1, 6],
    ],
    kernel=[[1, 1, 1], [1, -8, 1], [1, 1, 1]],
    dilation=2,
    controls=["padding", "dilation"],
    rule=False,
)

# %% [markdown]
# **Ask the figure.** How many pixels does one window read, and over how many by how many does it reach? Which padding gives back the size of the image, and what would it be for dilation 3?
#
# <details><summary>Answer</summary>
#
# It reads 9 pixels, and reaches over 5 by 5. Padding 2 gives back the size. With dilation 3 the window reaches over 7 by 7, and padding 3 is needed.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Write the gaps into the kernel
#
# A dilated kernel is a larger kernel with zeros between its weights. The cell below writes them in and asks the given layer, which knows nothing of dilation:

# %% [markdown] role="notes"
# The sentence to keep: a dilated kernel is a larger kernel with zeros.

# %%
x = np.arange(1, 10).reshape(1, 1, 3, 3)
w = np.array([[[[1, 2], [3, 4]]]])
gaps = np.zeros((1, 1, 3, 3))
gaps[:, :, ::2, ::2] = w
print("kernel with its gaps:", gaps[0, 0].tolist())
print("output:", conv2d_loops(x, gaps, np.zeros(1))[0, 0].tolist())

# %% [markdown]
# Dilation 2 writes **one** zero between neighbours, dilation $d$ writes $d - 1$. So $k$ taps span $d\,(k-1) + 1$ pixels, neither $d \cdot k$ nor $(d+1)(k-1) + 1$. A dilated kernel fits where a plain one of that many taps fits, so in the count of the windows its span stands in the place of $k$:
#
# $$\text{outputs} = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the output's shape (4 points)
#
# Write `output_shape(hw, kernel_size, stride=1, padding=0, dilation=1)`: the tuple `(OH, OW)` of two ints, for an image of `hw = (H, W)` pixels.
#
# - The other four are ints or pairs, (for rows, for columns).
# - `output_shape((8, 11), 3, 2, (1, 0))` is `(4, 5)`.
# - If the kernel with its gaps is larger than the padded image on **either** axis, raise `ValueError`. A kernel that fills it exactly fits once.

# %% role="answer" exercise="output_shape"
def output_shape(hw, kernel_size, stride=1, padding=0, dilation=1):
    """Count the windows on both axes.

    hw: (H, W) pixels; kernel_size, stride, padding, dilation: int or pair, pixels; returns (OH, OW).
    """
    ### BEGIN SOLUTION
    sizes = []
    for n, k, s, p, d in zip(hw, pair(kernel_size), pair(stride), pair(padding), pair(dilation)):
        room = n + 2 * p - d * (k - 1) - 1
        if room < 0:
            raise ValueError(f"{k} taps with dilation {d} do not fit into {n} pixels with padding {p}")
        sizes.append(room // s + 1)
    return tuple(sizes)
    ### END SOLUTION


# %% role="tests" exercise="output_shape"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Does half the kernel keep the size?
#
# "Pad by $(k-1)/2$ to keep the size" is a rule of thumb that you met in lesson 01. Try it on 8 pixels, with even kernels and at another stride:

# %% [markdown] role="notes"
# Collect a show of hands for the even kernel. It never keeps the size with equal zeros on both sides.

# %%
for k, s in ((3, 1), (5, 1), (4, 1), (3, 2)):
    zeros = (k - 1) / 2
    sizes = {p: (8 + 2 * p - k) // s + 1 for p in (int(zeros), k // 2)}
    print(f"k = {k}, stride {s}: (k - 1) / 2 = {zeros}; outputs by padding: {sizes}")

# %% [markdown]
# For odd $k$ and stride 1 it holds. For $k = 4$ it asks for 1.5 zeros: with 1 on each side there are 7 outputs, with 2 there are 9, and never 8. With stride 2 it gives half the size.
#
# An even kernel needs an **odd** number of zeros in all, so one side gets one more. That is what the next setting does.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask for the size, get the zeros
#
# Padding **'same'** turns the question around: you ask for $m = \lceil n / s \rceil$ outputs, rounded up, and take the **smallest** number of zeros that gives them. At stride 1 the image keeps its size.
#
# Half of the zeros go before the image and half after it. When their number is odd, the extra zero comes **after**.
#
# For $n = 224$, $k = 7$, $s = 2$ it is 112 outputs from 5 zeros, 2 before and 3 after. With 4 zeros there are only 111.
#
# **Predict** the zeros before and after for $n = 8$, $k = 3$, $s = 2$.

# %% [markdown] role="notes"
# The usual question: which side gets the extra zero? Each library has its own answer, and that is the next slide.

# %% role="prediction" exercise="same_zeros"
same_zeros = None  # replace None by a list of two numbers, before and after
### BEGIN SOLUTION
same_zeros = [0, 3 * 2 + 3 - 8]
### END SOLUTION

# %% role="tests" exercise="same_zeros"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See where the extra zero goes
#
# What you have predicted is TensorFlow's `'same'` and ONNX's `SAME_UPPER`. ONNX's `SAME_LOWER` puts the extra zero **before**. PyTorch takes `'same'` at stride 1 only; at other strides you give the zeros yourself, the same number on both sides.
#
# Whether the extra zero stands after the image or before it, there are 4 outputs. Are they the same?
#
# Below, windows of 3 move by 2 over the signal 1 to 8, once with the extra zero after and once with it before. The weights are place values, $w = [1, 10, 100]$, so an output spells what its window saw, from right to left.

# %% slideshow={"slide_type": "subslide"}
signal = np.arange(1, 9)
figure, panels = plt.subplots(1, 2, figsize=(11, 3.4), sharey=True)
sides = {"extra zero after: zeros (0, 1)": (0, 1), "extra zero before: zeros (1, 0)": (1, 0)}
for panel, (title, (before, after)) in zip(panels, sides.items()):
    padded = np.pad(signal, (before, after))
    for place, value in enumerate(padded):
        inside = before <= place < before + len(signal)
        panel.text(place, 0, str(value), ha="center", va="center", color="black" if inside else COLOURS["positive"])
    panel.axvspan(before - 0.5, before + len(signal) - 0.5, color="0.92", zorder=0)
    for i, begin in enumerate(range(0, len(padded) - 2, 2)):
        output = padded[begin : begin + 3] @ [1, 10, 100]
        panel.plot([begin - 0.3, begin + 2.3], [-i - 1, -i - 1], color=COLOURS["negative"], linewidth=3)
        panel.text(begin + 2.5, -i - 1, f"$y_{i}$ = {output}", va="center")
    panel.set(title=title, xlim=(-0.7, 10.4), ylim=(-4.6, 0.6), xticks=range(9), xlabel="place in the padded signal", yticks=[])
panels[0].set_ylabel("windows, one below another")
show(
    figure,
    alt="Two panels with the signal 1 to 8 and four windows of three below it, in steps of two. Extra zero "
    "after: the outputs are 321, 543, 765 and 87. Extra zero before: 210, 432, 654 and 876.",
)

# %% [markdown]
# Every output has seen other pixels: each window on the right begins one pixel earlier. No shape shows it.
#
# If weights are trained with the one and run with the other, what a filter finds lies at another place. Here padding 1 on both sides reads what the right panel reads, and never reaches its last zero.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: 'same' padding (4 points)
#
# Write `same_padding(n, k, stride=1, dilation=1)` for one axis: the tuple `(before, after)` of two ints that gives $\lceil n/s \rceil$ outputs, with the extra zero **after**.
#
# - `same_padding(224, 7, 2)` is `(2, 3)`, and `same_padding(4, 2)` is `(0, 1)`.
# - Where no zeros are needed it is `(0, 0)`. So it is for `same_padding(9, 1, 3)`: three windows fit without zeros, and some pixels lie in none of them.
#
# The formula is yours to find. Where does the last of the $m$ windows begin, and which is the last pixel that it needs? For whole numbers, `-(-n // s)` rounds $n/s$ up.
#
# <details><summary>A hint, if you are stuck</summary>
#
# The last of the $m$ windows begins $(m-1)\,s$ pixels after the first and spans $d(k-1) + 1$ of them. Compare the pixels that are needed with the $n$ that are there. Can the difference be negative?
#
# </details>

# %% role="answer" exercise="same_padding"
def same_padding(n, k, stride=1, dilation=1):
    """Find the zeros that give ceil(n / stride) outputs.

    n: pixels, k: taps, stride and dilation: pixels, all ints; returns (before, after).
    """
    ### BEGIN SOLUTION
    outputs = -(-n // stride)
    zeros = max(0, (outputs - 1) * stride + dilation * (k - 1) + 1 - n)
    return zeros // 2, zeros - zeros // 2
    ### END SOLUTION


# %% role="tests" exercise="same_padding"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: choose the settings (3 points)
#
# Networks shrink their maps from layer to layer, and someone has to choose the settings. Here it is you.
#
# Write `choose_layer(n, m)` for one axis: settings `(k, s, p)`, three ints, with which `n` pixels give exactly `m` outputs, for any `m` of 1 or more with `2 * m <= n`. Moreover:
#
# - `k` is odd, so that every window has a pixel in its middle,
# - **every** pixel of the image is read by some window,
# - `0 <= p < k`: there are fewer zeros on a side than the kernel has taps.
#
# For `choose_layer(8, 4)`, `(3, 2, 1)` is a right answer, and `(5, 2, 2)` is another. `(1, 2, 0)` gives 4 outputs and never reads every second pixel.
#
# There are many right answers, and the check measures yours. You may call your `output_shape`. A search is as good as a formula.

# %% role="answer" exercise="choose_layer"
def choose_layer(n, m):
    """Choose settings that take n pixels to m outputs and read every pixel.

    n: pixels, m: outputs, both ints with 2 * m <= n; returns (k, s, p), k odd and p < k.
    """
    ### BEGIN SOLUTION
    s = n // m
    k = n - (m - 1) * s  # the last window ends with the last pixel
    return (k, s, 0) if k % 2 else (k + 1, s, 1)
    ### END SOLUTION


# %% role="tests" exercise="choose_layer"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 4: pad images (3 points)
#
# From here on the zeros are again the same on both sides of an axis, $p_h$ above and below, $p_w$ left and right.
#
# Write `pad2d(x, padding)`: `x`, shape `(N, C, H, W)`, between its zeros, as a **new** array of shape `(N, C, H + 2 * ph, W + 2 * pw)`.
#
# - `padding` is an int or a pair `(ph, pw)`. One pixel, `[[[[5]]]]`, with padding `(0, 1)` gives `[[[[0, 5, 0]]]]`.
# - Images and channels get no neighbours: the first two axes stay as they are.
# - Fractions survive, and padding 0 gives a copy: changing the result later must not change `x`.
#
# `np.pad` is welcome; so is writing into an array of zeros.

# %% role="answer" exercise="pad2d"
def pad2d(x, padding):
    """Put zeros around the rows and columns of every image.

    x: (N, C, H, W) images, padding: int or (ph, pw); returns a new (N, C, H + 2 * ph, W + 2 * pw) array.
    """
    ### BEGIN SOLUTION
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    ### END SOLUTION


# %% role="tests" exercise="pad2d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Divide the channels into groups
#
# In lesson 04 every filter read every channel. With **groups** the channels are cut into blocks of $C_g$ channels, the filters into as many blocks of $F_g$ filters, and block $g$ of the filters reads block $g$ of the channels and nothing else. The number of groups has to divide both $C$ and $F$.
#
# For $C = 4$ channels, $F = 6$ filters and 2 groups, $C_g = 2$ and $F_g = 3$:
#
# | group | filters | read channels |
# |---|---|---|
# | 0 | 0, 1, 2 | 0, 1 |
# | 1 | 3, 4, 5 | 2, 3 |
#
# A filter needs weights for the channels of its group only. So `w` has shape `(F, C // groups, KH, KW)`, here `(6, 2, KH, KW)`, and `w[4, 0]` meets channel 2.

# %% [markdown] role="notes"
# Draw two blocks of channels and two blocks of filters with no arrow across.

# %%
figure, panels = plt.subplots(1, 3, figsize=(11, 4), sharey=True)
for panel, groups in zip(panels, (1, 2, 4)):
    filter_group, channel_group = np.arange(8) // (8 // groups), np.arange(4) // (4 // groups)
    reads = filter_group[:, np.newaxis] == channel_group
    panel.imshow(np.where(reads, 1 - channel_group % 2, np.nan), cmap="PuOr", vmin=-1, vmax=2, aspect="auto")
    for f, c in np.argwhere(reads):
        panel.text(c, f, f"w[{f}, {c % (4 // groups)}]", ha="center", va="center", fontsize=8)
    panel.set(title=f"groups {groups}: {reads.sum()} kernels", xlabel="channel of x", xticks=range(4), yticks=range(8))
panels[0].set_ylabel("filter")
show(
    figure,
    alt="Three tables of 8 filters and 4 channels. With one group every filter has a kernel for every channel, "
    "32 kernels. With two groups filters 0 to 3 read channels 0 and 1, filters 4 to 7 channels 2 and 3: two blocks "
    "on the diagonal, 16 kernels. With four groups two filters read each channel: four blocks, 8 kernels.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The layer in full
#
# Filter $f$ lies in group $g = \lfloor f / F_g \rfloor$, whose first channel is $g\, C_g$. With $x$ between its zeros,
#
# $$y_{n,f,i,j} = b_f + \sum_{c=0}^{C_g-1} \; \sum_{u=0}^{KH-1} \; \sum_{v=0}^{KW-1} x_{n,\;\; g\,C_g + c,\;\; i s_h + u\, d_h,\;\; j s_w + v\, d_w}\; w_{f,c,u,v}$$
#
# With one group and $d_h = d_w = 1$ it is the layer of lesson 04.
#
# Weights and multiplications are both divided by the number of groups.
#
# **Predict** the number of weights, without biases, for 8 channels, 12 filters of 3 by 3 and 4 groups.

# %% role="prediction" exercise="grouped_weights"
grouped_weights = None  # replace None by your number
### BEGIN SOLUTION
grouped_weights = 12 * (8 // 4) * 3 * 3
### END SOLUTION

# %% role="tests" exercise="grouped_weights"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## One group for each channel
#
# With as many groups as channels, every filter reads a single channel. This is the **depthwise** layer, with `w` of shape `(F, 1, KH, KW)`. Channel 0 belongs to the first $F/C$ filters, channel 1 to the next $F/C$, and so on.
#
# Two constant channels, of 1 and of 10, and two filters of one channel each, whose weights sum to 4 and to 8, give the maps 4 and 80. In the full layer both maps would hear of both channels.
#
# Depthwise layers look at places, and 1 by 1 kernels mix channels. MobileNet puts one after the other. For $C = F = 64$ and 3 by 3 kernels, each pixel costs
#
# $$\underbrace{64 \cdot 9}_{\text{depthwise}} + \underbrace{64 \cdot 64}_{1 \times 1} = 4672 \quad \text{multiplications instead of} \quad 64 \cdot 64 \cdot 9 = 36\,864$$

# %% [markdown] role="notes"
# Count the weights of both ways with the room; the factor is why small networks for telephones are built so.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 5: the layer with every setting (9 points)
#
# Write `conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1)` for `x` of shape `(N, C, H, W)`, `w` of shape `(F, C // groups, KH, KW)` and `b` of shape `(F,)`: a new array of shape `(N, F, OH, OW)`, by the formula of the layer in full.
#
# - `stride`, `padding` and `dilation` are ints or pairs, `groups` is an int.
# - 1 to 9 in 3 rows, the kernel `[[1, 2], [3, 4]]`, bias 0 and dilation 2 give `[[[[64]]]]`.
# - `x` of shape `(3, 4, 6, 8)` and `w` of shape `(6, 2, 2, 3)` with stride `(1, 2)`, padding `(1, 0)`, dilation `(2, 1)` and 2 groups give shape `(3, 6, 6, 3)`.
# - Raise `ValueError` when the kernel does not fit on an axis, when `groups` does not divide `C` or `F`, and when `w` has not `C // groups` channels.
# - Integers do not truncate, and fractions survive wherever they come from.
#
# You may call everything you have, the given layer too: pad the images, write the gaps into the kernels, take one group at a time. Loops by the formula are as good.

# %% role="answer" exercise="conv2d"
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Compute a convolution layer with every setting.

    x: (N, C, H, W) images, w: (F, C // groups, KH, KW) kernels, b: (F,) biases;
    stride, padding, dilation: int or pair, groups: int; returns (N, F, OH, OW).
    """
    ### BEGIN SOLUTION
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    (N, C, H, W), (F, channels, KH, KW) = x.shape, w.shape
    if C % groups or F % groups or channels != C // groups:
        raise ValueError(f"{groups} groups do not fit {C} channels and kernels of shape {w.shape}")
    OH, OW = output_shape((H, W), (KH, KW), stride, padding, dilation)
    padded = pad2d(x, padding)
    y = np.zeros((N, F, OH, OW))
    for n, f, i, j in np.ndindex(y.shape):
        first = f // (F // groups) * channels
        rows = slice(i * sh, i * sh + dh * (KH - 1) + 1, dh)
        columns = slice(j * sw, j * sw + dw * (KW - 1) + 1, dw)
        window = padded[n, first : first + channels, rows, columns]
        y[n, f, i, j] = b[f] + np.sum(window * w[f])
    return y
    ### END SOLUTION


# %% role="tests" exercise="conv2d"

# %% slideshow={"slide_type": "skip"}
# A cell to try things, for instance: conv2d(x, w, np.zeros(1), dilation=2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put your layer to work
#
# A depthwise average blurs each colour of a photograph for itself, so that the result is a colour picture again. Your `choose_layer` says how to average 128 pixels to 32 and to 16. *(No points.)*
#
# **Predict** before you run the cell: in the second picture the same average has dilation 6 and padding 6. What does it look like, and what happens at the border?

# %% [markdown] role="notes"
# Ask what dilation 6 will do to the picture before you show it. Point at the border, where zeros come in.

# %%
photo = photograph()[np.newaxis] / 255.0  # (1, 3, 128, 128)


def averaged(k, **settings):
    """Average each colour over k by k taps with your conv2d: (3, OH, OW)."""
    weights = np.full((3, 1, k, k), 1 / (k * k))
    return conv2d(photo, weights, np.zeros(3), groups=3, **settings)[0]


def draw(panel, title, picture):
    """Draw a picture, (3, OH, OW), with its shape."""
    panel.imshow(np.clip(picture.transpose(1, 2, 0), 0, 1))
    panel.set(title=f"{title}\n{picture.shape}", xlabel="column")


figure, panels = plt.subplots(1, 4, figsize=(13, 3.8))
draw(panels[0], "the photograph", photo[0])
try:
    draw(panels[1], "dilation 6", averaged(3, padding=6, dilation=6))
    for panel, m in zip(panels[2:], (32, 16)):
        k, s, p = choose_layer(128, m)
        draw(panel, f"your k = {k}, s = {s}, p = {p}", averaged(k, stride=s, padding=p))
except NotImplementedError:
    print("The other pictures wait for your choose_layer and conv2d.")
except Exception as error:
    print(f"Your answers do not fit the photograph yet. {type(error).__name__}: {error}")
panels[0].set_ylabel("row")
for panel in panels:
    if not panel.images:
        panel.axis("off")
show(
    figure,
    alt="The photograph of a tower, and, once your answers are written, three averages of it: with dilation 6 "
    "a picture of nine faint shifted towers with a dark border, and the tower in 32 by 32 and in 16 by 16 "
    "coarse pixels, still recognizable.",
)

# %% [markdown]
# Dilation 6 averages nine pixels that lie far apart: nine faint towers, moved by 6 pixels. At the border some of the nine are zeros, and the picture darkens. What your settings shrink stays a picture of the tower, since every pixel has its say. If a row or column at its border is dark, some taps met zeros there.
#
# *Photograph: danielbuechele, CC BY 2.0, cut and reduced; see `help(photograph)`.*

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Turn the settings yourself
#
# In the figure the same average goes over each channel by itself, with any stride, padding and dilation. Under the pictures the rule counts the outputs. *(No points.)*
#
# **Predict**, then do it: choose Impulse, a single bright pixel, and give the average padding 6 and dilation 6. What does the output show, and why were there nine towers?

# %% [markdown] role="notes"
# Choose Impulse and raise the dilation: the nine dots are the kernel's taps.

# %% slideshow={"slide_type": "subslide"}
lab = KernelLab(
    "photograph",
    kernel=np.full((3, 3), 1 / 9),
    channels="colour",
    controls=["picture", "kernels", "size", "stride", "padding", "dilation"],
)
lab

# %% [markdown]
# <details><summary>Answer</summary>
#
# Nine pixels of a ninth of its brightness, 6 rows and 6 columns apart: one for each tap that meets the bright pixel. Every pixel of the photograph leaves its light at nine places in this way, and so does the tower.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Lay your own output beside it
#
# Your `conv2d` has every setting of the figure. Does it get the same from what stands in it now?

# %%
try:
    x = lab.image.reshape(1, -1, *lab.image.shape[-2:])  # (1, C, H, W)
    channels = x.shape[1]
    w = np.stack([lab.kernel[np.newaxis]] * channels)  # (C, 1, KH, KW): depthwise
    y = conv2d(x, w, np.zeros(channels), lab.stride, lab.padding, lab.dilation, channels)
    lab.output = y[0]
    print(f"output {y.shape}: largest difference {np.abs(lab.difference).max():.6f}")
except NotImplementedError:
    print("This cell waits for your conv2d.")
except Exception as error:
    print(f"Your conv2d does not do what the figure does yet. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Say where a pixel goes (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences, with numbers:
#
# 1. A layer with $k = 3$ and $s = 2$ was trained with the extra zero after the image. A friend runs its weights with padding 1 on both sides, on images of 8 by 8. Both give maps of 4 by 4. At which row does the window of output row 1 begin in each case, counted in rows of the image, and what does that mean for the place of what a filter finds? For images of 9 by 9, what zeros does 'same' ask for, and does the trouble remain? *(1 point)*
# 2. A layer with $k = 3$, $s = 4$ and no padding reads images with 10 columns. Which columns does no window read? Say of each whether it lies between two windows or behind the last one. Name one setting with which every column is read. *(1 point)*

# %% [markdown] role="written" exercise="where_the_pixel_goes"
# ### BEGIN SOLUTION
# *1 point for question 1: both rows and their effect, and the answer for 9. 1 point for question 2: all columns with where they lie, and a setting that works.*
#
# With the extra zero after the image nothing stands before it, so the window of output row 1 begins at row 1 · 2 = 2. With padding 1 on both sides everything begins one row earlier, and it begins at row 1. The same holds for the columns. Every output sees the image shifted by one pixel on both axes, so what a filter finds lies at another place than in training, and no shape gives it away.
# For 9 pixels, 'same' asks for ⌈9/2⌉ = 5 outputs and $4 \cdot 2 + 3 - 9 = 2$ zeros, one before and one after. That is padding 1 on both sides, so the two agree and the trouble is gone.
#
# There are ⌊(10 − 3)/4⌋ + 1 = 2 windows; they read the columns 0 to 2 and 4 to 6. Column 3 lies between the two, because the stride is longer than the kernel. Columns 7, 8 and 9 lie behind the last window: a third would begin at column 8 and need column 10.
# With stride 1 every column is read. So it is with $s = 3$ and padding 1: 4 windows then cover all 12 places of the padded image.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - compute the output's size for any stride, padding and dilation, say what a remainder leaves out, and choose settings for a size that you want,
# - find the zeros of padding 'same', and tell two settings apart that give one shape and other values,
# - spread a kernel by dilation, divide channels into groups, and count what both save.
#
# In the next lesson gradients travel through all of this backwards, and the pixels that no window read get 0.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016: sizes, strides and dilation in pictures.
# - Alex Krizhevsky, Ilya Sutskever and Geoffrey Hinton, *ImageNet classification with deep convolutional neural networks*, 2012: AlexNet, with its riddle and with two groups, one on each graphics card.
# - Fisher Yu and Vladlen Koltun, *Multi-scale context aggregation by dilated convolutions*, 2016: why one wants gaps.
# - Andrew Howard and others, *MobileNets: efficient convolutional neural networks for mobile vision applications*, 2017: depthwise and 1 by 1 layers, counted.
