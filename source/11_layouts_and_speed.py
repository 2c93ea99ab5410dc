# %% [markdown] slideshow={"slide_type": "slide"}
# # Change the layout, measure the speed
#
# You will measure what a layout costs before it is explained, find every number of an image by its place in memory, build the layer once more with channels last, find a bug that many tests let through, and see on your own machine in which layers which layout is faster.
#
# **You need** lessons 08 and 09 (columns, and the way back), lesson 06 (the backward pass), and `reshape` and `transpose` in numpy.

# %% [markdown] role="notes"
# 2 minutes. Nothing new is computed today; it is computed in another order.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 3 exercises, one bug to find and one written answer, 17 points in all, and takes about 95 minutes.
# Finding the bug is worth a point, the other predictions carry none. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too.

# %% role="setup"
import os
from functools import partial
from time import perf_counter

# One thread for every library, so that their times can be compared; to be said before numpy starts.
for library in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_THREADS"] = "1"

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import Layout

# The worked example of lessons 04, 06 and 09 with channels last, and its kernel as a row.
IMAGE = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
KERNEL = np.array([[1.0, 2.0, 3.0, 4.0]])
DY = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 2, 2, 1)


def shortest(function, turns=8):
    """Return the shortest time of some calls, in milliseconds: other work only ever adds to it."""
    times = []
    for _ in range(turns):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return 1000 * min(times)


# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 03, 04 and 05.** You may call all of these in any answer.

# %% role="given" from="conv2d_loops.pair, geometry.output_shape, conv2d_loops.correlate2d, gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Copy a matrix, twice
#
# A matrix of 2000×2000 numbers is copied as it is, and then copied so that its rows become columns. Both times 4,000,000 numbers are read and written once, and nothing is computed.
#
# **Predict** the ratio of the two times before you run the cell: 1, 2, 10, more?

# %% [markdown] role="notes"
# Collect bets on the ratio, then run it on your own machine: it differs from machine to machine.

# %% tags=["volatile"]
matrix = np.ones((2000, 2000), np.float32)
as_it_is = shortest(matrix.copy)
turned_round = shortest(lambda: np.ascontiguousarray(matrix.T))
print(f"as it is {as_it_is:.1f} ms, rows become columns {turned_round:.1f} ms: {turned_round / as_it_is:.0f} times")

# %% [markdown]
# The numbers are the same, and so is the work; what differs is the order in which memory is read. The rest of this lesson is about that order.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Memory is one long row
#
# An array has axes. Memory has none: it is one row of places, and the array's numbers stand in it one after the other. The **layout** says in which order.
#
# Processors do not fetch single numbers. They fetch **cache lines**, usually 64 places of a byte each: 16 numbers of float32 that stand side by side. Whoever reads along a line uses all 16. Whoever reads across, one number here and the next one 8000 bytes further on, fetches a line for each number, and has often lost it again before the next number of that line is wanted.
#
# Take one image with $H$ rows, $W$ columns and $C$ channels, and in it the number at some row, column and channel $c$.
#
# | layout | stands for | its place | next to it stands |
# |---|---|---|---|
# | **NCHW**, channels first | image, channel, row, column | $(c \cdot H + \text{row}) \cdot W + \text{column}$ | the next pixel of the row |
# | **NHWC**, channels last | image, row, column, channel | $(\text{row} \cdot W + \text{column}) \cdot C + c$ | the next channel of the pixel |
#
# The last axis runs fastest. The next image of a batch begins after $H \cdot W \cdot C$ places.
#
# The lessons so far used NCHW, as PyTorch does. TensorFlow's default is NHWC.

# %% [markdown] role="notes"
# Draw 16 boxes as one cache line. Reading across fetches the whole line for one number.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find a number by its place
#
# Take an image of 30 rows, 30 columns and 3 channels in NHWC. One row of pixels holds 30 · 3 = 90 numbers, one pixel holds 3.
#
# The place of a number in this row is called its **flat index**.
#
# **Predict** the flat index of row 2, column 5, channel 1.

# %% role="prediction" exercise="flat_place"
flat_place = None  # replace None by your number
### BEGIN SOLUTION
flat_place = 90 * 2 + 3 * 5 + 1
### END SOLUTION

# %% role="tests" exercise="flat_place"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See the same image in both orders
#
# The figure shows a small image, 4×5 pixels with 2 channels, and the row of memory below it. Point at a number of the image to find its place, at a patch to see which places it reads.

# %% [markdown] role="notes"
# Point at a patch of the figure, and count the runs in NHWC and in NCHW with the room.

# %%
Layout((4, 5, 2), (2, 3), controls=("order",), rule=False)

# %% [markdown]
# **Ask the figure.** A patch of 2×3 pixels reads 12 numbers. Into how many runs of neighbouring places do they fall in NHWC, and into how many in NCHW?
#
# <details><summary>Answer</summary>
#
# In NHWC into 2 runs of 6: one for each row of the patch, three pixels with both channels. In NCHW into 4 runs of 3: one for each row and channel.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Transposing moves nothing
#
# numpy keeps, for each axis, how many places lie between one entry and the next: the array's **strides**. (They have the name in common with the stride of a window, no more.)
#
# `transpose` exchanges the strides and leaves the numbers where they are. `np.ascontiguousarray` writes them down anew, in the order of the axes.

# %% [markdown] role="notes"
# Point at the strides in the output: the shape is that of NCHW, the memory that of NHWC.

