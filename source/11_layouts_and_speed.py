# %% [markdown] slideshow={"slide_type": "slide"}
# # Change the layout, measure the speed
#
# You will find every number of an image by its place in memory, build the layer once more with channels last, find a bug that many tests let through, and measure on your own machine what makes a layer fast.
#
# **You need** lessons 08 and 09 (columns, and the way back), lesson 06 (the backward pass), and `reshape` and `transpose` in numpy.
#
# **This lesson** has 3 exercises, one bug to find and one written answer, 17 points in all, and takes about 85 minutes.
# Naming the bug is worth a point, the other predictions carry none. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import os
from time import perf_counter

# One thread for every library, so that their times can be compared; to be said before numpy starts.
for library in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_THREADS"] = "1"

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import Layout

# %% [markdown]
# **Given, from lessons 03, 04 and 05.** You may call all of these in any answer.

# %% role="given" from="conv2d_loops.pair, geometry.output_shape, conv2d_loops.correlate2d, gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Memory is one long row
#
# An array has axes. Memory has none: it is one row of places, and the array's numbers stand in it one after the other. The **layout** says in which order.
#
# Take one image with $H$ rows, $W$ columns and $C$ channels; $i$, $j$ and $c$ count them.
#
# | layout | stands for | place of row $i$, column $j$, channel $c$ | next to it stands |
# |---|---|---|---|
# | **NCHW**, channels first | image, channel, row, column | $(c \cdot H + i) \cdot W + j$ | the next pixel of the row |
# | **NHWC**, channels last | image, row, column, channel | $(i \cdot W + j) \cdot C + c$ | the next channel of the pixel |
#
# The last axis runs fastest. The next image of a batch begins after $H \cdot W \cdot C$ places.
#
# The lessons so far used NCHW, as PyTorch does. TensorFlow's default is NHWC, and many processors prefer it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find a number by its place
#
# Take an image of 30 rows, 30 columns and 3 channels in NHWC. One row of pixels holds 30 · 3 = 90 numbers, one pixel holds 3.
#
# So the number in row $i$, column $j$, channel $c$ has the place $90\, i + 3\, j + c$. This is called its **flat index**.
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

# %%
Layout((4, 5, 2), (2, 3), selection=0)

# %% [markdown]
# **Ask the figure.** A patch of 2×3 pixels reads 12 numbers. Into how many runs of neighbouring places do they fall in NHWC, and into how many in NCHW?
#
# Processors fetch memory in runs. The longer the runs, the less is fetched for nothing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Transposing moves nothing
#
# numpy keeps, for each axis, how many places lie between one entry and the next: the array's **strides**. (They have the name in common with the stride of a window, no more.)
#
# `transpose` exchanges the strides and leaves the numbers where they are. `np.ascontiguousarray` writes them down anew, in the order of the axes.

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
# Each pixel has 3 channels, so the window reads 27 places: 0 to 8, 90 to 98 and 180 to 188. In NHWC they are three runs of nine; in NCHW they would be nine runs of three.
#
# The next window, one pixel to the right, reads the same pattern 3 places further on: 3 to 11, 93 to 101, 183 to 191. There are 28 windows side by side, and 28 rows of them: 784.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which way do the windows go?
#
# Lesson 08 met a comment that sends the windows round clockwise. It stands over this very list of places, in a widely read derivation whose code goes row by row.
#
# Window 0 begins at place 0, window 1 at place 3, window 27 at place 81.
#
# **Predict** the place at which window 28 begins, as the code has it.

# %% role="prediction" exercise="window_start"
window_start = None  # replace None by your number
### BEGIN SOLUTION
window_start = 1 * 90 + 0 * 3
### END SOLUTION

# %% role="tests" exercise="window_start"

