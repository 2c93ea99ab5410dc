# %% [markdown] slideshow={"slide_type": "slide"}
# # See what one output can see
#
# You will find out which pixels can change one output of a deep network: by adding up, by walking back through the layers, and by sending a gradient back. You will measure how few of them matter, and build a stack of four layers in which all 81 do.
#
# **You need** lesson 01 (stride, padding, dilation, the number of windows) and lesson 02 (sending `dy` back). From statistics: variances of independent steps add up.

# %% [markdown] role="notes"
# 2 minutes. All numbers today are on one axis; an image does the same twice.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 5 exercises and one written answer, 19 points in all, and takes about 90 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Every number here belongs to **one axis**. An image has two, and its layers treat both alike: what is 5 pixels on an axis is a square of 5 by 5 in the image. Where a tuple is asked for, a list counts too; where an int is asked for, `4.0` does not count.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import ReceptiveField

# Each layer as (kernel, stride, padding, dilation), the one next to the input first.
NETWORK_B = [(5, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 2), (3, 2, 0, 1), (3, 1, 0, 1)]
LENET = [(5, 1, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1)]
CONV, POOL = (3, 1, 1, 1), (2, 2, 0, 1)
VGG16 = [layer for convolutions in (2, 2, 3, 3, 3) for layer in [CONV] * convolutions + [POOL]]

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 01 and 02.** The number of windows, and the signal's gradient with a stride. You may call both in any answer.


# %% role="given" from="sliding_window.output_length, gradients_1d.grad_x_1d_strided"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look back through two layers
#
# One output of a layer with 3 taps reads 3 pixels. Let a second such layer read the outputs of the first. Its output 0 reads the first layer's outputs 0, 1 and 2:
#
# | the first layer's output | reads the pixels |
# |---|---|
# | 0 | 0, 1, 2 |
# | 1 | 1, 2, 3 |
# | 2 | 2, 3, 4 |
#
# Together these are the pixels 0 to 4: **five**, neither 3 + 3 nor 3 · 3, since neighbours overlap.
#
# A pixel belongs to the **receptive field** of an output if it can change this output for *some* weights of the layers. For single weights it may fail to: through the kernels $[1, 1]$ and $[1, -1]$ the middle pixel of three adds $1 - 1 = 0$. The field says what a network is able to see, whatever it has learned.
#
# The **size** of a field counts the pixels from the first one to the last, both included.
#
# **Ask the figure.** Point at an output, then at a pixel. Add a third layer of 3 taps with the figure's buttons: how large is the field now?

# %% [markdown] role="notes"
# Point at output 0 of the second layer and count down. Ask for the third layer.

# %%
ReceptiveField([(3, 1, 0, 1), (3, 1, 0, 1)], n=9, rule=False)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 7 pixels: output 0 of the third layer reads the second layer's outputs 0, 1 and 2, which see the pixels 0 to 4, 1 to 5 and 2 to 6.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count what one more layer adds
#
# The layers of a stack are numbered from the input: $\ell = 1, 2, \dots$ Layer $\ell$ has $k_\ell$ taps, stride $s_\ell$, padding $p_\ell$ on each side and dilation $d_\ell$. Write $\text{size}_\ell$ for the size of the field of its outputs.
#
# The size alone does not say how far the fields of neighbours lie apart. So we need a second number, the **jump**, $\text{jump}_\ell$: by how many pixels the field moves from one output of layer $\ell$ to the next. Before the first layer an "output" is a pixel itself: $\text{size}_0 = 1$ and $\text{jump}_0 = 1$.
#
# Here is a network that we call B. Its layers have no padding:
#
# | $\ell$ | $k, s, d$ | $\text{size}_\ell$ | $\text{jump}_\ell$ |
# |---|---|---|---|
# | 1 | 5, 1, 1 | 5 | 1 |
# | 2 | 2, 2, 1 | 6 | 2 |
# | 3 | 3, 1, 2 | 14 | 2 |
# | 4 | 3, 2, 1 | 18 | 4 |
# | 5 | 3, 1, 1 | ? | 4 |
#
# Read the table line by line, and draw the pixels where a number surprises you:
#
# - Layer 2 has 2 taps and adds 1 pixel. Layer 3 has 3 taps and adds 8. What makes the difference?
# - Layer 2 has stride 2. This stride does not enlarge the size in its own line of the table. In which line does it?
#
# **Predict** the size after layer 5, then look it up in the figure below.