# %%
image = np.zeros((30, 30, 3))  # (H, W, C)
turned = image.transpose(2, 0, 1)  # (C, H, W)
written = np.ascontiguousarray(turned)
for name, array in (("image", image), ("transposed", turned), ("written anew", written)):
    places = tuple(stride // array.itemsize for stride in array.strides)
    print(f"{name:13} shape {str(array.shape):12} places from entry to entry: {places}")

# %% [markdown]
# The transposed array has the shape of NCHW and the memory of NHWC. So a layout is a matter of the strides, and a transpose costs nothing until something has to read along the wrong axis.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Write down a window's places
#
# A kernel of 3×3 lies on the first window of the 30×30×3 image. Its nine pixels begin at the places
#
# $$\begin{bmatrix} 0 & 3 & 6 \\ 90 & 93 & 96 \\ 180 & 183 & 186 \end{bmatrix}$$
#
# Each pixel has 3 channels, so the window reads 27 places, in three runs of nine: 0 to 8, 90 to 98 and 180 to 188.
#
# The next window, one pixel to the right, reads the same pattern 3 places further on: 3 to 11, 93 to 101, 183 to 191. There are 28 windows side by side, and 28 rows of them: 784.

# %% [markdown] role="notes"
# Let the room write the first three places of the next window.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which way do the windows go?
#
# Windows are counted row by row, as in lesson 08. Window 0 begins at place 0, window 1 at place 3, window 27 at place 81.
#
# **Predict** the place at which window 28 begins.

# %% [markdown] role="notes"
# Most say 84. It is 90: the last two columns begin no window.

# %% role="prediction" exercise="window_start"
window_start = None  # replace None by your number
### BEGIN SOLUTION
window_start = 1 * 90 + 0 * 3
### END SOLUTION

# %% role="tests" exercise="window_start"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Split the flat index
#
# Let the image have shape `(H, W, C)`, the kernel $KH \times KW$ pixels, and the window strides $s_h, s_w$. As in lesson 08, the window of output $(i, j)$ meets, at row $u$ and column $v$ inside the kernel, the pixel in row $i s_h + u$ and column $j s_w + v$. The flat index of its channel $c$ is
#
# $$((i s_h + u)\, W + j s_w + v)\, C + c \;=\; \underbrace{(i s_h W + j s_w)\, C}_{\text{where the window starts}} \;+\; \underbrace{(u W + v)\, C + c}_{\text{where it reads inside}}$$
#
# The first part depends on the window alone, the second on the place inside it alone. So a column of $KH \cdot KW \cdot C$ inner places, plus a row of $OH \cdot OW$ starts, gives the whole matrix of flat indices.
#
# For the example it is 27×784. It is the same for every image of the batch, and needs no values at all.

# %% [markdown] role="notes"
# One sum in two parts: where the window starts and where it reads inside. The rest is broadcasting.

# %% [markdown] slideshow={"slide_type": "subslide"}
# `np.take(a, index, axis=1)` reads the places `index` from each row of `a`. With a batch laid flat, `(N, H·W·C)`, it gives all columns of all images, `(N, KH·KW·C, OH·OW)`.

# %%
flat = np.array([[10, 11, 12, 13], [20, 21, 22, 23]])  # two images of four numbers
index = np.array([[0, 1, 2], [1, 2, 3]])  # three windows of two places
print(np.take(flat, index, axis=1))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: columns by flat indices (4 points)
#
# Write `im2col_nhwc(x, kernel_size, stride=1)`: from images `x`, shape `(N, H, W, C)`, already padded, make columns, a new array of shape `(N, KH·KW·C, OH·OW)`.
#
# - Rows go by kernel row, then kernel column, the channel fastest. Columns go by output row, then output column.
# - `im2col_nhwc(np.arange(24).reshape(1, 2, 4, 3), 2)` has shape `(1, 12, 3)`. Its first column reads 0…5, 12…17, its second 3…8, 15…20.
# - `kernel_size` and `stride` are an int or a pair. Pixels that no window reaches are left out.
#
# Flat indices with `np.take` are what you will measure below. Loops and `sliding_window_view` are right as well.

# %% role="answer" exercise="im2col_nhwc"
def im2col_nhwc(x, kernel_size, stride=1):
    """Stretch each patch into a column, image by image.

    x: (N, H, W, C) images, already padded, kernel_size, stride: int or pair;
    returns (N, KH * KW * C, OH * OW).
    """
    ### BEGIN SOLUTION
    N, H, W, C = x.shape
    (kh, kw), (down, right) = pair(kernel_size), pair(stride)
    places = np.arange(H * W * C).reshape(H, W, C)
    inside = places[:kh, :kw].reshape(-1, 1)
    starts = places[: H - kh + 1 : down, : W - kw + 1 : right, 0].reshape(1, -1)
    index = inside + starts
    cols = np.take(x.reshape(N, -1), index.reshape(-1), axis=1)
    return cols.reshape(N, *index.shape)
    ### END SOLUTION


# %% role="tests" exercise="im2col_nhwc"

# %% [markdown] slideshow={"slide_type": "skip"}
# A cell to try things, for example `im2col_nhwc(IMAGE, 2)`:

# %% slideshow={"slide_type": "skip"}
IMAGE.shape, KERNEL.shape, DY.shape

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Lay the kernels the same way
#
# In this lesson the kernels `w` have shape `(F, KH·KW·C)`: one row for each filter, ordered as the rows of the columns, channel fastest. Biases `b` have shape `(F,)`.
#
# ### A common slip: two orders in one product
#
# A program lays its images out in NHWC and takes kernels that were trained in NCHW, `(F, C, KH, KW)`, with `w.reshape(F, -1)`. The product has the right shape, and no error is raised.
#
# Below, one window of 2×2 pixels with 2 channels holds 1 to 8, and the kernel holds place values. **Predict** before you run the cell which digits come to stand at a wrong place.

# %% [markdown] role="notes"
# Ask which digits stand wrong before you run it. The shape fits, so no error comes.

# %%
window = np.arange(1, 9).reshape(2, 2, 2)  # (C, KH, KW)
kernel = (10 ** np.arange(8)).reshape(2, 2, 2)  # (C, KH, KW)
print("both channel first: ", window.ravel() @ kernel.ravel())
print("one of each:        ", window.transpose(1, 2, 0).ravel() @ kernel.ravel())
print("both channel last:  ", window.transpose(1, 2, 0).ravel() @ kernel.transpose(1, 2, 0).ravel())

# %% [markdown]
# In 84736251 the 1 and the 8 stand where they should. The six digits between them do not: those pixels have met weights of other places, most of them in the other channel. The axes have to be transposed before they are flattened, on both sides alike.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Multiply with tensordot
#
# Here each image has columns of its own, $X^{\text{col}}_n$ with $KH \cdot KW \cdot C$ rows. With $q = i \cdot OW + j$ for the column of a window, the layer is
#
# $$y_{n,i,j,f} = b_f + \sum_{u,v,c} X^{\text{col}}_{n,\,(u,v,c),\,q}\; w_{f,\,(u,v,c)}$$
#
# `np.tensordot(a, b, axes=(0, 1))` sums over axis 0 of `a` and axis 1 of `b`. The result has the other axes of `a`, in their order, then those of `b`. It is one large matrix product inside.
#
# | call | shapes | result |
# |---|---|---|
# | `np.tensordot(cols, w, axes=(1, 1))` | (N, KH·KW·C, OH·OW) and (F, KH·KW·C) | (N, OH·OW, F) |
# | `np.tensordot(w, cols, axes=(1, 1))` | (F, KH·KW·C) and (N, KH·KW·C, OH·OW) | (F, N, OH·OW) |
#
# The first one stands in the order of NHWC already. The second one has to be transposed before it may be reshaped, or images and filters get mixed.

# %% [markdown] role="notes"
# Say which axes are left over and in which order: that is all of tensordot.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the forward pass (4 points)
#
# Write `conv2d_nhwc(x, w, b, kernel_size, stride=1, padding=0)`: from images `x`, `(N, H, W, C)`, kernels `w`, `(F, KH·KW·C)`, and biases `b`, `(F,)`, make `y`, a new array of shape `(N, OH, OW, F)`.
#
# - The image 1…9 as `(1, 3, 3, 1)` with `w` `[[1, 2, 3, 4]]`, `b` `[0]` and `kernel_size` 2 gives 37, 47, 67, 77 as `(1, 2, 2, 1)`.
# - `x` comes unpadded: put zeros around rows and columns, `padding` on each side. `kernel_size`, `stride` and `padding` are an int or a pair.
# - Do not lose the bias.
#
# You may call your `im2col_nhwc`. Functions of SciPy and PyTorch that convolve do not count.

# %% role="answer" exercise="conv2d_nhwc"
def conv2d_nhwc(x, w, b, kernel_size, stride=1, padding=0):
    """Multiply the kernels with every patch, and add the bias.

    x: (N, H, W, C) images, w: (F, KH * KW * C) kernels, b: (F,) biases,
    kernel_size, stride, padding: int or pair; returns (N, OH, OW, F).
    """
    ### BEGIN SOLUTION
    (N, H, W, C), (top, left) = x.shape, pair(padding)
    padded = np.zeros((N, H + 2 * top, W + 2 * left, C), dtype=x.dtype)
    padded[:, top : top + H, left : left + W] = x
    cols = im2col_nhwc(padded, kernel_size, stride)
    y = np.tensordot(cols, w, axes=((1,), (1,))) + b
    return y.reshape(N, *output_shape((H, W), kernel_size, stride, padding), len(w))
    ### END SOLUTION


# %% role="tests" exercise="conv2d_nhwc"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find the bug in a backward pass
#
# A friend computes `dx` for stride 1 and no padding. `dy` has shape `(N, OH, OW, F)`. The friend *gathers*: each pixel of `x` collects what the windows around it send. Zeros around `dy` stand for windows that are not there.

# %% [markdown] role="notes"
# Five minutes in silence with the code. Do not tell; the next two slides give the evidence.

# %%
def friends_dx(dy, x_shape, w, kernel_size):
    """Return dx for stride 1 and no padding. Something is wrong in here."""
    (KH, KW), (N, H, W, C) = pair(kernel_size), x_shape
    D = np.pad(dy, ((0, 0), (KH - 1, KH - 1), (KW - 1, KW - 1), (0, 0)))
    kernels = w.reshape(len(w), KH, KW, C)
    dx = np.zeros(x_shape)
    for u in range(KH):
        for v in range(KW):
            dx += D[:, u : u + H, v : v + W] @ kernels[:, u, v]
    return dx


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Question it with the oracle
#
# The first two lines below ask with one image, one channel and one filter, so that the layer is `correlate2d` and lesson 03's oracle can be asked. The kernel of the first line is random; in that of the second line, every entry equals the one opposite.
#
# The last line sends place values through the image 1…9 and the kernel `[[1, 2], [3, 4]]`, as in lesson 06. Do you remember what its centre should read?

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(11)
x, dy, random_w = rng.normal(size=(5, 6)), rng.normal(size=(3, 5)), rng.normal(size=(3, 2))
for name, w in {"random": random_w, "symmetric": random_w + random_w[::-1, ::-1]}.items():
    dx = friends_dx(dy[None, ..., None], (1, 5, 6, 1), w.reshape(1, -1), (3, 2))
    right = numerical_gradient(lambda x: correlate2d(x, w), x, dy)
    print(f"{name + ' kernel':16} relative error of dx {relative_error(dx[0, ..., 0], right):.2f}")
print("place values, dx:")
print(friends_dx(DY, IMAGE.shape, KERNEL, 2)[0, ..., 0].astype(int))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Say what should stand there
#
# In the first round of the two loops, $u = 0$ and $v = 0$, the friend multiplies the slice of $D$ that begins at its top left corner by the kernel's entry $(0, 0)$.
#
# Take a kernel of 3×2. Follow one number of that slice to the pixel of `dx` to which its product is added: which window around this pixel sent the number, and with which entry of the kernel did that window meet the pixel?
#
# Set `bug_in_backward` to that entry, a pair `(row, column)`. *(1 point)*

# %% role="prediction" exercise="bug_in_backward"
bug_in_backward = None  # replace None by a pair (row, column)
### BEGIN SOLUTION
bug_in_backward = (3 - 1, 2 - 1)
### END SOLUTION

# %% role="tests" exercise="bug_in_backward"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Gather with the kernel turned
#
# $D$ is `dy` with $KH-1$ rows of zeros above and below and $KW-1$ columns of zeros left and right. At the pixel in row $r_h$ and column $r_w$, the number $D_{n,\,r_h,\,r_w}$ comes from the window that begins $KH-1$ rows above and $KW-1$ columns to the left. That window met the pixel with its **last** entry.
#
# As $u$ and $v$ rise, the windows move towards the pixel, and the kernel's entries are met from the last to the first:
#
# $$dx_{n,r_h,r_w,c} = \sum_{f} \sum_{u,v}\; D_{n,\,r_h+u,\,r_w+v,\,f}\;\; w_{f,\,(KH-1-u,\;KW-1-v,\;c)}$$
#
# This is lesson 06's transposed convolution with channels last: **a forward pass over $D$**, with the kernels turned by 180° and with filters and channels exchanged.
#
# If every entry of the kernel equals the one opposite, as in a blur or in a kernel of ones, the turn changes nothing, and no test with such a kernel can see that it is missing. So test with kernels without symmetry.

# %% [markdown] role="notes"
# The last entry of the kernel meets the pixel first. Follow one number with the pointer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add stride and padding
#
# **Padding.** Everything above holds for the padded image. Compute its gradient, then cut off the rim: zeros need no gradient.
#
# **Stride.** Windows start $s_h$ rows and $s_w$ columns apart, so the entries of `dy` have to stand that far apart in $D$, with zeros between them. The window over $D$ moves by 1.
#
# **Remainder.** $D$ has as many rows as the padded image and $KH - 1$ more, whatever the stride. Rows that no window reached gather zeros, and get gradient 0.
#
# For example, with 8×7 pixels, a kernel of 3×2, stride 2 and padding 1, where a row and a column are left over:
#
# | array | rows | columns |
# |---|---|---|
# | padded image | 8 + 2 = 10 | 7 + 2 = 9 |
# | `dy` | (10 − 3) // 2 + 1 = 4 | (9 − 2) // 2 + 1 = 4 |
# | $D$ | 10 + 3 − 1 = 12 | 9 + 2 − 1 = 10 |
# | where `dy` stands in $D$ | 2, 4, 6, 8 | 1, 3, 5, 7 |
#
# **The kernels.** `dw` needs no gathering. A weight met one row of $X^{\text{col}}_n$, so its gradient pairs that row with `dy`, over all windows and images. `np.tensordot` takes several axes at a time: `axes=((0, 1), (0, 2))` sums over axes 0 and 1 of the first and over axes 0 and 2 of the second.

# %% [markdown] role="notes"
# Fill one row of the table with the room: rows of D, and where dy stands in it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the backward pass (6 points)
#
# Write `conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0)`: from `dy`, `(N, OH, OW, F)`, images `x`, `(N, H, W, C)`, as they came, and kernels `w`, `(F, KH·KW·C)`, make `(dx, dw, db)`, in this order, of the shapes of `x`, of `w` and `(F,)`.
#
# - For the image 1…9 with `w` `[[1, 2, 3, 4]]` and `dy` 1, 10, 100, 1000, as in exercise 2, the centre of `dx` is 1234, `dw` is `[[5421, 6532, 8754, 9865]]` and `db` is `[1111]`.
# - `kernel_size`, `stride` and `padding` are an int or a pair. Pixels that no window reaches get gradient 0. Nothing is divided by the number of images.
#
# You may call your `im2col_nhwc`, on the padded `x` for `dw` and on $D$ for `dx`. Scattering with `+=` is right as well. A call of `friends_dx` is no answer, and neither is one of `numerical_gradient`; functions of SciPy and PyTorch that convolve do not count either.

# %% role="answer" exercise="conv2d_backward_nhwc"
def conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0):
    """Send dy back to the images, the kernels and the biases.

    dy: (N, OH, OW, F) upstream gradient, x: (N, H, W, C) images, w: (F, KH * KW * C) kernels,
    kernel_size, stride, padding: int or pair; returns (dx, dw, db), of the shapes of x, w and (F,).
    """
    ### BEGIN SOLUTION
    (N, H, W, C), F = x.shape, len(w)
    (kh, kw), (down, right), (top, left) = pair(kernel_size), pair(stride), pair(padding)
    padded = np.pad(x, ((0, 0), (top, top), (left, left), (0, 0)))
    cols = im2col_nhwc(padded, kernel_size, stride)
    dw = np.tensordot(dy.reshape(N, -1, F), cols, axes=((0, 1), (0, 2)))

    spread = np.zeros((N, padded.shape[1] + kh - 1, padded.shape[2] + kw - 1, F), dy.dtype)
    spread[:, kh - 1 : padded.shape[1] : down, kw - 1 : padded.shape[2] : right] = dy
    turned = w.reshape(F, kh, kw, C)[:, ::-1, ::-1].transpose(3, 1, 2, 0).reshape(C, -1)
    dx = np.tensordot(im2col_nhwc(spread, kernel_size), turned, axes=(1, 1)).reshape(padded.shape)
    return dx[:, top : top + H, left : left + W], dw, dy.sum((0, 1, 2))
    ### END SOLUTION