# %% [markdown]
# Clockwise would mean turning the corner at the top right: window 28 would stand below window 27, at row 1, column 27, place 90 + 81 = 171.
#
# Row by row, it begins the next row. The order matters as soon as the columns are turned back into an image.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Split the flat index
#
# Let the image have shape `(H, W, C)`, the kernel $KH \times KW$ pixels, and the window strides $s_h, s_w$. As in lesson 08, the window of output $(oh, ow)$ meets, at row $u$ and column $v$ inside the kernel, the pixel in row $i = oh \cdot s_h + u$ and column $j = ow \cdot s_w + v$. The flat index of its channel $c$ is
#
# $$(i\, W + j)\, C + c \;=\; \underbrace{(oh \cdot s_h \cdot W + ow \cdot s_w)\, C}_{\text{where the window starts}} \;+\; \underbrace{(u W + v)\, C + c}_{\text{where it reads inside}}$$
#
# The first part depends on the window alone, the second on the place inside it alone. So a column of $KH \cdot KW \cdot C$ inner places, plus a row of $OH \cdot OW$ starts, gives the whole matrix of flat indices.
#
# For the example it is 27×784. It is the same for every image of the batch, and needs no values at all.

# %% [markdown] slideshow={"slide_type": "subslide"}
# `np.take(a, index, axis=1)` reads the places `index` from each row of `a`. With a batch laid flat, `(N, H·W·C)`, it gives all columns of all images, `(N, KH·KW·C, OH·OW)`.

# %%
flat = np.array([[10, 11, 12, 13], [20, 21, 22, 23]])  # two images of four numbers
index = np.array([[0, 1, 2], [1, 2, 3]])  # three windows of two places
print(np.take(flat, index, axis=1))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: columns by flat indices
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
    n, height, width, c = x.shape
    (kh, kw), (down, right) = pair(kernel_size), pair(stride)
    places = np.arange(height * width * c).reshape(height, width, c)
    inside = places[:kh, :kw].reshape(-1, 1)
    starts = places[: height - kh + 1 : down, : width - kw + 1 : right, 0].reshape(1, -1)
    return np.take(x.reshape(n, -1), inside + starts, axis=1)
    ### END SOLUTION


# %% role="tests" exercise="im2col_nhwc"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Lay the kernels the same way
#
# In this lesson the kernels `w` have shape `(F, KH·KW·C)`: one row for each filter, ordered as the rows of the columns, channel fastest. Biases `b` have shape `(F,)`.
#
# ### Find the mistake: two orders in one product
#
# A program lays its images out in NHWC and takes kernels that were trained in NCHW, `(F, C, KH, KW)`, with `w.reshape(F, -1)`. The product has the right shape, and no error is raised.
#
# Below, one window of 2×2 pixels with 2 channels holds 1 to 8, and the kernel holds place values. Which digits are at the wrong place?

# %%
window = np.arange(1, 9).reshape(2, 2, 2)  # (C, KH, KW)
kernel = (10 ** np.arange(8)).reshape(2, 2, 2)  # (C, KH, KW)
print("both channel first: ", window.ravel() @ kernel.ravel())
print("one of each:        ", window.transpose(1, 2, 0).ravel() @ kernel.ravel())
print("both channel last:  ", window.transpose(1, 2, 0).ravel() @ kernel.transpose(1, 2, 0).ravel())