# %% [markdown] role="notes"
# Let the room find the rule from the table before it is written down. Raise the inputs to 60 before you point at the fifth layer.

# %% role="prediction" exercise="fifth_size"
fifth_size = None  # replace None by your number
### BEGIN SOLUTION
fifth_size = 18 + 1 * (3 - 1) * 4
### END SOLUTION

# %% role="tests" exercise="fifth_size"

# %%
ReceptiveField("Network B", rule=False)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Ask the figure.** Raise the inputs to 60 first, so that every layer still fits. Change the stride of layer 5, then of layer 1. Which of the two changes the size of the last field, and why only that one?
#
# Give layer 2 a padding of 1. Does the size change?
#
# <details><summary>Answer</summary>
#
# Layer 1. A stride moves the windows of its own layer apart, and so the taps of every layer after it. After layer 5 there is none.
#
# Padding moves the fields. It does not change their size.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: size and jump (4 points)
#
# Write `receptive_field(layers)`: the tuple `(size, jump)` of two ints, in pixels of the input, for an output of the last layer.
# `layers` is a list of `(kernel, stride, padding, dilation)`, the layer next to the input first.
#
# The rule is yours to find. An output of layer $\ell$ reads $k_\ell$ outputs of the layer before. How many of their steps is it from the first to the last of these, how many pixels is each step, and how long is each of their fields?
#
# - `receptive_field([(3, 1, 0, 1), (3, 1, 0, 1)])` gives `(5, 1)`, and the first two layers of network B, `[(5, 1, 0, 1), (2, 2, 0, 1)]`, give `(6, 2)`.
# - Padding puts zeros beside the image. They are counted as pixels of the field where it hangs over the edge, and so change neither number.
# - A stack without layers, `[]`, gives `(1, 1)`.


# %% role="answer" exercise="receptive_field"
def receptive_field(layers):
    """Follow size and jump from the input on.

    layers: list of (kernel, stride, padding, dilation), input side first;
    returns (size, jump), two ints in pixels.
    """
    ### BEGIN SOLUTION
    size, jump = 1, 1
    for k, s, _, d in layers:
        size = size + d * (k - 1) * jump
        jump = jump * s
    return size, jump
    ### END SOLUTION


# %% role="tests" exercise="receptive_field"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Compare your rule
#
# In layer $\ell$ it is $d_\ell (k_\ell - 1)$ steps from the first tap to the last, and each step moves the field by $\text{jump}_{\ell-1}$ pixels. From the beginning of the first field to the end of the last:
#
# $$\text{size}_\ell = \text{size}_{\ell-1} + d_\ell\,(k_\ell - 1) \cdot \text{jump}_{\ell-1} \qquad\qquad \text{jump}_\ell = \text{jump}_{\ell-1} \cdot s_\ell$$
#
# In network B layer 3 adds $2 \cdot (3 - 1) \cdot 2 = 8$ pixels: its own dilation and the stride of layer 2 each double what a plain layer adds.
#
# **A common slip.** "Two layers of 3 see what one layer of 5 sees, so every layer adds $d(k-1)$." For network B that gives $1 + 4 + 1 + 4 + 2 + 2 = 14$, where 26 is right. For which networks does the rule hold?
#
# <details><summary>Answer</summary>
#
# For networks in which every stride is 1. The last layer may have any stride, since no layer follows it. In network B a step is worth 2 pixels after layer 2 and 4 after layer 4, and this rule counts 1.
#
# </details>

# %% [markdown] role="notes"
# The usual slip multiplies by the stride of the same layer; it is the jump of the layer below.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Try two networks that made history
#
# **LeNet-5** (1998) read digits: 5×5, pool 2, 5×5, pool 2, 5×5. Its sizes are 5, 6, 14, 16, 32. The image has 32 pixels on each axis, so after the last of these layers one output sees all of it.
#
# **VGG-16** (2014) classifies photographs of 224 by 224: 13 convolutions of 3×3 with padding 1, and 5 pools. After the last pool, called pool5, the size is 212 and the jump 32, with 7 outputs on each axis.
#
# A layer of 7×7 comes next, with stride 1 and no padding. It reads all 7 outputs of pool5.
#
# **Predict** the size of its field in pixels.

# %% [markdown] role="notes"
# VGG's last pool sees 212 pixels of 224, and still many count for little. That is the second half of the lesson.