# %% role="tests" exercise="conv2d_backward_nhwc"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Measure layouts, and nothing else
#
# Now one layer is computed in two layouts and in two ways, with everything else alike: the same multiplications, the same columns, float32, one thread.
#
# - **slices**: for each of the nine places in a 3×3 kernel, one slice of all images is copied into the columns; on the way back it is added from there. A slice is copied in runs of neighbouring numbers.
# - **indices**: every number is looked up by its flat index, and added back by it.
#
# There are two layers, both with stride 1 and padding 1. The **early** one sees 64×64 pixels with 3 channels, the **late** one 8×8 pixels with 64 channels.
#
# A fifth bar is **your layer**: NHWC and, if you took them, indices and gathering. A dotted line is the **plain product**, the matrix products alone with the columns there already.

# %% slideshow={"slide_type": "skip"}
class Layer:
    """A layer of one layout, kernels 3 by 3, stride 1, padding 1: its arrays and its two ways."""

    def __init__(self, layout, N, C, H, W, F):
        self.layout, self.sizes = layout, (N, C, H, W, F)
        self.padded = (N, C, H + 2, W + 2) if layout == "NCHW" else (N, H + 2, W + 2, C)
        places = np.arange(C * (H + 2) * (W + 2)).reshape(1, *self.padded[1:])
        self.places = self.by_slices(places)[0]

    def by_slices(self, x):
        N, (_, C, H, W, _) = len(x), self.sizes
        if self.layout == "NCHW":
            cols = np.empty((N, C, 9, H, W), x.dtype)
            for u, v in np.ndindex(3, 3):
                cols[:, :, 3 * u + v] = x[:, :, u : u + H, v : v + W]
            return cols.reshape(N, C * 9, H * W)
        cols = np.empty((N, H, W, 9, C), x.dtype)
        for u, v in np.ndindex(3, 3):
            cols[:, :, :, 3 * u + v] = x[:, u : u + H, v : v + W]
        return cols.reshape(N, H * W, 9 * C)

    def back_by_slices(self, dcols):
        N, C, H, W, _ = self.sizes
        dx = np.zeros(self.padded, dcols.dtype)
        if self.layout == "NCHW":
            dcols = dcols.reshape(N, C, 9, H, W)
            for u, v in np.ndindex(3, 3):
                dx[:, :, u : u + H, v : v + W] += dcols[:, :, 3 * u + v]
            return dx
        dcols = dcols.reshape(N, H, W, 9, C)
        for u, v in np.ndindex(3, 3):
            dx[:, u : u + H, v : v + W] += dcols[:, :, :, 3 * u + v]
        return dx

    def by_indices(self, x):
        return np.take(x.reshape(len(x), -1), self.places, axis=1)

    def back_by_indices(self, dcols):
        dx = np.zeros((len(dcols), self.places.max() + 1), dcols.dtype)
        for image, sent in zip(dx, dcols):
            np.add.at(image, self.places.ravel(), sent.ravel())
        return dx.reshape(self.padded)

    def product(self, cols, w):
        return w @ cols if self.layout == "NCHW" else cols @ w.T

    def back_products(self, dy, cols, w):
        """Return the gradients of the columns and of the kernels."""
        if self.layout == "NCHW":
            return w.T @ dy, (dy @ cols.transpose(0, 2, 1)).sum(axis=0)
        return dy @ w, (dy.transpose(0, 2, 1) @ cols).sum(axis=0)