# %% [markdown]
# 84736251 has the right digits at the wrong places: pixels have met the weights of other channels. The axes have to be transposed before they are flattened, on both sides alike.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Multiply with tensordot
#
# Here each image has columns of its own. With $q = oh \cdot OW + ow$ for the column of a window, and $r$ for a row of the columns, one of $R = KH \cdot KW \cdot C$, the layer is
#
# $$y_{n,oh,ow,f} = b_f + \sum_{r} \text{cols}_{n,r,q}\; w_{f,r}$$
#
# `np.tensordot(a, b, axes=(s, t))` sums over axis `s` of `a` and axis `t` of `b`. The result has the other axes of `a`, in their order, then those of `b`. It is one large matrix product inside.
#
# | call | shapes | result |
# |---|---|---|
# | `np.tensordot(cols, w, axes=(1, 1))` | (N, R, OH·OW) and (F, R) | (N, OH·OW, F) |
# | `np.tensordot(w, cols, axes=(1, 1))` | (F, R) and (N, R, OH·OW) | (F, N, OH·OW) |
#
# The first one stands in the order of NHWC already. The second one has to be transposed before it may be reshaped, or images and filters get mixed.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the forward pass
#
# Write `conv2d_nhwc(x, w, b, kernel_size, stride=1, padding=0)`: from images `x`, `(N, H, W, C)`, kernels `w`, `(F, KH·KW·C)`, and biases `b`, `(F,)`, make `y`, a new array of shape `(N, OH, OW, F)`.
#
# - The image 1…9 as `(1, 3, 3, 1)` with `w` `[[1, 2, 3, 4]]`, `b` `[0]` and `kernel_size` 2 gives 37, 47, 67, 77 as `(1, 2, 2, 1)`.
# - `x` comes unpadded: put zeros around rows and columns, `padding` on each side. `kernel_size`, `stride` and `padding` are an int or a pair.
# - Do not lose the bias. (The derivation from above has it in its formula and forgets it in its code.)
#
# You may call your `im2col_nhwc`. Functions of SciPy and PyTorch that convolve do not count in an answer's cell.

# %% role="answer" exercise="conv2d_nhwc"
def conv2d_nhwc(x, w, b, kernel_size, stride=1, padding=0):
    """Multiply the kernels with every patch, and add the bias.

    x: (N, H, W, C) images, w: (F, KH * KW * C) kernels, b: (F,) biases,
    kernel_size, stride, padding: int or pair; returns (N, OH, OW, F).
    """
    ### BEGIN SOLUTION
    top, left = pair(padding)
    padded = np.pad(x, ((0, 0), (top, top), (left, left), (0, 0)))
    cols = im2col_nhwc(padded, kernel_size, stride)
    y = np.tensordot(cols, w, axes=(1, 1)) + b
    return y.reshape(len(x), *output_shape(x.shape[1:3], kernel_size, stride, padding), len(w))
    ### END SOLUTION


# %% role="tests" exercise="conv2d_nhwc"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find the bug in a backward pass
#
# A friend has written the backward pass for stride 1 and no padding. `dy` has shape `(N, OH, OW, F)`, and `dx`, `dw` and `db` get the shapes of `x`, `w` and `b`.
#
# For `dx` the friend *gathers*: each pixel of `x` collects what the windows around it send. Zeros around `dy` stand for windows that are not there.