# %% role="prediction" exercise="seventh_by_seven"
seventh_by_seven = None  # replace None by your number
### BEGIN SOLUTION
seventh_by_seven = 212 + (7 - 1) * 32
### END SOLUTION

# %% role="tests" exercise="seventh_by_seven"

# %%
try:
    for name, network in {"network B": NETWORK_B, "LeNet-5": LENET, "VGG-16": VGG16}.items():
        fields = [receptive_field(network[:depth]) for depth in range(1, len(network) + 1)]
        print(f"{name:9}  sizes {[size for size, _ in fields]}")
        print(f"{'':9}  jumps {[jump for _, jump in fields]}")
except NotImplementedError:
    print("This cell waits for your receptive_field.")
except Exception as error:
    print(f"This cell waits for a receptive_field that runs. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The field spans $212 + 6 \cdot 32 = 404$ pixels, more than the 224 that there are. The rest lies beyond the image's edges, in the padding and further out: a field may be larger than the image.
#
# But where do the fields lie? For that, the padding counts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Compare networks that came later
#
# **GoogLeNet** (2014), **ResNet** (2015) and **MobileNet** (2017) take the same images as VGG-16, and all of them end with a jump of 32.
#
# They are no longer one stack. A *module* of GoogLeNet has four branches side by side, and a *block* of ResNet a shortcut around its convolutions. An output then sees what it sees through **any** branch, and the branch with the largest field decides: in a module its 5×5 convolution, in a block the way through all its convolutions.
#
# ResNet-34 begins with a convolution of 7×7 and a pool, and goes on with 16 blocks of two 3×3 convolutions. ResNet-50 has 16 blocks too. Each of them has three convolutions: 1×1, 3×3, 1×1.
#
# **Predict** before you choose them in the figure: which of ResNet-34 and ResNet-50 sees more, and about how many times as much?

# %%
ReceptiveField("ResNet-34", rule=False)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Ask the figure.** Look at the layers of ResNet-50 too. Which of them widen the field, and which do not? Which of the networks with a name see more pixels than an axis of the image has?
#
# In many libraries a stage of ResNet-50 has its stride of 2 in the first 3×3 convolution, and not in the 1×1 before it, as in the paper. There one output sees 427 pixels. Where do the missing ones go?
#
# <details><summary>Answer</summary>
#
# ResNet-34 sees 899 pixels, ResNet-50 483: with more layers a little more than half as much. A convolution of 1×1 has one tap, $k - 1 = 0$, and widens nothing. So only 16 convolutions of ResNet-50's blocks count, and 32 of ResNet-34's.
#
# All networks that came later see more than 224 pixels: MobileNet 315, ResNet-18 435, GoogLeNet 715. Only VGG-16, with 212, does not.
#
# A 3×3 convolution adds two jumps. If the stride stands in it, and not before it, it adds two jumps of the stage before, half as much: 8, 16 and 32 pixels less in the three stages, 56 in all, and $483 - 56 = 427$.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find where a field lies
#
# Number the inputs of a layer from 0. Padding puts $p$ zeros before input 0, at the indices $-p, \dots, -1$. So window 0 begins at $-p$, window 1 begins $s$ later, and so on.
#
# A window's first tap and its last tap are two outputs of the layer before, and the same question is asked of each of them: where does *its* window begin, where does it end? What remains at the input are the indices of the first and of the last pixel. A negative one lies in the padding, or would lie before it.

# %% [markdown] role="notes"
# Number the zeros of the padding with negative indices on the board.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Walk back by hand
#
# Take a layer $(3, 1, 1, 1)$ and after it a layer $(3, 2, 1, 1)$:
#
# | | reads layer 2's inputs | reads layer 1's inputs |
# |---|---|---|
# | output 0 | −1 to 1 | −2 to 2 |
# | output 3 | 5 to 7 | 4 to 8 |
#
# Check both rows with pencil and paper. Both regions span 5 pixels, and from output 0 to output 3 they move by $3 \cdot \text{jump}_2 = 6$.
#
# Now let both layers have stride 2: $(3, 2, 1, 1)$ and $(3, 2, 1, 1)$ again.
#
# **Predict** the index at which the region of output 0 begins.

# %% [markdown] role="notes"
# Do the first row together, and let the room do the second.

# %% role="prediction" exercise="region_start"
region_start = None  # replace None by your number
### BEGIN SOLUTION
region_start = (0 * 2 - 1) * 2 - 1
### END SOLUTION

# %% role="tests" exercise="region_start"

# %%
ReceptiveField([(3, 2, 1, 1), (3, 2, 1, 1)], n=12, rule=False)

# %% [markdown]
# **Ask the figure.** Which output is the first whose field lies inside the image altogether?
#
# Set the padding of one layer to 0, then of the other. One zero of layer 2 moves the fields as far as how many zeros of layer 1?
#
# <details><summary>Answer</summary>
#
# Output 1: its field is 1 to 7, and that of output 0 is −3 to 3.
#
# As far as two: a zero of layer 2 stands in a row whose entries are $\text{jump}_1 = 2$ pixels apart.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the region (3 points)
#
# Write `receptive_region(layers, i)`: the tuple `(first, last)` of two ints, the input indices at which the field of output `i` of the last layer begins and ends, both included.
#
# - `receptive_region([(3, 1, 1, 1), (3, 2, 1, 1)], 0)` gives `(-2, 2)`, and with 3 for `i` it gives `(4, 8)`.
# - Begin with the last layer, where first and last are both `i`.
# - Nothing is cut off: indices in the padding are negative, and past the end of the image they go on. The image's size is not needed.
# - A stack without layers gives `(i, i)`.


# %% role="answer" exercise="receptive_region"
def receptive_region(layers, i):
    """Walk back from output i to the input.

    layers: list of (kernel, stride, padding, dilation), input side first, i: index of an output;
    returns (first, last), inclusive input indices.
    """
    ### BEGIN SOLUTION
    first = last = i
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + d * (k - 1)
    return first, last
    ### END SOLUTION


# %% role="tests" exercise="receptive_region"

# %%
try:
    for i in (0, 3, 6):
        print(f"VGG-16, pool5, output {i} sees the pixels", *receptive_region(VGG16, i))
except NotImplementedError:
    print("This cell waits for your receptive_region.")
except Exception as error:
    print(f"This cell waits for a receptive_region that runs. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Output 0 of pool5 sees the pixels −90 to 121 on each axis: 90 of its 212 lie outside the image. Even output 3, in the middle, misses 6 pixels on either side of the 224.
#
# In symbols, from the last layer to the first: $\text{first} \leftarrow \text{first} \cdot s_\ell - p_\ell$ and $\text{last} \leftarrow \text{last} \cdot s_\ell - p_\ell + d_\ell\,(k_\ell - 1)$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Leave holes
#
# Dilation widens a field without a single weight more. Networks that label every pixel of an image need it: each output has to see far, and no stride may thin the outputs out.
#
# Stack three layers with 3 taps and dilation 2, no padding.
#
# The size is $1 + 3 \cdot 2 \cdot 2 = 13$: output 0 sees something between pixel 0 and pixel 12.
#
# In each layer a path back to the input goes 0, 2 or 4 places to the right.
#
# **Predict** how many of the 13 pixels can change output 0.

# %% [markdown] role="notes"
# Select outputs 0 and 2 in the figure, then set one dilation to 1: the holes go.

# %% role="prediction" exercise="pixels_used"
pixels_used = None  # replace None by your number
### BEGIN SOLUTION
pixels_used = len({2 * sum(taps) for taps in np.ndindex(3, 3, 3)})
### END SOLUTION

# %% role="tests" exercise="pixels_used"

# %%
ReceptiveField("Dilated", selection=0, rule=False)

# %% [markdown]
# **Ask the figure.** What do outputs 0 and 2 have in common that outputs 0 and 1 do not? Choose **Two axes**: how many of the 13 × 13 pixels of an image can change one output? Then change the dilations: can you make the three layers use all the pixels that they span, and still span more than 7?
#
# <details><summary>Answer</summary>
#
# Every sum of steps of 0, 2 and 4 is even, so output 0 reaches no odd pixel: 13 pixels **spanned**, 7 **used**. Outputs 0 and 2 share pixels, all of them even. Outputs 0 and 1 look at two images that share no pixel.
#
# On two axes a pixel counts if its row and its column do: 7 · 7 = 49 of 169 pixels.
#
# Dilations 1, 2 and 2, for example, span 11 pixels and use all of them. The widest is for exercise 5.
#
# </details>
#
# Strides can leave holes too. One tap with stride 3, then two taps: pixels 0 and 3 are used, of 4 spanned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask the gradient
#
# Size and region know the two ends of a field. Which pixels between them count, the gradient knows: a loss that is $y_i$, one output alone, has the upstream gradient
#
# $$dy = [0, \dots, 0, 1, 0, \dots, 0] \qquad \text{shape } (m,), \text{ with the 1 at place } i$$
#
# This is a **one-hot** gradient. Sent back through all layers it arrives as `dx`, shape `(n,)`.
#
# With the weights of one network, two paths of opposite sign may cancel, as above. So give every layer a kernel of **ones**: nothing cancels, and $dx_r$ counts the paths from pixel $r$ to output $i$. Pixel $r$ belongs to the field where $dx_r \neq 0$. Through two layers of 3 taps
#
# $$dx = [1, 2, 3, 2, 1]$$

# %% [markdown] role="notes"
# One 1 in dy, and whatever is not 0 in dx has been seen.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Send it back through one layer
#
# For the way back through one layer $(k, s, p, d)$ you have nearly all there is:
#
# 1. **Dilation.** A kernel of ones with dilation 2 is a longer kernel with zeros between: $[1, 0, 1, 0, 1]$, of $d(k-1) + 1$ taps.
# 2. **Stride.** `grad_x_1d_strided` sends the gradient back to the padded input, $n + 2p$ samples.
# 3. **Padding.** The zeros are no pixels, and no path leads on from them. Cut $p$ entries off on each side, in every layer. Mind $p = 0$: `dx[0:-0]` is empty.
#
# By hand, for $(3, 1, 1, 2)$ on 5 inputs, which makes $5 + 2 - 4 = 3$ outputs, and $i = 0$:
#
# | | | | | | | | |
# |---|---|---|---|---|---|---|---|
# | padded index | 0 | 1 | 2 | 3 | 4 | 5 | 6 |
# | gradient | 1 | 0 | 1 | 0 | 1 | 0 | 0 |
# | input index | | 0 | 1 | 2 | 3 | 4 | |
# | seen | | no | yes | no | yes | no | |

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the field from the gradient (4 points)
#
# Write `empirical_receptive_field(layers, n, i)`: for a stack on `n` inputs, a new boolean array of shape `(n,)` that is `True` where an input can change output `i` of the last layer.
#
# - `empirical_receptive_field([(3, 1, 1, 2)], 5, 0)` gives `[False, True, False, True, False]`.
# - Sizes first: with `output_length`, find how many outputs each layer has. Then send a one-hot gradient back, from the last layer to the first.
# - `i` is always an index of an output, and every kernel fits. A stack without layers sees pixel `i` itself.
#
# Any other way that gives the same array is as welcome.


# %% role="answer" exercise="empirical_receptive_field"
def empirical_receptive_field(layers, n, i):
    """Send a one-hot gradient back from output i and see where it arrives.

    layers: list of (kernel, stride, padding, dilation), input side first,
    n: inputs, i: index of an output; returns (n,) bool.
    """
    ### BEGIN SOLUTION
    sizes = [n]
    for k, s, p, d in layers:
        sizes.append(output_length(sizes[-1], k, s, p, d))
    gradient = np.zeros(sizes[-1])
    gradient[i] = 1
    for (k, s, p, d), size in zip(reversed(layers), reversed(sizes[:-1])):
        w = np.zeros(d * (k - 1) + 1)
        w[::d] = 1
        gradient = grad_x_1d_strided(gradient, w, size + 2 * p, s)[p : p + size]
    return gradient != 0
    ### END SOLUTION


# %% role="tests" exercise="empirical_receptive_field"

# %%
try:
    for dilations in ((2, 2, 2), (1, 1, 5), (2, 3, 1)):  # try your own
        mask = empirical_receptive_field([(3, 1, 0, d) for d in dilations], 15, 0)
        picture = "".join("#" if seen else "." for seen in mask)
        print(f"dilations {dilations}: {picture}  {mask.sum()} used")
except NotImplementedError:
    print("This cell waits for your empirical_receptive_field.")
except Exception as error:
    print(f"This cell waits for an empirical_receptive_field that runs. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count the paths
#
# A pixel that is seen need not matter much. Let every layer average three neighbours, with the weights $\tfrac13, \tfrac13, \tfrac13$ and stride 1. After two layers the gradient of one output is
#
# $$dx = \tfrac19\, [1, 2, 3, 2, 1]$$
#
# The middle pixel has three times the influence of the outermost, since three paths lead to it.
#
# **Predict** before you run the cell: 80 layers see about four times as many pixels as 20. Will the part that matters be four times as wide?


# %% [markdown] role="notes"
# Ask whether four times the layers make the part that matters four times as wide. It is twice.

# %%
def influence(layers):
    """Return what each pixel weighs in one output when every layer averages its taps: (size,)."""
    dx, jump = np.ones(1), 1
    for k, s, _, d in layers:
        steps = np.zeros(d * jump * (k - 1) + 1)
        steps[:: d * jump] = 1 / k  # the taps, in pixels of the input
        dx, jump = np.convolve(dx, steps), jump * s
    return dx


def middle(dx, share=0.95):
    """Return how many pixels around the middle hold this share of the influence, to a fraction."""
    total = np.cumsum(dx)
    ends = np.interp([(1 - share) / 2, (1 + share) / 2], total, np.arange(len(total)))
    return ends[1] - ends[0]


PLAIN = (3, 1, 1, 1)
for depth in (20, 80):
    dx = influence([PLAIN] * depth)
    print(f"{depth} layers see {len(dx)} pixels; {middle(dx):.0f} in the middle hold 95 %")

# %% [markdown] slideshow={"slide_type": "subslide"}
# No: four times the layers make the part that matters about twice as wide (1.99 times). The same in a picture, with the share of the field that it is:

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
looks = {5: ("-", "negative"), 20: ("--", "positive"), 80: (":", "neutral")}
for depth, (style, colour) in looks.items():
    pixels = np.arange(-depth, depth + 1)
    left.plot(
        pixels, influence([PLAIN] * depth), style, color=COLOURS[colour], label=f"{depth} layers"
    )
left.set(
    title="The bell widens, the field widens faster",
    xlabel="pixels from the middle",
    ylabel="influence",
)
left.legend(loc="upper left")
depths = np.array([2, 5, 10, 20, 40, 80, 160, 320])
shares = [100 * middle(influence([PLAIN] * depth)) / (2 * depth + 1) for depth in depths]
right.loglog(depths, shares, "o-", color=COLOURS["negative"], label="holds 95 % of the influence")
line = shares[-1] * np.sqrt(depths[-1] / depths)
right.loglog(depths, line, "--", color=COLOURS["positive"], label="falls like 1/√layers")
right.set_xticks(depths, depths)
right.set_yticks([10, 20, 40, 80], [10, 20, 40, 80])
right.minorticks_off()
right.set(title="The share that counts shrinks", xlabel="layers", ylabel="% of the field")
right.legend()
show(
    figure,
    alt="Left, influence against the distance from the middle: three bells. With 5 layers it is "
    "narrow and high; with 80 it is about four times as wide, low, and near 0 over most of its "
    "161 pixels. Right, both axes logarithmic: the share of the field that holds 95 percent of "
    "the influence falls from about 75 percent at 2 layers to below 10 percent at 320, and from "
    "10 layers on along a line of slope minus one half.",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read the paths as steps
#
# Follow one path back from the output. In each layer it steps to the left, stays, or steps to the right: by $-1$, $0$ or $+1$, each with the weight $\tfrac13$. The influence of a pixel is the total weight of the paths that end at it.
#
# So `dx` is a **probability distribution**: of where a walker stands after independent steps, one for each layer.
#
# Its spread is measured by the standard deviation, in pixels. It is the square root of the **variance**, and the variances of independent steps add up.
#
# The standard deviation therefore grows like the square root of the number of layers, and the size grows like the number itself. What counts in practice is called the **effective receptive field**.

# %% [markdown] role="notes"
# A random walk: variances add up, so the width grows with the root of the depth.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 4: the effective width (3 points)
#
# Write `effective_width(layers)`: the standard deviation, in pixels and as a float, of where such a walk ends. Every layer averages: each of its $k$ taps has the weight $1/k$. Paths that end in the padding count like all others, so the padding has no effect.
#
# - Begin with 3 taps: the variance of one step is the mean of the squares of $-1$, $0$ and $+1$, as the mean itself is 0. `effective_width([(3, 1, 1, 1)] * 6)` gives 2.0.
# - With other kernels: five taps step by $-2$ to $+2$, two taps by $-\tfrac12$ or $+\tfrac12$. `effective_width([(2, 1, 0, 1)])` gives 0.5.
# - Then ask how long a step of layer $\ell$ is, in pixels of the input, with dilations and strides. `effective_width([(1, 2, 0, 1), (3, 1, 1, 1)])` gives about 1.633: twice as much as one layer of 3 taps.
# - A stack without layers gives 0.0.


# %% role="answer" exercise="effective_width"
def effective_width(layers):
    """Return the spread of one output's influence through layers that average their taps.

    layers: list of (kernel, stride, padding, dilation), input side first; returns a float, pixels.
    """
    ### BEGIN SOLUTION
    variance, jump = 0, 1
    for k, s, _, d in layers:
        steps = d * jump * np.arange(k)
        variance = variance + np.var(steps)
        jump = jump * s
    return float(np.sqrt(variance))
    ### END SOLUTION


# %% role="tests" exercise="effective_width"

# %%
dx = influence([PLAIN] * 40)
print(f"40 layers of 3 taps see {len(dx)} pixels.")
print(f"The middle 21 of them hold {100 * dx[30:51].sum():.1f} % of the influence.")
print(f"The outermost pixel holds {dx[0]:.0e}, the middle one {dx[40]:.3f}.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The standard deviation of these 40 layers is 5.16 pixels. From two of it on the left to two of it on the right are 20.7 pixels, a quarter of the 81, and they hold about 96 % of the influence.
#
# Trained kernels are not averages, and ReLUs close some of the paths. Measurements on trained networks still find the bell, and find that training can widen it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# In an image, the paths to a pixel are those to its row times those to its column. So the bell of one axis becomes a hill with a bell in each direction.
#
# One output of VGG-16 spans 212 × 212 pixels. **Predict** how large a square in the middle is to which half of all paths lead.

# %%
ReceptiveField("VGG-16", view="2d", selection=3, controls=("networks", "view"), rule=False)

# %% [markdown]
# It is 60 × 60 pixels, about a twelfth of the field: 50.7 % of the paths lead to it, and 49.5 % to 59 × 59. The figure says 61 × 61, because it goes equally far from one pixel to all sides.
#
# **Ask the figure.** Choose ResNet-18 and look at the middle output, row 3 and column 3. How does its hill differ from the one of VGG-16? Its shortcuts are not counted here. Each of them adds paths that step less: do they make the hill wider or narrower?
#
# <details><summary>Answer</summary>
#
# It is wider, and the image cuts it off. It is rough: a stride of 2 with a kernel of 3 taps reads every second cell twice, and the others once. And its top is not in the middle of the image but near pixel 96 on both axes: with its paddings output 0 looks at pixel 0, and output 3 at pixel 3 · 32.
#
# Narrower. Luo and others found that the effective field of a network with shortcuts is smaller.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 5: a wide stack (3 points)
#
# 40 layers for 81 pixels, and most of these hardly count: design something better. Write `wide_stack(width, depth)`, a list of at most `depth` layers `(3, 1, p, d)`, such that
#
# - the field of one output spans `width` pixels **at least**,
# - no pixel between its first and its last is left out,
# - every layer gives as many outputs as it has inputs.
#
# Many answers are right, and the check measures yours. One point is for widths of up to $2^{\text{depth}+1} - 1$ pixels. The other two points are for all widths up to the largest that `depth` layers can span. Which width is that?
#
# `wide_stack(5, 2)` may give `[(3, 1, 1, 1), (3, 1, 1, 1)]`, among others. Try stacks in the figure, or with your `empirical_receptive_field`.


# %% slideshow={"slide_type": "skip"}
# A free cell to try things.


# %% role="answer" exercise="wide_stack"
def wide_stack(width, depth):
    """Choose layers whose field spans width pixels and uses each of them.

    width: pixels to span at least, depth: layers allowed;
    returns a list of (3, 1, padding, dilation), input side first.
    """
    ### BEGIN SOLUTION
    layers, size = [], 1
    while size < width:
        layers.append((3, 1, size, size))  # three fields side by side
        size = 3 * size
    return layers
    ### END SOLUTION


# %% role="tests" exercise="wide_stack"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See what your stack sees
#
# Four layers of yours beside forty plain ones, both for 81 pixels.

# %% [markdown] role="notes"
# Show somebody's stack. 1, 3, 9, 27 in any order leaves exactly one path to each pixel.

# %% slideshow={"slide_type": "subslide"}
try:
    wide, plain = wide_stack(81, 4), [PLAIN] * 40
    figure, axes = plt.subplots(figsize=(9, 3.6))
    for name, layers, style, colour in (
        ("40 plain layers", plain, "--", "positive"),
        ("your stack", wide, "-", "negative"),
    ):
        dx, weights = influence(layers), sum(k for k, *_ in layers)
        deviation = effective_width(layers)
        axes.plot(
            np.arange(len(dx)) - len(dx) // 2,
            dx,
            style,
            color=COLOURS[colour],
            label=f"{name}: {weights} weights, ± {deviation:.1f} pixels",
        )
    title = f"{len(wide)} layers see {receptive_field(wide)[0]} pixels, 40 see 81"
    axes.set(title=title, xlabel="pixels from the middle", ylabel="influence", ylim=(0, None))
    axes.legend(loc="upper right", fontsize=8)
    show(
        figure,
        alt="Influence against the distance from the middle. The 40 plain layers make a bell that "
        "is near 0 beyond 15 pixels. The stack of the solution makes a flat line from one end of "
        "the 81 pixels to the other.",
    )
except NotImplementedError:
    plt.close("all")
    print("This picture waits for your receptive_field, effective_width and wide_stack.")
except Exception as error:
    plt.close("all")
    print(f"This picture waits for three answers that run. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details><summary>What to see</summary>
#
# The widest stack has the dilations 1, 3, 9, 27, in any order: each layer lays three fields side by side, without a gap and without an overlap. So exactly one path leads to each pixel, and the influence is flat: 12 weights instead of 120, a standard deviation of 23.4 pixels instead of 5.16.
#
# With dilations 1, 2, 4, 8 the fields overlap: four layers span 31 pixels, and the middle ones have more paths than the outermost.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Say what a field is worth (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A colleague replaces one layer of 17 taps by three layers of 3 taps with dilations 2, 2 and 4: "same field, 9 weights instead of 17". What is the same, and what is not? Give numbers for both. *(1 point)*
# 2. Objects in a task are 80 pixels wide. "20 layers of 5 taps see 81 pixels, so one output sees a whole object." Why is the sentence true and yet misleading? Give a number for this stack. Name one change other than dilation that helps, and say why and how much. *(1 point)*

# %% [markdown] role="written" exercise="extent_and_use"
# ### BEGIN SOLUTION
# *Point 1: extent against use, both numbers.* The extent is the same: 1 + 2 · (2 + 2 + 4) = 17 pixels from the first to the last. But the three layers use only 9 of them, since every path moves by an even number of pixels in each layer; the other 8 cannot change the output, and neighbouring outputs share no pixel at all.
#
# *Point 2: influence against extent with a number, a change with its reason.* The sentence is true of the extent: 1 + 20 · 4 = 81. But a step of 5 taps has the variance 2, so the influence is spread like a bell with a standard deviation of √(20 · 2) = 6.3 pixels. About 95 % of it comes from the middle 25 pixels, and what lies near the object's border hardly counts.
# A pooling layer or a stride early in the stack helps: every later step then covers more pixels. With a pool of 2 after the fifth layer the steps of the other fifteen are twice as long, and the standard deviation rises to 11.4 pixels, without a weight more.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - compute size and jump of any stack, by a rule that you found,
# - tell where a field lies, padding included, and which of its pixels are used,
# - estimate how much of a field counts, and why its share shrinks with the depth,
# - design a stack for a field, and say what it costs.
#
# In the next lesson all of it comes together: a network on real digits, trained with your own layer. At its end you draw a digit, and see the field of any number on your drawing.
#
# **Further reading**
#
# - André Araujo, Wade Norris and Jack Sim, *Computing Receptive Fields of Convolutional Neural Networks*, 2019: the formulas of this lesson for every kind of network.
# - Wenjie Luo, Yujia Li, Raquel Urtasun and Richard Zemel, *Understanding the Effective Receptive Field in Deep Convolutional Neural Networks*, 2016: the bell, and how training changes it.
# - Fisher Yu and Vladlen Koltun, *Multi-Scale Context Aggregation by Dilated Convolutions*, 2016: dilations that double, without holes.
# - Karen Simonyan and Andrew Zisserman, *Very Deep Convolutional Networks for Large-Scale Image Recognition*, 2015: VGG-16, and why stacks of 3×3.