def arrays(layout, N, C, H, W, F):
    """Draw padded images, kernels and dy once, and write them down in a layout."""
    rng = np.random.default_rng(0)
    shapes = (N, C, H, W), (F, C, 3, 3), (N, F, H, W)
    x, w, dy = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
    x = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    if layout == "NHWC":
        x, w, dy = (np.ascontiguousarray(a.transpose(0, 2, 3, 1)) for a in (x, w, dy))
        return x, w.reshape(F, -1), dy.reshape(N, H * W, F)
    return x, w.reshape(F, -1), dy.reshape(N, F, H * W)


def times(layout, way, sizes):
    """Return the milliseconds of forward and backward, and dx as (N, C, H, W)."""
    layer, (x, w, dy) = Layer(layout, *sizes), arrays(layout, *sizes)
    gather, scatter = getattr(layer, f"by_{way}"), getattr(layer, f"back_by_{way}")
    cols = gather(x)
    forward = shortest(lambda: layer.product(gather(x), w))
    backward = shortest(lambda: scatter(layer.back_products(dy, cols, w)[0]))
    dx = scatter(layer.back_products(dy, cols, w)[0])
    return forward, backward, dx if layout == "NCHW" else dx.transpose(0, 3, 1, 2)


def times_of_yours(sizes):
    """Return the same for conv2d_nhwc and conv2d_backward_nhwc."""
    (N, C, H, W, F), (x, w, dy) = sizes, arrays("NHWC", *sizes)
    x, dy, b = x[:, 1:-1, 1:-1].copy(), dy.reshape(N, H, W, F), np.zeros(F, np.float32)
    forward = shortest(lambda: conv2d_nhwc(x, w, b, 3, 1, 1), turns=3)
    backward = shortest(lambda: conv2d_backward_nhwc(dy, x, w, 3, 1, 1), turns=3)
    dx = conv2d_backward_nhwc(dy, x, w, 3, 1, 1)[0].transpose(0, 3, 1, 2)
    return forward, backward, np.pad(dx, ((0, 0), (0, 0), (1, 1), (1, 1)))