# %%
def friends_backward(dy, x, w, kernel_size):
    """Return (dx, dw, db) for stride 1 and no padding. Something is wrong in here."""
    (kh, kw), (n, height, width, c) = pair(kernel_size), x.shape
    kernels = w.reshape(len(w), kh, kw, c)
    around = np.pad(dy, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    dx, dw = np.zeros(x.shape), np.zeros(kernels.shape)
    for u in range(kh):
        for v in range(kw):
            dx += around[:, u : u + height, v : v + width] @ kernels[:, u, v]
            met = x[:, u : u + dy.shape[1], v : v + dy.shape[2]]
            dw[:, u, v] = np.tensordot(dy, met, axes=((0, 1, 2), (0, 1, 2)))
    return dx, dw.reshape(w.shape), dy.sum(axis=(0, 1, 2))


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Question it with the oracle
#
# The first two lines below ask with one image, one channel and one filter, so that the layer is `correlate2d` and lesson 03's oracle can be asked. The kernel of the first line is random; in that of the second line, every entry equals the one opposite.
#
# The last line sends place values through the image 1…9 and the kernel `[[1, 2], [3, 4]]`, as in lesson 06. Do you remember what its centre should read?

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(11)
x, dy, random_w = rng.normal(size=(5, 6)), rng.normal(size=(3, 5)), rng.normal(size=(3, 2))
kernels = {"random kernel": random_w, "symmetric kernel": random_w + random_w[::-1, ::-1]}
for name, w in kernels.items():
    dx, dw, db = friends_backward(dy[None, ..., None], x[None, ..., None], w.reshape(1, -1), (3, 2))
    right_dx = numerical_gradient(lambda x: correlate2d(x, w), x, dy)
    right_dw = numerical_gradient(lambda w: correlate2d(x, w), w, dy)
    errors = relative_error(dx[0, ..., 0], right_dx), relative_error(dw.reshape(3, 2), right_dw)
    errors += (abs(db[0] - dy.sum()),)
    print(f"{name:17} errors of dx {errors[0]:.2f}, dw {errors[1]:.2f}, db {errors[2]:.2f}")

nine = np.arange(1, 10).reshape(1, 3, 3, 1)
values = np.array([1, 10, 100, 1000]).reshape(1, 2, 2, 1)
dx, _, _ = friends_backward(values, nine, np.array([[1, 2, 3, 4]]), 2)
print("place values, dx:")
print(dx[0, ..., 0].astype(int))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Name it
#
# | word | what would be wrong |
# |---|---|
# | `batch` | images get mixed |
# | `bias` | the bias's gradient is summed over the wrong axes |
# | `kernel` | the kernel meets `dy` the wrong way round |
# | `overlap` | where windows overlap, a sum is lost |
# | `padding` | there are too few or too many zeros around `dy` |
# | `stride` | the windows over `dy` move by the wrong step |
#
# Set `bug_in_backward` to one of these words, in quotes. *(1 point)*

# %% role="prediction" exercise="bug_in_backward"
bug_in_backward = None  # replace None by a word from the table, in quotes
### BEGIN SOLUTION
bug_in_backward = "kernel"
### END SOLUTION

# %% role="tests" exercise="bug_in_backward"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The gradients of kernels and biases
#
# Now write the backward pass yourself, the easy gradients first. A weight $w_{f,r}$ met entry $r$ of every column $q$, and each time it counts as much as the `dy` of that window:
#
# $$dw_{f,r} = \sum_n \sum_q dy_{n,q,f}\; \text{cols}_{n,r,q} \qquad\qquad db_f = \sum_n \sum_q dy_{n,q,f}$$
#
# with `dy` reshaped to `(N, OH·OW, F)`. `np.tensordot` takes several axes at a time: `axes=((0, 1), (0, 2))` sums over axes 0 and 1 of the first and over axes 0 and 2 of the second.
#
# ### Find the mistake: columns of the wrong image
#
# The widely read derivation pads `x`, calls the result `x_padded`, and then takes the columns of `x`. How many windows does each have, for 6×8 pixels, a kernel of 3×3 and padding 1?

# %%
oh, ow = output_shape((6, 8), 3, padding=1)
print("entries of dy, windows of the padded image:", oh * ow)
oh, ow = output_shape((6, 8), 3)
print("windows of the image as it came:           ", oh * ow)

# %% [markdown]
# 48 entries of `dy` do not pair up with 24 windows. The weights met the zeros of the rim as well, and their windows count.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the gathering
#
# For stride 1 and no padding, the window of output $(oh, ow) = (i - u,\, j - v)$ meets the pixel $(i, j)$ with the kernel's entry $(u, v)$. So, with `dy` read as 0 outside its entries,
#
# $$dx_{n,i,j,c} = \sum_{f} \sum_{u,v}\; dy_{n,\,i-u,\,j-v,\,f}\;\; w_{f,(u,v,c)}$$
#
# Let $D$ be `dy` with $KH-1$ rows of zeros above and below and $KW-1$ columns of zeros left and right, of shape $(N,\; OH + 2(KH-1),\; OW + 2(KW-1),\; F)$, so $dy_{n,oh,ow,f} = D_{n,\,oh+KH-1,\,ow+KW-1,\,f}$. Count the kernel from its other end, $u = KH-1-u'$ and $v = KW-1-v'$:
#
# $$dx_{n,i,j,c} = \sum_{f} \sum_{u',v'}\; D_{n,\,i+u',\,j+v',\,f}\;\; w_{f,(KH-1-u',\,KW-1-v',\,c)}$$
#
# At $D$ the indices rise with $u'$ and $v'$, as in a forward pass; at $w$ they fall. **Gathering is a forward pass over $D$. Its kernels are those of the layer, with rows and columns counted from the other end, and with filters and channels exchanged.**

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add stride and padding
#
# **Padding.** Everything above holds for the padded image. Compute its gradient, then cut off the rim: zeros need no gradient.
#
# **Stride.** Windows start $s_h$ rows and $s_w$ columns apart, so the entries of `dy` have to stand that far apart in $D$, with zeros between them. The window over $D$ moves by 1.
#
# **Remainder.** $D$ has as many rows as the padded image and $KH - 1$ more, whatever the stride. Rows that no window reached gather zeros, and get gradient 0.
#
# For example, with 7×8 pixels, a kernel of 3×2, stride 2 and padding 1:
#
# | array | rows | columns |
# |---|---|---|
# | padded image | 7 + 2 = 9 | 8 + 2 = 10 |
# | `dy` | (9 − 3) // 2 + 1 = 4 | (10 − 2) // 2 + 1 = 5 |
# | $D$ | 9 + 3 − 1 = 11 | 10 + 2 − 1 = 11 |
# | where `dy` stands in $D$ | 2, 4, 6, 8 | 1, 3, 5, 7, 9 |

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the backward pass
#
# Write `conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0)`: from `dy`, `(N, OH, OW, F)`, images `x`, `(N, H, W, C)`, as they came, and kernels `w`, `(F, KH·KW·C)`, make `(dx, dw, db)`, in this order, of the shapes of `x`, of `w` and `(F,)`.
#
# - For the image 1…9 with `w` `[[1, 2, 3, 4]]` and `dy` 1, 10, 100, 1000, as in exercise 2, the centre of `dx` is 1234, `dw` is `[[5421, 6532, 8754, 9865]]` and `db` is `[1111]`.
# - `kernel_size`, `stride` and `padding` are an int or a pair. Pixels that no window reaches get gradient 0. Nothing is divided by the number of images.
#
# You may call your `im2col_nhwc`, on the padded `x` for `dw` and on $D$ for `dx`. Scattering with `+=` is right as well. A call of `friends_backward` is no answer, and neither is one of `numerical_gradient`; functions of SciPy and PyTorch that convolve do not count either.

# %% role="answer" exercise="conv2d_backward_nhwc"
def conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0):
    """Send dy back to the images, the kernels and the biases.

    dy: (N, OH, OW, F) upstream gradient, x: (N, H, W, C) images, w: (F, KH * KW * C) kernels,
    kernel_size, stride, padding: int or pair; returns (dx, dw, db), of the shapes of x, w and (F,).
    """
    ### BEGIN SOLUTION
    (n, height, width, c), f = x.shape, len(w)
    (kh, kw), (down, right), (top, left) = pair(kernel_size), pair(stride), pair(padding)
    padded = np.pad(x, ((0, 0), (top, top), (left, left), (0, 0)))
    cols = im2col_nhwc(padded, kernel_size, stride)
    dw = np.tensordot(dy.reshape(n, -1, f), cols, axes=((0, 1), (0, 2)))

    spread = np.zeros((n, padded.shape[1] + kh - 1, padded.shape[2] + kw - 1, f), dy.dtype)
    spread[:, kh - 1 : padded.shape[1] : down, kw - 1 : padded.shape[2] : right] = dy
    turned = w.reshape(f, kh, kw, c)[:, ::-1, ::-1].transpose(3, 1, 2, 0).reshape(c, -1)
    dx = np.tensordot(im2col_nhwc(spread, kernel_size), turned, axes=(1, 1)).reshape(padded.shape)
    return dx[:, top : top + height, left : left + width], dw, dy.sum((0, 1, 2))
    ### END SOLUTION


# %% role="tests" exercise="conv2d_backward_nhwc"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See why so many tests let it through
#
# Now compare the friend's line for `dx` with the formula. Filters and channels are exchanged, but the kernel is not turned by 180°. It is the mistake of the widely read derivation, too: its formula has $dy$ at $i - u$, as it should be, and its code multiplies by the kernel as it is.
#
# If every entry of the kernel equals the one opposite, as in a blur or in a kernel of ones, then turning changes nothing: $w_{f,(KH-1-u',\,KW-1-v',\,c)} = w_{f,(u',v',c)}$. No test with such a kernel, however large, can see the mistake. `dw` and `db` cannot see it either: the kernel does not occur in them.
#
# So test with kernels without symmetry, and look at all three gradients.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Measure it
#
# Now one layer is computed in several ways, forward and backward: 2 images of 16×16 pixels, 16 channels, 32 filters of 3×3, stride 1, padding 1, in float32.
#
# Every way makes the same multiplications, 2 · 256 · 32 · 144 = 2 359 296 for `y` and as many for `dw` and for `dx`. What differs is how the numbers get there.
#
# - **loops**: one window and one filter at a time, as in lessons 04 and 06;
# - **index arrays**: columns by fancy indices, the way back by `np.add.at`, as in lessons 08 and 09;
# - **offsets**: one slice of all images for each of the nine places in the kernel, written to the columns, and added back in the same nine slices;
# - **your layer**: NHWC, flat indices, `tensordot`.
#
# The yardstick is **the plain product**: three matrix products of these sizes, with the columns there already. A layer that is built on products can hardly be faster than that.