def in_turns(ways, sizes):
    """Measure all ways five times in turns, so that other work hits none of them alone."""
    found = {name: (np.inf, np.inf, None) for name in ways}
    for _ in range(5):
        for name, way in ways.items():
            forward, backward, dx = way(sizes)
            found[name] = min(forward, found[name][0]), min(backward, found[name][1]), dx
    return found


layers = {"early layer": (2, 3, 64, 64, 16), "late layer": (2, 64, 8, 8, 64)}  # N, C, H, W, F

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count first, then time
#
# The cell below counts what both layouts have in common: the multiplications of each of the three products, and the bytes of the columns, 4 for each number, which are written once and read once.
#
# **Predict** before you run the second cell. In which layer are slices faster in NCHW, in which in NHWC? How long are the runs of neighbouring numbers that a slice is copied in? And what does the layout do to the indices?

# %% [markdown] role="notes"
# Have the run lengths written down before you show the timings: 64 against 3, 8 against 64.

# %%
for name, (N, C, H, W, F) in layers.items():
    print(
        f"{name}: {N * H * W * F * 9 * C / 1e6:.2f} million multiplications a product, "
        f"columns {4 * N * H * W * 9 * C / 1e6:.2f} MB, images {4 * N * H * W * C / 1e6:.2f} MB"
    )

# %% tags=["volatile"] slideshow={"slide_type": "skip"}
figure, both_axes = plt.subplots(1, 2, figsize=(12, 3.8), layout="constrained", sharey=True)
told = []
for axes, (name, sizes) in zip(both_axes, layers.items()):
    ways = {
        f"{layout}, {way}": partial(times, layout, way)
        for way in ("slices", "indices")
        for layout in ("NCHW", "NHWC")
    }
    measured = in_turns(ways, sizes)
    try:
        yours = in_turns({"your layer": times_of_yours}, sizes)
        inside = np.s_[:, :, 1:-1, 1:-1]
        right = measured["NCHW, slices"][2][inside]
        if relative_error(yours["your layer"][2][inside], right) < 1e-3:
            measured |= yours
        else:
            print(f"Your layer's dx does not agree with the others in the {name}, and is left out.")
    except NotImplementedError:
        print("Your layer waits for exercises 2 and 3.")
    except Exception as error:
        print(f"Your layer does not run yet. {type(error).__name__}: {error}")
    layer, (x, w, dy) = Layer("NHWC", *sizes), arrays("NHWC", *sizes)
    cols = layer.by_slices(x)
    product = shortest(lambda: (layer.product(cols, w), layer.back_products(dy, cols, w)))
    names = list(measured)
    forward, backward = (np.array([measured[way][k] for way in names]) for k in (0, 1))
    axes.barh(names, forward, color=COLOURS["positive"], label="forward")
    bars = axes.barh(names, backward, left=forward, color=COLOURS["negative"], label="backward")
    axes.bar_label(bars, [f"{there:.2f} + {back:.2f}" for there, back in zip(forward, backward)], padding=4)
    axes.axvline(product, color=COLOURS["neutral"], linestyle=":", label="plain product")
    axes.margins(x=0.3)
    N, C, H, W, F = sizes
    axes.set(title=f"The {name}: {H}×{W} pixels, {C} channels", xlabel="milliseconds on this machine")
    told += [
        f"{name}, {way}: {there:.2f} and {back:.2f}"
        for way, there, back in zip(names, forward, backward)
    ]
both_axes[0].invert_yaxis()
both_axes[0].legend()
show(figure, alt="Bars, milliseconds of forward and backward. " + "; ".join(told) + ".")