# %% slideshow={"slide_type": "skip"}
N, C, H, W, F = 2, 16, 16, 16, 32  # kernels 3 by 3, stride 1, padding 1
rng = np.random.default_rng(0)
shapes = (N, C, H, W), (F, C, 3, 3), (N, F, H, W)
images, kernels, upstream = (rng.normal(size=shape).astype(np.float32) for shape in shapes)


def with_rim(x):
    return np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))


def by_loops(x, w, dy):
    padded, y, dw = with_rim(x), np.zeros_like(dy), np.zeros_like(w)
    dx = np.zeros_like(padded)
    for n, f, oh, ow in np.ndindex(dy.shape):
        window = np.s_[n, :, oh : oh + 3, ow : ow + 3]
        y[n, f, oh, ow] = np.sum(padded[window] * w[f])
        dw[f] += dy[n, f, oh, ow] * padded[window]
        dx[window] += dy[n, f, oh, ow] * w[f]
    return y, dw, dx[:, :, 1:-1, 1:-1]


def by_index_arrays(x, w, dy):
    k, u, v = (axis.reshape(-1, 1) for axis in np.indices((C, 3, 3)))
    oh, ow = (axis.reshape(1, -1) for axis in np.indices((H, W)))
    i, j = oh + u, ow + v
    padded, flat_w = with_rim(x), w.reshape(F, -1)
    cols = padded[:, k, i, j].transpose(1, 2, 0).reshape(C * 9, -1)  # (C*9, H*W*N)
    flat_dy = dy.transpose(1, 2, 3, 0).reshape(F, -1)
    y = (flat_w @ cols).reshape(F, H, W, N).transpose(3, 0, 1, 2)
    dcols = (flat_w.T @ flat_dy).reshape(C * 9, H * W, N).transpose(2, 0, 1)
    dx = np.zeros_like(padded)
    np.add.at(dx, (slice(None), k, i, j), dcols)
    return y, (flat_dy @ cols.T).reshape(w.shape), dx[:, :, 1:-1, 1:-1]