# %% [markdown]
# <details><summary>Read it off</summary>
#
# In NCHW a slice is copied in runs of $W$ numbers, in NHWC in runs of $C$. In the early layer that is 64 against 3, and channels last takes two to three times as long with slices; in the late layer it is 8 against 64, and channels last is a little faster, mostly on the way back. No layout is the fast one: it depends on the layer.
#
# Indices look up the place of every number, whatever stands next to it. So the layout hardly matters to them: in the early layer they cost more than its long runs and less than its short ones.
#
# Your layer, if it gathers, makes more multiplications on the way back: $D$ is larger than `dy`, so the early layer's `dx` takes 2·66·66·3·144 = 3.76 million for 3.54, and the late one's 2·10·10·64·576 = 7.37 million for 4.72.
#
# </details>
#
# **Ask further.** Set the late layer to `(2, 16, 16, 16, 32)`, where runs are 16 long in both layouts, one cache line of float32. What do you expect? Run the cells again.
#
# <details><summary>Answer</summary>
#
# With slices the two layouts come out nearly alike, as their runs are equally long.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How far are the loops?
#
# The loops of lessons 04 and 06 ask Python for every pair of a window and a filter, one by one.
#
# **Predict**: by which factor do they miss the plain product in the late layer, 10, 100 or 1000?

# %% [markdown] role="notes"
# Collect bets: 10, 100 or 1000.

# %% tags=["volatile"]
def by_loops(x, w, dy):
    """Compute y, dx and dw of the late layer, window by window and filter by filter."""
    N, C, H, W, F = layers["late layer"]
    w, dy = w.reshape(F, 3, 3, C), dy.reshape(N, H, W, F)
    y, dx, dw = np.zeros_like(dy), np.zeros_like(x), np.zeros_like(w)
    for n, i, j, f in np.ndindex(dy.shape):
        window = np.s_[n, i : i + 3, j : j + 3]
        y[n, i, j, f] = np.sum(x[window] * w[f])
        dw[f] += dy[n, i, j, f] * x[window]
        dx[window] += dy[n, i, j, f] * w[f]
    return y, dx, dw


loops = shortest(lambda: by_loops(*arrays("NHWC", *layers["late layer"])), turns=1)
print(f"loops {loops:.0f} ms, plain product {product:.2f} ms: {loops / product:.0f} times")

# %% [markdown]
# The multiplications are the same. The loops start a handful of numpy calls for each of the 8192 pairs, and each call costs about a microsecond before it multiplies anything.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Run one layer on any library
#
# *(Optional, without points.)* PyTorch, CuPy and other libraries have arrays like numpy's, some of them on a graphics card (GPU). Their functions go by different names. The **Python array API standard** gives one name to what all of them can do, and the small package `array-api-compat` provides these names: `xp = array_namespace(x)` is the library that `x` comes from, whichever that is.
#
# A layer of columns and one product needs little of a library. Where numpy's own way is no part of the standard, there is another:
#
# | in numpy | in the array API |
# |---|---|
# | `np.pad(x, ...)` | `xp.zeros` of the larger shape, then `x` written into a slice of it |
# | `np.take(x, index, axis=1)` with a table of places | `xp.take` with the places in one row, then a reshape |
# | `np.tensordot(cols, w, axes=(1, 1))` | `xp.tensordot(cols, w, axes=((1,), (1,)))` |
# | `x.transpose(0, 3, 1, 2)` | `xp.permute_dims(x, (0, 3, 1, 2))` |
# | `x[:, ::-1]` | `xp.flip(x, axis=1)` |
# | `np.add.at`, `sliding_window_view` | slices, one for each place in the kernel |

# %% [markdown] role="notes"
# 5 minutes, and optional. The point is how little of a library this layer needs: zeros, slices, stack, reshape and a product.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Write lesson 08's layer in the array API
#
# Nothing in it names a library. New arrays are made where `x` is: `device` says whether that is the processor's memory or the GPU's.

# %%
def layer_of_any_library(x, w, b, stride=1, padding=0):
    """Correlate x, (N, C, H, W), with w, (F, C, KH, KW), and add b, (F,): columns and a product."""
    xp = array_namespace(x, w, b)
    (N, C, H, W), (F, _, KH, KW) = x.shape, w.shape
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    OH, OW = output_shape((H, W), (KH, KW), stride, padding)
    framed = xp.zeros((N, C, H + 2 * ph, W + 2 * pw), dtype=x.dtype, device=device(x))
    framed[:, :, ph : ph + H, pw : pw + W] = x
    slices = [
        framed[:, :, u : u + sh * (OH - 1) + 1 : sh, v : v + sw * (OW - 1) + 1 : sw]
        for u in range(KH)
        for v in range(KW)
    ]
    cols = xp.reshape(xp.stack(slices, axis=2), (N, C * KH * KW, OH * OW))
    y = xp.matmul(xp.reshape(w, (F, -1)), cols) + xp.reshape(b, (F, 1))
    return xp.reshape(y, (N, F, OH, OW))


# %% [markdown] slideshow={"slide_type": "skip"}
# The next cell looks for libraries on your computer and says which it skips. To try PyTorch, install it with `pip install torch`.

# %% slideshow={"slide_type": "skip"} tags=["volatile"]
def at_hand():
    """Yield the name of each library at hand, with its function that makes arrays."""
    yield "numpy", np.asarray
    try:
        import torch
    except (ImportError, OSError, RuntimeError) as error:
        print(f"PyTorch is skipped: it is not installed, or does not start ({type(error).__name__}).")
    else:
        yield "PyTorch", torch.asarray
        if torch.cuda.is_available():
            yield "PyTorch on the GPU", partial(torch.asarray, device="cuda")
        else:
            print("PyTorch on a GPU is skipped: PyTorch finds none.")
    try:
        import cupy

        cupy.zeros(1)
    except (ImportError, OSError, RuntimeError) as error:
        print(f"CuPy is skipped: it is not installed, or finds no GPU ({type(error).__name__}).")
    else:
        yield "CuPy on the GPU", cupy.asarray