def by_offsets(x, w, dy):
    padded, cols = with_rim(x), np.empty((N, C, 3, 3, H, W), x.dtype)
    for u, v in np.ndindex(3, 3):
        cols[:, :, u, v] = padded[:, :, u : u + H, v : v + W]
    cols, flat_w, flat_dy = cols.reshape(N, C * 9, -1), w.reshape(F, -1), dy.reshape(N, F, -1)
    y = (flat_w @ cols).reshape(dy.shape)
    dw = (flat_dy @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dcols, dx = (flat_w.T @ flat_dy).reshape(N, C, 3, 3, H, W), np.zeros_like(padded)
    for u, v in np.ndindex(3, 3):
        dx[:, :, u : u + H, v : v + W] += dcols[:, :, u, v]
    return y, dw, dx[:, :, 1:-1, 1:-1]


# %% slideshow={"slide_type": "skip"} tags=["volatile"]
def to_nhwc(x):
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1))


last_images, last_upstream = to_nhwc(images), to_nhwc(upstream)
last_kernels, no_bias = to_nhwc(kernels).reshape(F, -1), np.zeros(F, np.float32)
sizes = (F, C * 9), (C * 9, N * H * W), (F, N * H * W)
products = [np.ones(size, np.float32) for size in sizes]


def your_layer(x, w, dy):
    y = conv2d_nhwc(last_images, last_kernels, no_bias, 3, 1, 1)
    dx, dw, _ = conv2d_backward_nhwc(last_upstream, last_images, last_kernels, 3, 1, 1)
    return (array.transpose(0, 3, 1, 2) for array in (y, dw.reshape(F, 3, 3, C), dx))


def plain_product(x, w, dy):
    flat_w, cols, flat_dy = products
    return flat_w @ cols, flat_dy @ cols.T, flat_w.T @ flat_dy


def in_pytorch(x, w, dy):
    x, w = (torch.from_numpy(array).requires_grad_() for array in (x, w))
    y = torch.nn.functional.conv2d(x, w, padding=1)
    y.backward(torch.from_numpy(dy))
    return y.detach().numpy(), w.grad.numpy(), x.grad.numpy()


ways = {"offsets": by_offsets, "index arrays": by_index_arrays, "your layer": your_layer}
try:
    import torch

    ways["PyTorch"] = in_pytorch