try:
    from array_api_compat import array_namespace, device, to_device

    libraries = dict(at_hand())
except ImportError:
    libraries = {}
    print("This section is skipped: it needs the package array-api-compat.")

rng = np.random.default_rng(11)
x, w, b = rng.normal(size=(2, 3, 8, 7)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)
for name, array in libraries.items():
    y = layer_of_any_library(array(x), array(w), array(b), (2, 1), 1)
    right = layer_of_any_library(x, w, b, (2, 1), 1)
    difference = np.abs(np.asarray(to_device(y, "cpu")) - right).max()
    print(f"{name}: a {type(y).__name__} of shape {tuple(y.shape)}; it differs from numpy's by {difference:.0e}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Does your own layer run there, too?
#
# The next cell takes your `im2col_nhwc` and `conv2d_nhwc` as they are, with one change: the name `np` in them now means another library, under the names of the standard.
#
# **Predict** before you run it: which of your calls will PyTorch not know? If something is missing, write it as in the table above, run your cells again, and come back.

# %% slideshow={"slide_type": "skip"} tags=["volatile"]
from types import FunctionType


def with_library(xp, *functions):
    """Return copies of functions in which `np` is `xp`, and which call each other's copies."""
    names = {**globals(), "np": xp}
    for function in functions:
        copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        names[function.__name__] = copy
    return [names[function.__name__] for function in functions]


rows = w.transpose(0, 2, 3, 1).reshape(4, -1)  # (F, KH * KW * C)
for name, array in libraries.items():
    try:
        _, layer = with_library(array_namespace(array(x)), im2col_nhwc, conv2d_nhwc)
        y = layer(array(x.transpose(0, 2, 3, 1)), array(rows), array(b), (3, 2), (2, 1), 1)
        right = layer_of_any_library(x, w, b, (2, 1), 1).transpose(0, 2, 3, 1)
        difference = np.abs(np.asarray(to_device(y, "cpu")) - right).max()
        print(f"{name}: your layer runs, and differs from numpy's by {difference:.0e}")
    except NotImplementedError:
        print(f"{name} waits for your conv2d_nhwc.")
    except Exception as error:
        print(f"{name}: your layer stops with {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>What to see</summary>
#
# Slices, `reshape`, `@`, `np.zeros` and `np.arange` run unchanged. What the table above has on its left stops: PyTorch has no `pad` under this name, the standard's `take` wants one row of places, and its `tensordot` wants a tuple of axes for each array. A method may mean something else there: `x.transpose` in PyTorch exchanges two axes.
#
# A difference near 1e-16 is rounding. One near 1e-7 comes of `np.zeros` without a `dtype`, which is float32 in PyTorch: give it `dtype=x.dtype`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read the timings (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences, with the numbers of your own plot:
#
# 1. A friend reads that "channels last is faster" and turns a whole network to NHWC. It makes its columns by slices, and its three layers see 112×112 pixels with 3 channels, 28×28 with 24, and 7×7 with 128. Say for each layer what you expect and why, with timings of yours where they support it. What would you expect with indices? *(1 point)*
# 2. The friend goes on: "My layer is twice as fast as PyTorch." It was timed once, on one small shape, forward only, in one thread, against PyTorch's first call. Name three things that you would change before you believe it, and say what each could hide. *(1 point)*

# %% [markdown] role="written" exercise="read_the_timings"
# ### BEGIN SOLUTION
# In the first layer a run is 112 numbers long in NCHW and 3 in NHWC, so turning it costs time, since most of each copy is then spent on starting runs. My early layer is like it, with 64 against 3: slices took 0.2 + 0.6 ms in NCHW and 0.5 + 1.4 ms in NHWC.
# In the second layer it is 28 against 24, and I expect no difference. In the third it is 7 against 128, and turning it should save a little. My late layer is like it, with 8 against 64: 0.16 + 0.3 ms in NCHW and 0.15 + 0.2 ms in NHWC.
# Indices look every number up by itself in both layouts, so I expect the same time in both.
#
# I would time several shapes, since on small ones PyTorch spends most of its time on getting started, which says nothing about large layers. I would call both a few times before timing and take the best of several runs, as the first call also prepares memory and chooses a method, and one run may have been disturbed. I would time forward and backward together, since the way back is two thirds of the work and where scattering is slow. I would also give both the same number of threads and the same precision, and check that the results agree.
#
# *Points.* 1: the three layers with the lengths of their runs, two pairs of timings, the indices. 1: three changes, each with what it could hide.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - compute any number's place in memory in both layouts, and build columns from flat indices alone,
# - write the layer with channels last, forward by `tensordot` and backward by gathering with the kernel turned,
# - say which tests can see a missing turn, and measure which layout suits which layer.
#
# You have looked at one layer from every side. In the next lesson you will ask what a stack of them can see.
#
# **Further reading**
#
# - Kumar Chellapilla, Sidd Puri and Patrice Simard, *High performance convolutional neural networks for document processing*, 2006: the layer as a matrix product.
# - Minsik Cho and Daniel Brand, *MEC: memory-efficient convolution for deep neural network*, 2017: columns that copy less.
# - Kazushige Goto and Robert van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008: why the plain product is so fast.
# - Ryosuke Okuta and others, *CuPy: a NumPy-compatible library for NVIDIA GPU calculations*, 2017: the same code on a graphics card.