except ImportError:
    print("PyTorch is not installed, and its bar is left out. Nothing else needs it.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check first, then time
#
# A fast wrong answer is worth nothing, so each way is compared with the loops before it is timed. The loops run once, and so does what takes longer than a quarter of a second; all others run in turns, twenty times, each in one thread, and the shortest time counts: whatever else your machine is doing only ever adds to it.
#
# **Predict** before you run the cell: by which factor do the loops miss the plain product, 10, 100 or 1000? And which is faster, nine slices or one array of indices?

# %% tags=["volatile"]
start = perf_counter()
right = by_loops(images, kernels, upstream)
times = {"loops": perf_counter() - start, "plain product": np.inf}  # seconds
for name, way in ways.items():
    try:
        found = zip(way(images, kernels, upstream), right)
        if all(a.shape == b.shape and relative_error(a, b) < 1e-4 for a, b in found):
            times[name] = np.inf
        else:
            print(f"{name}: does not agree with the loops, and is left out.")
    except Exception as error:
        print(f"{name}: waits for its checks to pass ({type(error).__name__}).")

# %% slideshow={"slide_type": "subslide"} tags=["volatile"]
for turn in range(20):
    for name, way in {"plain product": plain_product, **ways}.items():
        if name in times and (turn == 0 or times[name] < 0.25):  # a slow one is timed once
            start = perf_counter()
            way(images, kernels, upstream)
            times[name] = min(times[name], perf_counter() - start)

shown = sorted(times, key=times.get)
ratios = [times[name] / times["plain product"] for name in shown]
figure, axes = plt.subplots(figsize=(8, 3.2))
bars = axes.barh(shown, ratios, color=COLOURS["negative"], log=True)
axes.bar_label(bars, [f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}" for ratio in ratios], padding=4)
axes.axvline(1, color=COLOURS["neutral"], linestyle=":")
axes.invert_yaxis()
axes.margins(x=0.15)
axes.set(
    title="The same layer, forward and backward, on this machine",
    xlabel=f"time, in plain products (one took {1000 * times['plain product']:.2f} ms)",
)
described = ", ".join(f"{name} {ratio:.2g}" for name, ratio in zip(shown, ratios))
show(figure, alt=f"Bars on a logarithmic axis, times in plain products: {described}.")

# %% [markdown] slideshow={"slide_type": "slide"}
# **Read it off.** The loops ask Python for 16 384 pairs of a window and a filter, one by one, and most of their time is spent between the multiplications. It is no rare thing to see a factor of a thousand and more.
#
# Index arrays and flat indices look up the place of every single number. Nine slices move the same numbers in long runs, and add them back in long runs. That is often the whole difference between the ways that are built on products.
#
# PyTorch usually writes no columns for a layer like this, and picks a routine made for your processor. But each of its calls costs a fixed sum, which weighs on a small layer and vanishes on a large one.
#
# **Ask further.** Run the cell again: by how much do the bars move? Then set `N, C, H, W, F` to `4, 32, 16, 16, 64` and run the cells from there on again: who comes closer to the product on a larger layer, and why?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read the timings
#
# **Written answer (2 points, read by a person).** In four to eight sentences, with the numbers of your own plot:
#
# 1. All bars stand for the same multiplications, and the ways with columns copy every pixel nine times on top of that. Why are they faster than the loops all the same? What do the slices spare, compared with the index arrays? *(1 point: a reason for each of the two, with your ratios)*
# 2. A friend writes: "My layer is twice as fast as PyTorch." It was timed once, on one small shape, forward only, in one thread, against PyTorch's first call. Name three things that you would change before you believe it, and say what each could hide. *(1 point: three changes, each with its reason)*

# %% [markdown] role="written" exercise="read_the_timings"
# ### BEGIN SOLUTION
# On my machine the loops take about 3500 plain products and the offsets about 2. The loops start a handful of numpy calls for each of the 16 384 pairs of a window and a filter, and each call costs about a microsecond before it multiplies its 144 numbers; with columns there are three large products, which run in compiled code that uses the processor's vector units and caches. Copying each pixel nine times is cheap beside that.
# The index arrays, at about 10, compute and look up one address for every number, on the way there and on the way back. A slice is described by a start and a step for each axis, so whole rows are copied and added in runs.
#
# I would time several shapes, since on small ones PyTorch spends most of its time on getting started, which says nothing about large layers. I would call both a few times before timing and take the best of several runs, as the first call also prepares memory and chooses a method, and one run may have been disturbed. I would time forward and backward together, since the way back is two thirds of the work and where scattering is slow. I would also give both the same number of threads and the same precision, and check that the results agree.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - compute any number's place in memory in both layouts, and build columns from flat indices alone,
# - write the layer with channels last, forward by `tensordot` and backward by gathering with the kernel turned,
# - say which tests can see a missing turn, and measure a layer against the product that limits it.
#
# You have looked at one layer from every side. In the next lesson you will ask what a stack of them can see.
#
# **Further reading**
#
# - Kumar Chellapilla, Sidd Puri and Patrice Simard, *High performance convolutional neural networks for document processing*, 2006: the layer as a matrix product.
# - Minsik Cho and Daniel Brand, *MEC: memory-efficient convolution for deep neural network*, 2017: columns that copy less.
# - Kazushige Goto and Robert van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008: why the plain product is so fast.
# - Ryosuke Okuta and others, *CuPy: a NumPy-compatible library for NVIDIA GPU calculations*, 2017: the same code on a graphics card, which this course leaves out.
